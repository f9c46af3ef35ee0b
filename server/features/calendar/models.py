"""The typed table of the company's calendar, for queries; the row that travels is the truth."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from server.shared.orm import Base, Id


class BusinessCalendar(Base):
    """Hours by weekday, Monday first; dates with the names of holidays, or with hours of their own."""

    __tablename__ = "calendars"

    id: Mapped[Id] = mapped_column(primary_key=True)
    week: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    holidays: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    closed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    opened: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
