"""Storage that fails under the app: what was typed stays, the screen tells the truth, and work goes on by itself."""

import pytest
from playwright.sync_api import Playwright, expect

from server.errors import catalogue
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.local import read_local

BEFORE = "滿了以前寫的"
WHEN_FULL = "滿了的時候寫的"
FULL = catalogue()["device_full"]["zh-Hant"]


@pytest.fixture(autouse=True)
def served(company: Company) -> None:
    """Each story begins with the server running."""
    company.start()


def test_a_full_device_says_so_keeps_what_is_typed_and_sends_all_once_there_is_room(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[0]
    hands = at_work("phone")
    hands.device.link.weather.is_down = True
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", BEFORE)
    hands.save("儲存拜訪", "的拜訪存好了")

    # A new process, since a running browser asks for the space that is left twice a minute only.
    hands.device.close()
    hands.device.link.weather.is_down = False
    page = hands.device.open(playwright, "/health")
    assert hands.device.context is not None
    space = hands.device.context.new_cdp_session(page)
    space.send("Storage.overrideQuotaForOrigin", {"origin": company.origin, "quotaSize": 1})
    page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", WHEN_FULL)
    hands.tap("button", "儲存拜訪", hands.sheet)
    expect(page.get_by_text(FULL).first).to_be_visible()
    expect(page.get_by_text("這台裝置快滿了").first).to_be_attached()
    expect(hands.field("重點")).to_have_value(WHEN_FULL)

    space.send("Storage.overrideQuotaForOrigin", {"origin": company.origin})
    page.evaluate("dispatchEvent(new Event('online'))")
    visits = page.get_by_role("article", include_hidden=True)
    expect(visits.filter(has_text=BEFORE)).to_contain_text("已上傳", timeout=40_000)
    page.wait_for_timeout(1_000)  # a Save that was still under way when there was room again ends by itself
    if hands.sheet.is_visible():
        hands.save("儲存拜訪", "的拜訪存好了")
    hands.sync_until_all_is_sent()
    expect(page.get_by_text("這台裝置快滿了")).to_have_count(0)
    notes = [row.get("notes") for row in books.children("interaction", pk).values()]
    assert (notes.count(BEFORE), notes.count(WHEN_FULL)) == (1, 1)


def test_a_device_that_lost_everything_asks_for_the_sign_in_and_begins_anew_with_all_that_was_sent(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[1]
    person = books.person("chen")[0]
    hands = at_work("evicted")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", BEFORE)
    hands.save("儲存拜訪", "的拜訪存好了")
    hands.sync_until_all_is_sent()
    former = read_local(hands.page, person).found["device"]

    hands.device.close()
    page = hands.device.open(playwright, "/health")
    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": company.origin, "storageTypes": "all"})
    page.goto(company.origin)
    expect(page.get_by_label("帳號")).to_be_visible()
    hands.sign_in("chen", company.password)
    hands.wait_until_downloaded()
    hands.wait_until_all_is_sent()
    page.goto(f"{company.origin}/customers/{pk}")
    expect(page.get_by_role("article").filter(has_text=BEFORE)).to_contain_text("已上傳")
    local = read_local(page, person)
    assert local.is_whole
    assert local.found["device"] != former
    assert local.sums() == books.sums(books.granted(person))
    assert hands.device.problems == []
