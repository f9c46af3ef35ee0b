"""Writes what a unit of work holds: rows and projections in bulk, then the log."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.replication.blobs.references import note_references
from server.replication.bulk import insert_all, update_all
from server.replication.log_writer import Change
from server.replication.models import OpenConflict, SyncedRow
from server.replication.rows import Row, write_row
from server.replication.unit import Unit
from server.shared.registry import ProjectedRow, Registry


def flush_rows(unit: Unit) -> list[Change]:
    """Write every changed row, its projection and the open conflicts; returns what goes into the log."""
    changed = [row for key in unit.rows if _has_changed(unit, row := unit.rows[key])]
    _count_writes(unit)
    written = [(row, *write_row(row)) for row in changed]
    session = unit.session
    insert_all(session, SyncedRow, [r for row, r, _ in written if unit.stored.get(row.key) is None])
    existing = [r for row, r, _ in written if unit.stored.get(row.key) is not None]
    update_all(session, SyncedRow, ("entity", "pk"), existing)
    _project(session, unit.registry, changed)
    note_references(session, unit.registry, changed)
    _write_conflicts(unit)
    return [_change(unit, row, digest) for row, _, digest in written]


def _has_changed(unit: Unit, row: Row) -> bool:
    stored = unit.stored.get(row.key)
    return stored is None or stored.row.state is not row.state or stored.row.scope != row.scope


def _count_writes(unit: Unit) -> None:
    """A root that only counts its children's writes is not a changed row."""
    counted: list[dict[str, object]] = []
    for key in unit.rows:
        row, stored = unit.rows[key], unit.stored.get(key)
        if stored and not _has_changed(unit, row) and stored.row.agg_head != row.agg_head:
            counted.append({"entity": key[0], "pk": key[1], "agg_head": row.agg_head})
    update_all(unit.session, SyncedRow, ("entity", "pk"), counted)


def _project(session: Session, registry: Registry, rows: Sequence[Row]) -> None:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.key[0]].append(row)
    for entity in registry:
        group = groups.get(entity.spec.name)
        if not entity.project or not group:
            continue
        live = [ProjectedRow(r.key[1], r.root[1], r.scope, r.state.fields) for r in group if r.is_live]
        gone = [row.key[1] for row in group if not row.is_live]
        if live:
            entity.project.upsert(session, live)
        if gone:
            entity.project.remove(session, gone)


def _write_conflicts(unit: Unit) -> None:
    table = OpenConflict
    opened: list[dict[str, str]] = []
    for ((entity, row_pk), group), pk in unit.conflicts.kept.items():
        if (held := unit.stored_conflicts.get(((entity, row_pk), group))) == pk:
            continue
        if held:
            same = (table.entity == entity, table.row_pk == row_pk, table.group == group)
            unit.session.execute(delete(table).where(*same))
        if pk:
            opened.append({"entity": entity, "row_pk": row_pk, "group": group, "conflict_pk": pk})
    insert_all(unit.session, table, opened)


def _change(unit: Unit, row: Row, digest: int) -> Change:
    stored = unit.stored.get(row.key)
    return Change(
        key=row.key,
        rev=row.rev,
        scope_before=stored.row.scope if stored else None,
        scope_after=row.scope,
        digest_before=stored.digest if stored and stored.row.is_live else None,
        digest_after=digest if row.is_live else None,
    )
