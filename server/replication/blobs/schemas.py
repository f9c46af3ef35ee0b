"""Describes the messages around blobs for OpenAPI."""

from marshmallow import fields, validate

from server.replication.blobs.kinds import KINDS
from server.replication.schemas import Message, Text, whole

SHA = {"pattern": "^[0-9a-f]{64}$"}


class BlobRequestSchema(Message):
    """What somebody has and wants to send."""

    v = whole()
    sha256 = Text(required=True, metadata=SHA)
    size = fields.Integer(strict=True, required=True, metadata={"minimum": 1})
    media_type = Text(required=True, metadata={"enum": sorted(KINDS)})
    person = Text(allow_none=True)


class BlobReplySchema(Message):
    """How far it is, and where to go on."""

    v = whole()
    state = fields.String(required=True, validate=validate.OneOf(["uploading", "complete"]))
    offset = whole()
    max_chunk = whole()
    upload = fields.String(required=True, allow_none=True)
    log_seq = fields.Integer(strict=True, required=True, allow_none=True)


class ChunkHeaderSchema(Message):
    """Where a chunk begins, and its checksum as tus writes it: `sha256 ` and base64."""

    upload_offset = fields.Integer(required=True, data_key="Upload-Offset", validate=validate.Range(0, 2**53 - 1))
    upload_checksum = fields.String(required=True, data_key="Upload-Checksum")
