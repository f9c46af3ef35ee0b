"""Remembers what imports wrote, so that a later one knows what is the files' doing and what a person's."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from server.features.importing.models import ImportPlan, ImportRow
from server.shared.db import reading, writing
from server.shared.ids import new_id
from server.shared.writer import Rev

Key = tuple[str, str]
"""Entity and pk."""


@dataclass(frozen=True)
class Imported:
    """A row as imports last wrote it; see ImportRow."""

    entity: str
    pk: str
    source: str
    plan_id: str
    values: Mapping[str, Any]
    rev: Rev
    removed_by: str | None = None

    @property
    def key(self) -> Key:
        """Entity and pk."""
        return self.entity, self.pk


def fingerprint(mapping: bytes, files: Mapping[str, bytes]) -> str:
    """Tells this very input from any other, in 64 hex digits."""
    whole = sha256(sha256(mapping).digest())
    for name in sorted(files):
        whole.update(sha256(name.encode()).digest() + sha256(files[name]).digest())
    return whole.hexdigest()


def find_unfinished(session: Session, mark: str) -> str | None:
    """The id of the plan of the same input that was broken off, if there is one."""
    table = ImportPlan
    with reading(session):
        return session.scalar(select(table.id).where(table.fingerprint == mark, table.finished_at.is_(None)))


def is_plan(session: Session, plan_id: str) -> bool:
    """Whether there ever was such a plan."""
    with reading(session):
        return session.get(ImportPlan, plan_id) is not None


def begin(session: Session, source: str, mark: str, now: datetime) -> str:
    """Note a new plan before its first row; returns its id."""
    plan_id = new_id()
    with writing(session):
        session.add(ImportPlan(id=plan_id, source=source, fingerprint=mark, started_at=now))
    return plan_id


def finish(session: Session, plan_id: str, now: datetime) -> None:
    """Note that a plan is complete."""
    with writing(session):
        session.execute(update(ImportPlan).where(ImportPlan.id == plan_id).values(finished_at=now))


def recall(session: Session, keys: Iterable[Key]) -> dict[Key, Imported]:
    """What imports last wrote to these rows, for those that any import wrote."""
    by_entity: dict[str, list[str]] = {}
    for entity, pk in keys:
        by_entity.setdefault(entity, []).append(pk)
    found = [
        row
        for entity, pks in by_entity.items()
        for row in _select(session, ImportRow.entity == entity, ImportRow.pk.in_(pks))
    ]
    return {row.key: row for row in found}


def recall_plan(session: Session, plan_id: str) -> list[Imported]:
    """The rows that a plan created and that were not taken back."""
    return _select(session, ImportRow.plan_id == plan_id, ImportRow.removed_by.is_(None))


def recall_source(session: Session, source: str) -> set[Key]:
    """Every row of a source that stands."""
    with reading(session):
        columns = select(ImportRow.entity, ImportRow.pk)
        rows = session.execute(columns.where(ImportRow.source == source, ImportRow.removed_by.is_(None)))
        return {(entity, pk) for entity, pk in rows}


def remember(session: Session, rows: Sequence[Imported]) -> None:
    """Write these in one transaction, over what was known of them."""
    with writing(session):
        for row in rows:
            session.merge(_to_model(row))


def forget(session: Session, rows: Sequence[Imported], removed_by: Mapping[Key, str], revs: Mapping[Key, Rev]) -> None:
    """Note that rows were taken back, by which deletes, and the revisions that these made."""
    remember(session, [replace(row, removed_by=removed_by[row.key], rev=revs[row.key]) for row in rows])


def forget_values(session: Session, keys: Sequence[Key]) -> None:
    """Forget what files said of rows that were erased on request; that they came by an import stays known (R34)."""
    table = ImportRow
    for entity in {entity for entity, _ in keys}:
        pks = [pk for name, pk in keys if name == entity]
        session.execute(update(table).where(table.entity == entity, table.pk.in_(pks)).values(values="{}"))


def _select(session: Session, *conditions: ColumnElement[bool]) -> list[Imported]:
    with reading(session):
        models = session.scalars(select(ImportRow).where(*conditions).order_by(ImportRow.entity, ImportRow.pk))
        return [_from_model(model) for model in models]


def _from_model(model: ImportRow) -> Imported:
    values = json.loads(model.values)
    rev = (model.epoch, model.n)
    return Imported(model.entity, model.pk, model.source, model.plan_id, values, rev, model.removed_by)


def _to_model(row: Imported) -> ImportRow:
    return ImportRow(
        entity=row.entity,
        pk=row.pk,
        source=row.source,
        plan_id=row.plan_id,
        values=json.dumps(row.values, ensure_ascii=False),
        epoch=row.rev[0],
        n=row.rev[1],
        removed_by=row.removed_by,
    )
