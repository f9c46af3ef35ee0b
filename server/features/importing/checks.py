"""Holds the rows to be against the rules that writing would hold them against, before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from server.features.importing.draft import Draft, Drafts
from server.features.importing.problems import Problem
from server.features.importing.shapes import Kind
from server.shared.actor import OPERATOR
from server.shared.registry import Fields, Proposal
from sync.core.canonical import dumps
from sync.core.invariant import broken_alone

LARGEST_BYTES = 60_000
"""A mutation takes 64 KiB, of which its envelope needs some."""
MOST_ROWS = 900
"""A customer with its children is one transaction of at most 1,000 log rows (SPEC 9.4)."""


def check_rows(drafts: Drafts, kinds: Mapping[str, Kind]) -> list[Problem]:
    """Every rule that a row breaks by itself or with the others of the import."""
    planned = _Planned(drafts.every())
    problems = [problem for draft in planned.rows.values() for problem in _check(draft, kinds[draft.entity], planned)]
    return [*problems, *_reporting_loops(drafts), *_crowds(drafts)]


class _Planned:
    """The rows to be, as a domain rule looks rows up."""

    now_ms = 0

    def __init__(self, drafts: Iterable[Draft]):
        self.rows = {(draft.entity, draft.pk): draft for draft in drafts}

    @property
    def session(self) -> Session:
        raise RuntimeError("a check that reads typed tables cannot run on a plan")

    def row(self, entity: str, pk: str) -> Fields | None:
        draft = self.rows.get((entity, pk))
        return draft.fields if draft else None

    def children(self, entity: str, root_pk: str) -> Sequence[Fields]:
        rows = (draft.fields for (kind, _), draft in self.rows.items() if kind == entity)
        return [fields for fields in rows if fields.get("customer_id") == root_pk]


def _check(draft: Draft, kind: Kind, planned: _Planned) -> Iterator[Problem]:
    size = len(dumps(draft.fields))
    if size > LARGEST_BYTES:
        yield draft.problem("import_row_too_large", None, size=size, limit=LARGEST_BYTES)
    wrong = set(broken_alone(kind.entity.spec, draft.pk, draft.fields))
    if kind.entity.check:
        proposal = Proposal(draft.entity, draft.pk, "create", None, draft.fields, draft.fields)
        park = kind.entity.check(proposal, planned, OPERATOR)
        wrong |= set(park.fields) if park else set[str]()
    for name in sorted(wrong):
        yield draft.problem("import_unfit", name, field=name, value=draft.fields.get(name))


def _reporting_loops(drafts: Drafts) -> Iterator[Problem]:
    """Nobody may report to themselves, directly or not."""
    managers = {person.pk: person.fields.get("manager_id") for person in drafts.people.values()}
    for person in drafts.people.values():
        here, passed = managers[person.pk], set[str]()
        while here is not None and here not in passed and here != person.pk:
            passed.add(here)
            here = managers.get(here)
        if here == person.pk:
            yield person.problem("import_reporting_loop", None, person=person.fields.get("name"))


def _crowds(drafts: Drafts) -> Iterator[Problem]:
    for key, children in drafts.children.items():
        if len(children) > MOST_ROWS:
            yield drafts.customers[key].problem("import_too_many_children", None, limit=MOST_ROWS)
