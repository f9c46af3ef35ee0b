"""Takes requests apart and packs answers: framing, inflating under a cap, compressing (SPEC 8.1, R8)."""

import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar, cast

import brotli
import msgspec
from backports import zstd
from werkzeug.datastructures import Accept

from server.errors import DomainError
from server.replication.work import Item
from sync.core.digest import sha_hex
from sync.core.ids import is_uuid
from sync.core.mutation import Mutation, MutationError, decode
from sync.core.park import Park
from sync.wire.push import MAX_BYTES, MAX_MUTATIONS, EnvelopeLine, PushHeader

MAX_INT = 2**53 - 1
WORTH_COMPRESSING = 1_000
GZIP = 16 + zlib.MAX_WBITS

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

T = TypeVar("T")
_header = msgspec.json.Decoder(PushHeader)
_envelope = msgspec.json.Decoder(EnvelopeLine)


def inflate(data: bytes, encoding: str | None, cap: int) -> bytes:
    """The request's own bytes; raises request_too_large (413), unsupported_media_type (415)."""
    if encoding in (None, "", "identity"):
        inflated = data
    elif encoding == "gzip":
        inflated = _gunzip(data, cap)
    else:
        raise DomainError("unsupported_media_type", 415)
    if len(inflated) > cap:
        raise DomainError("request_too_large", 413, {"max_bytes": cap})
    return inflated


def _gunzip(data: bytes, cap: int) -> bytes:
    """Inflate at most one byte more than the cap, whatever the data claims to hold."""
    stream = zlib.decompressobj(GZIP)
    try:
        inflated = stream.decompress(data, cap + 1)
    except zlib.error as problem:
        raise DomainError("bad_envelope", 400) from problem
    if len(inflated) <= cap and (not stream.eof or stream.unused_data):
        raise DomainError("bad_envelope", 400)
    return inflated


def read_json(data: bytes, kind: type[T]) -> T:
    """A request's one JSON object; raises bad_envelope (400)."""
    try:
        return msgspec.json.decode(data, type=kind)
    except UNREADABLE as problem:
        raise DomainError("bad_envelope", 400, {"reason": str(problem)}) from problem


def read_push(data: bytes, now_ms: int) -> tuple[PushHeader, list[Item]]:
    """The header and the mutations of a push, each with what was wrong with it alone.

    `now_ms` is when it was received: what the device's clock is off by, where it does not say.
    Raises bad_envelope (400) when the envelope cannot be read, request_too_large (413) beyond 500
    mutations or 1 MiB.
    """
    if len(data) > MAX_BYTES:
        raise DomainError("request_too_large", 413, {"max_bytes": MAX_BYTES})
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    if len(lines) % 2 == 0:
        raise DomainError("bad_envelope", 400, {"reason": "an odd number of lines is needed"})
    if len(lines) // 2 > MAX_MUTATIONS:
        raise DomainError("request_too_large", 413, {"max_bytes": MAX_BYTES})
    header = _read_header(lines[0])
    envelopes = [_read_envelope(line) for line in lines[1::2]]
    seqs = [envelope.seq for envelope in envelopes]
    if any(after <= before for before, after in pairwise(seqs)):
        raise DomainError("bad_envelope", 400, {"reason": "seqs must grow"})
    pairs = zip(envelopes, lines[2::2], strict=True)
    return header, [_item(e, line, now_ms - header.now, header.store_raw) for e, line in pairs]


def _read_header(line: bytes) -> PushHeader:
    header = _decode(_header, line)
    numbers = [header.now, header.acked_through, *(header.void or ())]
    numbers += [header.parent.seq] if header.parent else []
    ids = [header.device, *([header.parent.device] if header.parent else [])]
    if not all(map(is_uuid, ids)) or not all(0 <= n <= MAX_INT for n in numbers):
        raise DomainError("bad_envelope", 400, {"reason": "header"})
    return header


def _read_envelope(line: bytes) -> EnvelopeLine:
    envelope = _decode(_envelope, line)
    is_numbered = 1 <= envelope.seq <= MAX_INT and abs(envelope.skew or 0) <= MAX_INT
    is_named = is_uuid(envelope.id) and is_uuid(envelope.txn)
    if not (is_numbered and is_named and _is_sha(envelope.sha) and _is_sha(envelope.prev)):
        raise DomainError("bad_envelope", 400, {"reason": "envelope"})
    return envelope


def _decode(decoder: msgspec.json.Decoder[T], line: bytes) -> T:
    try:
        return decoder.decode(line)
    except UNREADABLE as problem:
        raise DomainError("bad_envelope", 400, {"reason": str(problem)}) from problem


def _is_sha(text: str | None) -> bool:
    return text is None or (len(text) == 64 and not text.strip("0123456789abcdef"))


def _item(envelope: EnvelopeLine, line: bytes, skew: int, is_raw: bool) -> Item:
    mutation, park = read_mutation(envelope.id, envelope.sha, line)
    if is_raw:
        mutation, park = None, park if park and park.code == "sha_mismatch" else None
    return Item(
        envelope.seq,
        envelope.txn,
        envelope.id,
        envelope.sha,
        line,
        skew if envelope.skew is None else envelope.skew,
        envelope.prev,
        mutation,
        park,
    )


def read_mutation(mutation_id: str, sha: str, line: bytes) -> tuple[Mutation | None, Park | None]:
    """The mutation, or why it parks."""
    if sha_hex(line) != sha:
        return None, Park("sha_mismatch")
    try:
        mutation = decode(line)
    except MutationError as problem:
        return None, Park(problem.code, problem.fields)
    if mutation.id != mutation_id:
        return None, Park("invalid_value", ("id",))
    return mutation, None


def compress(body: bytes, accept: Accept) -> tuple[bytes, str | None]:
    """The body in the best encoding that the reader accepts, and that encoding's name."""
    if len(body) < WORTH_COMPRESSING:
        return body, None
    for name, pack in PACKERS.items():
        if accept.quality(name) > 0:
            return pack(body), name
    return body, None


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, 3)


def _brotli(body: bytes) -> bytes:
    return cast("bytes", brotli.compress(body, quality=1))  # pyright: ignore[reportUnknownMemberType]


def _gzip(body: bytes) -> bytes:
    stream = zlib.compressobj(1, wbits=GZIP)
    return stream.compress(body) + stream.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": _zstd,
    "br": _brotli,
    "gzip": _gzip,
}
