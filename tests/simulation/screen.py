"""What a person sees on a device and writes on it: the mirror under the own writes that no page has brought back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.core import clock
from sync.core.mutation import Mutation
from sync.core.overlay import overlay
from sync.core.policy import GROUPABLE
from tests.contract import things
from tests.contract.world import Phone, new_id

SPECS = {entity.spec.name: entity.spec for entity in things.make_registry()}

Key = tuple[str, str]
NOTHING_SEEN = ((0, 0), (2**53, 0))
"""Below and above every revision."""


def seen_by(entity: str, seen: Mapping[str, Any], patch: Mapping[str, Any]) -> tuple[int, int] | None:
    """The row's revision, or less where an own write covers what is overwritten."""
    fields = SPECS[entity].by_name if entity in SPECS else {}
    values = [n for n in patch if n in fields and fields[n].policy in GROUPABLE]
    least = min([seen["own"][n] for n in values if n in seen.get("own", {})], default=NOTHING_SEEN[1])
    least = min(least, seen["seen_rev"] or NOTHING_SEEN[0])
    return None if least == NOTHING_SEEN[0] else least


@dataclass
class Sent:
    """An acknowledged mutation that no applied page has brought back yet."""

    envelope: dict[str, Any]
    line: bytes
    mutation: Mutation
    log_seq: int
    code: str | None

    @property
    def key(self) -> Key:
        """The row that it writes."""
        return self.mutation.entity, self.mutation.pk


@dataclass
class Screen(Phone):
    """A phone with an overlay and a clock of its own, `offset` ms fast.

    `older` are the ids of what was written in an earlier epoch; rows of a generation below `epoch_gen` are of one, too.
    `schema` is what its app writes, `lives` how often that was begun.
    """

    offset: int = 0
    watch: clock.ClockState = field(default_factory=clock.ClockState)
    sent: list[Sent] = field(default_factory=list[Sent])
    written: dict[str, Mutation] = field(default_factory=dict[str, Mutation])
    epoch_gen: int = 0
    older: set[str] = field(default_factory=set[str])
    schema: int = 1
    lives: int = 0

    def view(self, entity: str, pk: str) -> dict[str, Any] | None:
        """A row as the screen shows it: the mirror under everything not yet brought back."""
        spec = SPECS.get(entity)
        return overlay(spec, self.see(entity, pk), self.waiting(entity, pk))[0] if spec else self.see(entity, pk)

    def waiting(self, entity: str, pk: str) -> list[Mutation]:
        """Own writes of a row that no page has brought back yet."""
        every = [s.mutation for s in self.sent] + [self.written[e["id"]] for e, _ in self.outbox]
        return [mutation for mutation in every if (mutation.entity, mutation.pk) == (entity, pk)]

    def shown(self, entity: str) -> list[str]:
        """The pks of every row of a kind on the screen."""
        waiting = [s.mutation for s in self.sent] + [self.written[e["id"]] for e, _ in self.outbox]
        pks = {pk for kind, pk in self.mirror if kind == entity} | {m.pk for m in waiting if m.entity == entity}
        return sorted(pk for pk in pks if self.view(entity, pk) is not None)

    def begin(self, entity: str, pk: str) -> dict[str, Any]:
        """What editing begins with (R7); `own` is what the own writes shown on top had seen (SPEC 3.2)."""
        held = self.mirror.get((entity, pk))
        own: dict[str, tuple[int, int]] = {}
        for mutation in self.waiting(entity, pk):
            for name in mutation.patch:
                seen = None if mutation.id in self.older else mutation.seen_rev
                own[name] = min(own.get(name, NOTHING_SEEN[1]), seen or NOTHING_SEEN[0])
        root = self._root_of(entity, pk)
        present = {key: row for key, row in self.mirror.items() if row.held.generation >= self.epoch_gen}
        aggs = [row.agg for key, row in present.items() if self._root_of(*key) == root]
        return {
            "seen_rev": held.held.rev if held and (entity, pk) in present else None,
            "gen": held.held.generation if held else self.generation,
            "base": self.view(entity, pk) or {},
            "agg": max(aggs or [0]),
            "own": own,
        }

    def compose(self, entity: str, pk: str, op: str, patch: Mapping[str, Any], **more: Any) -> Mutation:
        """A mutation stamped by this device's clock, over what `seen` (of `begin`) says was seen."""
        seen = more.pop("seen", None) or self.begin(entity, pk)
        base = {n: v for n in patch if (v := seen["base"].get(n)) is not None} if op in ("patch", "revise") else {}
        if seen.get("gen", self.epoch_gen) < self.epoch_gen:  # begun in an epoch whose numbers meant others (R2)
            seen = seen | {"seen_rev": None, "agg": 0}
        self.watch = clock.stamped(self.watch, self.reading())
        values: dict[str, Any] = {
            "id": new_id(),
            "seen_rev": None if op == "create" else seen_by(entity, seen, patch),
            "base": base,
            "hlc": self.watch.last,
            "schema": self.schema,
            "seen_agg": seen["agg"] if op == "delete" else None,
        }
        return Mutation(entity=entity, pk=pk, op=op, patch=dict(patch), **(values | more))

    def reading(self) -> clock.Reading:
        """Both clocks; the wall one may be wrong, and may be set."""
        return clock.Reading(self.world.now + self.offset, self.world.now, f"life {self.lives}")

    def _root_of(self, entity: str, pk: str) -> str:
        return pk if entity == "thing" else str((self.see(entity, pk) or {}).get("thing_id"))
