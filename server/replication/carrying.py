"""Carries out txns in order, and frees what waited for what they brought (SPEC 7.4, 8)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from server.auth.absent import actor_of
from server.replication import parking
from server.replication.batch import Batch, Txn, scopes_of
from server.replication.devices import lineage_of
from server.replication.framing import read_mutation
from server.replication.held import OF_TXN, Held
from server.replication.rows import Key
from server.replication.running import named_root, run_txn
from server.replication.work import Item, Writing
from sync.core.mutation import Mutation
from sync.core.park import Park

MAX_REPLAYS = 50
"""Dependants freed in one transaction before the next one goes on: with all that a txn of a hundred
may write, they stay below the log's 1,000 rows.
"""


def carry_out(batch: Batch, items: Sequence[Item], forced: Park | None = None) -> None:
    """Apply txns in order, park those that cannot, and free what waited for them.

    `forced` parks everything without looking inside (`store_raw`, `internal`).
    """
    _prepare(batch, [item.mutation for item in items if item.mutation and not forced])
    batch.unit.erasures.prepare(items)
    for _, group in groupby(items, key=lambda item: item.txn):
        batch.results += run_txn(batch, batch.writing, list(group), forced)
        _free(batch)


def replay_txn(batch: Batch, device: str, txn: str) -> int:
    """Try a parked txn again, and what waits for it; returns how many mutations applied."""
    members = _members(batch, device, txn)
    if members:  # nobody else was faster
        _replay(batch, members)
        _free(batch)
    return sum(result.status != "parked" for _, result in batch.freed)


def free(batch: Batch, txns: Iterable[Txn]) -> None:
    """Try parked txns that an earlier transaction made ready."""
    batch.ready += txns
    _free(batch)


def _prepare(batch: Batch, mutations: Sequence[Mutation]) -> None:
    registry = batch.unit.registry
    keys: set[Key] = {(m.entity, m.pk) for m in mutations}
    references = {key for m in mutations for key in parking.references_of(registry, m)}
    roots = {key for m in mutations if (key := named_root(registry, m))}
    batch.unit.prepare(keys | roots, references)
    missing = {pk for entity, pk in keys | references if batch.unit.peek((entity, pk)) is None}
    named = {i for m in mutations for i in (*m.after, *([m.supersedes] if m.supersedes else []))}
    if missing or named:
        batch.unit.parking.prepare(named, missing)
    expected = missing | {m.supersedes for m in mutations if m.supersedes}
    if expected:
        batch.unit.parking.take_waiting(expected)


def _free(batch: Batch) -> None:
    """Replay what waited for what has just applied, each txn once, as far as one transaction goes."""
    while True:
        while batch.arrived:
            name = batch.arrived.popleft()
            batch.ready += sorted({(held.device, held.txn) for held in batch.unit.parking.waiting(name)})
        if not batch.ready or len(batch.freed) >= MAX_REPLAYS:
            return
        members = _members(batch, *batch.ready.popleft())
        if members:
            _replay(batch, members)


def _members(batch: Batch, device: str, txn: str) -> list[Held]:
    batch.unit.parking.take(OF_TXN, {"of": device, "of_txn": txn})
    held = (batch.unit.parking.held[key] for key in batch.unit.parking.held)
    members = [h for h in held if h.is_open and (h.device, h.txn) == (device, txn)]
    return sorted(members, key=lambda h: h.seq)


def _replay(batch: Batch, members: Sequence[Held]) -> None:
    """Apply a parked txn with its original stamps; if it still cannot, only its reason changes."""
    writing = _writing_of(batch, members[0])
    items = [_item(held) for held in members]
    names = [held.id for held in members] + [i.mutation.pk for i in items if i.mutation and i.mutation.op == "create"]
    batch.unit.parking.take_waiting(names)
    raw = {held.id for held in members if held.code == "store_raw"}
    stamped = [held for held in members if held.id not in raw]  # nobody looked at the others' stamps
    results = run_txn(batch, writing, items, None, stamped)
    for held, result in zip(members, results, strict=True):
        batch.freed.append((held, result))
        if result.status != "parked":
            batch.unit.parking.held[held.id] = replace(held, is_open=False, waits_for=None)
            row = batch.unit.get((parking.PARKED, held.id))
            if row:
                parking.close(batch.unit, writing, row, "released")
            batch.arrived.append(held.id)
    batch.unit.keep()


def _writing_of(batch: Batch, held: Held) -> Writing:
    mine = batch.writing
    if held.device == mine.device:
        return replace(mine)
    is_same = held.person_id == mine.actor.person_id
    actor = mine.actor if is_same else actor_of(batch.session, held.person_id)
    scopes = mine.scopes if is_same else scopes_of(batch.session, actor)
    return Writing(actor, held.device, lineage_of(batch.session, held.device), scopes, (0, 0))


def _item(held: Held) -> Item:
    line = held.line or b""
    mutation, park = read_mutation(held.id, held.sha, line)
    return Item(held.seq, held.txn, held.id, held.sha, line, 0, mutation=mutation, park=park)
