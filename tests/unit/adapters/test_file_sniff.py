"""Only files whose name and content agree on an allowed kind come in."""

import io
import zipfile

import pytest

from knelpunt.adapters.uploads import sniff as file_sniff
from knelpunt.adapters.uploads.sniff import KINDS, FileRefused, media_type_of, shown_name
from tests.support import files


@pytest.mark.parametrize("extension", KINDS)
def test_a_good_file_of_each_kind_is_taken_and_left_at_its_beginning(extension: str) -> None:
    file = io.BytesIO(files.sample(extension))
    assert media_type_of(file, f"Foto van de straat{extension.upper()}") == KINDS[extension].media_type
    assert file.tell() == 0


OTHERS = [
    (extension, other)
    for extension in KINDS
    for other in KINDS
    if KINDS[extension].media_type != KINDS[other].media_type
]


@pytest.mark.parametrize(("extension", "other"), OTHERS)
def test_a_file_under_the_name_of_another_kind_is_refused(extension: str, other: str) -> None:
    with pytest.raises(FileRefused):
        media_type_of(io.BytesIO(files.sample(other)), f"x{extension}")


HOSTILE = {
    "empty": (b"", "x.pdf", "leeg"),
    "html as pdf": (b"<html><script>alert(1)</script></html>%PDF-1.7 %%EOF", "x.pdf", "past niet"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.svg", "Dit soort"),
    "svg as png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "past niet"),
    "program": (b"MZ\x90\x00", "x.exe", "Dit soort"),
    "program as pdf": (b"MZ\x90\x00%%EOF", "x.pdf", "past niet"),
    "two extensions": (files.pdf(), "x.pdf.exe", "Dit soort"),
    "hidden extension": (files.pdf(), "x\u202efdp.exe", "Dit soort"),
    "no extension": (files.pdf(), "pdf", "Dit soort"),
    "only an extension": (files.odt(), "x.zip", "Dit soort"),
    "cut pdf": (files.pdf()[:-10], "x.pdf", "niet compleet"),
    "cut png": (files.png()[:-12], "x.png", "niet compleet"),
    "cut jpeg": (files.jpeg()[:-2], "x.jpg", "niet compleet"),
    "cut odt": (files.odt()[:-30], "x.odt", "niet compleet"),
    "cut docx": (files.docx()[:-30], "x.docx", "niet compleet"),
    "docx with macros": (files.docx(**{"word/vbaProject.bin": b"x"}), "x.docx", "macro"),
    "docx with macros by another name": (files.docx(**{"word/VBAPROJECT.BIN": b"x"}), "x.docx", "macro"),
    "docx that says that it has macros": (files.docx(types=files.DOCX_TYPES + "macroEnabled"), "x.docx", "macro"),
    "odt with macros": (files.odt(**{"Basic/Standard/Module1.xml": "<x/>"}), "x.odt", "macro"),
    "odt with scripts": (files.odt(**{"Scripts/python/start.py": "x"}), "x.odt", "macro"),
    "spreadsheet as docx": (files.zipped({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "x"}), "x.docx", "past"),
    "plain zip as odt": (files.zipped({"a.txt": "x"}), "x.odt", "past niet"),
    "other opendocument": (
        files.zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}),
        "x.odt",
        "past niet",
    ),
    "way out of the folder": (files.odt(**{"../../etc/passwd": "x"}), "x.odt", "veilig"),
    "absolute path": (files.odt(**{"/etc/passwd": "x"}), "x.odt", "veilig"),
    "archive bomb": (files.odt(**{"bomb": b"\0" * 20_000_000}), "x.odt", "veilig"),
    "bomb in the member we read": (files.docx(types=" " * 5_000_000), "x.docx", "veilig"),
    "program before an archive": (b"MZ" + files.docx(), "x.docx", "past niet"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name: str) -> None:
    content, filename, reason = HOSTILE[name]
    with pytest.raises(FileRefused, match=reason):
        media_type_of(io.BytesIO(content), filename)


def test_entries_that_share_their_bytes_are_refused() -> None:
    bomb = bytearray(files.odt(**{"a": b"x" * 3000, "b": b"y" * 3000}))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as archive:
        assert len(archive.infolist()) == 4
    # Say in the table of contents that "b" holds as much as the whole file and more.
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 20 : at + 24] = (10_000_000).to_bytes(4, "little")
    with pytest.raises(FileRefused, match="veilig"):
        media_type_of(io.BytesIO(bytes(bomb)), "x.odt")


def test_too_many_entries_are_refused() -> None:
    many = {f"e{number}": b"" for number in range(file_sniff.ZIP_MAX_ENTRIES)}
    with pytest.raises(FileRefused, match="veilig"):
        media_type_of(io.BytesIO(files.odt(**many)), "x.odt")


def test_an_encrypted_entry_is_refused() -> None:
    locked = bytearray(files.odt(a=b"x"))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FileRefused, match="veilig"):
        media_type_of(io.BytesIO(bytes(locked)), "x.odt")


@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_any_cut_or_garbled_archive_gives_a_refusal_and_nothing_else(cut: int) -> None:
    whole = files.docx()
    garbled = bytearray(whole)
    garbled[-cut % len(garbled)] ^= 0xFF
    with pytest.raises(FileRefused):
        media_type_of(io.BytesIO(whole[: len(whole) - cut]), "x.docx")
    try:
        assert media_type_of(io.BytesIO(bytes(garbled)), "x.docx") == KINDS[".docx"].media_type
    except FileRefused as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Tekening 1.PDF", "Tekening 1.pdf"),
        ("C:\\Users\\jan\\plan.pdf", "plan.pdf"),
        ("../../etc/plan.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "planSet-Cookie: a=b.pdf"),
        ("plan\u202efdp.png", "planfdp.png"),
        ("  .pdf", "bijlage.pdf"),
        ("", "bijlage"),
        (".htaccess", "bijlage.htaccess"),
        ("\ud800plan.pdf", "plan.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("a.b.c.pdf", "a.b.c.pdf"),
        ("plan", "plan"),
    ],
)
def test_the_shown_name_holds_no_path_and_nothing_invisible(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@pytest.mark.parametrize("given", ["x" * 5000 + ".pdf", "x." + "y" * 5000, "." * 5000])
def test_the_shown_name_is_never_long(given: str) -> None:
    assert 0 < len(shown_name(given)) <= file_sniff.SHOWN_NAME_MAX_CHARACTERS
