"""The tables of blobs: what is kept, who proved to have it, which rows name it, and what is still on its way."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Blob(Base):
    """A whole blob, verified; its bytes lie under `key` in the store, which is written once.

    `log_seq` is the log's head when it was completed: a backup of a later position holds it, too. `kept_at` is
    the last moment (ms since 1970) at which something named it or somebody sent it.
    """

    __tablename__ = "blob"
    __table_args__ = (Index("ix_blob_kept_at", "kept_at"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    log_seq: Mapped[int] = mapped_column(BigInteger)
    kept_at: Mapped[int] = mapped_column(BigInteger)


class BlobProof(Base):
    """Somebody held these bytes: sent them whole, or could read them when saying so."""

    __tablename__ = "blob_proof"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)


class BlobReference(Base):
    """A row names a blob; `person_id` wrote the name there."""

    __tablename__ = "blob_reference"
    __table_args__ = (Index("ix_blob_reference_sha256", "sha256"),)

    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    pk: Mapped[Id] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[Id]


class BlobUpload(Base):
    """A blob on its way from one person; `received` is how many of its `size` bytes are here."""

    __tablename__ = "blob_upload"
    __table_args__ = (
        Index("uq_blob_upload_person_sha", "person_id", "sha256", unique=True),
        Index("ix_blob_upload_touched_at", "touched_at"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    person_id: Mapped[Id]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger)
    touched_at: Mapped[int] = mapped_column(BigInteger)


class BlobPart(Base):
    """One chunk of an upload, kept under `key` in the store until the blob is whole."""

    __tablename__ = "blob_part"

    upload_id: Mapped[Id] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(120))
