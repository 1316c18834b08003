"""Sealing a quarter: what must be in order first, and the canonical form that a seal holds."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.texts import Text

FORM = 2
"""The version of the canonical form. The second holds a year ago, guides, rule bottlenecks and what has run up."""


class Check(StrEnum):
    """What is looked at before a quarter is sealed: cases in which something that the figures tell is not settled."""

    NO_OWNER = "zonder_behandelaar"
    NO_VERDICT = "zonder_oordeel"
    CONSULTATION_LATE = "raadpleging_te_laat"
    NO_CONSENT = "zonder_toestemming"
    NOT_PUBLIC = "antwoord_niet_openbaar"
    SILENT = "stil"


@dataclass(frozen=True, slots=True)
class CheckText:
    title: str
    sentence: str


CHECKS: dict[Check, CheckText] = {
    Check.NO_OWNER: CheckText("Open zonder behandelaar", "Zaken die open zijn en die niemand behandelt."),
    Check.NO_VERDICT: CheckText(
        "Afgesloten zonder oordeel", "Zaken die in het kwartaal zijn afgesloten en waarvan het oordeel nog openstaat."
    ),
    Check.CONSULTATION_LATE: CheckText(
        "Ministerie antwoordde nog niet", "Vragen aan een ministerie waarvan de termijn voorbij is, zonder antwoord."
    ),
    Check.NO_CONSENT: CheckText(
        "Zonder toestemming",
        "Afgesloten zaken waarvan het antwoord niet openbaar mag worden. Ook open zaken die wachten op een ja of nee "
        "om ze te delen.",
    ),
    Check.NOT_PUBLIC: CheckText(
        "Antwoord nog niet openbaar",
        "Zaken die in het kwartaal zijn afgesloten en die openbaar mogen worden, maar het nog niet zijn.",
    ),
    Check.SILENT: CheckText("Stil", "Open zaken waarin al een maand niets is gebeurd."),
}


class SealingStatus(StrEnum):
    """Whether a request to seal a quarter waits for a second person."""

    ASKED = "gevraagd"
    SEALED = "verzegeld"
    RETURNED = "teruggegeven"


class FileStatus(StrEnum):
    """Whether a form of a public quarter is there."""

    ASKED = "gevraagd"
    READY = "klaar"
    FAILED = "mislukt"


FILE_FORMS = ("json", "csv", "ods", "docx", "odt", "pdf")
"""The forms of a public quarter that are made as files and kept, in the order in which they are made."""
MOST_TRIES = 3
"""So often a form is begun; a maker that was ended each time does not try for ever."""


class FigureEvent(StrEnum):
    """What happens to a quarter, as the event chain keeps it."""

    SEALING_ASKED = "verzegeling_gevraagd"
    SEALING_RETURNED = "verzegeling_teruggegeven"
    SEALED = "kwartaal_verzegeld"
    ERRATUM_MADE = "erratum_gemaakt"
    AGREEMENT_NOTED = "instemming_met_definitie"
    AGREEMENT_ENDED = "instemming_met_definitie_voorbij"
    MINISTRY_REPLIED = "reactie_van_ministerie"


NOT_OVER = Text("Dit kwartaal loopt nog. U kunt het verzegelen als het voorbij is.")
IS_SEALED = Text("Dit kwartaal is verzegeld. Aan de cijfers verandert niets meer.")
LATER_IS_SEALED = Text("Een later kwartaal is al verzegeld. Dit kwartaal kan daarom niet meer worden verzegeld.")
AFTER_A_LATER = Text("Een later kwartaal is al verzegeld. Van dit kwartaal worden daarom alleen de totalen openbaar.")
PLACES_MORE = Text(
    "Bij dit kwartaal hoort een tekst die is aangeboden. Daarin kunnen cijfers staan die dan niet meer openbaar zijn."
)
WAITS = Text("Er is al gevraagd om dit kwartaal te verzegelen. Een tweede persoon beslist daarover.")
NOTHING_WAITS = Text("Er is niet gevraagd om dit kwartaal te verzegelen.")
OTHER_PERSON = Text("U vroeg zelf om te verzegelen. Een ander moet akkoord geven.")
EXPLAIN = Text("Leg uit waarom dit zo blijft, of los het eerst op.")
HAS_MOVED = Text("De cijfers zijn veranderd sinds het verzoek. Kijk ze opnieuw na.")
PROMISES_MOVED = Text(
    "Sinds het verzoek is veranderd hoe vaak wij een belofte waarmaakten. De cijfers zijn gelijk gebleven. Geef het "
    "verzoek terug en doe een nieuw verzoek."
)
BOTH_MOVED = Text(
    "Sinds het verzoek zijn de cijfers veranderd, en ook hoe vaak wij een belofte waarmaakten. Kijk beide opnieuw na."
)
PROMISES_UNSEEN = Text("Bij dit verzoek hoorden de beloften nog niet. Geef het terug en doe een nieuw verzoek.")
NO_FILE = Text("Dit bestand kon niet worden gemaakt. De cijfers staan op de pagina van het kwartaal.")
ENDED_TOO_OFTEN = Text("Het maken stopte drie keer zonder uitleg. In het logboek van de server staat meer.")
NO_SUCH_FIGURE = Text("Dit kwartaal kent dit cijfer niet. Kies een cijfer uit de lijst.")


def previous_first(previous: Quarter) -> Text:
    """Why a quarter waits for the one before it."""
    return Text(
        "Eerst moet kwartaal %(number)s van %(year)s vast. U kunt geen kwartaal overslaan.",
        number=previous.number,
        year=previous.year,
    )


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write a content: sorted names, no spaces, every letter as itself. The same content, same text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a canonical form in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
