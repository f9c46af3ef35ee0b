"""What the imports remember: each plan, and what they last wrote to each row."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id, Instant


class ImportPlan(Base):
    """One import: `fingerprint` is a SHA-256 over the mapping and the files, to find it again after a kill."""

    __tablename__ = "import_plans"
    __table_args__ = (Index("ix_import_plans_fingerprint", "fingerprint"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportRow(Base):
    """An imported row as imports last wrote it.

    `values` is what the files said (JSON); `epoch` and `n` are the revision that this made; `plan_id` is the
    plan that created the row, or brought it back; `removed_by` is the delete by which that plan was undone.
    """

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_plan_id", "plan_id"), Index("ix_import_rows_source", "source"))

    entity: Mapped[str] = mapped_column(String(40), primary_key=True)
    pk: Mapped[Id] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    plan_id: Mapped[Id]
    values: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(BigInteger)
    n: Mapped[int] = mapped_column(BigInteger)
    removed_by: Mapped[Id | None]
