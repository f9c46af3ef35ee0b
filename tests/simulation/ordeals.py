"""What may befall a device and its store: killed apps, power cuts, restored phones, evictions, frozen tabs."""

import random
from collections.abc import Callable, Sequence

from server.replication import apply, release
from tests.simulation.acts import DAY, Stage
from tests.simulation.device import Device
from tests.simulation.store import KEPT, Doom

SHARE = 0.25
"""How many ordeals there are for an act."""


def kill(stage: Stage, device: Device) -> None:
    """The app dies at one of its next transactions: just before its commit, in its middle, or just after."""
    device.store.doom = Doom(stage.dice.randint(0, 3), stage.dice.random() < 0.4)


def cut_power(stage: Stage, device: Device) -> None:
    """The machine goes off; whatever was not yet on the disk is gone."""
    device.tabs.close()
    device.store.cut_power(device, stage.dice)
    device.tally["power cuts"] += 1


def roll_back(stage: Stage, device: Device) -> None:
    """The phone is restored from its own backup: the store is as it was, and nobody else is."""
    before, held = _holds(stage, device), device.files
    device.tabs.close()
    device.store.load(device, stage.dice.randrange(len(device.store.images)))
    _forgive(stage, device, before - set(device.mine))
    stage.album.lost_with(held, device.files)
    device.tally["stores rolled back"] += 1


def evict(stage: Stage, device: Device) -> None:
    """The browser throws the whole store away: what begins is a new device of the same person (I26)."""
    before, held = _holds(stage, device), device.files
    device.tabs.close()
    fresh = Device(stage.world, device.person)
    vars(device).update({name: vars(fresh)[name] for name in KEPT})
    device.store.images.clear()
    device.store.commit(device)
    device.restart()
    _forgive(stage, device, before)
    stage.album.lost_with(held, device.files)
    device.tally["stores evicted"] += 1


def _holds(stage: Stage, device: Device) -> set[str]:
    """Ids of what only this device may have: not acknowledged or, where a server may be restored, in no backup."""
    ids = {envelope["id"] for envelope, _ in device.outbox}
    if stage.backup:
        ids |= {one.envelope["id"] for one in (*device.sent, *device.journal)}
    return ids


def _forgive(stage: Stage, device: Device, lost: set[str]) -> None:
    """What was nowhere else may be missing, and nothing else may; what its memory held of it goes, too."""
    stage.ledger.known_lost |= lost
    device.tally["mutations lost with their store"] += len(lost)
    stage.done.pop(id(device), None)
    stage.forms = [form for form in stage.forms if form[0] is not device]


def freeze(_stage: Stage, device: Device) -> None:
    """The tab that syncs next freezes with the answer in its hands; the other one takes its turn away."""
    device.tabs.is_freezing = True


def wake(_stage: Stage, device: Device) -> None:
    """A frozen tab goes on in the middle of its pass."""
    device.tally["frozen tabs woken"] += device.tabs.wake()


def change_app(stage: Stage, device: Device) -> None:
    """The device gets another version of the app: last year's, this one, or one that its server does not know yet."""
    device.schema = stage.dice.choice([0, 1, 2])
    device.tally["apps older or newer than the server"] += device.schema != apply.CATALOGUE_VERSION


def upgrade(stage: Stage, device: Device) -> None:
    """The server learns what the newest apps write, and replays what it could not read (R38)."""
    apply.CATALOGUE_VERSION = 2
    device.tally["parked until the upgrade"] += release.replay(stage.world.place)


def go_away(stage: Stage, device: Device) -> None:
    """Nobody looks for 200 days."""
    stage.world.now += 200 * DAY
    device.tally["absences of 200 days"] += 1


ORDEALS: dict[Callable[[Stage, Device], None], int] = {
    kill: 12,
    cut_power: 2,
    roll_back: 2,
    evict: 1,
    freeze: 8,
    wake: 4,
    change_app: 2,
    upgrade: 1,
    go_away: 1,
}
"""How often each happens."""

NAMES: Sequence[str] = [ordeal.__name__ for ordeal in ORDEALS]


def ordeal_after(name: str) -> str | None:
    """Which one befalls a device after the beat of this name; it has dice of its own, so that the beats keep theirs."""
    dice = random.Random(f"{name}/ordeal")
    return dice.choices(NAMES, weights=list(ORDEALS.values()))[0] if dice.random() < SHARE else None
