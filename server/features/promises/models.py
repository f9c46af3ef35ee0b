"""The typed table of promises, for queries; the rows that travel are the truth."""

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Promise(Base):
    """One thing that a customer was told would be done."""

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_customer_id", "customer_id"),
        Index("ix_promises_owner_id_due_on", "owner_id", "due_on"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    what: Mapped[str | None]
    contact_id: Mapped[Id | None]
    interaction_id: Mapped[Id | None]
    promised_at: Mapped[int | None] = mapped_column(BigInteger)
    owner_id: Mapped[Id | None]
    due_on: Mapped[str | None]
    due_time: Mapped[str | None]
    state: Mapped[str | None]
    closed_at: Mapped[int | None] = mapped_column(BigInteger)
    closing_note: Mapped[str | None]
    kept_interaction_id: Mapped[Id | None]
    person_id: Mapped[Id | None]
    created_at: Mapped[int | None] = mapped_column(BigInteger)
