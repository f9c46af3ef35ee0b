"""Why a change of a cadence is refused."""

from server.errors import DomainError


def unknown(name: str) -> DomainError:
    """No cadence has this name or id."""
    return DomainError("unknown_name", 404, {"name": name})


def ambiguous(name: str) -> DomainError:
    """Several cadences have this name."""
    return DomainError("ambiguous_name", 409, {"name": name})


def interval(name: str, every: int, lead: int) -> DomainError:
    """It would never come, or not within five years."""
    return DomainError("cadence_interval", 422, {"name": name, "every": every, "lead": lead})


def channel(name: str) -> DomainError:
    """It says on no known channel how to make contact."""
    return DomainError("cadence_channel", 422, {"name": name})
