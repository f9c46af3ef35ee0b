"""Looks for damage in the log: numbers that are missing, and records that point to nothing."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.shared.log_lock import read_counters

SPAN = "SELECT min(seq), max(seq), count(*) FROM change_log WHERE seq >= :floor"
GAP = """
SELECT min(a.seq) + 1 FROM change_log a
WHERE a.seq >= :floor AND a.seq < :last AND NOT EXISTS (SELECT 1 FROM change_log b WHERE b.seq = a.seq + 1)
"""

DANGLING = {
    "{n} log entries belong to no transaction.": """
        SELECT count(*) FROM change_log l WHERE NOT EXISTS (SELECT 1 FROM change_txn t WHERE t.txn = l.txn)""",
    "{n} log entries are missing in the log's index by scope.": """
        SELECT count(*) FROM change_log l
        WHERE l.seq >= :floor AND (
            NOT EXISTS (SELECT 1 FROM change_scope s WHERE s.scope = l.scope_after AND s.seq = l.seq)
            OR (l.scope_before IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM change_scope s WHERE s.scope = l.scope_before AND s.seq = l.seq)))""",
    "{n} entries of the log's index by scope belong to no log entry.": """
        SELECT count(*) FROM change_scope s WHERE NOT EXISTS (SELECT 1 FROM change_log l WHERE l.seq = s.seq)""",
    "{n} rows have a revision that the log does not know.": """
        SELECT count(*) FROM synced_row r WHERE NOT EXISTS (
            SELECT 1 FROM change_log l
            WHERE l.entity = r.entity AND l.pk = r.pk AND l.epoch = r.epoch AND l.n = r.n)
        AND (:floor = 0 OR EXISTS (
            SELECT 1 FROM change_log l WHERE l.entity = r.entity AND l.pk = r.pk AND l.seq > :floor))""",
    "{n} log entries are of rows that are not there.": """
        SELECT count(*) FROM change_log l
        WHERE NOT EXISTS (SELECT 1 FROM synced_row r WHERE r.entity = l.entity AND r.pk = l.pk)
        AND NOT EXISTS (SELECT 1 FROM purged_key p WHERE p.entity = l.entity AND p.pk = l.pk)""",
    "{n} rows are there although they were purged.": """
        SELECT count(*) FROM purged_key p
        WHERE EXISTS (SELECT 1 FROM synced_row r WHERE r.entity = p.entity AND r.pk = p.pk)""",
    "{n} mutations were received in no transaction.": """
        SELECT count(*) FROM mutation_record m
        WHERE NOT EXISTS (SELECT 1 FROM change_txn t WHERE t.txn = m.commit_txn)""",
    "{n} mutations have numbers above their device's last one.": """
        SELECT count(*) FROM mutation_record m JOIN sync_device d ON d.device = m.device WHERE m.seq > d.last_seq""",
    "{n} rows hold content that was erased on request.": """
        SELECT count(*) FROM erased_key e JOIN synced_row r ON r.entity = e.entity AND r.pk = e.pk
        WHERE e.is_done AND (r.deleted_by IS NULL OR length(r.body) > 2)""",
    "{n} mutations of rows that were erased on request still have their bytes.": """
        SELECT count(*) FROM erased_key e JOIN mutation_record m ON m.entity = e.entity AND m.pk = e.pk
        WHERE e.is_done AND m.line IS NOT NULL AND m.op <> 'delete'""",
    "{n} grants have numbers above the last one drawn.": """
        SELECT count(*) FROM scope_grant g, server_state s
        WHERE g.id > s.last_grant_id OR g.revoked_id > s.last_grant_id""",
}
"""What must not be, as questions for how often it is."""


def log_findings(session: Session) -> Iterator[str]:
    """A sentence for each thing that is wrong."""
    counters = read_counters(session)
    last_seq, floor = counters.last_seq, counters.floor_seq
    begin = max(floor, 1)
    first, last, count = session.execute(text(SPAN), {"floor": floor}).one()
    if (last or 0) != last_seq:
        yield f"The log ends at {last or 0}, but {last_seq} numbers were drawn."
    if count and first != begin:
        yield f"The log begins at {first} instead of {begin}."
    if count and count != last - first + 1:
        gap = session.execute(text(GAP), {"floor": floor, "last": last}).scalar()
        yield f"Numbers missing in the log: {last - first + 1 - count}, the first is {gap}."
    for sentence, question in DANGLING.items():
        if n := session.execute(text(question), {"floor": floor} if ":floor" in question else {}).scalar_one():
            yield sentence.format(n=n)
