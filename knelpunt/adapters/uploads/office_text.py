"""What can be read in an uploaded text document: its text, its headers and notes, and who made it."""

import re
import zipfile
from typing import IO
from xml.etree import ElementTree

from knelpunt.adapters.uploads.sniff import BROKEN_ARCHIVE, DOCX, ODT

MOST_TEXT_BYTES = 20_000_000
"""A document with more than this is for a person to read."""
_PARTS = {ODT: re.compile(r"(content|styles|meta)\.xml"), DOCX: re.compile(r"(word|docProps)/[^/]+\.xml")}


def is_readable(media_type: str) -> bool:
    """Whether the computer can read files of this type; not a photo, nor a PDF."""
    return media_type in _PARTS


def text_in(file: IO[bytes], media_type: str) -> str | None:
    """All text of a file, a line for each of its parts; None where only a person can read it."""
    parts = _PARTS.get(media_type)
    if parts is None:
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            members = [each for each in archive.infolist() if parts.fullmatch(each.filename)]
            if not members or sum(each.file_size for each in members) > MOST_TEXT_BYTES:
                return None
            contents = [archive.read(each) for each in members]
        if any(b"<!DOCTYPE" in content or b"<!ENTITY" in content for content in contents):
            return None
        return "\n".join("".join(ElementTree.fromstring(each).itertext()) for each in contents)  # noqa: S314 - no DTD
    except (*BROKEN_ARCHIVE, ElementTree.ParseError):
        return None
