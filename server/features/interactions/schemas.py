"""Types and bounds of what a rep may write about a contact that happened."""

from marshmallow import Schema

from server.shared import bounds

CHANNELS = ("visit", "call", "email", "chat")
DIRECTIONS = ("out", "in")
PURPOSES = ("routine", "develop", "quote", "deliver", "complaint", "collect", "other")
OUTCOMES = ("progress", "same", "concern", "missed")
MOST_PEOPLE = 30
FARTHEST_M = 100_000
HALF_ROUND_M = 20_100_000
"""Somewhat more than half the way around the earth: no place is farther from another."""


class InteractionSchema(Schema):
    """The client-writable fields of an interaction."""

    customer_id = bounds.uuid(required=True)
    channel = bounds.choice(*CHANNELS, required=True)
    direction = bounds.choice(*DIRECTIONS)
    started_at = bounds.moment(required=True)
    ended_at = bounds.moment()
    checkin_at = bounds.moment()
    checkin_lat_e7 = bounds.whole(-900_000_000, 900_000_000)
    checkin_lon_e7 = bounds.whole(-1_800_000_000, 1_800_000_000)
    checkin_accuracy_m = bounds.whole(0, FARTHEST_M)
    checkin_distance_m = bounds.whole(0, HALF_ROUND_M)
    checkout_at = bounds.moment()
    contact_ids = bounds.several(bounds.uuid(), MOST_PEOPLE)
    purpose = bounds.choice(*PURPOSES)
    outcome = bounds.choice(*OUTCOMES)
    notes = bounds.prose()
    next_step = bounds.prose(2_000)
    touch_id = bounds.uuid()
