"""Operator commands for festivals, birthdays, anniversaries and the company's own days."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click
from flask import current_app

from server.features.occasions import services
from server.features.occasions.rules import Rule, all_rules
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db, reading
from server.shared.ids import new_id
from server.shared.writer import current_writer
from sync.core.occasion import CALENDARS, Yearly, next_day

CHANNEL = click.Choice(["visit", "call", "email", "chat"])
TIER = click.Choice(["A", "B", "C", "D"])
LEAD = click.IntRange(0, 60)


@click.group()
def occasion() -> None:
    """Occasions that ask for a contact: keys, names or ids stand for them."""


@occasion.command("list")
def show() -> None:
    """List every occasion: key, name, next day, lead, channel, for whom, whether it is asked for."""
    session = db.session()
    today = now().astimezone(current_app.extensions["baifang.settings"].zone).date().isoformat()
    with reading(session):
        rules = all_rules(session)
    for rule in rules:
        click.echo("\t".join(_facts(rule, today)))


@occasion.command("set")
@click.argument("name")
@click.option("--on/--off", "is_active", default=None, help="Whether it is asked for.")
@click.option("--lead", "lead_days", type=LEAD, help="How many days ahead.")
@click.option("--channel", type=CHANNEL)
@click.option("--tier", "tiers", multiple=True, type=TIER, help="For customers of this tier; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="For customers with this tag; may be repeated.")
@click.option("--everybody", is_flag=True, help="For every customer again.")
def change(name: str, everybody: bool, tiers: tuple[str, ...], tags: tuple[str, ...], **settings: Any) -> None:
    """Change what is asked of an occasion; what is left out stays."""
    session = db.session()
    with reading(session):
        rule = services.find_rule(session, name)
    chosen: Mapping[str, Any] = {key: value for key, value in settings.items() if value is not None}
    if everybody or tiers or tags:
        chosen = {**chosen, "tiers": tiers, "tags": tags}
    services.save(current_writer(), OPERATOR, replace(rule, **chosen))
    click.echo(f"{rule.name('en')} is set.")


@occasion.command()
@click.argument("name")
@click.argument("date")
@click.option("--calendar", type=click.Choice(CALENDARS), default="solar", show_default=True)
@click.option("--lead", "lead_days", type=LEAD, default=7, show_default=True)
@click.option("--channel", type=CHANNEL, default="call", show_default=True)
def add(name: str, date: str, calendar: str, lead_days: int, channel: str) -> None:
    """Add a day of the company's own, such as its founding; DATE is MM-DD."""
    month, dash, day = date.partition("-")
    if not (dash and month.isdecimal() and day.isdecimal()):
        raise click.UsageError("Write the date as MM-DD, such as 06-18.")
    pk = new_id()
    yearly = Yearly(calendar, int(month), int(day))
    services.save(current_writer(), OPERATOR, Rule(pk, pk, "company", {"": name}, yearly, lead_days, channel))
    click.echo(f"{name} ({pk}) is asked for.")


@occasion.command()
@click.argument("name")
def reset(name: str) -> None:
    """Take back what was changed about an occasion; a day of the company's own goes."""
    session = db.session()
    with reading(session):
        rule = services.find_rule(session, name)
    services.remove(current_writer(), OPERATOR, rule)
    click.echo(f"{rule.name('en')} is as it was.")


def _facts(rule: Rule, today: str) -> list[str]:
    whom = ", ".join([*rule.tiers, *rule.tags]) or "everybody"
    on = (next_day(rule.yearly, today) or "-") if rule.yearly else "their own"
    state = "on" if rule.is_active else "off"
    return [rule.key, rule.name("zh-Hant"), on, f"{rule.lead_days} days", rule.channel, whom, state]
