"""Puts a backup in the database's place: verified first, in a new epoch, the former one kept aside."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.auth.sessions import end_sessions
from server.operations.archive import Manifest, unpacked
from server.operations.backup import problems_of
from server.operations.blobs import bring_back
from server.operations.erase_list import EraseList
from server.operations.erasure import erase_again, listed_in
from server.operations.facts import Facts, is_empty, read_facts
from server.operations.store import store_of
from server.replication.blobs.keeping import sweep_let_go
from server.replication.blobs.shelf import Shelf
from server.replication.blobs.store import BlobStore
from server.replication.place import Place
from server.shared import migrate
from server.shared.clock import to_ms
from server.shared.db import writing
from server.shared.log_lock import note_durable, raise_epoch
from server.shared.registry import Registry


@dataclass(frozen=True)
class Restored:
    """What was put in place: its facts, its new epoch, and where the former database is kept ("" if none was).

    `erased` is how many subjects were in the backup though their data has been erased since.
    `lost` counts the blobs whose bytes are neither here nor beside the backup; devices may still hold them.
    """

    facts: Facts
    epoch: int
    former: str
    erased: int
    lost: int = 0


def restore(
    engine: Engine,
    registry: Registry,
    path: Path,
    now: datetime,
    listing: EraseList,
    *,
    may_replace: bool,
    blobs: BlobStore | None = None,
) -> Restored:
    """Make a backup the database; raises ClickException, having changed nothing.

    Every device then finds another epoch, downloads anew and sends again what the backup lacks (SPEC 8.9). What
    was erased on request, as the list and the former database know, is erased in it before it is served (R34), and
    the bytes of its photos and files go from `blobs`.
    """
    store = store_of(engine)
    if not is_new(engine) and not may_replace:
        raise click.ClickException("There is data in the database. To replace it (it is kept aside): --replace")
    with unpacked(path, store.workspace) as (manifest, dump):
        _refuse_foreign(engine, manifest, path)
        with store.copy_of(dump) as copy:
            if problems := problems_of(copy, manifest, registry):
                raise click.ClickException("\n".join([f"{path} is not sound; nothing was changed:", *problems]))
            epoch = begin_timeline(copy, manifest.facts, now, former_epoch(engine))
            known = [] if is_new(engine) else listed_in(engine)
            erased = erase_again(copy, registry, now, {*listing.read(), *known})
            listing.add(listed_in(copy))
            lost = bring_back(copy, blobs, path.parent) if blobs else 0
            former = store.put_in_place(copy)
    if blobs:
        sweep_let_go(Shelf(Place(engine, registry, b"", lambda: to_ms(now)), blobs, 0))
    return Restored(manifest.facts, epoch, former, erased, lost)


def begin_timeline(copy: Engine, facts: Facts, now: datetime, former: int) -> int:
    """Begin an epoch above every one that a device can know, and let everybody sign in again.

    Whose access was ended after the backup is not known any more: so nobody's goes on by itself.
    """
    with Session(copy) as session, writing(session):
        end_sessions(session, now, "restored")
        epoch = raise_epoch(session, max(to_ms(now) // 1000, former + 1))
        note_durable(session, epoch, facts.last_seq, to_ms(now))
    return epoch


def is_new(engine: Engine) -> bool:
    """Whether there is nothing that a restore could replace."""
    path = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return True
    return is_empty(engine)


def former_epoch(engine: Engine) -> int:
    """The epoch of the database that is replaced; 0 where there is none."""
    if is_new(engine):
        return 0
    with engine.connect() as connection:
        return read_facts(connection).epoch


def _refuse_foreign(engine: Engine, manifest: Manifest, path: Path) -> None:
    if manifest.dialect != engine.dialect.name:
        raise click.ClickException(f"{path} is of {manifest.dialect}, the database of {engine.dialect.name}.")
    if manifest.facts.migration not in migrate.revisions():
        raise click.ClickException(f"{path} is of a newer release, {manifest.release}: install that one.")
