"""Operator commands for devices: who is signed in where, what each still holds, and ending either."""

import click
from flask import current_app

from server.auth import services as auth
from server.replication import outboxes
from server.replication.endpoints import PLACE
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db, reading, writing


@click.group()
def device() -> None:
    """Devices of people, and what they have not sent."""


@device.command("list")
@click.argument("login")
def show(login: str) -> None:
    """List a person's open sessions, and the outboxes of their devices with what is known to be unsent."""
    session = db.session()
    with reading(session):
        person = auth.find_user(session, login)
        for one in auth.list_devices(session, OPERATOR, person.id):
            click.echo(f"session\t{one.id}\t{one.device_name}\tlast seen {one.last_seen_at.isoformat()}")
        for outbox in outboxes.outboxes_of(session, person.id):
            ended = "" if outbox.destroyed_at is None else f"\tdestroyed by {outbox.destroyed_by}"
            click.echo(f"outbox\t{outbox.device}\t{outbox.received} received\t{outbox.unsent} known unsent{ended}")


@device.command()
@click.argument("session_id")
def revoke(session_id: str) -> None:
    """End a device's session; it wipes what it downloaded and delivers what it has not sent."""
    with writing(db.session()) as session:
        auth.revoke_device(session, OPERATOR, session_id, now())
    click.echo(f"{session_id} is ended.")


@device.command()
@click.argument("login")
@click.argument("outbox")
@click.confirmation_option(prompt="What this device has not sent will be lost for ever. Go on?")
def destroy(login: str, outbox: str) -> None:
    """Give up what a device has not sent; only after its session was revoked or its person disabled."""
    session = db.session()
    with reading(session):
        person_id = auth.find_user(session, login).id
    done = outboxes.destroy(current_app.extensions[PLACE], OPERATOR, person_id, outbox, now())
    click.echo(f"{outbox} is given up, with {done.unsent} changes not sent as far as is known.")
