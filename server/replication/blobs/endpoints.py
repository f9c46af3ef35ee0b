"""Blobs over HTTP, after tus 1.0: announce, look how far, send a chunk, fetch (SPEC 18)."""

import base64
import binascii
import re
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, current_app, request
from flask_smorest import Blueprint

from server.auth.current import require_session
from server.errors import DomainError
from server.protection import CHUNK_TYPE
from server.replication import framing, measuring
from server.replication.blobs import reading, schemas, uploads
from server.replication.blobs.shelf import Shelf
from sync.wire.blob import BlobReply, BlobRequest

SHELF = "baifang.blobs"
JSON = "application/json"
REST = re.compile(r"bytes=(\d{1,16})-")
SEALED = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""What is fetched is bytes: wherever it is opened, nothing in it runs or loads."""

blueprint = Blueprint("blobs", __name__, url_prefix="/sync/v1/blobs", description="Blobs; see sync/SPEC.md")
measuring.measure(blueprint)


def shelf() -> Shelf:
    """What `app.py` bound blobs to."""
    return current_app.extensions[SHELF]


def answer(reply: BlobReply) -> Response:
    """The reply, with the offset also where tus has it."""
    response = Response(msgspec.json.encode(reply), mimetype=JSON)
    response.headers["Upload-Offset"] = str(reply.offset)
    return response


def described(**more: Any) -> dict[str, Any]:
    """An answer of how far a blob is."""
    return {"200": {"description": "How far it is", "content": {JSON: {"schema": schemas.BlobReplySchema}}}, **more}


ANNOUNCED = {"required": True, "content": {JSON: {"schema": schemas.BlobRequestSchema}}}
CHUNK = {"required": True, "content": {CHUNK_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


@blueprint.post("")
@blueprint.doc(requestBody=ANNOUNCED, responses=described())
def announce() -> Response:
    """Say what is to be sent; the answer says where to go on, or that it is here."""
    actor = require_session()
    asked = framing.read_json(request.get_data(), BlobRequest)
    return answer(uploads.begin(shelf(), actor, asked))


@blueprint.route("/uploads/<uuid:upload>", methods=["HEAD"])
@blueprint.doc(responses={"200": {"description": "Upload-Offset says how far it is"}})
def look(upload: UUID) -> Response:
    """Say how far an upload is."""
    found = uploads.look(shelf(), require_session(), str(upload))
    return Response(headers={"Upload-Offset": str(found.received), "Upload-Length": str(found.size)}, mimetype=JSON)


@blueprint.patch("/uploads/<uuid:upload>")
@blueprint.arguments(schemas.ChunkHeaderSchema, location="headers")
@blueprint.doc(requestBody=CHUNK, responses=described())
def append(told: dict[str, Any], upload: UUID) -> Response:
    """Take a chunk, and after the last one the whole."""
    actor = require_session()
    checksum, data = read_checksum(told["upload_checksum"]), request.get_data()
    return answer(uploads.append(shelf(), actor, str(upload), told["upload_offset"], checksum, data))


@blueprint.get("/<string(length=64):sha256>")
@blueprint.doc(responses={"200": {"description": "Its bytes"}, "206": {"description": "Its bytes from there on"}})
def fetch(sha256: str) -> Response:
    """Give a blob to who may see a row that shows it; `Range: bytes=N-` goes on where a cut link ended."""
    actor = require_session()
    asked = REST.fullmatch(request.headers.get("Range", ""))
    found = reading.open_blob(shelf(), actor, sha256, int(asked[1]) if asked else 0)
    response = Response(found.pieces, status=206 if found.start else 200, mimetype=found.media_type)
    response.content_length = found.size - found.start
    if found.start:
        response.headers["Content-Range"] = f"bytes {found.start}-{found.size - 1}/{found.size}"
    response.headers["Content-Disposition"] = f'attachment; filename="{sha256}.{found.extension}"'
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cache-Control"] = "no-store"
    return response


def read_checksum(text: str) -> bytes:
    """The digest in `sha256 <base64>`; raises chunk_damaged (422)."""
    name, _, digits = text.partition(" ")
    try:
        digest = base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if name != "sha256" or not digest:
        raise DomainError("chunk_damaged", 422)
    return digest
