"""Lets jobs, imports and commands write through the same merge as every device (SPEC 3.2)."""

import os
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication import batch as batches
from server.replication import carrying, devices, records
from server.replication.models import SyncedRow
from server.replication.place import Place
from server.replication.rows import COLUMNS, Row, read_row
from server.replication.troubles import attempt
from server.replication.unit import by_entity
from server.replication.work import Item, Result, Writing
from server.shared.actor import Actor
from server.shared.registry import CATALOGUE_VERSION
from server.shared.writer import Change, Seen, Written
from sync.core.digest import sha_hex
from sync.core.ids import uuid5, uuid7
from sync.core.mutation import Mutation, encode

NAMESPACE = "6f4f0d5e-6f0c-5b0e-9a54-6f1d8a3c9b21"
"""Device ids of the server's writers are UUIDv5 in it."""


class RefusedError(Exception):
    """A change would park: the transaction is rolled back and the caller told."""

    def __init__(self, results: Sequence[Result]):
        super().__init__("the server's own change cannot apply")
        self.results = results


class ServerWriter:
    """The `Writer` that `app.py` hands to features."""

    def __init__(self, place: Place):
        self.place = place

    def submit(
        self, actor: Actor, changes: Sequence[Change], plan_id: str | None = None, writer: str = "system"
    ) -> list[Written]:
        """See server.shared.writer.Writer."""
        now_ms = self.place.now_ms()
        txn = uuid7(now_ms, os.urandom(10))
        items = [_item(change, txn, now_ms) for change in changes]
        try:
            return attempt(self.place, lambda session: self._write(session, actor, writer, items, plan_id))
        except RefusedError as refused:
            return [_written(records.new_receipt(result, 0)) for result in refused.results]

    def read(self, entity: str, pks: Sequence[str]) -> dict[str, Seen]:
        """See server.shared.writer.Writer."""
        found: dict[str, Seen] = {}
        with self.place.snapshot() as session:
            for _, part in by_entity((entity, pk) for pk in set(pks)):
                same = (SyncedRow.entity == entity, SyncedRow.pk.in_(part))
                for record in session.execute(select(*COLUMNS).where(*same)).mappings():
                    row = read_row(record).row
                    found[row.key[1]] = _seen(row)
        return found

    def members(self, entity: str, root_pk: str) -> dict[tuple[str, str], Seen]:
        """See server.shared.writer.Writer."""
        under = (SyncedRow.root_entity == entity, SyncedRow.root_pk == root_pk, SyncedRow.pk != root_pk)
        with self.place.snapshot() as session:
            rows = [read_row(record).row for record in session.execute(select(*COLUMNS).where(*under)).mappings()]
        return {row.key: _seen(row) for row in rows}

    def _write(
        self, session: Session, actor: Actor, writer: str, items: Sequence[Item], plan_id: str | None
    ) -> list[Written]:
        now_ms = self.place.now_ms()
        device_id = uuid5(NAMESPACE, f"{writer}/{actor.person_id}")
        device = devices.claim(session, device_id, actor.person_id, None)
        if device is None:
            raise LookupError(f"the writer {writer} belongs to somebody else")
        known = {k.id: k for k in records.find_by_id(session, [item.id for item in items])}
        fresh = [item for item in items if item.id not in known]
        fresh = [replace(item, seq=seq) for seq, item in enumerate(fresh, device.last_seq + 1)]
        done = [records.to_receipt(k, "duplicate") for k in known.values()]
        if fresh:
            writing = Writing(actor, device.id, device.lineage, None, device.stamp)
            batch = batches.begin(session, self.place.registry, writing, now_ms)
            carrying.carry_out(batch, fresh)
            if any(result.status == "parked" for result in batch.results):
                raise RefusedError(batch.results)
            device.last_seq, device.stamp = fresh[-1].seq, writing.stamp
            devices.save(session, device)
            _, log_seq = batches.finish(batch, device.id, now_ms, plan_id)
            done += [records.new_receipt(result, log_seq) for result in batch.results]
        by_id = {receipt.id: receipt for receipt in done}
        return [_written(by_id[item.id]) for item in items]


def _item(change: Change, txn: str, now_ms: int) -> Item:
    mutation = Mutation(
        id=change.id or uuid7(now_ms, os.urandom(10)),
        entity=change.entity,
        pk=change.pk,
        op=change.op,
        seen_rev=change.seen_rev,
        base=change.base,
        patch=change.patch,
        hlc=(now_ms, 0),
        schema=CATALOGUE_VERSION,
        after=tuple(change.after),
    )
    line = encode(mutation)
    return Item(0, txn, mutation.id, sha_hex(line), line, 0, mutation=mutation)


def _seen(row: Row) -> Seen:
    return Seen(row.state.fields, row.rev, row.scope, row.root[1], not row.is_live)


def _written(receipt: records.Receipt) -> Written:
    return Written(
        receipt.id,
        receipt.status,
        receipt.log_seq or 0,
        tuple(receipt.conflicts),
        receipt.code,
        tuple(receipt.fields),
        receipt.params,
    )
