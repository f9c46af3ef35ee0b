"""What can be done with territories: build the tree, assign people, and work out who sees what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth.services import must_be_admin
from server.features.people.services import Facts, all_people
from server.features.territories import dated, errors
from server.features.territories.dated import Period
from server.features.territories.models import Territory
from server.features.territories.tree import Colleague, Node, as_of, below, grants, turns
from server.shared.actor import Actor
from server.shared.clock import to_ms
from server.shared.db import reading, writing
from server.shared.differing import differing, write
from server.shared.due import turn
from server.shared.ids import new_id
from server.shared.log_lock import advance
from server.shared.registry import Lookup
from server.shared.scope import TREE, UNASSIGNED_ID, set_grants
from server.shared.writer import Writer
from sync.core.ids import uuid5

Kind = Literal["region", "patch"]
ROOT_ID = uuid5(TREE, "root")


def all_territories(session: Session) -> list[Node]:
    """The whole tree, by name."""
    rows = session.scalars(select(Territory).order_by(Territory.name, Territory.id))
    return [_node(row) for row in rows]


def find_territory(session: Session, text: str) -> Node:
    """The one territory of this id or exact name; raises not_found or ambiguous."""
    found = [node for node in all_territories(session) if text in {node.id, node.name}]
    if len(found) != 1:
        raise errors.ambiguous(text) if found else errors.unknown(text)
    return found[0]


def home_of(lookup: Lookup, person_id: str) -> str:
    """Where a customer found by this person belongs: their first patch, else their first territory; covers last."""
    own = [node for node in all_territories(lookup.session) if person_id in node.workers(lookup.now_ms)]
    own.sort(key=lambda node: (person_id not in node.person_ids, node.kind != "patch"))
    return own[0].id if own else UNASSIGNED_ID


def ensure_root(writer: Writer, actor: Actor, company_name: str) -> None:
    """Make the tree's root and its patch for customers that nobody has, unless they are there."""
    nodes = [
        Node(ROOT_ID, company_name, None, "region"),
        Node(UNASSIGNED_ID, "未指派", ROOT_ID, "patch"),
    ]
    missing = [node for node in nodes if node.id not in writer.read("territory", [node.id])]
    save(writer, actor, missing)


def save(writer: Writer, actor: Actor, nodes: Iterable[Node], plan_id: str | None = None) -> int:
    """Write these territories where they differ; returns how many did. Call `regrant` afterwards."""
    must_be_admin(actor)
    changes = differing(writer, "territory", {node.id: _fields(node) for node in nodes})
    write(writer, actor, changes, plan_id)
    return len(changes)


def regrant(session: Session, now: datetime) -> None:
    """Make every person's grants follow from the tree and the reporting lines as they stand now.

    Harmless to repeat: whoever changes either calls it, and one lost in a crash is made good by the next.
    """
    with writing(session):
        materialise(session, to_ms(now))


def materialise(session: Session, now_ms: int) -> None:
    """The same in a writing transaction that is there already; dated assignments that are due begin and end."""
    advance(session)  # what is read after the lock cannot be older than another one's grants
    people = [Colleague(one.id, one.role, one.manager_id, one.is_active) for one in all_people(session)]
    nodes = all_territories(session)
    at = turn(session, turns(nodes), now_ms)
    set_grants(session, grants(as_of(nodes, at), people), now_ms)


def add(session: Session, writer: Writer, actor: Actor, now: datetime, name: str, parent: Node, kind: Kind) -> Node:
    """A new territory under another."""
    node = Node(new_id(), name, parent.id, kind)
    save(writer, actor, [node])
    regrant(session, now)
    return node


def move(session: Session, writer: Writer, actor: Actor, now: datetime, node: Node, parent: Node) -> None:
    """Hang a territory with all below it under another; raises territory_loop."""
    with reading(session):
        if parent.id in below(all_territories(session))[node.id]:
            raise errors.loop(node.name, parent.name)
    save(writer, actor, [replace(node, parent_id=parent.id)])
    regrant(session, now)


def assign(
    session: Session,
    writer: Writer,
    actor: Actor,
    now: datetime,
    node: Node,
    person: Facts,
    period: Period | None = None,
) -> None:
    """Let a person work a territory and all below it, in that period if one is given.

    Whoever has several assignments to a territory works it while any of them is in effect. Raises
    assignee_disabled and dates_reversed.
    """
    if not person.is_active:
        raise errors.disabled(person.name)
    if period is None or (period.from_on is None and period.to_on is None):
        changed = replace(node, person_ids=tuple(sorted({*node.person_ids, person.id})))
    else:
        changed = replace(node, dated=tuple(dict.fromkeys((*node.dated, dated.make(person.id, period)))))
    save(writer, actor, [changed])
    regrant(session, now)


def unassign(session: Session, writer: Writer, actor: Actor, now: datetime, node: Node, person: Facts) -> None:
    """Take a territory from a person at once, with every date to come."""
    others = tuple(sorted({*node.person_ids} - {person.id}))
    kept = tuple(one for one in node.dated if one.person_id != person.id)
    save(writer, actor, [replace(node, person_ids=others, dated=kept)])
    regrant(session, now)


def _node(row: Territory) -> Node:
    people = tuple(row.person_ids or ())
    return Node(row.id, row.name or "", row.parent_id, row.kind or "patch", people, dated.read(row.dated))


def _fields(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "parent_id": node.parent_id,
        "kind": node.kind,
        "person_ids": list(node.person_ids),
        "dated": dated.to_values(node.dated),
    }
