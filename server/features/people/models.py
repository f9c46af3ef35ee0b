"""The typed table of colleagues, for queries; the rows that travel are the truth."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class Person(Base):
    """A rep, manager or admin; the login of the same id belongs to `auth`."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_manager_id", "manager_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    role: Mapped[str | None]
    manager_id: Mapped[Id | None]
    is_active: Mapped[bool | None]
    title: Mapped[str | None]
