"""Rules over a whole row, so that merging never makes a value that nobody typed (SPEC 5.11)."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sync.core.policy import EntitySpec, Invariant

ParentOf = Callable[[str, str], str | None]
"""`(field, pk)` to the pk that the row of the same entity names in that field."""


def broken_alone(spec: EntitySpec, pk: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields by which a mutation contradicts itself, given its own base and patch."""
    found: set[str] = set()
    for rule in spec.invariants:
        if _is_broken(rule, pk, fields, None):
            found.update(rule.fields)
    return tuple(sorted(found))


def broken(
    spec: EntitySpec,
    pk: str,
    fields: Mapping[str, Any],
    touched: AbstractSet[str],
    parent_of: ParentOf | None,
) -> set[str]:
    """Return the fields of rules that a row breaks and that a mutation of it touched."""
    found: set[str] = set()
    for rule in spec.invariants:
        if not touched.isdisjoint(rule.fields) and _is_broken(rule, pk, fields, parent_of):
            found.update(rule.fields)
    return found


def _is_broken(rule: Invariant, pk: str, fields: Mapping[str, Any], parent_of: ParentOf | None) -> bool:
    if rule.kind == "ordered":
        return _is_descending([fields.get(name) for name in rule.fields])
    return any(_is_cyclic(name, pk, fields.get(name), parent_of) for name in rule.fields)


def _is_descending(values: Sequence[Any]) -> bool:
    """Compare neighbours, two numbers or two strings; an absent value breaks nothing."""
    before = None
    for value in values:
        if value is not None and type(value) is type(before) and before > value:
            return True
        before = value
    return False


def _is_cyclic(field: str, pk: str, parent: Any, parent_of: ParentOf | None) -> bool:
    """Follow a tree's parents; another row's older cycle is not this row's fault."""
    visited: set[str] = set()
    while isinstance(parent, str) and parent not in visited:
        if parent == pk:
            return True
        visited.add(parent)
        parent = parent_of(field, parent) if parent_of else None
    return False
