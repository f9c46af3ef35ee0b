"""The database session, and the transaction habits of the two databases."""

import select
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

from server.settings import Settings
from server.shared.orm import Base

# Rows stay readable after commit: answers are written from them when the work is done.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

# synchronous=FULL: what was acknowledged survives a power cut.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
REST_S = 30
"""After so many seconds unused a connection is tried before it is used again."""


def init_db(app: Flask, settings: Settings) -> None:
    """Bind the session to the configured database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    # What people typed must not come into logs by way of an exception's words.
    options: dict[str, Any] = {"hide_parameters": True}
    if not is_sqlite_url(settings.database_url):
        options |= {"pool_size": settings.threads}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> Engine:
    """Give SQLite our pragmas and our own BEGIN; of PostgreSQL's connections let none be used that is dead."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", set_pragmas)
        event.listen(engine, "begin", begin_sqlite)
    else:
        event.listen(engine, "checkin", note_rest)
        event.listen(engine, "checkout", refuse_dead)
    return engine


def note_rest(_connection: object, record: Any) -> None:
    """Remember since when a connection waits in the pool."""
    record.info["rests_since"] = time.monotonic()


def refuse_dead(connection: Any, record: Any, _lent: object) -> None:
    """Let the pool connect anew where the server has gone.

    One that goes says so, and then there is something to read; only what may have died in silence is asked.
    """
    since = record.info.get("rests_since")
    if since is None:  # just connected
        return
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if (poll.poll(0) or time.monotonic() - since > REST_S) and not answers(connection):
        raise InvalidatePoolError


def answers(connection: Any) -> bool:
    """Whether PostgreSQL is there."""
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error:
        return False
    return True


def set_pragmas(connection: Any, _record: object) -> None:
    """Take transactions out of the driver's hands: it would begin them too late."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """Begin DEFERRED for readers, IMMEDIATE for writers, as `begin_writing` asks; nothing for `glancing`."""
    kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    if kind:
        connection.exec_driver_sql(f"BEGIN {kind}")


def begin_writing(session: Session) -> None:
    """Must be the first use of the session in its transaction.

    A SQLite transaction that reads before it writes fails at once when another one wrote meanwhile;
    an IMMEDIATE one waits its turn instead.
    """
    if is_sqlite(session):
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def begin_snapshot(session: Session) -> None:
    """Must be the first use of the session: everything read afterwards is of one moment."""
    if not is_sqlite(session):
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        session.connection(execution_options=options)


@contextmanager
def glancing(engine: Engine) -> Generator[Connection]:
    """For one statement that only reads: it is of one moment by itself, so nothing is begun and ended around it."""
    with engine.connect() as connection:
        alone = {"sqlite_begin": None} if connection.dialect.name == "sqlite" else {"isolation_level": "AUTOCOMMIT"}
        yield connection.execution_options(**alone)


@contextmanager
def writing(session: Session) -> Generator[Session]:
    """One writing transaction: committed at the end, rolled back on any error."""
    begin_writing(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def reading(session: Session) -> Generator[Session]:
    """Reads and lets go: nothing stays open that a later writing transaction would trip over."""
    try:
        yield session
    finally:
        session.rollback()


def is_sqlite(session: Session) -> bool:
    """Whether the session works on SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def is_sqlite_url(url: str) -> bool:
    """Whether an address names a SQLite file."""
    return url.startswith("sqlite:")
