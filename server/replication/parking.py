"""Keeps what cannot apply, to the byte, as rows its author sees; and what waits for it (SPEC 7)."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from server.replication.conflicts import put_plain
from server.replication.held import Held
from server.replication.rows import Key, Row
from server.replication.unit import Unit
from server.replication.work import Item, Parked, Result, Writing
from server.shared.registry import Registry
from server.shared.scope import person_scope, with_classes
from sync.core.ids import is_uuid, uuid5
from sync.core.mutation import Mutation
from sync.core.park import Park
from sync.core.policy import referenced

PARKED = "parked"
ERASED = Park("erased")
KIND = re.compile(rb'"entity"\s*:\s*"([^"\\]*)"')
TOLD_OF_ERASED = ("mutation_id", "entity", "row_pk", "op", "customer_id", "state", "device", "seq", "parked_at")


def check_dependence(unit: Unit, mutation: Mutation) -> None:
    """Raise Parked if the mutation needs one that is parked, or a row that is not there (7.3)."""
    for earlier in mutation.after:
        if blocker := unit.parking.blocking(earlier):
            raise _waiting(blocker)
    for field, key in _needed(unit.registry, mutation):
        if unit.peek(key) is not None:
            continue
        if field is not None and (unit.erasures.has(key[1]) or unit.is_purged(key)):
            continue  # it will never come: like a deleted row it is named and not shown
        if blocker := unit.parking.creator_of(key[1]):
            raise _waiting(blocker)
        if field is not None:
            raise Parked(Park("missing_parent", (field,)), waits_for=key[1])


def _needed(registry: Registry, mutation: Mutation) -> list[tuple[str | None, Key]]:
    """The rows a mutation cannot do without: its own unless it creates it, and those it names."""
    entity = registry.get(mutation.entity)
    own: list[tuple[str | None, Key]] = []
    if mutation.op != "create":
        own.append((None, (mutation.entity, mutation.pk)))
    if entity is None or mutation.op not in ("create", "patch", "revise"):
        return own
    patch = mutation.patch
    for name, target in entity.spec.named:
        if name in patch:
            own += [(name, (target, pk)) for pk in ids_in(patch[name])]
    return own


def ids_in(value: Any) -> list[str]:
    """The ids that a reference's patch names: one, a list, or what a set adds."""
    if isinstance(value, str):
        return [value] if is_uuid(value) else []
    if isinstance(value, dict):
        return ids_in(cast("dict[str, Any]", value).get("add"))
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [item for item in values if is_uuid(item)]


def references_of(registry: Registry, mutation: Mutation) -> list[Key]:
    """The keys that a batch must look at for this mutation."""
    return [key for field, key in _needed(registry, mutation) if field is not None]


def _waiting(blocker: Held) -> Parked:
    return Parked(Park("depends_on_parked", params={"waits_for": blocker.id}), waits_for=blocker.id)


@dataclass(frozen=True, slots=True)
class Copy:
    """Where somebody else than its author sees a parked mutation: it moves with `root`, None for nothing's child."""

    root: Key | None
    scope: str


def copy_beside(unit: Unit, item: Item, key: Key | None) -> Copy | None:
    """A copy for who has the row now, as secret as the mutation's own kind of row."""
    about = unit.get(key) if key else None
    return Copy(about.root, as_secret(unit.registry, item, about.scope)) if about else None


def as_secret(registry: Registry, item: Item, scope: str) -> str:
    """The scope, narrowed to the class of what the mutation would write (R30).

    What nobody can read is as secret as each kind of row that it names; as all of them where it names none, or one
    that is not known.
    """
    names = {item.mutation.entity.encode()} if item.mutation else {*KIND.findall(item.line)}
    known = [entity for entity in registry if entity.spec.name.encode() in names]
    is_told = bool(names) and len(known) == len(names)
    return with_classes(scope, (entity.scope_class for entity in (known if is_told else registry)))


def park(unit: Unit, writing: Writing, result: Result, copy: Copy | None) -> None:
    """Store a parked mutation as a row of its author, and a copy for somebody else."""
    item, reason = result.item, result.park
    if reason is None:
        raise ValueError("only what has a reason is parked")
    body = _body(unit, writing, result, reason)
    own = (PARKED, item.id)
    if reason is ERASED:
        body = without_content(body)
    put_plain(unit, writing, own, own, person_scope(writing.actor.person_id), body)
    if copy:
        key = copy_key(item.id)
        put_plain(unit, writing, key, copy.root or key, copy.scope, body)
    unit.parking.held[item.id] = _held(writing, result, reason)


def without_content(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A parked row that tells of something erased, and no more (7.2)."""
    kept = {name: fields.get(name) for name in TOLD_OF_ERASED}
    return {**kept, "code": ERASED.code, "fields": [], "params": {}}


def close(unit: Unit, writing: Writing, row: Row, state: str, **more: Any) -> None:
    """Give a parked row, its original and its copy, an end (or another reason, for `open`)."""
    mutation_id = row.state.fields["mutation_id"]
    for key in ((PARKED, mutation_id), copy_key(mutation_id)):
        found = unit.get(key)
        if found:
            fields = {**found.state.fields, "state": state, **more}
            put_plain(unit, writing, key, found.root, found.scope, fields)


def dismiss(unit: Unit, writing: Writing, row: Row) -> None:
    """End a parked mutation without applying it: its bytes stay in the history.

    What waited for it waits for nothing any more: its author is asked for each (R17).
    """
    held = unit.parking.find(row.state.fields["mutation_id"])
    if held:
        unit.parking.held[held.id] = replace(held, is_open=False, waits_for=None)
        unit.parking.take_waiting([held.id])
        for dependant in unit.parking.waiting(held.id):
            point(unit, writing, dependant, None, code="blocker_dismissed")
    close(unit, writing, row, "dismissed")


def point(unit: Unit, writing: Writing, held: Held, waits_for: str | None, **more: Any) -> None:
    """Let an open parked mutation wait for another one, or for its author when for none."""
    unit.parking.held[held.id] = replace(held, waits_for=waits_for)
    row = unit.get((PARKED, held.id))
    if row:
        close(unit, writing, row, "open", waits_for=waits_for, **more)


def find_for(unit: Unit, writing: Writing, name: str) -> Held | None:
    """The parked mutation of this id, or with the copy of this pk: the writer's own, or one whose copy they see."""
    held = unit.parking.find(name)
    if held is None and (row := unit.get((PARKED, name))):
        held = unit.parking.find(row.state.fields["mutation_id"])
    if held is None or held.person_id == writing.actor.person_id:
        return held
    copy = unit.get(copy_key(held.id))
    return held if copy and writing.may_see(copy.scope) else None


def copy_key(mutation_id: str) -> Key:
    """The key of the copy that a row's present owners see."""
    return PARKED, uuid5(mutation_id, "copy")


def _held(writing: Writing, result: Result, reason: Park) -> Held:
    item, mutation = result.item, result.item.mutation
    return Held(
        id=item.id,
        device=writing.device,
        seq=item.seq,
        txn=item.txn,
        person_id=writing.actor.person_id,
        entity=mutation.entity if mutation else None,
        pk=mutation.pk if mutation else None,
        op=mutation.op if mutation else None,
        code=reason.code,
        waits_for=result.waits_for,
        is_open=result.is_open,
        stamp_ms=result.stamp[0],
        stamp_n=result.stamp[1],
        sha=item.sha,
        line=None if result.is_dropped else item.line,
    )


def _body(unit: Unit, writing: Writing, result: Result, reason: Park) -> Mapping[str, Any]:
    item, mutation = result.item, result.item.mutation
    body: dict[str, Any] = {
        "mutation_id": item.id,
        "by": writing.actor.person_id,
        "code": reason.code,
        "fields": list(reason.fields),
        "params": dict(reason.params),
        "state": "open",
        "waits_for": result.waits_for,
        "device": writing.device,
        "seq": item.seq,
        "parked_at": unit.now_ms,
        **_text_or_bytes(item),
    }
    before = unit.get((PARKED, item.id))
    if before:  # tried again, and no better
        body["parked_at"] = before.state.fields["parked_at"]
    if mutation:
        root = _root_of(unit, mutation)
        body |= {"entity": mutation.entity, "row_pk": mutation.pk, "op": mutation.op, "customer_id": root}
    return body


def _text_or_bytes(item: Item) -> dict[str, str]:
    """The line as text; as base64 where text could not carry it (not UTF-8, or a NUL)."""
    try:
        text = item.line.decode()
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:
        return {"bytes_b64": base64.b64encode(item.line).decode()}
    return {"mutation": text}


def _root_of(unit: Unit, mutation: Mutation) -> str | None:
    """The pk of the aggregate that a mutation is about, as far as it says so itself."""
    row = unit.peek((mutation.entity, mutation.pk))
    if row:
        return row.root[1]
    entity = unit.registry.get(mutation.entity)
    if entity is None or entity.spec.root is None:
        return mutation.pk if entity else None
    named = referenced(entity.spec, {entity.spec.root.field: mutation.patch.get(entity.spec.root.field)})
    return named[0] if named else None
