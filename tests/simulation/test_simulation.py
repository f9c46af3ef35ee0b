"""Several devices live through a random history on bad links; afterwards nothing is lost, and all agree."""

import json
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.cookies import cookie_name
from server.auth.models import User
from server.auth.sessions import Device as Installation
from server.auth.sessions import open_session
from server.operations.backup import back_up
from server.operations.check import check
from server.operations.restore import restore
from server.replication import snapshot
from server.replication.endpoints import PLACE
from server.replication.models import SyncedRow
from server.shared.db import db, writing
from server.shared.scope import granted_scopes
from tests.contract import things
from tests.contract.world import World, new_id
from tests.factories.apps import Browser, TurnableClock, new_browser
from tests.simulation.acts import ACTS, Stage
from tests.simulation.device import Device, LostError

SEEDS = range(int(os.environ.get("BAIFANG_SIM_SEEDS", "15")))
ROUNDS = 120


@pytest.fixture
def make_stage(
    app: Flask, clock: TurnableClock, add_person: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], Stage]:
    """A world of three people in two territories, one with two devices."""

    def make(seed: int) -> Stage:
        dice = random.Random(seed)
        monkeypatch.setattr(os, "urandom", dice.randbytes)  # every id, too, follows from the seed
        monkeypatch.setattr(snapshot, "CHUNK_ROWS", 4)
        with app.app_context():
            engine = db.engine
        things.METADATA.create_all(engine)
        world = World(engine)
        app.extensions[PLACE] = world.place
        territories = [new_id(), new_id()]
        people = [add_person(f"p{n}-{seed}") for n in range(3)]
        stage = Stage(world, dice, territories, people, [])
        for person, home in zip(people, [*territories, territories[0]], strict=True):
            things.HOMES[person] = home
            world.grant(person, *(territories if person == people[2] else [home]))
        for person in [*people, people[0]]:
            stage.devices.append(Device(world, person, browser=signed_in(app, clock, person), dice=dice, faults=0.1))
        return stage

    return make


def signed_in(app: Flask, clock: TurnableClock, person: str) -> Browser:
    """A browser with a session, without the cost of a password."""
    browser = new_browser(app)
    with app.app_context(), writing(db.session()) as session:
        _, token = open_session(session, session.get_one(User, person), Installation(new_id(), "Phone"), clock())
    name = cookie_name(app.extensions["baifang.settings"])
    browser.set_cookie(name, token, domain="baifang.test", secure=True)
    return browser


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_typed_is_lost_and_every_device_ends_with_its_scope(
    make_stage: Callable[[int], Stage], seed: int
) -> None:
    stage = make_stage(seed)
    live(stage)
    heal(stage)
    for device in stage.devices:
        check_drained(device)
        check_mirror(stage.world, device)
    assert stage.ledger.losses(stage.world) == []


@pytest.mark.parametrize("seed", range(min(len(SEEDS), 40)))
def test_a_restored_backup_loses_nothing_that_was_typed(
    make_stage: Callable[[int], Stage], app: Flask, clock: TurnableClock, tmp_path: Path, seed: int
) -> None:
    stage = make_stage(seed)
    place = stage.world.place
    live(stage, ROUNDS // 2)
    backup = back_up(place.engine, place.registry, tmp_path, moment(stage.world))
    live(stage, ROUNDS // 2)
    restore(place.engine, place.registry, backup, moment(stage.world), may_replace=True)
    for device in stage.devices:
        device.browser = signed_in(app, clock, device.person)
    live(stage, ROUNDS // 4)
    heal(stage)
    for device in stage.devices:
        check_drained(device)
        check_mirror(stage.world, device)
    assert stage.ledger.losses(stage.world) == []
    assert check(place.engine, place.registry) == []


def moment(world: World) -> datetime:
    return datetime.fromtimestamp(world.now / 1000, UTC)


def live(stage: Stage, rounds: int = ROUNDS) -> None:
    """A hundred things happen: people act, links fail, devices sync now and then."""
    for _ in range(rounds):
        stage.world.now += stage.dice.choice([1, 50, 60_000, 3_600_000])
        device = stage.dice.choice(stage.devices)
        [act] = stage.dice.choices(list(ACTS), weights=list(ACTS.values()))
        act(stage, device)
        for _ in range(stage.dice.choice([0, 0, 1, 2, 6])):
            try:
                stage.dice.choice([device.send_some, device.step])()
            except LostError:
                break


def heal(stage: Stage) -> None:
    """The links are good again: everybody syncs until nothing is left to do, and nobody writes."""
    for device in stage.devices:
        device.faults = 0.0
    for _ in range(2):
        for device in stage.devices:
            for _ in range(200):
                if not device.outbox:
                    break
                device.send_some()
        for device in stage.devices:
            assert any(device.step() for _ in range(2_000)), "a device never gets level"


def check_drained(device: Device) -> None:
    assert device.outbox == []
    assert device.sent == []


def check_mirror(world: World, device: Device) -> None:
    assert set(device.verify().values()) <= {"ok"}
    with Session(world.engine) as session:
        scopes = granted_scopes(session, device.person)
        found = select(SyncedRow).where(SyncedRow.scope.in_(scopes), SyncedRow.deleted_by.is_(None))
        served = {(r.entity, r.pk): (r.scope, json.loads(r.body)) for r in session.scalars(found)}
    assert {key: (row.scope, row.fields) for key, row in device.mirror.items()} == served
