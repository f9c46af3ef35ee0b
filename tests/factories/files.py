"""Files of every kind that may be kept, as small as they can be, and some that only look like it."""

import struct
import zlib

GPS = 0x8825
ORIENTATION = 0x0112


def jpeg(width: int = 640, height: int = 480, *, tags: tuple[int, ...] = (), filling: bytes = b"") -> bytes:
    """A JPEG as far as its header goes, with Exif tags where wanted."""
    exif = b""
    if tags:
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, 0) for tag in tags)
        tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
        exif = segment(0xE1, b"Exif\0\0" + tiff)
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + exif + frame + b"\xff\xda" + filling + b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey PNG."""
    rows = (b"\0" + b"\x7f" * width) * height if width * height < 1_000_000 else b""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in [*parts, (b"IEND", b"")])


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def webp(form: bytes = b"VP8X", width: int = 640, height: int = 480, *, has_exif: bool = False) -> bytes:
    """A WebP header of one of its three forms."""
    if form == b"VP8X":
        body = bytes((8 if has_exif else 0, 0, 0, 0)) + (width - 1).to_bytes(3, "little")
        body += (height - 1).to_bytes(3, "little")
    elif form == b"VP8L":
        body = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    else:
        body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    inside = b"WEBP" + form + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


PDF = b"%PDF-1.7\n"
PROGRAM = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0"
PAGE = b"<!doctype html><script>alert(1)</script>"
