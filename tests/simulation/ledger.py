"""Remembers every value that anybody typed, and finds each of them again (promise 1)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.models import MutationRecord, SyncedRow
from sync.core.mutation import Mutation
from tests.contract.world import World
from tests.simulation.device import Device

VALUES = ("name", "phone", "terms", "amount", "text", "said")
"""Fields that hold one value; `notes`, `tags` and `count` are looked at in their own way."""
MENDED = "mended"
"""The one name that many share."""

Key = tuple[str, str]


@dataclass
class Entry:
    """One mutation as typed; `past` are the ids of all that its device had written by then."""

    mutation: Mutation
    past: frozenset[str]

    @property
    def key(self) -> Key:
        """The row it is about."""
        return self.mutation.entity, self.mutation.pk

    @property
    def paragraphs(self) -> list[str]:
        """What it adds to the notes."""
        new, base = self.mutation.patch.get("notes") or "", self.mutation.base.get("notes") or ""
        return [line for line in new.split("\n") if line.startswith("#") and line not in base.split("\n")]


@dataclass
class Ledger:
    """Every mutation ever enqueued; its values are unlike all others, so that each can be found.

    `known_lost` were in no store but one that was lost. Of `internal` a device was told that they parked for the
    server's own sake, be it that a release has tried them again since.
    """

    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    seen_at_delete: dict[str, str] = field(default_factory=dict[str, str])
    seen_at_decision: dict[str, str] = field(default_factory=dict[str, str])
    known_lost: set[str] = field(default_factory=set[str])
    internal: set[str] = field(default_factory=set[str])
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def things(self) -> list[str]:
        """Every thing that somebody created."""
        return sorted({entry.mutation.pk for entry in self.entries.values() if entry.key[0] == "thing"})

    def token(self) -> str:
        """A text like no other."""
        return f"#{next(self.numbers)}."

    def number(self) -> int:
        """A number like no other."""
        return 10_000_000 + next(self.numbers)

    def typed(self, device: Device, mutation: Mutation) -> None:
        """Write one down."""
        self.entries[mutation.id] = Entry(mutation, frozenset(device.mine))

    def deleted(self, device: Device, mutation: Mutation) -> None:
        """Remember what was on the screen of somebody who deletes."""
        bodies = [row.body.decode() for row in device.mirror.values()]
        own = [json.dumps(written.patch) for written in device.written.values()]
        self.seen_at_delete[mutation.id] = " ".join(bodies + own)

    def decided(self, mutation: Mutation, record: dict[str, Any]) -> None:
        """Remember the card on which somebody decided: what lay on it was replaced knowingly."""
        self.seen_at_decision[mutation.id] = json.dumps(record)

    def losses(self, world: World) -> dict[str, list[str]]:
        """By check: a sentence for every value that is nowhere, and every delta that does not count once."""
        search = Search(self, world)
        found = {check.__name__: check(search) for check in CHECKS}
        return {name: sentences for name, sentences in found.items() if sentences}


class Search:
    """A look at the server when all is over."""

    def __init__(self, ledger: Ledger, world: World):
        self.ledger = ledger
        with Session(world.engine) as session:
            table = MutationRecord
            originals = select(table.id, table.status, table.code).where(table.is_original)
            found = list(session.execute(originals))
            self.status = {str(i): status for i, status, _ in found}
            internal = {str(i) for i, status, code in found if status == "parked" and code == "internal"}
            self.internal = internal | ledger.internal
            self.parked = _bodies(session, "parked")
            self.conflicts = _bodies(session, "conflict")
            hidden = select(SyncedRow.pk, SyncedRow.deleted_by).where(SyncedRow.entity == "thing")
            self.hidden = {str(pk): by for pk, by in session.execute(hidden) if by}
            rows = [*session.execute(select(SyncedRow.entity, SyncedRow.pk, SyncedRow.scope, SyncedRow.body))]
        self.live = {str(row.pk) for row in rows if row.entity == "thing"} - set(self.hidden)
        self.scopes = {row.pk: row.scope for row in rows if row.entity == "thing"}
        roots = [(row, json.loads(row.body).get("thing_id")) for row in rows if row.entity.startswith("thing_")]
        self.children = [(str(row.pk), str(row.scope), root) for row, root in roots if root]  # the others were erased
        bodies = {str(row.pk): json.loads(row.body) for row in rows if row.entity == "conflict"}
        self.open_conflicts = {pk: record for pk, record in bodies.items() if record["state"] == "open"}
        self.cards = [card for i, card in ledger.seen_at_decision.items() if self.status.get(i) == "applied"]
        self.entries = list(ledger.entries.values())
        self.applied = [entry for entry in self.entries if self.status.get(entry.mutation.id) in ("applied", "merged")]
        self.current = {key: world.row(*key) or {} for key in {entry.key for entry in self.entries}}

    def standing(self) -> list[Entry]:
        """What applied, without a second mend of one parked mutation: that is only kept (SPEC 7.4)."""
        mends = [entry.mutation.supersedes for entry in self.applied]
        return [
            entry
            for entry in self.applied
            if not entry.mutation.supersedes or mends.count(entry.mutation.supersedes) == 1
        ]

    def is_kept(self, value: object) -> bool:
        """Whether a conflict or a parked row holds it, or a conflict's card did when somebody decided."""
        return any(json.dumps(value) in body for body in (*self.conflicts, *self.parked, *self.cards))

    def was_replaced(self, entry: Entry, name: str) -> bool:
        """By somebody who had seen it, or later by its own device."""
        value = entry.mutation.patch[name]
        writers = [other for other in self.entries if other.key == entry.key and name in other.mutation.patch]
        saw = {entry.mutation.id} | {w.mutation.id for w in writers if w.mutation.base.get(name) == value}
        return any(saw & w.past for w in writers if w in self.applied and w is not entry)

    def was_taken_out(self, entry: Entry, name: str, token: str) -> bool:
        """A paragraph or a tag, by somebody who had seen it."""
        for other in self.applied:
            patch, base = other.mutation.patch.get(name), other.mutation.base.get(name) or ""
            if other.key != entry.key or patch is None:
                continue
            if token in patch.get("remove", []) if name == "tags" else token in base and token not in patch:
                return True
        return False


def never_arrived(search: Search) -> list[str]:
    """What left the outbox of a device, but is not in the server's history, and was in no store that was lost."""
    missing = [i for i in search.ledger.entries if i not in search.status]
    return [f"never arrived: {i}" for i in missing if i not in search.ledger.known_lost]


def lost_values(search: Search) -> list[str]:
    """A value that is not current, was not knowingly replaced, and lies in no conflict and no parked row."""
    return [
        f"{name}={value} of {entry.mutation.id}"
        for entry in search.standing()
        for name, value in entry.mutation.patch.items()
        if name in VALUES and value is not None and entry.mutation.op != "command"
        if search.current[entry.key].get(name) != value
        if not search.was_replaced(entry, name) and not search.is_kept(value)
    ]


def lost_parts(search: Search) -> list[str]:
    """A paragraph or a tag that is not there although nobody who saw it took it out."""
    parts = [(entry, "notes", token) for entry in search.standing() for token in entry.paragraphs]
    for entry in search.standing():
        parts += [(entry, "tags", token) for token in (entry.mutation.patch.get("tags") or {}).get("add", [])]
    return [
        f"{name}: {token} of {entry.mutation.id}"
        for entry, name, token in parts
        if token not in search.current[entry.key].get(name, "") and not search.was_taken_out(entry, name, token)
    ]


def wrong_counts(search: Search) -> list[str]:
    """A counter that is not the sum of its deltas, each once."""
    totals = dict.fromkeys(search.ledger.things, 0)
    for entry in search.standing():
        if "count" in entry.mutation.patch:
            totals[entry.mutation.pk] += entry.mutation.patch["count"]["add"]
    counts = {pk: search.current["thing", pk].get("count", 0) for pk in totals}
    return [f"{pk} counts {counts[pk]} instead of {total}" for pk, total in totals.items() if counts[pk] != total]


def unseen_deletes(search: Search) -> list[str]:
    """A value that a delete hides although its author had not seen it, and that no conflict tells of (R31)."""
    return [
        f"hidden unseen: {value} of {pk}"
        for pk, mutation in search.hidden.items()
        for name, value in search.current.get(("thing", pk), {}).items()
        if name in VALUES and value != MENDED and mutation in search.ledger.seen_at_delete
        if json.dumps(value).strip('"') not in search.ledger.seen_at_delete[mutation]
        if not any(json.dumps(value) in body for body in search.conflicts)
    ]


def unseen_parked(search: Search) -> list[str]:
    """A parked mutation that no row shows to its author (R16)."""
    shown = " ".join(search.parked)
    ids = [entry.mutation.id for entry in search.entries]
    return [f"parked unseen: {i}" for i in ids if search.status.get(i) == "parked" and i not in shown]


def parked_for_nothing(search: Search) -> list[str]:
    """A mutation that parked for the server's own sake, though no hook fell over it (R9)."""
    names = {entry.mutation.id: entry.mutation.patch.get("name") for entry in search.entries}
    return [f"parked for nothing: {i}" for i in sorted(search.internal) if names.get(i) != "boom"]


def left_unread(search: Search) -> list[str]:
    """What parked because its app was newer than the server, which has been upgraded since (R38)."""
    found = [json.loads(body) for body in search.parked]
    return [f"left: {row['mutation_id']}" for row in found if (row["state"], row["code"]) == ("open", "unknown_schema")]


def risen(search: Search) -> list[str]:
    """A thing that is there although it was deleted, and that nobody brought back (I15)."""
    deleted = {e.mutation.pk for e in search.applied if e.key[0] == "thing" and e.mutation.op == "delete"}
    asked = {e.mutation.pk for e in search.applied if e.mutation.op == "restore"}
    decided = " ".join(search.cards)
    return [f"risen: {pk}" for pk in deleted & search.live if pk not in asked and pk not in decided]


def stranded(search: Search) -> list[str]:
    """A child that is not where its thing is (R24)."""
    return [f"stranded: {pk} in {scope}" for pk, scope, root in search.children if search.scopes.get(root) != scope]


def wrong_winners(search: Search) -> list[str]:
    """An open conflict in which the earlier of two writes is the current one, and nobody decided so."""
    decided = {e.mutation.pk for e in search.entries if e.key[0] == "conflict"}
    return [
        f"earlier, yet current: {record['group']} of {record['row_pk']}"
        for pk, record in search.open_conflicts.items()
        if record["kind"] == "register" and pk not in decided
        if any(item["at"] > record["current"]["at"] for item in record["candidates"])
    ]


CHECKS = (
    never_arrived,
    lost_values,
    lost_parts,
    wrong_counts,
    unseen_deletes,
    unseen_parked,
    parked_for_nothing,
    left_unread,
    risen,
    stranded,
    wrong_winners,
)


def _bodies(session: Session, entity: str) -> list[str]:
    return [body.decode() for body in session.scalars(select(SyncedRow.body).where(SyncedRow.entity == entity))]
