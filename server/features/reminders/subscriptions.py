"""Where devices are reached: kept for a device session, and forgotten with it or when the push service says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.auth.models import DeviceSession, User
from server.errors import DomainError
from server.features.reminders.models import PushSubscription
from server.features.reminders.push import Sent, public_key
from server.features.reminders.reach import is_allowed
from server.settings import Settings
from server.shared.actor import Actor
from server.shared.clock import to_ms


def of_device(session: Session, actor: Actor) -> PushSubscription | None:
    """The actor's own subscription on this device."""
    return session.get(PushSubscription, actor.device_session_id)


def of_person(session: Session, person_id: str) -> Sequence[PushSubscription]:
    """All that reach a person: on devices that are signed in, if the person still may be."""
    own = select(PushSubscription).join(DeviceSession).join(User, User.id == DeviceSession.user_id)
    open_ = (PushSubscription.person_id == person_id, DeviceSession.ended_at.is_(None), User.is_active)
    return session.scalars(own.where(*open_).order_by(PushSubscription.session_id)).all()


def subscribe(session: Session, actor: Actor, settings: Settings, form: dict[str, str], now: datetime) -> None:
    """Reach the actor's device there from now on, and nobody else's; raises push_endpoint_refused.

    The same subscription again changes nothing: devices repeat it at every start.
    """
    if not is_allowed(form["endpoint"], settings):
        raise DomainError("push_endpoint_refused", 422)
    key = public_key(settings)
    if key is None:
        raise DomainError("push_not_set_up", 409)
    known = of_device(session, actor)
    wanted: dict[str, Any] = form | {"public_key": key}
    if known is not None and all(getattr(known, name) == value for name, value in wanted.items()):
        return
    mine = PushSubscription.session_id == actor.device_session_id
    session.execute(delete(PushSubscription).where(mine | (PushSubscription.endpoint == form["endpoint"])))
    ids = {"session_id": actor.device_session_id, "person_id": actor.person_id, "created_at": to_ms(now)}
    session.add(PushSubscription(**wanted, **ids))


def unsubscribe(session: Session, actor: Actor) -> None:
    """Reach the device no more."""
    session.execute(delete(PushSubscription).where(PushSubscription.session_id == actor.device_session_id))


def note(session: Session, to: PushSubscription, sent: Sent, now_ms: int) -> None:
    """Remember how a push went; a subscription that is gone is forgotten, unless it was renewed meanwhile."""
    found = session.get(PushSubscription, to.session_id)
    if found is None or found.endpoint != to.endpoint:
        return
    if sent.is_gone:
        session.delete(found)
    elif sent.error is None:
        found.succeeded_at, found.error = now_ms, None
    else:
        found.failed_at, found.error = now_ms, sent.error
