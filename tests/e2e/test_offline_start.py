"""A rep in a basement opens the app cold, with the server gone: everything that was downloaded is there."""

import time

from playwright.sync_api import Playwright, expect
from selenium.webdriver import Remote

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import OpenDevice
from tests.e2e.hands import Hands
from tests.e2e.webkit import labelled, pressable, seen, webkit

WORKER_IS_READY = "return navigator.serviceWorker.ready.then((found) => found.active !== null)"


def test_a_new_process_in_chromium(playwright: Playwright, company: Company, books: Books, devices: OpenDevice) -> None:
    phone = devices("phone")
    hands = Hands(phone)
    phone.open(playwright)
    hands.sign_in("chen", company.password)
    hands.wait_until_downloaded()
    phone.page.evaluate(f"() => {{ {WORKER_IS_READY} }}")
    phone.close()
    company.stop()

    pk, fields = books.customers_of("台中屯區")[0]
    page = phone.open(playwright)
    expect(hands.heading("今日")).to_be_visible()
    expect(page.get_by_role("link", name="離線，都存好了")).to_be_visible()
    hands.find_customer(fields["name"][:2], fields["name"])
    reads_the_360(hands, books, pk)

    page.goto(phone.origin + f"/customers/{pk}")
    reads_the_360(hands, books, pk)
    assert phone.problems == []


def reads_the_360(hands: Hands, books: Books, customer_id: str) -> None:
    """Whom to ask, what was said last, and what one must not get wrong."""
    fields = books.rows("customer")[customer_id]
    main = hands.page.get_by_role("main", name=fields["name"])
    boss = next(row for row in books.children("contact", customer_id).values() if "economic" in row.get("roles", []))
    latest = max(books.children("interaction", customer_id).values(), key=lambda row: row["started_at"])
    expect(main.get_by_text(boss["name"]).first).to_be_visible()
    expect(main.get_by_text(fields["payment_terms"])).to_be_visible()
    expect(main.get_by_text(latest["notes"])).to_be_visible()
    hands.tap("tab", "資料")
    expect(main.get_by_text(fields["briefing"])).to_be_visible()
    expect(main.get_by_text(fields["phone"])).to_be_visible()


def test_a_new_document_in_webkit(company: Company, books: Books) -> None:
    company.start()
    _, fields = books.customers_of("台中屯區")[0]
    with webkit() as browser:
        browser.get(company.origin)
        sign_in(browser, "chen", company.password)
        pressable(browser, "已上傳，全部都在公司了")
        assert browser.execute_script(WORKER_IS_READY)
        browser.get("about:blank")
        company.stop()

        browser.get(company.origin)
        pressable(browser, "離線，都存好了")
        pressable(browser, "客戶").click()
        labelled(browser, "找公司、人名、電話").send_keys(fields["name"][:2])
        pressable(browser, fields["name"]).click()
        seen(browser, fields["payment_terms"])


def test_a_page_put_aside_in_the_middle_of_its_work_holds_up_nobody_in_webkit(company: Company, books: Books) -> None:
    company.start()
    with webkit() as browser:
        browser.get(company.origin)
        sign_in(browser, "chen", company.password)
        pressable(browser, "今日")
        for moment_s in (0, 0.1, 0.3):
            time.sleep(moment_s)  # Wherever the first download is: nearly always within a transaction.
            browser.get("about:blank")
            browser.get(company.origin)
            pressable(browser, "今日")
        pressable(browser, "已上傳，全部都在公司了")


def sign_in(browser: Remote, login: str, password: str) -> None:
    """Sign in on the entry screen."""
    labelled(browser, "帳號").send_keys(login)
    labelled(browser, "密碼").send_keys(password)
    pressable(browser, "登入").click()
