"""The tables of replication: rows, the log that orders them, receipts, devices, running sums."""

from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id

LIVE = text("deleted_by IS NULL")
HIDDEN = text("deleted_by IS NOT NULL")
# As each database's queries say it: a partial index serves only a query that repeats its condition.
ORIGINAL: dict[str, Any] = {"sqlite_where": text("is_original = 1"), "postgresql_where": text("is_original")}
WAITING: dict[str, Any] = {"sqlite_where": text("is_open = 1"), "postgresql_where": text("is_open")}


class SyncedRow(Base):
    """A row's truth: what is served, and what the next merge needs.

    `line` and `body` are the two lines of an upsert as they travel; `meta` is the merge state
    without its fields; `digest` the 16 bytes of SPEC 1.7. `agg_head` counts the writes of the
    aggregate and is kept on its root only. A root's `root_entity` and `root_pk` name itself.
    """

    __tablename__ = "synced_row"
    __table_args__ = (
        Index("ix_synced_row_root", "root_entity", "root_pk", "entity", "pk"),
        Index("ix_synced_row_scope", "scope", "pk", "entity", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_synced_row_hidden", "entity", "pk", sqlite_where=HIDDEN, postgresql_where=HIDDEN),
    )

    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    pk: Mapped[Id] = mapped_column(primary_key=True)
    root_entity: Mapped[str] = mapped_column(String(40))
    root_pk: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(120))
    epoch: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(BigInteger)
    agg: Mapped[int] = mapped_column(BigInteger)
    agg_head: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    meta: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    deleted_by: Mapped[Id | None]
    writer_device: Mapped[Id]
    writer_seq: Mapped[int] = mapped_column(BigInteger)


class PurgedKey(Base):
    """A row that the clean-up took away for good: its bare key, so that nothing brings it back (R22).

    `epoch` and `n` are the revision with which a device is told that it is gone; `root_pk` is where it stood, so
    that its history is found when its root is erased (R34).
    """

    __tablename__ = "purged_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pk: Mapped[Id] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    root_pk: Mapped[Id]
    epoch: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(BigInteger)


class ChangeLog(Base):
    """One change of one row; `txn` is the random id of the transaction that made it.

    Below the floor only moves are left, as long as their row is there: they judge late edits (R26).
    """

    __tablename__ = "change_log"
    __table_args__ = (Index("ix_change_log_row", "entity", "pk", "seq"), {"sqlite_with_rowid": False})

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    txn: Mapped[Id]
    entity: Mapped[str] = mapped_column(String(40))
    pk: Mapped[Id]
    epoch: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(BigInteger)
    scope_before: Mapped[str | None] = mapped_column(String(120))
    scope_after: Mapped[str] = mapped_column(String(120))


class ChangeScope(Base):
    """The log's index: one row for each scope a change concerns (R40)."""

    __tablename__ = "change_scope"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ChangeTxn(Base):
    """One commit: its moment and its last log seq (the head, if it changed no row)."""

    __tablename__ = "change_txn"
    __table_args__ = ({"sqlite_with_rowid": False},)

    txn: Mapped[Id] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    plan_id: Mapped[Id | None]


class ScopeSum(Base):
    """A scope's live rows after a commit: how many, and their digests' sum (32 hex digits)."""

    __tablename__ = "scope_sum"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)
    sum: Mapped[str] = mapped_column(String(32))


class MutationRecord(Base):
    """What a device sent at one seq, to the byte, and its receipt: the row's history.

    A `duplicate` (an id that came before under another seq) and a `void` have no `line`. `outcome`
    is the receipt's changing part as JSON. `is_open` marks a parked one that is neither mended
    nor dismissed; `tried_by` names the release that last tried it again by itself.
    """

    __tablename__ = "mutation_record"
    __table_args__ = (
        Index(
            "uq_mutation_record_id",
            "id",
            unique=True,
            **ORIGINAL,
        ),
        Index("ix_mutation_record_open_pk", "pk", **WAITING),
        Index("ix_mutation_record_waits", "waits_for", **WAITING),
    )

    device: Mapped[Id] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(64))
    is_original: Mapped[bool]
    sha: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[Id]
    txn: Mapped[str] = mapped_column(String(64))
    commit_txn: Mapped[Id]
    status: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(Text)
    line: Mapped[bytes | None] = mapped_column(LargeBinary)
    stamp_ms: Mapped[int] = mapped_column(BigInteger)
    stamp_n: Mapped[int] = mapped_column(BigInteger)
    entity: Mapped[str | None] = mapped_column(String(40))
    pk: Mapped[Id | None]
    op: Mapped[str | None] = mapped_column(String(8))
    is_open: Mapped[bool]
    waits_for: Mapped[str | None] = mapped_column(String(64))
    tried_by: Mapped[str | None] = mapped_column(String(16))


class SyncDevice(Base):
    """One outbox: whose it is, the last seq received, and its last effective stamp."""

    __tablename__ = "sync_device"

    device: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id]
    last_seq: Mapped[int] = mapped_column(BigInteger)
    last_sha: Mapped[str | None] = mapped_column(String(64))
    stamp_ms: Mapped[int] = mapped_column(BigInteger)
    stamp_n: Mapped[int] = mapped_column(BigInteger)
    acked_through: Mapped[int] = mapped_column(BigInteger)
    enqueued_through: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """The last seq that the device said it had written; what lies above `last_seq` is not here yet."""
    destroyed_by: Mapped[Id | None]
    destroyed_at: Mapped[int | None] = mapped_column(BigInteger)
    last_known_count: Mapped[int | None] = mapped_column(BigInteger)


class DrainKey(Base):
    """What lets an outbox deliver after its person's access was ended, and nothing else (R3).

    Copied profiles share a key under several device ids, or have keys of their own under one: each row lets one in.
    `installation` is the browser as sign-in knows it; `token_hash` the SHA-256 of a key that only the device has.
    """

    __tablename__ = "drain_key"
    __table_args__ = (Index("ix_drain_key_outbox", "person_id", "device"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id]
    installation: Mapped[Id]
    created_at: Mapped[int] = mapped_column(BigInteger)


class DeviceLineage(Base):
    """A fork: `device` continues `ancestor`, sharing its writes up to `up_to_seq` (R13)."""

    __tablename__ = "device_lineage"

    device: Mapped[Id] = mapped_column(primary_key=True)
    ancestor: Mapped[Id] = mapped_column(primary_key=True)
    up_to_seq: Mapped[int] = mapped_column(BigInteger)


class LeaveMark(Base):
    """A device learned of leaves or drops at this cursor, having enqueued so far (R26)."""

    __tablename__ = "leave_mark"

    device: Mapped[Id] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revoked_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    enqueued_through: Mapped[int] = mapped_column(BigInteger)


class OpenConflict(Base):
    """Finds the one open conflict of a row's group (R33); the conflict itself is a synced row."""

    __tablename__ = "open_conflict"

    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_pk: Mapped[Id] = mapped_column(primary_key=True)
    group: Mapped[str] = mapped_column(String(60), primary_key=True)
    conflict_pk: Mapped[Id]


class ErasedKey(Base):
    """A row whose content was erased on a person's request, for ever (R34): bare keys, never a value.

    `subject` is the pk of the row that the request named, its own for that row; `by_id` who carried the request
    out and `at` when (milliseconds since 1970). `is_done` is false while a subject's erasure is on its way.
    """

    __tablename__ = "erased_key"
    __table_args__ = (Index("ix_erased_key_subject", "subject"),)

    pk: Mapped[Id] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[Id]
    at: Mapped[int] = mapped_column(BigInteger)
    by_id: Mapped[Id]
    is_done: Mapped[bool]
