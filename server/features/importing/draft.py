"""An import in the making: the rows to be, still open to the mapping's steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.features.importing.mapping import Fields as Given
from server.features.importing.mapping import columns_of
from server.features.importing.problems import Problem
from server.features.importing.tables import Row, Table
from sync.core.ids import uuid5

NAMESPACE = "6f0c8b0a-5f0e-5d53-9c07-7f7d6f1a2b43"
"""All imported rows' ids are made under it, by source, kind and key: never change it."""


@dataclass
class Draft:
    """One row to be; `origin` is the row of a file that it comes from."""

    entity: str
    key: str
    pk: str
    fields: dict[str, Any]
    origin: Row
    given: Given = field(default_factory=dict)

    def problem(self, code: str, name: str | None = None, **details: object) -> Problem:
        """A fault of one of its fields, at the column which that comes from."""
        columns = columns_of(self.given[name]) if name in self.given else ()
        return self.origin.problem(code, columns[0] if columns else None, **details)


@dataclass
class Drafts:
    """All rows to be, by kind and the key of their row."""

    source: str
    tables: Mapping[str, Table]
    people: dict[str, Draft] = field(default_factory=dict[str, Draft])
    territories: dict[str, Draft] = field(default_factory=dict[str, Draft])
    patches: dict[str, Draft] = field(default_factory=dict[str, Draft])
    customers: dict[str, Draft] = field(default_factory=dict[str, Draft])
    children: dict[str, list[Draft]] = field(default_factory=dict[str, list[Draft]])
    problems: list[Problem] = field(default_factory=list[Problem])
    notices: list[Problem] = field(default_factory=list[Problem])

    def pk(self, *name: str) -> str:
        """The id of a row, the same in every run: made of the source and the row's own key."""
        return uuid5(uuid5(NAMESPACE, self.source), "\0".join(name))

    def every(self) -> Iterable[Draft]:
        """All rows, in the order of writing."""
        for group in (self.people, self.territories, self.patches):
            yield from group.values()
        for key, customer in self.customers.items():
            yield customer
            yield from self.children.get(key, ())


def order_of(key: str) -> tuple[int, int, str]:
    """Sorts keys as people count them: numbers by value and before words."""
    return (0, int(key), key) if key.isascii() and key.isdigit() else (1, 0, key)
