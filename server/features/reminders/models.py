"""The typed table of notices, whose rows travel, and where devices asked to be sent pushes."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
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


class PushSubscription(Base):
    """Where one signed-in device is reached, and how that went last; it says nothing once its session has ended."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (Index("ix_push_subscriptions_person_id", "person_id"),)

    session_id: Mapped[Id] = mapped_column(ForeignKey("device_sessions.id"), primary_key=True)
    person_id: Mapped[Id]
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)
    """Of one device only: whoever subscribes there next takes it over."""
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(50))
    public_key: Mapped[str] = mapped_column(String(100))
    """The server's key that it was made with; another one cannot send to it."""
    created_at: Mapped[int] = mapped_column(BigInteger)
    succeeded_at: Mapped[int | None] = mapped_column(BigInteger)
    failed_at: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(String(40))
