"""Keeps an aggregate together: what a child names must belong to the same root as the child."""

from typing import Any, cast

from server.shared.registry import Fields, Lookup, Proposal
from sync.core.park import Park
from sync.core.policy import EntitySpec


def find_stranger(spec: EntitySpec, proposal: Proposal, lookup: Lookup) -> Park | None:
    """A Park when the patch names a row of another root.

    An old reference never blocks an edit of something else, and missing rows are replication's to
    judge, since it knows what waits for what (SPEC 7.3).
    """
    if spec.root is None:
        return None
    wrong = [
        name
        for name, entity in spec.references.items()
        if name in proposal.patch and _is_strange(proposal.after, name, entity, spec.root.field, lookup)
    ]
    return Park("invalid_value", tuple(sorted(wrong))) if wrong else None


def _is_strange(fields: Fields, name: str, entity: str, root_field: str, lookup: Lookup) -> bool:
    rows = (lookup.row(entity, pk) for pk in _ids(fields.get(name)))
    roots = (row[root_field] for row in rows if row is not None and root_field in row)
    return any(root != fields[root_field] for root in roots)


def _ids(value: Any) -> list[str]:
    return cast("list[str]", value) if isinstance(value, list) else [value] if value else []
