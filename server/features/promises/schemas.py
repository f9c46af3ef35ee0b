"""Types and bounds of what a rep may write about a promise."""

from marshmallow import Schema

from server.shared import bounds

STATES = ("open", "kept", "dropped")


class PromiseSchema(Schema):
    """The client-writable fields of a promise."""

    customer_id = bounds.uuid(required=True)
    what = bounds.prose(2_000)
    contact_id = bounds.uuid()
    interaction_id = bounds.uuid()
    promised_at = bounds.moment()
    owner_id = bounds.uuid(required=True)
    due_on = bounds.day(required=True)
    due_time = bounds.time_of_day()
    state = bounds.choice(*STATES, required=True)
    closed_at = bounds.moment()
    closing_note = bounds.prose(2_000)
    kept_interaction_id = bounds.uuid()
