"""What an entity declares about its fields, and the refusals that follow from it alone (SPEC 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from sync.core.park import Park

Policy = Literal["register", "ask", "set", "counter", "text", "append", "server"]
GROUPABLE: Final = ("register", "ask", "append")
VALUES: Final = (*GROUPABLE, "server")


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field; `group` is the unit it merges in, its own name when none is declared."""

    name: str
    policy: Policy
    group: str = ""

    def __post_init__(self) -> None:
        if not self.group:
            object.__setattr__(self, "group", self.name)


@dataclass(frozen=True, slots=True)
class Root:
    """The field that names the row's root, and the root's entity."""

    field: str
    entity: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule over a row: `ordered`, each field at most the next; `acyclic`, a tree's parent field."""

    kind: Literal["ordered", "acyclic"]
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EntitySpec:
    """All that merging needs to know about an entity; `root` is None when a row is its own root.

    `references` maps a field to the entity it names, by one id or a list of ids; `blobs` are the fields that name
    a blob, by one SHA-256 or a list of them (SPEC 18.1).
    """

    name: str
    fields: tuple[FieldSpec, ...] = ()
    server_fields: tuple[str, ...] = ()
    root: Root | None = None
    references: Mapping[str, str] = field(default_factory=dict[str, str])
    append: bool = False
    invariants: tuple[Invariant, ...] = ()
    blobs: tuple[str, ...] = ()
    by_name: Mapping[str, FieldSpec] = field(init=False, repr=False, compare=False)
    groups: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    named: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)
    """The fields that name other rows, the root among them, each with the entity that it names."""

    def __post_init__(self) -> None:
        every = (*self.fields, *(FieldSpec(name, "server") for name in self.server_fields))
        by_name = {spec.name: spec for spec in every}
        groups: dict[str, tuple[str, ...]] = {}
        for spec in every:
            groups[spec.group] = (*groups.get(spec.group, ()), spec.name)
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "groups", {unit: tuple(sorted(groups[unit])) for unit in groups})
        root = {self.root.field: self.root.entity} if self.root else {}
        object.__setattr__(self, "named", tuple(sorted({**self.references, **root}.items())))
        self._validate(len(every))

    def _validate(self, declared: int) -> None:
        if len(self.by_name) != declared or {"voided", "deleted"} & set(self.groups):
            raise ValueError(f"{self.name}: a field is declared twice or has a reserved name")
        for unit, names in self.groups.items():
            policies = {self.by_name[name].policy for name in names}
            if len(names) > 1 and (len(policies) > 1 or not policies <= set(GROUPABLE)):
                raise ValueError(f"{self.name}.{unit}: a group takes one of {GROUPABLE}")
        if any((spec.policy == "append") != self.append for spec in self.fields):
            raise ValueError(f"{self.name}: append holds for all fields or for none")
        if any(self.by_name[name].policy not in VALUES for name in self.blobs):
            raise ValueError(f"{self.name}: a blob is named by a value")


def check_patch(
    spec: EntitySpec, patch: Mapping[str, Any], base: Mapping[str, Any], *, by_server: bool = False
) -> Park | None:
    """Return why a patch cannot apply whatever the row holds (SPEC 3.3, 4.1), or None."""
    by_name = spec.by_name
    try:
        fields = [by_name[name] for name in patch]
    except KeyError:
        return Park("unknown_field", tuple(sorted(name for name in patch if name not in by_name)))
    wrong: list[str] = []
    for item in fields:
        if item.policy == "server" and not by_server:
            return Park("read_only_field", _names(fields, "server"))
        if item.policy in _SHAPES and not _fits(item, patch[item.name], base):
            wrong.append(item.name)
    if wrong:
        return Park("wrong_type", tuple(sorted(wrong)))
    units = [names for item in fields if len(names := spec.groups[item.group]) > 1]
    missing = [name for names in units for name in names if name not in patch]
    return Park("group_incomplete", tuple(sorted(set(missing)))) if missing else None


def referenced(spec: EntitySpec, fields: Mapping[str, Any]) -> list[str]:
    """Return the ids of the rows that these fields name, the root's among them."""
    found: list[str] = []
    for name, _ in spec.named:
        value = fields.get(name)
        values = cast("list[Any]", value) if isinstance(value, list) else [value]
        found.extend(item for item in values if isinstance(item, str))
    return found


def to_json(spec: EntitySpec) -> dict[str, Any]:
    """Return a declaration as it is published in the catalogue."""
    return {
        "name": spec.name,
        "root": {"field": spec.root.field, "entity": spec.root.entity} if spec.root else None,
        "append": spec.append,
        "fields": {i.name: {"policy": i.policy, "group": i.group} for i in spec.fields},
        "server_fields": list(spec.server_fields),
        "references": [{"field": field, "entity": entity} for field, entity in spec.references.items()],
        "invariants": [{"kind": i.kind, "fields": list(i.fields)} for i in spec.invariants],
        "blobs": list(spec.blobs),
    }


def from_json(value: Mapping[str, Any]) -> EntitySpec:
    """Read a declaration that `to_json` wrote."""
    root = value["root"]
    return EntitySpec(
        name=value["name"],
        root=Root(root["field"], root["entity"]) if root else None,
        append=value["append"],
        fields=tuple(
            FieldSpec(name, item["policy"], item.get("group") or "") for name, item in value["fields"].items()
        ),
        server_fields=tuple(value["server_fields"]),
        references={item["field"]: item["entity"] for item in value["references"]},
        invariants=tuple(Invariant(i["kind"], tuple(i["fields"])) for i in value.get("invariants", ())),
        blobs=tuple(value.get("blobs", ())),
    )


def _names(fields: list[FieldSpec], policy: Policy) -> tuple[str, ...]:
    return tuple(sorted(item.name for item in fields if item.policy == policy))


def _fits(item: FieldSpec, value: Any, base: Mapping[str, Any]) -> bool:
    if item.policy == "text":
        return _is_text(value) and _is_text(base.get(item.name))
    return _SHAPES[item.policy](value)


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_set_patch(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    sides = cast("dict[str, Any]", value)
    return sides.keys() <= {"add", "remove"} and all(map(_is_strings, sides.values()))


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in cast("list[Any]", value))


def _is_counter_patch(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    delta = cast("dict[str, Any]", value)
    return delta.keys() == {"add"} and type(delta["add"]) is int


_SHAPES: Final = {"set": _is_set_patch, "counter": _is_counter_patch, "text": _is_text}
