"""A few stories over real HTTP: requests cut by closing the socket, and a server that is killed while it answers."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.simulation.sockets import SocketServer
from tests.simulation.story import Story, compose, staged, tell

SEEDS = range(1 + int(os.environ.get("BAIFANG_SIM_SEEDS", "0")) // 100)
KILLS = 3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kills", [0, KILLS], ids=["cut", "killed"])
def test_over_sockets_nothing_is_lost_either(
    database_url: str, backend: str, tmp_path: Path, kills: int, seed: int, record_property: Callable[[str, str], None]
) -> None:
    story = without_waiting(compose(seed))
    with staged(database_url, tmp_path, seed, SocketServer) as stage:
        server = stage.server
        assert isinstance(server, SocketServer)
        server.start()
        server.kills = kills
        tell(stage, story)
        assert stage.tally["servers killed"] == kills
        assert stage.tally["requests cut"] > 0
    record_property("told", json.dumps({"database": backend, "acts": len(story.beats), "faults": stage.tally}))


def without_waiting(story: Story) -> Story:
    """The server's clock is the real one here, and devices may not run away from it."""
    return replace(story, beats=tuple(replace(beat, wait=1) for beat in story.beats))
