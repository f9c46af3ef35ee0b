"""What each function that a vector may name means in this language (see sync/vectors/README.md)."""

from dataclasses import asdict, replace
from functools import reduce
from typing import Any

from sync.core import (
    business,
    cadence,
    canonical,
    clock,
    conflict,
    cursor,
    digest,
    dots,
    ids,
    lateness,
    lunar,
    merge,
    mutation,
    occasion,
    policy,
    state,
    text,
    window,
)
from sync.core.overlay import overlay
from sync.core.state import Write
from tests.conformance.values import (
    Specs,
    aggregate_row,
    author,
    calendar_of,
    event,
    held,
    lineage,
    mutated,
    outcome_json,
    park_json,
    rev,
    row,
)


def _canonical(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "dumps":
        return canonical.dumps(given["value"]).decode()
    if function == "loads":
        line = bytes.fromhex(given["hex"]) if "hex" in given else given["text"].encode()
        return canonical.loads(line)
    return canonical.same(given["a"], given["b"])


def _ids(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "uuid7":
        return ids.uuid7(given["ms"], bytes.fromhex(given["random"]))
    if function == "uuid5":
        return ids.uuid5(given["namespace"], given["name"])
    return ids.is_uuid(given["text"])


def _digest(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "sha_hex":
        return digest.sha_hex(given["text"].encode())
    if function == "row_digest":
        pair = (given["rev"][0], given["rev"][1])
        return digest.to_hex(digest.row_digest(given["entity"], given["pk"], pair, given["body"].encode()))
    if function == "sum":
        return digest.to_hex(reduce(digest.add, map(digest.from_hex, given["digests"]), 0))
    return digest.to_hex(digest.subtract(digest.from_hex(given["total"]), digest.from_hex(given["digest"])))


def _clock(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "tick":
        return list(clock.tick((given["last"][0], given["last"][1]), given["wall"]))
    if function == "effective":
        given = given | {key: rev(given[key]) for key in ("claimed", "seen", "previous")}
        return list(clock.effective(**given))
    if function == "later":
        a, b = (((s[0], s[1]), device, seq) for s, device, seq in (given["a"], given["b"]))
        return clock.later(a, b)
    return _device(given)


def _device(given: dict[str, Any]) -> Any:
    state, stamps = clock.ClockState(), []
    for look in given["looks"]:
        reading = clock.Reading(look["wall"], look["mono"], look["session"])
        if look["do"] == "stamp":
            state = clock.stamped(state, reading)
            stamps.append(list(state.last))
        elif look["do"] == "observe":
            state = clock.observed(state, reading)
        else:
            state = clock.contacted(state, reading, look["server_time"])
    if "prune_to" in given:
        state = clock.pruned(state, rev(given["prune_to"]))
    return {
        "stamps": stamps,
        "skews": [clock.skew_of(state, (ms, n)) for ms, n in given["ask"]],
        "skew": state.skew,
        "kept": [[list(item.up_to), item.skew] for item in state.kept],
    }


def _text(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "diff":
        return [list(hunk) for hunk in text.diff(**given)]
    merged, overlapped = text.merge3(**given)
    return {"text": merged, "overlapped": overlapped}


def _dots(_function: str, given: dict[str, Any], _specs: Specs) -> Any:
    held: dots.Dots = {}
    for step in given["steps"]:
        names, seen, past = step["names"], rev(step["seen"]), lineage(step["lineage"])
        if step["do"] == "add":
            mutation, person, device, seq, stamp, at, agg = step["write"]
            dot = Write(mutation, person, device, seq, tuple(stamp), tuple(at), agg)
            held = dots.add(held, names, dot, seen, past)
        else:
            held = dots.remove(held, names, seen, past)
    return {
        "elements": dots.elements(held),
        "dots": {name: [dot.mutation for dot in held[name]] for name in held},
    }


def _mutation(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    try:
        if function == "decode":
            line = given["text"].encode() if "text" in given else b"x" * given["length"]
            return {"mutation": mutation.to_json(mutation.decode(line))}
        if function == "encode":
            return {"text": mutation.encode(mutated(given["mutation"])).decode()}
        lines = [(item["op"], item["bytes"]) for item in given["lines"] for _ in range(item["times"])]
        sample = mutated(given["mutation"])
        mutation.check_txn([(replace(sample, op=op), size) for op, size in lines])
        return {"ok": True}
    except mutation.MutationError as error:
        return {"park": {"code": error.code, "fields": list(error.fields)}}


def _policy(function: str, given: dict[str, Any], specs: Specs) -> Any:
    spec = specs[given["spec"]]
    if function == "check_patch":
        by_server = given.get("by_server", False)
        return park_json(policy.check_patch(spec, given["patch"], given["base"], by_server=by_server))
    if function == "groups":
        return {name: list(spec.groups[name]) for name in sorted(spec.groups)}
    if function == "round_trip":
        return policy.to_json(spec)
    return policy.referenced(spec, given["fields"])


def _state(_function: str, given: dict[str, Any], _specs: Specs) -> Any:
    return state.to_json(state.from_json(given["state"]))


def _lineage(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    past = lineage(given["lineage"])
    if function == "includes":
        return past.includes(given["device"], given["seq"])
    forked = past.fork(given["device"], given["last_equal_seq"])
    return {"device": forked.device, "ancestors": [list(item) for item in forked.ancestors]}


def _merge(_function: str, given: dict[str, Any], specs: Specs) -> Any:
    held_state, steps = row(given["state"]), []
    for step in given["steps"]:
        parents = step.get("parents")
        outcome = merge.merge(
            specs[given["spec"]],
            held_state,
            mutated(step["mutation"]),
            author(step["author"]),
            agg=step.get("agg"),
            aggregate=[aggregate_row(specs, item) for item in step.get("aggregate", [])],
            root=row(step.get("root")),
            parent_of=None if parents is None else lambda _field, pk, tree=parents: tree.get(pk),
        )
        held_state = outcome.state
        steps.append(outcome_json(outcome))
    return {"state": held_state and state.to_json(held_state), "steps": steps}


def _overlay(_function: str, given: dict[str, Any], specs: Specs) -> Any:
    waiting = [mutated(item) for item in given["mutations"]]
    fields, touched = overlay(specs[given["spec"]], given["fields"], waiting)
    return {"fields": fields, "touched": touched}


def _conflict(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "conflict_pk":
        return conflict.conflict_pk(event(given["event"]))
    if function == "receipts":
        found = conflict.receipts(given["pk"], given["record"])
        return {pk: {"person": person, "body": body} for pk, (person, body) in found.items()}
    record, decisions = given["record"], []
    for step in given["steps"]:
        decision = _conflict_step(record, step)
        record = decision.record
        if "command" in step:
            write = decision.write
            decisions.append(
                {
                    "write": write and {"op": write.op, "patch": write.patch},
                    "park": park_json(decision.park),
                }
            )
    return {"record": record, "decisions": decisions}


def _conflict_step(record: Any, step: dict[str, Any]) -> conflict.Decision:
    if "event" in step:
        joined = conflict.open_or_join(record, event(step["event"]), step["customer_id"], step["now"])
        return conflict.Decision(joined)
    if "write" in step:
        past, seen = lineage(step["lineage"]), rev(step["seen_rev"])
        return conflict.Decision(conflict.observe_write(record, seen, past, step["write"]))
    by = conflict.Decider(**step["by"])
    if step["command"]["command"] == "resolve":
        return conflict.resolve(record, step["command"], by)
    at = (step["rev"][0], step["rev"][1])
    return conflict.reopen(record, step["command"], step["current"], at, by)


def _window(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "window":
        found = window.window(**given)
        return {"due_from_on": found.due_from_on, "due_to_on": found.due_to_on}
    if function == "generated_pk":
        return window.generated_pk(**given)
    due = window.Window(given["due_from_on"], given["due_to_on"])
    return {
        "is_due": window.is_due(due, given["today_on"]),
        "overdue_days": window.overdue_days(due, given["today_on"]),
    }


def _lunar(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "to_solar":
        return lunar.to_solar(lunar.LunarDate(**given))
    if function == "to_lunar":
        found = lunar.to_lunar(given["solar_on"])
        return found and asdict(found)
    if function == "month_days":
        return lunar.month_days(**given)
    if function == "leap_months":
        years = range(given["from"], given["to"] + 1)
        return [[year, leap] for year in years if (leap := lunar.leap_month(year))]
    return [lunar.to_solar(lunar.LunarDate(year, 1, 1)) for year in given["years"]]


def _occasion(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "window":
        return asdict(occasion.window(**given))
    given = dict(given)
    yearly = occasion.Yearly(*(given.pop(name) for name in ("calendar", "month", "day", "shift_days")))
    return getattr(occasion, function)(yearly, **given)


def _cadence(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "anchor":
        return cadence.anchor(given["contacts"], given["channel"])
    if function == "covers":
        return cadence.covers(given["done"], given["channel"])
    all_ = [
        cadence.Cadence(one.pop("id"), one.pop("channel"), one.pop("every_days"), _traits(one))
        for one in map(dict, given["cadences"])
    ]
    return [one.id for one in cadence.applying(all_, _traits(given["customer"]))]


def _traits(given: dict[str, Any]) -> cadence.Traits:
    tags = tuple(given.get("tags", ()))
    return cadence.Traits(given.get("tier", ""), given.get("stage", ""), given.get("industry", ""), tags)


def _business(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    calendar = calendar_of(given["calendar"])
    if function == "hours_on":
        return business.hours_on(calendar, given["on"])
    if function == "next_open_day":
        return business.next_open_day(calendar, given["after_on"])
    found = business.due_by_same_day_rule(calendar, given["now_on"], given["now_time"])
    return {"due_on": found.due_on, "due_time": found.due_time}


def _lateness(_function: str, given: dict[str, Any], _specs: Specs) -> Any:
    due = lateness.Due(given["due_on"], given["due_time"])
    return lateness.minutes_late(due, given["now_on"], given["now_time"])


def _cursor(function: str, given: dict[str, Any], _specs: Specs) -> Any:
    if function == "seal":
        return cursor.seal(given["payload"], bytes.fromhex(given["key"]), given["purpose"])
    if function == "unseal":
        return cursor.unseal(given["text"], bytes.fromhex(given["key"]), given["purpose"])
    if function == "takes_upsert":
        new = held(given["new"])
        assert new
        return cursor.takes_upsert(held(given["held"]), rev(given["marker"]), new, given["source"])
    if function == "takes_removal":
        old, new = held(given["held"]), held(given["new"])
        assert old
        assert new
        return cursor.takes_removal(old, new)
    if function == "later_marker":
        return list(cursor.later_marker(rev(given["marker"]), (given["rev"][0], given["rev"][1])))
    return cursor.is_settled(given["log_seq"], given["page_seq"])


ADAPTERS = {
    "core/canonical": _canonical,
    "core/ids": _ids,
    "core/digest": _digest,
    "core/clock": _clock,
    "core/text": _text,
    "core/dots": _dots,
    "core/mutation": _mutation,
    "core/policy": _policy,
    "core/state": _state,
    "core/lineage": _lineage,
    "core/merge": _merge,
    "core/overlay": _overlay,
    "core/conflict": _conflict,
    "core/window": _window,
    "core/lunar": _lunar,
    "core/occasion": _occasion,
    "core/cadence": _cadence,
    "core/business": _business,
    "core/lateness": _lateness,
    "core/cursor": _cursor,
}
