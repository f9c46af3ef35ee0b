"""What a feature tells replication about its rows, so that neither ever imports the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from flask import current_app
from marshmallow import Schema
from sqlalchemy.orm import Session

from server.shared.actor import Actor
from sync.core.park import Park
from sync.core.policy import EntitySpec
from sync.core.record import record

Fields = Mapping[str, Any]
"""A row's values by field name, JSON values only."""

CATALOGUE_VERSION = 1
"""What writers put into a mutation's `schema`; higher ones park `unknown_schema` (SPEC 3.6)."""


@record
class Proposal:
    """One mutation as hooks see it: the row before it (None: it creates) and as merged after it."""

    entity: str
    pk: str
    op: str
    before: Fields | None
    after: Fields
    patch: Fields


@record
class ProjectedRow:
    """One row for a feature's typed table; `root_pk` is the pk of its aggregate's root."""

    pk: str
    root_pk: str
    scope: str
    fields: Fields


class Lookup(Protocol):
    """Reads other rows as they stand inside the running transaction; live ones only."""

    @property
    def now_ms(self) -> int:
        """When the server received the work, in milliseconds since 1970."""
        ...

    @property
    def session(self) -> Session:
        """The transaction's session, for a rare read of a typed table as it was before the batch."""
        ...

    def row(self, entity: str, pk: str) -> Fields | None:
        """A row's values; None if there is none or it is deleted."""
        ...

    def children(self, entity: str, root_pk: str) -> Sequence[Fields]:
        """The rows of one kind under a root, in pk order; a query of its own, so use it rarely."""
        ...


class Projection(Protocol):
    """Keeps a feature's typed table equal to its rows, in the transaction that writes them."""

    def upsert(self, session: Session, rows: Sequence[ProjectedRow]) -> None:
        """Write these rows, all of them in one statement."""
        ...

    def remove(self, session: Session, pks: Sequence[str]) -> None:
        """Forget these rows: they were deleted (a restore brings them back by upsert)."""
        ...

    def differing(self, session: Session, rows: Sequence[ProjectedRow]) -> list[str]:
        """The pks of those that are missing or not what `upsert` would write."""
        ...

    def count(self, session: Session) -> int:
        """How many rows the table has."""
        ...


ScopeRule = Callable[[Fields, Lookup], str]
Check = Callable[[Proposal, Lookup, Actor], Park | None]
Derive = Callable[[Proposal, Lookup, Actor], Fields]
Rollup = Callable[[Fields, Proposal, Lookup], Fields]
CommandHandler = Callable[[Fields, Fields, Lookup, Actor], Fields | Park]
Forget = Callable[[Session, Sequence[tuple[str, str]]], None]
"""Takes out of a feature's own tables what they remember of rows (entity and pk) that were erased (R34)."""
Settle = Callable[[Session, int], None]
"""Makes the grants that are due by now (milliseconds since 1970), in the given writing transaction (R21)."""


@dataclass(frozen=True)
class SyncedEntity:
    """One kind of row that travels.

    spec        fields, policies, groups, references, invariants (sync.core.policy) schema
    types and bounds of the client-writable fields. Values are stored as sent, so a field
                must not coerce: Integer(strict=True), String; `required=True` counts on create.
                A set's or append list's field is a List of what its elements are.
                Fields are asked one by one: rules across fields belong into `check`.
    scope       asked for root entities only: (fields, lookup) -> scope key
    scope_class a child's `#class` (R30): its scope is its root's, plus "#" and this
    project     the feature's typed table, or None
    check       a domain rule; returns a Park to refuse. `proposal.after` is the merged row
    derive      server fields of the row itself, computed at every write, e.g. a search key
    rollup      server fields of the root after a child's write: (root fields, proposal, lookup)
    commands    name -> (fields, patch, lookup, actor) -> changed server fields, or a Park
    is_person   whether its rows are, or may be, people, whose data is erased on request (R34):
                a child's must have no rollup, and a root's goes with all that stands under it
    """

    spec: EntitySpec
    schema: type[Schema]
    scope: ScopeRule | None = None
    scope_class: str | None = None
    project: Projection | None = None
    check: Check | None = None
    derive: Derive | None = None
    rollup: Rollup | None = None
    commands: Mapping[str, CommandHandler] = field(default_factory=dict[str, CommandHandler])
    is_person: bool = False


class Registry:
    """Every kind of row by name, what forgets erased ones besides, and what makes due grants; `app.py` makes one."""

    def __init__(self, entities: Iterable[SyncedEntity], forget: Sequence[Forget] = (), settle: Sequence[Settle] = ()):
        self.entities = {entity.spec.name: entity for entity in entities}
        self.forget = tuple(forget)
        self.settle = tuple(settle)

    def get(self, name: str) -> SyncedEntity | None:
        """The entity of that name, if it is known."""
        return self.entities.get(name)

    def __iter__(self):
        return iter(self.entities.values())


KEY = "baifang.registry"


def current_registry() -> Registry:
    """The running app's registry; only endpoints and commands call it."""
    return cast("Registry", current_app.extensions[KEY])
