"""The one unit of change: what a device writes down once and never alters again (SPEC 3)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from sync.core import canonical
from sync.core.ids import is_uuid
from sync.core.record import record

Rev = tuple[int, int]
Stamp = tuple[int, int]

OPS: Final = ("create", "patch", "delete", "restore", "revise", "void", "command")
MAX_MUTATION_BYTES: Final = 64 * 1024
MAX_TXN_BYTES: Final = 256 * 1024
MAX_TXN_MUTATIONS: Final = 100


class MutationError(ValueError):
    """A line that is no mutation; `code` is a park code, `fields` the offending keys."""

    def __init__(self, code: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(code, *fields)
        self.code = code
        self.fields = fields


@record
class Mutation:
    """One change of one row. `base` and `patch` map field names; `hlc` is the claimed stamp."""

    id: str
    entity: str
    pk: str
    op: str
    seen_rev: Rev | None
    base: Mapping[str, Any]
    patch: Mapping[str, Any]
    hlc: Stamp
    schema: int
    after: tuple[str, ...] = ()
    supersedes: str | None = None
    seen_agg: int | None = None


def decode(line: bytes) -> Mutation:
    """Read a mutation line; MutationError `too_large`, `undecodable`, `wrong_type` or `invalid_value`."""
    if len(line) > MAX_MUTATION_BYTES:
        raise MutationError("too_large")
    try:
        value = canonical.loads(line)
    except canonical.CanonicalError as error:
        raise MutationError("undecodable", (error.code,)) from None
    return from_json(value)


def encode(mutation: Mutation) -> bytes:
    """Return the canonical line; MutationError `too_large` beyond 64 KiB, CanonicalError on a bad value."""
    line = canonical.dumps(to_json(mutation))
    if len(line) > MAX_MUTATION_BYTES:
        raise MutationError("too_large")
    return line


def to_json(mutation: Mutation) -> dict[str, Any]:
    """Return the mutation as a plain object; keys that do not apply are left out."""
    value: dict[str, Any] = {
        "id": mutation.id,
        "entity": mutation.entity,
        "pk": mutation.pk,
        "op": mutation.op,
        "seen_rev": mutation.seen_rev,
        "base": mutation.base,
        "patch": mutation.patch,
        "hlc": mutation.hlc,
        "schema": mutation.schema,
        "after": mutation.after,
    }
    if mutation.supersedes is not None:
        value["supersedes"] = mutation.supersedes
    if mutation.seen_agg is not None:
        value["seen_agg"] = mutation.seen_agg
    return value


def from_json(value: Any) -> Mutation:
    """Check a decoded line's shape and return the mutation; unknown keys are ignored."""
    if not isinstance(value, dict):
        raise MutationError("wrong_type")
    line = cast("dict[str, Any]", value)
    wrong = [key for key, fits in _SHAPES.items() if not fits(line.get(key))]
    if wrong:
        raise MutationError("wrong_type", tuple(sorted(wrong)))
    if line["op"] not in OPS:
        raise MutationError("invalid_value", ("op",))
    seen = line.get("seen_rev")
    return Mutation(
        line["id"],
        line["entity"],
        line["pk"],
        line["op"],
        None if seen is None else (seen[0], seen[1]),
        line["base"],
        line["patch"],
        (line["hlc"][0], line["hlc"][1]),
        line["schema"],
        tuple(line["after"]),
        line.get("supersedes"),
        line.get("seen_agg"),
    )


def check_txn(lines: list[tuple[Mutation, int]]) -> None:
    """Refuse, before it is stored, a txn that could never be sent (SPEC 3.5).

    `lines` are its mutations, each with its line's length in bytes.
    """
    if len(lines) > MAX_TXN_MUTATIONS or sum(size for _, size in lines) > MAX_TXN_BYTES:
        raise MutationError("too_large")
    if len(lines) > 1 and any(mutation.op == "command" for mutation, _ in lines):
        raise MutationError("invalid_value", ("op",))


def _is_natural(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_pair(value: Any) -> bool:
    if not isinstance(value, list):
        return False
    pair = cast("list[Any]", value)
    return len(pair) == 2 and all(map(_is_natural, pair))


def _is_pair_or_null(value: Any) -> bool:
    return value is None or _is_pair(value)


def _is_id_or_null(value: Any) -> bool:
    return value is None or is_uuid(value)


def _is_natural_or_null(value: Any) -> bool:
    return value is None or _is_natural(value)


def _is_ids(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_uuid, cast("list[Any]", value)))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_SHAPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "id": is_uuid,
    "entity": _is_text,
    "pk": is_uuid,
    "op": _is_text,
    "seen_rev": _is_pair_or_null,
    "base": _is_object,
    "patch": _is_object,
    "hlc": _is_pair,
    "schema": _is_natural,
    "after": _is_ids,
    "supersedes": _is_id_or_null,
    "seen_agg": _is_natural_or_null,
}
