"""What can be done with customers besides what reps write on their devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.features.customers import errors
from server.features.customers.fold import fold_text, initials
from server.features.customers.models import Contact, Customer
from server.shared.actor import Actor
from server.shared.differing import differing, write
from server.shared.writer import Change, Writer
from sync.core.cadence import CHANNELS, Traits


def find_customer(session: Session, text: str) -> tuple[str, str]:
    """The id and name of the one customer of this id, code or exact name.

    Raises unknown_name or ambiguous_name.
    """
    fits = or_(Customer.id == text, Customer.code == text, Customer.name == text)
    found = session.execute(select(Customer.id, Customer.name).where(fits).limit(2)).all()
    if len(found) != 1:
        raise errors.ambiguous(text) if found else errors.unknown(text)
    return found[0].id, found[0].name or ""


def latin_name(name: str) -> str:
    """What a name looks like in an address: its pinyin initials, else its own letters."""
    letters = initials(name)
    return letters[0] if letters else fold_text(name)


@dataclass(frozen=True)
class Greeted:
    """A customer as occasions see it."""

    id: str
    tier: str | None
    tags: frozenset[str]


def greeted(session: Session) -> list[Greeted]:
    """Every customer that is not lost: whoever was is left alone."""
    columns = (Customer.id, Customer.tier, Customer.tags)
    rows = session.execute(select(*columns).where(Customer.stage.is_distinct_from("lost")))
    return [Greeted(pk, tier, frozenset(tags or ())) for pk, tier, tags in rows]


@dataclass(frozen=True)
class Birthday:
    """When a contact's birthday is kept; there may be no such day."""

    contact_id: str
    customer_id: str
    name: str
    kind: str
    month: int
    day: int


def birthdays(session: Session) -> list[Birthday]:
    """The birthdays of all contacts that are known to the day."""
    who = (Contact.id, Contact.customer_id, Contact.name)
    date = (Contact.birthday_kind, Contact.birthday_month, Contact.birthday_day)
    known = select(*who, *date).where(Contact.birthday_month > 0, Contact.birthday_day > 0)
    rows = session.execute(known)
    return [
        Birthday(pk, root, name or "", kind or "solar", month or 0, day or 0)
        for pk, root, name, kind, month, day in rows
    ]


def count(session: Session) -> int:
    """How many customers there are."""
    return session.scalar(select(func.count()).select_from(Customer)) or 0


def occupied_territories(session: Session) -> set[str]:
    """The territories that have any customer."""
    rows = session.scalars(select(Customer.territory_id).distinct())
    return {territory_id for territory_id in rows if territory_id}


def without_channels(session: Session) -> list[str]:
    """Customers whose last contact is known, but not yet on which channel each was (an older release wrote them)."""
    channels = (Customer.last_visit_at, Customer.last_call_at, Customer.last_chat_at, Customer.last_email_at)
    unknown = [column.is_(None) for column in channels]
    return list(session.scalars(select(Customer.id).where(Customer.last_contact_at.is_not(None), *unknown)))


@dataclass(frozen=True)
class Rhythm:
    """A customer as cadences see it: what they may ask, own intervals in days, last contacts (ms) by channel."""

    id: str
    name: str
    territory_id: str | None
    traits: Traits
    contacts: Mapping[str, int | None]
    every_days: Mapping[str, int]
    created_at: int | None
    paused_until_on: str | None


def rhythms(session: Session) -> list[Rhythm]:
    """Every customer, by id."""
    return [_rhythm(row) for row in session.scalars(select(Customer).order_by(Customer.id))]


def _rhythm(row: Customer) -> Rhythm:
    own = {channel: getattr(row, f"{channel}_every_days") for channel in CHANNELS}
    return Rhythm(
        row.id,
        row.name or "",
        row.territory_id,
        Traits(row.tier or "", row.stage or "", row.industry or "", tuple(row.tags or ())),
        {channel: getattr(row, f"last_{channel}_at") for channel in CHANNELS},
        {channel: days for channel, days in own.items() if days},
        row.created_at,
        row.paused_until_on,
    )


def pause(writer: Writer, actor: Actor, customer_id: str, until_on: str | None, reason: str | None) -> None:
    """Let no cadence ask for a customer before a date (`YYYY-MM-DD`); None lets them ask again."""
    must_be_admin(actor)
    wanted = {"paused_until_on": until_on, "pause_reason": reason}
    write(writer, actor, differing(writer, "customer", {customer_id: wanted}))


def move(writer: Writer, actor: Actor, customer_ids: Sequence[str], territory_id: str) -> None:
    """Give customers to a territory: each, with all that belongs to it, in a transaction of its own."""
    must_be_admin(actor)
    for customer_id in customer_ids:
        seen = writer.read("customer", [customer_id]).get(customer_id)
        if seen is None or seen.is_deleted:
            raise errors.unknown(customer_id)
        patch = {"territory_id": territory_id}
        write(writer, actor, [Change("customer", customer_id, "patch", patch, seen.rev)])
