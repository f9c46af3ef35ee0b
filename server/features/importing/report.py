"""Shows a person what an import would do, before it does it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from server.errors import message
from server.features.importing.planning import Plan
from server.features.importing.problems import Problem
from server.features.importing.services import Outcome, Outlook
from server.features.importing.undoing import Undone
from server.features.territories.services import ROOT_ID, UNASSIGNED_ID

SAMPLES = 3
LONGEST_VALUE = 60
LONGEST_LINE = 500
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
ALWAYS_THERE = {ROOT_ID: "(the whole company)", UNASSIGNED_ID: "(unassigned)"}
"""Territories that no file makes."""
KINDS = ("person", "territory", "customer", "site", "contact")


@dataclass(frozen=True)
class Report:
    """Renders in one language; headings are English, like all of the operator's commands."""

    language: str

    def plan(self, plan: Plan, outlook: Outlook | None) -> Iterator[str]:
        """Files, counts, samples, notices and every fault; `outlook` is None when there are faults."""
        yield f"Import of {plan.source}"
        yield from self._files(plan)
        if outlook:
            yield from _counts(outlook)
            yield from _samples(plan)
        yield from self.problems("Notices", (*plan.notices, *(outlook.notices if outlook else ())))
        yield from self.problems("Faults", plan.problems)

    def problems(self, title: str, problems: Iterable[Problem]) -> Iterator[str]:
        """One line a problem: its place, what to do, and its code."""
        lines = [_plain(f"  {one.place}: {one.text(self.language)} ({one.code})") for one in problems]
        if lines:
            yield from ("", f"{title}: {len(lines)}", *lines)

    def outcome(self, outcome: Outcome) -> Iterator[str]:
        """What was written, and how to take it back."""
        again = "Went on with" if outcome.is_resumed else "Finished"
        yield ""
        yield f"{again} plan {outcome.plan_id}: {outcome.rows['new']} rows new, {outcome.rows['changed']} changed."
        if outcome.conflicts:
            yield f"{outcome.conflicts} values clash with what people changed since; they are shown to them."
        yield f"Take it back with: baifang import --undo {outcome.plan_id}"

    def undone(self, undone: Undone) -> Iterator[str]:
        """What was deleted and what stays."""
        yield f"{undone.removed} rows deleted, {len(undone.kept)} kept."
        for one in undone.kept:
            yield _plain(f"  {one.entity} {one.name}: {message(one.code, self.language, {})}")

    def _files(self, plan: Plan) -> Iterator[str]:
        for table in plan.loaded.tables.values():
            yield f"  {table.sheet.file}: {len(table.sheet.records)} rows, {table.sheet.encoding}"


def _counts(outlook: Outlook) -> Iterator[str]:
    yield ""
    yield f"  {'':<12}{'new':>8}{'changed':>9}{'same':>8}{'left':>8}"
    for kind in KINDS:
        count = outlook.counts.get(kind)
        if count:
            yield f"  {kind:<12}{count['new']:>8}{count['changed']:>9}{count['same']:>8}{count['left']:>8}"


def _samples(plan: Plan) -> Iterator[str]:
    drafts = [draft for unit in plan.units for draft in unit]
    names = ALWAYS_THERE | {draft.pk: str(draft.fields.get("name", draft.key)) for draft in drafts}
    yield ""
    for kind in KINDS:
        for draft in [draft for draft in drafts if draft.entity == kind][:SAMPLES]:
            values = {name: value for name, value in draft.fields.items() if value is not None}
            shown = ", ".join(f"{name}={_short(value, names)}" for name, value in values.items())
            yield _plain(f"  {kind} {draft.origin.place}: {shown}")


def _plain(line: str) -> str:
    """A line that cannot steer the terminal, whatever a file holds."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…")


def _short(value: Any, names: Mapping[str, str]) -> str:
    """A value on one line; ids as the names of what they mean."""
    values = cast("list[Any]", value) if isinstance(value, list) else [value]
    text = "; ".join(names.get(str(one), str(one)) for one in values).replace("\n", "⏎")
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
