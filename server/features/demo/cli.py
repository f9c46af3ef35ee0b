"""The operator command that fills an empty server with a demo company."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from server.auth.passwords import temporary_password
from server.features.demo import errors, services
from server.keys import write_private
from server.settings import Settings
from server.shared.clock import now
from server.shared.db import db
from server.shared.writer import current_writer


@click.command()
@click.option("--customers", type=click.IntRange(1), default=300, show_default=True)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day all dates lie around.")
@click.option("--seed", default="2026", show_default=True, help="Another seed, another company.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
def demo(customers: int, today: datetime | None, seed: str, if_empty: bool) -> None:
    """Make up a company to try things with, and print its sign-in names; only in development."""
    settings: Settings = current_app.extensions["baifang.settings"]
    if not settings.is_development:
        raise errors.not_development()
    session, file = db.session(), Path(settings.data_dir) / "demo-password.txt"
    if not if_empty or services.is_empty(session):
        day = (today or now().astimezone(settings.zone)).date()
        plan = services.Plan(customers, day, settings.zone, seed)
        with click.progressbar(length=customers, label="Demo company") as bar:
            services.make(session, current_writer(), now(), plan, _password(file), lambda _: bar.update(1))
    if file.exists():
        _print_logins(file.read_text(encoding="ascii").strip())


def _password(file: Path) -> str:
    """The demo's one password, made on first use and kept for whoever comes back later."""
    if not file.exists():
        write_private(file, temporary_password())
    return file.read_text(encoding="ascii").strip()


def _print_logins(password: str) -> None:
    click.echo(f"Sign in with the password {password} as one of:")
    for login, person in services.logins().items():
        click.echo(f"  {login:6} {person.name} ({person.title}, {person.role})")
