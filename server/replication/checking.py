"""Checks a patch against the feature's schema: types and bounds, before any row is looked at."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field, Integer, String

from server.shared.registry import SyncedEntity
from sync.core.mutation import Mutation
from sync.core.park import Park

WRITES = ("create", "patch", "revise")
SCALARS = (str, int, bool)
MISSING = ("invalid_value", "Missing.")
PLAIN: Mapping[type, type] = {String: str, Integer: int}


def check_values(entity: SyncedEntity, mutation: Mutation, *, is_new: bool) -> Park | None:
    """`wrong_type` or `invalid_value` with the fields meant, or None.

    Fields and shapes that the declaration does not know are left to the core, and server fields to
    the server, who alone writes them.
    """
    if mutation.op not in WRITES:
        return None
    known = _fields(entity.schema)
    values = _values(entity, mutation.patch, known)
    wrong = {name: found for name, value in values.items() if (found := _find_wrong(known[name], value))}
    if is_new:
        wrong |= {n: MISSING for n, field in known.items() if field.required and n not in values}
    if not wrong:
        return None
    code = "wrong_type" if {code for code, _ in wrong.values()} == {"wrong_type"} else "invalid_value"
    return Park(code, tuple(sorted(wrong)), {"messages": {name: said for name, (_, said) in wrong.items()}})


def _find_wrong(field: Field[Any], value: Any) -> tuple[str, str] | None:
    """The code and what the schema says; null means empty, which only a required field minds."""
    if value is None and not field.required:
        return None
    if _is_plain(field, value):
        return None
    try:
        loaded = field.deserialize(value)
    except ValidationError as problem:
        is_type = problem.messages == [field.error_messages.get("invalid")]
        return "wrong_type" if is_type else "invalid_value", str(problem)
    return ("wrong_type", "Not of this type.") if _is_coerced(value, loaded) else None


def _is_plain(field: Field[Any], value: Any) -> bool:
    """Whether the value is of the field's very type and passes its checks: all that the schema would do, but faster."""
    if type(value) is not PLAIN.get(type(field)):
        return False
    try:
        for check in field.validators:
            check(value)
    except ValidationError:
        return False
    return True


@cache
def _fields(kind: type[Schema]) -> Mapping[str, Field[Any]]:
    return cast("Mapping[str, Field[Any]]", kind().fields)  # pyright: ignore[reportUnknownMemberType]


def _values(entity: SyncedEntity, patch: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The patch as the schema describes it: of a set what is added; counters are the core's."""
    specs = entity.spec.by_name
    return {
        name: _described(value, specs[name].policy)
        for name, value in patch.items()
        if name in specs and name in known and specs[name].policy != "counter"
    }


def _described(value: Any, policy: str) -> Any:
    if policy != "set":
        return value
    return cast("dict[str, Any]", value).get("add", []) if isinstance(value, dict) else None


def _is_coerced(raw: Any, loaded: Any) -> bool:
    """A value that only resembles the type would be stored as it was sent."""
    return isinstance(loaded, SCALARS) and type(loaded) is not type(raw)
