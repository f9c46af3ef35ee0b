"""Bugs of a device's store: they show where apps die, tabs freeze, power goes, servers are upgraded and restored."""

from typing import Any

from sync.wire.push import PushReply
from tests.contract.world import Page
from tests.simulation.device import Device
from tests.simulation.screen import Sent
from tests.simulation.store import Store


def journal_apart(keep: Any) -> Any:
    """What leaves the outbox is gone from it on the disk before the journal has it."""

    def keep_wrongly(device: Device, done: list[Sent]) -> None:
        if done:
            device.sent = [one for one in device.sent if one not in done]
            device.store.end(device)
        keep(device, done)

    return keep_wrongly


def receipts_apart(take: Any) -> Any:
    """A page's rows are one transaction, and its receipts the next."""

    def take_wrongly(device: Device, page: Page) -> None:
        device.store.end(device)
        take(device, page)

    return take_wrongly


def told_too_early(end: Any) -> Any:
    """A write is told to be kept while it is still on its way to the disk."""

    def end_wrongly(store: Store, device: Device, **_more: bool) -> None:
        end(store, device, is_strict=False)

    return end_wrongly


def whoever_comes(_is_still_at: Any) -> Any:
    """A page is applied whatever another tab has done since it was asked for."""
    return lambda _device, _cursor: True


def believes_all(_is_believed: Any) -> Any:
    """An answer counts although the epoch that it is of has ended."""

    def believe(_device: Device, _reply: PushReply) -> bool:
        return True

    return believe


def knows_no_epoch(take: Any) -> Any:
    """Only a page tells the epoch: the first one after a restore seems to be of the epoch that ended."""

    def take_wrongly(device: Device, name: str, reply: PushReply) -> None:
        before = device.epoch
        take(device, name, reply)
        device.epoch = before

    return take_wrongly


def cursor_apart(kept: tuple[str, ...]) -> Any:
    """The cursor is kept beside the store, so that it goes on where the rows go back."""
    return tuple(name for name in kept if name != "cursor")


def never_tried_again(_replay: Any) -> Any:
    """What an older server could not read stays parked."""
    return lambda _place: 0
