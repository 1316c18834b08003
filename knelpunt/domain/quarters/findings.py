"""Sentences that the figures of a quarter allow: each with the rule that says when it may be said.

A sentence names its figures, so that their values come from the seal like those of any other text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LEAST = 10
"""Under so many cases no sentence compares or divides: a single case would make it true."""
HALF = 0.5
FASTER = 0.2
"""A median that moved by less than this share is not called faster or slower."""
MANY_PLACES = 5
IN_A_ROW = 3
A_YEAR = 4
A_YEAR_MORE = 0.25


@dataclass(frozen=True, slots=True)
class Counts:
    """One quarter."""

    received: int
    handled: int
    open: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a split, by the name of its figure."""

    words: str
    count: int
    figure: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules look at. ``quarters`` oldest first, the last is the quarter itself."""

    quarters: tuple[Counts, ...]
    laws: tuple[Side, ...] = ()
    provinces: tuple[Side, ...] = ()
    median: float | None = None
    median_before: float | None = None
    measured: int = 0
    measured_before: int = 0
    stopped: int = 0
    late: int = 0
    pressing: str = ""
    """The rule that presses most, in words."""
    pressing_places: int = 0

    @property
    def now(self) -> Counts:
        return self.quarters[-1]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence that may be said, in the markup of the text, with the rule that allows it."""

    key: str
    sentence: str
    rule: str


class FindingDecision(StrEnum):
    """What an author did with a proposed sentence."""

    TAKEN = "overgenomen"
    REWRITTEN = "herschreven"
    LEFT = "gelaten"

    @property
    def words(self) -> str:
        return _DECISION_WORDS[self]


_DECISION_WORDS = {
    FindingDecision.TAKEN: "Overgenomen",
    FindingDecision.REWRITTEN: "Herschreven en overgenomen",
    FindingDecision.LEFT: "Niet overgenomen",
}


Rule = Callable[[Told], Iterator[Finding]]


def findings(told: Told) -> list[Finding]:
    """All that may be said of a quarter, the most telling first."""
    if not told.quarters:
        return []
    return [finding for rule in _RULES for finding in rule(told)]


def _first_more_handled(told: Told) -> Iterator[Finding]:
    *earlier, now = told.quarters
    if len(earlier) < A_YEAR or now.received < LEAST or now.handled <= now.received:
        return
    if any(each.handled > each.received for each in earlier):
        return
    yield Finding(
        "voor-het-eerst-meer-afgehandeld",
        "Voor het eerst in {{cijfer: aantal kwartalen}} kwartalen zijn er meer zaken afgehandeld "
        "({{cijfer: afgehandeld}}) dan er binnenkwamen ({{cijfer: ontvangen}}).",
        "Er is meer afgehandeld dan ontvangen. In geen van de getelde kwartalen ervoor was dat zo. "
        f"Er kwamen minstens {LEAST} zaken binnen.",
    )


def _more_handled(told: Told) -> Iterator[Finding]:
    *earlier, now = told.quarters
    if now.received < LEAST or now.handled <= now.received or not any(each.handled > each.received for each in earlier):
        return
    yield Finding(
        "meer-afgehandeld",
        "Er zijn meer zaken afgehandeld ({{cijfer: afgehandeld}}) dan er binnenkwamen ({{cijfer: ontvangen}}).",
        f"Er is meer afgehandeld dan ontvangen, en er kwamen minstens {LEAST} zaken binnen.",
    )


def _half_one_law(told: Told) -> Iterator[Finding]:
    most = _largest(told.laws, told.now.received)
    if most is None:
        return
    yield Finding(
        "helft-een-wet",
        f"De helft of meer van de nieuwe zaken gaat over één wet, {most.words}: {{{{cijfer: {most.figure}}}}} van "
        "de {{cijfer: ontvangen}}.",
        f"Minstens de helft van de ontvangen zaken heeft dezelfde wet, en er kwamen minstens {LEAST} zaken binnen.",
    )


def _half_one_province(told: Told) -> Iterator[Finding]:
    most = _largest(told.provinces, told.now.received)
    if most is None:
        return
    yield Finding(
        "helft-een-provincie",
        f"De helft of meer van de nieuwe zaken komt uit één provincie, {most.words}: {{{{cijfer: {most.figure}}}}} van "
        "de {{cijfer: ontvangen}}.",
        f"Minstens de helft van de ontvangen zaken ligt in dezelfde provincie, en er kwamen minstens {LEAST} zaken "
        "binnen.",
    )


def _largest(sides: Sequence[Side], total: int) -> Side | None:
    most = max(sides, key=lambda side: side.count, default=None)
    return most if most is not None and total >= LEAST and most.count >= total * HALF else None


def _most_received(told: Told) -> Iterator[Finding]:
    *earlier, now = told.quarters
    if len(earlier) < A_YEAR or now.received < LEAST or now.received <= max(each.received for each in earlier):
        return
    yield Finding(
        "meeste-ontvangen",
        "Er kwamen {{cijfer: ontvangen}} zaken binnen. Dat is het hoogste aantal in "
        "{{cijfer: aantal kwartalen}} kwartalen.",
        f"In geen van de getelde kwartalen ervoor kwamen er zo veel binnen, en het zijn er minstens {LEAST}.",
    )


def _open_in_a_row(told: Told) -> Iterator[Finding]:
    last = [each.open for each in told.quarters[-IN_A_ROW - 1 :]]
    if len(last) <= IN_A_ROW or min(last) < LEAST:
        return
    steps = [after - before for before, after in pairwise(last)]
    if all(step < 0 for step in steps):
        way = "daalt"
    elif all(step > 0 for step in steps):
        way = "stijgt"
    else:
        return
    yield Finding(
        f"open-{way}",
        f"Het aantal open zaken {way} voor het derde kwartaal op rij, naar {{{{cijfer: open}}}}.",
        f"Het aantal open zaken {way} in elk van de laatste drie kwartalen, en was steeds minstens {LEAST}.",
    )


def _year_ago(told: Told) -> Iterator[Finding]:
    if len(told.quarters) <= A_YEAR:
        return
    earlier, now = told.quarters[-1 - A_YEAR].received, told.now.received
    if min(earlier, now) < LEAST or abs(now - earlier) < earlier * A_YEAR_MORE:
        return
    yield Finding(
        "een-jaar-eerder",
        f"Er kwamen {'meer' if now > earlier else 'minder'} zaken binnen dan een jaar eerder: "
        "{{cijfer: ontvangen}} tegen {{cijfer: ontvangen een jaar eerder}}.",
        f"Het aantal verschilt minstens een kwart met hetzelfde kwartaal van het jaar ervoor. Beide zijn minstens "
        f"{LEAST}.",
    )


def _faster(told: Told) -> Iterator[Finding]:
    now, before = told.median, told.median_before
    if now is None or before is None or min(told.measured, told.measured_before) < LEAST:
        return
    if before == 0 or abs(now - before) < before * FASTER:
        return
    way = "sneller" if now < before else "langzamer"
    yield Finding(
        f"zaken-{way}",
        f"Zaken gingen {way} dan het kwartaal ervoor. De helft duurde hooguit {{{{cijfer: doorlooptijd}}}} dagen.",
        f"De mediaan verschilt minstens een vijfde met die van het kwartaal ervoor, en in beide eindigden minstens "
        f"{LEAST} zaken.",
    )


def _all_in_time(told: Told) -> Iterator[Finding]:
    if told.stopped < LEAST or told.late:
        return
    yield Finding(
        "alles-op-tijd",
        "Geen enkele termijn van het loket is overschreden.",
        f"Geen klok stopte te laat of liep te laat, en er stopten minstens {LEAST} klokken.",
    )


def _many_places(told: Told) -> Iterator[Finding]:
    if not told.pressing or told.pressing_places < MANY_PLACES:
        return
    yield Finding(
        "in-veel-gemeenten",
        f"De regel die het meest knelt ({told.pressing}) speelt in {{{{cijfer: knellende regel 1 gemeenten}}}} "
        "gemeenten.",
        f"De regel met de meeste zaken speelt in minstens {MANY_PLACES} gemeenten.",
    )


_RULES: tuple[Rule, ...] = (
    _first_more_handled,
    _more_handled,
    _half_one_law,
    _half_one_province,
    _most_received,
    _open_in_a_row,
    _year_ago,
    _faster,
    _all_in_time,
    _many_places,
)


@dataclass(frozen=True, slots=True)
class Pressing:
    """A rule bottleneck as a candidate for that of the quarter."""

    id: int
    reference: str
    title: str
    projects: int
    municipalities: int
    days: int
    """How long ago it was signalled, on the last day of the quarter."""
    new: int
    """How many projects came under it in the quarter."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A candidate with its points and the reasons for them."""

    bottleneck: Pressing
    points: float
    reasons: tuple[str, ...]


MONTH = 30.4
MOST_MONTHS = 36


def ranked(found: Sequence[Pressing]) -> list[Proposed]:
    """The candidates, strongest first. Points: one a project, two a municipality, three a project that is new in the
    quarter, and one for each three months since it was signalled, up to three years."""
    proposed = [Proposed(each, _points(each), _reasons(each)) for each in found]
    return sorted(proposed, key=lambda each: (-each.points, each.bottleneck.reference))


def _points(each: Pressing) -> float:
    months = min(each.days / MONTH, MOST_MONTHS)
    return round(each.projects + 2 * each.municipalities + 3 * each.new + months / 3, 1)


def _reasons(each: Pressing) -> tuple[str, ...]:
    months = int(each.days / MONTH)
    return (
        f"Gewicht: {_so_many(each.projects, 'project', 'projecten')} in "
        f"{_so_many(each.municipalities, 'gemeente', 'gemeenten')}.",
        f"Groei: {_so_many(each.new, 'project', 'projecten')} erbij in dit kwartaal.",
        f"Leeftijd: {_so_many(months, 'maand', 'maanden')} geleden gesignaleerd.",
    )


def _so_many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
