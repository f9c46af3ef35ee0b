"""Several devices live through a random history on bad links; afterwards nothing is lost, and all agree."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.simulation.story import HERE, Story, advice, compose, read_story, staged, tell, with_photos

SEEDS = range(int(os.environ.get("BAIFANG_SIM_SEEDS", "100")))
RESTORED = range(min(len(SEEDS), 400) // 5)
PHOTOGRAPHED = range(min(len(SEEDS), 400) // 10)
SPARSE = 1 if "BAIFANG_SIM_SEEDS" in os.environ else 2
"""PostgreSQL takes longer: one seed in so many is told on it, too."""
KEPT = sorted((HERE / "stories").glob("*.json"))
"""Stories that once found something."""


@pytest.fixture
def live_through(
    database_url: str,
    backend: str,
    sqlite_template: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> Callable[[Story], None]:
    """Tells a story; one that fails is told again until it is short."""

    def live(story: Story) -> None:
        try:
            with staged(database_url, tmp_path, story.seed) as stage:
                tell(stage, story)
        except Exception as problem:
            problem.add_note(advice(story, sqlite_template, tmp_path / "shorter"))
            raise
        record_property("told", json.dumps({"database": backend, "acts": len(story.beats), "faults": stage.tally}))

    return live


def on_each(seeds: range) -> pytest.MarkDecorator:
    """Tell these seeds on SQLite, and some of them on PostgreSQL."""
    told = [("sqlite", seed) for seed in seeds] + [("postgresql", seed) for seed in seeds[::SPARSE]]
    return pytest.mark.parametrize(("backend", "seed"), told, indirect=["backend"])


@on_each(SEEDS)
def test_nothing_typed_is_lost_and_every_device_ends_with_its_scope(
    live_through: Callable[[Story], None], seed: int
) -> None:
    live_through(compose(seed))


@on_each(RESTORED)
def test_a_restored_backup_loses_nothing_that_was_typed(live_through: Callable[[Story], None], seed: int) -> None:
    live_through(compose(seed, is_restored=True))


@on_each(PHOTOGRAPHED)
def test_no_photo_is_lost_and_none_that_was_erased_is_seen(live_through: Callable[[Story], None], seed: int) -> None:
    live_through(with_photos(compose(seed, is_restored=seed % 2 == 1)))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_a_kept_story_once_found_stays_mended(live_through: Callable[[Story], None], path: Path) -> None:
    live_through(read_story(path.read_text("utf-8")))


def test_a_kept_story_is_the_one_that_was_told() -> None:
    assert read_story(compose(0).to_json()) == compose(0)
