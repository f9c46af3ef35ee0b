"""The two cores agree on cases that nobody thought of: Hypothesis invents them, both carry them out."""

import base64
import json
import os
import subprocess
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core import business, cadence, canonical, lunar, occasion, window
from sync.core.lineage import Lineage
from sync.core.merge import Author, Outcome, merge
from sync.core.mutation import from_json
from sync.core.overlay import overlay
from sync.core.policy import EntitySpec, FieldSpec, Invariant, Root, to_json
from sync.core.state import RowState
from sync.core.state import to_json as state_json
from sync.core.text import merge3

PWA = Path(canonical.__file__).parents[2] / "pwa"

bounded = settings(max_examples=200, deadline=None, derandomize=True, database=None)


class OtherCore:
    """The TypeScript core in a node process, one JSON line for a question and one for its answer."""

    def __init__(self) -> None:
        path = f"{PWA.parent / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.process = subprocess.Popen(
            ["node", "tools/run-core.mjs"],
            cwd=PWA,
            env=os.environ | {"PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, name: str, **question: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"run": name, **question}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate(timeout=10)


@pytest.fixture(scope="module")
def other():
    core = OtherCore()
    yield core
    core.close()


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def same_json(a: Any, b: Any) -> bool:
    """In JSON, true is not 1."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


# Values

PIECES = ["", "茶", "𠀀", "～", "a", "Ab", "\n", "喜歡熱茶，", "下次帶樣品。", "one two "]
words = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
scalars = st.one_of(st.none(), st.integers(-3, 3), st.booleans(), words)
names = st.sampled_from(["x", "y", "～", "𠀀", "__proto__", "constructor"])
name_lists = st.lists(names, max_size=3)

THING = EntitySpec(
    name="thing",
    fields=(
        FieldSpec("a", "register"),
        FieldSpec("address", "ask", "address"),
        FieldSpec("city", "ask", "address"),
        FieldSpec("notes", "text"),
        FieldSpec("tags", "set"),
        FieldSpec("count", "counter"),
        FieldSpec("from_on", "register"),
        FieldSpec("to_on", "register"),
        FieldSpec("parent_id", "register"),
    ),
    server_fields=("grade",),
    root=Root("parent_id", "thing"),
    references={"parent_id": "thing"},
    invariants=(Invariant("ordered", ("from_on", "to_on")), Invariant("acyclic", ("parent_id",))),
)
ENTRY = EntitySpec(
    name="entry",
    fields=(FieldSpec("text", "append"), FieldSpec("at", "append", "when"), FieldSpec("to", "append", "when")),
    append=True,
)

PK = "018f0000-0000-7000-8000-0000000000a1"
ids = st.integers(0, 5).map(lambda n: f"018f0000-0000-7000-8000-00000000b00{n}")
values = {
    "a": scalars,
    "notes": st.one_of(st.none(), words),
    "tags": st.fixed_dictionaries({}, optional={"add": name_lists, "remove": name_lists}),
    "count": st.fixed_dictionaries({"add": st.sampled_from([0, 1, -2, 2**53 - 1])}),
    "from_on": st.one_of(st.none(), st.sampled_from(["2026-01-01", "2026-03-01"])),
    "to_on": st.one_of(st.none(), st.sampled_from(["2026-02-01", "2026-04-01"])),
    "parent_id": st.one_of(st.none(), st.sampled_from([PK, PK[:-1] + "2"])),
    "address": scalars,
    "city": scalars,
    "text": scalars,
    "at": scalars,
    "to": scalars,
    "grade": scalars,
    "unknown": scalars,
}


ODD = {"half": ["city", "at"], "unknown": ["unknown"]}


@st.composite
def patches(draw: st.DrawFn, entity: str) -> dict[str, Any]:
    """Mostly whole groups of the entity, now and then a part of one or a name it does not have."""
    units = UNITS[entity] | (ODD if draw(st.integers(0, 19)) == 7 else {})
    chosen = draw(st.lists(st.sampled_from(sorted(units)), unique=True, min_size=1, max_size=4))
    return {name: draw(values[name]) for unit in chosen for name in units[unit]}


bases = st.fixed_dictionaries({}, optional={name: values[name] for name in ("notes", "a", "from_on")})

UNITS = {
    "thing": {name: [name] for name in ("a", "notes", "tags", "count", "from_on", "to_on", "parent_id", "grade")}
    | {"address": ["address", "city"]},
    "entry": {"text": ["text"], "when": ["at", "to"]},
}
OPS = {"thing": ["create", *["patch"] * 5, "delete", "restore", "command"], "entry": ["create", "revise", "void"]}


@st.composite
def steps(draw: st.DrawFn, entity: str) -> dict[str, Any]:
    seq = draw(st.integers(1, 9))
    op = draw(st.sampled_from(OPS[entity]))
    mutation_id = draw(ids)
    patch = {"delete": draw(ids)} if op == "restore" else draw(patches(entity))
    mutation = {
        "id": mutation_id,
        "entity": entity,
        "pk": PK,
        "op": op,
        "seen_rev": draw(st.one_of(st.none(), st.tuples(st.integers(1, 2), st.integers(1, 8)))),
        "base": draw(bases),
        "patch": patch,
        "hlc": [1000, 0],
        "schema": 1,
        "after": [],
        "seen_agg": draw(st.one_of(st.none(), st.integers(0, 6))),
    }
    device = draw(st.sampled_from(["d1", "d2", "d3"]))
    author = {
        "person": draw(st.sampled_from(["p1", "p1", "p1", "p2"])),
        "device": device,
        "seq": seq,
        "lineage": {"device": device, "ancestors": draw(st.sampled_from([[], [["d1", 4]]]))},
        "effective": [draw(st.integers(1, 4)), draw(st.integers(0, 1))],
        "epoch": draw(st.sampled_from([1, 1, 1, 2])),
        "is_server": draw(st.integers(0, 9)) != 7,
    }
    return {"mutation": mutation, "author": author}


shown_fields = st.fixed_dictionaries({}, optional={"notes": words, "a": scalars, "tags": name_lists})


def histories(entity: str):
    def created(step: dict[str, Any]) -> dict[str, Any]:
        patch = {"a": 1} if entity == "thing" else {"text": "茶"}
        return step | {"mutation": step["mutation"] | {"op": "create", "base": {}, "patch": patch}}

    first = steps(entity).map(created)
    return st.builds(lambda head, tail: [head, *tail], first, st.lists(steps(entity), min_size=5, max_size=14))


def author_of(value: dict[str, Any]) -> Author:
    past = value["lineage"]
    lineage = Lineage(past["device"], tuple((name, last) for name, last in past["ancestors"]))
    stamp = (value["effective"][0], value["effective"][1])
    return Author(value["person"], value["device"], value["seq"], lineage, stamp, value["epoch"], value["is_server"])


def outcome_json(outcome: Outcome) -> Any:
    park = outcome.park
    conflicts = [
        {
            "kind": event.kind,
            "entity": event.entity,
            "pk": event.pk,
            "group": event.group,
            "mutation": event.mutation,
            "rev": event.rev,
            "lineage": {"device": event.lineage.device, "ancestors": event.lineage.ancestors},
            "current": event.current,
            "candidates": event.candidates,
        }
        for event in outcome.conflicts
    ]
    return plain(
        {
            "state": state_json(outcome.state) if outcome.state else None,
            "changed": outcome.changed,
            "conflicts": conflicts,
            "is_merged": outcome.is_merged,
            "park": {"code": park.code, "fields": park.fields, "params": park.params} if park else None,
            "command": outcome.command,
        }
    )


def merged_here(spec: EntitySpec, history: list[dict[str, Any]]) -> list[Any]:
    state: RowState | None = None
    found: list[Any] = []
    for step in history:
        outcome = merge(spec, state, from_json(plain(step["mutation"])), author_of(step["author"]))
        state = outcome.state
        found.append(outcome_json(outcome))
    return found


@bounded
@given(history=st.one_of(histories("thing"), histories("entry")))
def test_rows_merge_to_the_same_state_with_the_same_conflicts(other: OtherCore, history: list[dict[str, Any]]):
    spec = THING if history[0]["mutation"]["entity"] == "thing" else ENTRY
    assert same_json(other.run("merges", spec=to_json(spec), steps=history), merged_here(spec, history))


@bounded
@given(history=histories("thing"), fields=st.one_of(st.none(), shown_fields))
def test_screens_show_the_same_overlay(other: OtherCore, history: list[dict[str, Any]], fields: dict[str, Any] | None):
    mutations = [plain(step["mutation"]) for step in history if "unknown" not in step["mutation"]["patch"]]
    here = overlay(THING, fields, [from_json(mutation) for mutation in mutations])
    assert same_json(other.run("overlaid", spec=to_json(THING), fields=fields, mutations=mutations), here)


@bounded
@given(base=words, current=words, incoming=words)
def test_texts_merge_to_the_same_text(other: OtherCore, base: str, current: str, incoming: str):
    here = merge3(base, current, incoming)
    assert other.run("merge3", base=base, current=current, incoming=incoming) == list(here)


json_values = st.recursive(
    st.one_of(scalars, st.floats(), st.integers(-(2**54), 2**54), st.text(st.characters(codec=None), max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=8,
)


MARKS = '"{}[]:,\\0-e. \x00'


@bounded
@given(value=json_values, damage=st.one_of(st.none(), st.tuples(st.integers(0, 60), st.sampled_from(MARKS))))
def test_the_same_bytes_are_read_or_refused(other: OtherCore, value: Any, damage: tuple[int, str] | None):
    text = json.dumps(value, ensure_ascii=False)
    if damage:
        at, inserted = damage
        text = text[:at] + inserted + text[at:]
    line = text.encode("utf-8", "surrogatepass")
    there = other.run("canonical", base64=base64.b64encode(line).decode())
    try:
        here: Any = canonical.dumps(canonical.loads(line)).decode()
    except canonical.CanonicalError:
        assert isinstance(there, dict)
    else:
        assert there == here


@bounded
@given(
    anchor=st.dates(date(1900, 1, 1), date(9000, 1, 1)),
    every=st.integers(1, 400),
    lead=st.integers(0, 60),
    pause=st.none() | st.integers(-30, 500),
)
def test_cadences_ask_for_the_same_days(other: OtherCore, anchor: date, every: int, lead: int, pause: int | None):
    over = {} if pause is None else {"not_before_on": (anchor + timedelta(days=pause)).isoformat()}
    here = window.window(anchor.isoformat(), every, lead, **over)
    there = other.run("window", anchor_on=anchor.isoformat(), every_days=every, lead_days=lead, **over)
    assert there == {"due_from_on": here.due_from_on, "due_to_on": here.due_to_on}


@bounded
@given(on=st.dates(date(1899, 1, 1), date(2102, 1, 1)))
def test_days_have_the_same_lunar_dates(other: OtherCore, on: date):
    here = lunar.to_lunar(on.isoformat())
    assert other.run("to_lunar", solar_on=on.isoformat()) == (here and asdict(here))


@bounded
@given(
    calendar=st.sampled_from(occasion.CALENDARS),
    month=st.integers(0, 13),
    day=st.integers(0, 32),
    shift=st.integers(-2, 2),
    on=st.dates(date(1899, 1, 1), date(2102, 1, 1)),
)
def test_occasions_come_on_the_same_days(other: OtherCore, calendar: str, month: int, day: int, shift: int, on: date):
    yearly = occasion.Yearly(calendar, month, day, shift)
    assert other.run("next_day", from_on=on.isoformat(), **asdict(yearly)) == occasion.next_day(yearly, on.isoformat())


words = st.sampled_from(["", "", "A", "lost", "甲"])
traits = st.builds(
    cadence.Traits, words, words, words, st.lists(st.sampled_from("甲乙丙"), max_size=2, unique=True).map(tuple)
)
ids = st.sampled_from([f"018f0000-0000-7000-8000-00000000000{n}" for n in range(6)])
askers = st.builds(cadence.Cadence, ids, st.sampled_from(cadence.CHANNELS), st.integers(0, 3), traits)


@bounded
@given(all_=st.lists(askers, max_size=6, unique_by=lambda one: one.id), customer=traits)
def test_the_same_cadences_ask_for_a_customer(other: OtherCore, all_: list[cadence.Cadence], customer: cadence.Traits):
    told = [{"pk": one.id, "channel": one.channel, "everyDays": one.every_days, **asdict(one.traits)} for one in all_]
    there = other.run("applying", cadences=told, customer=asdict(customer))
    assert there == [one.id for one in cadence.applying(all_, customer)]


clock_times = st.times().map(lambda time: time.isoformat("minutes"))
some_hours = st.one_of(
    st.just(""), st.tuples(clock_times, clock_times).map("-".join), st.sampled_from(["09:00-18:00", "9-18"])
)
near = st.dates(date(2026, 12, 20), date(2027, 1, 10)).map(date.isoformat)


@bounded
@given(
    week=st.lists(some_hours, max_size=7),
    closed=st.lists(near, max_size=12, unique=True),
    opened=st.dictionaries(near, some_hours, max_size=4),
    now_on=near,
    now_time=clock_times,
)
def test_what_is_promised_is_due_at_the_same_time(
    other: OtherCore, week: list[str], closed: list[str], opened: dict[str, str], now_on: str, now_time: str
):
    calendar = business.Calendar(week, frozenset(closed), opened)
    here = business.due_by_same_day_rule(calendar, now_on, now_time)
    there = other.run("sameDay", week=week, closed=closed, opened=opened, now_on=now_on, now_time=now_time)
    assert there == {"due_on": here.due_on, "due_time": here.due_time}
