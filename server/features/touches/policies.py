"""What can be done with cadences: find, set, pause and remove them; who may is asked here."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.features.touches import errors
from server.features.touches.models import Cadence as Row
from server.shared.actor import Actor
from server.shared.differing import differing, write
from server.shared.ids import new_id
from server.shared.writer import Change, Writer
from sync.core.cadence import CHANNELS, Cadence, Traits

LONGEST_DAYS, LONGEST_LEAD_DAYS = 1_830, 365


@dataclass(frozen=True)
class Policy:
    """A cadence with what people call it, when it begins to show, and until when it rests."""

    rule: Cadence
    name: str
    lead_days: int = 0
    paused_until_on: str | None = None


def all_policies(session: Session) -> list[Policy]:
    """Every cadence, by name."""
    return [_policy(row) for row in session.scalars(select(Row).order_by(Row.name, Row.id))]


def find_policy(session: Session, text: str) -> Policy | None:
    """The one cadence of this id or exact name, None if there is none; raises ambiguous_name."""
    found = [one for one in all_policies(session) if text in {one.rule.id, one.name}]
    if len(found) > 1:
        raise errors.ambiguous(text)
    return found[0] if found else None


def known_policy(session: Session, text: str) -> Policy:
    """The same, where there must be one; raises unknown_name."""
    found = find_policy(session, text)
    if found is None:
        raise errors.unknown(text)
    return found


def new_policy(name: str) -> Policy:
    """One that says nothing yet but its name."""
    return Policy(Cadence(new_id(), "", 0), name)


def validate(policy: Policy) -> Policy:
    """The same policy; raises cadence_interval or cadence_channel for one that makes no sense."""
    every, lead = policy.rule.every_days, policy.lead_days
    if policy.rule.channel not in CHANNELS:
        raise errors.channel(policy.name)
    if not (1 <= every <= LONGEST_DAYS and 0 <= lead <= LONGEST_LEAD_DAYS):
        raise errors.interval(policy.name, every, lead)
    return policy


def save(writer: Writer, actor: Actor, policy: Policy) -> None:
    """Write a cadence where it differs; every device follows with its next sync."""
    must_be_admin(actor)
    write(writer, actor, differing(writer, "cadence", {policy.rule.id: fields(validate(policy))}))


def remove(writer: Writer, actor: Actor, policy: Policy) -> None:
    """Ask nobody by it any more; what somebody acted on stays."""
    must_be_admin(actor)
    seen = writer.read("cadence", [policy.rule.id])[policy.rule.id]
    write(writer, actor, [Change("cadence", policy.rule.id, "delete", {}, seen.rev)])


def fields(policy: Policy) -> dict[str, Any]:
    """The row's values; what is not stated is null."""
    rule, traits = policy.rule, policy.rule.traits
    return {
        "name": policy.name,
        "channel": rule.channel,
        "every_days": rule.every_days,
        "lead_days": policy.lead_days,
        "tier": traits.tier or None,
        "stage": traits.stage or None,
        "industry": traits.industry or None,
        "tags": sorted(traits.tags) or None,
        "paused_until_on": policy.paused_until_on,
    }


def _policy(row: Row) -> Policy:
    traits = Traits(row.tier or "", row.stage or "", row.industry or "", tuple(row.tags or ()))
    rule = Cadence(row.id, row.channel or "", row.every_days or 0, traits)
    return Policy(rule, row.name or "", row.lead_days or 0, row.paused_until_on)
