"""Types and bounds of what a rep may write on a customer, a site and a contact."""

from marshmallow import Schema, ValidationError, validate

from server.shared import bounds
from sync.core.occasion import CALENDARS

TIERS = ("A", "B", "C", "D")
CHANNELS = ("visit", "call", "email", "chat")
PURPOSES = ("visiting", "billing", "delivery")
ROLES = ("economic", "technical", "user", "coach", "key")
PHONE = 60
LONGEST_CADENCE_DAYS = 1_830
"""Five years: who is to be contacted less often is under no cadence."""
CREDIT_MAX = 10**15
CURRENCY = validate.Regexp(r"[A-Z]{3}\Z")


def _is_web(value: str) -> None:
    # Screens make a link of it: nothing but the web may hide behind.
    scheme, colon, _ = value.partition("://")
    if colon and scheme.lower() not in {"http", "https"}:
        raise ValidationError("Not a web address.")
    if not colon and ":" in value.partition("/")[0]:
        raise ValidationError("Not a web address.")


class CustomerSchema(Schema):
    """The client-writable fields of a customer."""

    name = bounds.line(required=True)
    legal_form = bounds.line(60)
    code = bounds.line(40)
    tax_id = bounds.line(40)
    phone = bounds.line(PHONE)
    website = bounds.line(300, _is_web)
    industry = bounds.line()
    tier = bounds.choice(*TIERS)
    briefing_source = bounds.line()
    notes = bounds.prose()
    briefing = bounds.prose()
    tags = bounds.several(bounds.line(40))
    payment_terms = bounds.line()
    credit_limit_minor = bounds.whole(0, CREDIT_MAX)
    credit_currency = bounds.line(3, CURRENCY)
    special_conditions = bounds.prose(4_000)
    packaging = bounds.prose(4_000)
    decision_process = bounds.prose(4_000)
    buying_habits = bounds.prose(4_000)
    competitors = bounds.prose()
    paused_until_on = bounds.day()
    pause_reason = bounds.line()
    visit_every_days = bounds.whole(1, LONGEST_CADENCE_DAYS)
    call_every_days = bounds.whole(1, LONGEST_CADENCE_DAYS)
    chat_every_days = bounds.whole(1, LONGEST_CADENCE_DAYS)
    email_every_days = bounds.whole(1, LONGEST_CADENCE_DAYS)


class SiteSchema(Schema):
    """The client-writable fields of a site."""

    customer_id = bounds.uuid(required=True)
    name = bounds.line()
    hours = bounds.line()
    phone = bounds.line(PHONE)
    purposes = bounds.several(bounds.choice(*PURPOSES))
    address = bounds.line(300)
    city = bounds.line(100)
    district = bounds.line(100)
    postal_code = bounds.line(20)
    country = bounds.line(100)
    lat_e7 = bounds.whole(-900_000_000, 900_000_000)
    lon_e7 = bounds.whole(-1_800_000_000, 1_800_000_000)
    notes = bounds.prose()


class ContactSchema(Schema):
    """The client-writable fields of a contact."""

    customer_id = bounds.uuid(required=True)
    name = bounds.line(required=True)
    title = bounds.line()
    department = bounds.line()
    phone = bounds.line(PHONE)
    mobile = bounds.line(PHONE)
    email = bounds.line(254)
    line_id = bounds.line(60)
    preferred_channel = bounds.choice(*CHANNELS)
    preferred_hours = bounds.line()
    influence = bounds.whole(1, 5)
    reports_to_id = bounds.uuid()
    is_met = bounds.flag()
    site_id = bounds.uuid()
    roles = bounds.several(bounds.choice(*ROLES))
    materials = bounds.several(bounds.line(100))
    birthday_kind = bounds.choice(*CALENDARS)
    birthday_month = bounds.whole(1, 12)
    birthday_day = bounds.whole(1, 31)
    birthday_year = bounds.whole(1850, 2100)
    notes = bounds.prose()
