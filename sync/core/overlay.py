"""What a screen shows: the server's row with the device's own unsent changes on top."""

from collections.abc import Iterable, Mapping
from typing import Any

from sync.core.canonical import MAX_INT
from sync.core.mutation import Mutation
from sync.core.policy import EntitySpec
from sync.core.state import Fields
from sync.core.text import merge3


def overlay(spec: EntitySpec, fields: Fields | None, mutations: Iterable[Mutation]) -> tuple[Fields | None, list[str]]:
    """Return the shown fields and the sorted names of those that wait to be sent.

    `fields` is the mirror's row, or None; `mutations` are this row's waiting ones in order. The
    result is None for a row that is deleted, or that is not there.
    """
    shown, hidden = fields, None
    touched: set[str] = set()
    for mutation in mutations:
        match mutation.op:
            case "delete":
                hidden, shown = (hidden if shown is None else shown), None
            case "restore":
                shown = hidden if shown is None else shown
            case "void":
                shown = None if shown is None else {**shown, "voided": True}
                touched.add("voided")
            case "create" | "patch" | "revise":
                if shown is not None or mutation.op == "create":
                    shown = _patched(spec, shown or {}, mutation)
                touched.update(mutation.patch)
            case _:
                pass  # a command's effect is the server's to decide
    return shown, sorted(touched)


def _patched(spec: EntitySpec, fields: Fields, mutation: Mutation) -> Fields:
    result = dict(fields)
    for name, change in mutation.patch.items():
        known = spec.by_name.get(name)
        policy = known.policy if known else "register"
        value = _value(policy, mutation.base.get(name), result.get(name), change)
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _value(policy: str, base: Any, current: Any, change: Any) -> Any:
    """Return one field after one change, None when it is empty."""
    match policy:
        case "text":
            return merge3(base or "", current or "", change or "")[0] or None
        case "counter":
            total = (current or 0) + change["add"]
            applies = change["add"] and abs(total) <= MAX_INT  # a sum beyond that parks
            return total if applies else current
        case "set":
            return _set(current or [], change) or None
        case _:
            return change


def _set(current: list[str], change: Mapping[str, list[str]]) -> list[str]:
    return sorted({*current} - {*change.get("remove", ())} | {*change.get("add", ())})
