"""The operator's commands: backup, restore, check, purge, erase, sweep-blobs."""

import shlex
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app

from server.operations.backup import back_up
from server.operations.check import check
from server.operations.erase_list import EraseList
from server.operations.erasure import Outlook, compare, erase_subject, keep_erased, look, people
from server.operations.restore import restore
from server.operations.store import store_of
from server.replication import outboxes
from server.replication.blobs.endpoints import shelf
from server.replication.blobs.keeping import sweep
from server.replication.endpoints import PLACE
from server.replication.place import Place
from server.replication.purge import purge
from server.settings import Settings
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db, reading
from server.shared.registry import current_registry


@click.command("backup")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Default: DATA_DIR/backups.")
@click.option("--after", default="", help="Run this with the file's path; the backup counts only if it succeeds.")
def backup_command(folder: Path | None, after: str) -> None:
    """Write a verified backup; the server may go on serving."""
    settings: Settings = current_app.extensions["baifang.settings"]
    folder = folder or Path(settings.data_dir) / "backups"
    path = back_up(db.engine, current_registry(), folder, now(), shlex.split(after), shelf().store)
    click.echo(f"{path} is verified.")


@click.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a database that holds data.")
def restore_command(path: Path, *, replace: bool) -> None:
    """Put a backup in the database's place; stop the server first."""
    listing = erase_list()
    done = restore(db.engine, current_registry(), path, now(), listing, may_replace=replace, blobs=shelf().store)
    click.echo(f"Restored up to change {done.facts.last_seq}; the new epoch is {done.epoch}. Everybody signs in again.")
    if done.erased:
        click.echo(f"{done.erased} people's data, erased since that backup, was erased in it again.")
    if not listing.exists:
        click.echo(f"There is no erase list at {listing.path}: if anybody's data was erased since, put the list there")
        click.echo("and run `baifang erased` before you start the server.")
    if done.lost:
        click.echo(f"{done.lost} files are not beside the backup; devices that still hold them send them again.")
    if done.former:
        click.echo(f"The former database is kept as {done.former}; remove it when it is no longer needed.")


@click.command("check")
def check_command() -> None:
    """Look for damage in the database and the blobs; exit code 1 when there is some. Also tells what was given up."""
    with reading(db.session()) as session:
        given_up = outboxes.sentences(outboxes.destroyed(session))
    findings = [*check(db.engine, current_registry(), shelf().store), *compare(db.engine, erase_list())]
    for sentence in [*given_up, *findings]:
        click.echo(sentence)
    if findings:
        raise click.exceptions.Exit(1)
    click.echo("No damage found.")


@click.command("purge")
def purge_command() -> None:
    """Remove the log and deleted rows of before `retention_days`; the server may go on serving."""
    done = purge(place())
    click.echo(f"Removed {done.log_entries} log entries, {done.rows} deleted rows and {done.receipts} receipts.")
    click.echo(f"The log begins at {done.floor_seq}.")


@click.command("erase")
@click.argument("entity")
@click.argument("pk")
@click.option("--yes", is_flag=True, help="Do it; without this nothing is changed.")
def erase_command(entity: str, pk: str, *, yes: bool) -> None:
    """Erase a person for good: ENTITY is contact or customer, PK the last part of its address in the app."""
    if entity not in people(current_registry()):
        raise click.UsageError(f"Only {' and '.join(people(current_registry()))} can be people.")
    if not yes:
        show(look(place(), OPERATOR, (entity, pk)))
        return
    done = erase_subject(place(), erase_list(), OPERATOR, (entity, pk), now())
    sweep(shelf())
    click.echo(f"Erased: {counted(done.rows, done.mutations)}. Whatever still comes for it is dropped.")
    if not done.is_compact:
        click.echo("Somebody was reading, so that the log beside the database still holds it: repeat the command.")
    tell_copies()


@click.command("erased")
def erased_command() -> None:
    """Say how many rows were ever erased, and let the erase list and the database say the same."""
    done = keep_erased(place(), erase_list())
    sweep(shelf())
    listed = erase_list().read()
    requests = sum(one.is_own for one in listed)
    click.echo(f"{requests} people's data erased, {len(listed)} rows; {done} of them only now. See {erase_list().path}")


def show(outlook: Outlook) -> None:
    """The dry run."""
    click.echo(f"This would erase for good: {counted(outlook.rows, outlook.mutations)}.")
    if outlook.references:
        click.echo(f"{len(outlook.references)} rows name this person in a field of theirs and stay as they are:")
    for entity, pk in outlook.references:
        click.echo(f"  {entity} {pk}")
    click.echo("What was written about them in words elsewhere, in notes of visits for instance, is found by nobody's")
    click.echo("key: look for the name in the app and edit it out.")
    tell_copies()
    click.echo("Nothing was changed. To do it: --yes")


def counted(rows: Mapping[str, int], mutations: int) -> str:
    """What goes, in numbers."""
    parts = [f"{count} {entity}" for entity, count in sorted(rows.items())]
    return ", ".join([*parts, f"{mutations} entries of the history"])


def tell_copies() -> None:
    """Name what an erasure does not reach and a person has to remove."""
    settings: Settings = current_app.extensions["baifang.settings"]
    backups = [str(path) for path in sorted(Path(settings.data_dir, "backups").glob("*"))]
    copies = [*backups, *store_of(db.engine).former()]
    if copies:
        click.echo("Copies that may hold it until you remove them (a restore erases it again):")
    for name in copies:
        click.echo(f"  {name}")


def place() -> Place:
    """What `app.py` bound replication to."""
    return current_app.extensions[PLACE]


def erase_list() -> EraseList:
    """The list of this server."""
    settings: Settings = current_app.extensions["baifang.settings"]
    return EraseList(Path(settings.erase_list))


@click.command("sweep-blobs")
def sweep_command() -> None:
    """Let go of photos and files that nothing has named for 200 days, and of uploads that stood still for a week."""
    swept = sweep(shelf())
    click.echo(f"Gone: {swept.blobs} blobs, {swept.uploads} unfinished uploads, {swept.files} files of nobody's.")
