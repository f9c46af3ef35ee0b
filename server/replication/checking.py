"""Checks a patch against the feature's schema: types and bounds, before any row is looked at."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError

from server.shared.registry import SyncedEntity
from sync.core.mutation import Mutation
from sync.core.park import Park

WRITES = ("create", "patch", "revise")
SCALARS = (str, int, bool)


def check_values(entity: SyncedEntity, mutation: Mutation, *, is_new: bool) -> Park | None:
    """`wrong_type` or `invalid_value` with the fields meant, or None.

    Fields and shapes that the declaration does not know are left to the core, and server fields to
    the server, who alone writes them.
    """
    if mutation.op not in WRITES:
        return None
    schema = _schema(entity.schema)
    values = _values(entity, mutation.patch, schema)
    given = {name: value for name, value in values.items() if value is not None}
    emptied = [n for n, v in values.items() if v is None and schema.fields[n].required]
    try:
        loaded = schema.load(given, partial=not is_new)
    except ValidationError as problem:
        return _park(schema, problem)
    coerced = [n for n, v in given.items() if _is_coerced(v, loaded.get(schema.fields[n].attribute or n))]
    if coerced:
        return Park("wrong_type", tuple(sorted(coerced)))
    return Park("invalid_value", tuple(sorted(emptied))) if emptied else None


@cache
def _schema(kind: type[Schema]) -> Schema:
    return kind()


def _values(entity: SyncedEntity, patch: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """The patch as the schema describes it: of a set what is added; counters are the core's."""
    known = entity.spec.by_name
    return {
        name: _described(value, known[name].policy)
        for name, value in patch.items()
        if name in known and name in schema.fields and known[name].policy != "counter"
    }


def _described(value: Any, policy: str) -> Any:
    if policy != "set":
        return value
    return value.get("add", []) if isinstance(value, dict) else None


def _park(schema: Schema, problem: ValidationError) -> Park:
    messages = problem.normalized_messages()
    wrong = tuple(sorted(str(name) for name in messages))
    types = {name for name in wrong if name in schema.fields and _is_type_error(schema, name, messages[name])}
    code = "wrong_type" if types == set(wrong) else "invalid_value"
    return Park(code, wrong, {"messages": {str(k): str(v) for k, v in messages.items()}})


def _is_type_error(schema: Schema, name: str, messages: Any) -> bool:
    return messages == [schema.fields[name].error_messages.get("invalid")]


def _is_coerced(raw: Any, loaded: Any) -> bool:
    """A value that only resembles the type would be stored as it was sent."""
    return isinstance(loaded, SCALARS) and type(loaded) is not type(raw)
