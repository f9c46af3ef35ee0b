"""Merging: whatever the order of arrival, no typed value is lost and nobody loses to themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.core import canonical, state
from sync.core.lineage import Lineage
from sync.core.merge import Author, Outcome, merge
from sync.core.mutation import Mutation
from sync.core.policy import EntitySpec, FieldSpec
from sync.core.state import RowState

SPEC = EntitySpec(
    name="customer",
    fields=(
        FieldSpec("phone", "register"),
        FieldSpec("terms", "ask"),
        FieldSpec("tags", "set"),
        FieldSpec("visits", "counter"),
        FieldSpec("notes", "text"),
    ),
)
PK = "018f0000-0000-7000-8000-0000000000a1"
ids = count()


@dataclass(frozen=True)
class Act:
    """A device's n-th write: its patch, whether it saw the row as it now is, its stamp."""

    device: str
    seq: int
    patch: dict[str, Any]
    stamp: int = 0
    is_aware: bool = False


def created() -> RowState:
    patch = {"phone": "0", "terms": "0", "tags": {"add": ["x", "y"]}, "visits": {"add": 10}}
    outcome = merge(SPEC, None, mutation(Act("z", 1, patch), None), author(Act("z", 1, patch)))
    assert outcome.state
    return outcome.state


def mutation(act: Act, seen: tuple[int, int] | None) -> Mutation:
    op = "create" if seen is None else "patch"
    return Mutation(f"m{next(ids)}", "customer", PK, op, seen, {}, act.patch, (0, 0), 1)


def author(act: Act) -> Author:
    stamp = (act.stamp, 0)
    return Author("p-" + act.device, act.device, act.seq, Lineage(act.device), stamp, 1)


def applied(acts: Iterable[Act], start: RowState) -> tuple[RowState, list[Outcome]]:
    row, outcomes = start, []
    for act in acts:
        seen = row.rev if act.is_aware else start.rev
        outcome = merge(SPEC, row, mutation(act, seen), author(act))
        assert outcome.park is None
        assert outcome.state
        row = outcome.state
        outcomes.append(outcome)
    return row, outcomes


@st.composite
def interleaved(draw: st.DrawFn, patches: st.SearchStrategy[dict[str, Any]]):
    """The same writes of a few devices in two orders of arrival, each device's own in its order."""
    amounts = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    queues = [
        [Act(f"d{d}", seq + 2, draw(patches), draw(st.integers(0, 3))) for seq in range(amount)]
        for d, amount in enumerate(amounts)
    ]
    turns = [d for d, amount in enumerate(amounts) for _ in range(amount)]
    return tuple(
        [next(source) for d in draw(st.permutations(turns)) for source in [sources[d]]]
        for sources in ([iter(queue) for queue in queues] for _ in range(2))
    )


elements = st.lists(st.sampled_from("xyz"), max_size=2)
set_patches = st.fixed_dictionaries({"tags": st.fixed_dictionaries({"add": elements, "remove": elements})})
counter_patches = st.fixed_dictionaries({"visits": st.fixed_dictionaries({"add": st.integers(-5, 5)})})
values = st.sampled_from(["1", "2", "3", None])


@given(interleaved(set_patches | counter_patches))
def test_sets_and_counters_do_not_depend_on_the_order_of_arrival(orders):
    start = created()
    one, other = (applied(order, start)[0] for order in orders)
    assert one.fields == other.fields


@given(st.lists(st.tuples(values, st.integers(0, 3)), min_size=1, max_size=5), st.randoms())
def test_registers_do_not_depend_on_the_order_of_arrival_given_their_stamps(writes, random):
    acts = [Act(f"d{i}", 2, {"phone": value}, 5 + ms) for i, (value, ms) in enumerate(writes)]
    start = created()
    one, _ = applied(acts, start)
    random.shuffle(acts)
    other, _ = applied(acts, start)
    last = max(acts, key=lambda act: (act.stamp, act.device))
    assert one.fields.get("phone") == other.fields.get("phone") == last.patch["phone"]


@given(st.lists(st.tuples(values, st.integers(0, 3)), min_size=1, max_size=5))
def test_ask_keeps_the_value_that_came_first_whatever_the_stamps(writes):
    acts = [Act(f"d{i}", 2, {"terms": value}, ms) for i, (value, ms) in enumerate(writes)]
    row, outcomes = applied(acts, created())
    first = acts[0].patch["terms"]
    assert row.fields.get("terms") == first
    for act, outcome in zip(acts, outcomes, strict=True):
        waits = [event.candidates[0]["value"] for event in outcome.conflicts]
        assert waits == ([] if act.patch["terms"] == first else [{"terms": act.patch["terms"]}])


any_acts = st.builds(
    Act,
    device=st.sampled_from(["d1", "d2", "d3"]),
    seq=st.just(0),
    patch=st.fixed_dictionaries({}, optional={"phone": values, "terms": values}),
    stamp=st.integers(0, 5),
    is_aware=st.booleans(),
)


def typed_before(acts: list[Act], device: str, name: str, value: Any) -> bool:
    return any(a.device == device and name in a.patch and a.patch[name] == value for a in acts)


@given(st.lists(any_acts, max_size=8))
def test_no_typed_value_is_lost(drawn):
    """Every value is current, a candidate, or overwritten by who had seen it or typed the same."""
    acts = [Act(a.device, n + 2, a.patch, a.stamp, a.is_aware) for n, a in enumerate(drawn)]
    row, outcomes = applied(acts, created())
    kept = {
        (name, item["value"][name])
        for outcome in outcomes
        for event in outcome.conflicts
        for item in event.candidates
        for name in item["value"]
    }
    for place, act in enumerate(acts):
        for name, value in act.patch.items():
            is_known = any(
                name in b.patch and (b.is_aware or typed_before(acts[:n], b.device, name, value))
                for n, b in enumerate(acts)
                if n > place
            )
            assert is_known or row.fields.get(name) == value or (name, value) in kept


@given(st.lists(any_acts, max_size=8))
def test_nobody_conflicts_with_themselves(drawn):
    acts = [Act("d1", n + 2, a.patch, a.stamp, a.is_aware) for n, a in enumerate(drawn)]
    _, outcomes = applied(acts, created())
    others = [event for outcome in outcomes for event in outcome.conflicts]
    assert others == []


@given(st.lists(any_acts, max_size=8))
def test_a_row_s_revision_rises_by_one_exactly_when_something_happened(drawn):
    acts = [Act(a.device, n + 2, a.patch, a.stamp, a.is_aware) for n, a in enumerate(drawn)]
    row = created()
    for act in acts:
        before = canonical.dumps(state.to_json(row))
        outcome = merge(SPEC, row, mutation(act, row.rev), author(act))
        assert outcome.state
        happened = bool(outcome.changed or outcome.conflicts)
        assert outcome.state.rev == (1, row.rev[1] + happened)
        assert (outcome.state is row) == (not happened)
        assert canonical.dumps(state.to_json(row)) == before
        row = outcome.state


@given(st.lists(any_acts, max_size=6))
def test_a_state_survives_its_stored_form(drawn):
    acts = [Act(a.device, n + 2, a.patch, a.stamp, a.is_aware) for n, a in enumerate(drawn)]
    row, _ = applied(acts, created())
    stored = canonical.loads(canonical.dumps(state.to_json(row)))
    assert state.from_json(stored) == row


def test_an_edit_and_a_delete_keep_the_same_in_both_orders():
    start = created()
    edit = Act("d1", 2, {"phone": "9"}, 7)

    def delete(row: RowState) -> Outcome:
        gone = Mutation("delete", "customer", PK, "delete", (1, 1), {}, {}, (0, 0), 1, seen_agg=1)
        return merge(SPEC, row, gone, author(Act("d2", 2, {}, 9)))

    edited, _ = applied([edit], start)
    first = delete(edited)
    hidden = delete(start).state
    assert hidden
    last = merge(SPEC, hidden, mutation(edit, start.rev), author(edit))
    for outcome in (first, last):
        assert outcome.state
        assert outcome.state.deleted
        assert outcome.state.fields["phone"] == "9"
        (event,) = outcome.conflicts
        assert event.candidates[0]["value"]["fields"] == {"phone": "9"}
