"""What replication runs on: the database, the registry, the key of its cursors and a clock."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Engine, Executable, Row
from sqlalchemy.orm import Session

from server.replication.chunks import Chunks
from server.shared.db import begin_snapshot, begin_writing, glancing
from server.shared.registry import Registry

DAY_MS = 24 * 60 * 60 * 1000
TURN_S = 10
"""How long a thread waits for its turn to write before it asks SQLite itself."""


@dataclass(frozen=True)
class Place:
    """Handed to every service of replication; `now_ms` gives milliseconds since 1970.

    Without `chunks` every snapshot is read from the database. `retention_ms` is how long the log and
    deleted rows are kept.
    """

    engine: Engine
    registry: Registry
    key: bytes
    now_ms: Callable[[], int]
    chunks: Chunks | None = None
    retention_ms: int = 180 * DAY_MS
    turn: Lock = field(default_factory=Lock, compare=False)

    @contextmanager
    def snapshot(self) -> Generator[Session]:
        """A read-only transaction in which everything is of one moment."""
        with Session(self.engine) as session:
            begin_snapshot(session)
            yield session

    def glance(self, statement: Executable, values: Mapping[str, object] | None = None) -> Sequence[Row[Any]]:
        """The rows that one statement finds: they are of one moment with no transaction around it."""
        with glancing(self.engine) as connection:
            return connection.execute(statement, values).all()

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A writing transaction: committed at the end, rolled back on any error."""
        with self._queued(), Session(self.engine) as session, session.begin():
            begin_writing(session)
            yield session

    @contextmanager
    def _queued(self) -> Generator[None]:
        """Let this process's SQLite writers queue: its own waiting is sleep and retry, and starves some."""
        has_turn = self.engine.dialect.name == "sqlite" and self.turn.acquire(timeout=TURN_S)
        try:
            yield
        finally:
            if has_turn:
                self.turn.release()
