"""The shell on the device: only built files are cached, an update waits until it is wanted, there is a way back."""

import os
import re
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import ROOT, Company
from tests.e2e.conftest import OpenDevice
from tests.e2e.hands import Hands

BUILT = Path(os.environ.get("BAIFANG_APP_DIR", ROOT / "pwa" / "dist"))
CACHED_PATHS = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
}"""
DATABASES = "async () => (await indexedDB.databases()).map(({ name }) => name)"
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
LOADS = "() => Number(sessionStorage.loads)"
COUNT_LOADS = "sessionStorage.loads = Number(sessionStorage.loads || 0) + 1;"


@pytest.fixture(scope="module")
def company(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Company]:
    """A company with its own copy of the built app, so that a new version can be put in its place."""
    folder = tmp_path_factory.mktemp("shell")
    shutil.copytree(demo_data, folder / "var")
    shutil.copytree(BUILT, folder / "dist")
    company = Company(folder, {"BAIFANG_APP_DIR": str(folder / "dist")})
    company.start()
    yield company
    company.stop()


def deploy(company: Company, worker: Path, more: str = "") -> None:
    """Put a worker in place, as a new build would; the packed copy of the old one goes."""
    place = company.folder / "dist" / "sw.js"
    place.write_text(worker.read_text() + more)
    place.with_name("sw.js.br").unlink(missing_ok=True)


def open_app(devices: OpenDevice, playwright: Playwright, company: Company, name: str) -> Page:
    """A signed-in page that its worker controls."""
    device = devices(name, scripts=(COUNT_LOADS,))
    page = device.open(playwright)
    Hands(device).sign_in("chen", company.password)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function(CONTROLLED)
    expect(page.get_by_role("navigation", name="主選單")).to_be_visible()
    return page


def test_only_files_of_the_build_are_cached(devices: OpenDevice, playwright: Playwright, company: Company) -> None:
    page = open_app(devices, playwright, company, "cache")
    page.get_by_role("link", name=re.compile("^客戶")).first.click()
    page.wait_for_timeout(1000)
    built = {f"/{path.relative_to(company.folder / 'dist')}" for path in (company.folder / "dist").rglob("*")}
    cached = page.evaluate(CACHED_PATHS)
    assert "/index.html" in cached
    assert set(cached) <= built


def test_a_new_version_waits_until_it_is_wanted_and_loads_once(
    devices: OpenDevice, playwright: Playwright, company: Company
) -> None:
    page = open_app(devices, playwright, company, "update")
    deploy(company, company.folder / "dist" / "sw.js", "\n// the next version\n")
    loads = page.evaluate(LOADS)
    page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true)")
    update = page.get_by_role("button", name="現在更新")
    expect(update).to_be_visible()
    page.wait_for_timeout(1000)
    assert page.evaluate(LOADS) == loads
    update.click()
    page.wait_for_function(f"() => Number(sessionStorage.loads) === {loads + 1}")
    expect(page.get_by_role("navigation", name="主選單")).to_be_visible()
    expect(update).to_have_count(0)
    page.wait_for_timeout(1000)
    assert page.evaluate(LOADS) == loads + 1


def test_an_update_keeps_what_is_half_typed_and_the_old_version_works_until_then(
    devices: OpenDevice, playwright: Playwright, company: Company, books: Books
) -> None:
    pk, fields = books.customers_of("台中屯區")[0]
    page = open_app(devices, playwright, company, "draft")
    # A new build has other files: the old version may not need one of its own from the server any more.
    for old in (company.folder / "dist" / "assets").iterdir():
        old.unlink()
    page.get_by_role("navigation", name="主選單").get_by_role("link", name=re.compile("^我的")).click()
    expect(page.get_by_role("heading", name="陳柏翰")).to_be_visible()
    shutil.copytree(BUILT / "assets", company.folder / "dist" / "assets", dirs_exist_ok=True)
    deploy(company, company.folder / "dist" / "sw.js", "\n// one more version\n")
    page.goto(f"{company.origin}/customers/{pk}")
    page.get_by_role("button", name="到了，開始拜訪").click()
    notes = page.get_by_role("dialog").get_by_label(re.compile("^重點"))
    notes.fill("更新前打到一半")
    page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => true)")
    loads = page.evaluate(LOADS)
    # The screen beneath the sheet is out of reach, and with it what is said there.
    page.get_by_role("dialog").get_by_role("button", name="現在更新").click()
    page.wait_for_function(f"() => Number(sessionStorage.loads) === {loads + 1}")
    expect(notes).to_have_value("更新前打到一半")
    page.get_by_role("button", name="關閉，草稿會留著").click()
    page.get_by_role("link", name=re.compile("^今日")).first.click()
    page.get_by_role("listitem").filter(has_text="更新前打到一半").get_by_role("link", name=fields["name"]).click()
    expect(notes).to_have_value("更新前打到一半")


def test_the_way_back_removes_worker_and_caches_but_no_database(
    devices: OpenDevice, playwright: Playwright, company: Company
) -> None:
    page = open_app(devices, playwright, company, "back")
    databases = page.evaluate(DATABASES)
    deploy(company, company.folder / "dist" / "sw-off.js")
    # The page asks again at its next start as well; here it is asked at once.
    page.evaluate("() => { navigator.serviceWorker.getRegistration().then((r) => r.update()); }")
    page.wait_for_function("() => caches.keys().then((names) => names.length === 0)")
    assert page.evaluate(DATABASES) == databases
    assert any(name.startswith("baifang-") for name in databases)
