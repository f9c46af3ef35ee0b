"""Why a command about occasions is refused."""

from server.errors import DomainError


def unknown(name: str) -> DomainError:
    """No occasion has this key, name or id."""
    return DomainError("unknown_name", 404, {"name": name})


def ambiguous(name: str) -> DomainError:
    """Several occasions have this name."""
    return DomainError("ambiguous_name", 409, {"name": name})


def impossible(name: str) -> DomainError:
    """No year has such a day."""
    return DomainError("no_such_day", 422, {"name": name})
