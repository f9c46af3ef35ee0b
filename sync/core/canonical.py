"""One byte form for every value, so that both languages hash and compare the same bytes.

SPEC 1.1. `loads` accepts any spelling of a permitted value (white space, key order, escapes);
`dumps` writes the canonical one.
"""

import json
import re
from typing import Any, NoReturn

MAX_INT = 2**53 - 1
MAX_DEPTH = 16

_LONG_NUMBER = 17  # "-9007199254740991" has this many characters
_ESCAPE = "\\u"
_ESCAPED_NUL = "\\u0000"
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class CanonicalError(ValueError):
    """A value or text that has no canonical form.

    `code`: syntax, not_utf8, float, integer_range, nul, lone_surrogate, duplicate_key, depth, type.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def dumps(value: Any) -> bytes:
    """Return the canonical bytes of a value; CanonicalError when it has none."""
    check(value)
    text = _encode(value)
    if _ESCAPED_NUL in text:
        _check_strings(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CanonicalError("lone_surrogate") from None


def loads(data: bytes) -> Any:
    """Read a value from JSON bytes; CanonicalError when it is not a permitted one."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise CanonicalError("not_utf8") from None
    try:
        value = _decode(text)
    except json.JSONDecodeError:
        raise CanonicalError("syntax") from None
    except RecursionError:
        raise CanonicalError("depth") from None
    if text.count("[") + text.count("{") > MAX_DEPTH:
        check(value)
    if _ESCAPE in text and (_ESCAPED_NUL in text or _ESCAPED_SURROGATE.search(text)):
        _check_strings(value)
    return value


def check(value: Any) -> None:
    """Refuse floats, odd keys, big integers and too deep a value; what its texts hold is not looked at."""
    _check(value, 0)


def same(a: Any, b: Any) -> bool:
    """Tell whether two values have the same canonical form (in JSON, true is not 1)."""
    if a is b:
        return True
    if type(a) is not type(b) or a != b:
        return False
    return isinstance(a, (str, int)) or dumps(a) == dumps(b)


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def _refuse_number(_text: str) -> NoReturn:
    raise CanonicalError("float")


def _integer(text: str) -> int:
    if len(text) > _LONG_NUMBER or not -MAX_INT <= (value := int(text)) <= MAX_INT:
        raise CanonicalError("integer_range")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise CanonicalError("duplicate_key")
    return value


_decode = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_refuse_number,
    parse_int=_integer,
    parse_constant=_refuse_number,
).decode


def _check(value: Any, depth: int) -> None:
    """Refuse what json.dumps would write and we do not allow: floats, odd keys, big integers."""
    kind = value.__class__
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise CanonicalError("integer_range")
    elif kind is dict:
        _check_object(value, depth + 1)
    elif kind is list or kind is tuple:
        _check_depth(depth + 1)
        for item in value:
            if type(item) is not str:
                _check(item, depth + 1)
    elif isinstance(value, tuple):  # named tuples are written as arrays
        _check(list(value), depth)  # pyright: ignore[reportUnknownArgumentType]
    elif not isinstance(value, str):
        raise CanonicalError("float" if kind is float else "type")


def _check_object(value: dict[Any, Any], depth: int) -> None:
    _check_depth(depth)
    for key, item in value.items():
        if type(key) is not str:
            raise CanonicalError("type")
        if type(item) is not str and item is not None:
            _check(item, depth)


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise CanonicalError("depth")


def _check_strings(value: Any) -> None:
    """Refuse NUL and lone surrogates; only run when a cheap look at the text found a suspect."""
    if isinstance(value, str):
        if "\x00" in value:
            raise CanonicalError("nul")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise CanonicalError("lone_surrogate") from None
    elif isinstance(value, dict):
        for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
            _check_strings(key)
            _check_strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            _check_strings(item)
