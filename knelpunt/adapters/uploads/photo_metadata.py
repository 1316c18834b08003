"""Copies a picture without what it says about place, device and maker, and leaves the picture itself as it is."""

import re
import struct
import zlib
from typing import IO

from knelpunt.adapters.uploads.sniff import FileRefused

PIECE_BYTES = 64 * 1024
PHOTO_TYPES = frozenset({"image/jpeg", "image/png"})

_BROKEN = "De foto is niet compleet of beschadigd. Maak of bewaar de foto opnieuw, en kies die daarna nog eens."
_EXIF = b"Exif\0\0"
_ORIENTATION_TAG = 0x0112
_IFD_MAX_ENTRIES = 500

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# What ends the data of a scan: a marker that is not a stuffed zero, a restart or a filler.
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# The picture, its colours, its measures and its animation; all else is left out.
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs cICP acTL fcTL fdAT".split())
_CRITICAL = 0x20
_PNG_MAX_SMALL_CHUNK = 1024 * 1024


def without_metadata(source: IO[bytes], target: IO[bytes], media_type: str) -> None:
    """Copy a JPEG or PNG from where the source stands, without EXIF, XMP, texts, comments and what hangs behind it.

    Of EXIF only the orientation stays, because a photo would lie on its side without it.

    Raises:
        FileRefused: the picture is not complete, or not built as such a picture is.
    """
    if media_type == "image/jpeg":
        _copy_jpeg(source, target)
    else:
        _copy_png(source, target)


def _read(source: IO[bytes], count: int) -> bytes:
    data = source.read(count)
    if len(data) != count:
        raise FileRefused(_BROKEN)
    return data


# --- JPEG: segments, each with a marker and a length, and scans that run until the next marker


def _copy_jpeg(source: IO[bytes], target: IO[bytes]) -> None:
    if _read(source, 2) != bytes((0xFF, _START)):
        raise FileRefused(_BROKEN)
    target.write(bytes((0xFF, _START)))
    has_frame = has_scan = has_orientation = False
    while (marker := _next_marker(source)) != _END:
        length = struct.unpack(">H", _read(source, 2))[0]
        if marker < 0xC0 or length < 2:
            raise FileRefused(_BROKEN)
        content = _read(source, length - 2)
        orientation = 0
        if marker == _APP1 and content.startswith(_EXIF) and not has_orientation:
            orientation = _orientation(content[len(_EXIF) :])
            has_orientation = orientation > 0
        if orientation:
            content = _EXIF + _orientation_only(orientation)
        if orientation or _is_kept(marker, content):
            target.write(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content)
        has_frame = has_frame or marker in _FRAMES
        if marker == _SCAN:
            has_scan = True
            _copy_scan(source, target)
    if not (has_frame and has_scan):
        raise FileRefused(_BROKEN)
    # What stands behind the end, such as a second picture, is not the picture.
    target.write(bytes((0xFF, _END)))


def _next_marker(source: IO[bytes]) -> int:
    if _read(source, 1) != b"\xff":
        raise FileRefused(_BROKEN)
    while (marker := _read(source, 1)[0]) == 0xFF:
        continue
    return marker


def _is_kept(marker: int, content: bytes) -> bool:
    """Keep what a decoder needs: everything but comments, and of the application segments those about colour."""
    if marker == _APP2:
        return content.startswith(b"ICC_PROFILE\0")
    if marker == _APP0:
        return content.startswith(b"JFIF\0")
    if marker == _APP14:
        return content.startswith(b"Adobe")
    return not (_APP0 <= marker <= _APP15 or marker == _COMMENT)


def _copy_scan(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy the data of a scan and leave the source at the marker behind it."""
    held = b""
    while piece := source.read(PIECE_BYTES):
        held += piece
        if found := _END_OF_SCAN.search(held):
            target.write(held[: found.start()])
            source.seek(found.start() - len(held), 1)
            return
        # A last byte FF may be the first half of a marker.
        cut = len(held) - 1 if held.endswith(b"\xff") else len(held)
        target.write(held[:cut])
        held = held[cut:]
    raise FileRefused(_BROKEN)


# --- PNG: chunks, each with a length, a name and a checksum


def _copy_png(source: IO[bytes], target: IO[bytes]) -> None:
    if _read(source, len(_PNG_HEAD)) != _PNG_HEAD:
        raise FileRefused(_BROKEN)
    target.write(_PNG_HEAD)
    name, has_data = b"", False
    while name != b"IEND":
        length, name = struct.unpack(">I4s", _read(source, 8))
        if name == b"eXIf" and length <= _PNG_MAX_SMALL_CHUNK:
            orientation = _orientation(_read(source, length))
            _read(source, 4)
            if orientation:
                content = _orientation_only(orientation)
                checksum = zlib.crc32(name + content)
                target.write(struct.pack(">I4s", len(content), name) + content + struct.pack(">I", checksum))
            continue
        is_kept = name in _PNG_KEPT
        if not is_kept and not name[0] & _CRITICAL:
            raise FileRefused(_BROKEN)
        _copy_chunk(source, target if is_kept else None, length, name)
        has_data = has_data or name == b"IDAT"
    if not has_data:
        raise FileRefused(_BROKEN)


def _copy_chunk(source: IO[bytes], target: IO[bytes] | None, length: int, name: bytes) -> None:
    """Copy one chunk, or pass over it when there is no target; its checksum must fit."""
    checksum = zlib.crc32(name)
    if target is not None:
        target.write(struct.pack(">I4s", length, name))
    left = length
    while left:
        piece = _read(source, min(left, PIECE_BYTES))
        left -= len(piece)
        checksum = zlib.crc32(piece, checksum)
        if target is not None:
            target.write(piece)
    ending = _read(source, 4)
    if ending != struct.pack(">I", checksum):
        raise FileRefused(_BROKEN)
    if target is not None:
        target.write(ending)


# --- EXIF: a TIFF of which only one tag is read


def _orientation(tiff: bytes) -> int:
    """The way a photo must be turned, 2 to 8; 0 when it need not be turned or the block cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        magic, at = struct.unpack_from(f"{order}HI", tiff, 2)
        count = struct.unpack_from(f"{order}H", tiff, at)[0]
        for index in range(min(count, _IFD_MAX_ENTRIES)):
            tag, kind, many, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * index)
            if (magic, tag, kind, many) == (42, _ORIENTATION_TAG, 3, 1):
                return value if 2 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _orientation_only(value: int) -> bytes:
    """A TIFF with one directory of one tag."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION_TAG, 3, 1, value, 0, 0)
