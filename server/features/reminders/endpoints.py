"""How a device is reached when the app is closed, over HTTP: parse, call one service, dump."""

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from server.auth.current import require_session
from server.errors import DomainError
from server.features.reminders import schemas, subscriptions
from server.features.reminders.deliveries import TRY
from server.features.reminders.push import public_key
from server.settings import Settings
from server.shared import jobs
from server.shared.clock import now, to_ms
from server.shared.db import db, writing

blueprint = Blueprint("reminders", __name__, url_prefix="/reminders/v1", description="Pushes to this device")


def settings() -> Settings:
    """The running app's settings."""
    return current_app.extensions["baifang.settings"]


@blueprint.get("/push")
@blueprint.response(200, schemas.PushStateSchema)
def show_push() -> dict[str, Any]:
    """What to subscribe with, and how this device was last reached."""
    actor = require_session()
    return {"public_key": public_key(settings()), "subscription": subscriptions.of_device(db.session(), actor)}


@blueprint.put("/push")
@blueprint.arguments(schemas.PushSubscriptionSchema)
@blueprint.response(204)
def subscribe(form: dict[str, str]) -> Response:
    """Reach this device there; repeated at every start of the app."""
    actor = require_session()
    with writing(db.session()) as session:
        subscriptions.subscribe(session, actor, settings(), form, now())
    return Response(status=204)


@blueprint.delete("/push")
@blueprint.response(204)
def unsubscribe() -> Response:
    """Reach this device no more."""
    actor = require_session()
    with writing(db.session()) as session:
        subscriptions.unsubscribe(session, actor)
    return Response(status=204)


@blueprint.post("/push/test")
@blueprint.response(204)
def try_push() -> Response:
    """Send this device a test by way of the worker; one at a time."""
    actor = require_session()
    with writing(db.session()) as session:
        if subscriptions.of_device(session, actor) is None:
            raise DomainError("push_not_subscribed", 409)
        key = f"{TRY}:{actor.device_session_id}"
        jobs.add(session, [jobs.Planned(key, TRY, to_ms(now()), actor.person_id)])
    return Response(status=204)
