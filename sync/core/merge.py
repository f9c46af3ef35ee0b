"""The one place where writes that did not see each other become one row (SPEC 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.core.conflict import ConflictEvent
from sync.core.lineage import Lineage
from sync.core.mutation import Stamp
from sync.core.park import Park
from sync.core.state import RowState


@dataclass(frozen=True, slots=True)
class Author:
    """Who sent a mutation, its effective stamp, and the epoch that the server is in.

    `is_server` allows writes of server fields.
    """

    person: str
    device: str
    seq: int
    lineage: Lineage
    effective: Stamp
    epoch: int
    is_server: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The row after a mutation.

    `state` is the very object passed in when nothing changed; `changed` names the groups whose
    value or writer changed (`deleted`, `voided` among them); `is_merged` tells that the row does
    not hold exactly what the author wrote; `command` is handed back for the caller to carry out.
    """

    state: RowState | None
    changed: tuple[str, ...] = ()
    conflicts: tuple[ConflictEvent, ...] = ()
    is_merged: bool = False
    park: Park | None = None
    command: Mapping[str, Any] | None = None
