"""Types and bounds of what a rep may write about an anniversary."""

from marshmallow import Schema

from server.shared import bounds
from sync.core.occasion import CALENDARS


class AnniversarySchema(Schema):
    """The client-writable fields of an anniversary."""

    customer_id = bounds.uuid(required=True)
    contact_id = bounds.uuid()
    label = bounds.line(60, required=True)
    calendar = bounds.choice(*CALENDARS, required=True)
    month = bounds.whole(1, 12)
    day = bounds.whole(1, 31)
    year = bounds.whole(1850, 2100)
