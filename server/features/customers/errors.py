"""Why a command about customers is refused."""

from server.errors import DomainError


def unknown(name: str) -> DomainError:
    """No customer has this name, code or id."""
    return DomainError("unknown_name", 404, {"name": name})


def ambiguous(name: str) -> DomainError:
    """Several customers have this name or code."""
    return DomainError("ambiguous_name", 409, {"name": name})
