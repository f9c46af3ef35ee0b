"""Carries the bytes of blobs beside the backups, each once, and brings back those that a restored database names."""

from pathlib import Path

import click
from sqlalchemy import Engine, delete, inspect, select
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.blobs.folder import Folder
from server.replication.blobs.keeping import digest_of
from server.replication.blobs.models import Blob
from server.replication.blobs.naming import GOING, find_leaving
from server.replication.blobs.store import BlobStore, MissingBytesError
from server.shared.db import writing

NAMES = "blobs"
"""The folder beside the backups; it is shared by all of them, for a blob never changes."""


def named_by(session: Session) -> list[tuple[str, str, int]]:
    """Each blob that a database keeps: SHA-256, key and size; none in one from before there were any.

    What an erasure let go of is none of them, though its row may still be there.
    """
    if not inspect(session.connection()).has_table(Blob.__tablename__):
        return []
    leaving = find_leaving(session)
    found = session.execute(select(Blob.sha256, Blob.key, Blob.size).order_by(Blob.sha256))
    return [(sha, key, size) for sha, key, size in found if sha not in leaving]


def carry(engine: Engine, store: BlobStore, blobs: list[tuple[str, str, int]], backups: Path) -> None:
    """Copy what is not there yet, and look whether it is what it is called; raises ClickException.

    What the serving database let go of since it was read has no bytes any more: a restore forgets it, too.
    """
    target = Folder(backups / NAMES)
    for sha, key, size in blobs:
        copy = f"{sha[:2]}/{sha}"
        if target.size(copy) == size:
            continue
        try:
            target.put(copy, store.read(key))
        except MissingBytesError as problem:
            if not _is_kept(engine, sha, key):
                continue
            raise click.ClickException(f"The bytes of blob {sha} are missing: run `baifang check`.") from problem
        if digest_of(target, copy) != sha:
            target.delete(copy)
            raise click.ClickException(f"The bytes of blob {sha} are damaged: run `baifang check`.")


def bring_back(copy: Engine, store: BlobStore, backups: Path) -> int:
    """Give a restored database its blobs; returns how many are nowhere.

    Those it forgets, so that a device which still holds one sends it again (SPEC 18.8).
    """
    source = Folder(backups / NAMES)
    with Session(copy) as session:
        blobs = named_by(session)
    lost = [sha for sha, key, size in blobs if store.size(key) != size and not _put(source, store, sha, key)]
    with Session(copy) as session, writing(session):
        session.execute(delete(Blob).where(among(Blob.sha256, lost)))
    return len(lost)


def _is_kept(engine: Engine, sha: str, key: str) -> bool:
    """Whether a blob should be there now: bytes go only after their row was marked (a sweep)."""
    with engine.connect() as connection:
        return connection.scalar(select(Blob.key).where(Blob.sha256 == sha, Blob.kept_at > GOING)) == key


def _put(source: Folder, store: BlobStore, sha: str, key: str) -> bool:
    try:
        store.put(key, source.read(f"{sha[:2]}/{sha}"))
    except MissingBytesError:
        return False
    return digest_of(store, key) == sha
