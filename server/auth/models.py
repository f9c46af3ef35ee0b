"""The tables of sign-in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id, Instant


class User(Base):
    """A login; its id is the person's id everywhere else."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('rep', 'manager', 'admin')", name="role"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    """Folded by `services.fold_login`, so that case never locks anybody out."""
    password_hash: Mapped[str] = mapped_column(String(200))
    is_password_temporary: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool] = mapped_column(Boolean)
    locale: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant)


class DeviceSession(Base):
    """One signed-in device; the cookie holds the token, we hold only its hash."""

    __tablename__ = "device_sessions"
    __table_args__ = (Index("ix_device_sessions_user_id", "user_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[Id]
    device_name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    """signed_out, replaced, password_changed, revoked or disabled; null while open."""


class AuditEvent(Base):
    """What somebody entitled did, never changed afterwards: triggers refuse it."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[Id | None]
    """Null when nobody could be told, as in a failed sign-in."""
    action: Mapped[str] = mapped_column(String(50))
    subject_id: Mapped[Id | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Plain facts such as the device's name; never a password, token or payload."""
