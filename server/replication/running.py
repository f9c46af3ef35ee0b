"""Runs one txn of a batch: all of it applies, or all of it parks (SPEC 7.1, 7.6)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from server.replication import parking
from server.replication.apply import apply, stamp_of
from server.replication.batch import Batch
from server.replication.erased import Erased
from server.replication.held import Held
from server.replication.rows import Key
from server.replication.work import Item, Parked, Result, Writing
from server.shared.registry import Registry
from sync.core.mutation import Mutation, MutationError, Stamp, check_txn
from sync.core.park import Park

log = logging.getLogger(__name__)


def run_txn(
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


def named_root(registry: Registry, mutation: Mutation) -> Key | None:
    """The root under which a create would put its row."""
    entity = registry.get(mutation.entity)
    if entity is None or entity.spec.root is None or mutation.op != "create":
        return None
    pk = mutation.patch.get(entity.spec.root.field)
    return (entity.spec.root.entity, pk) if isinstance(pk, str) else None


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
