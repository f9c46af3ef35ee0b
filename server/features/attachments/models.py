"""The typed table of attachments; the bytes are replication's, and each is named by its SHA-256."""

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Attachment(Base):
    """A file beside an interaction."""

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_interaction_id", "interaction_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    customer_id: Mapped[Id]
    interaction_id: Mapped[Id | None]
    kind: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    thumb_sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    name: Mapped[str | None]
    duration_ms: Mapped[int | None]
    signed_hash: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[int | None] = mapped_column(BigInteger)
    voided: Mapped[bool | None]
    person_id: Mapped[Id | None]
    created_at: Mapped[int | None] = mapped_column(BigInteger)
