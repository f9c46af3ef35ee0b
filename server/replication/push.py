"""Takes a push: one transaction if all goes well, smaller ones around whatever does not (SPEC 8, R9)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from server.errors import from_database
from server.replication import arrival, carrying, devices, intake, quarantine, records, release
from server.replication import batch as batches
from server.replication.bulk import insert_all
from server.replication.models import MutationRecord
from server.replication.place import Place
from server.replication.position import Position
from server.replication.troubles import attempt, is_outage, is_turn
from server.replication.work import Item, Writing
from server.shared.actor import Actor
from server.shared.log_lock import Counters, read_counters
from server.shared.writer import TransactionTooLargeError
from sync.core.park import Park
from sync.wire.push import Fork, PushHeader, PushReply, Receipt
from sync.wire.version import VERSION

NOTHING = Counters(0, 0, 0)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push says of all its mutations; `over` is the mirror that they were written over, if it is known.

    `is_drained`: it comes from a device whose access was ended.
    """

    header: PushHeader
    over: Position | None
    is_drained: bool


@dataclass(slots=True)
class Progress:
    """What is committed so far, and why the push went no further."""

    receipts: list[Receipt] = field(default_factory=list[Receipt])
    expected_seq: int | None = None
    fork: Fork | None = None
    counters: Counters = NOTHING
    left: list[batches.Txn] = field(default_factory=list[batches.Txn])

    @property
    def has_stopped(self) -> bool:
        """Whether a gap or a fork ends the push."""
        return self.expected_seq is not None or self.fork is not None


def push(
    place: Place, actor: Actor, header: PushHeader, items: Sequence[Item], *, is_drained: bool = False
) -> PushReply:
    """Receive mutations; drained ones are kept, not applied, and their receipts tell nothing of any row.

    Raises wrong_person (403), and a 503 DomainError that carries the committed prefix's receipts.
    """
    arrival.refuse_stranger(actor, header.person)
    position = None if is_drained else arrival.written_over(place, actor, header.cursor)
    if arrival.has_lost_timeline(place, position):
        items, position = [_unseen(item) for item in items], None
    pushed = Pushed(header, position, is_drained)
    progress = Progress()
    try:
        _run(place, actor, pushed, items, progress)
        release.free(place, progress.left)
    except DBAPIError as problem:
        refusal = from_database(problem)
        refusal.details["receipts"] = progress.receipts
        raise refusal from problem
    return PushReply(
        VERSION,
        progress.counters.epoch,
        progress.receipts,
        progress.expected_seq,
        progress.fork,
        place.now_ms(),
        progress.counters.durable_seq,
    )


def _unseen(item: Item) -> Item:
    """What was seen in a lost timeline says nothing of this one, where the same numbers mean others (R2)."""
    mutation = item.mutation
    return replace(item, mutation=replace(mutation, seen_rev=None, seen_agg=None)) if mutation else item


def _run(place: Place, actor: Actor, pushed: Pushed, items: Sequence[Item], progress: Progress) -> None:
    """Commit the items together; what fails together is halved, down to one txn, which parks."""
    if progress.has_stopped:
        return
    forced = Park("store_raw") if pushed.header.store_raw else None
    fresh, again = _before_repeat(items)
    if again:
        _run(place, actor, pushed, fresh, progress)
        _run(place, actor, pushed, again, progress)
        return
    try:
        _try(place, actor, pushed, items, progress, forced)
    except (SQLAlchemyError, TransactionTooLargeError) as problem:
        first, second = _halves(items)
        if is_outage(problem) or (is_turn(problem) and not second):
            raise
        log.warning("a push of %d mutations is taken apart: %s", len(items), type(problem).__name__)
        if second:
            _run(place, actor, pushed, first, progress)
            _run(place, actor, pushed, second, progress)
        else:
            _try(place, actor, pushed, items, progress, Park("internal"))


def _before_repeat(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Cut before an id that came already: only once that is committed it is known as a duplicate."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item.id in seen:
            return items[:place], items[place:]
        seen.add(item.id)
    return items, []


def _halves(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    txns = [list(group) for _, group in groupby(items, key=lambda item: item.txn)]
    middle = sum(len(txn) for txn in txns[: (len(txns) + 1) // 2])
    return items[:middle], items[middle:]


def _try(
    place: Place,
    actor: Actor,
    pushed: Pushed,
    items: Sequence[Item],
    progress: Progress,
    forced: Park | None,
) -> None:
    """One transaction."""
    done = attempt(place, lambda session: _transact(session, place, actor, pushed, items, forced))
    progress.receipts += done.receipts
    progress.expected_seq, progress.fork = done.expected_seq, done.fork
    progress.counters = done.counters
    progress.left += done.left


def _transact(
    session: Session,
    place: Place,
    actor: Actor,
    pushed: Pushed,
    items: Sequence[Item],
    forced: Park | None,
) -> Progress:
    header = pushed.header
    first = items[0] if items else None
    device = devices.claim(session, header.device, actor.person_id, header.parent)
    if device is None:
        fork = Fork(items[0].seq if items else 1, None)
        return Progress(fork=fork, counters=read_counters(session))
    is_unstarted = device.last_seq == 0
    device.acked_through = max(device.acked_through, min(header.acked_through, device.last_seq))
    if header.void and header.void[0] <= device.last_seq + 1 <= header.void[1]:
        device.last_seq, device.last_sha = header.void[1], None
    if header.parent and is_unstarted and first and first.seq == device.last_seq + 1:
        devices.inherit_marks(session, device, header.parent, first)
    lineage = device.lineage
    known = records.find_known(session, device.id, items)
    found = intake.sort(device, items, known, is_raw=header.store_raw)
    if found.fresh and pushed.over and pushed.over.has_left:
        arrival.mark_leaves(session, device.id, pushed.over, found.fresh[0].seq - 1)
    if device.lineage != lineage:
        devices.save_lineage(session, device)
    aliases = [records.to_alias(first, item, device.id, actor.person_id) for first, item in found.aliases]
    insert_all(session, MutationRecord, aliases)
    receipts = [records.to_receipt(first, "duplicate", seq) for seq, first in found.known.items()]
    done, left = _receive(session, place, actor, device, found.fresh, forced, is_drained=pushed.is_drained)
    receipts = sorted([*receipts, *done], key=lambda receipt: receipt.seq)
    if pushed.is_drained:
        receipts = [quarantine.bare(receipt) for receipt in receipts]
    return Progress(receipts, found.expected_seq, found.fork, read_counters(session), left)


def _receive(
    session: Session,
    place: Place,
    actor: Actor,
    device: devices.Device,
    fresh: Sequence[Item],
    forced: Park | None,
    *,
    is_drained: bool,
) -> tuple[list[Receipt], list[batches.Txn]]:
    """Merge what is new, the log last; returns the receipts, and the parked txns that are ready but left."""
    if not fresh:
        devices.save(session, device)
        return [], []
    scopes = batches.scopes_of(session, actor)
    writing = Writing(actor, device.id, device.lineage, scopes, device.stamp)
    now_ms = place.now_ms()
    batch = batches.begin(session, place.registry, writing, now_ms)
    if is_drained:
        quarantine.keep(batch, fresh, is_raw=forced is not None)
    else:
        carrying.carry_out(batch, fresh, forced)
    device.stamp = writing.stamp
    devices.save(session, device)
    _, log_seq = batches.finish(batch, device.id, now_ms)
    return [records.new_receipt(result, log_seq) for result in batch.results], list(batch.ready)
