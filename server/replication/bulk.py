"""Statements over many rows at once, past SQLAlchemy's per-row work, the same on both databases."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.shared.db import is_sqlite
from server.shared.orm import Base

WORTH_COPYING = 20
Values = Mapping[str, Any]


def insert_all(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert rows; one that exists is an error, since somebody else wrote it meanwhile."""
    if not rows:
        return
    columns = list(rows[0])
    if len(rows) >= WORTH_COPYING and not is_sqlite(session):
        _copy(session, model.__tablename__, columns, rows)
        return
    places = ", ".join([_place(session)] * len(columns))
    statement = f"INSERT INTO {model.__tablename__} ({_names(columns)}) VALUES ({places})"  # noqa: S608
    _run(session, statement, columns, rows)


def insert_new(session: Session, model: type[Base], rows: Sequence[Values]) -> None:
    """Insert the rows that do not exist yet."""
    if rows:
        dialect = sqlite if is_sqlite(session) else postgresql
        session.connection().execute(dialect.insert(cast("Table", model.__table__)).on_conflict_do_nothing(), rows)


def update_all(session: Session, model: type[Base], keys: Sequence[str], rows: Sequence[Values]) -> None:
    """Update rows found by their key columns; every row brings the same columns."""
    if not rows:
        return
    columns = [name for name in rows[0] if name not in keys]
    place = _place(session)
    news = ", ".join(f'"{name}" = {place}' for name in columns)
    chosen = " AND ".join(f'"{name}" = {place}' for name in keys)
    statement = f"UPDATE {model.__tablename__} SET {news} WHERE {chosen}"  # noqa: S608
    _run(session, statement, [*columns, *keys], rows)


def _run(session: Session, statement: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
    # Of one column it would make no tuples, but every table has more.
    values = list(map(itemgetter(*columns), rows))
    session.connection().exec_driver_sql(statement, values)


def _place(session: Session) -> str:
    return "?" if is_sqlite(session) else "%s"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _copy(session: Session, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
    """PostgreSQL's own way for many rows, several times as fast as INSERT."""
    names = SQL(", ").join(map(Identifier, columns))
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
    driver: Any = session.connection().connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in columns])
    except psycopg.Error as problem:
        raise DBAPIError.instance("COPY", None, problem, psycopg.Error) from problem
