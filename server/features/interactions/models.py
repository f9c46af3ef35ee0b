"""The typed table of interactions, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Interaction(Base):
    """One contact that happened."""

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_customer_id_started_at", "customer_id", "started_at"),
        Index("ix_interactions_person_id_started_at", "person_id", "started_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    channel: Mapped[str | None]
    direction: Mapped[str | None]
    started_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    checkin_at: Mapped[int | None] = mapped_column(BigInteger)
    checkin_lat_e7: Mapped[int | None]
    checkin_lon_e7: Mapped[int | None]
    checkin_accuracy_m: Mapped[int | None]
    checkin_distance_m: Mapped[int | None]
    checkout_at: Mapped[int | None] = mapped_column(BigInteger)
    contact_ids: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    purpose: Mapped[str | None]
    outcome: Mapped[str | None]
    notes: Mapped[str | None]
    next_step: Mapped[str | None]
    touch_id: Mapped[Id | None]
    voided: Mapped[bool | None]
    person_id: Mapped[Id | None]
    person_name: Mapped[str | None]
    created_at: Mapped[int | None] = mapped_column(BigInteger)
