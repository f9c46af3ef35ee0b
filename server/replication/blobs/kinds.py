"""Says what bytes really are, whatever a sender calls them: what is not of the declared kind is not kept."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

MOST_PIXELS = 50_000_000
"""Of an image; some that are small as files fill a device's memory when they are opened."""
HEAD = 1 << 18
"""How many of the first bytes are looked at."""
GPS = 0x8825
EXIF = b"Exif\0\0"
# Start-of-frame markers of JPEG: all of 0xC0 to 0xCF but tables (C4), extensions (C8) and arithmetic coding (CC).
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
START_OF_SCAN = 0xDA

Size = tuple[int, int]


@dataclass(frozen=True)
class Kind:
    """A media type that may be kept: the ending of its files, and whether bytes are of it."""

    extension: str
    fits: Callable[[bytes], bool]


def is_kind(media_type: str, head: bytes) -> bool:
    """Whether the first bytes are of the declared media type, within bounds, and tell no place."""
    kind = KINDS.get(media_type)
    try:
        return kind is not None and kind.fits(head)
    except (IndexError, struct.error):  # cut short, or lying about its own lengths
        return False


def _is_jpeg(head: bytes) -> bool:
    """Walk the segments up to the first frame, which says the size; a place among the Exif data is refused."""
    if not head.startswith(b"\xff\xd8\xff"):
        return False
    at = 2
    while head[at] == 0xFF and head[at + 1] != START_OF_SCAN:
        marker = head[at + 1]
        if marker == 0xFF or marker in ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", head, at + 2)
        body = head[at + 4 : at + 2 + length]
        if marker == 0xE1 and body.startswith(EXIF) and _tells_place(body[len(EXIF) :]):
            return False
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", body, 1)
            return _is_bounded((width, height))
        at += 2 + length
    return False


def _tells_place(tiff: bytes) -> bool:
    """Whether the first directory of Exif data points to one of places."""
    order = "<" if tiff.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, at)
    tags = (struct.unpack_from(f"{order}H", tiff, at + 2 + 12 * n)[0] for n in range(count))
    return GPS in tags


def _is_png(head: bytes) -> bool:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR" or b"eXIf" in head:
        return False
    width, height = struct.unpack_from(">II", head, 16)
    return _is_bounded((width, height))


def _is_webp(head: bytes) -> bool:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return False
    form = head[12:16]
    if form == b"VP8X":
        has_exif = head[20] & 0x08
        width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
        return not has_exif and len(head) >= 30 and _is_bounded((width, height))
    if form == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return head[20] == 0x2F and _is_bounded(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
    width, height = struct.unpack_from("<HH", head, 26)
    return form == b"VP8 " and head[23:26] == b"\x9d\x01\x2a" and _is_bounded((width & 0x3FFF, height & 0x3FFF))


def _is_bounded(size: Size) -> bool:
    width, height = size
    return width > 0 and height > 0 and width * height <= MOST_PIXELS


def _begins(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signs)


KINDS = {
    "image/jpeg": Kind("jpg", _is_jpeg),
    "image/png": Kind("png", _is_png),
    "image/webp": Kind("webp", _is_webp),
    "audio/webm": Kind("weba", _begins(b"\x1a\x45\xdf\xa3")),
    "audio/ogg": Kind("ogg", _begins(b"OggS")),
    "audio/mp4": Kind("m4a", lambda head: head[4:8] == b"ftyp"),
    "application/pdf": Kind("pdf", _begins(b"%PDF-")),
}
"""What may be kept. Nothing among it runs by itself; it is served so that no browser runs it either."""
