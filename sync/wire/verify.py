"""Verify: whether a mirror equals its scopes, at the mirror's own cursor (SPEC 13.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Result = Literal["ok", "mismatch", "pending", "not_granted"]


@dataclass(frozen=True, slots=True)
class ScopeSum:
    """How many rows a scope has, and their digests' sum in 32 hex digits."""

    count: int
    sum: str


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Every scope key that the mirror holds, with its sum."""

    v: int
    device: str
    cursor: str
    scopes: Mapping[str, ScopeSum]


@dataclass(frozen=True, slots=True)
class VerifyReply:
    """The verdict for each scope key that was asked."""

    v: int
    results: Mapping[str, Result]
