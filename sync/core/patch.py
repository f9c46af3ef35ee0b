"""How each policy lets a new value meet the one that is there (SPEC 5.3 to 5.6, 5.11)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.core import dots, invariant
from sync.core.canonical import MAX_INT, same
from sync.core.conflict import candidate_of, current_of
from sync.core.invariant import ParentOf
from sync.core.park import Park
from sync.core.state import Write
from sync.core.text import merge3
from sync.core.work import Work


def apply(work: Work, parent_of: ParentOf | None) -> Park | None:
    """Merge every touched group by its policy, then take back what breaks an invariant."""
    by_name = work.spec.by_name
    done: set[str] = set()
    for name, value in work.mutation.patch.items():
        field = by_name[name]
        policy = field.policy
        if policy == "text":
            _text(work, name, value)
        elif policy == "set":
            _set(work, name, value)
        elif policy == "counter":
            if not _counter(work, name, value):
                return Park("invalid_value", (name,))
        elif policy == "server":
            _write(work, name, (name,))
        elif field.group not in done:
            done.add(field.group)
            _values(work, field.group, is_asked=policy == "ask")
    if work.spec.invariants:
        _hold_invariants(work, parent_of)
    return None


def _values(work: Work, group: str, *, is_asked: bool) -> None:
    """Write a group as one unit, unless somebody else's unseen value is in the way."""
    names = work.spec.groups[group]
    last = work.groups.get(group)
    if last is None or (work.seen is not None and last.rev <= work.seen):
        _write(work, group, names)
    elif work.author.lineage.includes(last.device, last.seq):
        if not _is_overtaken(work, last):
            _write(work, group, names)
    else:
        _concurrent(work, group, names, last, is_asked=is_asked)


def _concurrent(work: Work, group: str, names: Sequence[str], last: Write, *, is_asked: bool) -> None:
    """Settle two values that did not see each other: `(stamp, device, seq)` orders them."""
    write = work.write
    wins = (write.stamp, write.device, write.seq) > (last.stamp, last.device, last.seq)
    held = work.held(names)
    if all(same(work.mutation.patch[name], held[name]) for name in names):
        if wins:
            _write(work, group, names)
    elif is_asked or not wins:
        kind = "ask" if is_asked else "register"
        work.clash(kind, group, current_of(last, held), [work.own_candidate(names)])
    else:
        _write(work, group, names)
        current = current_of(write, work.own(names))
        work.clash("register", group, current, [candidate_of(last, held, None)])


def _is_overtaken(work: Work, last: Write) -> bool:
    """A later mutation of this device is there already: this one came back from parking."""
    return last.device == work.author.device and last.seq > work.author.seq


def _write(work: Work, group: str, names: Sequence[str]) -> None:
    for name in names:
        work.put(name, work.mutation.patch[name])
    work.mark(group)


def _text(work: Work, name: str, value: str | None) -> None:
    """Merge a text from the base that the mutation carries; nobody is exempt (R6)."""
    new, current = value or "", work.fields.get(name) or ""
    text, _ = merge3(work.mutation.base.get(name) or "", current, new)
    if text != new:
        work.is_merged = True
    if text != current:
        work.put(name, text or None)
        work.mark(name)


def _set(work: Work, name: str, value: Mapping[str, list[str]]) -> None:
    held = work.dots.get(name, {})
    lineage = work.author.lineage.before(work.author.seq)
    after = dots.remove(held, value.get("remove", ()), work.seen, lineage)
    after = dots.add(after, value.get("add", ()), work.write, work.seen, lineage)
    if after == held:
        return
    others = {key: kept for key, kept in work.dots.items() if key != name}
    work.dots = {**others, name: after} if after else others
    work.put(name, dots.elements(after) or None)
    work.mark(name)


def _counter(work: Work, name: str, value: Mapping[str, int]) -> bool:
    """Add the delta; False when the sum has no canonical form."""
    total = work.fields.get(name, 0) + value["add"]
    if value["add"] and -MAX_INT <= total <= MAX_INT:
        work.fields[name] = total
        work.mark(name)
    return -MAX_INT <= total <= MAX_INT


def _hold_invariants(work: Work, parent_of: ParentOf | None) -> None:
    """Put back the groups that are right alone and wrong with the row, and ask a person."""
    mutation, by_name = work.mutation, work.spec.by_name
    wrong = invariant.broken(work.spec, mutation.pk, work.fields, mutation.patch.keys(), parent_of)
    for group in sorted({by_name[name].group for name in wrong if name in mutation.patch}):
        if group in work.changed:
            _take_back(work, group)


def _take_back(work: Work, group: str) -> None:
    names = work.spec.groups[group]
    before = work.before
    for name in names:
        work.put(name, before.fields.get(name) if before else None)
    last = before.groups.get(group) if before else None
    if last is None:
        del work.groups[group]
    else:
        work.groups[group] = last
    work.changed.remove(group)
    work.conflicts = [event for event in work.conflicts if event.group != group]
    writer: Any = last or (before.created if before else work.write)
    current = current_of(writer, work.held(names))
    work.clash("invariant", group, current, [work.own_candidate(names)])
