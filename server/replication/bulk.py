"""Statements over many rows at once, the same on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.shared.db import is_sqlite
from server.shared.orm import Base

Values = Mapping[str, Any]


def insert_all(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert rows; one that exists is an error, since somebody else wrote it meanwhile."""
    if rows:
        session.connection().execute(insert(model.__table__), rows)


def insert_new(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert the rows that do not exist yet."""
    if rows:
        dialect = sqlite if is_sqlite(session) else postgresql
        session.connection().execute(dialect.insert(model.__table__).on_conflict_do_nothing(), rows)


def update_all(session: Session, model: type[Base], keys: Sequence[str], rows: Sequence[Values]) -> None:
    """Update rows found by their key columns; every row brings the same columns."""
    if not rows:
        return
    table = model.__table__
    chosen = update(table).values({name: bindparam(name) for name in rows[0] if name not in keys})
    for name in keys:
        chosen = chosen.where(table.c[name] == bindparam(f"key_{name}"))
    renamed = [{f"key_{n}" if n in keys else n: value for n, value in row.items()} for row in rows]
    session.connection().execute(chosen, renamed)
