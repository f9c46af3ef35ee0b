"""Counts and logs what arrives and what is answered, beside the work and never in it: ids and codes, no values."""

import logging
import time
from collections.abc import Sequence

from flask import Blueprint, Response, g, request

from server.errors import DomainError
from server.replication import push as pushes
from server.replication.place import Place
from server.replication.work import Item
from server.shared import metrics
from server.shared.actor import Actor
from sync.wire.push import PushHeader, PushReply, Receipt

log = logging.getLogger("baifang.mutations")


def measure(blueprint: Blueprint) -> None:
    """Count the time and the bytes of each request."""

    def begin() -> None:
        g.sync_began = time.perf_counter()

    def end(response: Response) -> Response:
        door = (request.endpoint or "").rpartition(".")[2]
        if "sync_began" in g:  # what was refused at the gate never began
            metrics.SECONDS.labels(door).observe(time.perf_counter() - g.sync_began)
        metrics.BYTES.labels(door, "in").inc(request.content_length or 0)
        metrics.BYTES.labels(door, "out").inc(response.content_length or 0)
        return response

    blueprint.before_request(begin)
    blueprint.after_request(end)


def push(place: Place, actor: Actor, header: PushHeader, items: Sequence[Item]) -> PushReply:
    """A push, counted and logged, also the part that was committed before a refusal."""
    arrived_ms = place.now_ms()
    try:
        reply = pushes.push(place, actor, header, items)
    except DomainError as refusal:
        _note(header, items, refusal.details.get("receipts", []), arrived_ms)
        raise
    _note(header, items, reply.receipts, arrived_ms)
    return reply


def _note(header: PushHeader, items: Sequence[Item], receipts: Sequence[Receipt], arrived_ms: int) -> None:
    by_seq = {item.seq: item for item in items}
    for receipt in receipts:
        metrics.MUTATIONS.labels(receipt.status).inc()
        if receipt.status == "duplicate":
            continue
        if receipt.status == "parked":
            metrics.PARKED.labels(receipt.code).inc()
        metrics.CONFLICTS.inc(len(receipt.conflicts))
        if item := by_seq.get(receipt.seq):
            metrics.QUEUE_AGE.observe(_age_s(item, arrived_ms))
    if log.isEnabledFor(logging.INFO):
        for receipt in receipts:
            log.info("mutation", extra={"fields": _fields(header, by_seq.get(receipt.seq), receipt)})


def _age_s(item: Item, arrived_ms: int) -> float:
    """By the device's clock as its skew corrects it (SPEC 2.3)."""
    written = item.mutation.hlc[0] + item.skew if item.mutation else arrived_ms
    return max(0, arrived_ms - written) / 1000


def _fields(header: PushHeader, item: Item | None, receipt: Receipt) -> dict[str, object]:
    fields: dict[str, object] = {
        "mutation": receipt.id,
        "device": header.device,
        "seq": receipt.seq,
        "status": receipt.status,
        "code": receipt.code,
        "log_seq": receipt.log_seq,
        "conflicts": len(receipt.conflicts),
    }
    if item:
        fields |= {"txn": item.txn, "bytes": len(item.line)}
    if item and item.mutation:
        fields |= {"entity": item.mutation.entity, "row": item.mutation.pk, "op": item.mutation.op}
    return fields
