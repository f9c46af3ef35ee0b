"""Keeps a typed table equal to the rows that travel: one statement writes a whole batch.

Typed tables carry no foreign keys to other synced rows and no unique constraint but their key: a deleted
customer hides while its children stay, children may arrive later, and two devices may offline choose one
code (SPEC 5.9, R19). Duplicates are shown to people, never refused.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Dialect, Table, delete, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.orm import Session

from server.shared.orm import Base
from server.shared.registry import ProjectedRow

# Each with the mark by which its driver finds a value's place.
DIALECTS: tuple[tuple[Dialect, str], ...] = ((sqlite.dialect(), "?"), (psycopg.dialect(), "%s"))


class Upsert:
    """A statement and its values as a driver takes them: SQLAlchemy would work as long on the rows as the database.

    `names` are the columns besides the `id`; `packers` make of a value what the type of its column stores.
    """

    def __init__(self, table: Table, names: Sequence[str], dialect: Dialect, mark: str):
        columns = [f'"{name}"' for name in ("id", *names)]
        marks = ", ".join([mark] * len(columns))
        news = ", ".join(f"{name} = excluded.{name}" for name in columns[1:])
        into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        self.text = f"{into} ON CONFLICT (id) DO UPDATE SET {news}"
        self.names = names
        packers = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
        self.packers = [(name, pack) for name, pack in packers if pack]

    def run(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """Write these rows."""
        session.connection().exec_driver_sql(self.text, [self._values(row) for row in rows])

    def _values(self, row: ProjectedRow) -> tuple[Any, ...]:
        """A field that was never written is null."""
        fields = dict(row.fields)
        for name, pack in self.packers:
            fields[name] = pack(fields.get(name))
        return (row.pk, *map(fields.get, self.names))


class TableProjection:
    """Writes each field that has a column of the same name; `id` is the row's pk."""

    def __init__(self, model: type[Base]):
        self.table = cast("Table", model.__table__)
        self.names = [column.name for column in self.table.columns if column.name != "id"]
        # Built once: making a statement of thirty columns takes longer than running it.
        self.upserts = {dialect.name: Upsert(self.table, self.names, dialect, mark) for dialect, mark in DIALECTS}

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """Write these rows, all of them in one statement."""
        self.upserts[session.get_bind().dialect.name].run(session, rows)

    def remove(self, session: Session, pks: Sequence[str]) -> None:
        """Forget these rows."""
        session.connection().execute(delete(self.table).where(self.table.c.id.in_(list(pks))))

    def differing(self, session: Session, rows: Sequence[ProjectedRow]) -> list[str]:
        """The pks of those that are missing or not what `upsert` would write."""
        found = select(self.table).where(self.table.c.id.in_([row.pk for row in rows]))
        held = {record["id"]: dict(record) for record in session.connection().execute(found).mappings()}
        return [row.pk for row in rows if held.get(row.pk) != self.values(row)]

    def count(self, session: Session) -> int:
        """How many rows the table has."""
        return session.connection().execute(select(func.count()).select_from(self.table)).scalar_one()

    def values(self, row: ProjectedRow) -> dict[str, Any]:
        """The table's row; a field that was never written is null."""
        return {"id": row.pk, **{name: row.fields.get(name) for name in self.names}}
