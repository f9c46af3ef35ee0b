"""What a row remembers beyond its fields, so that a later merge can tell who has seen what (SPEC 5)."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, NamedTuple

from sync.core.mutation import Rev, Stamp
from sync.core.record import record

Fields = dict[str, Any]


class Write(NamedTuple):
    """One write of a group: who, and as which revision of the row and count of its aggregate.

    An add-dot of a set element, a row's creation and its deletion are writes, too.
    """

    mutation: str
    person: str
    device: str
    seq: int
    stamp: Stamp
    rev: Rev
    agg: int


Dots = dict[str, tuple[Write, ...]]


@record
class RowState:
    """A row: its fields (a null, an empty text or set is absent) and the writes behind them.

    `dots` maps a set field to its elements and their add-dots; `agg` is the aggregate's count
    at the row's last write; `deleted` is the delete that hides the row.
    """

    rev: Rev
    agg: int
    fields: Fields
    groups: dict[str, Write]
    created: Write
    dots: dict[str, Dots] = field(default_factory=dict[str, Dots])
    deleted: Write | None = None


def with_fields(state: RowState, fields: Fields) -> RowState:
    """Return a row with other fields and all that it remembers."""
    return RowState(state.rev, state.agg, fields, state.groups, state.created, state.dots, state.deleted)


def to_json(state: RowState) -> dict[str, Any]:
    """Return the whole state as plain JSON."""
    return {"fields": state.fields, **meta_to_json(state)}


def from_json(value: Mapping[str, Any]) -> RowState:
    """Read a state that `to_json` wrote."""
    return from_parts(value["fields"], value)


def meta_to_json(state: RowState) -> dict[str, Any]:
    """Return all but the fields; writes shared by several groups are stored once, in `writes`."""
    index: dict[Write, int] = {}
    known: dict[int, int] = {}  # by identity: hashing a write again for each of its groups is slow

    def place(write: Write) -> int:
        found = known.get(id(write))
        if found is None:
            found = known[id(write)] = index.setdefault(write, len(index))
        return found

    meta: dict[str, Any] = {
        "rev": state.rev,
        "agg": state.agg,
        "created": place(state.created),
        "deleted": place(state.deleted) if state.deleted else None,
        "groups": {name: place(state.groups[name]) for name in sorted(state.groups)},
        "dots": {
            name: {element: [place(dot) for dot in dots[element]] for element in sorted(dots)}
            for name, dots in sorted(state.dots.items())
        },
    }
    meta["writes"] = list(index)
    return meta


def from_parts(fields: Fields, meta: Mapping[str, Any]) -> RowState:
    """Read a state from its fields and what `meta_to_json` wrote."""
    writes: list[Write] = [_write(item) for item in meta["writes"]]
    created: int = meta["created"]
    deleted: int | None = meta["deleted"]
    return RowState(
        rev=(meta["rev"][0], meta["rev"][1]),
        agg=meta["agg"],
        fields=fields,
        groups={name: writes[place] for name, place in meta["groups"].items()},
        created=writes[created],
        dots={name: _dots(writes, dots) for name, dots in meta["dots"].items()},
        deleted=None if deleted is None else writes[deleted],
    )


def _dots(writes: list[Write], places: Mapping[str, list[int]]) -> Dots:
    return {name: tuple(writes[place] for place in places[name]) for name in places}


def _write(item: list[Any]) -> Write:
    mutation, person, device, seq, stamp, rev, agg = item
    return Write(mutation, person, device, seq, (stamp[0], stamp[1]), (rev[0], rev[1]), agg)
