"""Operator commands for people and their logins, on the services that an API will use."""

import click
from flask import current_app

from server.auth import services as auth
from server.features.people import services
from server.features.territories.services import regrant
from server.shared.actor import OPERATOR, Role
from server.shared.clock import now
from server.shared.db import db, reading, writing
from server.shared.writer import current_writer

ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """People and their logins."""


@user.command()
@click.argument("login")
@click.option("--name", help="The person's name as colleagues see it.")
@click.option("--role", type=ROLES, default=Role.REP.value, show_default=True)
@click.option("--title", help="What the person does, such as 業務經理.")
@click.option("--manager", help="Whom the person reports to: a login, a name or an id.")
@click.option("--person", help="Give the login to somebody known: a name or an id.")
def invite(login: str, name: str | None, role: str, title: str | None, manager: str | None, person: str | None) -> None:
    """Create a login and print its temporary password, once."""
    if bool(name) == bool(person):
        raise click.UsageError("Name a new colleague by --name, or one who is known by --person.")
    session = db.session()
    with reading(session):
        manager_id = services.find_person(session, manager).id if manager else None
        found = services.find_person(session, person) if person else None
    made = found or services.new_person(name or "", Role(role), manager_id, title)
    password = services.invite(session, current_writer(), OPERATOR, now(), login, made)
    regrant(session, now())
    click.echo(f"{made.name} ({made.role}): {auth.fold_login(login)} / {password}")
    click.echo(f"They sign in at {current_app.extensions['baifang.settings'].public_origin}")


@user.command("list")
def show() -> None:
    """List everybody: login, name, role, title, manager, id."""
    session = db.session()
    with reading(session):
        people, logins = services.all_people(session), auth.logins(session)
    names = {one.id: one.name for one in people}
    for one in people:
        manager = f"-> {names.get(one.manager_id or '', '?')}" if one.manager_id else ""
        state = "" if one.is_active else "disabled"
        facts = (logins.get(one.id, "-"), one.name, one.role, one.title or "", manager, state, one.id)
        click.echo("\t".join(facts))


@user.command("reset-password")
@click.argument("login")
def reset_password(login: str) -> None:
    """Give a person a new temporary password; their devices must sign in again."""
    with writing(db.session()) as session:
        password = auth.reset_password(session, OPERATOR, login, now())
    click.echo(f"{login} / {password}")


@user.command("set-password")
@click.argument("login")
@click.password_option(help="Asked for when left out, so that it stays out of the shell's history.")
def set_password(login: str, password: str) -> None:
    """Choose a person's password; their devices must sign in again."""
    with writing(db.session()) as session:
        person = auth.find_user(session, login)
        auth.set_password(session, OPERATOR, person, password, now(), is_temporary=False)
    click.echo(f"{login} has a new password.")


@user.command()
@click.argument("login")
def disable(login: str) -> None:
    """Bar a person; every device of theirs is refused from its next request on."""
    _set_active(login, is_active=False)
    click.echo(f"{login} is disabled.")


@user.command()
@click.argument("login")
def enable(login: str) -> None:
    """Let a disabled person sign in again."""
    _set_active(login, is_active=True)
    click.echo(f"{login} is active.")


def _set_active(login: str, *, is_active: bool) -> None:
    session = db.session()
    services.set_active(session, current_writer(), OPERATOR, now(), login, is_active)
    regrant(session, now())
