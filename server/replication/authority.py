"""Judges a write to a row that its author no longer sees, by what was theirs when they wrote (R26)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.models import ChangeLog, ChangeTxn, LeaveMark
from server.replication.rows import Key
from server.shared.scope import Grant, grants_of
from sync.core.mutation import Rev

LATEST_MS = 180 * 24 * 60 * 60 * 1000
Verdict = Literal["accept", "left_scope", "gone"]


@dataclass(frozen=True, slots=True)
class Stay:
    """A row's time in one scope: log positions (`end` None: still there) and its first revision."""

    scope: str
    start: int
    end: int | None
    rev: Rev


def judge(
    session: Session, person: str, device: str, seq: int, key: Key, scope: str, seen: Rev | None, now_ms: int
) -> Verdict:
    """What to do with mutation `seq` of a device on a row in a scope that is not its author's.

    `seen` is the revision that the author saw; None (a create, judged by its root) takes the last
    stay that was theirs.
    """
    stays = _stays(session, key, scope)
    theirs = [(s, g) for s in stays if (g := _grant_for(s, grants_of(session, person)))]
    if not theirs:
        return "gone"
    then = [s for s in stays if seen is None or s.rev <= seen]
    stay, grant = theirs[-1]
    if seen is not None and (not then or then[-1] not in [s for s, _ in theirs]):
        return "left_scope"
    if seen is not None:
        stay, grant = next((s, g) for s, g in theirs if s is then[-1])
    left_at, told = _leave(session, device, stay, grant)
    is_late = left_at is not None and now_ms - left_at > LATEST_MS
    return "left_scope" if is_late or (told is not None and seq > told) else "accept"


def _stays(session: Session, key: Key, scope: str) -> list[Stay]:
    """Where a row has been: its birth and its moves, of which the moves stay in the log for ever.

    Whoever had the scope of a row that is older than the log counts as having had the row from its start.
    """
    table = ChangeLog
    found = select(table.seq, table.epoch, table.n, table.scope_before, table.scope_after)
    moved = table.scope_before.is_distinct_from(table.scope_after)
    found = found.where(table.entity == key[0], table.pk == key[1], moved).order_by(table.seq)
    stays: list[Stay] = []
    for seq, epoch, n, before, after in session.execute(found):
        if not stays and before is not None:
            stays.append(Stay(before, 0, None, (0, 0)))
        if stays:
            stays[-1] = replace(stays[-1], end=seq)
        stays.append(Stay(after, seq, None, (epoch, n)))
    return stays or [Stay(scope, 0, None, (0, 0))]


def _grant_for(stay: Stay, grants: Sequence[Grant]) -> Grant | None:
    """The last grant under which the person saw the row during this stay."""
    for grant in reversed(grants):
        began_in_time = stay.end is None or grant.granted_seq < stay.end
        lasted = grant.revoked_seq is None or grant.revoked_seq >= stay.start
        if grant.scope == stay.scope and began_in_time and lasted:
            return grant
    return None


def _leave(session: Session, device: str, stay: Stay, grant: Grant) -> tuple[int | None, int | None]:
    """When the row left the person (ms), and the last seq enqueued before the device learned of it."""
    mark = select(LeaveMark.enqueued_through).where(LeaveMark.device == device)
    if stay.end is not None and (grant.revoked_seq is None or stay.end <= grant.revoked_seq):
        at = select(ChangeTxn.at).join(ChangeLog, ChangeLog.txn == ChangeTxn.txn)
        left_at = session.scalar(at.where(ChangeLog.seq == stay.end))
        mark = mark.where(LeaveMark.seq >= stay.end).order_by(LeaveMark.seq, LeaveMark.revoked_id)
    else:
        left_at = grant.revoked_at
        mark = mark.where(LeaveMark.revoked_id >= (grant.revoked_id or 0)).order_by(LeaveMark.revoked_id)
    return left_at, session.scalar(mark.limit(1))
