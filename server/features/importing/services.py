"""What can be done with an import: look at what it would do, and write it, one customer at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.errors import DomainError
from server.features.importing import memory
from server.features.importing.difference import PLAN, Decision, decide, differing, spoken_for
from server.features.importing.draft import Draft
from server.features.importing.memory import Imported, Key
from server.features.importing.planning import Kinds, Plan
from server.features.importing.problems import Problem
from server.features.territories.services import ensure_root, regrant
from server.shared.actor import Actor
from server.shared.writer import Change, Rev, Seen, TransactionTooLargeError, Writer
from sync.core.ids import uuid5

UNITS_AT_ONCE = 100
"""How many units are compared with the database in one look."""


@dataclass(frozen=True)
class Outlook:
    """What writing would do: for each kind of row, how many are new, changed, same or left."""

    counts: Mapping[str, Counter[str]]
    notices: tuple[Problem, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether every row is already as the files say."""
        return not any(count["new"] + count["changed"] for count in self.counts.values())


@dataclass
class Outcome:
    """What was written: rows by kind of write, and the conflicts that people must look at."""

    plan_id: str
    is_resumed: bool
    rows: Counter[str] = field(default_factory=Counter[str])
    conflicts: int = 0


@dataclass(frozen=True)
class Importing:
    """What every step of an import works with; no transaction is open between its calls."""

    session: Session
    writer: Writer
    actor: Actor
    kinds: Kinds

    def look(self, plan: Plan) -> Outlook:
        """Compare a plan with the database and write nothing."""
        counts: dict[str, Counter[str]] = {}
        notices: list[Problem] = []
        planned: set[Key] = set()
        for decision in (one for unit in self._decisions(plan) for one in unit):
            counts.setdefault(decision.draft.entity, Counter())[decision.kind] += 1
            notices += [decision.notice] if decision.notice else []
            planned.add(key_of(decision.draft))
        gone = memory.recall_source(self.session, plan.source) - planned if planned else ()
        if gone:
            notices.append(Problem("import_note_gone", plan.source, details={"count": len(gone)}))
        return Outlook(counts, tuple(notices))

    def write(
        self, plan: Plan, mark: str, company: str, now: datetime, tell: Callable[[], object] = lambda: None
    ) -> Outcome:
        """Write a plan, or go on with the one of the same input that was broken off; `tell` hears of each unit.

        Raises DomainError import_stopped when a row is refused; what came before it stays, and the same
        call goes on from there.
        """
        must_be_admin(self.actor)
        unfinished = memory.find_unfinished(self.session, mark)
        plan_id = unfinished or memory.begin(self.session, plan.source, mark, now)
        outcome = Outcome(plan_id, unfinished is not None)
        ensure_root(self.writer, self.actor, company)
        for unit in self._decisions(plan):
            self._write_unit(plan.source, unit, outcome)
            tell()
        regrant(self.session, now)
        memory.finish(self.session, plan_id, now)
        return outcome

    def _decisions(self, plan: Plan) -> Iterator[list[Decision]]:
        for start in range(0, len(plan.units), UNITS_AT_ONCE):
            units = plan.units[start : start + UNITS_AT_ONCE]
            drafts = [draft for unit in units for draft in unit]
            known = memory.recall(self.session, map(key_of, drafts))
            seen = self._seen(drafts, known)
            for unit in units:
                yield [self._decide(draft, known, seen) for draft in unit]

    def _decide(self, draft: Draft, known: Mapping[Key, Imported], seen: Mapping[Key, Seen]) -> Decision:
        key = key_of(draft)
        return decide(draft, self.kinds[draft.entity].entity.spec, known.get(key), seen.get(key))

    def _seen(self, drafts: Sequence[Draft], known: Mapping[Key, Imported]) -> dict[Key, Seen]:
        """The rows that must be looked at: those imported before of which something is different now."""
        return read_all(self.writer, (key_of(draft) for draft in drafts if _is_open(draft, known.get(key_of(draft)))))

    def _write_unit(self, source: str, unit: Sequence[Decision], outcome: Outcome) -> None:
        changes = [change for one in unit for change in self._stamped(one, outcome.plan_id)]
        if changes:
            self._submit(source, unit, changes, outcome)
        news = [one for one in unit if one.kind != "left" and _is_open(one.draft, one.last)]
        seen = read_all(self.writer, (key_of(one.draft) for one in news if one.changes))
        memory.remember(self.session, [_imported(source, one, seen, outcome.plan_id) for one in news])
        outcome.rows.update(one.kind for one in unit if one.changes)

    def _submit(self, source: str, unit: Sequence[Decision], changes: Sequence[Change], outcome: Outcome) -> None:
        try:
            results = self.writer.submit(self.actor, changes, outcome.plan_id, writer_name(source))
        except TransactionTooLargeError as fault:
            raise _stopped(unit, "too many rows in one transaction") from fault
        for written in results:
            if written.code:
                raise _stopped(unit, f"{written.code} {', '.join(written.fields)}".strip())
            outcome.conflicts += len(written.conflicts)

    def _stamped(self, decision: Decision, plan_id: str) -> list[Change]:
        """The changes with ids that make repeating them harmless; what is made bears the plan's id."""
        spec = self.kinds[decision.draft.entity].entity.spec
        bears = decision.kind == "new" and PLAN in spec.by_name
        return [
            replace(
                change,
                id=mutation_id(plan_id, change.op, (change.entity, change.pk)),
                patch={**change.patch, PLAN: plan_id} if bears and change.op != "restore" else change.patch,
            )
            for change in decision.changes
        ]


def key_of(draft: Draft) -> Key:
    """Entity and pk."""
    return draft.entity, draft.pk


def writer_name(source: str) -> str:
    """All imports of a source are one writer, which never conflicts with itself."""
    return f"import:{source}"


def mutation_id(plan_id: str, op: str, key: Key) -> str:
    """The id of a plan's write to a row, the same however often it is tried."""
    return uuid5(plan_id, "/".join((op, *key)))


def read_all(writer: Writer, keys: Iterator[Key]) -> dict[Key, Seen]:
    """The rows of several kinds as they stand."""
    by_entity: dict[str, list[str]] = {}
    for entity, pk in keys:
        by_entity.setdefault(entity, []).append(pk)
    return {(entity, pk): row for entity, pks in by_entity.items() for pk, row in writer.read(entity, pks).items()}


def rev_after(before: int, writes: int, seen: Seen) -> Rev:
    """The revision that our writes made; a later one is somebody else's and must not count as seen."""
    return min(seen.rev, (seen.rev[0], before + writes))


def _is_open(draft: Draft, last: Imported | None) -> bool:
    return last is None or last.removed_by is not None or bool(differing(spoken_for(draft), last))


def _imported(source: str, decision: Decision, seen: Mapping[Key, Seen], plan_id: str) -> Imported:
    draft, last = decision.draft, decision.last
    values = {**(last.values if last else {}), **spoken_for(draft)}
    owner = last.plan_id if last and decision.kind != "new" else plan_id
    if not decision.changes and last:
        return replace(last, values=values)
    row = seen[key_of(draft)]
    rev = rev_after(last.rev[1] if last else 0, len(decision.changes), row)
    return Imported(draft.entity, draft.pk, source, owner, values, rev)


def _stopped(unit: Sequence[Decision], reason: str) -> DomainError:
    return DomainError("import_stopped", 409, {"place": unit[0].draft.origin.place, "reason": reason})
