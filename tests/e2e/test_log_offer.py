"""After a call that was begun from the app: it offers to log it, also in a page that the phone ended meanwhile."""

import re
import time

from playwright.sync_api import Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork

PHONE = """document.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='tel:']")) event.preventDefault();
}, true);"""
"""No app for calls is here to take the number, and a browser that looks for one never answers."""


def test_a_call_that_was_begun_here_is_offered_for_the_log_with_its_person_and_time(
    playwright: Playwright, company: Company, books: Books, at_work: AtWork
) -> None:
    customer_id, fields = books.customers_of("台中屯區")[0]
    people = books.children("contact", customer_id)
    contact_id, contact = next((pk, row) for pk, row in people.items() if row.get("mobile"))
    before = set(books.children("interaction", customer_id))
    hands = at_work("phone", scripts=(PHONE,))
    hands.page.goto(f"{company.origin}/customers/{customer_id}")
    hands.tap("tab", re.compile("^聯絡人"))
    hands.device.link.weather.is_down = True
    asked = re.compile(f"的通話（{re.escape(fields['name'][:4])}.*要記一筆嗎")
    called_at = time.time()
    hands.tap("link", f"撥打 {contact['name']}")
    expect(hands.page.get_by_text(asked)).to_be_visible()

    # The call took the memory; the next start asks again.
    hands.device.close()
    hands.device.open(playwright, "/")
    expect(hands.page.get_by_text(asked)).to_be_visible(timeout=20_000)
    hands.tap("button", "記一筆")
    expect(hands.sheet.get_by_role("radio", name="通話")).to_be_checked()
    expect(hands.sheet.get_by_role("button", name=re.compile(f"^{contact['name']}"))).to_have_attribute(
        "aria-pressed", "true"
    )
    hands.save("儲存通話", "的通話存好了")
    expect(hands.page.get_by_text(asked)).to_have_count(0)

    hands.device.link.weather.is_down = False
    hands.sync_until_all_is_sent()
    [call] = [row for pk, row in books.children("interaction", customer_id).items() if pk not in before]
    assert (call["channel"], call["contact_ids"]) == ("call", [contact_id])
    assert abs(call["started_at"] / 1_000 - called_at) < 30
    assert hands.device.problems == []


def test_what_needs_no_log_is_put_away_for_good(company: Company, at_work: AtWork) -> None:
    hands = at_work("tablet", scripts=(PHONE,))
    hands.page.goto(f"{company.origin}/")
    hands.page.get_by_role("link", name=re.compile("^撥打 ")).first.tap()
    asked = hands.page.get_by_text(re.compile("要記一筆嗎"))
    expect(asked).to_be_visible()
    hands.tap("button", "不用記")
    expect(asked).to_have_count(0)
    hands.page.reload()
    expect(hands.heading("今日")).to_be_visible()
    hands.open_tab("客戶")
    expect(asked).to_have_count(0)
    assert hands.device.problems == []
