"""What the two databases must do for us: durable, ordered, honest when they cannot write."""

import threading
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.orm import Session

from server.auth.models import User
from server.shared.db import begin_snapshot, begin_writing, db, prepare, writing
from tests.factories.apps import Browser
from tests.integration.test_sign_in import code


@pytest.fixture
def engine(database_url: str):
    engine = prepare(create_engine(database_url))
    yield engine
    engine.dispose()


def add_user(session: Session, login: str) -> None:
    session.execute(
        text(
            "INSERT INTO users (id, login, password_hash, is_password_temporary, name, role, is_active, locale,"
            " created_at) VALUES (:login, :login, '', true, '', 'rep', true, '', '2026-01-01 00:00:00')"
        ),
        {"login": login},
    )


def count(session: Session) -> int:
    return session.scalar(text("SELECT count(*) FROM users")) or 0


def test_sqlite_is_durable_and_checks_references(sqlite_url: str):
    engine = prepare(create_engine(sqlite_url))
    with engine.connect() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert values == ["wal", 2, 1, 10000]


def test_writers_that_read_first_wait_their_turn(engine: Engine):
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            for turn in range(5):
                with Session(engine) as session, writing(session):
                    count(session)
                    add_user(session, f"{number}-{turn}")
        except Exception as problem:
            errors.append(problem)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert errors == []
    with Session(engine) as session:
        assert count(session) == 20


def test_a_failing_block_leaves_nothing_behind(engine: Engine):
    def fail() -> None:
        with Session(engine) as session, writing(session):
            add_user(session, "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with Session(engine) as session:
        assert count(session) == 0


def test_a_snapshot_does_not_see_what_is_committed_meanwhile(engine: Engine):
    with Session(engine) as reader:
        begin_snapshot(reader)
        assert count(reader) == 0
        with Session(engine) as writer, writing(writer):
            add_user(writer, "late")
        assert count(reader) == 0


def test_savepoints_roll_back_alone(engine: Engine):
    with Session(engine) as session:
        begin_writing(session)
        add_user(session, "kept")
        with session.begin_nested() as savepoint:
            add_user(session, "dropped")
            savepoint.rollback()
        session.commit()
    with Session(engine) as session:
        assert session.scalars(text("SELECT login FROM users")).all() == ["kept"]


def test_moments_come_back_aware(app: Flask, add_person, clock):
    add_person("wang")
    with app.app_context():
        assert db.session.scalars(select(User.created_at)).one() == clock()


def test_readiness_names_the_migration(client: Browser):
    body = client.get("/health/ready").json
    assert body["status"] == "ok"
    assert body["migration"]


def test_an_unreachable_database_is_said_with_a_wait(client: Browser, app: Flask, backend: str):
    lose_database(app, backend)
    assert client.get("/health").status_code == 200
    answer = client.get("/health/ready", headers={"Accept-Language": "zh-Hans"})
    assert (answer.status_code, code(answer)) == (503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert "服务器" in answer.json["error"]["message"]


def lose_database(app: Flask, backend: str) -> None:
    with app.app_context():
        engine = db.engine
        engine.dispose()
        if backend == "sqlite":
            path = Path(engine.url.database or "")
            path.rename(path.with_suffix(".gone"))
            path.mkdir()
        else:
            cast("dict[None, Engine]", db.engines)[None] = create_engine(engine.url.set(query={"host": "/nowhere"}))


def make_unwritable(app: Flask) -> None:
    """Read-only in a way that also stops root."""
    with app.app_context():
        engine = db.engine
        engine.dispose()

        @event.listens_for(engine, "connect")
        def refuse_writes(connection, _record) -> None:
            if engine.dialect.name == "sqlite":
                connection.execute("PRAGMA query_only=ON")
            else:
                connection.execute("SET default_transaction_read_only = on")
                connection.commit()


def test_a_read_only_database_refuses_a_write_and_still_answers_reads(client: Browser, app: Flask, add_person, clock):
    add_person("wang")
    client.sign_in("wang")
    make_unwritable(app)
    clock.advance(hours=1)
    assert client.get("/auth/v1/session").status_code == 200
    answer = client.post("/auth/v1/sign-out")
    assert (answer.status_code, code(answer)) == (503, "read_only")
