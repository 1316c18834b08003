"""Of a reply only what is new is kept; where in doubt, all of it."""

import pytest

from knelpunt.domain.post.quotes import new_text

NEW = "Hierbij de tekening.\n\nGroet, de buurt"
OLD = "> Beste indiener,\n>\n> Wij hebben een vraag."


@pytest.mark.parametrize(
    "history",
    [
        f"Op ma 30 nov 2026 om 10:12 schreef Knelpunt <loket@knelpunt.example>:\n\n{OLD}",
        f"Op ma 30 nov 2026 om 10:12 schreef Knelpunt\n<loket+z1@knelpunt.example>:\n{OLD}",
        f"On Mon, Nov 30, 2026 at 10:12 AM Knelpunt <loket@knelpunt.example> wrote:\n{OLD}",
        f"Knelpunt <loket@knelpunt.example> schreef op 30 november 2026:\n{OLD}",
        f"Op 30 nov. 2026, om 10:12 heeft Knelpunt <loket@knelpunt.example> het volgende geschreven:\n\n{OLD}",
        f"Op 30 nov. 2026 om 10:12 heeft Knelpunt\n<loket@knelpunt.example> het volgende\ngeschreven:\n\n{OLD}",
        f"Am 30.11.2026 um 10:12 schrieb Knelpunt:\n{OLD}",
        "-----Oorspronkelijk bericht-----\nVan: Knelpunt\nBeste indiener,",
        "--- Original message ---\nBeste indiener,",
        "Van: Knelpunt <loket@knelpunt.example>\nVerzonden: maandag 30 november 2026\nAan: bewoner\n"
        "Onderwerp: Vraag\n\nBeste indiener,",
        "________________________________\nFrom: Knelpunt\nSent: Monday\nTo: bewoner\nSubject: Vraag\n\nBeste,",
        "*Van:* Knelpunt\n*Datum:* maandag\n*Aan:* bewoner\n*Onderwerp:* Vraag\n\nBeste,",
        OLD,
    ],
)
def test_the_mail_that_is_answered_is_left_out(history):
    assert new_text(f"{NEW}\n\n{history}\n") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "Van: maandag tot vrijdag werken wij aan het plan.\nDaarna niet meer.",
        "Op 3 november schreef de gemeente:\nhet mag niet. Wij begrijpen dat niet.",
        "Op 3 november heeft de gemeente het volgende geschreven:\nhet mag niet. Wij begrijpen dat niet.",
        "Aan: de gemeente\nIk vraag dit.",
        "De brief van de gemeente (zie -- hieronder) zegt nee.",
        "1 > 0, zegt de wethouder.",
    ],
)
def test_what_a_person_writes_is_not_taken_for_history(text):
    assert new_text(text) == text


def test_answers_between_the_lines_are_kept_and_a_mail_of_quotes_alone_stays_whole():
    assert new_text("> Welk plan geldt?\nDat van 2019.\n> Waarom?\nOmdat het nieuw is.") == (
        "Dat van 2019.\nOmdat het nieuw is."
    )
    assert new_text("> Welk plan geldt?\n") == "> Welk plan geldt?"
    assert new_text("  \n") == ""
