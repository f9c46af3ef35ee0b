"""Sync over HTTP: take the request apart, call one service, pack the answer."""

from typing import Any, cast

import msgspec
from flask import Response, current_app, request
from flask_smorest import Blueprint

from server.auth.current import count_drain, require_session, settings
from server.replication import drain as drains
from server.replication import framing, measuring, schemas
from server.replication import head as heads
from server.replication import pull as pulls
from server.replication import snapshot as snapshots
from server.replication import verify as verdicts
from server.replication.place import Place
from sync.wire.pull import PullRequest
from sync.wire.snapshot import SnapshotRequest
from sync.wire.verify import VerifyRequest

PLACE = "baifang.replication"
NDJSON = "application/x-ndjson"
JSON = "application/json"

blueprint = Blueprint("sync", __name__, url_prefix="/sync/v1", description="Sync; see sync/SPEC.md")
measuring.measure(blueprint)


def place() -> Place:
    """What `app.py` bound replication to."""
    return current_app.extensions[PLACE]


def body() -> bytes:
    """The request's bytes, inflated under the cap."""
    return framing.inflate(request.get_data(), request.content_encoding, settings().max_inflated_bytes)


def answer(data: bytes, mimetype: str) -> Response:
    """A compressed answer that no cache keeps."""
    return as_packed(*framing.compress(data, request.accept_encodings), mimetype)


def as_packed(data: bytes, encoding: str | None, mimetype: str) -> Response:
    """An answer that is compressed already."""
    response = Response(data, mimetype=mimetype)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.content_encoding = encoding
    return response


def described(schema: type[schemas.Message], mimetype: str = JSON) -> Any:
    """Describe a body that the endpoint reads itself, faster than the framework would."""
    body = {"required": True, "content": {mimetype: {"schema": schema}}}
    return cast("Any", blueprint).doc(requestBody=body)


@blueprint.post("/push")
@described(schemas.PushHeaderSchema, NDJSON)
@blueprint.doc(responses={"200": {"description": "Receipts", "content": {JSON: {"schema": schemas.PushReplySchema}}}})
def push() -> Response:
    """Receive mutations; a receipt for each."""
    actor = require_session()
    header, items = framing.read_push(body(), place().now_ms())
    return answer(msgspec.json.encode(measuring.push(place(), actor, header, items)), JSON)


@blueprint.post("/drain-key")
@blueprint.arguments(schemas.DrainKeySchema)
@blueprint.response(204)
def give_drain_key(form: dict[str, Any]) -> Response:
    """Let this outbox deliver even when its person's access has been ended; only the key's hash is told."""
    drains.register(place(), require_session(), str(form["device"]), form["key_hash"])
    return Response(status=204)


@blueprint.post("/drain")
@described(schemas.PushHeaderSchema, NDJSON)
@blueprint.arguments(schemas.DrainSchema, location="query")
@blueprint.doc(
    security=[{"drain": []}],
    responses={"200": {"description": "Receipts", "content": {JSON: {"schema": schemas.PushReplySchema}}}},
)
def drain(query: dict[str, int]) -> Response:
    """Receive what a device holds whose access was ended; it is kept for whoever takes over."""
    count_drain()
    key = drains.admit(place(), request.headers.get(drains.HEADER))
    header, items = framing.read_push(body(), place().now_ms())
    through = query.get("enqueued_through", 0)
    return answer(msgspec.json.encode(drains.drain(place(), key, header, items, through)), JSON)


@blueprint.post("/pull")
@described(schemas.PullRequestSchema)
@blueprint.doc(responses={"200": {"description": "A page", "content": {NDJSON: {}}}})
def pull() -> Response:
    """Serve a page of what changed for this person."""
    actor = require_session()
    asked = framing.read_json(body(), PullRequest)
    return answer(pulls.pull(place(), actor, asked), NDJSON)


@blueprint.get("/snapshot")
@blueprint.arguments(schemas.SnapshotRequestSchema, location="query")
@blueprint.doc(responses={"200": {"description": "A chunk", "content": {NDJSON: {}}}})
def snapshot(query: dict[str, str]) -> Response:
    """Serve a chunk of one scope's rows."""
    actor = require_session()
    asked = SnapshotRequest(query["scope"], query.get("token"))
    if request.accept_encodings.quality("zstd") > 0:
        return as_packed(snapshots.packed(place(), actor, asked), "zstd", NDJSON)
    return answer(snapshots.snapshot(place(), actor, asked), NDJSON)


@blueprint.get("/head")
@blueprint.arguments(schemas.HeadRequestSchema, location="query")
@blueprint.doc(responses={"200": {"description": "News", "content": {JSON: {"schema": schemas.HeadReplySchema}}}})
def head(query: dict[str, str]) -> Response:
    """Say whether there is anything new: 304 when there is not."""
    actor = require_session()
    reply, tag = heads.head(place(), actor, query.get("device"))
    response = answer(msgspec.json.encode(reply), JSON)
    response.set_etag(tag)
    response.make_conditional(request)
    return response


@blueprint.post("/verify")
@described(schemas.VerifyRequestSchema)
@blueprint.doc(responses={"200": {"description": "Verdicts", "content": {JSON: {"schema": schemas.VerifyReplySchema}}}})
def verify() -> Response:
    """Compare a mirror's sums with ours."""
    actor = require_session()
    asked = framing.read_json(body(), VerifyRequest)
    return answer(msgspec.json.encode(verdicts.verify(place(), actor, asked)), JSON)
