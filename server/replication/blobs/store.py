"""What is asked of whatever keeps the bytes of blobs: a folder, or a bucket of an object store."""

from collections.abc import Iterable, Iterator
from typing import Protocol


class MissingBytesError(Exception):
    """There is nothing under that key."""


class BlobStore(Protocol):
    """Bytes under keys such as `ab/ab12….9f3c`; each key is written once and never changed.

    It may be far away: nothing is asked of it while a lock of the database is held, and where it does not answer,
    any of this raises blobs_unavailable (503), which passes.
    """

    def put(self, key: str, data: Iterable[bytes]) -> None:
        """Keep the bytes, whole or not at all; they survive a power cut when this returns."""
        ...

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """The bytes from `start` on, in pieces; raises MissingBytesError before the first."""
        ...

    def size(self, key: str) -> int | None:
        """How many bytes there are, or None."""
        ...

    def delete(self, key: str) -> None:
        """Forget the bytes; none there is as well."""
        ...

    def listing(self) -> Iterator[tuple[str, int]]:
        """Every key, with the moment (ms since 1970) at which it was written."""
        ...
