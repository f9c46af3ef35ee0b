"""Operator commands for the territory tree, on the services that an API will use."""

from datetime import datetime
from typing import cast

import click
from flask import current_app

from server.features.people.services import all_people, find_person
from server.features.territories import services
from server.features.territories.dated import Dated, Period
from server.features.territories.tree import in_order
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db, reading
from server.shared.writer import current_writer

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def territory() -> None:
    """The territory tree: names or ids stand for territories, logins or names for people."""


@territory.command()
@click.argument("name")
@click.option("--under", help="The territory above; the company itself when left out.")
@click.option("--kind", type=click.Choice(["region", "patch"]), default="patch", show_default=True)
def add(name: str, under: str | None, kind: str) -> None:
    """Add a territory."""
    company = current_app.extensions["baifang.settings"].company_name
    session, writer = db.session(), current_writer()
    services.ensure_root(writer, OPERATOR, company)
    with reading(session):
        parent = services.find_territory(session, under or services.ROOT_ID)
    kind_ = cast("services.Kind", kind)
    made = services.add(session, writer, OPERATOR, now(), name, parent, kind_)
    click.echo(f"{made.name} ({made.id}) is under {parent.name}.")


@territory.command()
@click.argument("name")
@click.argument("under")
def move(name: str, under: str) -> None:
    """Hang a territory, with all below it, UNDER another."""
    session = db.session()
    with reading(session):
        node, parent = (services.find_territory(session, text) for text in (name, under))
    services.move(session, current_writer(), OPERATOR, now(), node, parent)
    click.echo(f"{node.name} is under {parent.name}.")


@territory.command()
@click.argument("name")
@click.argument("person")
@click.option("--from", "first", type=DAY, help="The first day, in the company's zone; from now on when left out.")
@click.option("--to", "last", type=DAY, help="The last day, which is included; without an end when left out.")
def assign(name: str, person: str, first: datetime | None, last: datetime | None) -> None:
    """Let a PERSON work a territory and all below it, always or from one day to another."""
    session = db.session()
    zone = current_app.extensions["baifang.settings"].zone
    period = Period(first.date() if first else None, last.date() if last else None, zone)
    with reading(session):
        node, one = services.find_territory(session, name), find_person(session, person)
    services.assign(session, current_writer(), OPERATOR, now(), node, one, period)
    days = "".join(f" {word} {day:%Y-%m-%d}" for word, day in (("from", first), ("to", last)) if day)
    click.echo(f"{one.name} works {node.name}{days}.")


@territory.command()
@click.argument("name")
@click.argument("person")
def unassign(name: str, person: str) -> None:
    """Take a territory from a PERSON; its customers leave their devices."""
    session = db.session()
    with reading(session):
        node, one = services.find_territory(session, name), find_person(session, person)
    services.unassign(session, current_writer(), OPERATOR, now(), node, one)
    click.echo(f"{one.name} no longer works {node.name}.")


@territory.command("list")
def show() -> None:
    """Print the tree with the people who work each territory."""
    session = db.session()
    with reading(session):
        nodes = services.all_territories(session)
        names = {one.id: one.name for one in all_people(session)}
    for depth, node in in_order(nodes):
        people = "、".join(
            [names.get(one, one) for one in node.person_ids]
            + [f"{names.get(one.person_id, one.person_id)} {_days(one)}" for one in node.dated]
        )
        click.echo(f"{'  ' * depth}{node.name}\t{node.kind}\t{people}\t{node.id}")


def _days(one: Dated) -> str:
    return f"({one.from_on or ''}..{one.to_on or ''})"
