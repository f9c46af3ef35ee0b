"""Where the data lies: what backup and restore need of a database, the same words for both kinds."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine

from server.operations.postgresql import PostgresqlStore
from server.operations.sqlite import SqliteStore


class Store(Protocol):
    """One database that may be dumped while it serves, and replaced while it does not."""

    dump_name: str

    @property
    def workspace(self) -> Path | None:
        """Where dumps must be unpacked so that one can take the database's place; None: anywhere."""
        ...

    def dump(self, connection: Connection, to: Path) -> None:
        """Write what this open snapshot sees."""
        ...

    @contextmanager
    def copy_of(self, dump: Path) -> Generator[Engine]:
        """A database of its own made from a dump; removed afterwards unless it was put in place."""
        ...

    def former(self) -> list[str]:
        """The databases that restores put aside and nobody removed yet."""
        ...

    def compact(self) -> bool:
        """Leave nothing of what was overwritten in the files; False while somebody who reads keeps it there."""
        ...

    def put_in_place(self, copy: Engine) -> str:
        """Let a copy be the database from now on; returns the name under which the former one is kept.

        Raises ClickException, having changed nothing, while somebody uses the database.
        """
        ...


def store_of(engine: Engine) -> Store:
    """The store behind an engine."""
    return SqliteStore(engine) if engine.dialect.name == "sqlite" else PostgresqlStore(engine)
