"""Counts and logs what arrives and what is answered, beside the work and never in it: ids and codes, no values."""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flask import Blueprint, Response, g, request

from server.errors import DomainError
from server.replication import push as pushes
from server.replication.place import Place
from server.replication.work import Item
from server.shared import metrics
from server.shared.actor import Actor
from sync.wire.push import PushHeader, PushReply, Receipt

A_LINE = 50
"""Mutations told in one line of the log: longer lines are cut by some who carry them."""

Fields = Mapping[str, object]

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


def push(
    place: Place, actor: Actor, header: PushHeader, items: Sequence[Item], *, is_drained: bool = False
) -> PushReply:
    """A push, counted and logged, also the part that was committed before a refusal."""
    arrived_ms = place.now_ms()
    try:
        reply = pushes.push(place, actor, header, items, is_drained=is_drained)
    except DomainError as refusal:
        _note(header, items, refusal.details.get("receipts", []), arrived_ms)
        raise
    _note(header, items, reply.receipts, arrived_ms)
    return reply


def _note(header: PushHeader, items: Sequence[Item], receipts: Sequence[Receipt], arrived_ms: int) -> None:
    """In as few strokes as there are labels: this stands in the way of the answer."""
    by_seq = {item.seq: item for item in items}
    news = [receipt for receipt in receipts if receipt.status != "duplicate"]
    for status, count in Counter(receipt.status for receipt in receipts).items():
        metrics.MUTATIONS.labels(status).inc(count)
    for code, count in Counter(receipt.code for receipt in news if receipt.status == "parked").items():
        metrics.PARKED.labels(code).inc(count)
    metrics.CONFLICTS.inc(sum(len(receipt.conflicts) for receipt in news))
    ages = [_age_s(item, arrived_ms) for receipt in news if (item := by_seq.get(receipt.seq))]
    if ages:
        metrics.QUEUE_AGE.observe(max(ages))
    if log.isEnabledFor(logging.INFO):
        for some in batched([_fields(by_seq.get(receipt.seq), receipt) for receipt in receipts], A_LINE):
            log.info("mutations", extra={"fields": {"device": header.device, "mutations": some}})


def batched(every: Sequence[Fields], size: int) -> Iterator[Sequence[Fields]]:
    """In parts of at most so many."""
    return (every[start : start + size] for start in range(0, len(every), size))


def _age_s(item: Item, arrived_ms: int) -> float:
    """By the device's clock as its skew corrects it (SPEC 2.3)."""
    written = item.mutation.hlc[0] + item.skew if item.mutation else arrived_ms
    return max(0, arrived_ms - written) / 1000


def _fields(item: Item | None, receipt: Receipt) -> Fields:
    fields: dict[str, object] = {
        "mutation": receipt.id,
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
