"""The one body of every refusal (SPEC 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """A code of the error catalogue, its message, and what it is about."""

    code: str
    message: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The body."""

    error: ErrorDetail
