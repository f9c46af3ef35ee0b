"""Typed tables of touches and cadences, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Touch(Base):
    """One planned contact."""

    __tablename__ = "touches"
    __table_args__ = (
        Index("ix_touches_customer_id", "customer_id"),
        Index("ix_touches_assignee_id_due_to_on", "assignee_id", "due_to_on"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    assignee_id: Mapped[Id | None]
    contact_id: Mapped[Id | None]
    channel: Mapped[str | None]
    state: Mapped[str | None]
    done_interaction_id: Mapped[Id | None]
    snoozed_until_on: Mapped[str | None]
    why: Mapped[str | None]
    due_from_on: Mapped[str | None]
    due_to_on: Mapped[str | None]
    due_time: Mapped[str | None]
    cadence_id: Mapped[Id | None]
    person_id: Mapped[Id | None]
    created_at: Mapped[int | None] = mapped_column(BigInteger)


class Cadence(Base):
    """How often a kind of customer is touched, on one channel."""

    __tablename__ = "cadences"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    tier: Mapped[str | None]
    stage: Mapped[str | None]
    industry: Mapped[str | None]
    tags: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    paused_until_on: Mapped[str | None]
    every_days: Mapped[int | None]
    channel: Mapped[str | None]
    lead_days: Mapped[int | None]
