"""Sync over HTTP: who is asked, what is refused, and how answers travel."""

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import msgspec
import pytest
from backports import zstd
from flask import Flask
from marshmallow import Schema, ValidationError
from prometheus_client import REGISTRY
from sqlalchemy import event, text

from server.replication import framing, schemas
from server.shared.db import db
from sync.core.digest import sha_hex
from sync.core.ids import uuid7
from sync.wire.pull import PullRequest
from sync.wire.push import EnvelopeLine, PushHeader
from sync.wire.verify import VerifyRequest
from tests.factories.apps import Browser

DEVICE = uuid7(1, bytes(10))
NDJSON = {"content_type": "application/x-ndjson"}
PULL = {
    "v": 1,
    "device": DEVICE,
    "cursor": None,
    "join": None,
    "acked_through": 0,
    "enqueued_through": 0,
    "limit": 100,
}


def ident(number: int) -> str:
    return uuid7(number % 2**48, bytes(10))


def header(**more: Any) -> dict[str, Any]:
    return {"v": 1, "device": DEVICE, "now": 0, "acked_through": 0} | more


def envelope(line: bytes, seq: int = 1, **more: Any) -> dict[str, Any]:
    return {"seq": seq, "txn": ident(seq), "id": ident(seq), "sha": sha_hex(line), "prev": None, "skew": 0} | more


def body(*lines: dict[str, Any] | bytes) -> bytes:
    return b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines) + b"\n"


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.get_json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", "push"), ("post", "pull"), ("post", "verify"), ("get", "head"), ("get", "snapshot?scope=everyone")],
)
def test_every_door_asks_who_is_there(client: Browser, method: str, path: str) -> None:
    options = {"json": {}} if method == "post" else {}
    assert code(getattr(client, method)(f"/sync/v1/{path}", **options)) == (401, "session_required")


def test_what_is_pushed_is_acknowledged_parked_and_pulled(rep: Browser) -> None:
    line = b"not a mutation"
    pushed = rep.post("/sync/v1/push", data=body(header(), envelope(line), line), **NDJSON)
    [receipt] = pushed.get_json()["receipts"]
    assert (receipt["status"], receipt["code"]) == ("parked", "undecodable")
    first = lines_of(rep.post("/sync/v1/pull", json=PULL))
    assert first[0]["reset"] is True
    chunk = lines_of(rep.get(f"/sync/v1/snapshot?scope={first[0]['grants'][-1]}"))
    assert [x.get("entity") for x in chunk if x.get("op") == "upsert"] == ["parked"]


def lines_of(response: Any) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.get_json()
    assert response.mimetype == "application/x-ndjson"
    assert response.headers["Cache-Control"] == "no-store"
    return [json.loads(line) for line in response.data.split(b"\n")[:-1]]


def test_any_version_may_push_and_what_it_adds_is_ignored(rep: Browser) -> None:
    line = b"not a mutation"
    lines = body(header(v=9, colour="red"), envelope(line, colour="red"), line)
    pushed = rep.post("/sync/v1/push", data=lines, **NDJSON)
    assert [r["status"] for r in pushed.get_json()["receipts"]] == ["parked"]


def test_a_gzipped_push_is_read(rep: Browser) -> None:
    line = b"not a mutation"
    data = gzip.compress(body(header(), envelope(line), line))
    headers = {"Content-Encoding": "gzip"}
    assert rep.post("/sync/v1/push", data=data, headers=headers, **NDJSON).status_code == 200


HOSTILE = [
    (gzip.compress(b"\0" * 9_000_000, mtime=0), "gzip", (413, "request_too_large")),
    (gzip.compress(b"{}", mtime=0)[:-4], "gzip", (400, "bad_envelope")),
    (b"not gzip", "gzip", (400, "bad_envelope")),
    (zlib.compress(b"{}"), "deflate", (415, "unsupported_media_type")),
    (b"x" * (2**20 + 1), None, (413, "request_too_large")),
    (b"", None, (400, "bad_envelope")),
    (b"[]\n", None, (400, "bad_envelope")),
    (b"{}\n", None, (400, "bad_envelope")),
    (b"\xff\n", None, (400, "bad_envelope")),
    (body(header(), b"{}"), None, (400, "bad_envelope")),
    (body(header(device="me"), envelope(b"x"), b"x"), None, (400, "bad_envelope")),
    (body(header(device=5), envelope(b"x"), b"x"), None, (400, "bad_envelope")),
    (body(header(void=[1]), envelope(b"x"), b"x"), None, (400, "bad_envelope")),
    (body(header(void=[-1, 2**70]), envelope(b"x"), b"x"), None, (400, "bad_envelope")),
    (body(header(), envelope(b"x", seq=0), b"x"), None, (400, "bad_envelope")),
    (body(header(), envelope(b"x", sha="x"), b"x"), None, (400, "bad_envelope")),
    (body(header(), envelope(b"x", id="x"), b"x"), None, (400, "bad_envelope")),
    (body(header(), envelope(b"x", seq=2**60), b"x"), None, (400, "bad_envelope")),
    (body(header(), envelope(b"x"), b"x", envelope(b"x"), b"x"), None, (400, "bad_envelope")),
    (b'{"a":' * 5_000 + b"\n", None, (400, "bad_envelope")),
]


@pytest.mark.parametrize(("data", "encoding", "answer"), HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_an_envelope_that_cannot_be_read_gets_its_code(
    rep: Browser, data: bytes, encoding: str | None, answer: tuple[int, str]
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    assert code(rep.post("/sync/v1/push", data=data, headers=headers, **NDJSON)) == answer


def test_more_than_five_hundred_mutations_are_too_many(rep: Browser) -> None:
    lines: list[Any] = [header()]
    for seq in range(1, 502):
        lines += [envelope(b"x", seq), b"x"]
    assert code(rep.post("/sync/v1/push", data=body(*lines), **NDJSON)) == (413, "request_too_large")


def test_every_refusal_speaks_three_languages(rep: Browser) -> None:
    said = {
        rep.post("/sync/v1/push", data=b"x", headers={"Accept-Language": language}, **NDJSON).get_json()["error"][
            "message"
        ]
        for language in ("zh-TW", "zh-CN", "en")
    }
    assert len(said) == 3


@pytest.mark.parametrize("cursor", ["x", "A" * 5_000, "", "é"])
def test_a_broken_cursor_gets_its_code(rep: Browser, cursor: str) -> None:
    answer = rep.post("/sync/v1/pull", json=PULL | {"cursor": cursor})
    if cursor:
        assert code(answer) == (400, "bad_cursor")
    scopes = {"scopes": {}, "cursor": cursor or "x"}
    assert code(rep.post("/sync/v1/verify", json={"v": 1, "device": DEVICE} | scopes)) == (400, "bad_cursor")


@pytest.mark.parametrize(
    ("name", "unpack"),
    [("zstd", zstd.decompress), ("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)],
)
def test_answers_travel_compressed_as_the_reader_likes(
    rep: Browser, name: str, unpack: Callable[[bytes], bytes]
) -> None:
    lines: list[Any] = [header()]
    for seq in range(1, 30):
        lines += [envelope(b"x", seq, prev=sha_hex(b"x") if seq > 1 else None), b"x"]
    options = {"data": body(*lines), "headers": {"Accept-Encoding": name}, **NDJSON}
    response = rep.post("/sync/v1/push", **options)
    assert response.headers.get("Content-Encoding", "identity") == name
    assert "Accept-Encoding" in response.headers["Vary"]
    assert json.loads(unpack(response.data))["receipts"]


def test_head_says_304_until_there_is_news(rep: Browser) -> None:
    first = rep.get(f"/sync/v1/head?device={DEVICE}")
    known = {"If-None-Match": first.headers["ETag"]}
    assert rep.get(f"/sync/v1/head?device={DEVICE}", headers=known).status_code == 304
    rep.post("/sync/v1/push", data=body(header(), envelope(b"x"), b"x"), **NDJSON)
    assert rep.get(f"/sync/v1/head?device={DEVICE}", headers=known).status_code == 200


def test_a_scope_that_is_not_ones_own_answers_like_one_that_is_not(rep: Browser) -> None:
    for scope in ("person:somebody", "nothing"):
        assert code(rep.get(f"/sync/v1/snapshot?scope={scope}")) == (403, "forbidden")


def test_a_full_disk_refuses_and_the_same_push_works_afterwards(rep: Browser, app: Flask, backend: str) -> None:
    line = b"x" * 60_000
    data = body(header(), envelope(line), line)
    with app.app_context():
        fill_disk(backend)
        refused = rep.post("/sync/v1/push", data=data, **NDJSON)
        free_disk(backend)
    assert code(refused) == (503, "storage_full")
    assert rep.post("/sync/v1/push", data=data, **NDJSON).get_json()["receipts"][0]["status"] == "parked"


FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


def fill_disk(backend: str, when: str = "INSERT ON mutation_record") -> None:
    """SQLite may not grow any more; PostgreSQL says what it says when it cannot."""
    if backend == "sqlite":
        on_every_connection("PRAGMA max_page_count=1")
        return
    with db.engine.begin() as connection:
        connection.execute(text(FULL_DISK))
        connection.execute(text(f"CREATE TRIGGER full_disk BEFORE {when} EXECUTE FUNCTION full_disk()"))


def free_disk(backend: str) -> None:
    """Undo `fill_disk`."""
    if backend == "sqlite":
        on_every_connection("PRAGMA max_page_count=1073741823")
        return
    with db.engine.begin() as connection:
        connection.execute(text("DROP FUNCTION full_disk CASCADE"))


def on_every_connection(pragma: str) -> None:
    """Such limits belong to a connection of the pool, not to the database."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(pragma)

    event.listen(db.engine, "connect", limit)
    db.engine.dispose()


def test_a_read_only_database_refuses_and_the_same_push_works_afterwards(
    rep: Browser, app: Flask, backend: str
) -> None:
    data = body(header(), envelope(b"x"), b"x")
    with app.app_context():
        set_read_only(backend, is_on=True)
        try:
            refused = rep.post("/sync/v1/push", data=data, **NDJSON)
        finally:
            set_read_only(backend, is_on=False)
    assert code(refused) == (503, "read_only")
    assert refused.headers["Retry-After"]
    assert refused.get_json()["error"]["details"]["receipts"] == []
    assert rep.post("/sync/v1/push", data=data, **NDJSON).get_json()["receipts"][0]["status"] == "parked"


def test_a_pull_is_answered_while_the_database_cannot_be_written(
    rep: Browser, app: Flask, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    rep.post("/sync/v1/push", data=body(header(), envelope(b"x"), b"x"), **NDJSON)
    before = REGISTRY.get_sample_value("baifang_unnoted_total") or 0
    with app.app_context():
        if backend == "sqlite":
            set_read_only(backend, is_on=True)
        else:
            fill_disk(backend, "UPDATE ON sync_device")
        answer = rep.post("/sync/v1/pull", json=PULL | {"enqueued_through": 5})
    assert lines_of(answer)[-1]["op"] == "end"
    assert "was not noted" in caplog.text
    assert REGISTRY.get_sample_value("baifang_unnoted_total") == before + 1


def set_read_only(backend: str, *, is_on: bool) -> None:
    """Every new connection refuses to write, or no longer does."""
    if backend == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = {'on' if is_on else 'off'}")
            )
        db.engine.dispose()
        return
    on_every_connection(f"PRAGMA query_only={'ON' if is_on else 'OFF'}")


GOOD: list[tuple[type[Any], type[Schema], dict[str, Any]]] = [
    (PushHeader, schemas.PushHeaderSchema, header()),
    (PushHeader, schemas.PushHeaderSchema, header(parent={"device": DEVICE, "seq": 3}, void=[1, 2], store_raw=True)),
    (PushHeader, schemas.PushHeaderSchema, header(parent=None, void=None, later="x")),
    (EnvelopeLine, schemas.EnvelopeLineSchema, envelope(b"x")),
    (PullRequest, schemas.PullRequestSchema, PULL),
    (VerifyRequest, schemas.VerifyRequestSchema, {"v": 1, "device": DEVICE, "cursor": "c", "scopes": {}}),
    (
        VerifyRequest,
        schemas.VerifyRequestSchema,
        {"v": 1, "device": DEVICE, "cursor": "c", "scopes": {"a": {"count": 1, "sum": "0"}}},
    ),
]


def spoiled(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The message with each key left out, and of each wrong type."""
    without = [{k: v for k, v in value.items() if k != key} for key in value]
    return without + [value | {key: wrong} for key in value for wrong in ("x", 1, 1.5, True, None, [], {}, [None])]


@pytest.mark.parametrize(("kind", "schema", "good"), GOOD)
def test_the_description_accepts_and_refuses_what_the_decoder_does(
    kind: type[Any], schema: type[Schema], good: dict[str, Any]
) -> None:
    for sample in [good, *spoiled(good)]:
        assert decodes(kind, sample) == loads(schema, sample), sample


def decodes(kind: type[Any], sample: dict[str, Any]) -> bool:
    try:
        msgspec.json.decode(json.dumps(sample), type=kind)
    except msgspec.ValidationError:
        return False
    return True


def loads(schema: type[Schema], sample: dict[str, Any]) -> bool:
    try:
        schema().load(sample)
    except ValidationError:
        return False
    return True


def test_the_messages_are_described(client: Browser) -> None:
    paths = client.get("/openapi.json").get_json()["paths"]
    assert {f"/sync/v1/{name}" for name in ("push", "pull", "snapshot", "head", "verify")} <= set(paths)
    request = paths["/sync/v1/pull"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert request["$ref"].endswith("PullRequest")


def test_bytes_are_framed_one_by_one() -> None:
    broken = b'{"id":"\\ud83d"}'
    head, items = framing.read_push(body(header(now=5), envelope(broken, skew=None), broken), 12)
    assert (head.device, items[0].skew, items[0].park is not None, items[0].line) == (DEVICE, 7, True, broken)
