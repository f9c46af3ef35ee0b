"""Everybody can use every screen: axe finds nothing in any theme and language, and twice the text still fits."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.e2e.books import Books
from tests.e2e.company import ROOT, Company
from tests.e2e.device import CHEAP_PHONE, Device
from tests.e2e.hands import Hands
from tests.e2e.places import LANGUAGES, THEMES, Place, all_places, make_trouble, show

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """async (rules) => {
  const { violations } = await axe.run(document, rules === null ? {} : { runOnly: rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}"""
LEFT_OUT = {"log-whom", "new-contact", "customers-found"}
"""Made of the same parts as places that are looked at."""
NARROW = (320, 640)
TOO_WIDE = """() => [...document.querySelectorAll('main, main *, dialog, dialog *, body > *')].flatMap((one) => {
  const box = one.getBoundingClientRect();
  const scrolls = one.closest('.scroll') !== null || one.closest('[aria-hidden=true]') !== null;
  return box.width > 0 && !scrolls && box.right > window.innerWidth + 1 ? [`${one.tagName}.${one.className}`] : [];
}).concat(document.documentElement.scrollWidth > window.innerWidth + 1 ? ['the page itself'] : [])"""

LINES = """() => {
  const head = document.querySelector('h1');
  return head.getBoundingClientRect().height / parseFloat(getComputedStyle(head).lineHeight);
}"""


@pytest.fixture(scope="module")
def rep(
    playwright: Playwright, company: Company, books: Books, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Device]:
    """A rep's phone after a day on which things went wrong."""
    folder = tmp_path_factory.mktemp("accessible")
    rep, colleague = (
        Device(name, folder, company.origin, seed=seed, size=CHEAP_PHONE) for seed, name in enumerate("ab")
    )
    for device, login in ((rep, "chen"), (colleague, "lin")):
        device.open(playwright)
        Hands(device).sign_in(login, company.password)
        Hands(device).wait_until_downloaded()
    make_trouble(company, books, Hands(rep), Hands(colleague))
    colleague.discard()
    yield rep
    rep.discard()


@pytest.fixture(scope="module")
def places(books: Books) -> list[Place]:
    """What is looked at."""
    return [place for place in all_places(books, "chen") if place.name not in LEFT_OUT]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_breaks_a_rule_of_axe(rep: Device, places: list[Place], language: str) -> None:
    found: dict[str, list[str]] = {}
    for place in places:
        show(rep.page, rep.origin, place, "light", language)
        found[place.name] = violations(rep.page)
    assert_nothing(found)


def violations(page: Page) -> list[str]:
    """The rules broken on this page in each theme; themes differ in colours alone."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(CHECK, None)
    for theme in THEMES[1:]:
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        found += [f"{theme} {one}" for one in page.evaluate(CHECK, ["color-contrast"])]
    return found


def test_text_at_twice_its_size_never_scrolls_sideways(rep: Device, places: list[Place]) -> None:
    rep.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    found: dict[str, list[str]] = {}
    for place in places:
        show(rep.page, rep.origin, place, size="200")
        found[place.name] = rep.page.evaluate(TOO_WIDE)
    assert_nothing(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_head_with_its_count_and_the_sync_sign_is_one_line(rep: Device, language: str) -> None:
    rep.page.set_viewport_size({"width": CHEAP_PHONE[0], "height": CHEAP_PHONE[1]})
    show(rep.page, rep.origin, Place("needs-you", "/needs-you"), language=language)
    expect(rep.page.locator("h1 small")).to_be_visible()
    assert rep.page.evaluate(LINES) < 2


def assert_nothing(found: dict[str, list[str]]) -> None:
    """Name every place with what is wrong there."""
    wrong = [f"{name}: {one}" for name, all_of_it in found.items() for one in all_of_it]
    assert not wrong, "\n".join(wrong)
