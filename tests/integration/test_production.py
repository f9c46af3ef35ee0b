"""The production example of config/deploy serves as docs/deploy.md says: started from its own files, over TLS."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Event

import pytest
from redis import Redis

from server.shared.ids import new_id
from tests.bench import day
from tests.factories.machine import require
from tests.factories.postgres import Cluster
from tests.factories.production import EXAMPLE, SecureClient, Site, running_site, wait_until

PASSWORD = "correct horse battery"
WORKERS = 4


@pytest.fixture(scope="module")
def site(pg_cluster: Cluster) -> Generator[Site]:
    """Everything running, with one rep who has set a password."""
    for program in ("nginx", "redis-server", "openssl"):
        require(program)
    pg_cluster.create("production")
    with running_site(f"postgresql://baifang@/production?host={pg_cluster.top}") as site:
        invited = site.baifang("user", "invite", "mei", "--name", "林美", "--role", "rep")
        site.baifang("territory", "add", "台北")
        site.baifang("territory", "assign", "台北", "mei")
        given = invited.splitlines()[0].split(" / ")[1]
        phone = device(site, given)
        form = json.dumps({"current": given, "new": PASSWORD}).encode()
        phone.ask("POST", "/auth/v1/password", form, {"Content-Type": "application/json"})
        yield site
    pg_cluster.drop("production")


def device(site: Site, password: str = PASSWORD) -> SecureClient:
    """One more signed-in device of the rep."""
    client = SecureClient(site.port, context=site.context())
    client.sign_in("mei", password)
    return client


def sign_in_form(login: str, password: str) -> str:
    return json.dumps({"login": login, "password": password, "device_id": new_id(), "device_name": "Phone"})


def test_a_sign_in_through_tls_gets_a_secure_cookie_and_hsts(site: Site) -> None:
    answer = site.ask("POST", "/auth/v1/sign-in", sign_in_form("mei", PASSWORD))
    assert answer.status == 200
    name, *marks = (answer.getheader("Set-Cookie") or "").split("; ")
    assert name.startswith("__Host-baifang=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(marks)
    assert (answer.getheader("Strict-Transport-Security") or "").startswith("max-age=31536000")


def test_plain_http_is_sent_to_tls(site: Site) -> None:
    connection = HTTPConnection("localhost", site.plain_port)
    connection.request("GET", "/customers?x=1")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Location")) == (308, "https://localhost/customers?x=1")
    connection.close()


def test_a_body_that_is_too_large_gets_the_servers_own_answer(site: Site) -> None:
    answer = site.ask("POST", "/auth/v1/sign-in", "x" * 2_200_000)
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/json")


def test_what_many_devices_push_is_pulled_by_another_whichever_worker_answers(site: Site) -> None:
    writers, reader = [device(site) for _ in range(8)], device(site)
    cursor = reader.settle()
    sent = [day.customers(20) for _ in writers]
    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(lambda pair: pair[0].push(pair[1]), zip(writers, sent, strict=True)))
    wanted = {mutation.pk for batch in sent for mutation in batch}
    assert wanted <= pulled(reader, cursor)
    counted = {file.stem.rpartition("_")[2] for file in (site.top / "var" / "metrics").glob("counter_*.db")}
    assert len(counted & set(map(str, site.workers))) > 1


def pulled(reader: SecureClient, cursor: str) -> set[str]:
    """The ids of the rows that came since."""
    found: set[str] = set()
    is_level = False
    while not is_level:
        lines = reader.pull(cursor).lines
        found |= {line["pk"] for line in lines if line.get("op") == "upsert"}
        cursor, is_level = lines[-1]["cursor"], lines[-1]["caught_up"]
    return found


def test_attempts_are_counted_together_by_all_workers(site: Site) -> None:
    answers = [site.ask("POST", "/auth/v1/sign-in", sign_in_form("nobody", "wrong")) for _ in range(12)]
    assert [answer.status for answer in answers] == [401] * 10 + [429] * 2
    assert int(answers[-1].getheader("Retry-After") or 0) > 0


def test_an_attempt_counts_for_the_address_it_came_from_not_for_the_one_it_claims(site: Site) -> None:
    claims = {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7", "X-Real-IP": "203.0.113.7"}
    form = sign_in_form("somebody", "wrong")
    assert site.ask("POST", "/auth/v1/sign-in", form, claims, address="127.0.0.2").status == 401
    with Redis(unix_socket_path=str(site.socket)) as counters:
        keys = " ".join(str(key) for key in counters.scan_iter(match="*address:*"))
    assert "address:127.0.0.2/" in keys
    assert "203.0.113.7" not in keys


def test_sync_goes_on_while_redis_is_away_and_signing_in_comes_back_with_it(site: Site) -> None:
    phone = device(site)
    assert site.stop("redis") == 0
    try:
        phone.push(day.customers(1))
        assert site.ask("POST", "/auth/v1/sign-in", sign_in_form("mei", PASSWORD)).status >= 500
    finally:
        site.start_redis()
    device(site)


def kill_one(site: Site) -> None:
    """As the kernel does when memory is short."""
    os.kill(min(site.workers), signal.SIGKILL)


def reload(site: Site) -> None:
    """What the unit does on `systemctl reload`."""
    site.run(
        *[w.replace("$MAINPID", str(site.running["server"].pid)) for w in site.command("baifang.service", "ExecReload")]
    )


@pytest.mark.parametrize(("act", "renewed"), [(kill_one, 1), (reload, WORKERS)])
def test_devices_lose_nothing_while_workers_go_and_come(site: Site, act: Callable[[Site], None], renewed: int) -> None:
    before = site.workers
    assert len(before) == WORKERS
    writer, reader = device(site), device(site)
    cursor = reader.settle()
    over = Event()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(push_until, over, writer)
        try:
            time.sleep(0.3)
            act(site)
            wait_until(
                lambda: len(site.workers) == WORKERS == len(before | site.workers) - renewed, site.top / "server.out"
            )
        finally:
            over.set()
        acknowledged = sending.result()
    assert len(acknowledged) > 1
    assert acknowledged <= pulled(reader, cursor)


def push_until(over: Event, writer: SecureClient) -> set[str]:
    """Push one row after another, repeating each until it is answered, as devices do; the ids that were taken."""
    done: set[str] = set()
    while not over.is_set():
        [mutation] = day.customers(1)
        body, deadline = writer.framed(mutation), time.monotonic() + 60
        while not is_answered(writer, body):
            assert time.monotonic() < deadline
        done.add(mutation.pk)
    return done


def is_answered(writer: SecureClient, body: bytes) -> bool:
    """Whether the server has taken it, now or before; a gateway's own answer is none."""
    status, _, data = writer.try_once("POST", "/sync/v1/push", body, {"Content-Type": "application/x-ndjson"})
    assert status in {200, 502}, data
    return status == 200 and [receipt["status"] for receipt in json.loads(data)["receipts"]] == ["applied"]


def test_the_backup_units_command_makes_a_backup_that_counts(site: Site) -> None:
    said = site.run(*site.command("baifang-backup.service", "ExecStart"))
    assert said.endswith(" is verified.\n")
    site.run(*site.command("baifang-backup.service", "ExecStartPost"))
    assert len(list((site.top / "var" / "backups").glob("*.backup"))) == 1


def test_systemd_finds_no_fault_in_the_units_and_little_exposure(site: Site) -> None:
    analyze = str(require("systemd-analyze"))
    names = ("baifang.service", "baifang-worker.service", "baifang-backup.service", "baifang-backup.timer")
    units = [str(site.top / name) for name in names]
    checked = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    for unit in units[:3]:
        # From 0 to 100; a unit without any protection stands above 90.
        site.run(analyze, "security", "--offline=true", "--no-pager", "--threshold=25", unit)


def test_the_container_runs_without_privileges_and_from_what_is_there() -> None:
    lines = (EXAMPLE / "Containerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(":" in base and not base.endswith(":latest") for base in bases)
    final = lines[len(lines) - 1 - lines[::-1].index(f"FROM {bases[-1]}") :]
    assert "USER baifang" in final
    assert final.index("USER baifang") < next(n for n, line in enumerate(final) if line.startswith("CMD "))
    ignored = (EXAMPLE / "Containerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "var"} <= set(ignored)


def test_all_of_it_stops_cleanly(site: Site) -> None:
    workers = site.workers
    assert site.stop("nginx", signal.SIGQUIT) == 0
    assert site.stop("worker") == 0
    assert site.stop("server") == 0
    assert site.stop("redis") == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
