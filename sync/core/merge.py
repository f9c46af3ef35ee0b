"""The one place where writes that did not see each other become one row (SPEC 5)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sync.core import deletion, invariant, patch
from sync.core.conflict import ConflictEvent
from sync.core.invariant import ParentOf
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.core.policy import EntitySpec, check_patch
from sync.core.record import record
from sync.core.state import RowState
from sync.core.work import AggregateRow, Author, Work

__all__ = ["AggregateRow", "Author", "Outcome", "ParentOf", "merge", "refusal"]


@record
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


def merge(
    spec: EntitySpec,
    state: RowState | None,
    mutation: Mutation,
    author: Author,
    *,
    agg: int | None = None,
    aggregate: Iterable[AggregateRow] = (),
    root: RowState | None = None,
    parent_of: ParentOf | None = None,
) -> Outcome:
    """Apply one mutation to a row (None: there is none) and say what became of it.

    `agg` is the aggregate's count for this write (by default the row's own plus one).
    `aggregate` holds, for a delete of a root, its other rows (those with a count above
    `seen_agg` suffice). `root` is a child's root, to notice that it is deleted. `parent_of`
    looks up trees for `acyclic` invariants.
    """
    park = refusal(spec, state, mutation, author)
    if park is not None:
        return Outcome(state, park=park)
    if mutation.op == "command":
        return Outcome(state, command=mutation.patch)
    work = Work(spec, state, mutation, author, agg)
    park = _carry_out(work, aggregate, parent_of)
    if park is not None:
        return Outcome(state, park=park)
    if mutation.op not in ("delete", "restore"):
        deletion.note(work, root)
    return _outcome(work)


def _carry_out(work: Work, aggregate: Iterable[AggregateRow], parent_of: ParentOf | None) -> Park | None:
    match work.mutation.op:
        case "delete":
            return deletion.delete(work, aggregate)
        case "restore":
            return deletion.restore(work)
        case "void":
            return deletion.void(work)
        case _:
            return patch.apply(work, parent_of)


def _outcome(work: Work) -> Outcome:
    """Return the row with its next revision, or untouched when nothing happened to it."""
    before, write = work.before, work.write
    if before is not None and not work.changed and not work.conflicts:
        return Outcome(before, is_merged=work.is_merged)
    state = RowState(
        write.rev,
        write.agg if work.changed or before is None else before.agg,
        work.fields,
        work.groups,
        write if before is None else before.created,
        work.dots,
        work.deleted,
    )
    work.changed.sort()
    work.conflicts.sort(key=lambda event: (event.pk, event.group))
    return Outcome(state, tuple(work.changed), tuple(work.conflicts), work.is_merged)


def refusal(spec: EntitySpec, state: RowState | None, mutation: Mutation, author: Author) -> Park | None:
    """Return why a mutation cannot apply to this row at all, or None; the first reason counts."""
    op = mutation.op
    if op not in (_APPEND_OPS if spec.append else _ROW_OPS):
        return Park("invalid_value", ("op",))
    if state is None and op != "create":
        return Park("gone")
    if spec.append and state is not None and op != "command" and author.person != state.created.person:
        return Park("not_author")
    if op not in ("create", "patch", "revise"):
        return None
    park = check_patch(spec, mutation.patch, mutation.base, by_server=author.is_server)
    if park is not None:
        return park
    wrong = invariant.broken_alone(spec, mutation.pk, {**mutation.base, **mutation.patch})
    return Park("invalid_value", wrong) if wrong else None


_ROW_OPS: Final = ("create", "patch", "delete", "restore", "command")
_APPEND_OPS: Final = ("create", "revise", "void", "command")
