"""What the services of blobs run on: replication's place, the store of bytes, and the limits."""

from dataclasses import dataclass

from server.replication.blobs.store import BlobStore
from server.replication.place import Place

DAY_MS = 86_400_000
MAX_CHUNK = 1 << 20
"""Bytes in one chunk: as much as a push may have (SPEC 8.2)."""
UPLOAD_MS = 7 * DAY_MS
"""An upload of which nothing more came for so long begins anew."""
MOST_UPLOADS = 50
"""Unfinished ones of one person; the next one takes the place of the oldest."""
UNNAMED_MS = 200 * DAY_MS
"""How long a blob stays that nothing names: as long as a device may be offline (promise 5)."""
STRAY_MS = 7 * DAY_MS
"""How long a file stays that no row knows. No device can ask for it, but its row may be about to be written, and who
restored the wrong backup may put the former database back."""


@dataclass(frozen=True)
class Shelf:
    """Handed to every service of blobs; no blob may have more than `max_bytes`."""

    place: Place
    store: BlobStore
    max_bytes: int
