"""The operator's command, run as an operator runs it."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

BAIFANG = str(Path(sys.executable).with_name("baifang"))


@pytest.fixture
def run(tmp_path: Path):
    def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        names = {k: v for k, v in os.environ.items() if not k.startswith("BAIFANG_")}
        environment = names | {"BAIFANG_DATA_DIR": str(tmp_path / "var")} | variables
        return subprocess.run([BAIFANG, *arguments], env=environment, capture_output=True, text=True, check=False)

    return call


def test_a_fresh_machine_gets_a_database_and_a_login(run):
    assert "Database is at" in run("db", "up").stdout
    invited = run("user", "invite", "Wang", "--name", "王小明")
    assert invited.stdout.startswith("王小明 (rep): wang / ")
    again = run("user", "invite", "wang", "--name", "x")
    assert again.returncode == 1
    assert again.stderr.strip() == "The sign-in name wang is taken. Choose another."
    assert run("user", "disable", "wang").stdout == "wang is disabled.\n"
    assert run("user", "enable", "wang").stdout == "wang is active.\n"
    assert run("user", "reset-password", "wang").stdout.startswith("wang / ")


def test_nonsense_is_one_sentence(run):
    answer = run("db", "up", BAIFANG_COMPANY_ZONE="Mars")
    assert answer.returncode == 1
    assert answer.stderr.strip() == "Error: company_zone 'Mars' is no time zone: use one like Asia/Taipei."


def test_an_unmigrated_database_is_one_sentence(run, tmp_path: Path):
    (tmp_path / "var").mkdir()
    answer = run("user", "disable", "wang")
    assert answer.returncode == 1
    assert "baifang db up" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_calendar_knows_the_holidays_of_a_new_database_and_what_it_is_told(run):
    run("db", "up")
    assert "行憲紀念日" in run("calendar", "show", BAIFANG_COMPANY_ZONE="Asia/Taipei").stdout
    assert run("calendar", "hours", "mon-thu,sat", "08:30-17:30").returncode == 0
    assert run("calendar", "hours", "sun", "closed").returncode == 0
    shown = run("calendar", "show").stdout.splitlines()
    assert shown[3:7] == ["thu\t08:30-17:30", "fri\t09:00-18:00", "sat\t08:30-17:30", "sun\tclosed"]
    assert run("calendar", "open", "2100-01-03").stdout == "2100-01-03 is open 08:30-17:30.\n"
    assert run("calendar", "hours", "fri-mon", "08:30-17:30").returncode == 2
    refused = run("calendar", "hours", "mon", "18:00-09:00")
    assert (refused.returncode, refused.stderr[:11]) == (1, "18:00-09:00")


def test_a_person_is_erased_after_a_look_and_a_restore_knows(run, tmp_path: Path):
    run("db", "up")
    run("demo", "--customers", "20")
    path = tmp_path / "var" / "baifang.db"
    with closing(sqlite3.connect(path)) as connection:
        pk, phone = connection.execute("SELECT id, mobile FROM contacts WHERE mobile IS NOT NULL LIMIT 1").fetchone()
    assert phone.encode() in path.read_bytes()
    backup = run("backup").stdout.split()[0]
    looked = run("erase", "contact", pk).stdout
    assert "This would erase for good: 1 contact" in looked
    assert "Nothing was changed" in looked
    assert backup in looked
    assert phone.encode() in path.read_bytes()
    assert "Erased: 1 contact" in run("erase", "contact", pk, "--yes").stdout
    assert phone.encode() not in path.read_bytes()
    assert "1 people's data, erased since that backup" in run("restore", backup, "--replace").stdout
    assert phone.encode() not in path.read_bytes()
    (tmp_path / "var" / "erased.jsonl").unlink()
    assert "erased.jsonl lacks 1 erased rows" in run("check").stdout


def test_a_taken_port_says_so(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run("serve", BAIFANG_BIND_PORT=str(port))
    assert answer.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in answer.stderr
    assert f"BAIFANG_BIND_PORT={port + 1}" in answer.stderr


def test_it_serves(run, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    variables = {"BAIFANG_DATA_DIR": str(tmp_path / "var"), "BAIFANG_BIND_PORT": str(port)}
    run("db", "up", **variables)
    server = subprocess.Popen([BAIFANG, "serve"], env=os.environ | variables, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(f"Baifang is at http://localhost:{port} ")
        assert b'"status":"ok"' in fetch(f"http://127.0.0.1:{port}/health").replace(b" ", b"")
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()


def fetch(address: str, patience_s: int = 30) -> bytes:
    """The body, as soon as somebody answers."""
    for _ in range(10 * patience_s):
        try:
            with urlopen(address) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
