"""Takes away what nobody needs any more, in small transactions, while the server serves (SPEC 10.4, R22).

First the floor rises, so that nobody reads below it; then the log goes, then deleted rows. A killed clean-up is
gone on with by the next one. What people wrote stays: as history of rows that are there, and of rows that are not.
"""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from server.replication import purge_log, purge_rows
from server.replication.authority import LATEST_MS
from server.replication.models import ChangeLog, ChangeTxn, LeaveMark, MutationRecord, SyncDevice
from server.replication.place import Place
from server.replication.troubles import attempt
from server.shared.log_lock import ServerState, raise_floor, read_counters
from server.shared.scope import ScopeGrant

EVERY_MS = 20 * 60 * 60 * 1000
"""Between clean-ups that servers begin by themselves."""
STEP = 1_000


@dataclass(frozen=True)
class Purged:
    """What a clean-up did: where the log begins now, and how many log entries, rows and receipts went."""

    floor_seq: int
    log_entries: int
    rows: int
    receipts: int


def purge(place: Place, retention_ms: int | None = None) -> Purged:
    """Clean up what is older than `retention_ms`, which is the place's own unless it is given.

    Safe to kill, to repeat, and to run in several processes at once.
    """
    kept_ms = place.retention_ms if retention_ms is None else retention_ms
    cutoff = place.now_ms() - kept_ms
    floor = _raise_floor(place, cutoff)
    entries = purge_log.trim(place)
    rows = purge_rows.sweep(place, floor)
    receipts = _forget_aliases(place, floor)
    if kept_ms >= LATEST_MS:
        attempt(place, lambda session: _forget_marks(session, floor, cutoff))
    return Purged(floor, entries, rows, receipts)


def purge_when_due(place: Place) -> Purged | None:
    """Clean up once a day, whichever of several processes comes first; None when it is not due."""
    now_ms = place.now_ms()
    due = update(ServerState).where(ServerState.purged_at <= now_ms - EVERY_MS).values(purged_at=now_ms)
    with place.writing() as session:
        is_due = session.scalar(due.returning(ServerState.id)) is not None
    return purge(place) if is_due else None


def _raise_floor(place: Place, cutoff: int) -> int:
    """Let the log begin with the last entry before the first transaction that is younger than the cutoff."""
    with place.snapshot() as session:
        counters = read_counters(session)
        young = select(ChangeLog.seq).join(ChangeTxn, ChangeTxn.txn == ChangeLog.txn)
        young = young.where(ChangeLog.seq > counters.floor_seq, ChangeTxn.at > cutoff)
        first = session.scalar(young.order_by(ChangeLog.seq).limit(1))
    floor = counters.last_seq if first is None else first - 1
    if floor > counters.floor_seq:
        attempt(place, lambda session: raise_floor(session, floor))
    return floor


def _forget_aliases(place: Place, floor: int) -> int:
    """Second receipts of a mutation that their device has acknowledged; the first one stays with the history."""
    table = MutationRecord
    found = select(table.device, table.seq).join(SyncDevice, SyncDevice.device == table.device)
    found = found.join(ChangeTxn, ChangeTxn.txn == table.commit_txn)
    found = found.where(~table.is_original, table.seq <= SyncDevice.acked_through, ChangeTxn.seq <= floor)
    with place.snapshot() as session:
        keys = [(device, seq) for device, seq in session.execute(found)]
    for start in range(0, len(keys), STEP):
        part = keys[start : start + STEP]
        attempt(place, lambda session, part=part: _forget(session, part))
    return len(keys)


def _forget(session: Session, keys: list[tuple[str, int]]) -> None:
    table = MutationRecord
    for device in sorted({device for device, _ in keys}):
        seqs = [seq for one, seq in keys if one == device]
        session.execute(delete(table).where(table.device == device, table.seq.in_(seqs), ~table.is_original))


def _forget_marks(session: Session, floor: int, cutoff: int) -> None:
    """What a device knew of leaves that are too old to be argued about (R26)."""
    recent = exists(
        select(ScopeGrant.id).where(ScopeGrant.revoked_at > cutoff, ScopeGrant.revoked_id <= LeaveMark.revoked_id)
    )
    session.execute(delete(LeaveMark).where(LeaveMark.seq < floor, ~recent))
