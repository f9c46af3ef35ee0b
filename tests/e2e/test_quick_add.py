"""A plan in one line: typed with no signal, understood piece by piece, kept as a draft, planned and taken back."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.conftest import AtWork

ZONE = ZoneInfo("Asia/Taipei")


def test_one_line_becomes_a_planned_contact_with_its_day_hour_channel_person_and_reason(
    company: Company, books: Books, at_work: AtWork
) -> None:
    customer_id, _ = books.customers_of("台中屯區")[0]
    contact_id, contact = next(iter(books.children("contact", customer_id).items()))
    before = set(books.children("touch", customer_id))
    hands = at_work("phone")
    page = hands.page
    hands.device.link.weather.is_down = True
    page.goto(f"{company.origin}/")

    hands.tap("link", "快速新增")
    line = hands.field("一句話")
    expect(line).to_be_focused()
    line.press_sequentially(f"2月30日 打電話給{contact['name']} 談新報價")
    expect(hands.sheet.get_by_role("alert")).to_contain_text("沒有「2月30日」這一天")
    expect(hands.sheet.get_by_role("button", name="排進去")).to_be_disabled()
    line.fill(f"明天 下午3點半 打電話給{contact['name']} 談新報價")
    for understood in ("明天", "15:30", "通話", contact["name"]):
        expect(hands.sheet.get_by_role("button", name=re.compile(f"不是「.*{understood}"))).to_be_visible()

    # Put aside, it waits on Today as it was.
    hands.tap("button", "關閉，草稿會留著")
    page.get_by_role("listitem").filter(has_text="打電話給").get_by_role("link").tap()
    expect(line).to_have_value(re.compile("明天 下午3點半"))
    hands.save("排進去", "排好了：明天")
    expect(hands.sheet).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="打電話給")).to_have_count(0)

    hands.device.link.weather.is_down = False
    hands.sync_until_all_is_sent()
    [touch] = [row for pk, row in books.children("touch", customer_id).items() if pk not in before]
    tomorrow = (datetime.now(ZONE) + timedelta(days=1)).date().isoformat()
    assert (touch["due_from_on"], touch["due_to_on"], touch["due_time"]) == (tomorrow, tomorrow, "15:30")
    assert (touch["channel"], touch["contact_id"], touch["why"]) == ("call", contact_id, "談新報價")
    assert hands.device.problems == []


def test_a_piece_that_was_not_meant_is_struck_out_and_whom_it_is_about_can_be_chosen(
    company: Company, books: Books, at_work: AtWork
) -> None:
    customer_id, fields = books.customers_of("台中屯區")[1]
    before = set(books.children("touch", customer_id))
    hands = at_work("tablet")
    hands.page.goto(f"{company.origin}/?sheet=quick-add")
    hands.field("一句話").fill("明天會更好計畫 後天")
    hands.tap("button", re.compile("不是「明天"))
    expect(hands.sheet.get_by_text("明天會更好計畫")).to_be_visible()
    hands.field("一句話").fill(f"後天 {fields['name'][:4]}")
    # Found by itself; struck out, it is offered again.
    hands.tap("button", re.compile("不是「.*" + re.escape(fields["name"])))
    hands.tap("button", re.compile("^" + re.escape(fields["name"])))
    expect(hands.sheet.get_by_role("button", name=re.compile("不是「.*" + re.escape(fields["name"])))).to_be_visible()
    hands.save("排進去", "排好了")
    hands.sync_until_all_is_sent()
    assert len(set(books.children("touch", customer_id)) - before) == 1
    assert hands.device.problems == []
