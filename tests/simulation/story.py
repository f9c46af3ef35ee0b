"""A run as a list of beats: composed from a seed, told to the server, and cut down to what makes it fail."""

import gc
import itertools
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from traceback import extract_tb
from types import SimpleNamespace
from unittest.mock import patch

from argon2 import PasswordHasher

from server.auth import passwords
from server.operations.check import check
from server.replication import apply, snapshot
from server.shared import ids
from tests.contract import things, world
from tests.contract.world import new_id
from tests.simulation import photos
from tests.simulation.acts import ACTS, BY_NAME, Stage
from tests.simulation.checks import check_drained, check_ledger, check_mirror
from tests.simulation.device import Device
from tests.simulation.hazards import Hazards
from tests.simulation.link import Link
from tests.simulation.ordeals import ORDEALS, ordeal_after, upgrade, wake
from tests.simulation.server import LostError, Server
from tests.simulation.store import KilledError

HERE = Path(__file__).parent
ROUNDS = 80
START_NS = 1_800_000_000_000_000_000
PATIENCE = 150
"""How often a failing story is told again to find a shorter one."""
DEEDS = BY_NAME | {deed.__name__: deed for deed in (*ORDEALS, *photos.ACTS)}


@dataclass(frozen=True)
class Beat:
    """One thing that happens, and the requests after it; `dice` seeds all that is left to chance."""

    act: str
    device: int
    wait: int
    syncs: tuple[str, ...]
    dice: str


@dataclass(frozen=True)
class Story:
    """Everything that happens in one run, and how often each link fails."""

    seed: int
    beats: tuple[Beat, ...]

    def to_json(self) -> str:
        """As it is kept under stories/."""
        lines = ",\n".join(f"    {json.dumps(asdict(beat))}" for beat in self.beats)
        return f'{{\n  "seed": {self.seed},\n  "beats": [\n{lines}\n  ]\n}}\n'


@dataclass(frozen=True)
class Failure:
    """Which check saw something wrong, and what it says."""

    by: str
    said: str


def read_story(text: str) -> Story:
    """The story that `to_json` wrote."""
    kept = json.loads(text)
    beats = [Beat(**(beat | {"syncs": tuple(beat["syncs"])})) for beat in kept["beats"]]
    return Story(kept["seed"], tuple(beats))


def compose(seed: int, *, is_restored: bool = False) -> Story:
    """Eighty things at random; a restored one goes back to its middle, and on for a while."""
    beats = [_beat(f"{seed}/{n}") for n in range(ROUNDS)]
    if not is_restored:
        return Story(seed, tuple(with_ordeals(beats)))
    beats.insert(ROUNDS // 2, Beat("keep_backup", 0, 1, (), f"{seed}/backup"))
    after = [_beat(f"{seed}/{n}") for n in range(ROUNDS, ROUNDS * 5 // 4)]
    return Story(seed, (*with_ordeals(beats), *_restoring(seed), *with_ordeals(after)))


def _restoring(seed: int) -> list[Beat]:
    """The server is put back while a tab sleeps with an answer in its hands, and a new device has sent but not pulled.

    The tab wakes when another has pulled. Some requests get lost, and after a restore all have to sign in again.
    """

    def beat(act: str, name: str, *syncs: str, device: int = seed) -> Beat:
        return Beat(act, device, 1, syncs, f"{seed}/restoring/{name}")

    def some(name: str, sync: str, times: int, device: int = seed) -> list[Beat]:
        return [beat("open_form", f"{name}/{n}", sync, device=device) for n in range(times)]

    new = seed + 1
    fresh = [
        beat("evict", "evicted", device=new),
        beat("create", "fresh", device=new),
        *some("fresh", "send_some", 3, new),
    ]
    asleep = [
        *some("early", "send_some", 4),
        beat("create", "last"),
        beat("freeze", "sleep"),
        *some("late", "send_some", 4),
    ]
    pulls = [*some("first", "step", 3, new), *some("pulls", "step", 5)]
    return [*fresh, *asleep, beat("restore_backup", "restore"), *pulls, beat("wake", "wake")]


def with_ordeals(beats: list[Beat]) -> list[Beat]:
    """The same with something bad happening between them."""
    lived: list[Beat] = []
    for beat in beats:
        lived.append(beat)
        if ordeal := ordeal_after(beat.dice):
            lived.append(replace(_beat(f"{beat.dice}/ordeal"), act=ordeal))
    return lived


def with_photos(story: Story) -> Story:
    """The same, and photos are taken, sent, looked at and erased in between."""
    lived: list[Beat] = []
    for beat in story.beats:
        lived.append(beat)
        if random.Random(f"{beat.dice}/is photo").random() < photos.SHARE:
            lived.append(_beat(f"{beat.dice}/photo", photos.ACTS))
    return replace(story, beats=tuple(lived))


def _beat(name: str, acts: Mapping[Callable[[Stage, Device], None], int] = ACTS) -> Beat:
    dice = random.Random(name)
    [act] = dice.choices(list(acts), weights=list(acts.values()))
    wait = dice.choice([1, 50, 60_000, 3_600_000])
    syncs = dice.choices(["send_some", "step"], k=dice.choice([0, 0, 1, 2, 6]))
    return Beat(act.__name__, dice.randrange(840), wait, tuple(syncs), f"{name}/act")


# Telling


@contextmanager
def staged(url: str, folder: Path, seed: int, kind: type[Server] = Server) -> Generator[Stage]:
    """A world of three people in two territories, one with two devices, over an empty migrated database."""
    dice, tally = random.Random(seed), Counter[str]()
    hazards = Hazards(dice, tally, chance=0.08)
    with (
        patch.object(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)),
        patch.object(os, "urandom", dice.randbytes),  # every id, too, follows from the seed
        patch.object(ids, "time", SimpleNamespace(time_ns=itertools.count(START_NS, 1_000_000).__next__)),
        patch.object(world, "numbers", itertools.count(1)),
        patch.object(snapshot, "CHUNK_ROWS", 4),
        patch.object(snapshot, "WORTH_KEEPING", 1),
        hazards.watching(),
        swept_afterwards(),
        patch.object(apply, "CATALOGUE_VERSION", 1),  # a story may upgrade it
    ):
        server = kind.begin(url, folder, hazards)
        try:
            yield peopled(Stage(server, dice, [], [], [], folder, tally), seed)
        finally:
            server.close()


@contextmanager
def swept_afterwards() -> Generator[None]:
    """Do without the cyclic collector, which takes a tenth of a story's time and finds little in it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def peopled(stage: Stage, seed: int) -> Stage:
    """Three people in two territories, one with two devices."""
    stage.territories += [new_id(), new_id()]
    stage.people += [stage.server.add(f"p{n}-{seed}") for n in range(3)]
    for person, home in zip(stage.people, [*stage.territories, stage.territories[0]], strict=True):
        things.HOMES[person] = home
        stage.world.grant(person, *(stage.territories if person == stage.people[2] else [home]))
    for person in [*stage.people, stage.people[0]]:
        link = Link(stage.server, person, stage.dice, stage.tally, faults=0.1)
        link.sign_in()
        stage.devices.append(Device(stage.world, person, link=link, dice=stage.dice, tally=stage.tally))
    return stage


def tell(stage: Stage, story: Story) -> None:
    """Live through a story, heal, and look whether anything is wrong."""
    for beat in story.beats:
        stage.dice.seed(beat.dice)
        stage.world.now += beat.wait
        device = stage.devices[beat.device % len(stage.devices)]
        with suppress(LostError, KilledError):
            DEEDS[beat.act](stage, device)
            for name in beat.syncs:
                getattr(device, name)()
    stage.dice.seed(f"{story.seed}/heal")
    heal(stage)
    for device in stage.devices:
        check_drained(device)
        check_mirror(stage.world, device)
    check_ledger(stage)
    photos.check_photos(stage)
    assert check(stage.world.place.engine, stage.world.place.registry) == []


def heal(stage: Stage) -> None:
    """The links are good again: everybody syncs until nothing is left to do, and nobody writes."""
    stage.server.hazards.end()
    for device in stage.devices:
        assert device.link
        device.link.faults, device.txns, device.rows = 0.0, (50,), (50,)
        device.store.doom, device.tabs.is_freezing = None, False
    upgrade(stage, stage.devices[0])
    for _ in range(2):
        for device in stage.devices:
            for _ in range(200):
                if not device.outbox:
                    break
                went(device.send_some)
        for device in stage.devices:
            assert any(went(device.step) for _ in range(2_000)), "a device never gets level"
            wake(stage, device)
    photos.send_all(stage)


def went(request: Callable[[], object]) -> bool:
    """What a request says; False where it came to nothing, be it that its session was over."""
    try:
        return bool(request())
    except LostError:
        return False


# Cutting down


def failure_of(story: Story, template: Path, folder: Path) -> Failure | None:
    """Tell a story on a fresh copy of an empty SQLite database; None if all went well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{shutil.copy(template, folder / 'told.db')}"
    with staged(url, folder, story.seed) as stage:
        try:
            tell(stage, story)
        except Exception as problem:  # whatever goes wrong is a finding
            return Failure(seen_by(problem), str(problem).partition("\n")[0][:300] or type(problem).__name__)
    return None


def seen_by(problem: Exception) -> str:
    """The innermost function of the simulation that was running."""
    places = [(Path(frame.filename), frame.name) for frame in extract_tb(problem.__traceback__)]
    names = [name for path, name in places if path.parent == HERE and path.stem != "plants"]
    return str(problem).partition(":")[0] if names[-1] == check_ledger.__name__ else names[-1]


def shortest(story: Story, is_failing: Callable[[Story], bool], patience: int = PATIENCE) -> Story:
    """Drop beats, then requests, for as long as the story still fails and the patience lasts."""
    size = max(1, len(story.beats) // 2)
    while size and patience > 0:
        at = 0
        while at < len(story.beats) and patience > 0:
            patience -= 1
            less = replace(story, beats=story.beats[:at] + story.beats[at + size :])
            if is_failing(less):
                story = less
            else:
                at += size
        size //= 2
    return story


def shorten(story: Story, template: Path, folder: Path) -> Story:
    """The shortest story found that the same check still objects to."""
    failure = failure_of(story, template, folder)

    def is_failing(less: Story) -> bool:
        found = failure_of(less, template, folder)
        return found is not None and failure is not None and found.by == failure.by

    return shortest(story, is_failing) if failure else story


def advice(story: Story, template: Path, folder: Path) -> str:
    """What to print below a failure: the shortest story, and how to keep it."""
    short = shorten(story, template, folder)
    found = failure_of(short, template, folder)
    told = f"seen by {found.by}: {found.said}" if found else "It does not fail on SQLite: told whole."
    keep = f"Keep it as tests/simulation/stories/<what_went_wrong>.json:\n{short.to_json()}"
    return f"\nseed {story.seed}, {len(short.beats)} of {len(story.beats)} beats; {told}\n{keep}"
