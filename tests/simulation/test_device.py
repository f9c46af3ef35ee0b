"""The simulated device keeps what the app keeps: where it did not, a story failed that no server was to blame for."""

from pathlib import Path

import pytest

from tests.contract.world import new_id
from tests.simulation.server import LostError
from tests.simulation.story import staged


def test_a_wiped_mirror_has_applied_no_page(sqlite_url: str, tmp_path: Path) -> None:
    with staged(sqlite_url, tmp_path, seed=1) as stage:
        device = stage.devices[0]
        assert device.link
        stage.server.hazards.chance, device.link.faults, device.rows = 0.0, 0.0, (50,)
        device.step()
        stage.write(device, device.compose("thing", new_id(), "create", {"name": "typed while its scope comes in"}))
        device.send_some()
        for _ in range(2):
            device.step()
        assert device.pending, "a scope has joined, another is still on its way in"
        assert device.sent[0].log_seq <= device.pulled, "so that it stays on the screen, though a page has passed it"
        stage.server.end_sessions(device.person, "revoked")
        with pytest.raises(LostError):
            device.step()
        device.restart()
        device.send_some()
        assert device.sent, "no page has brought it since"
