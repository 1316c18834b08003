"""A corpus of bad uploads: each is refused in words, or harmless, and what is refused leaves nothing behind."""

import io
import zipfile

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.models import Attachment
from tests.conftest import PageClient
from tests.support import files
from tests.support.forms import fill

HTML = b"<!doctype html><html><script>alert(document.domain)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF = b"GIF89a\x01\0\x01\0\0\0\0;" + HTML
EXECUTABLE = b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(200)
OTHER = "De inhoud past niet bij de naam"
SORT = "Dit soort bestand kunnen wij niet aannemen"
PARTIAL = "Het bestand is niet compleet"
BROKEN = "De foto is niet compleet of beschadigd"
PACKED = "zo ingepakt dat wij het niet veilig kunnen openen"
MACROS = "macro&#39;s"


def bomb() -> bytes:
    """A DOCX with a member that unpacks to a thousand times its size."""
    return files.docx(**{"word/media/a.bin": bytes(5_000_000)})


def overlapping_bomb() -> bytes:
    """An archive whose entries all point at the same bytes."""
    content = files.docx(**{"word/a": bytes(50_000)})
    archive = io.BytesIO(content)
    with zipfile.ZipFile(archive, "a") as opened:
        shared = opened.getinfo("word/a")
        for index in range(50):
            twin = zipfile.ZipInfo(f"word/b{index}")
            twin.header_offset, twin.compress_type = shared.header_offset, shared.compress_type
            twin.CRC, twin.compress_size, twin.file_size = shared.CRC, len(content), shared.file_size
            opened.filelist.append(twin)
            opened.NameToInfo[twin.filename] = twin
        opened._didModify = True  # the twins are only in the table of contents
    return archive.getvalue()


REFUSED = {
    "html called pdf": ("plan.pdf", HTML, OTHER),
    "svg called png": ("foto.png", SVG, OTHER),
    "gif with html called png": ("foto.png", GIF, OTHER),
    "jpeg called png": ("foto.png", files.jpeg(), OTHER),
    "png called pdf": ("foto.pdf", files.png(), OTHER),
    "program called docx": ("brief.docx", EXECUTABLE, OTHER),
    "odt called docx": ("brief.docx", files.odt(), OTHER),
    "plain archive called odt": ("brief.odt", files.zipped({"a.txt": "a"}), OTHER),
    "html": ("pagina.html", HTML, SORT),
    "picture with a script": ("tekening.svg", SVG, SORT),
    "program": ("brief.pdf.exe", EXECUTABLE, SORT),
    "no ending": ("brief", files.pdf(), SORT),
    "only an ending": (".pdf", b"", "Het bestand is leeg"),
    "hidden ending": ("plan\u202efdp.exe", EXECUTABLE, SORT),
    "archive bomb": ("brief.docx", bomb(), PACKED),
    "bomb of shared bytes": ("brief.docx", overlapping_bomb(), PACKED),
    "climbing archive": ("brief.docx", files.docx(**{"../../etc/cron.d/x": "x"}), PACKED),
    "macros": ("brief.docx", files.docx(**{"word/vbaProject.bin": "x"}), MACROS),
    "macros in odt": ("brief.odt", files.odt(**{"Basic/Standard/Module1.xml": "x"}), MACROS),
    "scripts in odt": ("brief.odt", files.odt(**{"Scripts/javascript/start.js": "x"}), MACROS),
    "empty": ("plan.pdf", b"", "Het bestand is leeg"),
    "oversized": ("plan.pdf", files.pdf() + b" " * 10 * 1024 * 1024, "hooguit 10 MB"),
    "half a pdf": ("plan.pdf", files.pdf()[:120], PARTIAL),
    "half an odt": ("brief.odt", files.odt()[:-30], PARTIAL),
    "half a jpeg": ("foto.jpg", files.jpeg()[:-1], PARTIAL),
    "half a png": ("foto.png", files.png()[:-8], PARTIAL),
    "jpeg cut in the middle, with an end stuck on": ("foto.jpg", files.jpeg()[:60] + b"\xff\xd9", BROKEN),
    "png with a wrong checksum": ("foto.png", files.png().replace(b"IDAT", b"IDAT\0"), BROKEN),
}
HARMLESS = {
    "html in the text of a png": ("foto.png", files.png(files.png_chunk(b"tEXt", b"x\0" + HTML)), files.png()),
    "html behind a png": ("foto.png", files.png(behind=HTML + files.png()[-12:]), files.png()),
    "html in the colours of a png": ("foto.png", files.png(files.png_chunk(b"PLTE", HTML[:66])), None),
    "script in a jpeg": ("foto.jpg", files.jpeg(files.jpeg_segment(0xFE, b"<?php echo 1 ?>")), files.jpeg()),
    "archive behind a jpeg": ("foto.jpg", files.jpeg(behind=files.docx() + b"\xff\xd9"), files.jpeg()),
    "html behind a pdf": ("plan.pdf", files.pdf() + HTML, None),
    "script in a pdf": ("plan.pdf", files.pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), None),
    "folders in the name": ("../../../etc/passwd.pdf", files.pdf(), files.pdf()),
    "windows folders in the name": ("C:\\Users\\x\\plan.pdf", files.pdf(), files.pdf()),
    "markup in the name": ("<img src=x onerror='alert(1)'>.pdf", files.pdf(), files.pdf()),
    "a very long name": ("a" * 5000 + ".pdf", files.pdf(), files.pdf()),
    "control characters in the name": ("a\0b\x1b[2J.pdf", files.pdf(), files.pdf()),
}


@pytest.fixture
def key(client: PageClient) -> str:
    page = client.get("/melden/bewoner")
    answer = client.post("/melden/bewoner", data=fill(page, "title", title="Een buurthuis"))
    return answer.location.split("/")[2]


def send(client: PageClient, key: str, name: str, content: bytes) -> str:
    """The page that comes back."""
    path = f"/melden/{key}/belemmering"
    typed = fill(client.get(path), "description", description="Het mag niet.", action="bestanden")
    return client.post(
        path, data={**typed, "attachments": (io.BytesIO(content), name)}, follow_redirects=True
    ).get_data(as_text=True)


def stored(app: Flask) -> set[str]:
    return {name for name, _ in app.config["FILE_STORE"].list_all()}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_words_and_leaves_nothing_behind(
    what: str, app: Flask, client: PageClient, session: Session, key: str
) -> None:
    name, content, reason = REFUSED[what]
    before = stored(app)
    shown = send(client, key, name, content)
    assert "Niet toegevoegd." in shown
    assert reason in shown
    assert "Het mag niet." in shown
    assert session.scalars(select(Attachment)).all() == []
    assert stored(app) == before


@pytest.mark.parametrize("what", HARMLESS)
def test_it_is_kept_and_does_nobody_harm(what: str, client: PageClient, session: Session, key: str, app: Flask) -> None:
    name, content, left = HARMLESS[what]
    before = stored(app)
    shown = send(client, key, name, content)
    assert "Niet toegevoegd." not in shown
    kept = session.scalars(select(Attachment)).one()
    assert stored(app) - before == {kept.stored_name}
    assert not set(kept.shown_name) & set("/\\\0\x1b")
    assert len(kept.shown_name) <= 120
    assert "<img src=x" not in shown

    answer = client.get(f"/melden/{key}/bijlagen/{kept.id}")
    assert answer.data == (left or content)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == kept.media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_sixth_file_is_refused_in_words(client: PageClient, session: Session, key: str) -> None:
    for index in range(5):
        assert "Niet toegevoegd." not in send(client, key, f"plan {index}.pdf", files.pdf(str(index)))
    assert "hooguit 5 bestanden bij een melding, en die zijn er al." in send(client, key, "plan.pdf", files.pdf())
    assert len(session.scalars(select(Attachment)).all()) == 5
