"""Looks for damage: what the database itself says, and what rows, log, sums and typed tables say of each other."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Engine, select, text, tuple_
from sqlalchemy.orm import Session

from server.operations.check_conflicts import conflict_findings
from server.operations.check_log import log_findings
from server.replication.blobs.keeping import find_damage
from server.replication.blobs.store import BlobStore
from server.replication.log_writer import latest_sums
from server.replication.models import ScopeSum, SyncedRow
from server.shared.db import begin_snapshot, is_sqlite
from server.shared.log_lock import read_counters
from server.shared.registry import ProjectedRow, Registry, SyncedEntity
from sync.core.digest import MODULUS, row_digest, to_hex

CHUNK = 1_000
MAX_SHOWN = 20
"""Findings of one kind that are spelled out; the rest are counted."""
SERVED = ("entity", "pk", "root_pk", "scope", "epoch", "n", "agg", "line", "body", "digest", "deleted_by")
COLUMNS = [getattr(SyncedRow, name) for name in SERVED]

Findings = Iterator[str]
Held = Any
"""A row with the columns in SERVED."""


def check(engine: Engine, registry: Registry, blobs: BlobStore | None = None) -> list[str]:
    """A sentence for everything that is wrong, as of one moment; empty when nothing is. All of `blobs` is read, too."""
    with Session(engine) as session:
        begin_snapshot(session)
        own = [_database_findings(session), _row_findings(session, registry)]
        kinds = [*own, log_findings(session), conflict_findings(session)]
        kinds += [find_damage(session, blobs)] if blobs else []
        return [sentence for kind in kinds for sentence in _shortened(kind)]


def _shortened(findings: Findings) -> Findings:
    every = list(findings)
    yield from every[:MAX_SHOWN]
    if len(every) > MAX_SHOWN:
        yield f"… and {len(every) - MAX_SHOWN} more of this kind."


def _database_findings(session: Session) -> Findings:
    """SQLite checks its own pages and references; PostgreSQL only notices what is read below."""
    if is_sqlite(session):
        for (sentence,) in session.execute(text("PRAGMA integrity_check")):
            if sentence != "ok":
                yield f"SQLite says: {sentence}."
        for found in session.execute(text("PRAGMA foreign_key_check")):
            yield f"A row of {found[0]} refers to a row of {found[2]} that is not there."


def _row_findings(session: Session, registry: Registry) -> Findings:
    """Each row against its digest and line, each scope against its running sum, typed tables against rows."""
    totals: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    live: defaultdict[str, int] = defaultdict(int)
    for rows in _chunks(session):
        for row in rows:
            yield from _own_findings(row)
            if row.deleted_by is None:
                count, total = totals[row.scope]
                totals[row.scope] = count + 1, (total + _digest(row)) % MODULUS
                live[row.entity] += 1
        yield from _typed_findings(session, registry, rows)
    yield from _sum_findings(session, totals)
    yield from _surplus_findings(session, registry, live)


def _chunks(session: Session) -> Iterator[list[Held]]:
    """Every row, in key order, so many at a time that memory stays bounded."""
    key = (SyncedRow.entity, SyncedRow.pk)
    after = ("", "")
    while rows := session.execute(select(*COLUMNS).where(tuple_(*key) > after).order_by(*key).limit(CHUNK)).all():
        yield list(rows)
        after = (rows[-1].entity, rows[-1].pk)


def _digest(row: Held) -> int:
    return row_digest(row.entity, row.pk, (row.epoch, row.n), row.body)


def _own_findings(row: Held) -> Findings:
    name = f"{row.entity} {row.pk}"
    if _digest(row).to_bytes(16, "big") != row.digest:
        yield f"The body of {name} is not the one that its digest was made of."
    told = msgspec.json.decode(row.line)
    held = {"op": "upsert", "entity": row.entity, "pk": row.pk, "row_rev": [row.epoch, row.n]}
    if told != held | {"scope": row.scope, "agg": row.agg}:
        yield f"What is served of {name} ({told}) is not what its columns say."


def _sum_findings(session: Session, totals: dict[str, tuple[int, int]]) -> Findings:
    known = set(session.scalars(select(ScopeSum.scope).distinct()))
    sums = latest_sums(session, sorted(known | totals.keys()), read_counters(session).last_seq)
    for scope in sorted(known | totals.keys()):
        rows, running = totals.get(scope, (0, 0)), sums.get(scope, (0, 0))
        if rows != running:
            yield (
                f"Scope {scope}: its rows are {rows[0]} with the sum {to_hex(rows[1])}, "
                f"its running sum says {running[0]} and {to_hex(running[1])}."
            )


def _typed_findings(session: Session, registry: Registry, rows: list[Held]) -> Findings:
    groups: defaultdict[str, list[ProjectedRow]] = defaultdict(list)
    for row in rows:
        if row.deleted_by is None:
            fields = msgspec.json.decode(row.body)
            groups[row.entity].append(ProjectedRow(row.pk, row.root_pk, row.scope, fields))
    for entity, group in groups.items():
        found = registry.get(entity)
        for pk in found.project.differing(session, group) if found and found.project else []:
            yield f"The typed table's row of {entity} {pk} is not what the row says."


def _surplus_findings(session: Session, registry: Registry, live: dict[str, int]) -> Findings:
    """Missing typed rows were found above; here are those that should not be."""
    for entity in registry:
        surplus = _count(session, entity) - live.get(entity.spec.name, 0)
        if surplus > 0:
            yield f"The typed table of {entity.spec.name} has {surplus} rows too many."


def _count(session: Session, entity: SyncedEntity) -> int:
    return entity.project.count(session) if entity.project else 0
