"""Logging a visit where the device's own answers come late."""

from playwright.sync_api import expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork
from tests.e2e.local import read_local

LATE_POINT = """navigator.geolocation.getCurrentPosition = (found) => {
  window.findPoint = () => found({ coords: { latitude: 24.1, longitude: 120.6, accuracy: 12 } });
};"""


def test_a_point_that_is_found_after_save_does_not_bring_the_draft_back(
    company: Company, books: Books, at_work: AtWork
) -> None:
    pk, _ = books.customers_of("台中屯區")[0]
    person = books.person("chen")[0]
    hands = at_work("phone", scripts=(LATE_POINT,))
    hands.page.goto(f"{company.origin}/customers/{pk}")
    hands.tap("button", "到了，開始拜訪")
    hands.type("重點", "主軸異音已排除")
    hands.save("儲存拜訪", "的拜訪存好了")
    expect(hands.sheet).to_have_count(0)
    hands.page.evaluate("findPoint()")
    hands.page.wait_for_timeout(500)
    assert read_local(hands.page, person).found["drafts"] == []
