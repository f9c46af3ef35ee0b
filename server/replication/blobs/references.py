"""Notes which rows name which blobs, and finds the blobs that a person may see through them (R35)."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard, cast

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import Session

from server.replication.among import among
from server.replication.blobs.models import BlobProof, BlobReference
from server.replication.bulk import insert_all
from server.replication.models import SyncedRow
from server.replication.rows import Row
from server.replication.unit import by_entity
from server.shared.registry import Registry
from server.shared.scope import granted_scopes

SHA_LENGTH = 64


def is_sha(text: object) -> TypeGuard[str]:
    """Whether it is the lower-case hex of a SHA-256."""
    return isinstance(text, str) and len(text) == SHA_LENGTH and not text.strip("0123456789abcdef")


def note_references(session: Session, registry: Registry, rows: Sequence[Row]) -> None:
    """Write down what changed rows name, in the transaction that changes them."""
    telling = [row for row in rows if (entity := registry.get(row.key[0])) and entity.spec.blobs]
    if not telling:
        return
    table = BlobReference
    for entity, pks in by_entity(row.key for row in telling):
        session.execute(delete(table).where(table.entity == entity, among(table.pk, pks)))
    found = {(*row.key, sha): person for row in telling for sha, person in _named(registry, row)}
    names = ("entity", "pk", "sha256", "person_id")
    insert_all(session, table, [dict(zip(names, (*key, person), strict=True)) for key, person in found.items()])


def _named(registry: Registry, row: Row) -> Iterator[tuple[str, str]]:
    """Each blob that a row names, with who wrote it there."""
    spec = registry.entities[row.key[0]].spec
    for name in spec.blobs:
        value = row.state.fields.get(name)
        write = row.state.groups.get(spec.by_name[name].group) or row.state.created
        values = cast("list[Any]", value) if isinstance(value, list) else [value]
        yield from ((sha, write.person) for sha in values if is_sha(sha))


def is_named(session: Session, sha: str, person_id: str) -> ColumnElement[bool]:
    """Whether a live row within this person's grants, as they are now, names the blob."""
    return exists().where(*_seen(session, sha, person_id))


def is_shown(session: Session, sha: str, person_id: str) -> ColumnElement[bool]:
    """Whether such a row shows it: one written by somebody who proved to have the bytes.

    Else whoever once learned a name could see what it names by writing it into a row of their own.
    """
    proof = BlobProof
    is_proven = (proof.sha256 == BlobReference.sha256, proof.person_id == BlobReference.person_id)
    return exists().where(*_seen(session, sha, person_id), *is_proven)


def _seen(session: Session, sha: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    row, reference = SyncedRow, BlobReference
    same = (row.entity == reference.entity, row.pk == reference.pk)
    scopes = granted_scopes(session, person_id)
    return (reference.sha256 == sha, *same, row.scope.in_(scopes), row.deleted_by.is_(None))
