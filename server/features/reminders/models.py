"""Typed table of notices, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Notice(Base):
    """One entry of somebody's inbox."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_person_id", "person_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id | None]
    kind: Mapped[str | None]
    row_pk: Mapped[Id | None]
    about_customer_id: Mapped[Id | None]
    due_on: Mapped[str | None]
    due_time: Mapped[str | None]
    counts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[int | None] = mapped_column(BigInteger)
    seen_at: Mapped[int | None] = mapped_column(BigInteger)
