"""Appends to the log: the last thing every transaction does, under the one lock (SPEC 10.1)."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.replication.bulk import insert_all
from server.replication.models import ChangeLog, ChangeScope, ChangeTxn, ScopeSum
from server.replication.rows import Key
from server.shared.log_lock import advance
from server.shared.writer import TransactionTooLargeError
from sync.core.digest import MODULUS, from_hex, to_hex
from sync.core.mutation import Rev
from sync.core.record import record

MAX_LOG_ROWS = 1_000
MAX_MOVED_ROWS = 20_000
"""Rows that go to another scope with their root: all at once, however many a customer has in a lifetime."""
LAST_SUM = (
    select(ScopeSum.count, ScopeSum.sum)
    .where(ScopeSum.scope == bindparam("of"), ScopeSum.seq <= bindparam("at"))
    .order_by(ScopeSum.seq.desc())
    .limit(1)
)


@record
class Change:
    """One changed row: its scopes before and after, and its digests where it was (is) live."""

    key: Key
    rev: Rev
    scope_before: str | None
    scope_after: str
    digest_before: int | None
    digest_after: int | None

    @property
    def has_moved(self) -> bool:
        """Whether the row was there before, in another scope."""
        return self.scope_before not in (None, self.scope_after)


def append(
    session: Session,
    changes: Sequence[Change],
    txn: str,
    now_ms: int,
    plan_id: str | None = None,
    *,
    is_whole: bool = False,
) -> int:
    """Write the log of one transaction and return its last position, the head if nothing changed.

    Raises TransactionTooLargeError above 1,000 changes, or 20,000 rows that move, or that `is_whole` lets end,
    with their root. Nothing may be locked after it: commit.
    """
    moved = len(changes) if is_whole else sum(change.has_moved for change in changes)
    if moved > MAX_MOVED_ROWS or len(changes) - moved > MAX_LOG_ROWS:
        raise TransactionTooLargeError(f"{len(changes)} log rows in one transaction")
    last = advance(session, seqs=len(changes)).last_seq
    first = last - len(changes) + 1
    numbered = list(enumerate(changes, first))
    insert_all(session, ChangeLog, [_log_row(seq, txn, change) for seq, change in numbered])
    sides = {(s, seq) for seq, c in numbered for s in (c.scope_before, c.scope_after) if s}
    insert_all(session, ChangeScope, [{"scope": s, "seq": seq} for s, seq in sorted(sides)])
    insert_all(session, ScopeSum, _sums(session, changes, last))
    insert_all(session, ChangeTxn, [{"txn": txn, "seq": last, "at": now_ms, "plan_id": plan_id}])
    return last


def latest_sums(session: Session, scopes: Sequence[str], at: int) -> dict[str, tuple[int, int]]:
    """Each scope's count and sum as of a log position; scopes that never held a row are left out.

    One seek for each scope: together they would read every entry that the scopes ever had.
    """
    connection = session.connection()
    found = {scope: connection.execute(LAST_SUM, {"of": scope, "at": at}).one_or_none() for scope in scopes}
    return {scope: (row[0], from_hex(row[1])) for scope, row in found.items() if row}


def _log_row(seq: int, txn: str, change: Change) -> dict[str, object]:
    return {
        "seq": seq,
        "txn": txn,
        "entity": change.key[0],
        "pk": change.key[1],
        "epoch": change.rev[0],
        "n": change.rev[1],
        "scope_before": change.scope_before,
        "scope_after": change.scope_after,
    }


def _sums(session: Session, changes: Sequence[Change], last: int) -> list[dict[str, object]]:
    counts: defaultdict[str, int] = defaultdict(int)
    totals: defaultdict[str, int] = defaultdict(int)
    for change in changes:
        if change.digest_before is not None and change.scope_before:
            counts[change.scope_before] -= 1
            totals[change.scope_before] -= change.digest_before
        if change.digest_after is not None:
            counts[change.scope_after] += 1
            totals[change.scope_after] += change.digest_after
    held = latest_sums(session, list(counts), last) if counts else {}
    rows: list[dict[str, object]] = []
    for scope in sorted(counts):
        count, total = held.get(scope, (0, 0))
        end = to_hex((total + totals[scope]) % MODULUS)
        rows.append({"scope": scope, "seq": last, "count": count + counts[scope], "sum": end})
    return rows
