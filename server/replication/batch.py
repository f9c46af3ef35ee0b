"""Carries out a part of a push in one database transaction (SPEC 7, 8)."""

import logging
import uuid
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.auth.absent import actor_of
from server.replication import flush, log_writer, parking, records
from server.replication.apply import apply, stamp_of
from server.replication.blobs import adopting
from server.replication.bulk import insert_all, update_all
from server.replication.devices import lineage_of
from server.replication.erased import Erased
from server.replication.framing import read_mutation
from server.replication.held import OF_TXN, Held
from server.replication.models import MutationRecord
from server.replication.rows import Key
from server.replication.unit import Unit
from server.replication.work import Item, Parked, Result, Writing
from server.shared.actor import Actor
from server.shared.log_lock import read_counters
from server.shared.registry import Registry
from server.shared.scope import granted_scopes
from sync.core.mutation import Mutation, MutationError, Stamp, check_txn
from sync.core.park import Park

MAX_REPLAYS = 50
"""Dependants freed in one transaction before the next one goes on: with all that a txn of a hundred
may write, they stay below the log's 1,000 rows.
"""

log = logging.getLogger(__name__)

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


def carry_out(batch: Batch, items: Sequence[Item], forced: Park | None = None) -> None:
    """Apply txns in order, park those that cannot, and free what waited for them.

    `forced` parks everything without looking inside (`store_raw`, `internal`).
    """
    _prepare(batch, [item.mutation for item in items if item.mutation and not forced])
    batch.unit.erasures.prepare(items)
    for _, group in groupby(items, key=lambda item: item.txn):
        batch.results += _run_txn(batch, batch.writing, list(group), forced)
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


def named_root(registry: Registry, mutation: Mutation) -> Key | None:
    """The root under which a create would put its row."""
    entity = registry.get(mutation.entity)
    if entity is None or entity.spec.root is None or mutation.op != "create":
        return None
    pk = mutation.patch.get(entity.spec.root.field)
    return (entity.spec.root.entity, pk) if isinstance(pk, str) else None


def _run_txn(
    batch: Batch, writing: Writing, items: Sequence[Item], forced: Park | None, earlier: Sequence[Held] = ()
) -> list[Result]:
    """All of a txn, or none of it: then every member is parked, the others for the one to blame."""
    results: list[Result] = []
    culprit = next((item for item in items if item.is_damaged), items[0])
    try:
        _check_whole(items, culprit.park if forced and culprit.is_damaged else forced, is_server=writing.is_server)
        for item in items:
            culprit = item
            results.append(_run(batch, writing, item, earlier))
        batch.unit.keep()
        batch.arrived += [name for result in results for name in result.arrived]
        return results
    except Parked as turn:
        reason = turn
    except SQLAlchemyError:
        raise  # the whole transaction is in doubt: push.py decides
    except Exception:  # whatever its content breaks in us: logged with its trace, and parked, so that others go on
        log.exception("mutation %s parks as internal", culprit.id)
        reason = Parked(Park("internal"))
    batch.unit.drop()
    stamps = {held.id: (held.stamp_ms, held.stamp_n) for held in earlier}
    stamps |= {result.item.id: result.stamp for result in results}
    return _park_txn(batch, writing, items, culprit, reason, stamps)


def _check_whole(items: Sequence[Item], forced: Park | None, *, is_server: bool) -> None:
    """A device's txn is bounded by SPEC 3.5, the server's own by the log."""
    if forced:
        raise Parked(forced)
    if is_server:
        return
    try:
        check_txn([(item.mutation, len(item.line)) for item in items if item.mutation])
    except MutationError as problem:
        raise Parked(Park(problem.code, problem.fields)) from problem


def _run(batch: Batch, writing: Writing, item: Item, earlier: Sequence[Held]) -> Result:
    unit, mutation = batch.unit, item.mutation
    if item.park or mutation is None:
        raise Parked(item.park or Park("undecodable"))
    if unit.erasures.of(item):
        raise Parked(parking.ERASED)
    writing.seq = item.seq
    held = next((h for h in earlier if h.id == item.id), None)
    writing.stamp = (held.stamp_ms, held.stamp_n) if held else stamp_of(unit, writing, mutation, item.skew)
    result = Result(item, writing.stamp)
    mended = _find_mended(batch, writing, mutation)
    if mended and not mended.is_open and mended.waits_for:
        return result  # somebody mended it before: theirs counts, this one stays in the history
    parking.check_dependence(unit, mutation)
    is_new = unit.get((mutation.entity, mutation.pk)) is None
    effect = apply(unit, writing, mutation)
    result.status, result.conflicts = effect.status, effect.conflicts
    if is_new and unit.get((mutation.entity, mutation.pk)) is not None:
        result.arrived.append(mutation.pk)
    if mended and mended.is_open:
        _supersede(batch, writing, mended, mutation)
        result.arrived.append(mended.id)
    return result


def _find_mended(batch: Batch, writing: Writing, mutation: Mutation) -> Held | None:
    """The parked mutation that this one stands in for, or what was sent for it and parked too."""
    held = parking.find_for(batch.unit, writing, mutation.supersedes) if mutation.supersedes else None
    while held and not held.is_open and held.waits_for and (later := batch.unit.parking.find(held.waits_for)):
        held = later
    return held


def _supersede(batch: Batch, writing: Writing, mended: Held, mutation: Mutation) -> None:
    batch.unit.parking.take_waiting([mended.id])
    batch.unit.parking.held[mended.id] = replace(mended, is_open=False, waits_for=mutation.id)
    batch.unit.parking.adopters[mended.id] = writing.actor.person_id
    row = batch.unit.get((parking.PARKED, mended.id))
    if row:
        parking.close(batch.unit, writing, row, "superseded")


def _park_txn(
    batch: Batch,
    writing: Writing,
    items: Sequence[Item],
    culprit: Item,
    reason: Parked,
    stamps: Mapping[str, Stamp],
) -> list[Result]:
    parked: list[Result] = []
    for item in items:
        writing.seq = item.seq
        stamp = stamps.get(item.id, writing.stamp)
        if erased := batch.unit.erasures.of(item):
            parked.append(drop_erased(batch, writing, item, erased, stamp))
            continue
        is_culprit = item is culprit
        park, waits_for = (reason.park, reason.waits_for) if is_culprit else _waiting_for(culprit, reason.park)
        if item.park and item.is_damaged:
            park = item.park  # by which its device knows that it must keep the better copy
        result = Result(item, stamp, "parked", park=park, waits_for=waits_for, is_open=True)
        copy = parking.copy_beside(batch.unit, item, reason.copy_to if is_culprit else None)
        parking.park(batch.unit, writing, result, copy)
        mended = _find_mended(batch, writing, item.mutation) if item.mutation else None
        if mended and mended.is_open and item.mutation:
            _supersede(batch, writing, mended, item.mutation)
            _repoint(batch, writing, mended.id, item.id)
        parked.append(result)
    batch.unit.keep()
    return parked


def _waiting_for(culprit: Item, reason: Park) -> tuple[Park, str | None]:
    """Why the others of a txn park: for the one to blame, unless that will never come."""
    if reason is parking.ERASED:
        return Park("blocker_dismissed"), None
    return Park("depends_on_parked", params={"waits_for": culprit.id}), culprit.id


def drop_erased(batch: Batch, writing: Writing, item: Item, erased: Erased, stamp: Stamp) -> Result:
    """Acknowledge content that was erased on request, tell its author, and keep nothing of it (R34)."""
    batch.unit.erasures.note(item, erased)
    result = Result(item, stamp, "parked", park=parking.ERASED)
    parking.park(batch.unit, writing, result, None)
    return result


def _repoint(batch: Batch, writing: Writing, mended: str, parked: str) -> None:
    """What waited for a mutation waits for the one that was sent in its place, and parked too."""
    for held in batch.unit.parking.waiting(mended):
        parking.point(batch.unit, writing, held, parked)


# Dependants


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
    results = _run_txn(batch, writing, items, None, stamped)
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
