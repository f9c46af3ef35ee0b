"""A synced row in memory and on disk: what is served is stored as the bytes that are served."""

from typing import Any

import msgspec
from sqlalchemy import RowMapping

from server.replication.models import SyncedRow
from sync.core import canonical
from sync.core.digest import row_digest
from sync.core.mutation import Rev
from sync.core.record import record
from sync.core.state import RowState, from_parts, meta_to_json

Key = tuple[str, str]
"""Entity and pk."""

COLUMNS = tuple(SyncedRow.__table__.columns)
ESCAPED_NUL = b"\\u0000"
_to_json = msgspec.json.encode
_to_sorted_json = msgspec.json.Encoder(order="sorted").encode
_from_json = msgspec.json.decode


@record
class Row:
    """A row as the running transaction sees it; changes make new ones.

    `root` is the key of its aggregate's root, its own for a root; `agg_head` counts the writes of the
    aggregate and means something on roots only; `writer` is the device and seq of its last write.
    """

    key: Key
    root: Key
    scope: str
    state: RowState
    agg_head: int
    writer: tuple[str, int]

    @property
    def rev(self) -> Rev:
        """The row's revision."""
        return self.state.rev

    @property
    def is_live(self) -> bool:
        """Whether it is not deleted."""
        return self.state.deleted is None


@record
class Stored:
    """A row as it was loaded, with the digest by which it counts in its scope's sum."""

    row: Row
    digest: int


def read_row(record: RowMapping) -> Stored:
    """A row from its columns."""
    state = from_parts(_from_json(record["body"]), _from_json(record["meta"]))
    row = Row(
        (record["entity"], record["pk"]),
        (record["root_entity"], record["root_pk"]),
        record["scope"],
        state,
        record["agg_head"],
        (record["writer_device"], record["writer_seq"]),
    )
    return Stored(row, int.from_bytes(record["digest"], "big"))


def to_body(value: Any) -> bytes:
    """What `canonical.dumps` writes, at five times its speed; a test holds both to the same bytes."""
    canonical.check(value)
    data = _to_sorted_json(value)
    return canonical.dumps(value) if ESCAPED_NUL in data else data


def write_row(row: Row) -> tuple[dict[str, Any], int]:
    """A row's columns, and its digest."""
    entity, pk = row.key
    state = row.state
    body = to_body(state.fields)
    digest = row_digest(entity, pk, state.rev, body)
    line = {"op": "upsert", "entity": entity, "pk": pk, "row_rev": state.rev, "scope": row.scope, "agg": state.agg}
    return {
        "entity": entity,
        "pk": pk,
        "root_entity": row.root[0],
        "root_pk": row.root[1],
        "scope": row.scope,
        "epoch": state.rev[0],
        "n": state.rev[1],
        "agg": state.agg,
        "agg_head": row.agg_head,
        "line": _to_json(line),
        "body": body,
        "meta": _to_json(meta_to_json(state)),
        "digest": digest.to_bytes(16, "big"),
        "deleted_by": state.deleted.mutation if state.deleted else None,
        "writer_device": row.writer[0],
        "writer_seq": row.writer[1],
    }, digest
