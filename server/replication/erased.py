"""Knows whose content was erased on request: what comes for them again is dropped at the door (SPEC 7.2, R34)."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.replication.among import among, many
from server.replication.blobs.naming import let_go, named_in
from server.replication.bulk import insert_new
from server.replication.framing import read_mutation
from server.replication.models import ErasedKey
from server.replication.work import Item
from server.shared.registry import Registry
from sync.core.ids import uuid5
from sync.core.mutation import Mutation

SOURCE = ("subject", "at", "by_id")
OF_KEYS = select(ErasedKey.pk, *(getattr(ErasedKey, name) for name in SOURCE)).where(among(ErasedKey.pk, many("pks")))


class Erased(NamedTuple):
    """By which request a key was erased: the subject's pk, when, and who carried it out."""

    subject: str
    at: int
    by_id: str


class Erasures:
    """The erased keys that a transaction has to do with, each looked up once."""

    def __init__(self, session: Session, registry: Registry):
        self.session = session
        self.registry = registry
        self.known: dict[str, Erased | None] = {}
        self.contents: dict[str, frozenset[str]] = {}
        self.news: dict[str, dict[str, Any]] = {}
        self.blobs: set[str] = set()

    def prepare(self, items: Iterable[Item]) -> None:
        """Look up what these mutations are about; call it when their rows are locked."""
        found = {item.id: named(self.registry, item) for item in items}
        self.contents |= found
        self._look({pk for pks in found.values() for pk in pks})

    def of(self, item: Item) -> Erased | None:
        """The request that a mutation's content falls under, if there is one."""
        if item.id not in self.contents:
            self.prepare([item])
        return next((found for pk in self.contents[item.id] if (found := self.known[pk])), None)

    def has(self, pk: str) -> bool:
        """Whether a row's content was erased, though the row itself may not be there."""
        self._look({pk})
        return self.known[pk] is not None

    def note(self, item: Item, found: Erased) -> None:
        """What was dropped with an erased root is erased itself: a later patch of it names the root no more.

        The files that the content names are let go of with it.
        """
        self.blobs |= named_in([item.line])
        mutation = item.mutation or read_mutation(item.id, item.sha, item.line)[0]
        if mutation and self.known.get(mutation.pk) is None and self.registry.get(mutation.entity):
            self.known[mutation.pk] = found
            key = {"entity": mutation.entity, "pk": mutation.pk, "is_done": True}
            self.news[mutation.pk] = key | found._asdict()

    def flush(self) -> None:
        """Write what was noted."""
        insert_new(self.session, ErasedKey, list(self.news.values()))
        let_go(self.session, self.blobs)

    def _look(self, pks: Iterable[str]) -> None:
        missing = {pk for pk in pks if pk not in self.known}
        if not missing:
            return
        self.known.update(dict.fromkeys(missing))
        for pk, *source in self.session.connection().execute(OF_KEYS, {"pks": sorted(missing)}):
            self.known[pk] = Erased(*source)


def erased_id(pk: str) -> str:
    """The id of the delete that stands for an erasure."""
    return uuid5(pk, "erased")


def named(registry: Registry, item: Item) -> frozenset[str]:
    """The pks whose content a mutation carries."""
    mutation = item.mutation or read_mutation(item.id, item.sha, item.line)[0]
    return contents_of(registry, mutation, item.line)


def contents_of(registry: Registry, mutation: Mutation | None, line: bytes) -> frozenset[str]:
    """The same of bytes, and of what could be read of them: their row's pk, and the root's that they name.

    A delete carries no content. What cannot be read is taken for the content of every row that it calls so.
    """
    if mutation is None:
        words = "|".join(["pk", *sorted(_root_fields(registry))])
        found = re.findall(rf'"(?:{words})"\s*:\s*"([0-9a-f-]{{36}})"'.encode(), line)
        return frozenset(pk.decode() for pk in found)
    if mutation.op == "delete" and not mutation.patch and not mutation.base:
        return frozenset()
    return frozenset({mutation.pk, *_named_root(registry, mutation)})


def _root_fields(registry: Registry) -> set[str]:
    return {entity.spec.root.field for entity in registry if entity.spec.root}


def _named_root(registry: Registry, mutation: Mutation) -> list[str]:
    entity = registry.get(mutation.entity)
    if entity is None or entity.spec.root is None:
        return []
    pk = mutation.patch.get(entity.spec.root.field)
    return [pk] if isinstance(pk, str) else []
