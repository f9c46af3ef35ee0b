"""Sign-in over HTTP: parse, call one service, dump."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, jsonify, request
from flask_smorest import Blueprint

from server.auth import schemas, services
from server.auth.cookies import clear_token, set_token
from server.auth.current import person_of, require_session, settings
from server.auth.limits import KEY as LIMITS
from server.auth.limits import SignInLimits
from server.auth.models import DeviceSession, User
from server.auth.sessions import Device
from server.errors import DomainError
from server.shared.clock import now, to_ms
from server.shared.db import db, writing

blueprint = Blueprint("auth", __name__, url_prefix="/auth/v1", description="Sign-in and devices")


# From what is answered here to what can be done with it, as OpenAPI links.
REVOKE = {"operationId": "revoke_device", "parameters": {"session_id": "$response.body#/device/id"}}
REVOKE_FIRST = {"operationId": "revoke_device", "parameters": {"session_id": "$response.body#/0/id"}}
LIST = {"operationId": "list_devices", "parameters": {"person_id": "$response.body#/person_id"}}


@blueprint.post("/sign-in")
@blueprint.arguments(schemas.SignInSchema)
@blueprint.response(200, schemas.SessionSchema)
@blueprint.doc(security=[], responses={"200": {"links": {"revoke": REVOKE, "devices": LIST}}})
def sign_in(form: dict[str, Any]) -> Response:
    """Open a session for this device; the token comes as a cookie."""
    limits: SignInLimits = current_app.extensions[LIMITS]
    account = services.fold_login(form["login"])
    limits.count(account, request.remote_addr or "")
    device = Device(str(form["device_id"]), form["device_name"])
    done = services.sign_in(db.session(), account, form["password"], device, now())
    if done is None:
        raise DomainError("sign_in_failed", 401)
    limits.forgive(account)
    response = jsonify(schemas.SessionSchema().dump(describe(done.user, done.device)))
    set_token(response, done.token, settings())
    return response


@blueprint.post("/sign-out")
@blueprint.response(204)
@blueprint.doc(security=[])
def sign_out() -> Response:
    """End this device's session; harmless when there is none any more."""
    response = Response(status=204)
    clear_token(response, settings())
    try:
        actor = require_session()
    except DomainError:
        return response
    with writing(db.session()) as session:
        services.sign_out(session, actor, now())
    return response


@blueprint.get("/session")
@blueprint.response(200, schemas.SessionSchema)
@blueprint.doc(responses={"200": {"links": {"revoke": REVOKE, "devices": LIST}}})
def show_session() -> dict[str, Any]:
    """Who is signed in here."""
    return describe(*person_of(require_session()))


@blueprint.post("/password")
@blueprint.arguments(schemas.ChangePasswordSchema)
@blueprint.response(204)
def change_password(form: dict[str, str]) -> Response:
    """Replace one's own password; every other device must sign in again."""
    actor = require_session()
    current_app.extensions[LIMITS].count(actor.person_id, request.remote_addr or "")
    with writing(db.session()) as session:
        services.change_password(session, actor, form["current"], form["new"], now())
    return Response(status=204)


@blueprint.get("/devices")
@blueprint.arguments(schemas.DeviceQuerySchema, location="query")
@blueprint.response(200, schemas.DeviceSchema(many=True))
@blueprint.doc(operationId="list_devices", responses={"200": {"links": {"revoke": REVOKE_FIRST}}})
def list_devices(query: dict[str, UUID]) -> list[dict[str, Any]]:
    """The signed-in devices of a person; an admin may ask for anybody's."""
    actor = require_session()
    person_id = str(query.get("person_id", actor.person_id))
    found = services.list_devices(db.session(), actor, person_id)
    return [describe_device(d, actor.device_session_id) for d in found]


@blueprint.delete("/devices/<uuid:session_id>")
@blueprint.response(204)
@blueprint.doc(operationId="revoke_device")
def revoke_device(session_id: UUID) -> Response:
    """End a device's session at once."""
    actor = require_session()
    with writing(db.session()) as session:
        services.revoke_device(session, actor, str(session_id), now())
    return Response(status=204)


def describe(user: User, device: DeviceSession) -> dict[str, Any]:
    """The session as the device sees it."""
    return {
        "person_id": user.id,
        "name": user.name,
        "role": user.role,
        "locale": user.locale,
        "must_change_password": user.is_password_temporary,
        "device": describe_device(device, device.id),
        "company": {"name": settings().company_name, "zone": settings().company_zone},
        "server_time": to_ms(now()),
    }


def describe_device(device: DeviceSession, current_id: str | None) -> dict[str, Any]:
    """One device, and whether it is the one asking."""
    names = ("id", "device_id", "device_name", "created_at", "last_seen_at")
    return {n: getattr(device, n) for n in names} | {"is_current": device.id == current_id}
