"""PostgreSQL as backup and restore see it: pg_dump and pg_restore do the work, we swap names."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString

import click
import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, text

MAINTENANCE = "postgres"
"""The database from which others are made and renamed."""


class PostgresqlStore:
    """One database of a PostgreSQL server; its user must be allowed to create databases."""

    dump_name = "database.pgdump"

    def __init__(self, engine: Engine):
        self.engine = engine
        self.name = str(engine.url.database)

    @property
    def workspace(self) -> Path | None:
        """Dumps may lie anywhere."""
        return None

    def dump(self, connection: Connection, to: Path) -> None:
        """Let pg_dump write what the open snapshot sees; writers go on meanwhile."""
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={to}")
        self._run("pg_dump", *options, f"--dbname={address(self.engine.url)}")

    @contextmanager
    def copy_of(self, dump: Path) -> Generator[Engine]:
        """A database beside ours on the same server."""
        name = f"{self.name}_copy_{secrets.token_hex(4)}"
        made = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}"
        self._administer(made, sql.Identifier(name), *map(sql.Literal, self._locale()))
        url = self.engine.url.set(database=name)
        engine = create_engine(url)
        try:
            options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
            self._run("pg_restore", *options, f"--dbname={address(url)}", str(dump))
            yield engine
        finally:
            engine.dispose()
            self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", sql.Identifier(name))

    def former(self) -> list[str]:
        """The databases that restores put aside."""
        question = "SELECT datname FROM pg_database WHERE starts_with(datname, :start) ORDER BY datname"
        with self.engine.connect() as connection:
            return list(connection.scalars(text(question), {"start": f"{self.name}_before_"}))

    def compact(self) -> bool:
        """Clear dead rows away; freed pages, the server's own log and its archive are for whoever runs it."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return True

    def put_in_place(self, copy: Engine) -> str:
        """Swap the names."""
        new = str(copy.url.database)
        former = f"{self.name}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
        copy.dispose()
        self.engine.dispose()
        self._rename(self.name, former)
        try:
            self._rename(new, self.name)
        except click.ClickException:
            self._rename(former, self.name)
            raise
        return former

    def _rename(self, old: str, new: str) -> None:
        self._administer("ALTER DATABASE {} RENAME TO {}", sql.Identifier(old), sql.Identifier(new))

    def _locale(self) -> tuple[str, str]:
        question = "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
        with self.engine.connect() as connection:
            return tuple(connection.execute(text(question)).one())

    def _administer(self, statement: LiteralString, *parts: sql.Composable) -> None:
        """Run a statement that cannot stand in a transaction."""
        query = sql.SQL(statement).format(*parts)
        url = self.engine.url.set(database=MAINTENANCE)
        try:
            with psycopg.connect(address(url), password=url.password, autocommit=True) as connection:
                connection.execute(query)
        except psycopg.errors.InsufficientPrivilege as problem:
            hint = f"The database's user needs CREATEDB, and to own {self.name}"
            raise click.ClickException(f"{hint}: {problem}") from problem
        except psycopg.errors.ObjectInUse as problem:
            raise click.ClickException(f"{self.name} is in use ({problem}): stop the server first.") from problem
        except psycopg.OperationalError as problem:
            raise click.ClickException(f"The database {MAINTENANCE} cannot be reached: {problem}") from problem

    def _run(self, program: str, *arguments: str) -> None:
        """Run a client program; raises ClickException with its own words."""
        path = shutil.which(program)
        if path is None:
            raise click.ClickException(f"{program} was not found: install PostgreSQL's client programs.")
        password = {"PGPASSWORD": self.engine.url.password} if self.engine.url.password else {}
        done = subprocess.run(  # noqa: S603  (no shell, own arguments)
            [path, *arguments], env={**os.environ, **password}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise click.ClickException(f"{program} failed: {done.stderr.strip()}")


def address(url: URL) -> str:
    """What PostgreSQL's own programs take; without the password, which others could read in the list of processes."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query).render_as_string()
