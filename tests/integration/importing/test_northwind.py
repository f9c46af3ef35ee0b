"""The Northwind files, imported by the operator's own command on both databases."""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from server.features.territories.services import ROOT_ID, UNASSIGNED_ID
from server.shared.db import prepare
from tests.factories.apps import CURSOR_KEY
from tests.factories.old_system import ROOT

FOLDER = os.environ.get("BAIFANG_NORTHWIND", "")
MAPPING = ROOT / "config" / "imports" / "northwind.toml"
BAIFANG = str(Path(sys.executable).with_name("baifang"))

pytestmark = pytest.mark.skipif(not FOLDER, reason="BAIFANG_NORTHWIND does not name the folder of the Northwind files")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    ours = {"BAIFANG_DATABASE_URL": database_url, "BAIFANG_DATA_DIR": str(tmp_path), "BAIFANG_CURSOR_KEY": CURSOR_KEY}
    return {name: value for name, value in os.environ.items() if not name.startswith("BAIFANG_")} | ours


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the files, to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "northwind"))


@pytest.fixture
def command(files: Path) -> list[str]:
    return [BAIFANG, "import", str(MAPPING), *map(str, sorted(files.glob("*.csv")))]


@pytest.fixture
def run(environment: dict[str, str], command: list[str]) -> Run:
    def call(*options: str, arguments: list[str] | None = None) -> "subprocess.CompletedProcess[str]":
        line = [*(command if arguments is None else [BAIFANG, "import", *arguments]), *options]
        return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def engine(database_url: str):
    engine = prepare(create_engine(database_url))
    yield engine
    engine.dispose()


def ask(engine: Engine, sql: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def count(engine: Engine, table: str) -> int:
    return ask(engine, f"SELECT count(*) FROM {table}")[0][0]


def plan_of(output: str) -> str:
    return output.rstrip().rpartition(" ")[2]


def assert_texts_are_unharmed(engine: Engine, files: Path) -> None:
    with (files / "customers.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    sql = "SELECT c.code, c.name, c.phone, s.address, s.city, s.district, s.postal_code, s.country, k.name, k.title"
    sql += " FROM customers c JOIN sites s ON s.customer_id = c.id JOIN contacts k ON k.customer_id = c.id"
    columns = ("customer_id", "company_name", "phone", "address", "city", "region", "postal_code", "country")
    wanted = [tuple(row[name] or None for name in (*columns, "contact_name", "contact_title")) for row in rows]
    assert sorted(ask(engine, sql), key=str) == sorted(wanted, key=str)


def test_northwind_arrives_whole_and_where_it_belongs(run: Run, engine: Engine, files: Path):
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    tables = ("people", "customers", "sites", "contacts", "territories")
    assert [count(engine, table) for table in tables] == [9, 91, 91, 91, 4 + 9 + 2]

    roles = dict(ask(engine, "SELECT name, role FROM people"))
    assert {name for name, role in roles.items() if role == "manager"} == {"Andrew Fuller", "Steven Buchanan"}
    managers = dict(ask(engine, "SELECT p.name, m.name FROM people p LEFT JOIN people m ON m.id = p.manager_id"))
    assert managers == {
        "Andrew Fuller": None,
        **dict.fromkeys(["Nancy Davolio", "Janet Leverling", "Margaret Peacock"], "Andrew Fuller"),
        **dict.fromkeys(["Steven Buchanan", "Laura Callahan"], "Andrew Fuller"),
        **dict.fromkeys(["Michael Suyama", "Robert King", "Anne Dodsworth"], "Steven Buchanan"),
    }

    tree = "SELECT t.name, p.name, p.parent_id FROM territories t JOIN territories p ON p.id = t.parent_id"
    regions = {name: parent for name, parent, above in ask(engine, tree + " WHERE t.kind = 'patch'") if above}
    assert regions == {
        **dict.fromkeys(["Nancy Davolio", "Andrew Fuller", "Margaret Peacock", "Steven Buchanan"], "Eastern"),
        **dict.fromkeys(["Michael Suyama", "Robert King"], "Western"),
        **dict.fromkeys(["Laura Callahan", "Anne Dodsworth"], "Northern"),
        "Janet Leverling": "Southern",
    }
    under_root = ask(engine, f"SELECT name FROM territories WHERE parent_id = '{ROOT_ID}' AND kind = 'region'")
    assert sorted(name for (name,) in under_root) == ["Eastern", "Northern", "Southern", "Western"]

    owners = "SELECT c.code, t.name, t.id FROM customers c JOIN territories t ON t.id = c.territory_id"
    rep = {code: name for code, name, pk in ask(engine, owners) if pk != UNASSIGNED_ID}
    assert {code for code, _, pk in ask(engine, owners) if pk == UNASSIGNED_ID} == {"FISSA", "PARIS"}
    # Counted from the files by hand: clear cases, and ties that the latest order decides.
    assert [rep[code] for code in ("ALFKI", "SAVEA", "QUICK", "RATTC")] == [
        "Nancy Davolio",
        "Nancy Davolio",
        "Andrew Fuller",
        "Nancy Davolio",
    ]
    assert sorted(list(rep.values()).count(name) for name in roles) == [2, 3, 3, 6, 9, 10, 13, 18, 25]
    assert_texts_are_unharmed(engine, files)


def test_a_dry_run_reports_and_writes_nothing(run: Run, engine: Engine):
    report = run("--dry-run").stdout
    assert "customer          91        0       0       0" in report
    assert "name=Alfreds Futterkiste" in report
    assert "territory_id=Nancy Davolio" in report
    assert "customers.csv [region]: Empty in 60 of 91 rows." in report
    assert report.endswith("A dry run: nothing was written.\n")
    assert (count(engine, "change_log"), count(engine, "import_plans")) == (0, 0)


def test_one_bad_row_writes_nothing_and_is_named(run: Run, engine: Engine, files: Path):
    path = files / "customers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("QUICK-Stop", ""), encoding="utf-8")
    refused = run("--language", "zh-Hant")
    assert refused.returncode == 1
    assert "customers.csv:64 [company_name]: name 不能空白；請補上。 (import_required)" in refused.stdout
    assert refused.stderr == "Nothing was written.\n"
    assert (count(engine, "change_log"), count(engine, "import_plans")) == (0, 0)


def test_a_killed_import_goes_on_where_it_stopped(
    run: Run, engine: Engine, command: list[str], environment: dict[str, str]
):
    started = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while count(engine, "import_rows") < 60:
        assert started.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    assert started.wait() == -signal.SIGKILL
    assert 0 < count(engine, "customers") < 91

    done = run()
    assert "Went on with plan" in done.stdout
    assert count(engine, "import_plans") == 1
    assert [count(engine, table) for table in ("customers", "sites", "contacts")] == [91, 91, 91]
    # Nothing was written twice: every row is at its first revision.
    assert ask(engine, "SELECT max(n) FROM synced_row")[0][0] == 1
    assert "Nothing to write" in run().stdout


def test_northwind_can_be_repeated_and_taken_back(run: Run, engine: Engine):
    plan_id = plan_of(run().stdout)
    before = count(engine, "change_log")
    assert "Nothing to write: everything is as the files say." in run().stdout
    assert (count(engine, "change_log"), count(engine, "import_plans")) == (before, 1)

    undone = run("--undo", plan_id, arguments=[])
    assert undone.stdout == "295 rows deleted, 0 kept.\n"
    assert [count(engine, table) for table in ("customers", "sites", "contacts", "people")] == [0, 0, 0, 0]


def test_nonsense_is_told_in_a_sentence(run: Run, tmp_path: Path):
    (tmp_path / "bad.toml").write_text("source = ", encoding="utf-8")
    bad = run(arguments=[str(tmp_path / "bad.toml")])
    assert (bad.returncode, bad.stderr) == (1, "Nothing was written.\n")
    assert "bad.toml: The mapping cannot be read: Invalid value" in bad.stdout
    missing = run(arguments=[str(tmp_path / "none.toml")])
    assert "none.toml: The file cannot be opened: No such file or directory." in missing.stdout
    assert run("--undo", "nope", arguments=[]).stderr.strip().startswith("There is no import nope.")
    assert "Usage: baifang import" in run(arguments=[]).stderr
