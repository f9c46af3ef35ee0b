"""One merge in progress: what it was given, and copies of what it changes (SPEC 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.core.conflict import ConflictEvent, Kind, candidate_of
from sync.core.lineage import Lineage
from sync.core.mutation import Mutation, Rev, Stamp
from sync.core.policy import EntitySpec
from sync.core.record import record
from sync.core.state import Dots, Fields, RowState, Write


@record
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
class AggregateRow:
    """A row of the aggregate that a delete of its root would hide."""

    spec: EntitySpec
    pk: str
    state: RowState


class Work:
    """A merge's working copy; `write` is how the mutation will be remembered where it applies."""

    __slots__ = (
        "author",
        "before",
        "changed",
        "conflicts",
        "deleted",
        "dots",
        "fields",
        "groups",
        "is_merged",
        "mutation",
        "seen",
        "spec",
        "write",
    )

    def __init__(
        self,
        spec: EntitySpec,
        before: RowState | None,
        mutation: Mutation,
        author: Author,
        agg: int | None,
    ) -> None:
        self.spec = spec
        self.before = before
        self.mutation = mutation
        self.author = author
        self.seen = _seen(before, mutation)
        self.write = _write(before, mutation, author, agg)
        self.fields: Fields = dict(before.fields) if before else {}
        self.groups: dict[str, Write] = dict(before.groups) if before else {}
        self.dots: dict[str, Dots] = before.dots if before else {}
        self.deleted = before.deleted if before else None
        self.changed: list[str] = []
        self.conflicts: list[ConflictEvent] = []
        self.is_merged = False

    def put(self, name: str, value: Any) -> None:
        """Store a value; null, and an empty text or set, is stored by absence."""
        if value is None:
            self.fields.pop(name, None)
        else:
            self.fields[name] = value

    def mark(self, group: str) -> None:
        """Note that the mutation wrote a group."""
        self.groups[group] = self.write
        self.changed.append(group)

    def own(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the values that the mutation brings for a group."""
        return {name: self.mutation.patch[name] for name in names}

    def held(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the row's values of a group."""
        return {name: self.fields.get(name) for name in names}

    def own_candidate(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the mutation's side of a conflict; its base is null when it carries none."""
        base = self.mutation.base
        known = {name: base.get(name) for name in names} if base else None
        return candidate_of(self.write, self.own(names), known)

    def clash(
        self,
        kind: Kind,
        group: str,
        current: Mapping[str, Any],
        candidates: Sequence[Mapping[str, Any]],
        row: tuple[str, str, Rev] | None = None,
    ) -> None:
        """Note a conflict of this row, or of another: its entity, pk and revision."""
        entity, pk, rev = row or (self.spec.name, self.mutation.pk, self.write.rev)
        lineage, mutation = self.author.lineage, self.mutation.id
        self.is_merged = True
        self.conflicts.append(
            ConflictEvent(kind, entity, pk, group, mutation, rev, lineage, current, tuple(candidates))
        )


def _seen(before: RowState | None, mutation: Mutation) -> Rev | None:
    """Return the revision that counts as seen: none for create, none of a lost timeline (R2)."""
    seen = mutation.seen_rev
    if before is None or seen is None or mutation.op == "create" or seen > before.rev:
        return None
    return seen


def _write(before: RowState | None, mutation: Mutation, author: Author, agg: int | None) -> Write:
    rev = (author.epoch, 1)
    if before is not None:
        rev = (max(author.epoch, before.rev[0]), before.rev[1] + 1)
    if agg is None:
        agg = (before.agg if before else 0) + 1
    return Write(mutation.id, author.person, author.device, author.seq, author.effective, rev, agg)
