"""The made-up firms are the same for one seed, differ otherwise, and fit the bounds of their fields."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from server.features.customers.schemas import ContactSchema, CustomerSchema, SiteSchema
from server.features.demo.firm import STAGES, Firm, make_firm
from server.features.demo.promised import promises
from server.features.demo.story import Scene, interactions, touches
from server.features.demo.words import Dice, words
from server.features.interactions.schemas import InteractionSchema
from server.features.promises.schemas import PromiseSchema
from server.features.touches.schemas import TouchSchema
from server.shared.clock import to_ms
from sync.core.business import USUAL, hours_on

TODAY = date(2026, 11, 21)
TAIPEI = ZoneInfo("Asia/Taipei")
SAMPLE = range(60)
ROOT = "01900000-0000-7000-8000-000000000001"


def firm(number: int, seed: str = "7") -> Firm:
    return make_firm(seed, number, "彰化")


def scene(number: int, today: date = TODAY) -> Scene:
    return Scene(firm(number), today, TAIPEI, Dice.of("7", "story", number))


def values(fields: dict[str, Any], *without: str) -> dict[str, Any]:
    plain = {k: v["add"] if isinstance(v, dict) else v for k, v in fields.items()}
    return {k: v for k, v in plain.items() if v is not None and k not in without}


def test_same_seed_tells_the_same_story() -> None:
    assert firm(5) == firm(5)
    assert interactions(scene(5)) == interactions(scene(5))
    assert firm(5) != firm(5, seed="8")


def test_story_moves_with_the_day() -> None:
    week = 7 * 86_400_000
    later = interactions(scene(5, date(2026, 11, 28)))
    assert [row["started_at"] - week for row in later] == [row["started_at"] for row in interactions(scene(5))]


def test_no_two_firms_share_a_name() -> None:
    names = [firm(number).fields["name"] for number in range(4_000)]
    assert len(set(names)) == len(names)


def test_every_value_is_within_bounds() -> None:
    for number in SAMPLE:
        made = firm(number)
        CustomerSchema().load(values(made.fields, "stage"))
        for site in made.sites.values():
            SiteSchema().load(values(site | {"customer_id": ROOT}))
        for person in made.people:
            ContactSchema().load(values(person.fields | {"customer_id": ROOT}))
        timeline = interactions(scene(number))
        for row in timeline:
            InteractionSchema().load(values(row | {"customer_id": ROOT}))
        for row in touches(scene(number), timeline[-1]["next_step"]):
            TouchSchema().load(values(row | {"customer_id": ROOT, "assignee_id": ROOT}))


def test_about_ten_interactions_each_all_before_today() -> None:
    lengths = [len(interactions(scene(number))) for number in SAMPLE]
    assert 8 <= sum(lengths) / len(lengths) <= 13
    midnight = to_ms(datetime(2026, 11, 21, tzinfo=TAIPEI))
    for number in SAMPLE:
        rows = interactions(scene(number))
        assert rows == sorted(rows, key=lambda row: row["started_at"])
        assert rows[-1]["ended_at"] < midnight


def test_some_touches_are_overdue_and_most_are_to_come() -> None:
    planned = [row for number in SAMPLE for row in touches(scene(number), "再談")]
    overdue = sum(row["due_to_on"] < str(TODAY) for row in planned)
    assert 0 < overdue < len(planned) / 2


def test_promises_are_late_due_today_and_to_come_and_always_on_a_business_day() -> None:
    made = [row for number in SAMPLE for row in promises(scene(number, date(2026, 11, 24)), USUAL)]
    for row in made:
        PromiseSchema().load(values(row | {"customer_id": ROOT, "owner_id": ROOT}))
        assert hours_on(USUAL, row["due_on"])
        assert "{" not in row["what"]
    due = [row["due_on"] for row in made if row["state"] == "open"]
    late, today = sum(on < "2026-11-24" for on in due), sum(on == "2026-11-24" for on in due)
    assert 0 < late < len(due) / 2
    assert 0 < today < len(due) / 2
    assert {row["state"] for row in made} == {"open", "kept", "dropped"}


def test_no_note_has_an_open_slot() -> None:
    for number in SAMPLE:
        for row in interactions(scene(number)):
            assert "{" not in row["notes"] + row["next_step"]


def test_every_stage_has_customers() -> None:
    assert {firm(number).stage for number in range(300)} == set(STAGES)


def test_every_district_belongs_to_a_patch() -> None:
    patches = {patch["name"] for region in words()["regions"] for patch in region["patches"]}
    assert {one["patch"] for one in words()["districts"]} == patches
