"""Says whether a file may come in: its name and its content must agree on one of the few kinds that are allowed."""

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import puremagic

from knelpunt.domain.texts import Text

SHOWN_NAME_MAX_CHARACTERS = 120
EXTENSION_MAX_CHARACTERS = 10
HEAD_BYTES = 4096
TAIL_BYTES = 64 * 1024
ZIP_MAX_ENTRIES = 2000
ZIP_MAX_UNPACKED_BYTES = 300 * 1024 * 1024
ZIP_MAX_RATIO = 200
ZIP_MEMBER_READ_BYTES = 256 * 1024

ACCEPT = ".pdf,.odt,.docx,.jpg,.jpeg,.png"
"""For the ``accept`` attribute of a file field."""


BROKEN_ARCHIVE = (
    zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error
)  # fmt: skip
"""Everything that ``zipfile`` raises over an archive that was cut off, is damaged, locked, or packed in an odd way."""


class FileRefused(Exception):
    """The file may not come in; the text says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is allowed."""

    media_type: str
    extension: str
    check: Callable[[IO[bytes], bytes, bytes], None]


def _refuse_unless(holds: bool, reason: str) -> None:
    if not holds:
        raise FileRefused(reason)


_OTHER_CONTENT = Text(
    "De inhoud past niet bij de naam van het bestand. Bewaar het opnieuw en kies het daarna nog eens."
)
_INCOMPLETE = Text("Het bestand is niet compleet. Kies het bestand nog eens.")
_UNSAFE_ARCHIVE = Text("Het bestand is zo ingepakt dat wij het niet veilig kunnen openen. Bewaar het als PDF.")
_MACROS = Text("Het bestand bevat macro's. Bewaar het zonder macro's, of als PDF.")


def _check_pdf(_file: IO[bytes], head: bytes, tail: bytes) -> None:
    _refuse_unless(head.startswith(b"%PDF-1.") or head.startswith(b"%PDF-2."), _OTHER_CONTENT)
    _refuse_unless(b"%%EOF" in tail, _INCOMPLETE)


def _check_jpeg(_file: IO[bytes], head: bytes, tail: bytes) -> None:
    _refuse_unless(head.startswith(b"\xff\xd8\xff"), _OTHER_CONTENT)
    _refuse_unless(b"\xff\xd9" in tail, _INCOMPLETE)


def _check_png(_file: IO[bytes], head: bytes, tail: bytes) -> None:
    _refuse_unless(head.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), _OTHER_CONTENT)
    _refuse_unless(b"IEND\xaeB\x60\x82" in tail, _INCOMPLETE)


def _check_odt(file: IO[bytes], head: bytes, _tail: bytes) -> None:
    with _archive(file, head) as archive:
        names = archive.namelist()
        _refuse_unless(bool(names) and names[0] == "mimetype" and "content.xml" in names, _OTHER_CONTENT)
        _refuse_unless(
            _member(archive, "mimetype").strip() == b"application/vnd.oasis.opendocument.text", _OTHER_CONTENT
        )
        _refuse_unless(not any(name.startswith(("Basic/", "Scripts/")) for name in names), _MACROS)


def _check_docx(file: IO[bytes], head: bytes, _tail: bytes) -> None:
    with _archive(file, head) as archive:
        names = archive.namelist()
        _refuse_unless("[Content_Types].xml" in names and "word/document.xml" in names, _OTHER_CONTENT)
        types = _member(archive, "[Content_Types].xml")
        has_macros = b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names)
        _refuse_unless(not has_macros, _MACROS)
        _refuse_unless(b"wordprocessingml.document.main+xml" in types, _OTHER_CONTENT)


def _archive(file: IO[bytes], head: bytes) -> zipfile.ZipFile:
    """Open an archive after reading its table of contents only; nothing is unpacked."""
    _refuse_unless(head.startswith(b"PK\x03\x04"), _OTHER_CONTENT)
    try:
        file.seek(0)
        archive = zipfile.ZipFile(file)
    except BROKEN_ARCHIVE:
        raise FileRefused(_INCOMPLETE) from None
    entries = archive.infolist()
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    file_size = file.seek(0, io.SEEK_END)
    is_safe = (
        len(entries) <= ZIP_MAX_ENTRIES
        and len({entry.filename for entry in entries}) == len(entries)
        and packed <= file_size  # entries that share their bytes are a known bomb
        and unpacked <= ZIP_MAX_UNPACKED_BYTES
        and unpacked <= max(packed, 1) * ZIP_MAX_RATIO
        and not any(entry.flag_bits & 0x1 for entry in entries)
        and not any(entry.filename.startswith(("/", "\\")) or ".." in entry.filename for entry in entries)
    )
    if not is_safe:
        archive.close()
        raise FileRefused(_UNSAFE_ARCHIVE)
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """The first part of one small member; a member that is longer than any real one is refused."""
    try:
        with archive.open(name) as member:
            content = member.read(ZIP_MEMBER_READ_BYTES + 1)
    except BROKEN_ARCHIVE:
        raise FileRefused(_INCOMPLETE) from None
    _refuse_unless(len(content) <= ZIP_MEMBER_READ_BYTES, _UNSAFE_ARCHIVE)
    return content


ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    ".pdf": Kind("application/pdf", ".pdf", _check_pdf),
    ".odt": Kind(ODT, ".odt", _check_odt),
    ".docx": Kind(DOCX, ".docx", _check_docx),
    ".jpg": Kind("image/jpeg", ".jpg", _check_jpeg),
    ".jpeg": Kind("image/jpeg", ".jpg", _check_jpeg),
    ".png": Kind("image/png", ".png", _check_png),
}


def media_type_of(file: IO[bytes], filename: str) -> str:
    """The media type of a file of an allowed kind.

    Args:
        file: can be sought in; it is left at its beginning.
        filename: as the browser sent it; only the extension counts.
    Raises:
        FileRefused: the name, the content, or the two together are not allowed.
    """
    kind = KINDS.get(_extension(filename))
    if kind is None:
        raise FileRefused(Text("Dit soort bestand kunnen wij niet aannemen. Kies een PDF, ODT, DOCX, JPEG of PNG."))
    try:
        size = file.seek(0, io.SEEK_END)
        _refuse_unless(size > 0, Text("Het bestand is leeg."))
        file.seek(0)
        head = file.read(HEAD_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
        _refuse_unless(_second_opinion(head, kind), _OTHER_CONTENT)
        kind.check(file, head, tail)
    finally:
        file.seek(0)
    return kind.media_type


def _second_opinion(head: bytes, kind: Kind) -> bool:
    """Whether puremagic's larger list of signatures reads the beginning as this kind too."""
    try:
        candidates = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return False
    wanted = {kind.media_type, "application/zip"} if kind.media_type in {ODT, DOCX} else {kind.media_type}
    return any(candidate.mime_type in wanted or candidate.extension == kind.extension for candidate in candidates)


def shown_name(filename: str) -> str:
    """The name as people get to see it: no folders, no invisible or direction-changing characters, not too long."""
    base = unicodedata.normalize("NFC", filename.replace("\\", "/").rpartition("/")[2])
    visible = "".join(
        " " if unicodedata.category(c)[0] == "Z" else c for c in base if unicodedata.category(c)[0] != "C"
    )
    stem, dot, extension = " ".join(visible.split()).rpartition(".")
    if not dot or len(extension) > EXTENSION_MAX_CHARACTERS:
        stem, extension = stem + dot + extension, ""
    stem = stem.strip(" .") or "bijlage"
    tail = f".{extension.lower()}" if extension else ""
    return stem[: SHOWN_NAME_MAX_CHARACTERS - len(tail)] + tail


def _extension(filename: str) -> str:
    name = shown_name(filename[-1000:])
    return name[name.rfind(".") :] if "." in name else ""
