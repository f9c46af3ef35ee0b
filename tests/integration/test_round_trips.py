"""How often a poll, a chunk and a page go to the database: on PostgreSQL the way there costs more than the work."""

import json
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from backports import zstd
from flask import Flask
from sqlalchemy import event, text

from server.replication import snapshot
from server.shared.db import db
from sync.core.digest import sha_hex
from tests.factories.apps import Browser
from tests.integration.test_sync_http import DEVICE, NDJSON, PULL, body, envelope, header

ZSTD = {"Accept-Encoding": "zstd"}


@pytest.fixture(autouse=True)
def one_row_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make chunks of one row, and keep them."""
    monkeypatch.setattr(snapshot, "CHUNK_ROWS", 1)
    monkeypatch.setattr(snapshot, "WORTH_KEEPING", 1)


@pytest.fixture
def scope(rep: Browser) -> str:
    """A scope of two rows."""
    first, second = b"not a mutation", b"nor is this"
    sent = body(header(), envelope(first), first, envelope(second, 2, prev=sha_hex(first)), second)
    assert rep.post("/sync/v1/push", data=sent, **NDJSON).status_code == 200
    return page(rep, None)[0]["grants"][-1]


def page(rep: Browser, cursor: str | None) -> list[dict[str, Any]]:
    """A page of the log."""
    answer = rep.post("/sync/v1/pull", json=PULL | {"cursor": cursor})
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.data.splitlines()]


def chunk(rep: Browser, scope: str, token: str | None = None) -> dict[str, Any]:
    """The end of a chunk: its token, and whether it is the last."""
    asked = {"scope": scope} | ({"token": token} if token else {})
    answer = rep.get("/sync/v1/snapshot", query_string=asked, headers=ZSTD)
    assert answer.status_code == 200
    return json.loads(zstd.decompress(answer.data).splitlines()[-1])


@contextmanager
def counted(app: Flask) -> Generator[list[int]]:
    """How many statements the driver sends, also those that begin and end a transaction or try a connection."""
    count: list[int] = []
    raws: list[Any] = []
    with app.app_context(), tempfile.TemporaryFile("w+") as trace:
        engine = db.engine

        def lend(raw: Any, _record: object, _lent: object) -> None:
            raws.append(raw)
            if isinstance(raw, sqlite3.Connection):
                raw.set_trace_callback(lambda statement: print("ReadyForQuery", statement, file=trace))
            else:
                raw.pgconn.trace(trace.fileno())

        engine.dispose()
        with engine.connect() as warm:
            warm.execute(text("SELECT 1"))
        event.listen(engine, "checkout", lend, insert=True)
        try:
            yield count
        finally:
            event.remove(engine, "checkout", lend)
            for raw in raws:
                raw.set_trace_callback(None) if isinstance(raw, sqlite3.Connection) else raw.pgconn.untrace()
            trace.seek(0)
            count.append(trace.read().count("ReadyForQuery"))


def test_a_poll_asks_who_it_is_and_what_is_new(rep: Browser, app: Flask, scope: str) -> None:
    tag = rep.get("/sync/v1/head", query_string={"device": DEVICE}).headers["ETag"]
    with counted(app) as count:
        answer = rep.get("/sync/v1/head", query_string={"device": DEVICE}, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert count == [2]


def test_a_kept_chunk_asks_who_it_is_and_whether_it_may_still_be_served(rep: Browser, app: Flask, scope: str) -> None:
    first = chunk(rep, scope)
    assert first["done"] is False
    token = first["token"]
    chunk(rep, scope, token)
    with counted(app) as count:
        end = chunk(rep, scope, token)
    assert end["done"] is True
    assert count == [2]


def test_a_download_joins_one_that_is_kept_with_one_more_look(rep: Browser, app: Flask, scope: str) -> None:
    chunk(rep, scope)
    with counted(app) as count:
        chunk(rep, scope)
    assert count == [3]


def test_a_chunk_that_is_made_is_read_in_one_transaction(rep: Browser, app: Flask, scope: str, monkeypatch) -> None:
    monkeypatch.setattr(snapshot, "WORTH_KEEPING", 9)
    with counted(app) as count:
        chunk(rep, scope)
    assert count == [7]


def test_a_page_without_news_reads_the_counters_once(rep: Browser, app: Flask, scope: str) -> None:
    end = page(rep, None)[-1]
    with counted(app) as count:
        assert page(rep, end["cursor"])[-1]["caught_up"] is True
    assert count == [11]


def test_connections_that_postgresql_ended_are_replaced_before_anybody_is_refused(
    rep: Browser, app: Flask, backend: str
) -> None:
    if backend == "sqlite":
        return
    with app.app_context(), db.engine.connect() as one, db.engine.connect() as other:
        pid = other.scalar(text("SELECT pg_backend_pid()"))
        other.close()
        one.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})
        assert rep.get("/sync/v1/head").status_code == 200
