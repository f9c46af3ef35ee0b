"""Decides what an import writes to a row: only what the files changed since the last import.

Three values meet: what the files say now, what they said last time, and what the row holds. What a person
changed since is never undone in silence: a server field of theirs stays, and any other field goes through
the merge with the revision of the last import as seen, where it becomes a conflict or is merged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.features.importing.draft import Draft
from server.features.importing.memory import Imported
from server.features.importing.problems import Problem
from server.shared.writer import Change, Rev, Seen
from sync.core.policy import EntitySpec

Kind = Literal["new", "changed", "same", "left"]
PLAN = "plan_id"
FOLLOWING = {"site": ("lat_e7", "lon_e7")}
"""Fields that no file gives, but that belong to what a file gives: a new address has no point yet."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one row; `changes` are the writes, without ids and plan.

    `left` is a row that a person deleted, so that what the files changed has nowhere to go.
    """

    draft: Draft
    kind: Kind
    last: Imported | None
    changes: tuple[Change, ...] = ()
    notice: Problem | None = None


def spoken_for(draft: Draft) -> dict[str, Any]:
    """Every field that the import speaks for; None where the files leave it empty."""
    names = (*FOLLOWING.get(draft.entity, ()), *draft.given)
    return {**dict.fromkeys(names), **draft.fields}


def decide(draft: Draft, spec: EntitySpec, last: Imported | None, seen: Seen | None) -> Decision:
    """Compare one row; `seen` may be left out where nothing was imported or nothing differs."""
    now = spoken_for(draft)
    if last is None:
        return Decision(draft, "new", None, (_create(draft, spec, now),))
    if last.removed_by:
        return _bring_back(draft, spec, now, last, seen)
    changed = differing(now, last)
    if not changed:
        return Decision(draft, "same", last)
    if seen is None or seen.is_deleted:
        return _leave(draft, last)
    open_ = [name for name in changed if not _is_there(spec, name, now, seen)]
    theirs = _changed_by_people(spec, open_, last, seen)
    wanted = {name: now[name] for name in open_ if name not in theirs}
    notice = _edited(draft, theirs) if theirs else None
    if not wanted:
        return Decision(draft, "same", last, notice=notice)
    return Decision(draft, "changed", last, (_patch(draft, spec, wanted, now, last, seen, last.rev),), notice)


def differing(now: Mapping[str, Any], last: Imported) -> list[str]:
    """The fields that the files changed since the last import."""
    return sorted(name for name, value in now.items() if (value or None) != (last.values.get(name) or None))


def _create(draft: Draft, spec: EntitySpec, now: Mapping[str, Any]) -> Change:
    filled = {name: value for name, value in now.items() if value is not None}
    return Change(draft.entity, draft.pk, "create", _on_wire(spec, filled, {}, {}))


def _bring_back(draft: Draft, spec: EntitySpec, now: Mapping[str, Any], last: Imported, seen: Seen | None) -> Decision:
    """Restore what an undone plan took away; a second delete, by a person, stands."""
    if seen is None or (seen.is_deleted and seen.rev != last.rev):
        return _leave(draft, last)
    restore = Change(draft.entity, draft.pk, "restore", {"delete": last.removed_by}, seen.rev)
    wanted = {name: now[name] for name in differing(now, last)}
    patch = _patch(draft, spec, wanted, now, last, seen, seen.rev)
    return Decision(draft, "new", last, (restore, patch) if patch.patch or PLAN in spec.by_name else (restore,))


def _patch(
    draft: Draft,
    spec: EntitySpec,
    wanted: Mapping[str, Any],
    now: Mapping[str, Any],
    last: Imported,
    seen: Seen,
    seen_rev: Rev,
) -> Change:
    texts = [name for name in wanted if spec.by_name[name].policy == "text"]
    base = {name: last.values[name] for name in texts if last.values.get(name)}
    others = {**seen.fields, **now}
    return Change(draft.entity, draft.pk, "patch", _on_wire(spec, wanted, last.values, others), seen_rev, base)


def _on_wire(
    spec: EntitySpec, wanted: Mapping[str, Any], before: Mapping[str, Any], others: Mapping[str, Any]
) -> dict[str, Any]:
    """A patch's values: sets as what is added and removed, groups whole (SPEC 3.3)."""
    patch: dict[str, Any] = {}
    for name, value in wanted.items():
        field = spec.by_name[name]
        if field.policy == "set":
            patch[name] = _set_patch(value or (), before.get(name) or ())
        else:
            group = spec.groups[field.group]
            patch |= {one: wanted.get(one, others.get(one)) for one in group}
    return patch


def _set_patch(now: Iterable[str], before: Iterable[str]) -> dict[str, list[str]]:
    return {"add": sorted({*now} - {*before}), "remove": sorted({*before} - {*now})}


def _changed_by_people(spec: EntitySpec, changed: Iterable[str], last: Imported, seen: Seen) -> list[str]:
    """Server fields, which never conflict, that hold something else than the last import wrote."""
    return [
        name
        for name in changed
        if spec.by_name[name].policy == "server" and (seen.fields.get(name) or None) != (last.values.get(name) or None)
    ]


def _is_there(spec: EntitySpec, name: str, now: Mapping[str, Any], seen: Seen) -> bool:
    """Whether a server field holds the new value already; merging sees to the others."""
    return spec.by_name[name].policy == "server" and (seen.fields.get(name) or None) == (now[name] or None)


def _edited(draft: Draft, names: list[str]) -> Problem:
    return draft.problem(
        "import_note_edited", None, entity=draft.entity, row=draft.fields.get("name") or draft.key, fields=names
    )


def _leave(draft: Draft, last: Imported) -> Decision:
    notice = draft.problem("import_note_deleted", None, entity=draft.entity, row=draft.fields.get("name") or draft.key)
    return Decision(draft, "left", last, notice=notice)
