"""The shapes of the sign-in messages, also shown in the API description."""

from marshmallow import Schema, fields, validate


class SignInSchema(Schema):
    """What a device sends to sign in."""

    login = fields.String(required=True, validate=validate.Length(min=1, max=200))
    password = fields.String(required=True, validate=validate.Length(min=1, max=1000))
    device_id = fields.UUID(required=True)
    device_name = fields.String(required=True, validate=validate.Length(min=1, max=200))


class ChangePasswordSchema(Schema):
    """One's own password, old and new."""

    current = fields.String(required=True, validate=validate.Length(min=1, max=1000))
    new = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class DeviceSchema(Schema):
    """A signed-in device; moments are ISO 8601 in UTC."""

    id = fields.String(required=True)
    device_id = fields.String(required=True)
    name = fields.String(required=True, attribute="device_name")
    created_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    is_current = fields.Boolean(required=True)


class CompanySchema(Schema):
    """Whose server this is, and the zone of its calendar days."""

    name = fields.String(required=True)
    zone = fields.String(required=True)


class SessionSchema(Schema):
    """Who is signed in here."""

    person_id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    locale = fields.String(required=True)
    must_change_password = fields.Boolean(required=True)
    device = fields.Nested(DeviceSchema, required=True)
    company = fields.Nested(CompanySchema, required=True)
    server_time = fields.Integer(required=True, metadata={"description": "ms since 1970, UTC"})


class DeviceQuerySchema(Schema):
    """Whose devices to list; absent means one's own."""

    person_id = fields.UUID()


class ErrorDetailSchema(Schema):
    """A stable code, and a sentence in the reader's language."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    details = fields.Dict(required=True)


class ErrorSchema(Schema):
    """The one body of every refusal."""

    error = fields.Nested(ErrorDetailSchema, required=True)
