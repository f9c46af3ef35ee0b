"""Operator commands for customers, on the services that an API will use."""

import click

from server.features.customers import services
from server.features.territories.services import find_territory
from server.shared.actor import OPERATOR
from server.shared.db import db, reading
from server.shared.writer import current_writer


@click.group()
def customer() -> None:
    """Customers: an id, a code or the exact name stands for one."""


@customer.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--to", "territory", required=True, help="The territory: a name or an id.")
def move(names: tuple[str, ...], territory: str) -> None:
    """Give customers, with all that belongs to them, to another territory."""
    session = db.session()
    with reading(session):
        node = find_territory(session, territory)
        found = [services.find_customer(session, name) for name in names]
    services.move(current_writer(), OPERATOR, [customer_id for customer_id, _ in found], node.id)
    for _, name in found:
        click.echo(f"{name} is in {node.name}.")
