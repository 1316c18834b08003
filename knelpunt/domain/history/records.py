"""Cases from before this system, or from elsewhere: what the outcome that a source gives means here (decision 0006)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knelpunt.domain.cases.grounds import EU_LAW, LOCAL_LAW
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.vocabulary import CaseStatus, Result, RuleLevel, SubmitterKind, Theme, Verdict

LOCAL_RULE, EU_RULE = LOCAL_LAW, EU_LAW
COLLECTIVE_KEYS = (LOCAL_RULE, EU_RULE, NO_RULE)
"""The answers that are no law of their own."""
DEVIATION_WORDS = ("ontheffing", "afwijk")
PERCEIVED_WORDS = ("vermeend", "kan al meer", "kan het al")
NO_NEXT_STEP = "Geen vervolg bij dit loket: dit is geschiedenis uit een openbare bron."


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of a file, for who fills it in: what it holds, an example, and whether it must be there."""

    name: str
    holds: str
    example: str = ""
    is_needed: bool = False


class Outcome(StrEnum):
    """How a case ended according to its source."""

    WITHIN_RULES = "resolved within existing rules"
    EXPERIMENT = "experiment granted"
    REGULATION_CHANGED = "regulation changed"
    LAW_CHANGED = "law changed"
    REJECTED_OR_PERCEIVED = "rejected or perceived only"
    OPEN = "open"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How much of the day of a case is known."""

    DAY = "dag"
    YEAR = "jaar"
    NONE = "onbekend"


class Basis(StrEnum):
    """Whether the source itself names a rule, or somebody inferred it."""

    SOURCE = "bron"
    INFERRED = "afgeleid"


THEME_BY_LAW = {
    "participatiewet": Theme.WORK_INCOME,
    "wpo": Theme.EDUCATION,
    "wvo": Theme.EDUCATION,
    "web": Theme.EDUCATION,
    "wmo": Theme.CARE,
    "jeugdwet": Theme.CARE,
    "leegstandwet": Theme.VACANCY,
    "huisvestingswet": Theme.HOUSING,
    "woningwet": Theme.HOUSING,
    "wbmgp": Theme.HOUSING,
    "verhuurderheffing": Theme.HOUSING,
    "elektriciteitswet": Theme.ENERGY,
    "warmtewet": Theme.ENERGY,
    "energiebelasting": Theme.ENERGY,
    "wet-natuurbescherming": Theme.NATURE_WATER,
    "drank-en-horecawet": Theme.SHOPS_HORECA,
    "wet-personenvervoer": Theme.MOBILITY,
    "whvbz": Theme.CULTURE_SPORT,
    "monumentenwet": Theme.CULTURE_SPORT,
}
THEME_BY_WORD = (
    ("school", Theme.EDUCATION),
    ("zorginstelling", Theme.CARE),
    ("dementie", Theme.CARE),
    ("zonnepane", Theme.ENERGY),
    ("panelen", Theme.ENERGY),
    ("windmol", Theme.ENERGY),
    ("energie", Theme.ENERGY),
    ("van het gas", Theme.ENERGY),
    ("isoler", Theme.ENERGY),
    ("winkel", Theme.SHOPS_HORECA),
    ("natuur", Theme.NATURE_WATER),
    ("zwembad", Theme.CULTURE_SPORT),
    ("sport", Theme.CULTURE_SPORT),
    ("won", Theme.HOUSING),
    ("woon", Theme.HOUSING),
    ("tiny house", Theme.HOUSING),
    ("huisvest", Theme.HOUSING),
    ("appartement", Theme.HOUSING),
    ("bijgebouw", Theme.HOUSING),
    ("huur", Theme.HOUSING),
)
"""What a case is about, where the file does not say so: by the laws that it names, then by the first word that fits."""


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule that the source names: the key of a law as files write it, and the article in the source's words."""

    law: str
    article: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Ending:
    """What an outcome means here: where the case stands, how it ended, what the obstruction was."""

    status: CaseStatus
    result: Result | None
    verdict: Verdict
    level: RuleLevel | None
    sentence: str
    offers_room: bool

    @property
    def is_closed(self) -> bool:
        return self.status is CaseStatus.CLOSED


@dataclass(frozen=True, slots=True)
class HistoricCase:
    """One checked line. Days are legal days in the Netherlands; ``precision`` tells how exact they are."""

    key: str
    title: str
    description: str
    submitter_kind: SubmitterKind
    municipality: str | None
    province: str | None
    filed_on: date
    closed_on: date | None
    precision: Precision
    theme: Theme
    rules: tuple[NamedRule, ...]
    room_law: str
    room: str | None
    ending: Ending
    source_url: str
    source_title: str
    note: str

    @property
    def answer(self) -> str:
        """How it ended, with the words of the source behind it."""
        return f"{self.ending.sentence} Uit de bron: {self.room}." if self.room else self.ending.sentence


def theme_of(laws: tuple[str, ...], words: str) -> Theme:
    """The theme that follows from the laws that are named, then from the title; OTHER where nothing fits."""
    for law in laws:
        if law in THEME_BY_LAW:
            return THEME_BY_LAW[law]
    words = words.casefold()
    return next((theme for word, theme in THEME_BY_WORD if word in words), Theme.OTHER)


def ending_of(outcome: Outcome, rules: tuple[NamedRule, ...], room_law: str, words: str) -> Ending:
    """What an outcome means here.

    Args:
        rules: what blocks, as the source has it.
        room_law: the law along which room was found or sought.
        words: the source's words about that room, and the remark on the line.
    """
    words = words.casefold()
    names_no_rule = room_law == NO_RULE
    actual, level = _actual(rules)
    match outcome:
        case Outcome.OPEN:
            return _unended("Toen de bron verscheen, was er nog geen uitkomst.", level)
        case Outcome.UNKNOWN:
            return _unended("De bron vermeldt de uitkomst niet.", level)
        case Outcome.EXPERIMENT:
            sentence = "Er kwam ruimte met een experiment of een aanwijzing."
            return _closed(Result.VIA_EXPERIMENT, Verdict.BY_ONTHEFFING_OR_EXPERIMENT, level, sentence, room=True)
        case Outcome.REGULATION_CHANGED | Outcome.LAW_CHANGED:
            sentence = "De regel zelf is later gewijzigd."
            return _closed(Result.LINKED_TO_BOTTLENECK, actual, level, sentence, room=True)
        case Outcome.WITHIN_RULES if names_no_rule:
            sentence = "Er stond geen regel in de weg."
            return _closed(Result.WITHIN_RULES, Verdict.NOT_A_RULE, RuleLevel.NONE, sentence)
        case Outcome.WITHIN_RULES if any(word in words for word in DEVIATION_WORDS):
            sentence = "Het kon met een ontheffing of een afwijking."
            return _closed(Result.WITH_ONTHEFFING, Verdict.BY_ONTHEFFING_OR_EXPERIMENT, level, sentence, room=True)
        case Outcome.WITHIN_RULES if room_law == LOCAL_RULE:
            sentence = "Het kon: gemeente of provincie had er zelf de ruimte voor."
            return _closed(Result.WITHIN_RULES, Verdict.OWN_AUTHORITY, None, sentence, room=True)
        case Outcome.WITHIN_RULES:
            sentence = "Het kon binnen de bestaande regels."
            return _closed(Result.WITHIN_RULES, Verdict.PERCEIVED, level, sentence, room=True)
        case Outcome.REJECTED_OR_PERCEIVED if names_no_rule:
            sentence = "Niet een regel stond in de weg, maar iets anders."
            return _closed(Result.NOT_SOLVABLE, Verdict.NOT_A_RULE, RuleLevel.NONE, sentence)
        case Outcome.REJECTED_OR_PERCEIVED if any(word in words for word in PERCEIVED_WORDS):
            sentence = "De regel liet het al toe."
            return _closed(Result.WITHIN_RULES, Verdict.PERCEIVED, level, sentence, room=True)
        case Outcome.REJECTED_OR_PERCEIVED:
            return _closed(Result.NOT_SOLVABLE, actual, level, "De regel bleef gelden; er is geen ruimte gevonden.")


def _closed(result: Result, verdict: Verdict, level: RuleLevel | None, sentence: str, *, room: bool = False) -> Ending:
    return Ending(CaseStatus.CLOSED, result, verdict, level, sentence, room)


def _unended(sentence: str, level: RuleLevel | None) -> Ending:
    """A case without a known end: nobody here works on it, so it goes to the archive, without a result."""
    return Ending(CaseStatus.ARCHIVED, None, Verdict.UNDECIDED, level, sentence, False)


def overruled(ending: Ending, result: Result | None, verdict: Verdict | None) -> Ending:
    """A file that itself knows the result or the verdict knows better than what follows from the outcome."""
    return replace(
        ending,
        status=CaseStatus.CLOSED if result else ending.status,
        result=result or ending.result,
        verdict=verdict or ending.verdict,
    )


def _actual(rules: tuple[NamedRule, ...]) -> tuple[Verdict, RuleLevel | None]:
    """The verdict when the rule stands, and who made the rule: by the rule that the source itself names first."""
    named = sorted((rule for rule in rules if rule.law != NO_RULE), key=lambda rule: rule.basis is not Basis.SOURCE)
    if not named:
        return Verdict.NOT_A_RULE, None
    if named[0].law == LOCAL_RULE:
        return Verdict.LOCAL_RULE, None
    if named[0].law == EU_RULE:
        return Verdict.EU_OR_TREATY, RuleLevel.EU
    return Verdict.NATIONAL_RULE, RuleLevel.STATE
