"""Operator commands for people's logins, on the services that the API uses."""

import click
from flask import current_app

from server.auth import services
from server.shared.actor import OPERATOR, Role
from server.shared.clock import now
from server.shared.db import db, writing

ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """Logins of people."""


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="The person's name as colleagues see it.")
@click.option("--role", type=ROLES, default=Role.REP.value, show_default=True)
def invite(login: str, name: str, role: str) -> None:
    """Create a login and print its temporary password, once."""
    with writing(db.session()) as session:
        made, password = services.invite(session, OPERATOR, now(), login=login, name=name, role=Role(role))
    click.echo(f"{made.name} ({made.role}): {made.login} / {password}")
    click.echo(f"They sign in at {current_app.extensions['baifang.settings'].public_origin}")


@user.command("reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """Give a person a new temporary password; their devices must sign in again."""
    with writing(db.session()) as session:
        password = services.reset_password(session, OPERATOR, login, now())
    click.echo(f"{login} / {password}")


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Bar a person; every device of theirs is refused from its next request on."""
    with writing(db.session()) as session:
        services.disable_user(session, OPERATOR, login, now())
    click.echo(f"{login} is disabled.")


@user.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let a disabled person sign in again."""
    with writing(db.session()) as session:
        services.enable_user(session, OPERATOR, login, now())
    click.echo(f"{login} is active.")
