"""A world over each database."""

from collections.abc import Generator

import pytest
from sqlalchemy import create_engine

from server.shared.db import prepare
from tests.contract import things
from tests.contract.world import World


@pytest.fixture
def world(database_url: str) -> Generator[World]:
    """A server over a fresh database, once on each backend."""
    engine = prepare(create_engine(database_url))
    things.METADATA.create_all(engine)
    yield World(engine)
    engine.dispose()
