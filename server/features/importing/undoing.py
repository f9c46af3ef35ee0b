"""Takes an import back: what nobody touched since is deleted, everything else stays and is named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from server.auth.services import logins, must_be_admin
from server.errors import DomainError
from server.features.customers.services import occupied_territories
from server.features.importing import memory
from server.features.importing.memory import Imported, Key
from server.features.importing.services import Importing, mutation_id, read_all, rev_after, writer_name
from server.features.people.services import all_people
from server.features.territories.services import all_territories, regrant
from server.shared.db import reading
from server.shared.writer import Change, Rev, Seen

CUSTOMER, TERRITORY, PERSON = "customer", "territory", "person"


@dataclass(frozen=True)
class Kept:
    """A row that stays, and why: a code of config/catalogs/errors.json."""

    entity: str
    name: str
    code: str


@dataclass
class Undone:
    """How many rows were deleted, and which stay."""

    removed: int = 0
    kept: list[Kept] = field(default_factory=list[Kept])


def undo(importing: Importing, plan_id: str, now: datetime) -> Undone:
    """Take back a plan; harmless to repeat, and goes on where a killed one stopped.

    A customer goes with everything under it or not at all: one edited row, or one that somebody added,
    keeps all of it. Raises DomainError import_unknown_plan.
    """
    must_be_admin(importing.actor)
    if not memory.is_plan(importing.session, plan_id):
        raise DomainError("import_unknown_plan", 404, {"plan": plan_id})
    taking_back = _Undoing(importing, plan_id)
    taking_back.customers()
    taking_back.territories()
    taking_back.people()
    regrant(importing.session, now)
    return taking_back.undone


class _Undoing:
    """One undo on its way."""

    def __init__(self, importing: Importing, plan_id: str):
        self.importing = importing
        self.plan_id = plan_id
        self.undone = Undone()
        rows = {row.key: row for row in memory.recall_plan(importing.session, plan_id)}
        self.seen = read_all(importing.writer, iter(rows))
        # What somebody deleted and the clean-up took away is not this plan's to take any more.
        self.rows = {key: row for key, row in rows.items() if key in self.seen}

    def customers(self) -> None:
        """Customers first, each with all that stands under it, children before their root."""
        families: dict[str, list[Imported]] = {}
        for key, row in self.rows.items():
            if row.entity not in {TERRITORY, PERSON}:
                families.setdefault(self.seen[key].root_pk, []).append(row)
        for root_pk, rows in families.items():
            root = self.rows.get((CUSTOMER, root_pk))
            reason = self._why_kept(root_pk, rows) if root else None
            if reason:
                self._keep([root or rows[0]], reason)
            else:
                self._take([row for row in rows if self._is_untouched(row) or self._is_gone(row)])

    def _why_kept(self, root_pk: str, rows: Iterable[Imported]) -> str | None:
        if not all(self._is_untouched(row) or self._is_gone(row) for row in rows):
            return "import_kept_edited"
        members = self.importing.writer.members(CUSTOMER, root_pk)
        strange = [key for key, row in members.items() if key not in self.rows and not row.is_deleted]
        return "import_kept_added" if strange else None

    def territories(self) -> None:
        """Territories that no customer and no other territory needs."""
        session = self.importing.session
        with reading(session):
            nodes, occupied = all_territories(session), occupied_territories(session)
        parents = {node.id: node.parent_id for node in nodes}
        self._take_unneeded(TERRITORY, parents, occupied)

    def people(self) -> None:
        """People without a login whom no territory and no colleague needs."""
        session = self.importing.session
        with reading(session):
            managers = {one.id: one.manager_id for one in all_people(session)}
            working = {person_id for node in all_territories(session) for person_id in node.assigned}
            needed = working | logins(session).keys()
        self._take_unneeded(PERSON, managers, needed)

    def _take_unneeded(self, entity: str, above: Mapping[str, str | None], needed: set[str]) -> None:
        """Delete the rows of a tree that are untouched and needed neither by others nor by what stays."""
        mine = [row for row in self.rows.values() if row.entity == entity]
        gone = [row for row in mine if self._is_gone(row)]
        free = {row.pk for row in mine if self._is_untouched(row) and row.pk not in needed}
        while held := free & {above[pk] for pk in above.keys() - free}:
            free -= held
        for row in mine:
            if row.pk in free or row in gone:
                self._take([row])
            else:
                self._keep([row], "import_kept_needed" if self._is_untouched(row) else "import_kept_edited")

    def _is_untouched(self, row: Imported) -> bool:
        seen = self.seen[row.key]
        return not seen.is_deleted and seen.rev == row.rev

    def _is_gone(self, row: Imported) -> bool:
        return self.seen[row.key].is_deleted

    def _keep(self, rows: Iterable[Imported], code: str) -> None:
        names = ((row, self.seen[row.key].fields.get("name")) for row in rows)
        self.undone.kept += [Kept(row.entity, str(name or row.pk), code) for row, name in names]

    def _take(self, rows: Sequence[Imported]) -> None:
        """Delete rows in one transaction; those that are deleted already count only if this plan did it."""
        rows = sorted(rows, key=lambda row: row.entity == CUSTOMER)
        if not rows:
            return
        ids = {row.key: mutation_id(self.plan_id, "delete", row.key) for row in rows}
        changes = [Change(row.entity, row.pk, "delete", {}, row.rev, id=ids[row.key]) for row in rows]
        importing, name = self.importing, writer_name(rows[0].source)
        results = importing.writer.submit(importing.actor, changes, self.plan_id, name)
        done = [row for row, written in zip(rows, results, strict=True) if self._is_ours(row, written.status)]
        memory.forget(importing.session, done, ids, dict(self._revs(done)))
        self.undone.removed += len(done)

    def _is_ours(self, row: Imported, status: str) -> bool:
        return status == "duplicate" or (status in {"applied", "merged"} and not self._is_gone(row))

    def _revs(self, rows: Sequence[Imported]) -> Iterator[tuple[Key, Rev]]:
        seen: Mapping[Key, Seen] = read_all(self.importing.writer, (row.key for row in rows))
        for row in rows:
            yield row.key, rev_after(row.rev[1], 1, seen[row.key])
