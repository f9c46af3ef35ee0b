"""Typed tables of occasions and anniversaries, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Occasion(Base):
    """What the company decided about one kind of occasion, a festival, or a day of its own."""

    __tablename__ = "occasions"

    id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[str | None]
    kind: Mapped[str | None]
    name: Mapped[str | None]
    calendar: Mapped[str | None]
    month: Mapped[int | None]
    day: Mapped[int | None]
    shift_days: Mapped[int | None]
    lead_days: Mapped[int | None]
    channel: Mapped[str | None]
    tiers: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    tags: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    is_active: Mapped[bool | None]


class Anniversary(Base):
    """A day that comes every year of a customer, or of one of its people."""

    __tablename__ = "anniversaries"
    __table_args__ = (Index("ix_anniversaries_customer_id", "customer_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    contact_id: Mapped[Id | None]
    label: Mapped[str | None]
    calendar: Mapped[str | None]
    month: Mapped[int | None]
    day: Mapped[int | None]
    year: Mapped[int | None]
