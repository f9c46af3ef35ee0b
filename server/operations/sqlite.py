"""SQLite as backup and restore see it: one file, copied by SQLite itself."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, Engine, create_engine

from server.shared.db import prepare
from server.shared.disk import sync_folder


class SqliteStore:
    """One SQLite file."""

    dump_name = "database.sqlite"

    def __init__(self, engine: Engine):
        self.engine = engine
        self.path = Path(str(engine.url.database))

    @property
    def workspace(self) -> Path | None:
        """Beside the file: a name can only be given within one file system."""
        return self.path.parent

    def dump(self, connection: Connection, to: Path) -> None:
        """Copy every page that the open snapshot sees; writers go on meanwhile."""
        source: Any = connection.connection.driver_connection
        with closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # so that the copy is this one file

    @contextmanager
    def copy_of(self, dump: Path) -> Generator[Engine]:
        """The unpacked file itself."""
        engine = prepare(create_engine(f"sqlite:///{dump}"))
        try:
            yield engine
        finally:
            engine.dispose()

    def former(self) -> list[str]:
        """The files that restores put aside."""
        return sorted(str(path) for path in self.path.parent.glob(f"{self.path.name}.before-*"))

    def compact(self) -> bool:
        """Write every page anew: the old ones, and the log beside the file, hold what is no longer there."""
        with closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not is_busy

    def put_in_place(self, copy: Engine) -> str:
        """Swap the files."""
        new = Path(str(copy.url.database))
        copy.dispose()
        settle(new)
        new.chmod(0o600)
        self.engine.dispose()
        if not self.path.exists():
            new.rename(self.path)
            sync_folder(self.path.parent)
            return ""
        settle(self.path)
        like(self.path, new)
        former = self.path.with_name(f"{self.path.name}.before-{datetime.now(UTC):%Y%m%d%H%M%S}")
        os.link(self.path, former)
        new.replace(self.path)  # one step: there is no moment without a database
        sync_folder(self.path.parent)
        return str(former)


def like(former: Path, new: Path) -> None:
    """Let the same user go on serving, also when somebody else restores."""
    known = former.stat()
    new.chmod(known.st_mode & 0o777)
    if (known.st_uid, known.st_gid) != (new.stat().st_uid, new.stat().st_gid):
        os.chown(new, known.st_uid, known.st_gid)


def settle(path: Path) -> None:
    """Make a database one file without a log beside it; raises ClickException while somebody uses it."""
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as problem:
        raise click.ClickException(f"{path} is in use ({problem}): stop the server first.") from problem
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
