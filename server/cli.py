"""Assembles the `baifang` command; each room offers its own group in its cli.py."""

import logging.config
import sys

import click
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.app import create_app, make_registry, what_to_do
from server.errors import DomainError, message
from server.features.calendar.cli import calendar, renew_holidays
from server.features.customers.cli import customer
from server.features.demo.cli import demo
from server.features.importing.cli import import_
from server.features.interactions.services import catch_up
from server.features.occasions.cli import occasion
from server.features.people.cli import user
from server.features.reminders.cli import vapid
from server.features.territories.cli import territory
from server.features.touches.cli import cadence
from server.operations.cli import (
    backup_command,
    check_command,
    erase_command,
    erase_list,
    erased_command,
    purge_command,
    restore_command,
    sweep_command,
)
from server.operations.erasure import is_of_this_release, keep_erased
from server.replication.blobs.endpoints import SHELF
from server.replication.blobs.keeping import sweep_let_go
from server.replication.cli import device
from server.replication.endpoints import PLACE
from server.replication.entities import with_system_entities
from server.replication.release import replay
from server.serve import serve_forever
from server.settings import SettingsError, load_settings
from server.shared import catalogue, migrate, working
from server.shared.clock import now, to_ms
from server.shared.db import db
from server.shared.logs import dict_config
from server.shared.writer import current_writer
from server.worker import Worker, work_until_told


@click.group()
@click.pass_context
def baifang(context: click.Context) -> None:
    """Baifang 拜訪: run and look after the sync server."""
    try:
        settings = load_settings()
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from problem
    app = create_app(settings)
    context.obj = app
    context.with_resource(app.app_context())


@baifang.command()
@click.pass_obj
def serve(app: Flask) -> None:
    """Serve the app and the sync API; what was erased on request is gone before anybody is served."""
    if is_of_this_release(db.engine):
        keep_erased(app.extensions[PLACE], erase_list())
        sweep_let_go(app.extensions[SHELF])
    serve_forever(app.extensions["baifang.settings"])


@baifang.command()
@click.pass_obj
def worker(app: Flask) -> None:
    """Do what is due: reminders, digests. Several may run beside each other, and any may be killed."""
    logging.config.dictConfig(dict_config(app.extensions["baifang.settings"]))
    work_until_told(Worker(app.extensions[working.KEY], what_to_do()))


@baifang.group("db")
def database() -> None:
    """Versions of the database."""


@database.command()
@click.argument("target", default="head")
@click.pass_obj
def up(app: Flask, target: str) -> None:
    """Apply migrations up to TARGET (all of them when left out), then what an older server left undone."""
    migrate.upgrade(db.engine, target)
    version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    click.echo(f"Database is at {version}.")
    if target == "head":
        _catch_up(app)


def _catch_up(app: Flask) -> None:
    if applied := replay(app.extensions[PLACE]):
        click.echo(f"Applied {applied} changes that had waited for an update.")
    if noted := catch_up(db.session(), current_writer(), to_ms(now())):
        click.echo(f"Noted the last contact on each channel of {noted} customers.")
    renew_holidays()


@database.command()
@click.argument("target")
def down(target: str) -> None:
    """Undo migrations down to TARGET; "base" undoes all of them."""
    migrate.downgrade(db.engine, target)
    click.echo(f"Database is back at {target}.")


@baifang.group("catalog")
def catalog() -> None:
    """Files generated from the code, kept with it."""


@catalog.command()
def entities() -> None:
    """Write config/catalogs/entities.json, which tells the browser app of every entity."""
    registry = with_system_entities(make_registry())
    catalogue.FILE.write_text(catalogue.render(registry), encoding="utf-8")
    click.echo(f"{len(registry.entities)} entities in {catalogue.FILE}")


ROOMS = (user, device, territory, customer, calendar, cadence, occasion, demo, import_, vapid)
OPERATIONS = (
    backup_command,
    restore_command,
    check_command,
    purge_command,
    erase_command,
    erased_command,
    sweep_command,
)
for group in (*ROOMS, *OPERATIONS):
    baifang.add_command(group)


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 1."""
    try:
        baifang(prog_name="baifang")
    except DomainError as refusal:
        sys.exit(message(refusal.code, "en", refusal.details))
    except DBAPIError as problem:
        sys.exit(f"The database refused: {problem.orig}\nIf it is new, run `baifang db up` first.")
