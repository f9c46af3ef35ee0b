"""How long inputs take until their paint on a slowed phone, and how long Save takes until it is on the disk.

Every input is a real one, sent through the browser and counted by it; the page is at rest before each.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from typing import TypeVar

from tests.bench.measure import Measure
from tests.bench.phone import Phone, Taken, slowest

INPUTS = int(os.environ.get("BENCH_INPUTS", "104"))
"""Of each kind; fewer than a hundred make no p98."""
QUICK_SAVES = 30
SAVES_EACH = 10
"""Saves on one customer before the next one is opened."""
AIM_MS = 100
SAVED_AIM_MS = 150
TABS = ("/customers", "/needs-you", "/me", "/")
QUERIES = [
    "精密",
    "台中",
    "王",
    "04-22",
    "電子",
    "cz",
    "0912",
    "股份",
    "大",
    "機械",
    "林",
    "0932",
    "科技",
    "tz",
    "陳",
    "工業",
]

T = TypeVar("T")


def inputs(phone: Phone, name: str, acts: Iterable[Callable[[], None]]) -> list[Measure]:
    """Do one input after another, each on a page at rest."""
    return [inp(name, [slowest(taken) for taken in watched(phone, name, acts)])]


def watched(phone: Phone, name: str, acts: Iterable[Callable[[], None]]) -> list[Taken]:
    """What the page noted at each input; raises where the browser counted fewer."""
    before = phone.interactions
    noted: list[Taken] = []
    for act in acts:
        act()
        noted.append(phone.rest())
    assert phone.interactions - before >= len(noted), f"{name}: the browser did not see every input"
    return noted


def inp(name: str, values: list[float]) -> Measure:
    """Interaction to next paint, as the 98th of a hundred."""
    return Measure(f"INP p98, CPU 4×: {name}", "ms", values, "p98", AIM_MS)


def some(things: Sequence[T]) -> Iterator[T]:
    """Round and round until there are enough."""
    return islice(cycle(things), INPUTS)


def taps_on_tabs(phone: Phone) -> list[Measure]:
    """Go round the four tabs: until the tab is marked, and until its screen is drawn."""
    tabs = [phone.page.locator(f'nav.tabs a.tab[href="{href}"]') for href in TABS]
    noted = watched(phone, "tab", [partial(phone.tap, tab) for tab in some(tabs)])
    drawn = [float(each["screens"][-1] - each["taps"][-1]) for each in noted]
    marked = [slowest(each) for each in noted]
    return [inp("tab", marked), Measure("tap on a tab until its screen is drawn, CPU 4×", "ms", drawn, "p90")]


def keys_in_search(phone: Phone) -> list[Measure]:
    """Type queries letter by letter, and take each back: until the letter shows, and until other rows do."""
    open_customers(phone)
    phone.tap(phone.page.locator("input[type=search]"))
    phone.rest()
    keys = [key for query in QUERIES for key in (*query, *["Backspace"] * len(query))]
    noted = watched(phone, "search", [partial(phone.press, key) for key in some(keys)])
    seen = [each for each in noted if each["lists"] and each["inputs"]]
    drawn = [float(each["lists"][0] - each["inputs"][0]["startTime"]) for each in seen]
    lists = Measure("key in search until the other rows are drawn, CPU 4×", "ms", drawn, "p90")
    return [inp("search", [slowest(each) for each in noted]), lists]


def taps_on_filters(phone: Phone) -> list[Measure]:
    """Filter the whole list by tier and by what is late, on and off again, and go through its orders."""
    open_customers(phone)
    chips = phone.page.locator("search.finder .chips button").all()
    twice = [chip for chip in chips for _ in range(2)]
    return inputs(phone, "chip over the whole list", [partial(phone.tap, chip) for chip in some(twice)])


def slow_saves(phone: Phone) -> list[Measure]:
    """Chips of the log sheet and Save, as inputs; and Save until it is on the disk."""
    chips, taps, saved = log_visits(phone, INPUTS)
    return [inp("chip in the log sheet", chips), inp("save", taps), durable("CPU 4×", saved)]


def quick_saves(phone: Phone) -> list[Measure]:
    """Save until it is on the disk."""
    return [durable("CPU 1×", log_visits(phone, min(INPUTS, QUICK_SAVES))[2])]


def durable(speed: str, values: list[float]) -> Measure:
    """From the tap on Save until the last of its strict transactions is committed."""
    return Measure(f"tap on Save until it is on strict storage, {speed}", "ms", values, "p90", SAVED_AIM_MS)


def log_visits(phone: Phone, times: int) -> tuple[list[float], list[float], list[float]]:
    """Log visits to one customer after another: milliseconds of the chip, of the tap on Save, and until saved."""
    chips: list[float] = []
    taps: list[float] = []
    saved: list[float] = []
    for number in range(times):
        if number % SAVES_EACH == 0:
            open_customers(phone)
            phone.tap(phone.page.locator("main ul.slice a.go").nth(number // SAVES_EACH))
            phone.rest()
        chips.append(fill_in(phone, number))
        phone.tap(phone.page.locator("dialog footer.save button[type=submit]"))
        phone.page.evaluate("bench.told()")
        taken = phone.rest()
        taps.append(slowest(taken))
        saved.append(until_durable(taken))
    return chips, taps, saved


def fill_in(phone: Phone, number: int) -> float:
    """Open the log sheet, choose how it went and when again; returns the milliseconds of the first chip."""
    phone.tap(phone.page.locator("nav.tabs button.log"))
    outcomes = phone.page.locator('dialog [role=radiogroup][aria-label="結果"] button')
    outcomes.first.wait_for()
    phone.rest()
    phone.tap(outcomes.nth(number % 3))
    took = phone.input_ms()
    phone.tap(phone.page.locator('dialog [role=radiogroup][aria-label="下次聯絡"] button').first)
    phone.rest()
    return took


def until_durable(taken: Taken) -> float:
    """From the finger to the last commit before the screen said that it is saved, ms."""
    tap, told = taken["taps"][-1], taken["notices"][-1]
    commits = [commit for commit in taken["commits"] if tap < commit["at"] <= told]
    assert commits, "the screen said saved before anything was"
    assert all(commit["durability"] == "strict" for commit in commits), commits
    return float(commits[-1]["at"] - tap)


def open_customers(phone: Phone) -> None:
    """Go to the list, without filters."""
    phone.tap(phone.page.locator('nav.tabs a.tab[href="/customers"]'))
    phone.page.locator("main ul.slice a.go").first.wait_for()
    phone.rest()
