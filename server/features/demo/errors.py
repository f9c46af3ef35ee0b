"""Why a demo company is refused."""

from server.errors import DomainError


def not_development() -> DomainError:
    """Made-up people with a printed password have no place on a real server."""
    return DomainError("demo_refused", 403)


def not_a_demo() -> DomainError:
    """The database holds somebody's own data."""
    return DomainError("not_a_demo", 409)
