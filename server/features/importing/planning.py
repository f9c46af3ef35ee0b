"""From files and a mapping to the rows that are to be, or to every reason why not; touches no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.features.importing import mapping as m
from server.features.importing.checks import check_rows
from server.features.importing.draft import Draft, Drafts
from server.features.importing.notices import notices
from server.features.importing.problems import BadInputError, Problem
from server.features.importing.shapes import Kind
from server.features.importing.steps import STEPS, columns_used
from server.features.importing.tables import Loaded, Row, load
from server.features.importing.values import build
from server.features.territories.services import ROOT_ID, UNASSIGNED_ID
from server.shared.actor import Role

Kinds = Mapping[str, Kind]


@dataclass(frozen=True)
class Plan:
    """Everything a dry run can tell without the database.

    `units` are written one transaction each, in this order: a person, a territory, or a customer with
    its children. With any problem there are none.
    """

    source: str
    units: tuple[tuple[Draft, ...], ...]
    loaded: Loaded
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]


def make_plan(mapping: m.Mapping, file: str, files: Mapping[str, bytes], kinds: Kinds) -> Plan:
    """Plan an import; `file` is the mapping's name. Raises BadInputError if the mapping fits no code."""
    stepped, problems = columns_used(mapping.steps, mapping.tables, file)
    problems += _unfit_fields(mapping, file, kinds)
    if problems:
        raise BadInputError(*problems)
    used = {name: columns | stepped[name] for name, columns in m.used_columns(mapping).items()}
    loaded = load(mapping, files, used)
    if len(loaded.tables) < len(mapping.tables):
        return Plan(mapping.source, (), loaded, _in_order(loaded.problems), ())
    drafts = _draft(mapping, loaded, kinds)
    found = (*loaded.problems, *drafts.problems, *check_rows(drafts, kinds))
    units = () if found else tuple(_units(drafts))
    return Plan(mapping.source, units, loaded, _in_order(found), tuple(notices(mapping, loaded, drafts, used)))


def _draft(mapping: m.Mapping, loaded: Loaded, kinds: Kinds) -> Drafts:
    drafts = Drafts(mapping.source, loaded.tables)
    making = _Making(mapping, drafts, kinds)
    making.people()
    making.territories()
    making.customers()
    for entity, sections in (("site", mapping.sites), ("contact", mapping.contacts)):
        for section in sections:
            making.children(entity, section)
    for options in mapping.steps:
        STEPS[options["step"]].run(drafts, options)
    return drafts


class _Making:
    """Fills the drafts from the mapping's sections."""

    def __init__(self, mapping: m.Mapping, drafts: Drafts, kinds: Kinds):
        self.mapping = mapping
        self.drafts = drafts
        self.kinds = kinds

    def people(self) -> None:
        """Colleagues; whoever has reports is a manager."""
        section = self.mapping.people
        if section is None:
            return
        people = self.drafts.people
        for row in self.drafts.tables[section.table].rows.values():
            people[row.key] = self._make("person", row, section.fields)
            people[row.key].fields |= {"role": Role.REP.value, "is_active": True}
        for person in people.values() if section.manager else ():
            manager = people.get(person.origin.cells[section.manager or ""])
            person.fields["manager_id"] = manager.pk if manager else None
            if manager is not None:
                manager.fields["role"] = Role.MANAGER.value

    def territories(self) -> None:
        """Regions under the company's root."""
        section = self.mapping.territories
        for row in self.drafts.tables[section.table].rows.values() if section else ():
            made = self._make("territory", row, section.fields if section else {})
            made.fields |= {"parent_id": ROOT_ID, "kind": "region", "person_ids": []}
            self.drafts.territories[row.key] = made

    def customers(self) -> None:
        """Customers; until a step finds their territory they are unassigned."""
        section = self.mapping.customers
        for row in self.drafts.tables[section.table].rows.values():
            made = self._make("customer", row, section.fields)
            made.fields["territory_id"] = UNASSIGNED_ID
            self.drafts.customers[row.key] = made

    def children(self, entity: str, section: m.Children) -> None:
        """Sites or contacts; a row of the customers' own table that says nothing makes no child."""
        for row in self.drafts.tables[section.table].rows.values():
            if not any(row.cells[column] for given in section.fields.values() for column in m.columns_of(given)):
                continue
            customer = self.drafts.customers.get(row.cells[section.customer])
            if customer is None:
                problem = row.problem("import_no_customer", section.customer, value=row.cells[section.customer])
                self.drafts.problems.append(problem)
                continue
            made = self._make(entity, row, section.fields, section.part)
            made.fields["customer_id"] = customer.pk
            self.drafts.children.setdefault(customer.key, []).append(made)

    def _make(self, entity: str, row: Row, fields: m.Fields, part: str = "") -> Draft:
        values, problems = build(row, fields, self.kinds[entity].shapes, self.mapping.reading.separator)
        self.drafts.problems += problems
        pk = self.drafts.pk(entity, part, row.key)
        return Draft(entity, row.key, pk, values, row, fields)


def _units(drafts: Drafts) -> Iterable[tuple[Draft, ...]]:
    for group in (drafts.people, drafts.territories, drafts.patches):
        yield from ((draft,) for draft in group.values())
    for key, customer in drafts.customers.items():
        yield (customer, *drafts.children.get(key, ()))


def _unfit_fields(mapping: m.Mapping, file: str, kinds: Kinds) -> list[Problem]:
    """Fields that a kind does not have, and required ones that the mapping leaves out."""
    given = [("customer", mapping.customers.fields)]
    given += [("person", mapping.people.fields)] if mapping.people else []
    given += [("territory", mapping.territories.fields)] if mapping.territories else []
    given += [("site", section.fields) for section in mapping.sites]
    given += [("contact", section.fields) for section in mapping.contacts]
    problems: list[Problem] = []
    for entity, fields in given:
        shapes = kinds[entity].shapes
        missing = [name for name, shape in shapes.items() if shape.required and name not in fields]
        unknown = sorted(fields.keys() - shapes.keys())
        problems += [_problem("import_field_missing", file, entity, name) for name in missing]
        problems += [_problem("import_unknown_field", file, entity, name) for name in unknown]
    return problems


def _problem(code: str, file: str, entity: str, name: str) -> Problem:
    return Problem(code, file, details={"entity": entity, "name": name})


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda one: (one.file, one.line or 0, one.column or "")))
