"""Tells what of a push is new: duplicates, gaps and forks are found before anything is merged (SPEC 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.replication.devices import Device
from server.replication.records import Known
from server.replication.work import Item
from sync.wire.push import Fork


@dataclass(slots=True)
class Intake:
    """The sorted push: `fresh` in seq order; known ones by seq; where and why it stopped."""

    fresh: list[Item] = field(default_factory=list[Item])
    known: dict[int, Known] = field(default_factory=dict[int, Known])
    aliases: list[tuple[Known, Item]] = field(default_factory=list[tuple[Known, Item]])
    expected_seq: int | None = None
    fork: Fork | None = None


def sort(device: Device, items: Sequence[Item], records: Sequence[Known], *, is_raw: bool = False) -> Intake:
    """Walk the items in order; changes the device's numbering and, for forks, its lineage.

    A txn with a line that was altered on its way did not arrive: it is asked for again, like a gap,
    unless the device gave that up and sends it raw.
    """
    by_id = {record.id: record for record in records if record.is_original}
    by_seq = {record.seq: record for record in records if record.device == device.id}
    damaged: set[str] = set() if is_raw else {item.txn for item in items if item.is_damaged and item.id not in by_id}
    intake = Intake()
    for item in items:
        known = by_id.get(item.id)
        if item.seq > device.last_seq + 1:
            intake.expected_seq = device.last_seq + 1
            break
        if _is_forked(device, item, by_seq, known):
            intake.fork = Fork(item.seq, _last_equal(item, by_seq))
            break
        if known is None and item.txn in damaged:
            intake.expected_seq = item.seq
            break
        if known is not None:
            intake.known[item.seq] = known
            if item.seq == device.last_seq + 1:
                intake.aliases.append((known, item))
                device.extend(known.device, known.seq)
        else:
            intake.fresh.append(item)
        if item.seq == device.last_seq + 1:
            device.last_seq, device.last_sha = item.seq, item.sha
    return intake


def _is_forked(device: Device, item: Item, by_seq: dict[int, Known], known: Known | None) -> bool:
    """Another history under the same device id: an old seq with other content, or another past.

    What is known may have come from another copy of the profile, which forked before: that does not make this one's
    past the device's.
    """
    if item.seq <= device.last_seq:
        mine = by_seq.get(item.seq)
        return mine.id != item.id if known and mine else known is None
    return device.last_sha is not None and item.prev != device.last_sha and item.seq > 1


def _last_equal(item: Item, by_seq: dict[int, Known]) -> int | None:
    before = by_seq.get(item.seq - 1)
    return before.seq if before and before.sha == item.prev else None
