"""Reads the log for some scopes: where a page ends, and the rows that changed in it (R40).

Up to 50 scopes are read through the index by scope, which costs nothing for quiet ones; more are read as a
range of the log with a filter, which costs the same however many they are.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from server.replication.log_writer import MAX_LOG_ROWS
from server.replication.models import ChangeLog, ChangeScope, ChangeTxn, PurgedKey, ScopeSum, SyncedRow

FEW_SCOPES = 50


class ServedRow(NamedTuple):
    """A row as a page needs it; `line` and `body` are what an upsert sends, and None for one that is purged."""

    entity: str
    pk: str
    epoch: int
    n: int
    scope: str
    deleted_by: str | None
    line: bytes
    body: bytes


SERVED = [
    func.coalesce(SyncedRow.epoch, PurgedKey.epoch),
    func.coalesce(SyncedRow.n, PurgedKey.n),
    func.coalesce(SyncedRow.scope, ""),
    func.coalesce(SyncedRow.deleted_by, PurgedKey.pk),
    SyncedRow.line,
    SyncedRow.body,
]

# Built once: building such a statement takes longer than running it.
TXN_AT = select(ChangeLog.txn).where(ChangeLog.seq == bindparam("seq"))


def txn_at(session: Session, seq: int) -> str:
    """The random id of the transaction at a log position; empty where the log has none."""
    return session.connection().scalar(TXN_AT, {"seq": seq}) or ""


def was_there(session: Session, seq: int, txn: str, floor: int) -> bool:
    """Whether this log ever had that transaction at a position; below the floor the transactions alone are left."""
    if seq >= floor or seq == 0:
        return txn_at(session, seq) == txn
    return (session.scalar(select(ChangeTxn.seq).where(ChangeTxn.txn == txn)) or 0) >= seq


def changed_by_floor(session: Session, scope: str, after: int, floor: int) -> bool:
    """Whether a scope changed within (after, floor]: its sum at the floor, which stays, is of its last change."""
    last = select(func.max(ScopeSum.seq)).where(ScopeSum.scope == scope, ScopeSum.seq <= floor)
    return (session.scalar(last) or 0) > after


def page_end(session: Session, scopes: Collection[str], after: int, limit: int, head: int) -> int:
    """The end of the transaction in which `limit` changes are reached, or the head if none does.

    Of a transaction that goes on for more than 1,000 changes (an aggregate that moved) only as much
    as was asked for: its rest comes with the next pages, so that any link can carry it (SPEC 11.5).
    """
    if not scopes:
        return head
    cut = session.scalars(_positions(scopes, after, limit)).all()
    if len(cut) < limit:
        return head
    end_of_txn = select(ChangeTxn.seq).join(ChangeLog, ChangeLog.txn == ChangeTxn.txn)
    end = session.scalars(end_of_txn.where(ChangeLog.seq == cut[-1])).one()
    return end if end - cut[-1] <= MAX_LOG_ROWS else cut[-1]


def is_between(session: Session, seq: int) -> bool:
    """Whether a log position lies between transactions, not within one."""
    table = ChangeTxn
    end = session.scalar(select(table.seq).join(ChangeLog, ChangeLog.txn == table.txn).where(ChangeLog.seq == seq))
    return end in (None, seq)


def changed_rows(session: Session, scopes: Collection[str], after: int, through: int) -> Sequence[ServedRow]:
    """The rows that changed in these scopes within (after, through], in the order of their last change."""
    if not scopes or through <= after:
        return []
    last = func.max(ChangeLog.seq).label("last")
    changes = select(ChangeLog.entity, ChangeLog.pk, last).group_by(ChangeLog.entity, ChangeLog.pk)
    if len(scopes) <= FEW_SCOPES:
        in_scope = and_(ChangeScope.scope.in_(scopes), ChangeScope.seq.between(after + 1, through))
        changes = changes.join(ChangeScope, ChangeScope.seq == ChangeLog.seq).where(in_scope)
    else:
        changes = changes.where(ChangeLog.seq.between(after + 1, through), _touches(scopes))
    found = changes.subquery()
    rows = select(found.c.entity, found.c.pk, *SERVED).select_from(found)
    rows = rows.outerjoin(SyncedRow, and_(SyncedRow.entity == found.c.entity, SyncedRow.pk == found.c.pk))
    rows = rows.outerjoin(PurgedKey, and_(PurgedKey.entity == found.c.entity, PurgedKey.pk == found.c.pk))
    return [ServedRow(*row) for row in session.execute(rows.order_by(found.c.last))]


def _positions(scopes: Collection[str], after: int, limit: int) -> Select[int]:
    if len(scopes) > FEW_SCOPES:
        ranged = select(ChangeLog.seq).where(ChangeLog.seq > after, _touches(scopes))
        return ranged.order_by(ChangeLog.seq).limit(limit)
    parts = [
        select(
            select(ChangeScope.seq)
            .where(ChangeScope.scope == scope, ChangeScope.seq > after)
            .order_by(ChangeScope.seq)
            .limit(limit)
            .subquery()
            .c.seq
        )
        for scope in sorted(scopes)
    ]
    every = union_all(*parts).subquery()
    return select(every.c.seq).distinct().order_by(every.c.seq).limit(limit)


def _touches(scopes: Collection[str]):
    return or_(ChangeLog.scope_before.in_(scopes), ChangeLog.scope_after.in_(scopes))
