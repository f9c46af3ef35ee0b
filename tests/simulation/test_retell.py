"""A failing seed is worth nothing if it tells another story the next time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.company import ROOT
from tests.factories.postgres import Cluster

SEED = 5


def told(url: str, folder: Path, hash_seed: str) -> str:
    """The digest of the seed in a process of its own, whose sets and dicts are ordered in their own way."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.simulation.retell", url, str(folder), str(SEED)]
    environ = os.environ | {"PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def another_url(backend: str, request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> str:
    """A second empty migrated database."""
    if backend == "sqlite":
        (tmp_path / "another.db").write_bytes(sqlite_template.read_bytes())
        return f"sqlite:///{tmp_path / 'another.db'}"
    cluster: Cluster = request.getfixturevalue("pg_cluster")
    return cluster.create("another", request.getfixturevalue("pg_template"))


def test_a_seed_tells_the_same_story_in_every_process(database_url: str, another_url: str, tmp_path: Path) -> None:
    first = told(database_url, tmp_path / "first", "1")
    assert (len(first), first) == (65, told(another_url, tmp_path / "second", "2"))
