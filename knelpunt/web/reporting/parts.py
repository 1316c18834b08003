"""Which number of a quarter an address means, and what its list is called."""

from collections.abc import Mapping
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    CONSULTED,
    DIMENSIONS,
    DURATIONS,
    FIGURES,
    LATE,
    PRESSING,
    SILENT,
    STEPS,
    Definition,
    Dimension,
    Figure,
    Step,
)
from knelpunt.domain.figures.ledger import FactKind
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.figures.counts import PressingRule
from knelpunt.queries.figures.lists import ClockSet, Counted, Moved, Noted, Part, Pressed, Runs
from knelpunt.web.reporting import report as reports

CLOCK_SET_WORDS = {
    ClockSet.STOPPED: "gestopt",
    ClockSet.STOPPED_LATE: "te laat gestopt",
    ClockSet.RUNNING_LATE: "loopt te laat",
}
NOTED_DEFINITIONS = {FactKind.OWED: SILENT, FactKind.CONSULTED: CONSULTED, FactKind.AFTER: AFTER_CLOSING}
NOTED = {kind.value: kind for kind in NOTED_DEFINITIONS}
"""The kinds of fact whose cases an address can ask for."""
_ARTICLE_LENGTH = 500


def part_asked(arguments: Mapping[str, str]) -> Part:
    """The number that an address asks for.

    Raises:
        NotFound: there is no such number.
    """
    try:
        if "klok" in arguments:
            return Runs(Clock(arguments["klok"]), ClockSet(arguments.get("welke", "")))
        if "knelt" in arguments:
            provision = arguments.get("bepaling")
            return Pressed(
                whole_number(arguments["knelt"]),
                whole_number(provision) if provision else None,
                arguments.get("artikel", "")[:_ARTICLE_LENGTH] or None,
            )
        if "feit" in arguments:
            noted = Noted(NOTED[arguments["feit"]], arguments.get("wat", "")[:_ARTICLE_LENGTH])
            if noted.kind is FactKind.AFTER:
                reports.after_words(noted.what)
            return noted
        if "stap" in arguments:
            return Moved(Step(arguments["stap"]))
        figure = Figure(arguments.get("cijfer", ""))
        if "per" in arguments:
            dimension = Dimension(arguments["per"])
            return Counted(figure, dimension, reports.value_from_address(dimension, arguments.get("waarde", "")))
        return Counted(figure, is_timed="gemeten" in arguments)
    except (ValueError, KeyError):
        raise NotFound() from None


def rule_query(rule: PressingRule) -> str:
    """The part of an address that asks for the cases of one pressing rule."""
    asked: dict[str, str | int] = {"knelt": rule.law_id}
    if rule.provision_id is not None:
        asked["bepaling"] = rule.provision_id
    elif rule.article is not None:
        asked["artikel"] = rule.article
    return urlencode(asked)


def title_of(session: Session, part: Part, names: Reference) -> str:
    match part:
        case Noted():
            return _noted_title(part, names)
        case Runs():
            return f"{part.clock.label}: {CLOCK_SET_WORDS[part.which]}"
        case Pressed():
            return f"{PRESSING.title}: {names.law_names[part.law_id]}"
        case Moved():
            return STEPS[part.step].title
        case Counted():
            if part.dimension is None:
                return definition_of(part).title
            provisions = {part.value} if part.dimension is Dimension.PROVISION and part.value is not None else set()
            words = reports.provision_words(session, provisions, names)
            side = reports.namer(part.dimension, names, words)(part.value)
            return f"{FIGURES[part.figure].title}, {DIMENSIONS[part.dimension].title.lower()}: {side}"


def _noted_title(part: Noted, names: Reference) -> str:
    if part.kind is FactKind.OWED:
        return f"{SILENT.title}: {part.what.replace('-', ' ')}"
    if part.kind is FactKind.AFTER:
        return reports.after_words(part.what)
    ministry, _colon, what = part.what.partition(":")
    name = names.ministry_names.get(int(ministry) if ministry.isdecimal() and len(ministry) < 16 else 0)
    if name is None:
        raise NotFound()
    return f"{CONSULTED.title}, {name}: {what.replace('-', ' ')}"


def definition_of(part: Part) -> Definition:
    """What was counted."""
    match part:
        case Noted():
            return NOTED_DEFINITIONS[part.kind]
        case Runs():
            return LATE
        case Pressed():
            return PRESSING
        case Moved():
            return STEPS[part.step]
        case Counted():
            return DURATIONS["gross"] if part.is_timed else FIGURES[part.figure]


def whole_number(text: str) -> int:
    """A number of a row in an address; ValueError for anything else."""
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise ValueError(text)
    return int(text)
