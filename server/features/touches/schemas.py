"""Types and bounds of what a rep may write about a planned contact."""

from marshmallow import Schema

from server.shared import bounds

CHANNELS = ("visit", "call", "email", "chat")
STATES = ("open", "done", "skipped")


class TouchSchema(Schema):
    """The client-writable fields of a touch."""

    customer_id = bounds.uuid(required=True)
    assignee_id = bounds.uuid(required=True)
    contact_id = bounds.uuid()
    channel = bounds.choice(*CHANNELS, required=True)
    state = bounds.choice(*STATES, required=True)
    done_interaction_id = bounds.uuid()
    snoozed_until_on = bounds.day()
    why = bounds.prose(4_000)
    due_from_on = bounds.day(required=True)
    due_to_on = bounds.day(required=True)
    due_time = bounds.time_of_day()
    cadence_id = bounds.uuid()
