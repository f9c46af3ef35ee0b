"""Storage that the browser takes away: what became of it is said, and all that was sent comes back."""

import re

import pytest
from playwright.sync_api import Playwright, expect

from server.errors import catalogue
from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.device import TABLET
from tests.e2e.local import read_local

SENT = "清掉以前就送到了"
UNSENT = "清掉以前還沒送的"
WHEN_FULL = "滿了的時候寫的"
FULL = catalogue()["device_full"]["zh-Hant"]
TYPED = "清掉的時候寫到一半"
# A browser that may throw things away, until it is told to keep them; it counts how often it is asked.
REFUSES_TO_KEEP = """(() => {
  window.asked = [];
  const keeps = () => localStorage.getItem("keeps") === "yes" && asked.length > 0;
  navigator.storage.persist = async () => asked.push("persist") > 0 && keeps();
  navigator.storage.persisted = async () => keeps();
})();"""


@pytest.fixture(autouse=True)
def served(company: Company) -> None:
    """Each story begins with the server running."""
    company.start()


def test_a_device_that_lost_everything_asks_for_the_sign_in_and_begins_anew_with_all_that_was_sent(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[1]
    person = books.person("chen")[0]
    hands = at_work("evicted")
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", SENT)
    hands.save("儲存拜訪", "的拜訪存好了")
    hands.wait_until_all_is_sent()
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
    expect(page.get_by_role("article").filter(has_text=SENT)).to_contain_text("已上傳")
    local = read_local(page, person)
    assert local.is_whole
    assert local.found["device"] != former
    assert local.sums() == books.sums(books.granted(person))
    assert hands.device.problems == []


def test_data_taken_away_under_the_open_app_is_said_and_keeps_what_is_being_typed(
    company: Company, books: Books, at_work: AtWork
) -> None:
    (pk, _), (other, _) = books.customers_of("台中屯區")[2:4]
    person = books.person("chen")[0]
    hands = at_work("taken")
    page = hands.page
    hands.device.link.weather.is_down = True
    page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", UNSENT)
    hands.save("儲存拜訪", "的拜訪存好了")
    page.goto(f"{company.origin}/customers/{other}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", TYPED)
    former = read_local(page, person).found["device"]

    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": company.origin, "storageTypes": "all"})
    expect(hands.sheet).to_contain_text("瀏覽器清掉了這台裝置上的資料")
    expect(hands.sheet).to_contain_text("有 1 筆還沒送到公司，這裡已經沒有了")
    expect(hands.field("重點")).to_have_value(TYPED)
    hands.add("重點", "接著寫")
    hands.save("儲存拜訪", "的拜訪存好了")

    hands.device.link.weather.is_down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    hands.enter_password(company.password)
    hands.wait_until_downloaded()
    hands.wait_until_all_is_sent()
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((found) => found?.active != null)")
    hands.tap("button", "知道了")
    expect(page.get_by_text("瀏覽器清掉了")).to_have_count(0)
    notes = [row.get("notes") for row in books.children("interaction", other).values()]
    assert notes.count(f"{TYPED}\n接著寫") == 1
    local = read_local(page, person)
    assert local.found["device"] != former
    assert local.sums() == books.sums(books.granted(person))
    assert hands.device.problems == []


def test_what_concerns_the_whole_app_is_said_once_on_a_tablet_too(
    company: Company, books: Books, at_work: AtWork
) -> None:
    hands = at_work("once", size=TABLET)
    page = hands.page
    page.goto(f"{company.origin}/customers/{books.customers_of('台中屯區')[1][0]}")
    hands.tap("button", "到了，開始拜訪")
    assert hands.device.context is not None
    browser = hands.device.context.new_cdp_session(page)
    browser.send("Storage.clearDataForOrigin", {"origin": company.origin, "storageTypes": "indexeddb"})
    said = page.get_by_text("瀏覽器清掉了這台裝置上的資料").filter(visible=True)
    expect(hands.sheet).to_contain_text("瀏覽器清掉了這台裝置上的資料")
    expect(said).to_have_count(1)
    hands.tap("button", "關閉，草稿會留著")
    expect(hands.sheet).to_have_count(0)
    expect(said).to_have_count(1)


def test_that_the_browser_may_throw_things_away_is_said_with_what_helps_until_it_promises_not_to(
    company: Company, at_work: AtWork
) -> None:
    hands = at_work("unkept", scripts=(REFUSES_TO_KEEP,))
    page = hands.page
    hands.device.link.weather.is_down = True
    page.goto(f"{company.origin}/me/sync")
    expect(page.get_by_role("main")).to_contain_text("瀏覽器可能清掉這裡的資料")
    expect(page.get_by_role("main")).to_contain_text("常打開 app")
    expect(page.get_by_role("main")).to_contain_text("加到主畫面更保險")
    assert page.evaluate("asked.length") == 1

    # Once it has been used enough, a browser grants what it refused.
    page.evaluate("localStorage.setItem('keeps', 'yes')")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("已受保護，瀏覽器不會自己清掉")
    expect(page.get_by_text("瀏覽器可能清掉")).to_have_count(0)
    assert hands.device.problems == []


def test_a_full_device_says_so_keeps_what_is_typed_and_breaks_nowhere(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[0]
    hands = at_work("full")
    # A new process, since a running browser asks for the space that is left twice a minute only.
    hands.device.close()
    page = hands.device.open(playwright, "/health")
    assert hands.device.context is not None
    space = hands.device.context.new_cdp_session(page)
    space.send("Storage.overrideQuotaForOrigin", {"origin": company.origin, "quotaSize": 1})
    page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", WHEN_FULL)
    hands.tap("button", "儲存拜訪", hands.sheet)
    expect(page.get_by_text(FULL).first).to_be_visible()
    expect(hands.sheet).to_contain_text("這台裝置快滿了")
    expect(hands.sheet.get_by_text(re.compile("草稿.*已存"))).to_have_count(0)
    expect(hands.field("重點")).to_have_value(WHEN_FULL)

    hands.tap("button", "關閉，草稿會留著")
    hands.open_tab("今日")
    page.get_by_role("listitem").filter(has_text="寫到一半").get_by_role("link").first.tap()
    expect(hands.field("重點")).to_have_value(WHEN_FULL)
    page.wait_for_timeout(1_000)  # what goes on behind writes, too
    assert hands.device.problems == []
