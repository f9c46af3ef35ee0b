"""What may befall a server while it works: it dies at any statement, or its database takes nothing for a while."""

import os
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.replication import chunks
from tests.simulation.drivers import ERRORS, problem

MOST_STEPS = 40
"""A push takes about so many: what should happen later happens as the request ends."""
MOST_REQUESTS = 6
"""How many requests an outage lasts at most."""
WRITES = ("INSERT", "UPDATE", "DELETE")
DEATH = {"killed": 1}
KINDS = {"killed": 6, "full": 2, "read-only": 2, "gone": 2, "in the way": 4, "too many requests": 1, "no server": 1}
"""How often each happens."""
AT_THE_GATE = {"too many requests": 429, "no server": 503}
"""What a proxy answers before the server hears of it."""


class Killed(BaseException):
    """The server is gone; what it had not committed is, too."""


@dataclass
class Hazards:
    """Throws the dice for each request.

    `chance` is how likely something begins; `tally` counts what happened; `kind` is what it is now, from step `at` of
    this request and for `left` more requests, in the last of which it ends at step `until`. A step is a statement,
    either side of a commit, or a kept file; `volatile` are files whose bytes a power cut takes.
    """

    dice: Random
    tally: Counter[str]
    chance: float = 0.0
    kind: str = ""
    at: int = 0
    until: float = inf
    left: int = 0
    step: int = 0
    commits: int = 0
    is_serving: bool = False
    is_dead: bool = False
    was_refused: bool = False
    volatile: list[Path] = field(default_factory=list[Path])

    def watch(self, engine: Engine) -> None:
        """Be asked before each statement and each commit."""
        dialect = engine.dialect.name

        def execute(_cursor: object, statement: str, *_rest: object) -> None:
            self.take_step(dialect, statement)

        def commit(_connection: Connection) -> None:
            try:
                self.take_step(dialect, "INSERT")
            except ERRORS as raised:
                raise OperationalError("COMMIT", None, raised) from raised

        for name in ("do_execute", "do_executemany"):
            event.listen(engine, name, execute)
        event.listen(engine, "do_execute_no_params", execute)
        event.listen(engine, "commit", commit)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Be asked after each commit, too, and before a kept chunk gets its name; know which bytes are on the disk."""
        replace, sync = Path.replace, os.fsync
        synced: set[int] = set()

        def note(file: int) -> None:
            sync(file)
            synced.add(os.fstat(file).st_ino)

        def name_it(source: Path, target: Path) -> Path:
            self.take_step()
            if source.stat().st_ino not in synced:
                self.volatile.append(target)
            return replace(source, target)

        def committed(_session: Session) -> None:
            self.commits += 1
            self.take_step()

        event.listen(Session, "after_commit", committed)
        try:
            with patch.object(chunks.Path, "replace", name_it), patch.object(os, "fsync", note):
                yield
        finally:
            event.remove(Session, "after_commit", committed)

    @contextmanager
    def serving(self) -> Generator[int]:
        """One request; gives the status with which a proxy refuses it, or 0."""
        if self.left:
            self.left, self.at = self.left - 1, 0
            self.until = inf if self.left else self.dice.randint(1, MOST_STEPS)
        else:
            self._draw(KINDS)
        status = AT_THE_GATE.get(self.kind, 0)
        if status:
            self.tally[f"answers {status}"] += 1
        with self._watched():
            yield status

    @contextmanager
    def operating(self) -> Generator[None]:
        """One act of the operator, who waits until an outage is over, but cannot know when the server will die."""
        outage = self.kind, self.left, self.until
        self._draw(DEATH)
        with self._watched():
            yield
        self.kind, self.left, self.until = outage

    @contextmanager
    def _watched(self) -> Generator[None]:
        self.step, self.commits = 0, 0
        self.is_serving, self.was_refused, self.is_dead = True, False, False
        try:
            yield
            if self.kind == "killed":
                self._die()
        except Exception as problem:
            if self.is_dead:  # whoever cleaned up behind it stumbled
                raise Killed from problem
            raise
        finally:
            self.is_serving = False

    def end(self) -> None:
        """From now on nothing happens any more."""
        self.chance, self.kind, self.left = 0.0, "", 0

    def take_step(self, dialect: str = "", statement: str = "") -> None:
        """One more step: nothing, death, or what the database's driver raises."""
        if not self.is_serving or not self.kind:
            return
        self.step += 1
        if self.is_dead or (self.kind == "killed" and self._is_time()):
            self._die()
        if statement and self.at <= self.step < self.until and self._is_refused(statement):
            if not self.was_refused:
                self.tally[f"databases {self.kind}"] += 1
            self.was_refused = True
            raise problem(dialect, self.kind)

    def _draw(self, kinds: Mapping[str, int]) -> None:
        self.kind, self.left, self.until = "", 0, inf
        if self.dice.random() < self.chance:
            [self.kind] = self.dice.choices(list(kinds), weights=list(kinds.values()))
            self.at = self.dice.randint(1, MOST_STEPS)
            self.left = 0 if self.kind in ("killed", "in the way") else self.dice.randint(1, MOST_REQUESTS)

    def _is_time(self) -> bool:
        """Half of the deaths come at some step, the others right after the first or second commit."""
        if self.at > MOST_STEPS // 2:
            return self.commits > self.at % 2
        return self.step >= self.at

    def _die(self) -> None:
        if not self.is_dead:
            self.tally["servers killed"] += 1
        for path in self.volatile:  # as by a power cut
            if path.exists():
                path.write_bytes(path.read_bytes()[:100])
        self.volatile = []
        self.is_dead = True
        raise Killed

    def _is_refused(self, statement: str) -> bool:
        """Whether this statement cannot be done now; who is in the way is so once."""
        if self.kind in ("killed", *AT_THE_GATE) or (self.kind == "in the way" and self.was_refused):
            return False
        return self.kind == "gone" or statement.lstrip().startswith(WRITES)
