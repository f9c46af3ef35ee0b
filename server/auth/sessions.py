"""Opens, checks and ends the sessions of devices; a revoked one is refused on its next request."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from server.auth.models import DeviceSession, User
from server.errors import DomainError
from server.settings import Settings
from server.shared.actor import Actor
from server.shared.ids import new_id

# A request writes only when the last write is older, so that reading stays cheap.
SEEN_EVERY = timedelta(minutes=1)
# Ends that a device must be told apart from a plain expiry: it wipes its mirror then.
REVOCATIONS = {"revoked", "disabled"}


class Opened(NamedTuple):
    """What is asked of a session and its person at each request."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    person_id: str
    role: str
    is_active: bool
    locale: str


# Built once: making a statement takes longer than running it.
OF_TOKEN = (
    select(
        *(getattr(DeviceSession, name) for name in ("id", "created_at", "last_seen_at", "ended_at", "end_reason")),
        *(getattr(User, name) for name in ("id", "role", "is_active", "locale")),
    )
    .join(User, User.id == DeviceSession.user_id)
    .where(DeviceSession.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True)
class Device:
    """What a browser says about itself at sign-in."""

    device_id: str
    name: str


def open_session(session: Session, user: User, device: Device, now: datetime) -> tuple[DeviceSession, str]:
    """A new session with a new token; the device's earlier ones of this person end."""
    same_device = (DeviceSession.user_id == user.id, DeviceSession.device_id == device.device_id)
    end_sessions(session, now, "replaced", *same_device)
    token = secrets.token_urlsafe(32)
    opened = DeviceSession(
        id=new_id(),
        user_id=user.id,
        device_id=device.device_id,
        device_name=device.name,
        token_hash=hash_token(token),
        created_at=now,
        last_seen_at=now,
    )
    session.add(opened)
    return opened, token


def find_session(connection: Connection, token: str | None, settings: Settings, now: datetime) -> Opened:
    """The open session of a token and its person; raises session_required or device_revoked."""
    found = connection.execute(OF_TOKEN, {"token_hash": hash_token(token or "")}).one_or_none()
    if found is None:
        raise DomainError("session_required", 401)
    opened = Opened(*found)
    if opened.end_reason in REVOCATIONS or not opened.is_active:
        raise DomainError("device_revoked", 401)
    if opened.ended_at is not None or has_expired(opened, settings, now):
        raise DomainError("session_required", 401)
    return opened


def installation_of(session: Session, actor: Actor) -> str:
    """The browser behind a signed-in actor, as it named itself."""
    return session.get_one(DeviceSession, actor.device_session_id).device_id


def is_barred(session: Session, person_id: str, device_id: str) -> bool:
    """Whether somebody ended this person's access on this device, or altogether, and it was not given anew."""
    user = session.get(User, person_id)
    if user is None or not user.is_active:
        return user is not None
    same = (DeviceSession.user_id == person_id, DeviceSession.device_id == device_id)
    last = (
        select(DeviceSession.end_reason).where(*same).order_by(DeviceSession.created_at.desc(), DeviceSession.id.desc())
    )
    return session.scalar(last.limit(1)) in REVOCATIONS


def has_expired(opened: Opened, settings: Settings, now: datetime) -> bool:
    """Whether the idle or the absolute lifetime is over."""
    idle = timedelta(days=settings.session_idle_days)
    absolute = timedelta(days=settings.session_absolute_days)
    return now >= opened.last_seen_at + idle or now >= opened.created_at + absolute


def needs_touch(opened: Opened, now: datetime) -> bool:
    """Whether the last recorded use is old enough to write a newer one."""
    return now - opened.last_seen_at >= SEEN_EVERY


def end_sessions(session: Session, now: datetime, reason: str, *which: object) -> None:
    """End the open sessions that the conditions name."""
    session.execute(
        update(DeviceSession)
        .where(DeviceSession.ended_at.is_(None), *which)  # pyright: ignore[reportArgumentType]
        .values(ended_at=now, end_reason=reason)
    )


def hash_token(token: str) -> str:
    """What is stored of a token: it has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
