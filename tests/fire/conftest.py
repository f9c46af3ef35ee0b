"""What the tests under fire share: an API on one database."""

import pytest


@pytest.fixture
def backend() -> str:
    """What is refused is refused before the database; what differs between databases has its tests elsewhere."""
    return "sqlite"
