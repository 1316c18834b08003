"""What the quarter counts: every figure with its definition in one sentence, shown wherever the number is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knelpunt.domain.texts import Text


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
    PROVISION = "bepaling"
    THEME = "thema"
    PROVINCE = "provincie"
    URBANITY = "stedelijkheid"
    SUBMITTER = "indiener"
    VERDICT = "oordeel"
    RESULT = "resultaat"


IN_OWN_ORDER = frozenset({Dimension.VERDICT, Dimension.URBANITY})
"""The splits whose sides stand in the order of their codes, and not with the most first."""


class Meaning(StrEnum):
    """What a rise says."""

    NEUTRAL = "neutraal"
    GOOD = "gunstig"
    BAD = "ongunstig"


class Unit(StrEnum):
    """What is counted."""

    CASES = "zaken"
    DAYS = "kalenderdagen"
    RUNS = "klokken"
    QUESTIONS = "vragen aan een ministerie"
    PLACES = "gemeenten"
    RULES = "regels"
    BOTTLENECKS = "regelknelpunten"
    TIMES = "keren"


class SmallNumbers(StrEnum):
    """What a figure does in public with numbers that could point at somebody."""

    WHOLE = "heel-het-land"
    PARTS = "delen"
    FEW_DAYS = "weinig-zaken"
    RATED = "vanaf-tien"
    NAMED = "met-naam"


SMALL_NUMBER_RULES: dict[SmallNumbers, str] = {
    SmallNumbers.WHOLE: "Dit getal gaat over het hele land. Wij tonen het altijd, tenzij een kleiner getal eruit "
    "volgt.",
    SmallNumbers.PARTS: "Een getal van 1 tot en met 4 tonen wij niet in het openbaar. "
    'Wij tonen ook geen ander cijfer waaruit u het kunt uitrekenen. Dan staat er "minder dan 5" of "niet getoond". '
    "Openbare zaken kunt u zelf tellen. Zo weet u hoeveel het er minstens zijn.",
    SmallNumbers.NAMED: "Hoe vaak een vraag beantwoord was, tonen wij niet als dat 1 tot en met 4 keer was. Wat een "
    "gemeente gebruikt, zegt zij onder haar eigen naam op de site. Dat getal tonen wij altijd.",
    SmallNumbers.FEW_DAYS: "Over minder dan 5 zaken tonen wij in het openbaar geen dagen.",
    SmallNumbers.RATED: "Een percentage staat er pas vanaf 10 vragen. Getallen van 1 tot en met 4 tonen wij niet "
    "in het openbaar.",
}
BEGIN, SECOND, FOURTH = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
"""Since when the first, the second and the fourth version of the rules of the figures hold."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure; its title can be said in another language. ``statement`` is how it is worked out, for who wants to do
    it again; ``version`` goes up with it.

    A sealed figure keeps the definition under which it was sealed.
    """

    title: str
    sentence: str
    rise_is: Meaning
    unit: Unit = Unit.CASES
    statement: str = ""
    small: SmallNumbers = SmallNumbers.PARTS
    version: int = 1
    since: date = BEGIN


FIGURES: dict[Figure, Definition] = {
    Figure.RECEIVED: Definition(
        Text("Ontvangen"),
        "Meldingen die in het kwartaal zijn ingediend.",
        Meaning.NEUTRAL,
        statement="Tel de gebeurtenissen ingediend van het kwartaal.",
        small=SmallNumbers.WHOLE,
    ),
    Figure.HANDLED: Definition(
        Text("Afgehandeld"),
        "Zaken die in het kwartaal zijn afgesloten of door de indiener zijn ingetrokken.",
        Meaning.GOOD,
        statement="Tel de zaken met een gebeurtenis waarmee zij van een open naar een geëindigde staat gingen. Elke "
        "zaak telt een keer per kwartaal.",
        small=SmallNumbers.WHOLE,
    ),
    Figure.OPEN: Definition(
        Text("Open"),
        "Zaken die op de laatste getelde dag waren ingediend en nog niet waren geëindigd. "
        "Ingelezen geschiedenis zonder bekend einde telt niet mee.",
        Meaning.BAD,
        statement="Tel de zaken die vaker open gingen dan zij eindigden, tot en met de laatste dag.",
        small=SmallNumbers.WHOLE,
    ),
}

STEPS: dict[Step, Definition] = {
    Step.REOPENED: Definition(
        Text("Heropend"),
        "Zaken die waren geëindigd en in het kwartaal weer open gingen. Een zaak die in het kwartaal twee keer "
        "eindigde, telt één keer als afgehandeld. Dat zij daartussen open was, telt dan niet mee.",
        Meaning.NEUTRAL,
        unit=Unit.TIMES,
        statement="Tel de keren dat een zaak weer open ging. Trek af hoe vaak zij daarna in hetzelfde kwartaal nog "
        "eens eindigde.",
        small=SmallNumbers.WHOLE,
    ),
    Step.NO_END: Definition(
        Text("Ontvangen zonder bekend einde"),
        "Ingelezen geschiedenis waarvan het einde niet bekend is. Die telt wel als ontvangen, maar niet als open.",
        Meaning.NEUTRAL,
        statement="Tel de gebeurtenissen ingediend zonder open staat.",
        small=SmallNumbers.WHOLE,
    ),
}
BALANCE = Definition(
    Text("Van begin naar eind"),
    "Hoe het aantal open zaken aan het begin het aantal aan het eind werd. Het eind is de laatste getelde dag.",
    Meaning.NEUTRAL,
    statement="Open aan het begin + ontvangen + heropend - afgehandeld - zonder bekend einde = open aan het eind.",
    small=SmallNumbers.WHOLE,
)

DIMENSIONS: dict[Dimension, Definition] = {
    Dimension.LAW: Definition(
        Text("Per wet"),
        "De wet van de regel die de zaak het eerst belemmert. Is die er niet, dan de wet die het eerst ruimte biedt. "
        "Wij tellen wat is vastgelegd op de laatste getelde dag.",
        Meaning.NEUTRAL,
        statement="Neem per zaak de eerste belemmerende regel die op de laatste dag vastlag, anders de eerste regel "
        "die ruimte biedt. Tel per wet.",
    ),
    Dimension.PROVISION: Definition(
        Text("Per bepaling"),
        "De bepaling waaronder een zaak bij een wet telt. Niet elke regel in een zaak staat als bepaling in de "
        "catalogus.",
        Meaning.NEUTRAL,
        statement="Neem dezelfde regel als bij de wet. Tel per bepaling.",
        since=SECOND,
    ),
    Dimension.THEME: Definition(
        Text("Per thema"),
        "Het onderwerp dat bij het indienen is gekozen.",
        Meaning.NEUTRAL,
        statement="Tel de zaken per thema.",
    ),
    Dimension.PROVINCE: Definition(
        Text("Per provincie"),
        "De provincie van de gemeente waar het project ligt.",
        Meaning.NEUTRAL,
        statement="Tel de zaken per provincie.",
    ),
    Dimension.URBANITY: Definition(
        Text("Per stedelijkheid"),
        "Hoe stedelijk de gemeente is waar het project ligt, in vijf klassen van het CBS. Wij gebruiken de indeling "
        "van 2024, ook voor eerdere zaken. Krimpregio's en grensgemeenten tellen wij niet: daarvan hebben wij geen "
        "lijst.",
        Meaning.NEUTRAL,
        statement="Neem per zaak de klasse van de gemeente in de tabel Gebieden in Nederland 2024 van het CBS. Tel per "
        "klasse. Een gemeente die daar niet in staat, heeft geen klasse. Een latere lijst geldt alleen voor zaken die "
        "daarna binnenkomen.",
        since=SECOND,
    ),
    Dimension.SUBMITTER: Definition(
        Text("Per soort indiener"),
        "Wie de melding deed.",
        Meaning.NEUTRAL,
        statement="Tel de zaken per soort indiener.",
    ),
    Dimension.VERDICT: Definition(
        Text("Oordeel"),
        "Het oordeel over de belemmering op de dag dat de zaak eindigde.",
        Meaning.NEUTRAL,
        statement="Tel de afgehandelde zaken per oordeel bij de laatste keer dat zij in het kwartaal eindigden.",
    ),
    Dimension.RESULT: Definition(
        Text("Resultaat"),
        "Hoe de zaak eindigde, zoals vastgelegd bij het einde.",
        Meaning.NEUTRAL,
        statement="Tel de afgehandelde zaken per resultaat bij de laatste keer dat zij in het kwartaal eindigden.",
    ),
}

DURATIONS = {
    "gross": Definition(
        Text("Doorlooptijd"),
        "Kalenderdagen van indienen tot einde, voor zaken die in het kwartaal zijn geëindigd. Ingelezen geschiedenis "
        "telt hierin niet mee: daarvan zijn de dagen niet bekend.",
        Meaning.BAD,
        unit=Unit.DAYS,
        statement="Dag van het einde - dag van indienen. Daarvan de mediaan en het 90e percentiel.",
        small=SmallNumbers.FEW_DAYS,
    ),
    "net": Definition(
        Text("Nettotijd"),
        "De doorlooptijd zonder de dagen waarop de klok stilstond.",
        Meaning.BAD,
        unit=Unit.DAYS,
        statement="Doorlooptijd - de dagen waarop een klok van de zaak stilstond.",
        small=SmallNumbers.FEW_DAYS,
    ),
}
PERCENTILES = (
    "De helft van de zaken duurde niet langer dan de mediaan. Negen van de tien duurden niet langer dan het 90e "
    "percentiel."
)
LATE = Definition(
    Text("Te laat per klok"),
    "Klokken die in het kwartaal na hun laatste dag stopten. Ook klokken die op de laatste getelde dag nog liepen, "
    "terwijl hun laatste dag voorbij was.",
    Meaning.BAD,
    unit=Unit.RUNS,
    small=SmallNumbers.WHOLE,
    statement="Tel per klok de keren met een dag van stoppen na de uiterste dag. Binnen de termijn = gestopt - te "
    "laat gestopt.",
)
CLOCK_TIMES = Definition(
    Text("Hoe lang een klok liep"),
    "Kalenderdagen van de start tot de stop van een klok die in het kwartaal stopte. De dagen waarop de klok "
    "stilstond, tellen niet mee. De termijn is in werkdagen of weken: hier staat hoeveel kalenderdagen dat waren.",
    Meaning.BAD,
    unit=Unit.DAYS,
    statement="Dag van stoppen - dag van starten - dagen van stilstand. Daarvan de percentielen.",
    small=SmallNumbers.FEW_DAYS,
)
TREND = Definition(
    Text("Over de kwartalen"),
    "Elk kwartaal geteld tot en met zijn laatste dag; een kwartaal dat nog loopt, tot en met vandaag. "
    "Een zaak die weer open gaat, staat niet bij ontvangen.",
    Meaning.NEUTRAL,
    statement="Ontvangen, afgehandeld en open van elk kwartaal.",
    small=SmallNumbers.WHOLE,
)
PRESSING = Definition(
    Text("Meest knellende regels"),
    "De regels die de meeste open of in het kwartaal ontvangen zaken belemmeren, met het aantal gemeenten.",
    Meaning.BAD,
    unit=Unit.RULES,
    statement="Tel per regel de zaken die hij op de laatste dag belemmerde. Zij waren open of kwamen in dit kwartaal "
    "binnen.",
)
AFTER_CLOSING = Definition(
    Text("Na het afsluiten"),
    "Wat er in het kwartaal gebeurde met zaken die waren afgesloten. Het gaat om heroverwegingen en wat die "
    "veranderden, en om de vraag of het project doorging. Wie een antwoord verandert, telt met het laatste.",
    Meaning.NEUTRAL,
    unit=Unit.TIMES,
    statement="Tel de gebeurtenissen per soort. Van een antwoord over nazorg telt in een kwartaal het laatste. "
    "Kwam er na een heroverweging een nieuw einde? Leg dat naast het einde ervoor. Is het oordeel anders, het "
    "resultaat, beide of geen van beide? Dat telt in het kwartaal van het nieuwe einde. Waren er twee "
    "heroverwegingen voor dat einde? Dan telt het einde één keer. Het einde ervoor kan ook een intrekking zijn. "
    "Is de zaak daarna ingetrokken, dan telt zij hier niet.",
    version=2,
    since=FOURTH,
)
BRIDGEABLE = Definition(
    Text("Overbrugbaar of echt"),
    "Bij een overbrugbare belemmering is er ruimte (oordeel V1 tot en met V4). Bij een echte belemmering houdt een "
    "regel het tegen (V5 tot en met V8). Deze getallen tellen wij nooit op tot één getal.",
    Meaning.NEUTRAL,
    statement="Tel de afgehandelde zaken met oordeel V1 tot en met V4, en apart die met V5 tot en met V8.",
    since=SECOND,
)
PLACES = Definition(
    Text("Gemeenten"),
    "Uit hoeveel gemeenten in het kwartaal een melding kwam. Het deel is dat van alle gemeenten op de laatste dag.",
    Meaning.GOOD,
    unit=Unit.PLACES,
    statement="Tel de verschillende gemeenten van ontvangen zaken. Deel door het aantal gemeenten op de laatste dag.",
    small=SmallNumbers.WHOLE,
    since=SECOND,
)
SINCE_BEGIN = Definition(
    Text("Sinds het begin"),
    "Alles bij elkaar tot en met dit kwartaal, ook de ingelezen geschiedenis.",
    Meaning.NEUTRAL,
    statement="Tel ontvangen en afgehandeld van alle kwartalen op. Een zaak die in twee kwartalen eindigde, telt twee "
    "keer als afgehandeld.",
    small=SmallNumbers.WHOLE,
    since=SECOND,
)
CONSULTED = Definition(
    Text("Vragen aan ministeries"),
    "Hoeveel vragen een ministerie kreeg, en hoeveel er op tijd antwoord kregen. Een ministerie mag bij zijn cijfer "
    "een reactie geven.",
    Meaning.NEUTRAL,
    unit=Unit.QUESTIONS,
    statement="Op tijd = antwoord of terugverwijzing op of voor de uiterste dag. Percentage = op tijd gedeeld door "
    "alle vragen die in het kwartaal eindigden. Een vraag die het loket introk, telt niet mee.",
    small=SmallNumbers.RATED,
    since=SECOND,
)
SILENT = Definition(
    Text("Stil"),
    "Zaken waarin het loket een antwoord schuldig was en dat niet op tijd gaf. De tijd waarin wij op de indiener "
    "wachten, telt niet mee.",
    Meaning.BAD,
    statement="Tel zaken waarin klok K1, K2, K4, K8 of die van het afsluiten te laat stopte. Tel ook waar zo'n klok op "
    "de laatste dag te laat liep. Elke zaak telt een keer.",
    small=SmallNumbers.WHOLE,
    since=SECOND,
)
WITHOUT_FILING = Definition(
    Text("Geholpen zonder melding"),
    "Hoe vaak iemand zei dat een ruimtewijzer de vraag beantwoordde. En hoe vaak een gemeente er zelf een gebruikte, "
    "en of dat lukte.",
    Meaning.GOOD,
    unit=Unit.TIMES,
    statement="Tel de keren dat iemand koos voor: dit beantwoordt mijn vraag. Tel de keren dat een gemeente een "
    "ruimtewijzer overnam, en hun antwoorden per uitkomst.",
    small=SmallNumbers.NAMED,
    version=2,
    since=SECOND,
)
RULES_ON_TRACK = Definition(
    Text("Regelknelpunten per stap"),
    "Waar elk regelknelpunt op de laatste dag stond. De leeftijd is van de eerste zaak tot die dag, of tot de regel in "
    "werking trad.",
    Meaning.NEUTRAL,
    unit=Unit.BOTTLENECKS,
    statement="Neem per regelknelpunt de laatste stap die is gemeld. Leeftijd = de mediaan van de dagen sinds de "
    "eerste gekoppelde zaak.",
    small=SmallNumbers.WHOLE,
    since=SECOND,
)
REGISTER: Mapping[str, Definition] = {
    **{figure.value: definition for figure, definition in FIGURES.items()},
    **{step.value: definition for step, definition in STEPS.items()},
    "van-begin-naar-eind": BALANCE,
    "over-de-kwartalen": TREND,
    "sinds-het-begin": SINCE_BEGIN,
    "gemeenten": PLACES,
    **{f"per-{dimension.value}": definition for dimension, definition in DIMENSIONS.items()},
    "overbrugbaar-of-echt": BRIDGEABLE,
    "doorlooptijd": DURATIONS["gross"],
    "nettotijd": DURATIONS["net"],
    "looptijd-per-klok": CLOCK_TIMES,
    "te-laat-per-klok": LATE,
    "stil": SILENT,
    "vragen-aan-ministeries": CONSULTED,
    "na-het-afsluiten": AFTER_CLOSING,
    "geholpen-zonder-melding": WITHOUT_FILING,
    "knellende-regels": PRESSING,
    "regelknelpunten-per-stap": RULES_ON_TRACK,
}
"""Every figure by the name in its address. A name is never used for another figure."""


def address_of(definition: Definition) -> str:
    """Where a figure is explained."""
    return next(f"/kwartalen/definities/{name}" for name, each in REGISTER.items() if each is definition)
