"""Why a change of the territory tree is refused."""

from server.errors import DomainError


def unknown(name: str) -> DomainError:
    """No territory has this name or id."""
    return DomainError("unknown_name", 404, {"name": name})


def ambiguous(name: str) -> DomainError:
    """Several territories have this name."""
    return DomainError("ambiguous_name", 409, {"name": name})


def loop(name: str, parent: str) -> DomainError:
    """A territory cannot hang below itself."""
    return DomainError("territory_loop", 409, {"name": name, "parent": parent})


def reversed_dates(first: str, last: str) -> DomainError:
    """An assignment cannot end before it begins."""
    return DomainError("dates_reversed", 422, {"from": first, "to": last})


def disabled(name: str) -> DomainError:
    """The person was disabled."""
    return DomainError("assignee_disabled", 409, {"name": name})
