"""Gives browser stories a small company served for real, devices to open, and pictures when one fails."""

import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.e2e.books import Books
from tests.e2e.company import ROOT, Company
from tests.e2e.device import Device
from tests.e2e.hands import Hands

CUSTOMERS = "24"
"""Enough that every patch has several, and few enough to be made within seconds."""
REPORTS = ROOT / "var" / "reports" / "e2e"
FAILED = pytest.StashKey[bool]()

OpenDevice = Callable[..., Device]
AtWork = Callable[..., Hands]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know at the end whether their test failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def playwright() -> Generator[Playwright]:
    """The one driver of all browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demo company, to be copied: the same people and customers every time."""
    company = Company(tmp_path_factory.mktemp("demo"))
    company.run("db", "up")
    company.run("demo", "--customers", CUSTOMERS)
    return company.folder / "var"


@pytest.fixture(scope="module")
def company(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Company]:
    """A served company of this module's own; a test that stops it starts it again."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(demo_data, folder / "var")
    company = Company(folder)
    company.start()
    yield company
    company.stop()


@pytest.fixture(scope="module")
def books(company: Company) -> Books:
    """The company's database, read from beside."""
    return Books(company.folder / "var" / "baifang.db")


@pytest.fixture
def devices(company: Company, tmp_path: Path, request: pytest.FixtureRequest) -> Generator[OpenDevice]:
    """Makes devices by name; they are photographed if the test fails, and thrown away at its end."""
    made: list[Device] = []

    def make(name: str, **options: Any) -> Device:
        device = Device(name, tmp_path, company.origin, **options)
        made.append(device)
        return device

    yield make
    if request.node.stash.get(FAILED, False):
        keep_evidence(request.node.name, company, made)
    for device in made:
        device.discard()


@pytest.fixture
def at_work(playwright: Playwright, company: Company, devices: OpenDevice) -> AtWork:
    """Opens devices on which somebody has signed in, all data and the app itself kept: `at_work("phone", "chen")`."""

    def open_(name: str, login: str = "chen", **options: Any) -> Hands:
        hands = Hands(devices(name, **options))
        hands.device.open(playwright)
        hands.sign_in(login, company.password)
        hands.wait_until_downloaded()
        hands.wait_until_all_is_sent()
        hands.page.evaluate("'serviceWorker' in navigator && navigator.serviceWorker.ready.then(() => true)")
        return hands

    return open_


def keep_evidence(test: str, company: Company, devices: list[Device]) -> None:
    """Put a picture of every open page, and the server's log, into var/reports/e2e."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(company.folder / "server.log", REPORTS / f"{test}.server.log")
    for device in devices:
        if device.context is not None:
            for at, page in enumerate(device.context.pages):
                page.screenshot(path=REPORTS / f"{test}.{device.name}{at}.png")
        (REPORTS / f"{test}.{device.name}.problems.txt").write_text("\n".join(device.problems))
