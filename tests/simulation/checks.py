"""What must hold when a story is over: all sent, every mirror equal to its scope, nothing lost."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.models import SyncedRow
from server.shared.scope import granted_scopes
from tests.contract.world import World
from tests.simulation.acts import Stage
from tests.simulation.device import Device


def check_drained(device: Device) -> None:
    """Nothing waits, neither to be sent nor to come back."""
    assert device.outbox == []
    assert device.sent == []


def check_mirror(world: World, device: Device) -> None:
    """The mirror is what its person may see, and the server's sums agree (promise 2)."""
    assert set(device.verify().values()) <= {"ok"}
    with Session(world.engine) as session:
        scopes = granted_scopes(session, device.person)
        found = select(SyncedRow).where(SyncedRow.scope.in_(scopes), SyncedRow.deleted_by.is_(None))
        served = {(r.entity, r.pk): (r.scope, json.loads(r.body)) for r in session.scalars(found)}
    assert {key: (row.scope, row.fields) for key, row in device.mirror.items()} == served


def check_ledger(stage: Stage) -> None:
    """Every value that was typed is somewhere (promise 1)."""
    stage.ledger.internal.update(*(device.internal for device in stage.devices))
    for name, sentences in stage.ledger.losses(stage.world).items():
        raise AssertionError(f"{name}: {'; '.join(sentences[:5])}")
