"""What can be done with logins and devices; every service takes the actor, the session and the time."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.audit import record
from server.auth.models import DeviceSession, User
from server.auth.passwords import hash_password, is_right, temporary_password
from server.auth.sessions import Device, end_sessions, open_session
from server.errors import DomainError
from server.shared.actor import Actor, Role
from server.shared.db import writing
from server.shared.ids import new_id


@dataclass(frozen=True)
class SignedIn:
    """A fresh session; the token goes into the cookie and nowhere else."""

    user: User
    device: DeviceSession
    token: str


def fold_login(login: str) -> str:
    """One spelling for each login: full-width signs, case and spaces around do not matter."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def sign_in(session: Session, login: str, password: str, device: Device, now: datetime) -> SignedIn | None:
    """A new session, or None for an unknown login, a wrong password or a disabled person alike.

    Commits by itself: the slow hash must not run while the transaction holds the write lock.
    """
    user = session.scalar(select(User).where(User.login == fold_login(login)))
    fits = is_right(user.password_hash if user else None, password)
    session.rollback()
    with writing(session):
        user = session.get(User, user.id, populate_existing=True) if user else None
        if user is None or not fits or not user.is_active:
            record(session, now, "sign_in_failed", actor_id=None, subject_id=user.id if user else None)
            return None
        opened, token = open_session(session, user, device, now)
        record(session, now, "signed_in", actor_id=user.id, subject_id=opened.id, device=device.name)
    return SignedIn(user, opened, token)


def sign_out(session: Session, actor: Actor, now: datetime) -> None:
    """End the actor's own session on this device."""
    end_sessions(session, now, "signed_out", DeviceSession.id == actor.device_session_id)
    record(session, now, "signed_out", actor_id=actor.person_id, subject_id=actor.device_session_id)


def list_devices(session: Session, actor: Actor, person_id: str) -> list[DeviceSession]:
    """The open sessions of a person, the last used first; another's only for an admin."""
    if person_id != actor.person_id and not actor.is_admin:
        raise DomainError("not_found", 404)
    rows = select(DeviceSession).where(DeviceSession.user_id == person_id, DeviceSession.ended_at.is_(None))
    return list(session.scalars(rows.order_by(DeviceSession.last_seen_at.desc())))


def revoke_device(session: Session, actor: Actor, session_id: str, now: datetime) -> None:
    """End a session at once; someone else's is missing unless the actor is an admin."""
    found = session.get(DeviceSession, session_id)
    if found is None or (found.user_id != actor.person_id and not actor.is_admin):
        raise DomainError("not_found", 404)
    end_sessions(session, now, "revoked", DeviceSession.id == session_id)
    record(session, now, "device_revoked", actor_id=actor.person_id, subject_id=session_id)


def create_user(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    login: str,
    name: str,
    role: Role,
    password: str,
    id: str | None = None,
    locale: str = "zh-Hant",
    is_password_temporary: bool = False,
) -> User:
    """A new login; raises forbidden, login_taken or weak_password."""
    must_be_admin(actor)
    folded = fold_login(login)
    if session.scalar(select(User.id).where(User.login == folded)):
        raise DomainError("login_taken", 409, {"login": folded})
    fields: dict[str, Any] = {"name": name, "locale": locale}
    user = User(
        id=id or new_id(),
        login=folded,
        password_hash=hash_password(password),
        is_password_temporary=is_password_temporary,
        role=role.value,
        is_active=True,
        created_at=now,
        **fields,
    )
    session.add(user)
    session.flush()
    record(session, now, "user_created", actor_id=actor.person_id, subject_id=user.id, role=role)
    return user


def invite(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    login: str,
    name: str,
    role: Role,
    **fields: Any,
) -> tuple[User, str]:
    """A new login with a temporary password, which is shown once and asks to be changed."""
    password = temporary_password()
    user = create_user(
        session,
        actor,
        now,
        login=login,
        name=name,
        role=role,
        password=password,
        is_password_temporary=True,
        **fields,
    )
    return user, password


def reset_password(session: Session, actor: Actor, login: str, now: datetime) -> str:
    """A new temporary password for somebody who forgot theirs; their sessions end."""
    must_be_admin(actor)
    user = find_user(session, login)
    password = temporary_password()
    set_password(session, actor, user, password, now, is_temporary=True)
    return password


def change_password(session: Session, actor: Actor, current: str, new: str, now: datetime) -> None:
    """Replace one's own password; other devices must sign in again."""
    user = session.get_one(User, actor.person_id)
    if not is_right(user.password_hash, current):
        raise DomainError("sign_in_failed", 403)
    set_password(session, actor, user, new, now, is_temporary=False)


def set_password(
    session: Session, actor: Actor, user: User, password: str, now: datetime, *, is_temporary: bool
) -> None:
    """Store a password and end every session but the actor's own."""
    user.password_hash = hash_password(password)
    user.is_password_temporary = is_temporary
    others = (DeviceSession.user_id == user.id, DeviceSession.id != (actor.device_session_id or ""))
    end_sessions(session, now, "password_changed", *others)
    record(session, now, "password_changed", actor_id=actor.person_id, subject_id=user.id)


def disable_user(session: Session, actor: Actor, login: str, now: datetime) -> User:
    """Bar a person; all of their sessions end at once."""
    must_be_admin(actor)
    user = find_user(session, login)
    user.is_active = False
    end_sessions(session, now, "disabled", DeviceSession.user_id == user.id)
    record(session, now, "user_disabled", actor_id=actor.person_id, subject_id=user.id)
    return user


def enable_user(session: Session, actor: Actor, login: str, now: datetime) -> User:
    """Let a disabled person sign in again."""
    must_be_admin(actor)
    user = find_user(session, login)
    user.is_active = True
    record(session, now, "user_enabled", actor_id=actor.person_id, subject_id=user.id)
    return user


def find_user(session: Session, login: str) -> User:
    """The person of a login; raises not_found."""
    user = session.scalar(select(User).where(User.login == fold_login(login)))
    if user is None:
        raise DomainError("not_found", 404)
    return user


def find_id(session: Session, login: str) -> str | None:
    """The id behind a login, if there is one."""
    return session.scalar(select(User.id).where(User.login == fold_login(login)))


def logins(session: Session) -> dict[str, str]:
    """Login by person id."""
    rows = session.execute(select(User.id, User.login))
    return {row.id: row.login for row in rows}


def must_be_admin(actor: Actor) -> None:
    """Raises forbidden for anybody else."""
    if not actor.is_admin:
        raise DomainError("forbidden", 403)
