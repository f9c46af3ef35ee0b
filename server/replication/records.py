"""Reads and writes mutation records: what arrived, to the byte, and its receipt (SPEC 8.4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.replication.among import among, many
from server.replication.models import ChangeTxn, MutationRecord
from server.replication.work import Item, Result
from sync.wire.push import Receipt

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A mutation that arrived before."""

    device: str
    seq: int
    id: str
    sha: str
    person_id: str
    is_original: bool
    status: str
    code: str | None
    outcome: str
    commit_txn: str
    log_seq: int


COLUMNS = [
    *(getattr(MutationRecord, name) for name in Known.__dataclass_fields__ if name != "log_seq"),
    ChangeTxn.seq,
]

# Built once: making a statement takes longer than running it.
KNOWN = select(*COLUMNS).join(ChangeTxn, ChangeTxn.txn == MutationRecord.commit_txn)
OF_DEVICE = KNOWN.where(MutationRecord.device == bindparam("of"))
BY_SEQ = OF_DEVICE.where(MutationRecord.seq.between(bindparam("first"), bindparam("last")))
BY_ID = KNOWN.where(among(MutationRecord.id, many("ids")), MutationRecord.is_original)
SINCE = OF_DEVICE.where(
    MutationRecord.person_id == bindparam("person"),
    MutationRecord.seq > bindparam("acked_through"),
    ChangeTxn.seq <= bindparam("end"),
).order_by(MutationRecord.seq)


def find_known(session: Session, device: str, items: Sequence[Item]) -> list[Known]:
    """The records under these ids, and under these seqs of the device."""
    if not items:
        return []
    near = {"of": device, "first": items[0].seq - 1, "last": items[-1].seq}
    by_seq = [Known(*row) for row in session.connection().execute(BY_SEQ, near)]
    return [*by_seq, *find_by_id(session, [item.id for item in items])]


def find_by_id(session: Session, ids: Sequence[str]) -> list[Known]:
    """The records of these mutations."""
    found: list[Known] = []
    for start in range(0, len(ids), CHUNK):
        rows = session.connection().execute(BY_ID, {"ids": ids[start : start + CHUNK]})
        found += [Known(*row) for row in rows]
    return found


def receipts_since(session: Session, person: str, device: str, acked_through: int, end: int) -> Iterable[Receipt]:
    """A device's receipts above `acked_through` whose effects lie at or before log position `end`."""
    mine = {"of": device, "person": person, "acked_through": acked_through, "end": end}
    rows = session.connection().execute(SINCE, mine)
    return [to_receipt(Known(*row), row.status) for row in rows]


def to_receipt(known: Known, status: str, seq: int | None = None) -> Receipt:
    """A stored receipt, under another status or seq where it is sent again."""
    rest = msgspec.json.decode(known.outcome)
    return Receipt(
        seq if seq is not None else known.seq,
        known.id,
        status,  # pyright: ignore[reportArgumentType]
        known.log_seq,
        rest["conflicts"],
        known.code,
        rest["fields"],
        rest["params"],
    )


def new_receipt(result: Result, log_seq: int) -> Receipt:
    """The receipt of what was just done."""
    rest = result.outcome
    code = result.park.code if result.park else None
    status = result.status
    return Receipt(
        result.item.seq,
        result.item.id,
        status,  # pyright: ignore[reportArgumentType]
        log_seq,
        list(rest["conflicts"]),
        code,
        rest["fields"],
        rest["params"],
    )


def to_record(result: Result, device: str, person: str, commit_txn: str) -> dict[str, Any]:
    """The columns of a mutation's record."""
    item, mutation = result.item, result.item.mutation
    return {
        "device": device,
        "seq": item.seq,
        "id": item.id,
        "is_original": True,
        "sha": item.sha,
        "person_id": person,
        "txn": item.txn,
        "commit_txn": commit_txn,
        **outcome_columns(result),
        "line": None if result.is_dropped else item.line,
        "stamp_ms": result.stamp[0],
        "stamp_n": result.stamp[1],
        "entity": mutation.entity[:40] if mutation else None,
        "pk": mutation.pk if mutation else None,
        "op": mutation.op if mutation else None,
    }


def outcome_columns(result: Result) -> dict[str, Any]:
    """The columns that a replay changes."""
    return {
        "status": result.status,
        "code": result.park.code if result.park else None,
        "outcome": msgspec.json.encode(result.outcome).decode(),
        "is_open": result.is_open,
        "waits_for": result.waits_for,
    }


def to_alias(known: Known, item: Item, device: str, person: str) -> dict[str, Any]:
    """A record of the same mutation under another seq: its receipt is the original's."""
    nothing = dict.fromkeys(("line", "entity", "pk", "op", "waits_for"))
    return {
        "device": device,
        "seq": item.seq,
        "id": item.id,
        "is_original": False,
        "sha": item.sha,
        "person_id": person,
        "txn": item.txn,
        "commit_txn": known.commit_txn,
        "status": "duplicate",
        "code": known.code,
        "outcome": known.outcome,
        "stamp_ms": 0,
        "stamp_n": 0,
        "is_open": False,
        **nothing,
    }
