"""Health, metrics and logs: what operators and their machines see, and what nobody must."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from sqlalchemy import text

from server.operations.backup import back_up
from server.operations.erase_list import EraseList
from server.operations.restore import restore
from server.settings import SettingsError
from server.shared.clock import to_ms
from server.shared.db import db, writing
from server.shared.jobs import Planned, add
from server.shared.logs import JsonLines
from server.shared.registry import current_registry
from sync.core.mutation import Mutation, encode
from tests.factories.apps import Browser, TurnableClock, make_settings, new_browser
from tests.integration.test_cli import BAIFANG, fetch
from tests.integration.test_sync_http import DEVICE, NDJSON, PULL, body, envelope, header, ident

TOKEN = bytes(range(64, 96)).hex()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app that shows its numbers."""
    return make_app(metrics_token=TOKEN)


def read(browser: Browser, token: str = TOKEN) -> dict[str, float]:
    answer = browser.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.get_data()
    lines = [line.rpartition(" ") for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def push(browser: Browser, line: bytes, seq: int = 1) -> dict[str, Any]:
    sent = browser.post("/sync/v1/push", data=body(header(now=5_000), envelope(line, seq), line), **NDJSON)
    assert sent.status_code == 200
    return sent.get_json()["receipts"][0]


def customer(number: int = 1, name: str = "王小明電機行") -> bytes:
    patch = {"name": name}
    return encode(Mutation(ident(number), "customer", ident(90 + number), "create", None, {}, patch, (1_000, 0), 1))


def test_alive_is_not_ready(client: Browser, app: Flask) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_auth'"))
    assert client.get("/health").get_json() == {"status": "ok"}
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "migration_needed")


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer 王"]
)
def test_without_the_token_there_are_no_metrics(app: Flask, given: str | None) -> None:
    headers = {"Authorization": given.encode().decode("latin-1")} if given is not None else {}
    answer = new_browser(app).get("/metrics", headers=headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found")


def test_without_a_token_in_the_settings_nobody_reads_them(make_app: Callable[..., Flask]) -> None:
    client = new_browser(make_app())
    for given in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_a_weak_token_is_refused() -> None:
    with pytest.raises(SettingsError, match="metrics_token"):
        make_settings(metrics_token="secret")


def test_what_arrives_parks_and_is_answered_is_counted(rep: Browser) -> None:
    before = read(rep)
    receipt = push(rep, customer())
    assert (receipt["status"], receipt["code"]) == ("parked", "forbidden")
    push(rep, customer())
    rep.post("/sync/v1/pull", json=PULL)
    after = read(rep)
    grown = {name: value - before.get(name, 0) for name, value in after.items() if value != before.get(name)}
    assert grown['baifang_mutations_total{status="parked"}'] == 1
    assert grown['baifang_mutations_total{status="duplicate"}'] == 1
    assert grown['baifang_parked_total{code="forbidden"}'] == 1
    assert grown["baifang_queue_age_seconds_count"] == 1
    assert grown["baifang_pull_lag_changes_count"] == 1
    assert grown['baifang_sync_seconds_count{door="push"}'] == 2
    assert grown['baifang_sync_bytes_total{direction="in",door="push"}'] > 500
    assert after['baifang_parked_open{code="forbidden"}'] == 1
    assert (after["baifang_log_seq"], after["baifang_durable_seq"], after["baifang_conflicts_open"]) == (1, 0, 0)
    assert "baifang_backup_age_seconds" not in after


def test_jobs_that_no_worker_does_are_shown(app: Flask, rep: Browser, clock: TurnableClock) -> None:
    late, later = to_ms(clock()) - 90_000, to_ms(clock()) + 1
    with app.app_context(), writing(db.session()) as session:
        add(session, [Planned("late", "some", late), Planned("later", "some", later)])
    found = read(rep)
    assert (found["baifang_jobs_due"], found["baifang_jobs_late_seconds"], found["baifang_jobs_failing"]) == (1, 90, 0)


def test_the_age_of_the_last_backup_is_shown(app: Flask, rep: Browser, clock: TurnableClock, tmp_path: Path) -> None:
    with app.app_context():
        back_up(db.engine, current_registry(), tmp_path / "backups", clock())
    clock.advance(hours=2)
    assert read(rep)["baifang_backup_age_seconds"] == 7200


def test_a_restore_lets_everybody_sign_in_again_and_tells_no_device_that_it_was_revoked(
    app: Flask, rep: Browser, clock: TurnableClock, tmp_path: Path
) -> None:
    push(rep, customer())
    with app.app_context():
        path = back_up(db.engine, current_registry(), tmp_path / "backups", clock())
        clock.advance(hours=1)
        db.session.remove()
        restore(db.engine, current_registry(), path, clock(), EraseList(tmp_path / "erased.jsonl"), may_replace=True)
    refused = rep.post("/sync/v1/pull", json=PULL)
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (401, "session_required")
    assert rep.sign_in("mei").status_code == 200
    assert push(rep, customer())["status"] == "duplicate"


def test_a_mutation_is_followed_from_device_to_row_and_nothing_personal_is_told(
    rep: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        receipt = push(rep, customer(name="王小明電機行"))
    [record] = [r for r in caplog.records if r.name == "baifang.mutations"]
    line = json.loads(JsonLines().format(record))
    [told] = line["mutations"]
    assert told == {
        **{"mutation": ident(1), "seq": 1, "txn": ident(1), "entity": "customer", "row": ident(91), "op": "create"},
        **{"status": "parked", "code": "forbidden", "conflicts": 0, "log_seq": receipt["log_seq"]},
        "bytes": len(customer()),
    }
    assert line["device"] == DEVICE
    for record in caplog.records:
        assert "王小明" not in JsonLines().format(record)
        assert "mei" not in JsonLines().format(record)


def test_every_answer_names_its_request(client: Browser) -> None:
    names = {client.get("/health").headers["X-Request-Id"] for _ in range(3)}
    assert len(names) == 3


def test_the_words_of_an_exception_stay_out_of_the_log() -> None:
    try:
        raise ValueError("王小明")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it %s", ("failed",), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert (line["event"], line["error"]) == ("it failed", "ValueError")
    assert line["stack"][0].startswith("tests/integration/test_operations.py:")
    assert "王小明" not in json.dumps(line, ensure_ascii=False)


def test_what_was_refused_at_the_gate_is_refused_all_the_same(app: Flask) -> None:
    answer = new_browser(app).post("/sync/v1/pull", json=PULL, headers={"X-Baifang": None})
    assert answer.status_code == 403


COUNT = "from server.shared import metrics; metrics.CONFLICTS.inc(2)"
SHOW = (
    "from prometheus_client import generate_latest; from server.operations.metrics import counted; "
    "print(generate_latest(counted()).decode())"
)


def test_workers_count_together(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=environment, check=True)
    shown = subprocess.run([sys.executable, "-c", SHOW], env=environment, check=True, capture_output=True, text=True)
    assert "baifang_conflicts_total 4.0" in shown.stdout


def test_a_served_app_counts_into_a_fresh_folder_and_logs_json(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (tmp_path / "var" / "metrics").mkdir(parents=True)
    (tmp_path / "var" / "metrics" / "counter_1.db").write_bytes(b"of an earlier server")
    names = {k: v for k, v in os.environ.items() if not k.startswith("BAIFANG_")}
    ours = {"DATA_DIR": str(tmp_path / "var"), "BIND_PORT": str(port), "METRICS_TOKEN": TOKEN, "LOG_LEVEL": "debug"}
    environment = names | {f"BAIFANG_{name}": value for name, value in ours.items()}
    subprocess.run([BAIFANG, "db", "up"], env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        [BAIFANG, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert b'"ok"' in fetch(f"http://127.0.0.1:{port}/health/ready")
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{port}/sync/v1/head")
        refused.value.close()
        asked = Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(asked) as answer:
            shown = answer.read()
        assert b'baifang_sync_seconds_count{door="head"} 1.0' in shown
        assert b"baifang_log_seq 1.0" in shown  # the holidays that `db up` took over
        kill_worker(server.pid)
        assert b'"ok"' in fetch(f"http://127.0.0.1:{port}/health")
        with urlopen(asked) as answer:
            assert b'baifang_sync_seconds_count{door="head"} 1.0' in answer.read()
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=20)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert any("SIGKILL" in line["event"] and line["logger"] == "gunicorn.error" for line in lines)


def kill_worker(server: int) -> None:
    """End gunicorn's worker as the kernel would, and wait until gunicorn knows."""
    children = Path(f"/proc/{server}/task/{server}/children")
    worker = children.read_text().split()[0]
    os.kill(int(worker), signal.SIGKILL)
    for _ in range(100):
        if worker not in children.read_text().split():
            return
        time.sleep(0.1)
    raise TimeoutError(worker)
