"""Describes the wire in one canonical form, so that it cannot change without a new version.

`schema.lock` holds the hash of that form per version, the hash of the frozen envelope, and the
vocabularies that may only grow (SPEC 16.2).
"""

from collections.abc import Iterable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Final, get_args, get_type_hints

from sync.core import canonical
from sync.core.digest import sha_hex
from sync.core.mutation import MAX_MUTATION_BYTES, MAX_TXN_BYTES, MAX_TXN_MUTATIONS, OPS, Mutation
from sync.core.park import PARK_CODES
from sync.wire import blob, error, head, pull, push, snapshot, verify
from sync.wire.version import VERSION

FROZEN: Final = (push.Parent, push.PushHeader, push.EnvelopeLine, push.Receipt, push.Fork, push.PushReply)
VERSIONED: Final = (
    *FROZEN,
    Mutation,
    pull.PullRequest,
    pull.PageHeader,
    pull.Upsert,
    pull.Removal,
    pull.ReceiptLine,
    pull.PageEnd,
    snapshot.SnapshotRequest,
    snapshot.ChunkHeader,
    snapshot.ChunkEnd,
    head.HeadReply,
    verify.ScopeSum,
    verify.VerifyRequest,
    verify.VerifyReply,
    blob.BlobRequest,
    blob.BlobReply,
    error.ErrorDetail,
    error.ErrorBody,
)
LIMITS: Final = {
    "mutation_bytes": MAX_MUTATION_BYTES,
    "txn_bytes": MAX_TXN_BYTES,
    "txn_mutations": MAX_TXN_MUTATIONS,
    "push_bytes": push.MAX_BYTES,
    "push_mutations": push.MAX_MUTATIONS,
    "depth": canonical.MAX_DEPTH,
}
GROWING: Final[dict[str, tuple[str, ...]]] = {
    "ops": OPS,
    "park_codes": PARK_CODES,
    "verify_results": get_args(verify.Result),
}


def describe(messages: Iterable[type]) -> dict[str, Any]:
    """Return each message's fields in order, with type and whether it may be left out."""
    return {message.__name__: _describe(message) for message in messages}


def fingerprint(messages: Iterable[type]) -> str:
    """Return the hash of the description of some messages, and of the limits."""
    return sha_hex(canonical.dumps([describe(messages), LIMITS]))


def complaints(lock: dict[str, Any]) -> list[str]:
    """Return, in sentences, how the code and the content of `schema.lock` disagree."""
    found: list[str] = []
    if fingerprint(FROZEN) != lock["frozen"]:
        found.append("the envelope is frozen for all time: take the change back")
    if fingerprint(VERSIONED) != lock["versions"].get(str(VERSION)):
        found.append("the wire changed: raise VERSION and add its fingerprint to the lock")
    for name, words in GROWING.items():
        locked = lock["growing"][name]
        if not set(locked) <= set(words):
            found.append(f"{name} may only grow: put back {sorted(set(locked) - set(words))}")
        elif set(words) != set(locked):
            found.append(f"add to {name} in the lock: {sorted(set(words) - set(locked))}")
    return found


def _describe(message: type) -> list[list[Any]]:
    if not is_dataclass(message):
        raise TypeError(f"{message} is no message")
    hints = get_type_hints(message)
    return [
        [
            item.name,
            _type_name(item.name, hints[item.name]),
            item.default is MISSING and item.default_factory is MISSING,
        ]
        for item in fields(message)
    ]


def _type_name(name: str, hint: Any) -> str:
    """Name a type; the vocabulary that may grow is named, not listed."""
    if name == "results":
        return f"growing {name}"
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint).replace("typing.", "")
