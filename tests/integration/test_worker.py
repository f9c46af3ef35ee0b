"""Several workers, as operators run them, tell ten thousand people once each, whenever they are killed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from server.features.reminders.models import Notice
from server.features.touches.models import Touch
from server.replication.models import ChangeLog
from server.shared.db import prepare, writing
from server.shared.ids import new_id
from server.shared.jobs import Job
from tests.factories.apps import CURSOR_KEY, ORIGIN

BAIFANG = str(Path(sys.executable).with_name("baifang"))
MANY = 10_000
PATIENCE_S = 240


@pytest.fixture
def engine(database_url: str) -> Generator[Engine]:
    engine = prepare(create_engine(database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Generator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers, each writing its log into a file of its own; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[bytes]] = []
    names = {name: value for name, value in os.environ.items() if not name.startswith("BAIFANG_")}
    given = {"ENVIRONMENT": "test", "PUBLIC_ORIGIN": ORIGIN, "CURSOR_KEY": CURSOR_KEY, "DATABASE_URL": database_url}
    given |= {"DATA_DIR": str(tmp_path / "var"), "APP_DIR": str(tmp_path)}
    environment = names | {f"BAIFANG_{name}": value for name, value in given.items()}

    def begin() -> subprocess.Popen[bytes]:
        with (tmp_path / f"worker-{len(running)}.log").open("wb") as log:
            running.append(subprocess.Popen([BAIFANG, "worker"], env=environment, stderr=log))
        return running[-1]

    yield begin
    for worker in running:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


def appointments(engine: Engine, count: int) -> None:
    """So many appointments of so many people, all of them now."""
    now = datetime.now(ZoneInfo("Asia/Taipei"))
    on, at = now.date().isoformat(), now.strftime("%H:%M")
    window = {"due_from_on": on, "due_to_on": on, "due_time": at, "state": "open"}
    touches = [{"id": new_id(), "customer_id": new_id(), "assignee_id": new_id(), **window} for _ in range(count)]
    due = [{"key": f"touch:{one['id']}", "kind": "touch", "run_at": 1, "attempts": 0} for one in touches]
    with Session(engine) as session, writing(session):
        session.execute(Touch.__table__.insert(), touches)  # pyright: ignore[reportAttributeAccessIssue]
        session.execute(Job.__table__.insert(), due)  # pyright: ignore[reportAttributeAccessIssue]


def left(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(Job.kind == "touch")) or 0


@contextmanager
def until_none_is_left(engine: Engine) -> Generator[None]:
    yield
    end = time.monotonic() + PATIENCE_S
    while left(engine) and time.monotonic() < end:
        time.sleep(0.2)


def told(engine: Engine) -> tuple[int, int]:
    """How many people have a notice, and how many notices were ever written."""
    with Session(engine) as session:
        people = session.scalar(select(func.count(Notice.person_id.distinct()))) or 0
        written = session.scalar(select(func.count()).where(ChangeLog.entity == "notice")) or 0
    return people, written


def done(folder: Path) -> list[int]:
    """How many reminders each worker did, by its own log."""
    logs = [path.read_text().splitlines() for path in sorted(folder.glob("worker-*.log"))]
    return [sum(line.get("jobs", 0) for line in map(json.loads, log) if line.get("kind") == "touch") for log in logs]


def test_two_workers_claim_ten_thousand_once_each(
    engine: Engine, start: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    appointments(engine, MANY)
    workers = [start(), start()]
    with until_none_is_left(engine):
        pass
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(30) for worker in workers] == [0, 0]
    assert told(engine) == (MANY, MANY)
    assert sum(done(tmp_path)) == MANY
    assert all(done(tmp_path)), "both had a part in it"


def test_workers_that_are_killed_again_and_again_lose_and_double_nothing(
    engine: Engine, start: Callable[[], subprocess.Popen[bytes]]
) -> None:
    count = 600
    appointments(engine, count)
    chance = random.Random(7)
    while left(engine):
        worker = start()
        known = left(engine)
        end = time.monotonic() + PATIENCE_S
        while left(engine) == known and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.4))
        worker.kill()
        worker.wait()
        with Session(engine) as session, writing(session):  # the minute of a lease has passed
            session.execute(text("UPDATE jobs SET run_at = 1 WHERE kind = 'touch'"))
    assert told(engine) == (count, count)
