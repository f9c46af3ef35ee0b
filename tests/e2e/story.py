"""The people of the main story, and what each of them does while apart and offline."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.e2e.books import Books, Fields
from tests.e2e.company import Company
from tests.e2e.hands import Hands
from tests.e2e.local import Local, read_local

PATCH, NEXT_PATCH = "台中屯區", "台中山海線"

A_TYPED = {
    "電話": "04-2222-1111",
    "地址": "中山路一段 111 號後棟",
    "備註": "甲：警衛換人了，要先換證",
    "標籤": "甲標籤",
    "進門前要知道的": "甲：廠長在看能源報告",
}
B_TYPED = {
    "電話": "04-3333-2222",
    "地址": "復興路二段 222 號卸貨口",
    "備註": "乙：週三下午不收貨",
    "標籤": "乙標籤",
}
NOTE_ON_THE_MOVED = "甲：這家要搬廠，先別報價"
WHY = "甲：請冠宇帶試機過去"


@dataclass
class Story:
    """Who and what it is about; `typed` is the ledger of every value that somebody typed."""

    company: Company
    books: Books
    a: Hands
    b: Hands
    manager: Hands
    typed: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        mine = self.books.customers_of(PATCH)
        (self.visited, self.moved, self.planned) = mine[:3]
        self.logins = {"chen": self.a, "lin": self.b, "zhou": self.manager}

    def type(self, hands: Hands, label: str, text: str) -> None:
        """Type a value, and write it into the ledger."""
        hands.type(label, text)
        self.typed.append(text)

    def add(self, hands: Hands, label: str, text: str, after: str = "\n") -> None:
        """Add words to a field, and write them into the ledger."""
        hands.add(label, text, after)
        self.typed.append(text)

    def local(self, login: str) -> Local:
        """What a person's device holds now."""
        return read_local(self.logins[login].page, self.books.person(login)[0])


def b_edits(story: Story) -> None:
    """B changes the customer's phone, notes, tags, tier, and where to deliver."""
    fields = story.visited[1]
    story.b.find_customer(fields["name"][:2], fields["name"])
    story.b.edit_customer()
    type_all(story, story.b, B_TYPED)
    story.b.field("等級").select_option("D")
    story.b.save("儲存客戶", "客戶資料存好了")
    edit_address(story, story.b, B_TYPED)


def a_visits(story: Story) -> None:
    """A finds the customer by two characters, reads, and logs the visit in four taps, the next one planned."""
    fields = story.visited[1]
    story.a.find_customer(fields["name"][:2], fields["name"])
    expect(story.a.page.get_by_role("main").get_by_text(fields["payment_terms"])).to_be_visible()
    story.a.taps = 0
    story.a.tap("button", "到了，開始拜訪")
    story.a.tap("radio", "有進展", story.a.sheet)
    story.a.tap("radio", "明天", story.a.sheet)
    story.a.save("儲存拜訪", "的拜訪存好了")
    assert story.a.taps <= 4


def a_edits(story: Story) -> None:
    """A changes phone, notes, tags and briefing of the same customer, and where to deliver."""
    story.a.edit_customer()
    type_all(story, story.a, A_TYPED)
    story.add(story.a, "進門前要知道的", A_TYPED["進門前要知道的"])
    story.a.save("儲存客戶", "客戶資料存好了")
    edit_address(story, story.a, A_TYPED)


def type_all(story: Story, hands: Hands, typed: dict[str, str]) -> None:
    """The fields that both of them change."""
    story.type(hands, "電話", typed["電話"])
    story.add(hands, "標籤", typed["標籤"], after=", ")
    story.add(hands, "備註", typed["備註"])


def edit_address(story: Story, hands: Hands, typed: dict[str, str]) -> None:
    """The address of the site that takes deliveries."""
    hands.edit_site(delivery_site(story)[1]["name"])
    story.type(hands, "地址", typed["地址"])
    hands.save("儲存據點", "據點存好了")


def delivery_site(story: Story) -> tuple[str, Fields]:
    """The first site of the visited customer that takes deliveries."""
    sites = story.books.children("site", story.visited[0])
    return next((pk, site) for pk, site in sites.items() if "delivery" in site["purposes"])


def a_writes_to_one_that_moves(story: Story) -> None:
    """A note on a customer who is no longer A's by the time it is sent."""
    fields = story.moved[1]
    story.a.find_customer(fields["name"][:2], fields["name"])
    story.a.edit_customer()
    story.add(story.a, "備註", NOTE_ON_THE_MOVED)
    story.a.save("儲存客戶", "客戶資料存好了")


def a_asks_a_colleague(story: Story) -> None:
    """A touch for somebody who will not work here any more when it arrives."""
    fields = story.planned[1]
    story.a.find_customer(fields["name"][:2], fields["name"])
    story.a.tap("button", re.compile("^(安排下次聯絡|改這次聯絡)"))
    story.a.field("誰去").select_option(label="黃冠宇")
    story.type(story.a, "為什麼", WHY)
    story.a.save("排進去", "排好了")
