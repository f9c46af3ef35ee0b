"""Who may see which territories: pure rules over the tree, the assignments and the reporting lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from server.features.territories.dated import Dated
from server.shared.actor import Role
from server.shared.scope import own_scopes, territory_scope


@dataclass(frozen=True)
class Node:
    """A territory; `parent_id` is None for the root. `person_ids` work it without dates, besides those in `dated`."""

    id: str
    name: str
    parent_id: str | None
    kind: str
    person_ids: tuple[str, ...] = ()
    dated: tuple[Dated, ...] = ()

    @property
    def assigned(self) -> set[str]:
        """Who works it at any time."""
        return {*self.person_ids, *(one.person_id for one in self.dated)}

    def workers(self, at: int) -> set[str]:
        """Who works it at a moment, in milliseconds since 1970."""
        return {*self.person_ids, *(one.person_id for one in self.dated if one.holds(at))}


@dataclass(frozen=True)
class Colleague:
    """What grants depend on of a person."""

    id: str
    role: Role
    manager_id: str | None
    is_active: bool


def as_of(nodes: Iterable[Node], at: int) -> list[Node]:
    """The territories with who works them at that moment."""
    return [replace(node, person_ids=tuple(sorted(node.workers(at)))) for node in nodes]


def turns(nodes: Iterable[Node]) -> list[int]:
    """Every moment at which an assignment begins or ends."""
    moments = [moment for node in nodes for one in node.dated for moment in (one.from_at, one.until_at)]
    return [moment for moment in moments if moment is not None]


def below(nodes: Iterable[Node]) -> dict[str, set[str]]:
    """Each territory's own id and all ids below it."""
    parents = {node.id: node.parent_id for node in nodes}
    found: dict[str, set[str]] = {node_id: set() for node_id in parents}
    for node_id in parents:
        for ancestor in chain(node_id, parents):
            found[ancestor].add(node_id)
    return found


def chain(start: str, parents: Mapping[str, str | None]) -> list[str]:
    """The start and what stands above it, in order; a loop or a missing parent ends it."""
    line: list[str] = []
    here: str | None = start
    while here is not None and here in parents and here not in line:
        line.append(here)
        here = parents[here]
    return line


def in_order(nodes: Sequence[Node]) -> list[tuple[int, Node]]:
    """The tree as an outline: each territory with its depth, right below its parent."""
    parents = {node.id: node.parent_id for node in nodes}
    names = {node.id: node.name for node in nodes}
    lines = [(chain(node.id, parents), node) for node in nodes]
    lines.sort(key=lambda line: [(names[one], one) for one in reversed(line[0])])
    return [(len(line) - 1, node) for line, node in lines]


def grants(nodes: Sequence[Node], people: Sequence[Colleague]) -> dict[str, set[str]]:
    """Person id -> the scopes granted.

    Everybody gets `everyone` and their own; besides, the territories assigned and all below, those of
    everyone who reports to them, directly or not (a disabled one's too: somebody must look after
    them); admins all. A disabled person gets nothing.
    """
    reach = below(nodes)
    seen: dict[str, set[str]] = {person.id: set() for person in people}
    managers = {person.id: person.manager_id for person in people}
    for node in nodes:
        for person_id in node.person_ids:
            for superior in chain(person_id, managers):
                seen[superior] |= reach[node.id]
    return {
        person.id: _scopes(person, set(reach) if person.role is Role.ADMIN else seen[person.id]) for person in people
    }


def _scopes(person: Colleague, territories: set[str]) -> set[str]:
    if not person.is_active:
        return set()
    return own_scopes(person.id) | {territory_scope(one) for one in territories}
