"""The database's own speed for the very rows that a server took in and gave out: the driver alone, no server, no merge.

Both databases commit as durably as the server's connections do.
"""

import sqlite3
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import JsonDumper

from server.shared.db import set_pragmas

Rows = Sequence[tuple[Any, ...]]
KEYS = {
    "synced_row": ("entity", "pk"),
    "interactions": ("id",),
    "mutation_record": ("device", "seq"),
    "change_log": ("seq",),
    "change_scope": ("scope", "seq"),
}
"""What a push writes for each contact that happened, with the keys by which a row is found."""


class Raw:
    """A plain connection; `url` as settings take it."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite:")
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
            set_pragmas(self.connection, None)
        else:
            self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
            self.connection.adapters.register_dumper(list, JsonDumper)
        self.mark = "?" if self.is_sqlite else "%s"

    def close(self) -> None:
        """Let go."""
        self.connection.close()

    def read(self, statement: str, *values: Any) -> Rows:
        """All rows of a query, its marks written as ?."""
        return self.connection.execute(statement.replace("?", self.mark), values).fetchall()

    @contextmanager
    def writing(self) -> Generator[Any]:
        """One durable transaction."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield cursor
        cursor.execute("COMMIT")

    def columns(self, table: str) -> list[str]:
        """A table's columns, in order."""
        return [column[0] for column in self.connection.execute(f"SELECT * FROM {table} LIMIT 0").description]

    def durability(self) -> str:
        """The database and what it does before it says that something is committed."""
        if self.is_sqlite:
            [(mode,)], [(level,)] = self.read("PRAGMA journal_mode"), self.read("PRAGMA synchronous")
            return f"SQLite {sqlite3.sqlite_version}, journal {mode}, synchronous {'FULL' if level == 2 else level}"
        shown = {name: self.read(f"SHOW {name}")[0][0] for name in ("server_version", "fsync", "synchronous_commit")}
        return "PostgreSQL {server_version}, fsync {fsync}, synchronous_commit {synchronous_commit}".format(**shown)


def durability_of(url: str) -> str:
    """What a database at this address does before it says that something is committed."""
    bare = Raw(url)
    said = bare.durability()
    bare.close()
    return said


def upsert_seconds(raw: Raw, tables: dict[str, Rows], size: int) -> list[float]:
    """Write the same rows in transactions of `size` rows per table; the seconds of each transaction."""
    statements = {table: upsert(raw, table) for table in tables}
    count = min(len(rows) for rows in tables.values())
    took: list[float] = []
    for start in range(0, count, size):
        begun = time.perf_counter()
        with raw.writing() as cursor:
            for table, rows in tables.items():
                cursor.executemany(statements[table], rows[start : start + size])
        took.append(time.perf_counter() - begun)
    return took


def upsert(raw: Raw, table: str) -> str:
    """Insert a row or replace the one of the same key."""
    names = [quoted(name) for name in raw.columns(table)]
    kept = [quoted(name) for name in KEYS[table]]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in kept)
    act = f"UPDATE SET {changed}" if changed else "NOTHING"
    marks = ", ".join([raw.mark] * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT ({', '.join(kept)}) DO {act}"


def quoted(name: str) -> str:
    """A column's name, safe where it is a word of SQL."""
    return f'"{name}"'


def select_seconds(raw: Raw, scope: str, times: int) -> list[float]:
    """Read the bytes that a snapshot of the scope sends, all at once."""
    took: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        raw.read("SELECT line, body FROM synced_row WHERE scope = ? AND deleted_by IS NULL ORDER BY pk, entity", scope)
        took.append(time.perf_counter() - begun)
    return took
