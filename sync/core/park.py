"""Why a mutation cannot apply: the reasons a person is shown, and what keeps its bytes (SPEC 7)."""

from dataclasses import dataclass, field
from typing import Any, Final

PARK_CODES: Final = (
    "undecodable",
    "sha_mismatch",
    "unknown_entity",
    "unknown_schema",
    "unknown_field",
    "read_only_field",
    "wrong_type",
    "invalid_value",
    "too_large",
    "group_incomplete",
    "gone",
    "missing_parent",
    "depends_on_parked",
    "blocker_dismissed",
    "not_author",
    "forbidden",
    "left_scope",
    "illegal_transition",
    "assignee_disabled",
    "drained",
    "store_raw",
    "internal",
    "erased",
)


@dataclass(frozen=True, slots=True)
class Park:
    """A mutation is to be stored as it is and not applied, for `code`, because of `fields`."""

    code: str
    fields: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict[str, Any])
