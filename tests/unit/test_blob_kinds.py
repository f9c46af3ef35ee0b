"""Bytes are what they are, whatever they are called: sniffing before anything is kept."""

import pytest

from server.replication.blobs.kinds import KINDS, MOST_PIXELS, is_kind
from tests.factories import files

SIDE = int(MOST_PIXELS**0.5)
SAMPLES = {
    "image/jpeg": files.jpeg(),
    "image/png": files.png(),
    "image/webp": files.webp(),
    "audio/webm": b"\x1a\x45\xdf\xa3" + bytes(20),
    "audio/ogg": b"OggS" + bytes(20),
    "audio/mp4": b"\0\0\0\x18ftypM4A " + bytes(20),
    "application/pdf": files.PDF,
}


@pytest.mark.parametrize("media_type", SAMPLES)
def test_each_kind_that_may_be_kept_is_known_by_its_bytes(media_type: str):
    assert [name for name in KINDS if is_kind(name, SAMPLES[media_type])] == [media_type]


def test_there_is_a_sample_of_every_kind():
    assert SAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("form", [b"VP8X", b"VP8L", b"VP8 "])
@pytest.mark.parametrize("side", [1, 640, SIDE, SIDE + 1, 16_383])
def test_an_image_beyond_fifty_million_pixels_is_refused(form: bytes, side: int):
    fits = side <= SIDE
    assert is_kind("image/webp", files.webp(form, side, side)) is fits
    assert is_kind("image/jpeg", files.jpeg(side, side)) is fits
    assert is_kind("image/png", files.png(side, side)) is fits


@pytest.mark.parametrize("data", [files.PROGRAM, files.PAGE, b"", b"\xff\xd8\xff", b"RIFF", files.png()[:20]])
@pytest.mark.parametrize("media_type", KINDS)
def test_what_is_none_of_them_is_refused_under_every_name(media_type: str, data: bytes):
    assert not is_kind(media_type, data)


def test_a_kind_that_nobody_listed_is_refused():
    assert not is_kind("text/html", files.PAGE)
    assert not is_kind("image/svg+xml", b"<svg/>")


def test_a_photo_that_tells_its_place_is_refused_and_other_exif_is_not():
    assert is_kind("image/jpeg", files.jpeg(tags=(files.ORIENTATION,)))
    assert not is_kind("image/jpeg", files.jpeg(tags=(files.ORIENTATION, files.GPS)))
    assert not is_kind("image/webp", files.webp(has_exif=True))


def test_a_photo_cut_anywhere_in_its_header_is_refused_and_breaks_nothing():
    whole = files.jpeg(tags=(files.ORIENTATION,))
    frame = whole.index(b"\xff\xc0") + 9
    assert not any(is_kind("image/jpeg", whole[:length]) for length in range(frame))
    assert is_kind("image/jpeg", whole)
