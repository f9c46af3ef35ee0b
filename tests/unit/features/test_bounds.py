"""Field kinds pass what they mean, refuse the rest, and never change a value."""

from typing import Any

import pytest
from marshmallow import ValidationError

from server.features.customers.schemas import CustomerSchema
from server.shared import bounds
from server.shared.yearly import wrong_part

GOOD = [
    (bounds.line(), "宏晟"),
    (bounds.line(), ""),
    (bounds.line(), None),
    (bounds.line(3), "宏晟精"),
    (bounds.prose(), "一行\n二行\t縮排"),
    (bounds.day(), "2026-02-28"),
    (bounds.time_of_day(), "23:59"),
    (bounds.whole(0, 10), 10),
    (bounds.moment(required=True), 1_700_000_000_000),
    (bounds.flag(), False),
    (bounds.flag(), None),
    (bounds.choice("A", "B"), "B"),
    (bounds.several(bounds.line()), ["甲", "乙"]),
    (bounds.uuid(), "018f3c1e-7b2a-7c44-9d10-0123456789ab"),
]
BAD = [
    (bounds.line(), "兩\n行"),
    (bounds.line(), "\x07"),
    (bounds.line(3), "宏晟精密"),
    (bounds.line(), 5),
    (bounds.line(required=True), " \u3000 "),
    (bounds.line(required=True), None),
    (bounds.prose(), "\x00"),
    (bounds.prose(2), "太長了"),
    (bounds.day(), "2026-02-30"),
    (bounds.day(), "20260228"),
    (bounds.time_of_day(), "24:00"),
    (bounds.time_of_day(), "9:00"),
    (bounds.whole(0, 10), 11),
    (bounds.whole(0, 10), "5"),
    (bounds.whole(0, 10), 5.0),
    (bounds.whole(0, 10), True),
    (bounds.moment(), -1),
    (bounds.flag(), 1),
    (bounds.flag(), "true"),
    (bounds.choice("A", "B"), "C"),
    (bounds.several(bounds.line(), 1), ["甲", "乙"]),
    (bounds.several(bounds.line()), [None]),
    (bounds.uuid(), "018F3C1E-7B2A-7C44-9D10-0123456789AB"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_good_value_passes_unchanged(kind: Any, value: Any) -> None:
    assert kind.deserialize(value) == value


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_bad_value_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        kind.deserialize(value)


@pytest.mark.parametrize("address", ["example.com", "https://example.com/a:b", "example.com/a:b"])
def test_web_address_is_taken(address: str) -> None:
    assert CustomerSchema(only=["website"]).load({"website": address}) == {"website": address}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc", "data:text/html,x"])
def test_link_that_could_run_code_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        CustomerSchema(only=["website"]).load({"website": address})


@pytest.mark.parametrize(
    ("kind", "month", "day", "year", "wrong"),
    [
        ("solar", 2, 29, None, None),
        ("solar", 2, 29, 1988, None),
        ("solar", 2, 29, 1989, "year"),
        ("solar", 2, 30, None, "day"),
        ("solar", 4, 31, None, "day"),
        ("lunar", 4, 30, None, None),
        ("lunar", 1, 31, None, "day"),
        ("lunar", 2, 30, 2026, "year"),
        ("lunar_leap", 6, 15, 2025, None),
        ("lunar_leap", 6, 15, 2026, "year"),
        ("lunar_leap", 6, 31, None, "day"),
        ("lunar_leap", 1, 1, None, "calendar"),
        ("solar", 1, None, None, None),
        (None, 2, 30, None, "day"),
    ],
)
def test_yearly_date_must_be_a_day_of_its_calendar(kind, month, day, year, wrong) -> None:
    fields = {"calendar": kind, "month": month, "day": day, "year": year}
    assert wrong_part(fields, ("calendar", "month", "day", "year")) == wrong
