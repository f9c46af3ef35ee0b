"""The operator's import command: a report first, then the writing."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app

from server.errors import LANGUAGES
from server.features.importing import undoing
from server.features.importing.mapping import parse_mapping
from server.features.importing.memory import find_unfinished, fingerprint
from server.features.importing.planning import Plan, make_plan
from server.features.importing.problems import BadInputError
from server.features.importing.report import Report
from server.features.importing.services import Importing, Outcome
from server.features.importing.shapes import kinds_of
from server.features.importing.tables import read_files
from server.shared.actor import OPERATOR
from server.shared.clock import now
from server.shared.db import db
from server.shared.registry import current_registry
from server.shared.writer import current_writer

PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("mapping", type=PATH, required=False)
@click.argument("files", type=PATH, nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only report; write nothing.")
@click.option("--undo", "plan_id", metavar="PLAN", help="Take back the import of this number.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="In which faults are told.")
def import_(mapping: Path | None, files: tuple[Path, ...], dry_run: bool, plan_id: str | None, language: str) -> None:
    """Import CSV FILES by a TOML MAPPING: people, territories, customers with sites and contacts.

    One bad row, and nothing is written. The same command again changes nothing, or goes on where it was
    broken off; with changed files it writes only what differs.
    """
    report = Report(language)
    if plan_id is not None:
        _say(report.undone(undoing.undo(_importing(), plan_id, now())))
    elif mapping is None:
        raise click.UsageError("Name a mapping and its files, or --undo PLAN.")
    else:
        _import(report, mapping, files, dry_run)


def _import(report: Report, mapping: Path, files: tuple[Path, ...], dry_run: bool) -> None:
    importing = _importing()
    try:
        given = read_files([mapping, *files])
        text = given.pop(mapping.name)
        plan = make_plan(parse_mapping(text, mapping.name), mapping.name, given, importing.kinds)
    except BadInputError as bad:
        _say(report.problems("Faults", bad.problems))
        sys.exit("Nothing was written.")
    outlook = None if plan.problems else importing.look(plan)
    _say(report.plan(plan, outlook))
    if outlook is None:
        sys.exit("Nothing was written.")
    mark = fingerprint(text, _used(plan, given))
    if dry_run:
        click.echo("\nA dry run: nothing was written.")
    elif outlook.is_nothing and not find_unfinished(importing.session, mark):
        click.echo("\nNothing to write: everything is as the files say.")
    else:
        _say(report.outcome(_write(importing, plan, mark)))


def _write(importing: Importing, plan: Plan, mark: str) -> Outcome:
    company = current_app.extensions["baifang.settings"].company_name
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=len(plan.units), label="Writing", file=sys.stderr, hidden=hidden) as bar:
        return importing.write(plan, mark, company, now(), lambda: bar.update(1))


def _importing() -> Importing:
    return Importing(db.session(), current_writer(), OPERATOR, kinds_of(current_registry()))


def _used(plan: Plan, given: dict[str, bytes]) -> dict[str, bytes]:
    """Files that the mapping does not use make no other import."""
    return {table.sheet.file: given[table.sheet.file] for table in plan.loaded.tables.values()}


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
