"""The named steps that a mapping may call for what columns alone cannot say.

A mapping holds data only; a step is code with a name, written and tested here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server.features.importing.draft import Draft, Drafts, order_of
from server.features.importing.problems import Problem
from server.features.importing.tables import Row
from server.features.territories.services import ROOT_ID, UNASSIGNED_ID
from server.shared.bounds import is_day

Options = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """A step and its options: each names a table, or a column of the table which another option names."""

    run: Callable[[Drafts, Options], None]
    tables: tuple[str, ...]
    columns: Mapping[str, str]


def patch_per_person(drafts: Drafts, options: Options) -> None:
    """Give each person a patch of their own, under the region of most of the areas they work.

    A tie goes to the lower region id; who works no area has a patch under the root.
    """
    area_regions = drafts.tables[options["areas"]].rows
    worked: dict[str, Counter[str]] = defaultdict(Counter)
    for row in drafts.tables[options["assignments"]].rows.values():
        area = area_regions.get(row.cells[options["area"]])
        if area is not None:
            worked[row.cells[options["person"]]][area.cells[options["region"]]] += 1
    for key, person in drafts.people.items():
        drafts.patches[key] = _patch(drafts, key, person, worked[key])


def _patch(drafts: Drafts, key: str, person: Draft, regions: Counter[str]) -> Draft:
    known = [region for region in regions if region in drafts.territories]
    best = min(known, key=lambda region: (-regions[region], order_of(region)), default=None)
    fields = {
        "name": person.fields.get("name"),
        "parent_id": drafts.territories[best].pk if best else ROOT_ID,
        "kind": "patch",
        "person_ids": [person.pk],
    }
    return Draft("territory", key, drafts.pk("territory", "patch", key), fields, person.origin)


def rep_by_most_orders(drafts: Drafts, options: Options) -> None:
    """Put each customer into the patch of the person who took most of its orders.

    A tie goes to whoever took the latest order, then to the lower id; a customer without orders goes to
    the root's "unassigned".
    """
    orders: dict[str, list[Row]] = defaultdict(list)
    for row in drafts.tables[options["orders"]].rows.values():
        orders[row.cells[options["customer"]]].append(row)
        if problem := _bad_day(row, options["at"]):
            drafts.problems.append(problem)
    for key, customer in drafts.customers.items():
        rep = _busiest(orders[key], options)
        patch = drafts.patches.get(rep) if rep else None
        customer.fields["territory_id"] = patch.pk if patch else UNASSIGNED_ID


def _busiest(orders: Iterable[Row], options: Options) -> str | None:
    days: dict[str, list[str]] = defaultdict(list)
    for row in orders:
        if rep := row.cells[options["rep"]]:
            days[rep].append(row.cells[options["at"]])
    most = max(map(len, days.values()), default=0)
    tied = [rep for rep in days if len(days[rep]) == most]
    latest = max((max(days[rep]) for rep in tied), default="")
    return min((rep for rep in tied if max(days[rep]) == latest), key=order_of, default=None)


def _bad_day(row: Row, column: str) -> Problem | None:
    day = row.cells[column]
    return None if is_day(day) else row.problem("import_not_a_day", column, value=day)


STEPS: Mapping[str, Step] = {
    "patch_per_person": Step(
        patch_per_person,
        tables=("assignments", "areas"),
        columns={"person": "assignments", "area": "assignments", "region": "areas"},
    ),
    "rep_by_most_orders": Step(
        rep_by_most_orders,
        tables=("orders",),
        columns={"customer": "orders", "rep": "orders", "at": "orders"},
    ),
}


def columns_used(
    steps: Iterable[Options], names: Iterable[str], file: str
) -> tuple[dict[str, set[str]], list[Problem]]:
    """Table -> the columns that steps need, and what is wrong with how a mapping calls them."""
    used: dict[str, set[str]] = {name: set() for name in names}
    problems: list[Problem] = []
    for options in steps:
        name = options.get("step", "")
        if name not in STEPS:
            problems.append(Problem("import_unknown_step", file, details={"name": name, "known": list(STEPS)}))
            continue
        step = STEPS[name]
        wanted = {"step", *step.tables, *step.columns}
        if wanted != set(options):
            problems.append(Problem("import_step_options", file, details={"name": name, "options": sorted(wanted)}))
            continue
        unknown = [options[one] for one in step.tables if options[one] not in used]
        problems += [Problem("import_unknown_table", file, details={"name": one}) for one in unknown]
        for option, table in step.columns.items():
            used.get(options[table], set[str]()).add(options[option])
    return used, problems
