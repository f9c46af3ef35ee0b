"""What one database transaction carries out: mutations, what became of them, and how that is written (SPEC 7, 8)."""

import uuid
from collections import deque
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from server.replication import flush, log_writer, records
from server.replication.blobs import adopting
from server.replication.bulk import insert_all, update_all
from server.replication.held import Held
from server.replication.models import MutationRecord
from server.replication.unit import Unit
from server.replication.work import Result, Writing
from server.shared.actor import Actor
from server.shared.log_lock import read_counters
from server.shared.registry import Registry
from server.shared.scope import granted_scopes

Txn = tuple[str, str]
"""A device and one of its txns."""


@dataclass(slots=True)
class Batch:
    """One transaction's work; `results` grow in order, `freed` are earlier mutations that now applied.

    `arrived` names what has just applied and may be waited for; `ready` are the parked txns (device
    and id) that waited for it: what is left of them is for the next transaction.
    """

    session: Session
    unit: Unit
    writing: Writing
    results: list[Result] = field(default_factory=list[Result])
    freed: list[tuple[Held, Result]] = field(default_factory=list[tuple[Held, Result]])
    arrived: deque[str] = field(default_factory=deque[str])
    ready: deque[Txn] = field(default_factory=deque[Txn])


def begin(session: Session, registry: Registry, writing: Writing, now_ms: int) -> Batch:
    """An empty batch; the device's row must be locked already."""
    unit = Unit(session, registry, now_ms, read_counters(session).epoch)
    return Batch(session, unit, writing)


def finish(batch: Batch, device: str, now_ms: int, plan_id: str | None = None) -> tuple[str, int]:
    """Write everything; returns the transaction's id and its log position. Commit right after."""
    txn = str(uuid.uuid4())
    person = batch.writing.actor.person_id
    changes = flush.flush_rows(batch.unit)
    batch.unit.erasures.flush()
    _settle(batch)
    rows = [records.to_record(result, device, person, txn) for result in batch.results]
    insert_all(batch.session, MutationRecord, rows)
    _update_parked(batch, txn)
    for adopted, adopter in batch.unit.parking.adopters.kept.items():
        adopting.pass_on(batch.session, batch.unit.parking.held[adopted], adopter)
    return txn, log_writer.append(batch.session, changes, txn, now_ms, plan_id)


def scopes_of(session: Session, actor: Actor) -> frozenset[str]:
    """What a person may see as the transaction begins."""
    return frozenset(granted_scopes(session, actor.person_id))


def _settle(batch: Batch) -> None:
    """What parked in this very batch may have been freed or mended in it."""
    freed = {held.id: result for held, result in batch.freed}
    batch.results = [freed.get(result.item.id, result) for result in batch.results]
    for result in batch.results:
        held = batch.unit.parking.held.get(result.item.id)
        if result.status == "parked" and held:
            result.waits_for, result.is_open = held.waits_for, held.is_open


def _update_parked(batch: Batch, txn: str) -> None:
    """Records of earlier pushes follow what became of them."""
    keys = ("device", "seq")
    last = {held.id: (held, result) for held, result in batch.freed}
    freed = [
        {"device": held.device, "seq": held.seq, "commit_txn": txn, **records.outcome_columns(result)}
        for held, result in last.values()
        if held.id in batch.unit.parking.stored
    ]
    update_all(batch.session, MutationRecord, keys, freed)
    changed = [
        held
        for key, was in batch.unit.parking.stored.items()
        if key not in last and (held := batch.unit.parking.held[key]) != was
    ]
    ended = [{"device": h.device, "seq": h.seq, "is_open": h.is_open, "waits_for": h.waits_for} for h in changed]
    update_all(batch.session, MutationRecord, keys, ended)
