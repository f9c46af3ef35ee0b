"""Every screen and sheet by its address, in a company where something is late, clashing, refused and half sent."""

import json
import re
from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.books import Books
from tests.e2e.company import Company
from tests.e2e.hands import Hands
from tests.e2e.story import PATCH

THEMES = ("light", "dark", "sunlight")
LANGUAGES = ("zh-Hant", "zh-Hans", "en")
NOBODY = "沒有這一家"
NUMBERS = ("04-2359-1234", "04-2359-1243")


@dataclass(frozen=True)
class Place:
    """A screen, or a sheet above one; `tab` is a part of the customer's screen on a phone."""

    name: str
    path: str
    tab: str = ""


def all_places(books: Books, login: str) -> list[Place]:
    """What a person with customers of their own can open."""
    customer, interaction = own_story(books, login)
    name = books.rows("customer")[customer]["name"]
    at, about = f"/customers/{customer}", f"s.customer={customer}"
    return [
        Place("today", "/"),
        Place("occasions", "/occasions"),
        Place("customers", "/customers"),
        Place("customers-found", f"/customers?q={name[:2]}"),
        Place("customers-none", f"/customers?q={NOBODY}"),
        Place("customer", at),
        Place("customer-contacts", at, "contacts"),
        Place("customer-profile", at, "profile"),
        Place("log", f"{at}?sheet=log&{about}"),
        Place("sign", f"{at}?sheet=sign&{about}"),
        Place("log-whom", "/?sheet=log"),
        Place("revise", f"{at}?sheet=revise&{about}&s.id={interaction}"),
        Place("touch", f"{at}?sheet=touch&{about}"),
        Place("quick-add", "/?sheet=quick-add"),
        Place("promise", f"{at}?sheet=promise&{about}"),
        Place("team", "/team"),
        Place("edit", f"{at}?sheet=customer&s.id={customer}"),
        Place("new-customer", "/customers?sheet=customer"),
        Place("new-contact", f"{at}?sheet=contact&{about}"),
        Place("new-anniversary", f"{at}?sheet=anniversary&{about}"),
        Place("needs-you", "/needs-you"),
        Place("inbox", "/inbox"),
        Place("me", "/me"),
        Place("reminders", "/me/reminders"),
        Place("sync", "/me/sync"),
        Place("devices", "/me/devices"),
        Place("new-password", "/me?sheet=new-password"),
    ]


def own_story(books: Books, login: str) -> tuple[str, str]:
    """The person's customer with most contacts of theirs, and the latest of these."""
    me, _ = books.person(login)
    mine = {pk: row for pk, row in books.rows("interaction").items() if row["person_id"] == me}
    [(customer, _)] = Counter(row["customer_id"] for row in mine.values()).most_common(1)
    own = [pk for pk, row in mine.items() if row["customer_id"] == customer]
    return customer, max(own, key=lambda pk: mine[pk]["started_at"])


def make_trouble(company: Company, books: Books, rep: Hands, colleague: Hands) -> None:
    """Two people change one phone number apart, and a contact is planned for somebody who leaves meanwhile."""
    clashing, asked, *_ = (row["name"] for _, row in books.customers_of(PATCH))
    rep.device.link.weather.is_down = True
    for hands, number in ((colleague, NUMBERS[0]), (rep, NUMBERS[1])):
        hands.find_customer(clashing[:2], clashing)
        hands.edit_customer()
        hands.type("電話", number)
        hands.save("儲存客戶", "客戶資料存好了")
    colleague.wait_until_all_is_sent()
    rep.find_customer(asked[:2], asked)
    rep.tap("button", re.compile("^(安排下次聯絡|改這次聯絡)"))
    rep.field("誰去").select_option(label="黃冠宇")
    rep.tap("button", re.compile("^(排進去|儲存)$"), rep.sheet)
    rep.hears("排好了")
    company.run("user", "disable", "huang")
    rep.device.link.weather.is_down = False
    rep.sync_until_all_is_sent()


def show(
    page: Page, origin: str, place: Place, theme: str = "light", language: str = "zh-Hant", size: str = "100"
) -> None:
    """Open a place as somebody sees it who has chosen this theme, language and text size (percent)."""
    look = json.dumps({"theme": theme, "language": language, "size": size})
    page.evaluate("(look) => localStorage.setItem('baifang.look', look)", look)
    page.goto(origin + place.path)
    expect(page.locator("dialog[open]" if "sheet=" in place.path else "main").first).to_be_visible()
    if place.tab and page.evaluate("() => document.documentElement.dataset.width") in {"narrow", "phone"}:
        page.locator(f"#tab-{place.tab}").click()
    page.evaluate("() => document.fonts.ready.then(() => Promise.all(document.getAnimations().map((a) => a.finished)))")
