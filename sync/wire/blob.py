"""The messages around a blob's bytes: what a device wants to send, and how far it is (SPEC 18)."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class BlobRequest:
    """Somebody has these bytes; `person` says whose outbox they wait in (SPEC 8.8)."""

    v: int
    sha256: str
    size: int
    media_type: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class BlobReply:
    """How far it is: `upload` and `offset` say where to go on; complete ones carry the log's head at that moment."""

    v: int
    state: Literal["uploading", "complete"]
    offset: int
    max_chunk: int
    upload: str | None = None
    log_seq: int | None = None
