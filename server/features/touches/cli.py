"""Operator commands for cadences, on the services that an API will use."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
from flask import current_app

from server.features.customers.services import find_customer
from server.features.customers.services import pause as pause_customer
from server.features.touches import policies
from server.features.touches.policies import Policy
from server.features.touches.preview import Effect, effect, scene
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db, reading
from server.shared.writer import current_writer
from sync.core.cadence import CHANNELS

DAY = click.DateTime(["%Y-%m-%d"])
MOST_SHOWN = 10
WEEKS_A_MONTH = 365 / 12 / 7
STAGES = ["prospect", "first_time", "repeat", "loyal", "dormant", "lost"]
OPTIONS = (
    click.option("--channel", type=click.Choice(CHANNELS), help="How to make contact."),
    click.option("--every", "every_days", type=int, help="Days from one contact to the end of the next window."),
    click.option("--lead", "lead_days", type=int, help="Days before that end on which it begins to show."),
    click.option("--tier", help="Only customers of this tier; '' for all."),
    click.option(
        "--stage", type=click.Choice(["", *STAGES]), help="Only customers in this stage; '' for all but lost."
    ),
    click.option("--industry", help="Only customers of this industry; '' for all."),
    click.option(
        "--tag", "tags", multiple=True, help="Only customers with this tag; again for more of them; '' for all."
    ),
)


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a cadence asks."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group()
def cadence() -> None:
    """How often which customers are contacted on which channel: names or ids stand for cadences."""


@cadence.command("list")
def show() -> None:
    """List every cadence: name, channel, days, lead, whom it asks for, how many, until when it rests, id."""
    session = db.session()
    with reading(session):
        every = policies.all_policies(session)
        matches = effect(_scene(session), every).matches
    for one in every:
        rule = one.rule
        facts = (one.name, rule.channel, f"{rule.every_days} days", f"{one.lead_days} ahead", _whom(one))
        rest = f"paused until {one.paused_until_on}" if one.paused_until_on else ""
        click.echo("\t".join((*facts, f"{matches.get(rule.id, 0)} customers", rest, rule.id)))


@cadence.command("set")
@click.argument("name")
@asked
def change(name: str, **said: Any) -> None:
    """Make a cadence, or change what is said of one; what is left out stays. See `preview` first."""
    session = db.session()
    with reading(session):
        policy = _wanted(policies.find_policy(session, name), name, said)
    policies.save(current_writer(), OPERATOR, policy)
    click.echo(f"{policy.name}: {policy.rule.channel} every {policy.rule.every_days} days, for {_whom(policy)}.")


@cadence.command()
@click.argument("name")
@asked
def preview(name: str, **said: Any) -> None:
    """Say what `set` with the same options would do to everybody's work; nothing is written."""
    session = db.session()
    with reading(session):
        every = policies.all_policies(session)
        old = policies.find_policy(session, name)
        new = _wanted(old, name, said)
        place = _scene(session)
    before, after = effect(place, every), effect(place, [*(one for one in every if one != old), new])
    click.echo(
        f"{new.name} asks for {after.matches.get(new.rule.id, 0)} customers (until now {_matched(before, old)})."
    )
    _tell_people(before, after)
    _tell_late(before, after)


@cadence.command()
@click.argument("name")
@click.option("--until", type=DAY, help="The day on which it asks again; at once when left out.")
@click.option("--customer", "is_customer", is_flag=True, help="NAME is a customer, whom no cadence asks for meanwhile.")
@click.option("--reason", help="Why a customer is left alone.")
def pause(name: str, until: datetime | None, is_customer: bool, reason: str | None) -> None:
    """Let a cadence, or all of them for one customer, rest until a day; then it goes on by itself."""
    session, day = db.session(), f"{until:%Y-%m-%d}" if until else None
    with reading(session):
        customer_id, called = find_customer(session, name) if is_customer else ("", name)
        policy = None if is_customer else policies.known_policy(session, name)
    if policy:
        policies.save(current_writer(), OPERATOR, replace(policy, paused_until_on=day))
    else:
        pause_customer(current_writer(), OPERATOR, customer_id, day, reason if day else None)
    click.echo(f"{called} rests until {day}." if day else f"{called} goes on.")


@cadence.command()
@click.argument("name")
def remove(name: str) -> None:
    """Ask nobody by a cadence any more."""
    session = db.session()
    with reading(session):
        policy = policies.known_policy(session, name)
    policies.remove(current_writer(), OPERATOR, policy)
    click.echo(f"{policy.name} asks for nobody any more.")


def _wanted(old: Policy | None, name: str, said: Mapping[str, Any]) -> Policy:
    """The cadence as it would be; raises what `set` would be refused with."""
    policy = old or policies.new_policy(name)
    given = {key: value for key, value in said.items() if value is not None and value != ()}
    tags = {"tags": tuple(tag for tag in said["tags"] if tag)} if said["tags"] else {}
    traits = replace(policy.rule.traits, **_only(given, "tier", "stage", "industry"), **tags)
    rule = replace(policy.rule, **_only(given, "channel", "every_days"), traits=traits)
    return policies.validate(replace(policy, rule=rule, **_only(given, "lead_days")))


def _only(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _scene(session: Any) -> Any:
    return scene(session, now(), current_app.extensions["baifang.settings"].zone)


def _whom(policy: Policy) -> str:
    traits = policy.rule.traits
    stated = (f"tier {traits.tier}" if traits.tier else "", traits.stage, traits.industry, *traits.tags)
    return ", ".join(filter(None, stated)) or "everybody"


def _matched(before: Effect, old: Policy | None) -> int:
    return before.matches.get(old.rule.id, 0) if old else 0


def _tell_people(before: Effect, after: Effect) -> None:
    for person in sorted({*before.weekly, *after.weekly}):
        weekly = [one.weekly.get(person, 0.0) for one in (before, after)]
        rates = " -> ".join(f"{rate:.1f} a week, {rate * WEEKS_A_MONTH:.0f} a month" for rate in weekly)
        late = " -> ".join(str(one.late_by.get(person, 0)) for one in (before, after))
        click.echo(f"{person or 'nobody'}\t{rates}\toverdue {late}")


def _tell_late(before: Effect, after: Effect) -> None:
    known = {one.customer.id for one in before.late}
    fresh = [one for one in after.late if one.customer.id not in known]
    click.echo(f"Overdue customers: {len(before.late)} -> {len(after.late)}; {len(fresh)} of them newly.")
    for one in fresh[:MOST_SHOWN]:
        click.echo(f"  {one.customer.name}\t{one.channel}\t{one.days} days")
