"""Browsers that lack something: without a database the app says so; without lesser things it works."""

from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork, OpenDevice

NO_DATABASE = "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"
NO_COMFORTS = """
  for (const name of ["storage", "serviceWorker", "locks", "setAppBadge", "geolocation", "connection"])
    delete Navigator.prototype[name];
  for (const name of ["BroadcastChannel", "CompressionStream", "requestIdleCallback", "Notification"])
    delete globalThis[name];
"""


def test_without_a_database_a_plain_page_says_what_to_do(playwright: Playwright, devices: OpenDevice) -> None:
    device = devices("private", scripts=(NO_DATABASE,))
    page = device.open(playwright)
    expect(page.get_by_text("這個瀏覽器不能保存資料")).to_be_visible()
    expect(page.get_by_text("關閉無痕模式")).to_be_visible()
    assert device.problems == []


def test_without_workers_locks_and_channels_a_visit_still_arrives(
    company: Company, books: Books, at_work: AtWork
) -> None:
    pk, fields = books.customers_of("台中屯區")[0]
    hands = at_work("old", scripts=(NO_COMFORTS,))
    hands.find_customer(fields["name"][:2], fields["name"])
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", "舊瀏覽器也行")
    hands.save("儲存拜訪", "的拜訪存好了")
    hands.wait_until_all_is_sent()
    assert [row for row in books.children("interaction", pk).values() if row.get("notes") == "舊瀏覽器也行"]
    assert hands.device.problems == []


def test_no_script_can_read_the_session(at_work: AtWork) -> None:
    hands = at_work("phone")
    assert hands.device.context is not None
    [cookie] = hands.device.context.cookies()
    assert (cookie.get("httpOnly"), cookie.get("sameSite"), cookie.get("path")) == (True, "Strict", "/")
    assert hands.page.evaluate("document.cookie") == ""
