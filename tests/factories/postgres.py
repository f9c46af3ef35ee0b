"""Runs a PostgreSQL of our own in a temporary folder, reachable by a socket in it only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


@dataclass(frozen=True)
class Cluster:
    """A running server; every test makes and drops databases in it."""

    top: Path

    def url(self, name: str) -> str:
        """The address of one database, as settings take it."""
        return f"postgresql+psycopg://baifang@/{name}?host={self.top}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of another if named; returns its address."""
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, closing whatever is still connected."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """Run a statement that cannot stand in a transaction."""
        address = f"host={self.top} user=baifang dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_cluster(programs: Path) -> Generator[Cluster]:
    """A cluster for the length of the block; as root it runs as another user, as it must."""
    top = Path(tempfile.mkdtemp(prefix="bf-pg-", dir="/tmp"))
    who = other_user(top)
    data = str(top / "data")
    options = f"-c listen_addresses='' -c unix_socket_directories={top} -c fsync=on -c max_connections=50"

    def call(program: str, *arguments: str) -> None:
        subprocess.run([programs / program, *arguments], check=True, cwd=top, stdout=subprocess.DEVNULL, **who)

    try:
        call("initdb", "-D", data, "-U", "baifang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        call("pg_ctl", "-D", data, "-l", str(top / "log"), "-w", "-o", options, "start")
        try:
            yield Cluster(top)
        finally:
            call("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(top)


def other_user(top: Path) -> dict[str, Any]:
    """How to start a program as somebody who is not root, owning the folder."""
    environment = {"env": {**os.environ, "HOME": str(top)}}
    if os.getuid() != 0:
        return environment
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    os.chown(top, entry.pw_uid, entry.pw_gid)
    return environment | {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
