"""Describes the messages for OpenAPI; a test proves that they accept what the fast decoders accept."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from server.shared.bounds import Flag


def whole() -> fields.Integer:
    """An integer that must be there."""
    return fields.Integer(strict=True, required=True)


class Message(Schema):
    """Keys that are not known are ignored, so that a message can grow (SPEC 16.1)."""

    class Meta:
        """See the class."""

        unknown = EXCLUDE


class Text(fields.String):
    """A string that is null only where null is said to be allowed."""


class ParentSchema(Message):
    """The device that this one forked from, and the last seq that both share."""

    device = Text(required=True)
    seq = whole()


class PushHeaderSchema(Message):
    """The first line of a push; then two lines a mutation: the envelope line and its exact bytes."""

    v = whole()
    device = Text(required=True)
    now = whole()
    acked_through = whole()
    parent = fields.Nested(ParentSchema, allow_none=True)
    void = fields.List(fields.Integer(strict=True), allow_none=True, validate=validate.Length(equal=2))
    store_raw = Flag()
    person = Text(allow_none=True)
    cursor = Text(allow_none=True)


class EnvelopeLineSchema(Message):
    """What travels around a mutation's bytes."""

    seq = whole()
    txn = Text(required=True)
    id = Text(required=True)
    sha = Text(required=True)
    prev = Text(allow_none=True)
    skew = fields.Integer(strict=True, allow_none=True)


class ReceiptSchema(Message):
    """What became of one mutation."""

    seq = whole()
    id = Text(required=True)
    status = Text(validate=validate.OneOf(["applied", "merged", "duplicate", "parked"]))
    log_seq = fields.Integer(strict=True, allow_none=True)
    conflicts = fields.List(Text())
    code = Text(allow_none=True)
    fields_ = fields.List(Text(), data_key="fields")
    params = fields.Dict()


class ForkSchema(Message):
    """Where the device's history split."""

    seq = whole()
    last_equal_seq = fields.Integer(strict=True, allow_none=True)


class PushReplySchema(Message):
    """The answer to a push."""

    v = whole()
    epoch = whole()
    receipts: fields.List[Any] = fields.List(fields.Nested(ReceiptSchema))
    expected_seq = fields.Integer(strict=True, allow_none=True)
    fork = fields.Nested(ForkSchema, allow_none=True)
    server_time = whole()
    durable_seq = whole()


class PullRequestSchema(Message):
    """The answer is NDJSON: a header, rows with their bodies, receipts, and an end line."""

    v = whole()
    device = Text(required=True)
    cursor = Text(required=True, allow_none=True)
    join = Text(required=True, allow_none=True)
    acked_through = whole()
    enqueued_through = whole()
    limit = whole()
    person = Text(allow_none=True)


class SnapshotRequestSchema(Message):
    """The answer is NDJSON: a header, rows with their bodies, and an end line with the next token."""

    scope = Text(required=True)
    token = Text()


class DrainKeySchema(Message):
    """An outbox, and the SHA-256 in hex of the key under which it may deliver without a session."""

    device = fields.UUID(required=True)
    key_hash = Text(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class DrainSchema(Message):
    """The last seq that the device has written."""

    enqueued_through = fields.Integer(strict=False, validate=validate.Range(0, 2**53 - 1))


class HeadRequestSchema(Message):
    """The device whose receipts count as news."""

    device = Text()


class HeadReplySchema(Message):
    """Its ETag is what matters."""

    v = whole()
    epoch = whole()
    seq = whole()
    server_time = whole()


class ScopeSumSchema(Message):
    """How many rows a scope has, and their digests' sum in 32 hex digits."""

    count = whole()
    sum = Text(required=True)


class VerifyRequestSchema(Message):
    """Every scope key that the mirror holds, with its sum at the cursor."""

    v = whole()
    device = Text(required=True)
    cursor = Text(required=True)
    scopes = fields.Dict(keys=Text(), values=fields.Nested(ScopeSumSchema), required=True)


class VerifyReplySchema(Message):
    """A verdict for each scope: ok, mismatch, pending or not_granted."""

    v = whole()
    results = fields.Dict(keys=Text(), values=Text())
