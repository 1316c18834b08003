"""A letter is set whatever its words are: what no font has becomes a question mark, and never an error."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from knelpunt.adapters.typesetting import letter_pdf

NOW = datetime(2026, 11, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "set_as"),
    [
        ("één plan voor Łódź, €\N{NO-BREAK SPACE}10", "één plan voor Łódź, €\N{NO-BREAK SPACE}10"),
        ("Goed \N{THUMBS UP SIGN} plan", "Goed ? plan"),
        ("\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} dus", "? dus"),
        ("\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN} samen", "?? samen"),
        ("\u4e2d\u6587 en Nederlands", "?? en Nederlands"),
    ],
)
def test_what_no_font_has_becomes_a_question_mark_in_every_part(words, set_as):
    def pdf(subject: str, body: str, name: str) -> bytes:
        return letter_pdf(subject, body, address=[name], day="dinsdag 3 november 2026", made_at=NOW)

    made = pdf(f"Bericht {words}", f"Beste indiener,\n\n{words}", words)
    with pikepdf.open(io.BytesIO(made)) as found, found.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert str(found.docinfo["/Title"]) == f"Bericht {set_as}"
    assert made == pdf(f"Bericht {set_as}", f"Beste indiener,\n\n{set_as}", set_as)
