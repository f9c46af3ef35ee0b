"""Takes a backup while the server serves, and counts it only once it has been opened and checked."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.operations import archive
from server.operations.archive import FORMAT, Manifest, keep, sha256_of, unpacked
from server.operations.blobs import carry, named_by
from server.operations.check import check
from server.operations.facts import Facts, read_facts
from server.operations.store import Store, store_of
from server.replication.blobs.store import BlobStore
from server.shared import migrate
from server.shared.clock import to_ms
from server.shared.db import begin_snapshot, writing
from server.shared.log_lock import note_durable
from server.shared.registry import Registry


def back_up(
    engine: Engine,
    registry: Registry,
    folder: Path,
    now: datetime,
    after: Sequence[str] = (),
    blobs: BlobStore | None = None,
) -> Path:
    """Write, verify and name a backup, run `after` with its path, and tell the devices what it holds.

    The bytes of `blobs` go into a folder beside it, which all backups share.

    Raises ClickException; what failed its verification stays under a name that says so.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = store_of(engine)
    draft = folder / f".baifang-{os.getpid()}.partial"
    draft.unlink(missing_ok=True)
    facts, named = _write(engine, store, draft, now)
    if blobs:
        carry(engine, blobs, named, folder)
    path = folder / f"baifang-{now:%Y%m%dT%H%M%SZ}-{facts.epoch}-{facts.last_seq}.backup"
    if problems := verify(store, draft, registry):
        keep(draft, path.with_suffix(".damaged"))
        raise click.ClickException(
            "\n".join([f"The backup is not sound; see {path.with_suffix('.damaged')}:", *problems])
        )
    keep(draft, path)
    _carry_off(after, path)
    # One taken before an update of the database is for going back: no device is told of it.
    if facts.migration == migrate.revisions()[0]:
        with Session(engine) as session, writing(session):
            note_durable(session, facts.epoch, facts.last_seq, to_ms(now))
    return path


def _write(engine: Engine, store: Store, draft: Path, now: datetime) -> tuple[Facts, list[tuple[str, str, int]]]:
    with TemporaryDirectory(dir=draft.parent, prefix=".baifang-") as place:
        dump = Path(place, store.dump_name)
        with Session(engine) as session:
            begin_snapshot(session)
            connection = session.connection()
            facts, named = read_facts(connection), named_by(session)
            store.dump(connection, dump)
        release, dialect = version("baifang"), engine.dialect.name
        manifest = Manifest(FORMAT, now.isoformat(), release, dialect, dump.name, sha256_of(dump), facts)
        archive.write(draft, dump, manifest)
    return facts, named


def verify(store: Store, path: Path, registry: Registry) -> list[str]:
    """Open a written backup as a restore would, and look for damage; a sentence for each thing wrong."""
    with unpacked(path, store.workspace) as (manifest, dump), store.copy_of(dump) as copy:
        return problems_of(copy, manifest, registry)


def problems_of(copy: Engine, manifest: Manifest, registry: Registry) -> list[str]:
    """Compare an opened copy with its manifest, bring it up to this release, and check it."""
    with copy.connect() as connection:
        held, told = asdict(read_facts(connection)), asdict(manifest.facts)
    problems = [f"Its {name} is {held[name]} instead of {told[name]}." for name in told if held[name] != told[name]]
    if problems:
        return problems
    migrate.upgrade(copy)
    return check(copy, registry)


def _carry_off(command: Sequence[str], path: Path) -> None:
    """Run the operator's own command, such as a copy to another building."""
    if command and subprocess.run([*command, str(path)], check=False).returncode:  # noqa: S603  (the operator's words)
        raise click.ClickException(f"{path} is sound, but does not count: `{' '.join(command)}` failed.")
