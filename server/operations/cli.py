"""The operator's commands: backup, restore, check."""

import shlex
from pathlib import Path

import click
from flask import current_app

from server.operations.backup import back_up
from server.operations.check import check
from server.operations.restore import restore
from server.settings import Settings
from server.shared.clock import now
from server.shared.db import db
from server.shared.registry import current_registry


@click.command("backup")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Default: DATA_DIR/backups.")
@click.option("--after", default="", help="Run this with the file's path; the backup counts only if it succeeds.")
def backup_command(folder: Path | None, after: str) -> None:
    """Write a verified backup; the server may go on serving."""
    settings: Settings = current_app.extensions["baifang.settings"]
    folder = folder or Path(settings.data_dir) / "backups"
    path = back_up(db.engine, current_registry(), folder, now(), shlex.split(after))
    click.echo(f"{path} is verified.")


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a database that holds data.")
def restore_command(path: Path, *, replace: bool) -> None:
    """Put a backup in the database's place; stop the server first."""
    done = restore(db.engine, current_registry(), path, now(), may_replace=replace)
    click.echo(f"Restored up to change {done.facts.last_seq}; the new epoch is {done.epoch}. Everybody signs in again.")
    if done.former:
        click.echo(f"The former database is kept as {done.former}; remove it when it is no longer needed.")


@click.command("check")
def check_command() -> None:
    """Look for damage in the database; exit code 1 when there is some."""
    findings = check(db.engine, current_registry())
    for sentence in findings:
        click.echo(sentence)
    if findings:
        raise click.exceptions.Exit(1)
    click.echo("No damage found.")
