"""A letter is set whatever its words are: what no font has becomes a question mark, and never an error."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest

from knelpunt.adapters import typesetting
from knelpunt.adapters.typesetting import letter_pdf
from knelpunt.domain.languages import DUTCH, OTHERS

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
        return letter_pdf(subject, body, address=[name], day=NOW.date(), made_at=NOW)

    made = pdf(f"Bericht {words}", f"Beste indiener,\n\n{words}", words)
    with pikepdf.open(io.BytesIO(made)) as found, found.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert str(found.docinfo["/Title"]) == f"Bericht {set_as}"
    assert made == pdf(f"Bericht {set_as}", f"Beste indiener,\n\n{set_as}", set_as)


@pytest.mark.parametrize(
    ("language", "day", "page"),
    [
        (DUTCH, "dinsdag 3 november 2026", ["Bladzijde ", " van ", ""]),
        (OTHERS[0], "Tuesday 3 November 2026", ["Page ", " of ", ""]),
    ],
)
def test_a_letter_has_its_day_its_page_and_its_voice_in_its_own_language(monkeypatch, language, day, page):
    set_from = []
    as_it_is = typesetting._set
    monkeypatch.setattr(typesetting, "_set", lambda *of, **how: set_from.append(of[1]) or as_it_is(*of, **how))
    made = letter_pdf("Bericht", "Tekst.", address=["Buurt"], day=NOW.date(), made_at=NOW, language=language)
    assert [(data["day"], data["page"]) for data in set_from] == [(day, page)]
    with pikepdf.open(io.BytesIO(made)) as found:
        assert str(found.Root.Lang) == language.locale.replace("_", "-")
