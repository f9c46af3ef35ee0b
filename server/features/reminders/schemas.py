"""Types and bounds of what a device may say about reminders, and the shapes of what it is answered."""

from marshmallow import Schema, fields, validate


class NoticeSchema(Schema):
    """A device writes no field of a notice: it says by a command what became of it."""


class PushSubscriptionSchema(Schema):
    """What the browser's push manager gave: where to send, and the keys to encrypt with, as base64url."""

    endpoint = fields.String(required=True, validate=validate.Length(min=1, max=1000))
    p256dh = fields.String(required=True, validate=validate.Regexp(r"[\w-]{87}=?$"))
    auth = fields.String(required=True, validate=validate.Regexp(r"[\w-]{22}(==)?$"))


class DeliverySchema(Schema):
    """How this device was reached last; moments in ms since 1970, `error` a code while the last one failed."""

    endpoint = fields.String(required=True)
    public_key = fields.String(required=True)
    created_at = fields.Integer(required=True)
    succeeded_at = fields.Integer(required=True, allow_none=True)
    failed_at = fields.Integer(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)


class PushStateSchema(Schema):
    """`public_key` is null while the company has not set pushes up."""

    public_key = fields.String(required=True, allow_none=True)
    subscription = fields.Nested(DeliverySchema, required=True, allow_none=True)
