"""Where things stand: over their column, beside their list, side by side; measured in the browser's own pixels."""

import re

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.e2e.books import Books
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
from tests.e2e.places import LANGUAGES, Place, own_story, show

TABLET: ViewportSize = {"width": 1024, "height": 768}
ROOM_FOR_BACK = 64
"""Pixels by which a title may stand to the right of its column's edge."""


def left(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box is not None
    return box["x"]


def tops(chips: Locator) -> list[int]:
    """The upper edge of each chip."""
    return [round(chip.bounding_box()["y"]) for chip in chips.all()]  # pyright: ignore[reportOptionalSubscript]


@pytest.fixture
def rep(at_work: AtWork) -> Hands:
    """A rep at a device."""
    return at_work("layouts")


@pytest.mark.parametrize("path", ["/me", "/needs-you", "/me/sync"])
def test_on_a_tablet_a_title_stands_over_its_column(rep: Hands, path: str) -> None:
    rep.page.set_viewport_size(TABLET)
    show(rep.page, rep.device.origin, Place("column", path))
    card = rep.page.locator("main").locator(".card, .empty").first
    heading = rep.page.locator(".top h1").first
    assert 0 <= left(heading) - left(card) <= ROOM_FOR_BACK


def test_a_search_stays_beside_the_customer_that_it_found(rep: Hands, books: Books) -> None:
    rep.page.set_viewport_size(TABLET)
    name = books.rows("customer")[own_story(books, "chen")[0]]["name"]
    show(rep.page, rep.device.origin, Place("customers", "/customers"))
    box = rep.page.get_by_role("searchbox")
    listed = rep.page.get_by_role("list", name="客戶").get_by_role("listitem")
    box.press_sequentially(name[:2])
    listed.filter(has_text=name).get_by_role("link").click()
    expect(rep.page.get_by_role("main", name=name)).to_be_visible()
    expect(box).to_have_value(name[:2])
    found = listed.count()
    assert found < len(books.customers_of("台中屯區"))
    expect(rep.page.get_by_role("heading", name="客戶").first).to_have_text(re.compile(f"客戶，{found} 家"))
    box.fill("")
    expect(rep.page.get_by_role("heading", name="客戶").first).not_to_have_text(re.compile(f"，{found} 家"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_chip_of_a_choice_is_left_alone_in_its_row(rep: Hands, books: Books, language: str) -> None:
    customer, _ = own_story(books, "chen")
    sheet = Place("log", f"/customers/{customer}?sheet=log&s.customer={customer}")
    for width in (320, 360, 390):
        rep.page.set_viewport_size({"width": width, "height": 780})
        show(rep.page, rep.device.origin, sheet, language=language)
        outcomes = rep.sheet.get_by_role("radiogroup").nth(1).get_by_role("radio")
        before = tops(outcomes)
        outcomes.nth(1).click()
        expect(outcomes.nth(1)).to_be_checked()
        assert tops(outcomes) == before
        rows = [before.count(top) for top in dict.fromkeys(before)]
        assert rows in ([4], [2, 2])


def test_where_nothing_waits_nothing_is_said_to_wait(rep: Hands) -> None:
    show(rep.page, rep.device.origin, Place("sync", "/me/sync"))
    expect(rep.page.get_by_role("heading", name="全部都在公司了")).to_be_visible()
    expect(rep.page.get_by_role("button", name="再試一次")).to_be_visible()
    expect(rep.page.get_by_role("heading", name="等待上傳")).to_have_count(0)
