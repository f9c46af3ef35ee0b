"""The typed table of the territory tree, for queries; the rows that travel are the truth."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Territory(Base):
    """A region, or a patch: the part of a region that reps work."""

    __tablename__ = "territories"
    __table_args__ = (Index("ix_territories_parent_id", "parent_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    parent_id: Mapped[Id | None]
    kind: Mapped[str | None]
    person_ids: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    dated: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
