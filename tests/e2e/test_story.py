"""The main story: two reps and their manager, apart and offline, over bad links; nothing they typed is lost."""

import json
import re

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.bad_link import Weather
from tests.e2e.books import Books, Fields
from tests.e2e.company import Company
from tests.e2e.conftest import REPORTS, OpenDevice
from tests.e2e.device import TABLET, clock_ahead
from tests.e2e.hands import Hands
from tests.e2e.local import server_verdicts
from tests.e2e.story import (
    A_TYPED,
    B_TYPED,
    NEXT_PATCH,
    NOTE_ON_THE_MOVED,
    WHY,
    Story,
    a_asks_a_colleague,
    a_edits,
    a_visits,
    a_writes_to_one_that_moves,
    b_edits,
    delivery_site,
)

MOMENT = re.compile(r"(今天|昨天) \d\d:\d\d")


@pytest.fixture
def story(playwright: Playwright, company: Company, books: Books, devices: OpenDevice) -> Story:
    """Everybody has signed in and downloaded once, on a device of their own."""
    a = Hands(devices("A", seed=11))
    b = Hands(devices("B", seed=22, scripts=(clock_ahead(1),)))
    manager = Hands(devices("M", seed=33, size=TABLET))
    story = Story(company, books, a, b, manager)
    for login, hands in story.logins.items():
        hands.device.open(playwright)
        hands.sign_in(login, company.password)
        hands.wait_until_downloaded()
        hands.wait_until_all_is_sent()
    return story


def test_apart_and_offline_nothing_is_lost(story: Story, playwright: Playwright) -> None:
    story.a.device.close()
    story.company.stop()

    b_edits(story)
    story.a.device.open(playwright)
    a_visits(story)
    a_edits(story)
    a_writes_to_one_that_moves(story)
    a_asks_a_colleague(story)
    story.a.device.close()

    story.company.run("user", "disable", "huang")
    story.company.run("customer", "move", story.moved[0], "--to", NEXT_PATCH)
    story.company.start()
    everybody_returns(story, playwright)

    the_visit_is_there_once(story)
    what_was_apart_is_together(story)
    the_touch_for_the_disabled_colleague_is_mended(story)
    the_phone_clash_is_one_card(story)
    the_manager_sees_all_and_decides_the_address(story)
    the_moved_customer_left_and_its_note_is_kept(story)

    for hands in story.logins.values():
        hands.sync_until_all_is_sent()
        # The last questions are the test's own: nobody would ask them again.
        hands.device.link.weather.drop_reply = 0
    the_sums_are_equal(story)
    the_ledger_is_complete(story)
    for hands in story.logins.values():
        assert hands.device.problems == []
    for hands in (story.a, story.b):
        assert hands.device.link.weather.seen["drop"] > 0
        assert hands.device.link.weather.seen["repeat"] > 0


def everybody_returns(story: Story, playwright: Playwright) -> None:
    """B first, then A in a new process, each over a link that drops replies and repeats requests."""
    for hands in (story.a, story.b):
        hands.device.link.weather = Weather(drop_reply=0.35, repeat_request=0.35)
    assert story.local("lin").unsent
    story.b.sync_until_all_is_sent()
    story.a.device.open(playwright)
    for login in ("chen", "lin", "zhou"):
        story.logins[login].sync_until_all_is_sent()
        assert story.local(login).unsent == []


def the_visit_is_there_once(story: Story) -> None:
    """One row on the server and on every device, and the next touch beside it."""
    me = story.books.person("chen")[0]
    known = story.books.children("interaction", story.visited[0])
    visits = {
        pk for pk, row in known.items() if row["person_id"] == me and "checkin_at" in row and not row.get("notes")
    }
    assert len(visits) == 1
    for login in story.logins:
        assert visits <= story.local(login).rows("interaction").keys()
    [pk] = visits
    done = [row for row in story.books.children("touch", story.visited[0]).values() if row["assignee_id"] == me]
    assert any(row["state"] == "open" for row in done), pk


def what_was_apart_is_together(story: Story) -> None:
    """Fields that one of them touched, tags of both, and both notes: merged without a word."""
    before, now = story.visited[1], story.books.rows("customer")[story.visited[0]]
    assert now["tier"] == "D"
    assert now["briefing"] == "\n".join(filter(None, [before.get("briefing"), A_TYPED["進門前要知道的"]]))
    assert set(now["tags"]) == {*before.get("tags", []), A_TYPED["標籤"], B_TYPED["標籤"]}
    assert A_TYPED["備註"] in now["notes"]
    assert B_TYPED["備註"] in now["notes"]
    assert {row["group"] for row in clashes(story)} == {"phone", "address"}


def clashes(story: Story) -> list[Fields]:
    """The open conflicts of the visited customer."""
    found = story.books.children("conflict", story.visited[0]).values()
    return [row for row in found if row["state"] == "open"]


def the_touch_for_the_disabled_colleague_is_mended(story: Story) -> None:
    """It waited with its reason while the rest flowed; for somebody else it goes through."""
    a = story.a
    a.open_tab("需要你")
    card = a.page.get_by_role("article").filter(has_text=WHY)
    expect(card).to_contain_text("黃冠宇")
    expect(card.get_by_text("停用")).to_be_visible()
    a.tap("button", "修改再送", card)
    a.field("誰去").select_option(label="林佳穎")
    a.save("儲存", "排好了")
    a.sync_until_all_is_sent()
    lin = story.books.person("lin")[0]
    touches = story.books.children("touch", story.planned[0]).values()
    assert [row["assignee_id"] for row in touches if row.get("why") == WHY] == [lin]
    assert {row["state"] for row in story.books.rows("parked").values()} == {"superseded"}


def the_phone_clash_is_one_card(story: Story) -> None:
    """It names who and when; A takes B's number, and takes that back."""
    a = story.a
    [clash] = [row for row in clashes(story) if row["group"] == "phone"]
    # B's clock is a day ahead, and still A's number is the later one.
    assert clash["current"]["value"]["phone"] == A_TYPED["電話"]
    show_card(story, a, "電話")
    card = a.page.get_by_role("article").filter(has=a.page.get_by_role("heading", name="電話"))
    expect(a.page.get_by_text("林佳穎也改了同一格")).to_be_visible()
    for number, said in ((A_TYPED["電話"], "你的"), (B_TYPED["電話"], "林佳穎")):
        side = card.get_by_text(number).locator("..")
        expect(side.get_by_role("heading", name=said)).to_have_text(MOMENT)
    a.tap("button", re.compile("^用林佳穎的"))
    a.hears("電話")
    a.tap("button", "復原")
    a.hears("已復原")
    a.sync_until_all_is_sent()
    assert story.books.rows("customer")[story.visited[0]]["phone"] == A_TYPED["電話"]
    assert {row["group"] for row in clashes(story)} == {"phone", "address"}
    commands = [json.loads(line)["patch"] for line in story.books.history() if '"op":"command"' in line]
    assert [patch["command"] for patch in commands] == ["resolve", "reopen"]


def show_card(story: Story, hands: Hands, label: str) -> None:
    """Bring the card of this field to the front."""
    hands.open_tab("需要你")
    heading = hands.page.get_by_role("article").get_by_role("heading", name=re.compile(label))
    expect(hands.page.get_by_role("article").first).to_be_visible()
    if heading.count() == 0:
        hands.tap("link", story.visited[1]["name"], hands.page.get_by_role("main"))
    expect(heading).to_be_visible()


def the_manager_sees_all_and_decides_the_address(story: Story) -> None:
    """The server's value stays until somebody chooses; then it is the chosen one."""
    manager, (pk, _) = story.manager, delivery_site(story)
    manager.sync_until_all_is_sent()
    assert story.books.rows("site")[pk]["address"] == B_TYPED["地址"]
    fields = story.visited[1]
    manager.find_customer(fields["name"][:2], fields["name"])
    main = manager.page.get_by_role("main", name=fields["name"])
    for words in (A_TYPED["備註"], B_TYPED["備註"], A_TYPED["標籤"], B_TYPED["標籤"], A_TYPED["電話"]):
        expect(main.get_by_text(words).first).to_be_visible()
    expect(main.get_by_role("article").filter(has_text="陳柏翰").first).to_contain_text("有進展")
    show_card(story, manager, "地址")
    expect(manager.page.get_by_text(re.compile("陳柏翰.*林佳穎|林佳穎.*陳柏翰")).first).to_be_visible()
    manager.tap("button", re.compile("^用陳柏翰的"))
    manager.hears("地址")
    manager.sync_until_all_is_sent()
    assert story.books.rows("site")[pk]["address"] == A_TYPED["地址"]


def the_moved_customer_left_and_its_note_is_kept(story: Story) -> None:
    """A cannot see it any more; whoever has it now reads what A wrote."""
    pk, fields = story.moved
    assert pk not in story.local("chen").rows("customer")
    assert NOTE_ON_THE_MOVED in story.books.rows("customer")[pk]["notes"]
    story.manager.find_customer(fields["name"][:2], fields["name"])
    expect(story.manager.page.get_by_role("main").get_by_text(NOTE_ON_THE_MOVED)).to_be_visible()


def the_sums_are_equal(story: Story) -> None:
    """Each device holds exactly what its person may see: by its own sum, the server's word and the database."""
    for login, hands in story.logins.items():
        local = story.local(login)
        assert local.is_whole
        assert set(local.found["scopes"]) == story.books.granted(story.books.person(login)[0])
        assert local.sums() == story.books.sums(set(local.found["scopes"]))
        assert set(server_verdicts(hands.page, local).values()) == {"ok"}


def the_ledger_is_complete(story: Story) -> None:
    """Every value that somebody typed lies somewhere, and the report says where; no device keeps it half done."""
    assert [text for login in story.logins for text in story.local(login).texts] == []
    places = {
        "row": [json.dumps(story.books.rows(entity), ensure_ascii=False) for entity in ("customer", "site", "touch")],
        "conflict": [json.dumps(story.books.rows("conflict"), ensure_ascii=False)],
        "parked": [json.dumps(story.books.rows("parked"), ensure_ascii=False)],
        "history": list(story.books.history()),
        "device": [text for login in story.logins for text in story.local(login).texts],
    }
    found = {
        value: [name for name, texts in places.items() if any(value in text for text in texts)] for value in story.typed
    }
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / "ledger.json").write_text(json.dumps(found, ensure_ascii=False, indent=1))
    assert len(found) == len(A_TYPED) + len(B_TYPED) + 2
    for value, where in found.items():
        assert "history" in where, value
        assert {"row", "conflict"} & set(where), value
