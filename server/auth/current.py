"""Tells other rooms who is asking: `require_session()` is their only door into sign-in."""

import logging

from flask import current_app, g, request
from sqlalchemy.orm import Session

from server.auth.cookies import read_token
from server.auth.limits import KEY as LIMITS
from server.auth.limits import SignInLimits
from server.auth.models import DeviceSession, User
from server.auth.sessions import find_session, needs_touch
from server.errors import REFUSED_BY_DATABASE
from server.settings import Settings
from server.shared.actor import Actor, Role
from server.shared.clock import now
from server.shared.db import db, glancing, writing

log = logging.getLogger(__name__)


def settings() -> Settings:
    """The running app's settings."""
    return current_app.extensions["baifang.settings"]


def require_session() -> Actor:
    """The person and device behind the request.

    Asks with one statement of its own, so that the caller's transaction still begins as the caller wants.
    Raises session_required (401), or device_revoked (401) when someone ended this device's access.
    """
    with glancing(db.engine) as connection:
        opened = find_session(connection, read_token(request, settings()), settings(), now())
    actor = Actor(opened.person_id, Role(opened.role), opened.id, opened.locale)
    if needs_touch(opened, now()):
        touch(actor)
    g.actor = actor
    return actor


def count_drain() -> None:
    """Count a request that comes without a session; raises too_many_attempts."""
    limits: SignInLimits = current_app.extensions[LIMITS]
    limits.count_drain(request.remote_addr or "")


def touch(actor: Actor) -> None:
    """Record that the device was seen; reading must go on when the database cannot be written."""
    try:
        with Session(db.engine) as session, writing(session):
            session.get_one(DeviceSession, actor.device_session_id).last_seen_at = now()
    except REFUSED_BY_DATABASE as problem:
        log.warning("last_seen_at was not recorded: %s", problem.orig)


def person_of(actor: Actor) -> tuple[User, DeviceSession]:
    """The rows behind an actor, for those who show them."""
    user = db.session.get_one(User, actor.person_id)
    return user, db.session.get_one(DeviceSession, actor.device_session_id)
