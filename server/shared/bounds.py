"""The kinds of field values, each with its bounds, so that every feature's schema reads as a list of facts.

None of them coerces: what passes is stored exactly as it was sent (SPEC 1.1). Null means empty and is
allowed unless the field is required.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from sync.core.ids import is_uuid

LINE = 200
"""Code points in a field that is one line on the screen."""
LONG = 20_000
"""Code points in a field for prose: 60 kB when Chinese, below a mutation's 64 KiB."""
MOST_ELEMENTS = 50
FIRST_MS, LAST_MS = 0, 4_102_444_800_000
"""Moments between 1970 and 2100."""
BREAK = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SHA256 = re.compile(r"[0-9a-f]{64}")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

Check = Callable[[Any], Any]


class Flag(fields.Boolean):
    """True or false and nothing that looks like them: 1 would pass as true otherwise."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def line(longest: int = LINE, *checks: Check, required: bool = False) -> fields.String:
    """One line of text: no line breaks, not longer than `longest` code points."""
    return _text(longest, [_is_one_line, *checks], required)


def prose(longest: int = LONG) -> fields.String:
    """Text of several lines."""
    return _text(longest, [_has_no_controls], required=False)


def choice(*values: str, required: bool = False) -> fields.String:
    """One of a few words."""
    return _text(LINE, [validate.OneOf(values)], required)


def uuid(*, required: bool = False) -> fields.String:
    """The id of a row."""
    return _text(36, [_check(is_uuid, "Not an id.")], required)


def sha256(*, required: bool = False) -> fields.String:
    """The name of a blob: the lower-case hex of its SHA-256."""
    return _text(64, [_check(SHA256.fullmatch, "Not a SHA-256.")], required)


def day(*, required: bool = False) -> fields.String:
    """A calendar date, YYYY-MM-DD."""
    return _text(10, [_check(is_day, "Not a date like 2026-11-21.")], required)


def time_of_day() -> fields.String:
    """A wall time in the company's zone, HH:MM."""
    return _text(5, [_check(TIME.fullmatch, "Not a time like 09:30.")], required=False)


def whole(lowest: int, highest: int) -> fields.Integer:
    """An integer within bounds, both included."""
    checks = [validate.Range(min=lowest, max=highest)]
    return fields.Integer(strict=True, allow_none=True, validate=checks)


def moment(*, required: bool = False) -> fields.Integer:
    """An instant in milliseconds since 1970, UTC."""
    checks = [validate.Range(min=FIRST_MS, max=LAST_MS)]
    return fields.Integer(strict=True, allow_none=not required, required=required, validate=checks)


def flag() -> Flag:
    """Yes or no."""
    return Flag(allow_none=True)


def several(element: fields.Field[Any], most: int = MOST_ELEMENTS) -> fields.List[Any]:
    """A set's elements, or a list that never changes."""
    element.allow_none = False
    return fields.List(element, allow_none=True, validate=[validate.Length(max=most)])


def is_day(value: str) -> bool:
    """Whether the text is a date of the calendar in the one form that sorts."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _text(longest: int, checks: Iterable[Check], required: bool) -> fields.String:
    bounds: list[Check] = [validate.Length(max=longest), *checks]
    bounds += [_says_something] if required else []
    return fields.String(allow_none=not required, required=required, validate=bounds)


def _check(holds: Callable[[str], Any], message: str) -> Check:
    def validator(value: str) -> None:
        if not holds(value):
            raise ValidationError(message)

    return validator


_is_one_line = _check(lambda value: not BREAK.search(value), "Not one line.")
_says_something = _check(str.strip, "Only spaces.")
_has_no_controls = _check(lambda value: not CONTROL.search(value), "Holds control characters.")
