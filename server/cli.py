"""Assembles the `baifang` command; each room offers its own group in its cli.py."""

import sys

import click
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.app import create_app
from server.auth.cli import user
from server.errors import DomainError, message
from server.serve import serve_forever
from server.settings import SettingsError, load_settings
from server.shared import migrate
from server.shared.db import db


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
    """Serve the app and the sync API."""
    serve_forever(app.extensions["baifang.settings"])


@baifang.group("db")
def database() -> None:
    """Versions of the database."""


@database.command()
@click.argument("target", default="head")
def up(target: str) -> None:
    """Apply migrations up to TARGET (all of them when left out)."""
    migrate.upgrade(db.engine, target)
    version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    click.echo(f"Database is at {version}.")


@database.command()
@click.argument("target")
def down(target: str) -> None:
    """Undo migrations down to TARGET; "base" undoes all of them."""
    migrate.downgrade(db.engine, target)
    click.echo(f"Database is back at {target}.")


for group in (user,):
    baifang.add_command(group)


def main() -> None:
    """Run a command; a refusal is one sentence on standard error and exit code 1."""
    try:
        baifang(prog_name="baifang")
    except DomainError as refusal:
        sys.exit(message(refusal.code, "en", refusal.details))
    except DBAPIError as problem:
        sys.exit(f"The database refused: {problem.orig}\nIf it is new, run `baifang db up` first.")
