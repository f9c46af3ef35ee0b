"""Reads the company's database from beside the server: a story need not trust what the server says of itself."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.core import digest

Fields = dict[str, Any]


@dataclass(frozen=True)
class Sum:
    """How many rows a scope holds, and their digests' sum as 32 hex digits (SPEC 1.7)."""

    count: int
    sum: str


@dataclass(frozen=True)
class Books:
    """The SQLite file of a running server; every call reads what is committed now."""

    path: Path

    def read(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            return connection.execute(statement, values).fetchall()

    def rows(self, entity: str) -> dict[str, Fields]:
        """The live rows of an entity by id."""
        found = self.read("SELECT pk, body FROM synced_row WHERE entity = ? AND deleted_by IS NULL", entity)
        return {pk: json.loads(body) for pk, body in found}

    def children(self, entity: str, customer_id: str) -> dict[str, Fields]:
        """The rows of an entity that belong to one customer."""
        return {pk: row for pk, row in self.rows(entity).items() if row.get("customer_id") == customer_id}

    def person(self, login: str) -> tuple[str, str]:
        """The id and the name behind a login."""
        [(pk, name)] = self.read("SELECT id, name FROM users WHERE login = ?", login)
        return pk, name

    def customers_of(self, territory: str) -> list[tuple[str, Fields]]:
        """The customers of a territory by name, each with its id, in the order of their codes; new ones have none."""
        [pk] = [pk for pk, row in self.rows("territory").items() if row["name"] == territory]
        mine = [(pk_, row) for pk_, row in self.rows("customer").items() if row["territory_id"] == pk]
        return sorted(mine, key=lambda pair: str(pair[1].get("code", "~")))

    def granted(self, person_id: str) -> set[str]:
        """The scope keys that a person may see now."""
        found = self.read("SELECT scope FROM scope_grant WHERE person_id = ? AND revoked_id IS NULL", person_id)
        return {scope for (scope,) in found}

    def sums(self, scopes: set[str]) -> dict[str, Sum]:
        """Each scope's sum, computed here from the stored bodies and not from any stored digest."""
        totals, counts = dict.fromkeys(scopes, 0), Counter[str]()
        live = "SELECT scope, entity, pk, epoch, n, body FROM synced_row WHERE deleted_by IS NULL"
        for scope, entity, pk, epoch, n, body in self.read(live):
            if scope in totals:
                totals[scope] = digest.add(totals[scope], digest.row_digest(entity, pk, (epoch, n), body))
                counts[scope] += 1
        return {scope: Sum(counts[scope], digest.to_hex(total)) for scope, total in totals.items()}

    def history(self) -> Iterator[str]:
        """Every mutation ever received, as the text it was sent in."""
        for (line,) in self.read("SELECT line FROM mutation_record WHERE line IS NOT NULL ORDER BY rowid"):
            yield bytes(line).decode()
