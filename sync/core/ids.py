"""Ids that a device can mint alone and that two devices can arrive at independently (SPEC 1.3)."""

import re
import uuid

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def uuid7(ms: int, random_bytes: bytes) -> str:
    """Return a version 7 UUID of a time in milliseconds and 10 random bytes (RFC 9562, 5.7)."""
    if len(random_bytes) != 10 or not 0 <= ms < 2**48:
        raise ValueError("uuid7 takes 48 bits of milliseconds and 10 random bytes")
    octets = bytearray(ms.to_bytes(6, "big") + random_bytes)
    octets[6] = octets[6] & 0x0F | 0x70
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid5(namespace: str, name: str) -> str:
    """Return the version 5 UUID of a name within a namespace, itself an id."""
    return str(uuid.uuid5(uuid.UUID(namespace), name))


def is_uuid(text: object) -> bool:
    """Tell whether a value is a lower-case hyphenated UUID of version 5 or 7."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None
