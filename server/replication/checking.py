"""Checks a patch against the feature's schema: types and bounds, before any row is looked at."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field, Integer, String

from server.shared.registry import SyncedEntity
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.core.record import record

WRITES = ("create", "patch", "revise")
SCALARS = (str, int, bool)
MISSING = ("invalid_value", "Missing.")
PLAIN: Mapping[type, type] = {String: str, Integer: int}


@record
class Rule:
    """A field of a schema; `kind` is the type of values that only its validators need to see, None if there is none."""

    field: Field[Any]
    kind: type | None


def check_values(entity: SyncedEntity, mutation: Mutation, *, is_new: bool) -> Park | None:
    """`wrong_type` or `invalid_value` with the fields meant, or None.

    Fields and shapes that the declaration does not know are left to the core, and server fields to
    the server, who alone writes them.
    """
    if mutation.op not in WRITES:
        return None
    rules, specs = _rules(entity.schema), entity.spec.by_name
    wrong: dict[str, tuple[str, str]] = {}
    given: set[str] = set()
    for name, value in mutation.patch.items():
        rule, spec = rules.get(name), specs.get(name)
        if rule is None or spec is None or spec.policy == "counter":  # counters are the core's
            continue
        given.add(name)
        if found := _find_wrong(rule, _described(value) if spec.policy == "set" else value):
            wrong[name] = found
    if is_new:
        wrong |= {name: MISSING for name, rule in rules.items() if rule.field.required and name not in given}
    if not wrong:
        return None
    code = "wrong_type" if {code for code, _ in wrong.values()} == {"wrong_type"} else "invalid_value"
    return Park(code, tuple(sorted(wrong)), {"messages": {name: said for name, (_, said) in wrong.items()}})


def _find_wrong(rule: Rule, value: Any) -> tuple[str, str] | None:
    """The code and what the schema says; null means empty, which only a required field minds."""
    if type(value) is rule.kind and _passes(rule, value):
        return None
    field = rule.field
    if value is None and not field.required:
        return None
    try:
        loaded = field.deserialize(value)
    except ValidationError as problem:
        is_type = problem.messages == [field.error_messages.get("invalid")]
        return "wrong_type" if is_type else "invalid_value", str(problem)
    return ("wrong_type", "Not of this type.") if _is_coerced(value, loaded) else None


def _passes(rule: Rule, value: Any) -> bool:
    """For a value of the field's very type this is all that the schema would do, but faster."""
    try:
        for check in rule.field.validators:
            check(value)
    except ValidationError:
        return False
    return True


@cache
def _rules(kind: type[Schema]) -> Mapping[str, Rule]:
    fields = cast("Mapping[str, Field[Any]]", kind().fields)  # pyright: ignore[reportUnknownMemberType]
    return {name: Rule(field, PLAIN.get(type(field))) for name, field in fields.items()}


def _described(value: Any) -> Any:
    """Of a set's patch what is added: that is what the schema describes."""
    return cast("dict[str, Any]", value).get("add", []) if isinstance(value, dict) else None


def _is_coerced(raw: Any, loaded: Any) -> bool:
    """A value that only resembles the type would be stored as it was sent."""
    return isinstance(loaded, SCALARS) and type(loaded) is not type(raw)
