"""Which contacts occasions ask for, as every device computes them too, and what the company changes about that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.features.customers.services import Greeted, birthdays, greeted
from server.features.occasions import errors
from server.features.occasions.models import Anniversary
from server.features.occasions.rules import Rule, all_rules, fields_of
from server.features.touches.services import acted_on
from server.shared.actor import Actor
from server.shared.differing import differing, write
from server.shared.writer import Change, Writer
from sync.core.occasion import Yearly, asked_day, exists, window
from sync.core.window import Window, generated_pk


@dataclass(frozen=True)
class Asked:
    """One contact that an occasion asks for.

    `touch_id` is what the touch is called once somebody acts on it (SPEC 4.5); `on` is the day itself.
    """

    touch_id: str
    customer_id: str
    contact_id: str | None
    rule: Rule
    label: str
    on: str
    due: Window


def asked(session: Session, today: date) -> list[Asked]:
    """All contacts whose window has begun, whether or not somebody has acted on them, the earliest day first."""
    rules = [rule for rule in all_rules(session) if rule.is_active]
    customers = {one.id: one for one in greeted(session)}
    found = [one for rule in rules for one in _asked_by(session, rule, customers, today.isoformat())]
    return sorted(found, key=lambda one: (one.on, one.customer_id, one.touch_id))


def still_asked(session: Session, today: date) -> list[Asked]:
    """Those on which nobody has acted yet: what a device shows as due."""
    found = asked(session, today)
    acted = acted_on(session, [one.touch_id for one in found])
    return [one for one in found if one.touch_id not in acted]


def find_rule(session: Session, text: str) -> Rule:
    """The one rule of this key, id or name; raises unknown_name or ambiguous_name."""
    found = [rule for rule in all_rules(session) if text in {rule.id, rule.key, *rule.names.values()}]
    if len(found) != 1:
        raise errors.ambiguous(text) if found else errors.unknown(text)
    return found[0]


def save(writer: Writer, actor: Actor, rule: Rule) -> None:
    """Let a rule hold from now on; raises invalid_value for a day that no year has."""
    must_be_admin(actor)
    if rule.yearly and not exists(rule.yearly):
        raise errors.impossible(rule.names.get("", rule.key))
    write(writer, actor, differing(writer, "occasion", {rule.id: fields_of(rule)}))


def remove(writer: Writer, actor: Actor, rule: Rule) -> None:
    """Let go of a day of the company's own, or of what it changed about one of the catalogue."""
    must_be_admin(actor)
    seen = writer.read("occasion", [rule.id]).get(rule.id)
    if seen and not seen.is_deleted:
        write(writer, actor, [Change("occasion", rule.id, "delete", {}, seen.rev)])


def _asked_by(session: Session, rule: Rule, customers: dict[str, Greeted], today_on: str) -> Iterator[Asked]:
    for source, customer_id, contact_id, label, yearly in _days(session, rule, customers):
        customer = customers.get(customer_id)
        on = _day(yearly, today_on)
        if customer is None or on is None or not rule.is_for(customer.tier, customer.tags):
            continue
        due = window(on, rule.lead_days)
        if due.due_from_on <= today_on:
            yield Asked(generated_pk(source, customer_id, on), customer_id, contact_id, rule, label, on, due)


Day = tuple[str, str, str | None, str, Yearly]
"""The row that holds a day, its customer, the contact whose day it is, what it is called there, the day."""


def _days(session: Session, rule: Rule, customers: dict[str, Greeted]) -> Iterator[Day]:
    if rule.yearly:
        yield from ((rule.id, customer_id, None, "", rule.yearly) for customer_id in customers)
    elif rule.kind == "birthday":
        for one in birthdays(session):
            yield one.contact_id, one.customer_id, one.contact_id, one.name, Yearly(one.kind, one.month, one.day)
    else:
        yield from _anniversaries(session)


def _anniversaries(session: Session) -> Iterator[Day]:
    for row in session.scalars(select(Anniversary)):
        yearly = Yearly(row.calendar or "solar", row.month or 0, row.day or 0)
        yield row.id, row.customer_id, row.contact_id, row.label or "", yearly


@lru_cache(maxsize=4_096)
def _day(yearly: Yearly, today_on: str) -> str | None:
    """Thousands of people share a few hundred birthdays."""
    return asked_day(yearly, today_on)
