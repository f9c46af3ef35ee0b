"""Keeps a typed table equal to the rows that travel: one statement writes a whole batch.

Typed tables carry no foreign keys to other synced rows and no unique constraint but their key: a deleted
customer hides while its children stay, children may arrive later, and two devices may offline choose one
code (SPEC 5.9, R19). Duplicates are shown to people, never refused.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.shared.orm import Base
from server.shared.registry import ProjectedRow

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class TableProjection:
    """Writes each field that has a column of the same name; `id` is the row's pk."""

    def __init__(self, model: type[Base]):
        self.table = cast("Table", model.__table__)
        self.names = [column.name for column in self.table.columns if column.name != "id"]
        # Built once: making a statement of thirty columns takes longer than running it.
        self.upserts = {dialect: self._upsert(insert) for dialect, insert in INSERTS.items()}

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """Write these rows, all of them in one statement."""
        statement = self.upserts[session.get_bind().dialect.name]
        session.connection().execute(statement, [self.values(row) for row in rows])

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

    def _upsert(self, insert: Any) -> Any:
        statement = insert(self.table)
        news = {name: statement.excluded[name] for name in self.names}
        return statement.on_conflict_do_update(index_elements=["id"], set_=news)
