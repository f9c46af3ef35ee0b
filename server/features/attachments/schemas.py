"""Types and bounds of what a device says of a file; the bytes themselves are looked at when they arrive."""

from marshmallow import Schema

from server.shared import bounds

KINDS = ("photo", "voice", "signature", "document")
MOST_BYTES = 2**40
MOST_PIXELS = 100_000
LONGEST_MS = 3_600_000


class AttachmentSchema(Schema):
    """The client-writable fields of an attachment; `thumb_sha256` names a small picture of it, `name` is a
    document's own or that of who signed, `signed_hash` says what was signed.
    """

    customer_id = bounds.uuid(required=True)
    interaction_id = bounds.uuid(required=True)
    kind = bounds.choice(*KINDS, required=True)
    sha256 = bounds.sha256(required=True)
    thumb_sha256 = bounds.sha256()
    media_type = bounds.line(80, required=True)
    size = bounds.whole(1, MOST_BYTES)
    width = bounds.whole(1, MOST_PIXELS)
    height = bounds.whole(1, MOST_PIXELS)
    name = bounds.line()
    duration_ms = bounds.whole(0, LONGEST_MS)
    signed_hash = bounds.sha256()
    taken_at = bounds.moment()
