"""A birthday typed without a network is asked for, acted on once, and the colleague sees who did it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from sync.core.lunar import to_lunar
from tests.e2e.books import Books
from tests.e2e.conftest import AtWork
from tests.e2e.hands import Hands
from tests.e2e.story import PATCH

NAME = "洪秋雲"
AHEAD = 4
GREETED = re.compile("陳柏翰 .+ 已致意")


@pytest.fixture
def rep(at_work: AtWork) -> Hands:
    """A rep at a phone."""
    return at_work("rep", "chen")


@pytest.fixture
def colleague(at_work: AtWork) -> Hands:
    """Somebody who works the same patch."""
    return at_work("colleague", "lin")


def day_kept(hands: Hands) -> Locator:
    """The line of that birthday in the list of all days."""
    return hands.page.get_by_role("listitem").filter(has_text=f"{NAME}生日")


def show_all_days(hands: Hands) -> None:
    """The list of all days that are kept now."""
    hands.page.goto(f"{hands.device.origin}/occasions")
    expect(hands.heading("節日與紀念日")).to_be_visible()


def test_a_lunar_birthday_is_entered_asked_for_and_seen_as_greeted_by_the_colleague(
    rep: Hands, colleague: Hands, books: Books
) -> None:
    lunar = to_lunar((datetime.now(ZoneInfo("Asia/Taipei")) + timedelta(days=AHEAD)).date().isoformat())
    assert lunar
    pk, customer = next(one for one in books.customers_of(PATCH) if one[1]["stage"] != "lost")
    rep.device.link.weather.is_down = True
    rep.find_customer(customer["name"][:2], customer["name"])
    rep.tap("tab", re.compile("^聯絡人"))
    rep.tap("button", "加聯絡人")
    rep.type("姓名", NAME)
    rep.field("生日曆別").select_option(label="農曆閏月" if lunar.is_leap else "農曆")
    rep.type("生日月", str(lunar.month))
    rep.type("生日日", "31")
    rep.tap("button", "儲存聯絡人", rep.sheet)
    expect(rep.sheet.get_by_text("沒有這一天", exact=False)).to_be_visible()
    rep.type("生日日", str(lunar.day))
    rep.save("儲存聯絡人", "聯絡人存好了")
    expect(rep.page.get_by_role("button", name=re.compile(f"{NAME}生日"))).to_be_visible()

    show_all_days(rep)
    rep.tap("button", f"{customer['name']} 已致意", day_kept(rep))
    rep.hears("記下了，已致意")
    expect(day_kept(rep).get_by_text(GREETED)).to_be_visible()
    rep.device.link.weather.is_down = False
    rep.sync_until_all_is_sent()
    [touch] = [row for row in books.children("touch", pk).values() if row.get("why") == f"{NAME}生日"]
    assert (touch["state"], touch["channel"]) == ("done", "call")

    colleague.sync_until_all_is_sent()
    show_all_days(colleague)
    expect(day_kept(colleague).get_by_text(GREETED)).to_be_visible()
