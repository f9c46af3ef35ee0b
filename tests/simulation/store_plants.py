"""Bugs of a device's store, its photos too: they show where apps die, tabs freeze, power goes, servers are restored."""

from dataclasses import replace
from typing import Any

from sync.wire.push import PushReply
from tests.contract.world import Page
from tests.simulation.device import Device
from tests.simulation.screen import Sent
from tests.simulation.server import LostError
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


def goes_when_told(_let_go: Any) -> Any:
    """A photo is let go of as soon as the server has it, though no backup does."""

    def let_go_wrongly(device: Device, _durable: int) -> None:
        device.files = {sha: data for sha, data in device.files.items() if sha not in device.told}

    return let_go_wrongly


def skips_what_was_cut(fetched: Any) -> Any:
    """A chunk that did not come whole is asked for again only for the way to the next one."""

    def fetch_wrongly(device: Device, asked: Any) -> Page | None:
        try:
            return fetched(device, asked)
        except LostError:
            chunk = fetched(device, asked)
            return replace(chunk, rows=[]) if chunk else None

    return fetch_wrongly


def none_found(_original: Any) -> Any:
    """It finds nothing to do."""
    return lambda *_args: 0
