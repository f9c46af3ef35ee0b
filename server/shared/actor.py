"""Who is doing something: handed to every service, so that none reads the request or the session."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; field rules and services decide the details."""

    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Actor:
    """A signed-in person on one device, or the operator at the command line."""

    person_id: str
    role: Role
    device_session_id: str | None
    locale: str

    @property
    def is_admin(self) -> bool:
        """Whether the person may manage people and devices."""
        return self.role is Role.ADMIN


OPERATOR = Actor(
    person_id="00000000-0000-0000-0000-000000000000",
    role=Role.ADMIN,
    device_session_id=None,
    locale="zh-Hant",
)
"""Whoever has a shell on the server; audit rows of theirs carry this id."""
