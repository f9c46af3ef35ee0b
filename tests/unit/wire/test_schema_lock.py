"""The wire is locked: it cannot change unnoticed, and its envelope cannot change at all."""

import json
from dataclasses import make_dataclass
from pathlib import Path

import pytest

from sync.wire import schema

LOCK = Path(schema.__file__).with_name("schema.lock")


@pytest.fixture
def lock():
    return json.loads(LOCK.read_text(encoding="utf-8"))


def test_the_wire_is_what_the_lock_says(lock):
    assert schema.complaints(lock) == []


def test_a_changed_message_asks_for_a_new_version(lock, monkeypatch):
    changed = make_dataclass("Upsert", [("op", str), ("colour", str)])
    monkeypatch.setattr(schema, "VERSIONED", (*schema.VERSIONED[1:], changed))
    assert schema.complaints(lock) == ["the wire changed: raise VERSION and add its fingerprint to the lock"]


def test_a_changed_envelope_is_never_allowed(lock, monkeypatch):
    monkeypatch.setattr(schema, "FROZEN", schema.FROZEN[1:])
    assert "the envelope is frozen for all time: take the change back" in schema.complaints(lock)


def test_a_changed_limit_asks_for_a_new_version(lock, monkeypatch):
    monkeypatch.setitem(schema.LIMITS, "txn_mutations", 99)
    assert len(schema.complaints(lock)) == 2


def test_a_vocabulary_may_grow_once_the_lock_knows(lock, monkeypatch):
    monkeypatch.setitem(schema.GROWING, "park_codes", (*schema.GROWING["park_codes"], "tired"))
    assert schema.complaints(lock) == ["add to park_codes in the lock: ['tired']"]


def test_a_vocabulary_never_shrinks(lock, monkeypatch):
    monkeypatch.setitem(schema.GROWING, "park_codes", schema.GROWING["park_codes"][1:])
    assert schema.complaints(lock) == ["park_codes may only grow: put back ['undecodable']"]
