"""What the public sees of the figures of quarters, in every form the same: each number, or the mark in its place."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.places import NO_SIDE, place_of
from knelpunt.domain.figures.small_numbers import LIMIT, Mark, Number, Protected, Publications, Sum, Told
from knelpunt.domain.vocabulary import (
    ACTUAL_VERDICTS,
    BRIDGEABLE_VERDICTS,
    AftercareAnswer,
    Result,
    SecondLookOutcome,
    Verdict,
)
from knelpunt.queries.figures.counts import Count
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.series import QuarterCount

Key = tuple[Quarter, str]
"""A quarter, and a place in it: ``ontvangen``, ``ontvangen, wet 12``, ``klok K1, te laat``, ``knelt, 4|12|``."""
Held = Set[tuple[Quarter, Dimension]]
"""Splits that a quarter does not tell at all."""
TOGETHER = tuple(each for each in Dimension if each not in (Dimension.VERDICT, Dimension.RESULT))
"""By these every figure is split, so that of a side too what was open and came tells what went."""
UNTOLD = "rest van"
BEGIN = f"{UNTOLD} begin"
"""What there is of a figure by side where no edition tells it, and what stood open at the beginning of a quarter."""


@dataclass(frozen=True, slots=True)
class PublicNumbers:
    """A share is told only where both its numbers are.

    ``exposed`` are the places that are given away whatever is hidden."""

    numbers: Mapping[Key, int]
    marks: Mapping[Key, Mark]
    exposed: tuple[Key, ...]

    def mark(self, quarter: Quarter, place: str) -> Mark | None:
        """What stands instead of a number that is hidden; None when it is told.

        Raises:
            LookupError: nobody decided whether this may be told.
        """
        key = quarter, place
        if key not in self.marks and key not in self.numbers:
            raise LookupError(key)
        return self.marks.get(key)


def public_numbers(
    reports: Iterable[QuarterReport],
    law_of: Mapping[int, int] | None = None,
    kept: Mapping[Quarter, Mapping[str, Told]] | None = None,
) -> PublicNumbers:
    """What is told of quarters that are published one after the other, oldest first.

    Each is protected with all before it, whose numbers stay told as they were. So the same reports in the same order
    give the same marks, in whatever form and however much later. Published cases play no part in it: they come and go
    after an edition is kept.

    Args:
        law_of: the law of each provision, by which the two tables hang together.
        kept: of each quarter whose edition was kept, how that tells each place. The public has those numbers, so that
            they are not weighed again: by the rules of today others might be hidden.
    """
    told = kept or {}
    history = tuple(_Sealed(report, told.get(report.now.span.quarter)) for report in reports)
    weighed = _weighed(history, frozenset((law_of or {}).items()))
    numbers = {key: number.amount for key, number in weighed.publications.numbers.items()}
    exposed = tuple(key for key in weighed.result.exposed if key not in weighed.given_away)
    return PublicNumbers(numbers, {**weighed.result.marks, **weighed.whole}, exposed)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """The report of a quarter, and how its edition tells each place where one was kept."""

    report: QuarterReport
    told: Mapping[str, Told] | None

    def __hash__(self) -> int:
        return hash(self.report.now.span.quarter)


@lru_cache(maxsize=6)
def _weighed(history: tuple[_Sealed, ...], law_of: frozenset[tuple[int, int]]) -> "_Weighed":
    """The quarters before weigh much more than the one that comes, and a seal looks a year back."""
    if not history:
        return _Weighed(dict(law_of))
    before, last = _weighed(history[:-1], law_of), history[-1]
    return before.with_one_more(last.report) if last.told is None else before.with_kept(last.report, last.told)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What is told of the quarters so far; ``given_away`` is what can be worked out from editions that were kept, and
    so without any other quarter."""

    law_of: Mapping[int, int]
    publications: Publications[Key] = field(default_factory=Publications)
    result: Protected[Key] = field(default_factory=lambda: Protected({}, ()))
    whole: Mapping[Key, Mark] = field(default_factory=dict)
    held: Held = frozenset()
    given_away: Set[Key] = frozenset()

    def with_one_more(self, report: QuarterReport) -> "_Weighed":
        """The same with the next quarter; a split from which something small would follow is not told of it."""
        now, held = report.now.span.quarter, set(self.held)

        def to_hold(key: Key) -> set[tuple[Quarter, Dimension]]:
            if key in self.result.exposed:
                return set()
            return {(now, each) for each in _splits_of(key)} - held

        while True:
            trial = self.publications.copy()
            quarter = _Quarter(report, self.law_of, held)
            quarter.count(trial.numbers)
            result = trial.publish(quarter.numbers, quarter.sums, ends_it=lambda key: bool(to_hold(key)))
            news = {each for key in result.exposed for each in to_hold(key)}
            if not news:
                whole = {**self.whole, **_unsplit(report, held), **_late_unknown(report, result.marks)}
                return _Weighed(self.law_of, trial, result, whole, held, self.given_away)
            held |= news

    def with_kept(self, report: QuarterReport, told: Mapping[str, Told]) -> "_Weighed":
        """The same with the next quarter as its edition tells it, whatever of it would be hidden today."""
        now = report.now.span.quarter
        held = self.held | {(now, each) for each in Dimension if _tells_nothing(report, each, told)}
        publications = self.publications.copy()
        quarter = _Quarter(report, self.law_of, held)
        quarter.count(publications.numbers)
        numbers = _as_told(quarter.numbers, _untold_columns(report, told), told)
        result = publications.publish(numbers, quarter.sums)
        whole = {**self.whole, **_unsplit(report, held)}
        return _Weighed(self.law_of, publications, result, whole, held, frozenset(result.exposed))


def _untold_columns(report: QuarterReport, told: Mapping[str, Told]) -> set[tuple[Figure, Dimension]]:
    """Figures that are large enough to be split, of which an edition tells no side at all."""
    return {
        (figure, dimension)
        for figure, count in report.now.counts.items()
        for dimension, sides in count.by.items()
        if sides and not _is_small(count)
        if all(told.get(place_of(figure, dimension, side), Told.TABLE) is Told.TABLE for side in sides)
    }


def _tells_nothing(report: QuarterReport, dimension: Dimension, told: Mapping[str, Told]) -> bool:
    """Whether an edition tells nothing of a split that it could have told, nor of the one that hangs together with it:
    then it was held back as a whole."""
    large = {
        (figure, each)
        for figure, count in report.now.counts.items()
        for each in _together(dimension)
        if count.by.get(each) and not _is_small(count)
    }
    groups = (places.BRIDGEABLE, places.ACTUAL) if dimension is Dimension.VERDICT else ()
    is_grouped = any(told.get(place) in (Told.SHOWN, Told.FEW) for place in groups)
    return bool(large) and not is_grouped and large <= _untold_columns(report, told)


def _as_told(
    numbers: Mapping[Key, Number], untold: Set[tuple[Figure, Dimension]], told: Mapping[str, Told]
) -> dict[Key, Number]:
    """The numbers as an edition tells them: a place that it leaves out has none, or stands in a column that it leaves
    out. What is told of the whole country stays told, unless the edition hid it."""
    columns = tuple(f"{figure}, {dimension} " for figure, dimension in untold)
    found = {}
    for key, number in numbers.items():
        place = key[1]
        if number.told is Told.NEW:
            is_left_out = number.amount or place.startswith(columns)
            number = replace(number, told=told.get(place, Told.TABLE if is_left_out else Told.SHOWN))
        elif number.told is Told.SHOWN and place in told:
            number = replace(number, told=told[place])
        found[key] = replace(number, limit=LIMIT) if number.told is Told.FEW else number
    return found


def _splits_of(key: Key) -> tuple[Dimension, ...]:
    """The split to which a place belongs, with the one that hangs together with it."""
    words = key[1].partition(", ")[2]
    dimension = next((each for each in Dimension if words.startswith(f"{each.value} ")), None)
    return _together(dimension) if dimension else ()


def _together(dimension: Dimension) -> tuple[Dimension, ...]:
    laws = (Dimension.LAW, Dimension.PROVISION)
    return laws if dimension in laws else (dimension,)


def _is_small(count: Count) -> bool:
    return 0 < count.total < LIMIT


def _is_unsplit(report: QuarterReport, count: Count, dimension: Dimension, held: Held) -> bool:
    """Whether a figure is not split: it is small as a whole, and the only side of a figure of one would tell who it is
    about; or something small could be worked out from the split, whatever is hidden in it."""
    return _is_small(count) or (report.now.span.quarter, dimension) in held


def _without_unsplit(report: QuarterReport, held: Held) -> QuarterReport:
    """The report without the splits that are not told."""
    counts = {
        figure: replace(
            count,
            by={each: {} if _is_unsplit(report, count, each, held) else sides for each, sides in count.by.items()},
        )
        for figure, count in report.now.counts.items()
    }
    return replace(report, now=replace(report.now, counts=counts))


def _unsplit(report: QuarterReport, held: Held) -> dict[Key, Mark]:
    """The sides of figures that are not split, and what is made of them."""
    quarter = report.now.span.quarter
    found = {
        (quarter, place_of(figure, dimension, side)): Mark.TABLE
        for figure, count in report.now.counts.items()
        for dimension, sides in count.by.items()
        if _is_unsplit(report, count, dimension, held)
        for side in sides
    }
    if (quarter, Dimension.VERDICT) in held:
        found |= dict.fromkeys([(quarter, places.BRIDGEABLE), (quarter, places.ACTUAL)], Mark.KEPT_BACK)
    return found


def _late_unknown(report: QuarterReport, marks: Mapping[Key, Mark]) -> dict[Key, Mark]:
    """How often clocks were late of which it is hidden how often they stopped: beside the word of a promise it tells
    that. Not even where it was never, since that is a word too."""
    quarter = report.now.span.quarter
    return {
        (quarter, places.clock(clock, what)): Mark.TABLE
        for clock in report.now.late
        if (quarter, places.clock(clock, places.STOPPED)) in marks
        for what in (places.STOPPED_LATE, places.RUNNING_LATE)
    }


_CHANGED = tuple(places.second_look(each) for each in (SecondLookOutcome.CHANGED, SecondLookOutcome.PARTLY))
"""Where it stands how often a second look changed an outcome, whole or in part."""


@dataclass(slots=True)
class _Quarter:
    """The numbers of one quarter, and how they hang together with each other and with the quarter before.

    ``told`` is the report without the splits that are not told.
    """

    report: QuarterReport
    law_of: Mapping[int, int]
    held: Held
    numbers: dict[Key, Number] = field(default_factory=dict)
    sums: list[Sum[Key]] = field(default_factory=list)
    told: QuarterReport = field(init=False)

    def __post_init__(self) -> None:
        self.told = _without_unsplit(self.report, self.held)

    @property
    def _now(self) -> Quarter:
        return self.report.now.span.quarter

    def count(self, known: Mapping[Key, Number]) -> None:
        """Fill in the numbers and sums.

        Args:
            known: those of the quarters before.
        """
        now = self.told.now
        for figure, count in now.counts.items():
            whole = self._add(place_of(figure), count.total, limit=0)
            for dimension, sides in count.by.items():
                if sides:
                    parts = [
                        self._add(place_of(figure, dimension, side), each, limit=0 if [*sides] == [None] else LIMIT)
                        for side, each in sides.items()
                    ]
                    self.sums.append(Sum.of(whole, parts))
            self._provisions(figure)
        self._mix()
        self._balances(known)
        for clock, late in now.late.items():
            for what, amount in (
                (places.STOPPED, late.stopped),
                (places.STOPPED_LATE, late.stopped_late),
                (places.RUNNING_LATE, late.running_late),
            ):
                self._add(places.clock(clock, what), amount, limit=0)
        for name, duration in ((places.GROSS, now.gross), (places.NET, now.net)):
            self._add(places.duration(name), duration.cases)
        for place, amount in (*self._after(), *self._beside()):
            self._add(place, amount)
        self._clocks()
        self._second_looks()
        self._waits(known)
        for place, amount in self._guides():
            self._add(place, amount, limit=0)
        parts = [
            self._add(place, each, limit=0)
            for place, each in ((places.OWED_IN_TIME, now.owed.in_time), (places.SILENT, now.owed.silent))
        ]
        self.sums.append(Sum.of(self._add(places.OWED, now.owed.owed, limit=0), parts))
        self._add(places.MUNICIPALITIES, now.municipalities, limit=0)
        for rule in self.report.pressing:
            named = rule.law_id, rule.provision_id, rule.article
            self._add(places.pressing(*named), rule.cases)
            self._add(places.pressing(*named, municipalities=True), rule.municipalities)

    def _add(self, place: str, amount: int, *, limit: int = LIMIT) -> Key:
        key = (self._now, place)
        told = Told.NEW if limit else Told.SHOWN
        self.numbers[key] = Number(amount, limit, told)
        return key

    def _clocks(self) -> None:
        """How often the clocks stopped that a closed case has behind it tells what ended another way, and that of
        second looks how those ended: it is hidden where a small number would follow.

        A reader is taken to know what else these counts hold, so that it protects nothing.
        """
        ends = [
            (Dimension.RESULT, (Result.WITHDRAWN, Result.ANSWERED_BY_GUIDE, Result.LINKED_TO_BOTTLENECK)),
            (Dimension.VERDICT, (Verdict.UNDECIDED, None)),
        ]
        handled = self._key(Figure.HANDLED.value)
        for clock in (Clock.K2, Clock.K4, Clock.K5, Clock.CLOSING, Clock.K8):
            late = self.told.now.late.get(clock)
            if late is None:
                continue
            stopped, too_late, in_time = (
                self._key(places.clock(clock, what)) for what in (places.STOPPED, places.STOPPED_LATE, "rest op tijd")
            )
            self.numbers[stopped] = Number(late.stopped, limit=0)
            self.numbers[too_late] = Number(late.stopped_late, limit=0)
            self.numbers[in_time] = Number(late.stopped - late.stopped_late, limit=0, told=Told.NEVER)
            self.sums.append(Sum.of(stopped, [too_late, in_time]))
            if clock is Clock.K8:
                self._known_rest(stopped, [self._key(places.second_look(each)) for each in SecondLookOutcome])
                continue
            for dimension, sides in ends:
                others = [self._key(place_of(Figure.HANDLED, dimension, side)) for side in sides]
                if self.told.now.counts[Figure.HANDLED].by.get(dimension):
                    self._known_rest(handled, [stopped, *others], f"{clock}, {dimension}")

    def _known_rest(self, whole: Key, parts: Iterable[Key], name: str = "") -> None:
        """A number of its parts, and of a rest that the reader is taken to know."""
        there = [part for part in parts if part in self.numbers]
        rest = self._key(f"rest van {whole[1]}{name and ', '}{name}")
        amount = self.numbers[whole].amount - sum(self.numbers[part].amount for part in there)
        self.numbers[rest] = Number(amount, limit=0, told=Told.SHOWN)
        self.sums.append(Sum.of(whole, [*there, rest]))

    def _second_looks(self) -> None:
        """A case opens again by a second look that changes something: how often that was, is always told."""
        self._known_rest(self._key(places.REOPENED), map(self._key, _CHANGED))

    def _waits(self, known: Mapping[Key, Number]) -> None:
        """What follows on something else comes no more often than that did: an outcome on a second look, its effect on
        an outcome, an answer on a question."""
        after = self.report.after
        outcomes = [places.second_look(each) for each in SecondLookOutcome]
        self._wait("heroverweging", known, [places.SECOND_LOOK_ASKED, places.SECOND_LOOK_BEGUN], outcomes)
        self._wait("gevolg", known, _CHANGED, [places.effect(each) for each in after.effects or {}])
        for months in sorted({*after.questions, *(each for each, _answer in after.answers)}):
            answers = [places.aftercare(months, each) for each in AftercareAnswer]
            self._wait(f"nazorg {months}", known, [places.aftercare_asked(months)], answers)
        for id_ in self.report.now.consulted:
            ended = [places.questions(id_, what) for what in (places.IN_TIME, places.LATE, places.NO_ANSWER)]
            self._wait(f"raadpleging {id_}", known, [places.questions(id_, places.ASKED)], ended)

    def _wait(self, name: str, known: Mapping[Key, Number], came: Iterable[str], went: Iterable[str]) -> None:
        """How many wait at the end of the quarter, which no form tells, and which is never less than none."""
        more, less = ([key for place in some if (key := self._key(place)) in self.numbers] for some in (came, went))
        place = f"rest wacht op {name}"
        last = max((key for key in known if key[1] == place), default=None)
        waits = known[last].amount if last else 0
        waits += sum(self.numbers[key].amount for key in more) - sum(self.numbers[key].amount for key in less)
        unknown = self._key(f"{place}, van eerder")  # what began where nothing was counted yet
        self.numbers[unknown] = Number(max(0, -waits), limit=0, told=Told.SHOWN)
        end = self._key(place)
        self.numbers[end] = Number(max(0, waits), limit=0, told=Told.NEVER)
        self.sums.append(Sum.of(end, [*([last] if last else []), unknown, *more], less))

    def _balances(self, known: Mapping[Key, Number]) -> None:
        """What was open, with what came and without what went, is what is open: as a whole and of each side.

        What opened again counts as known, of a side too: who reads along may know it.
        """
        last: QuarterCount = self.report.quarters[-1]
        again = self._add(places.REOPENED, last.reopened, limit=0)
        no_end = self._add(places.NO_END, last.no_end, limit=0)
        before = self._now.previous()
        is_first = (before, Figure.OPEN.value) not in known
        if not is_first:
            self._balance("", known, [again], [no_end])
        for dimension in TOGETHER:
            if (self._now, dimension) in self.held:
                continue
            sides = {side: None for figure in Figure for side in self.report.now.counts[figure].by[dimension]}
            sides |= dict.fromkeys(self.report.before.counts[Figure.OPEN].by[dimension])
            splits = {f", {dimension.value} {NO_SIDE if side is None else side}": side for side in sides}
            self._stand(dimension, splits, known, is_first=is_first)
            for split in splits:
                self._balance(split, known, [], [])
            since = self._last_split(dimension)
            begin = f"{Figure.OPEN.value}, {dimension.value} "
            stood = [place for each, place in known if each == since and place.startswith(begin)]
            if since != before and stood:  # what flowed in between is the difference of two stocks that are told
                more = dict.fromkeys(place.removeprefix(Figure.OPEN.value) for place in stood)
                for split in {**splits, **more}:
                    self._balance(split, known, [], [], since=since)

    def _stand(
        self, dimension: Dimension, splits: Mapping[str, Any], known: Mapping[Key, Number], *, is_first: bool
    ) -> None:
        """What came, went and stood open by side where no edition tells it. Each tells the others, and adds up to what
        is told as a whole.

        Before the first quarter of the desk itself there is only history, of which everything is told.
        """
        before, open_ = self._now.previous(), Figure.OPEN.value
        earlier = self.report.before.counts[Figure.OPEN]
        for figure, count in self.report.now.counts.items():
            if count.by[dimension] and not self.told.now.counts[figure].by[dimension]:
                self._hide(f"{UNTOLD} {figure.value}", (self._now, figure.value), dimension, count, splits)
        if is_first:
            for split, side in splits.items():
                amount = earlier.by[dimension].get(side, 0)
                self.numbers[self._now, BEGIN + split] = Number(amount, limit=0, told=Told.SHOWN)
        elif not any(
            each == before and place.removeprefix(f"{UNTOLD} ").startswith(f"{open_}, {dimension.value} ")
            for each, place in known
        ):
            self._hide(BEGIN, (before, open_), dimension, earlier, splits)

    def _hide(self, place: str, whole: Key, dimension: Dimension, count: Count, splits: Mapping[str, Any]) -> None:
        """Numbers by side that no form tells, none of them either, and that others may add up to."""
        sides = count.by[dimension]
        limit = 0 if [*sides] == [None] else LIMIT
        for split, side in splits.items():
            self.numbers[self._now, place + split] = Number(sides.get(side, 0), limit, told=Told.TABLE)
        if sum(sides.values()) == count.total and len(splits) > 1:
            self.sums.append(Sum.of(whole, [(self._now, place + split) for split in splits]))
        if dimension is Dimension.PROVISION:
            self._hide_laws(place, splits)

    def _last_split(self, dimension: Dimension) -> Quarter:
        """The last quarter before this one whose split was told."""
        quarter = self._now.previous()
        while (quarter, dimension) in self.held:
            quarter = quarter.previous()
        return quarter

    def _hide_laws(self, place: str, splits: Mapping[str, Any]) -> None:
        """The same of provisions: those of a law are no more than the law."""
        for law_id in sorted(set(self.law_of.values())):
            law = self._now, f"{place}, {Dimension.LAW.value} {law_id}"
            parts = [(self._now, place + split) for split, side in splits.items() if self.law_of.get(side) == law_id]
            if law in self.numbers and parts:
                rest = self._now, f"{place}, wet {law_id} zonder bepaling"
                amount = self.numbers[law].amount - sum(self.numbers[part].amount for part in parts)
                self.numbers[rest] = Number(amount, limit=0, told=Told.NEVER)
                self.sums.append(Sum.of(law, [*parts, rest]))

    def _balance(
        self,
        split: str,
        known: Mapping[Key, Number],
        more: list[Key],
        less: list[Key],
        *,
        since: Quarter | None = None,
    ) -> None:
        """One balance; ``since``: the quarter at whose end it begins, when that is not the one before. What flowed in
        between is told by nothing else."""
        before = self._now.previous()
        there = {**known, **self.numbers}
        end, received, handled = (
            untold if (untold := (self._now, f"{UNTOLD} {figure.value}{split}")) in there
            else (self._now, figure.value + split)
            for figure in (Figure.OPEN, Figure.RECEIVED, Figure.HANDLED)
        )  # fmt: skip
        stood = Figure.OPEN.value + split
        begins = [(since or before, stood)]
        if since is None:
            begins += [(self._now, BEGIN + split), (before, f"{UNTOLD} {stood}")]

        def amount(key: Key) -> int:
            return there[key].amount if key in there else 0

        parts = [key for key in (*begins, received, *more) if key in there]
        minus = [key for key in (handled, *less) if key in there]
        rest = amount(end) - sum(map(amount, parts)) + sum(map(amount, minus))
        slack = (self._now, f"rest{' sinds' if since else ''}{split}")
        if since is not None:
            # Who takes one stock from the other has it, so that it is kept as what is small; no form has a mark for it.
            is_few = 0 < abs(rest) < LIMIT and not split.endswith(f" {NO_SIDE}")
            self.numbers[slack] = Number(abs(rest), LIMIT if is_few else 0, told=Told.TABLE if is_few else Told.NEVER)
        else:
            self.numbers[slack] = Number(rest, limit=0, told=Told.SHOWN)
        if end not in there:
            self.numbers[end] = Number(0)
        if since is not None and rest <= 0:
            minus.append(slack)
        else:
            parts.append(slack)
        self.sums.append(Sum.of(end, parts, minus))

    def _provisions(self, figure: Figure) -> None:
        """The provisions of a law, with the cases that name none of them, are the cases of the law."""
        by = self.told.now.counts[figure].by
        provisions = by.get(Dimension.PROVISION, {})
        if not self.law_of or not provisions:
            return
        rests = []
        for law_id, amount in by[Dimension.LAW].items():
            own = [side for side in provisions if side is not None and self.law_of.get(side) == law_id]
            rest = (self._now, f"{figure.value}, wet {law_id} zonder bepaling")
            self.numbers[rest] = Number(amount - sum(provisions[side] for side in own), limit=0, told=Told.NEVER)
            rests.append(rest)
            parts = [self._key(place_of(figure, Dimension.PROVISION, side)) for side in own]
            self.sums.append(Sum.of(self._key(place_of(figure, Dimension.LAW, law_id)), [*parts, rest]))
        if None in provisions:
            self.sums.append(Sum.of(self._key(place_of(figure, Dimension.PROVISION, None)), rests))

    def _mix(self) -> None:
        """Verdicts that can be bridged, and actual ones, are told together too."""
        verdicts = self.told.now.counts[Figure.HANDLED].by[Dimension.VERDICT]
        for place, group in ((places.BRIDGEABLE, BRIDGEABLE_VERDICTS), (places.ACTUAL, ACTUAL_VERDICTS)):
            found = [each for each in verdicts if each in group]
            if found:
                whole = self._add(place, sum(verdicts[each] for each in found))
                self.sums.append(
                    Sum.of(whole, [self._key(place_of(Figure.HANDLED, Dimension.VERDICT, each)) for each in found])
                )

    def _key(self, place: str) -> Key:
        return self._now, place

    def _beside(self) -> Iterator[tuple[str, int]]:
        for id_, each in self.report.now.consulted.items():
            parts = {places.IN_TIME: each.in_time, places.LATE: each.late, places.NO_ANSWER: each.no_answer}
            yield places.questions(id_, places.ASKED), each.asked
            yield places.questions(id_, places.ENDED), each.ended
            yield from ((places.questions(id_, what), count) for what, count in parts.items())
            keys = [self._key(places.questions(id_, what)) for what in parts]
            self.sums.append(Sum.of(self._key(places.questions(id_, places.ENDED)), keys))
        yield places.GUIDES_ANSWERED, self.report.beside.guides.answered

    def _guides(self) -> Iterator[tuple[str, int]]:
        """What municipalities do with a guide is small too, and told: each says so in public, under its own name."""
        guides = self.report.beside.guides
        yield places.GUIDES_CLAIMED, guides.claimed
        yield from ((places.guide_use(outcome), number) for outcome, number in guides.outcomes.items())

    def _after(self) -> Iterator[tuple[str, int]]:
        after = self.report.after
        yield places.SECOND_LOOK_ASKED, after.asked
        yield places.SECOND_LOOK_BEGUN, after.begun_by_head
        yield places.SECOND_LOOK_UNASKED, after.unasked
        yield from ((places.second_look(outcome), each) for outcome, each in after.outcomes.items())
        yield from ((places.effect(effect), each) for effect, each in (after.effects or {}).items())
        yield from ((places.aftercare_asked(months), each) for months, each in after.questions.items())
        yield from ((places.aftercare(months, answer), each) for (months, answer), each in after.answers.items())
