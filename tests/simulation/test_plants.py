"""A simulator that finds nothing may be blind: each planted bug must be seen by its seed."""

from pathlib import Path

import pytest

from tests.simulation.plants import PLANTS, Plant, told_with
from tests.simulation.story import HERE, compose, failure_of, read_story, shortest

TRIES = 40
"""How many seeds may pass a bug by: another table, or one more draw, gives each seed another story."""

STORIES = {
    "an_outbox_lost_with_its_session": "a lost session takes the outbox along",
    "an_answer_of_an_epoch_that_had_ended": "an ended epoch's answer is believed",
    "lost_before_its_first_page": "what came before the first page is lost",
}
"""The kept stories that hang on no single statement of the server."""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.what.replace(" ", "-"))
def test_a_planted_bug_is_seen(plant: Plant, sqlite_template: Path, tmp_path: Path) -> None:
    seeds = dict.fromkeys([plant.seed, *range(TRIES)])  # its own, as a rule
    told = (told_with(plant, seed, sqlite_template, tmp_path / "told") for seed in seeds)
    assert any(found and found.by == plant.by for found in told), (
        "escaped what should see it: `python -m tests.simulation.plants` finds its seed anew"
    )


def test_a_failing_story_is_cut_down_to_what_it_needs() -> None:
    whole = compose(1)
    needed = {whole.beats[7], whole.beats[40]}
    short = shortest(whole, lambda story: needed <= set(story.beats), patience=1_000)
    assert set(short.beats) == needed


def test_a_seed_tells_the_same_story_always() -> None:
    assert compose(3) == compose(3)


@pytest.mark.parametrize(("name", "what"), STORIES.items(), ids=STORIES)
def test_a_kept_story_still_sees_what_it_was_kept_for(
    name: str, what: str, sqlite_template: Path, tmp_path: Path
) -> None:
    [plant] = [plant for plant in PLANTS if plant.what == what]
    story = read_story((HERE / "stories" / f"{name}.json").read_text("utf-8"))
    with plant.planted():
        assert failure_of(story, sqlite_template, tmp_path / "told")
