"""What each function that a vector may name means in this language (see sync/vectors/README.md)."""

from functools import reduce
from typing import Any

from sync.core import canonical, clock, digest, dots, ids, text
from sync.core.state import Write
from tests.conformance.values import Specs, lineage, rev


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


ADAPTERS = {
    "core/canonical": _canonical,
    "core/ids": _ids,
    "core/digest": _digest,
    "core/clock": _clock,
    "core/text": _text,
    "core/dots": _dots,
}
