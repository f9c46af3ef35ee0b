"""Pushes that are spoiled at random, in their bytes and in their shape: nothing is lost and nothing breaks."""

import base64
import json
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.app import make_registry
from server.replication import framing
from server.replication.models import MutationRecord, SyncedRow
from server.shared.db import db
from server.shared.ids import new_id
from sync.core.digest import sha_hex
from sync.core.ids import uuid7
from sync.core.mutation import OPS
from tests.factories.apps import Browser

FIRE = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
REFUSALS = {400: {"bad_envelope"}, 413: {"request_too_large"}}

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
values = st.recursive(scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=8), x, max_size=3))
ids = st.binary(min_size=10, max_size=10).map(lambda noise: uuid7(1, noise))
registry = make_registry()
entities = st.sampled_from([*(entity.spec.name for entity in registry), "parked", "conflict", "nothing"])
ops = st.sampled_from([*OPS, "nothing"])


@st.composite
def mutations(draw: st.DrawFn) -> dict[str, Any]:
    """A mutation of the right outline, some of whose keys are left out or wild."""
    entity = draw(entities)
    found = registry.get(entity)
    fields = st.sampled_from([*((field.name for field in found.spec.fields) if found else ()), "x"])
    patch = st.dictionaries(fields, values | ids, max_size=4)
    mutation: dict[str, Any] = {
        "id": draw(ids),
        "entity": entity,
        "pk": draw(ids),
        "op": draw(ops),
        "seen_rev": draw(st.none() | st.just([1, 1])),
        "base": draw(patch),
        "patch": draw(patch),
        "hlc": [draw(st.integers(0, 2**53)), 0],
        "schema": draw(st.integers(0, 3)),
        "after": draw(st.lists(ids, max_size=2)),
    }
    return draw(spoiled(mutation))


def spoiled(message: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The message as it is, with one key left out, or with one wild value."""
    keys = st.sampled_from(list(message))
    wild = st.tuples(keys, values).map(lambda pair: message | {pair[0]: pair[1]})
    without = keys.map(lambda gone: {key: value for key, value in message.items() if key != gone})
    return st.one_of(st.just(message), st.just(message), wild, without)


def to_line(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


lines = st.one_of(
    mutations().map(to_line),
    mutations().map(to_line),
    values.map(to_line),
    st.binary(max_size=200).map(lambda data: data.replace(b"\n", b"")),
)


def header(device: str) -> dict[str, Any]:
    return {"v": 1, "device": device, "now": 0, "acked_through": 0}


def envelopes(sent: list[bytes]) -> list[dict[str, Any]]:
    """What belongs around the lines of a device that never pushed before."""
    shas = [None, *map(sha_hex, sent)]
    return [
        {"seq": seq, "txn": new_id(), "id": id_of(line), "sha": shas[seq], "prev": shas[seq - 1]}
        for seq, line in enumerate(sent, 1)
    ]


def framed(head: dict[str, Any], around: list[dict[str, Any]], sent: list[bytes]) -> bytes:
    pairs = zip(map(to_line, around), sent, strict=True)
    return b"\n".join([to_line(head), *(line for pair in pairs for line in pair)]) + b"\n"


def id_of(line: bytes) -> str:
    """The mutation's own id where it has one, so that more than its envelope is looked at."""
    try:
        own = json.loads(line)["id"]
    except (ValueError, TypeError, LookupError):
        return new_id()
    return own if isinstance(own, str) and len(own) == 36 else new_id()


def push(rep: Browser, body: bytes) -> TestResponse:
    return rep.post("/sync/v1/push", data=body, content_type="application/x-ndjson")


def answered(answer: TestResponse, body: bytes) -> list[dict[str, Any]]:
    """The receipts, once it is sure that nothing that was sent is passed over in silence."""
    said = answer.get_json()
    if answer.status_code != 200:
        assert said["error"]["code"] in REFUSALS[answer.status_code]
        return []
    fork = said["fork"]["seq"] if said["fork"] else None
    ends = [seq for seq in (said["expected_seq"], fork) if seq is not None]
    receipted = {receipt["seq"] for receipt in said["receipts"]}
    _, items = framing.read_push(body, 0)
    for item in items:
        assert item.seq in receipted or any(item.seq >= end for end in ends), (item, said)
    assert "internal" not in {receipt["code"] for receipt in said["receipts"]}, said
    return said["receipts"]


@FIRE
@given(sent=st.lists(lines, min_size=1, max_size=6))
def test_whatever_a_mutation_is_it_gets_a_receipt_and_what_parks_keeps_its_bytes(
    app: Flask, rep: Browser, sent: list[bytes]
) -> None:
    body = framed(header(new_id()), envelopes(sent), sent)
    receipts = answered(push(rep, body), body)
    assert [receipt["seq"] for receipt in receipts] == list(range(1, len(sent) + 1))
    for receipt in receipts:
        if receipt["status"] == "parked":
            line = sent[receipt["seq"] - 1]
            assert (kept(app, receipt["id"]), shown(app, receipt["id"])) == (line, line)


@FIRE
@given(st.data())
def test_whatever_the_envelope_is_each_of_its_mutations_is_answered(rep: Browser, data: st.DataObject) -> None:
    sent = data.draw(st.lists(lines, min_size=1, max_size=4))
    more = {"parent": None, "void": None, "store_raw": False, "person": None, "cursor": None}
    head = data.draw(spoiled(header(new_id()) | more))
    around = [data.draw(spoiled(envelope | {"skew": 0})) for envelope in envelopes(sent)]
    body = framed(head, around, sent)
    answered(push(rep, body), body)


@FIRE
@given(
    sent=st.lists(lines, min_size=1, max_size=4), cuts=st.lists(st.integers(0, 10**6), max_size=4), noise=st.binary()
)
def test_whatever_happens_to_the_bytes_the_same_push_gets_through_afterwards(
    rep: Browser, sent: list[bytes], cuts: list[int], noise: bytes
) -> None:
    whole = framed(header(new_id()), envelopes(sent), sent)
    body = whole
    for cut in cuts:
        place = cut % (len(body) + 1)
        body = body[:place] + noise[:3] + body[place + cut % 3 :]
    answered(push(rep, body), body)
    said = push(rep, whole).get_json()
    assert said["fork"] or {receipt["seq"] for receipt in said["receipts"]} == set(range(1, len(sent) + 1))


def kept(app: Flask, mutation_id: str) -> bytes | None:
    """The bytes in the history."""
    with app.app_context():
        found = select(MutationRecord.line).where(MutationRecord.id == mutation_id, MutationRecord.is_original)
        return db.session().scalar(found)


def shown(app: Flask, mutation_id: str) -> bytes:
    """The bytes in the row that the author sees."""
    with app.app_context():
        found = select(SyncedRow.body).where(SyncedRow.entity == "parked", SyncedRow.pk == mutation_id)
        row = json.loads(db.session().scalar(found) or b"{}")
    return base64.b64decode(row["bytes_b64"]) if "bytes_b64" in row else row["mutation"].encode()
