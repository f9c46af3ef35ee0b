"""Why a change of a person is refused."""

from server.errors import DomainError


def unknown(name: str) -> DomainError:
    """Nobody has this name, login or id."""
    return DomainError("unknown_name", 404, {"name": name})


def ambiguous(name: str) -> DomainError:
    """Several people have this name."""
    return DomainError("ambiguous_name", 409, {"name": name})
