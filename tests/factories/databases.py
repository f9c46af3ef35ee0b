"""A fresh, migrated database for each test, once on SQLite and once on PostgreSQL."""

import itertools
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from server.shared import migrate
from server.shared.db import prepare
from tests.factories.machine import require
from tests.factories.postgres import Cluster, running_cluster

numbers = itertools.count()


@pytest.fixture(scope="session")
def pg_cluster() -> Generator[Cluster]:
    """A PostgreSQL for this test process."""
    with running_cluster(require("PostgreSQL")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def pg_template(pg_cluster: Cluster) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    migrated(pg_cluster.create("template"))
    return "template"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'test.db')}"


@pytest.fixture
def postgresql_url(pg_cluster: Cluster, pg_template: str) -> Generator[str]:
    """A migrated PostgreSQL database."""
    name = f"test_{next(numbers)}"
    yield pg_cluster.create(name, pg_template)
    pg_cluster.drop(name)


@pytest.fixture
def empty_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """A database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    cluster: Cluster = request.getfixturevalue("pg_cluster")
    name = f"empty_{next(numbers)}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database; whoever uses it runs once on each."""
    return request.param


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """A migrated database, once on each backend."""
    return request.getfixturevalue(f"{backend}_url")


def migrated(url: str) -> None:
    """Apply every migration."""
    engine = prepare(create_engine(url))
    migrate.upgrade(engine)
    engine.dispose()
