"""What is read in an uploaded document, so that a person is found wherever the name stands in it."""

import io

import pytest

from knelpunt.adapters.uploads import office_text
from knelpunt.adapters.uploads.sniff import DOCX, ODT
from tests.support.files import docx, odt, pdf, zipped

NAME = "Quirijn Merkteken"


def read(content: bytes, media_type: str) -> str | None:
    return office_text.text_in(io.BytesIO(content), media_type)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        (ODT, odt(**{"content.xml": "<x><y>Quirijn</y> <y>Merkteken</y></x>"})),
        (ODT, odt(**{"styles.xml": f"<header>{NAME}</header>"})),
        (ODT, odt(**{"meta.xml": f"<creator>{NAME}</creator>"})),
        (DOCX, docx(**{"word/header1.xml": f"<w>{NAME}</w>"})),
        (DOCX, docx(**{"word/comments.xml": f"<w>{NAME}</w>"})),
        (DOCX, docx(**{"docProps/core.xml": f"<creator>{NAME}</creator>"})),
    ],
)
def test_text_headers_notes_and_who_made_it_are_read(media_type, content):
    assert NAME in read(content, media_type)


def cut_in_the_middle(content: bytes) -> bytes:
    at = content.index(b"content.xml") + len("content.xml")
    return content[:at] + b"\xff" * 40 + content[at + 40 :]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and no more",
        zipped({"mimetype": ODT}),
        odt(**{"content.xml": "<no end"}),
        odt(**{"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        cut_in_the_middle(odt(**{"content.xml": "<x>" + "damaged " * 100 + "</x>"})),
    ],
    ids=["empty", "cut off", "without text", "no XML", "entities", "damaged"],
)
def test_what_cannot_be_read_is_for_a_person(content):
    assert read(content, ODT) is None


def test_only_documents_are_read():
    assert not office_text.is_readable("application/pdf")
    assert read(pdf(), "application/pdf") is None
