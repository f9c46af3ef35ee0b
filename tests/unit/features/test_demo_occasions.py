"""The demo's occasions, on whatever day it is made: whole dates of days that exist."""

from datetime import date, timedelta

from server.features.demo.occasions import anniversary_soon, dice_of
from server.features.occasions.synced import ANNIVERSARY, DATE
from server.shared.yearly import wrong_part

FIRST_DAY = date(2026, 1, 1)


def test_an_anniversary_is_whole_and_a_real_day_whenever_the_demo_is_made() -> None:
    together = {field.name for field in ANNIVERSARY.fields if field.group == "date"}
    made = [
        found
        for ahead in range(800)
        for number in range(10)
        if (found := anniversary_soon(dice_of(f"on {ahead}", number), FIRST_DAY + timedelta(days=ahead)))
    ]
    assert {each["calendar"] for each in made} == {"solar", "lunar"}
    assert all(together <= each.keys() for each in made)
    assert [each for each in made if wrong_part(each, DATE)] == []
