"""A photo keeps its picture and loses what it says of place and device."""

import io
import struct

import pytest

from knelpunt.adapters.uploads.photo_metadata import PIECE_BYTES, without_metadata
from knelpunt.adapters.uploads.sniff import FileRefused
from tests.support.files import exif, jpeg, jpeg_segment, png, png_chunk

SECRET = b"Kerkweg 12, telefoon van Jansen"
EXIF = b"Exif\0\0"
ONLY_ORIENTATION_6 = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, 6, 0, 0)


def cleaned(content: bytes, kind: str = "image/jpeg") -> bytes:
    target = io.BytesIO()
    without_metadata(io.BytesIO(content), target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    "segment",
    [
        jpeg_segment(0xE1, EXIF + exif(1, place=SECRET)),
        jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET),
        jpeg_segment(0xED, b"Photoshop 3.0\0" + SECRET),
        jpeg_segment(0xE2, b"MPF\0" + SECRET),
        jpeg_segment(0xE0, b"JFXX\0" + SECRET),
        jpeg_segment(0xE1, EXIF + b"nonsense" + SECRET),
        jpeg_segment(0xE1, EXIF + struct.pack(">2sHI", b"MM", 42, 2**32 - 1) + SECRET),
        jpeg_segment(0xFE, SECRET),
    ],
)
def test_a_jpeg_loses_what_is_not_picture(segment: bytes) -> None:
    assert cleaned(jpeg(segment)) == jpeg()


def test_a_jpeg_keeps_its_colours_and_the_way_it_is_turned() -> None:
    colours = jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01profile") + jpeg_segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")
    content = jpeg(jpeg_segment(0xE1, EXIF + exif(6, place=SECRET)), colours)
    assert cleaned(content) == jpeg(jpeg_segment(0xE1, EXIF + ONLY_ORIENTATION_6), colours)


def test_what_hangs_behind_a_picture_goes() -> None:
    assert cleaned(jpeg(behind=b"PK\x03\x04" + SECRET)) == jpeg()
    assert cleaned(png(behind=b"<script>" + SECRET), "image/png") == png()


@pytest.mark.parametrize("length", [PIECE_BYTES - 2, PIECE_BYTES - 1, PIECE_BYTES, 3 * PIECE_BYTES + 1])
def test_a_scan_of_any_length_stays_as_it_is(length: int) -> None:
    scan = b"\xff\x00" + b"\x11" * (length - 4) + b"\xff\xd3" + b"\x3f"
    content = jpeg().replace(b"\x3f\xff\xd9", scan + b"\xff\xd9")
    second = jpeg_segment(0xC4, b"\x01" + bytes(16)) + jpeg_segment(0xDA, b"\x01\x01\0\0\x3f\0") + scan + b"\xff\xd9"
    progressive = content.removesuffix(b"\xff\xd9") + second
    assert cleaned(content) == content
    assert cleaned(progressive) == progressive


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"tEXt", b"Comment\0" + SECRET),
        png_chunk(b"zTXt", b"Comment\0\0" + SECRET),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
        png_chunk(b"eXIf", exif(1, place=SECRET)),
        png_chunk(b"tIME", b"\x07\xea\x0b\x18\x0c\0\0"),
        png_chunk(b"prVt", SECRET),
    ],
)
def test_a_png_loses_what_is_not_picture(chunk: bytes) -> None:
    assert cleaned(png(chunk), "image/png") == png()


def test_a_png_keeps_its_colours_and_the_way_it_is_turned() -> None:
    colours = png_chunk(b"gAMA", b"\0\0\xb1\x8f")
    content = png(colours, png_chunk(b"eXIf", exif(6, place=SECRET)))
    assert cleaned(content, "image/png") == png(colours, png_chunk(b"eXIf", ONLY_ORIENTATION_6))


def test_every_truncated_picture_is_refused() -> None:
    for content, kind in ((jpeg(), "image/jpeg"), (png(), "image/png")):
        for length in range(len(content)):
            with pytest.raises(FileRefused, match="niet compleet"):
                cleaned(content[:length], kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xd9", "image/jpeg"),
        (b"\xff\xd8\xff\xe0\0\x01\xff\xd9", "image/jpeg"),
        (b"\xff\xd8\0\0", "image/jpeg"),
        (b"\xff\xd8\xff\x00\0\x02\xff\xd9", "image/jpeg"),
        (png().replace(b"IDAT", b"IDAX"), "image/png"),
        (png(png_chunk(b"CgBI", b"\0\0\0\0")), "image/png"),
        (png(struct.pack(">I4s", 2**32 - 1, b"tEXt")), "image/png"),
        (png(struct.pack(">I4s", 2**32 - 1, b"eXIf")), "image/png"),
    ],
)
def test_what_is_not_built_as_a_picture_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(FileRefused):
        cleaned(content, kind)
