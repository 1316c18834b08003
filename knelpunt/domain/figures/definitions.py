"""What the quarter counts: every figure with its definition in one sentence, shown wherever the number is."""

from dataclasses import dataclass
from enum import StrEnum


class Figure(StrEnum):
    """A set of cases. The number is its size, so that a number always opens the cases behind it."""

    RECEIVED = "ontvangen"
    HANDLED = "afgehandeld"
    OPEN = "open"


class Step(StrEnum):
    """What else changes how many cases are open, besides those that came in and were handled."""

    REOPENED = "heropend"
    NO_END = "zonder-einde"


class Dimension(StrEnum):
    """By what a figure is split."""

    LAW = "wet"
    THEME = "thema"
    PROVINCE = "provincie"
    SUBMITTER = "indiener"
    VERDICT = "oordeel"
    RESULT = "resultaat"


class Meaning(StrEnum):
    """What a rise says."""

    NEUTRAL = "neutraal"
    GOOD = "gunstig"
    BAD = "ongunstig"


@dataclass(frozen=True, slots=True)
class Definition:
    title: str
    sentence: str
    rise_is: Meaning


FIGURES: dict[Figure, Definition] = {
    Figure.RECEIVED: Definition("Ontvangen", "Meldingen die in het kwartaal zijn ingediend.", Meaning.NEUTRAL),
    Figure.HANDLED: Definition(
        "Afgehandeld", "Zaken die in het kwartaal zijn afgesloten of door de indiener zijn ingetrokken.", Meaning.GOOD
    ),
    Figure.OPEN: Definition(
        "Open",
        "Zaken die op de laatste getelde dag waren ingediend en nog niet waren geëindigd. "
        "Ingelezen geschiedenis zonder bekend einde telt niet mee.",
        Meaning.BAD,
    ),
}

STEPS: dict[Step, Definition] = {
    Step.REOPENED: Definition(
        "Heropend",
        "Zaken die waren geëindigd en in het kwartaal weer open gingen. Een zaak die in het kwartaal twee keer "
        "eindigde, telt één keer als afgehandeld. Dat zij daartussen open was, telt dan niet mee.",
        Meaning.NEUTRAL,
    ),
    Step.NO_END: Definition(
        "Ontvangen zonder bekend einde",
        "Ingelezen geschiedenis waarvan het einde niet bekend is. Die telt wel als ontvangen, maar niet als open.",
        Meaning.NEUTRAL,
    ),
}
BALANCE = Definition(
    "Van begin naar eind",
    "Hoe het aantal open zaken aan het begin het aantal aan het eind werd. Het eind is de laatste getelde dag.",
    Meaning.NEUTRAL,
)

DIMENSIONS: dict[Dimension, Definition] = {
    Dimension.LAW: Definition(
        "Per wet",
        "De wet van de regel die de zaak het eerst belemmert. Is die er niet, dan de wet die het eerst ruimte biedt. "
        "Wij tellen wat is vastgelegd op de laatste getelde dag.",
        Meaning.NEUTRAL,
    ),
    Dimension.THEME: Definition("Per thema", "Het onderwerp dat bij het indienen is gekozen.", Meaning.NEUTRAL),
    Dimension.PROVINCE: Definition(
        "Per provincie", "De provincie van de gemeente waar het project ligt.", Meaning.NEUTRAL
    ),
    Dimension.SUBMITTER: Definition("Per soort indiener", "Wie de melding deed.", Meaning.NEUTRAL),
    Dimension.VERDICT: Definition(
        "Oordeel", "Het oordeel over de belemmering op de dag dat de zaak eindigde.", Meaning.NEUTRAL
    ),
    Dimension.RESULT: Definition("Resultaat", "Hoe de zaak eindigde, zoals vastgelegd bij het einde.", Meaning.NEUTRAL),
}

DURATIONS = {
    "gross": Definition(
        "Doorlooptijd",
        "Kalenderdagen van indienen tot einde, voor zaken die in het kwartaal zijn geëindigd. Ingelezen geschiedenis "
        "telt hierin niet mee: daarvan zijn de dagen niet bekend.",
        Meaning.BAD,
    ),
    "net": Definition("Nettotijd", "De doorlooptijd zonder de dagen waarop de klok stilstond.", Meaning.BAD),
}
PERCENTILES = (
    "De helft van de zaken duurde niet langer dan de mediaan. Negen van de tien duurden niet langer dan het 90e "
    "percentiel."
)
LATE = Definition(
    "Te laat per klok",
    "Klokken die in het kwartaal na hun laatste dag stopten. Ook klokken die op de laatste getelde dag nog liepen, "
    "terwijl hun laatste dag voorbij was.",
    Meaning.BAD,
)
CLOCK_TIMES = Definition(
    "Hoe lang een klok liep",
    "Kalenderdagen van de start tot de stop van een klok die in het kwartaal stopte. De dagen waarop de klok "
    "stilstond, tellen niet mee. De termijn is in werkdagen of weken: hier staat hoeveel kalenderdagen dat waren.",
    Meaning.BAD,
)
TREND = Definition(
    "Over de kwartalen",
    "Elk kwartaal geteld tot en met zijn laatste dag; een kwartaal dat nog loopt, tot en met vandaag. "
    "Een zaak die weer open gaat, staat niet bij ontvangen.",
    Meaning.NEUTRAL,
)
PRESSING = Definition(
    "Meest knellende regels",
    "De regels die de meeste open of in het kwartaal ontvangen zaken belemmeren, met het aantal gemeenten.",
    Meaning.BAD,
)
AFTER_CLOSING = Definition(
    "Na het afsluiten",
    "Wat er in het kwartaal gebeurde met zaken die waren afgesloten: heroverwegingen, en de vraag of het project "
    "doorging. Wie een antwoord verandert, telt met het laatste.",
    Meaning.NEUTRAL,
)
