"""Keeps the bytes of blobs as objects in a bucket that speaks S3, which several machines may share."""

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from server.errors import RETRY_SECONDS, DomainError
from server.replication.blobs.store import MissingBytesError
from server.settings import Settings

PIECE = 1 << 20
"""Bytes asked for at once: whoever fetches slowly keeps no connection to the store open."""
PATIENCE = timedelta(seconds=20)
"""For one request, its bytes included: less than a device waits for us."""
REFUSED = (BaseError, FileNotFoundError)
"""What the library raises; the second where it means the bucket, and not an object, that is not there."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bucket:
    """A store of objects below one prefix.

    Every method raises blobs_unavailable (503) when the store does not answer, or refuses.
    """

    objects: S3Store

    def put(self, key: str, data: Iterable[bytes]) -> None:
        """In one request, which S3 keeps whole or not at all: nothing unfinished is ever left behind.

        All of it is held in memory meanwhile; no blob is larger than `max_blob_bytes`.
        """
        whole = BytesIO()
        whole.writelines(data)
        with _answered():
            obstore.put(self.objects, key, whole.getvalue(), use_multipart=False)

    def read(self, key: str, start: int = 0) -> Iterator[bytes]:
        """Looked for at once, so that what is missing is known before an answer begins."""
        size = self.size(key)
        if size is None:
            raise MissingBytesError(key)
        return self._pieces(key, start, size)

    def size(self, key: str) -> int | None:
        """The object's length."""
        with _answered(), suppress(FileNotFoundError):
            return obstore.head(self.objects, key)["size"]
        return None

    def delete(self, key: str) -> None:
        """Remove the object; S3 itself is content when there is none."""
        with _answered():
            obstore.delete(self.objects, key)

    def listing(self) -> Iterator[tuple[str, int]]:
        """Every object; S3 tells the second in which it was written."""
        with _answered():
            for page in obstore.list(self.objects):
                for found in page:
                    yield found["path"], int(found["last_modified"].timestamp()) * 1000

    def _pieces(self, key: str, start: int, size: int) -> Iterator[bytes]:
        for begin in range(start, size, PIECE):
            with _answered():
                try:
                    piece = obstore.get_range(self.objects, key, start=begin, end=min(begin + PIECE, size))
                except FileNotFoundError as problem:  # gone since it was looked for
                    raise MissingBytesError(key) from problem
            yield piece.to_bytes()


def open_bucket(settings: Settings) -> Bucket:
    """The bucket that the settings name; nothing is asked of it yet.

    The keys go by a provider: else a session token in the environment would be sent along with them.
    """
    objects = S3Store(
        settings.blob_bucket,
        prefix=settings.blob_prefix,
        region=settings.blob_region,
        endpoint=settings.blob_endpoint or f"https://s3.{settings.blob_region}.amazonaws.com",
        skip_signature=False,
        credential_provider=lambda: {
            "access_key_id": settings.blob_access_key,
            "secret_access_key": settings.blob_secret_key,
            "expires_at": None,
        },
        client_options={
            "allow_http": settings.blob_endpoint.startswith("http://"),
            "connect_timeout": "2s",
            "timeout": PATIENCE,
        },
        retry_config={"max_retries": 2, "retry_timeout": PATIENCE / 2},
    )
    return Bucket(objects)


@contextmanager
def _answered() -> Generator[None]:
    try:
        yield
    except REFUSED as problem:
        log.error("object store refused: %s", str(problem).partition("\n")[0])
        raise DomainError("blobs_unavailable", 503, {"retry_after": RETRY_SECONDS}) from problem
