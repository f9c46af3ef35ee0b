"""What the tests of who sees what share: three territories, and questions to ask of pages and phones."""

from collections.abc import Callable

import pytest

from server.errors import DomainError
from tests.contract.world import Page, Phone, new_id

A, B, C = new_id(), new_id(), new_id()


def ops(pages: list[Page], pk: str) -> list[str]:
    """What the pages did to a row, in order."""
    return [row["op"] for page in pages for row in page.rows if row["pk"] == pk]


def refusal(ask: Callable[[], object]) -> tuple[str, int]:
    """The code and status of a request that must be refused."""
    with pytest.raises(DomainError) as refused:
        ask()
    return refused.value.code, refused.value.status


def is_level(phone: Phone) -> bool:
    """Whether the server finds every scope of the phone's mirror as it should be."""
    return set(phone.verify().values()) <= {"ok"}
