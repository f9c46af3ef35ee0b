"""Why a change of the calendar is refused."""

from server.errors import DomainError


def no_hours(text: str) -> DomainError:
    """Not from an earlier to a later time of one day."""
    return DomainError("invalid_hours", 400, {"hours": text})


def no_country(code: str) -> DomainError:
    """Nobody knows when it rests."""
    return DomainError("unknown_country", 400, {"country": code})
