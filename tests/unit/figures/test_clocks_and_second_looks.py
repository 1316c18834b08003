"""What is hidden of how cases ended and of second looks is told by no clock, no effect and no quarter beside it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.edition import CLOCKS, Adds, Column, Edition, Row, Table
from knelpunt.domain.figures.ledger import TIMED_CLOCKS, Effect
from knelpunt.domain.figures.places import place_of
from knelpunt.domain.figures.promises import PROMISES, HowOften
from knelpunt.domain.figures.small_numbers import LIMIT, Mark, is_few
from knelpunt.domain.vocabulary import AftercareAnswer, Result, SecondLookOutcome, Verdict
from knelpunt.queries.figures import public_numbers as public
from knelpunt.queries.figures.afterwards import Afterwards
from knelpunt.queries.figures.counts import Lateness, MinistryAnswers
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.public_numbers import PublicNumbers, public_numbers
from knelpunt.queries.public.promises import Kept
from knelpunt.web.reporting.public.making import protected
from tests.unit.figures.test_public_numbers import LAW_OF, reports_of

Key = tuple[Quarter, str]
Sums = Sequence[tuple[dict[Key, int], bool]]
"""Each with how often every number counts in it; together they are none (True), or at least none."""
ONE: Key = (Quarter(2000, 1), "één")
MOST = 10_000
PROMISED = {promise.clock for promise in PROMISES if promise.clock}
MENDS = ("_clocks", "_second_looks", "_waits")
KEPT, CHANGED, PARTLY = (places.second_look(each) for each in SecondLookOutcome)
WITHDRAWN = place_of(Figure.HANDLED, Dimension.RESULT, Result.WITHDRAWN)
NO_VERDICT = place_of(Figure.HANDLED, Dimension.VERDICT, Verdict.UNDECIDED)
SOLVED = (Result.WITHIN_RULES, Result.WITH_ONTHEFFING)
MINISTRY = 7


def ran_on(seed: int, quarters: int = 3, most: int = 9) -> list[QuarterReport]:
    """Quarters with second looks, what those changed, aftercare, questions to a ministry and clocks."""
    chance, found = random.Random(f"daarna {seed}"), []
    looks = changed = waiting = asked_ministry = 0
    for report in reports_of(seed, quarters, 60):
        asked, begun = chance.randint(0, most), chance.choice([0, 0, 1])
        looks += asked + begun
        outcomes = parts(chance, chance.randint(0, looks), list(SecondLookOutcome))
        looks -= sum(outcomes.values())
        again = outcomes[SecondLookOutcome.CHANGED] + outcomes[SecondLookOutcome.PARTLY]
        changed += again
        effects = parts(chance, chance.randint(0, changed), list(Effect))
        changed -= sum(effects.values())
        questions = chance.randint(0, most)
        waiting += questions
        answers = parts(chance, chance.randint(0, waiting), list(AftercareAnswer))
        waiting -= sum(answers.values())
        ministry = chance.randint(0, most)
        asked_ministry += ministry
        told = parts(chance, chance.randint(0, asked_ministry), ["in_time", "late", "no_answer"])
        asked_ministry -= sum(told.values())
        handled = report.now.counts[Figure.HANDLED]
        gone = min(handled.total, chance.randint(0, 6))
        closed = handled.total - gone
        first = chance.randint(0, closed)
        results = {SOLVED[0]: first, SOLVED[1]: closed - first, Result.WITHDRAWN: gone}
        verdicts = {Verdict.PERCEIVED: closed - first, Verdict.NATIONAL_RULE: first, Verdict.UNDECIDED: gone}
        by = {
            **handled.by,
            Dimension.RESULT: {side: count for side, count in results.items() if count},
            Dimension.VERDICT: {side: count for side, count in verdicts.items() if count},
        }
        ended = sum(outcomes.values())
        late = {
            Clock.K4: Lateness(closed, chance.choice([0, closed, chance.randint(0, closed)]), 0),
            Clock.K5: Lateness(closed, chance.randint(0, closed), 0),
            Clock.CLOSING: Lateness(closed, chance.randint(0, closed), 0),
            Clock.K8: Lateness(ended, chance.randint(0, ended), 0),
        }
        now = replace(
            report.now,
            counts={**report.now.counts, Figure.HANDLED: replace(handled, by=by)},
            late=late,
            consulted={MINISTRY: MinistryAnswers(ministry, **told)},
        )
        after = Afterwards(
            asked,
            begun,
            0,
            outcomes,
            {3: questions},
            {(3, answer): count for answer, count in answers.items()},
            effects,
        )
        last = replace(report.quarters[-1], reopened=again)
        found.append(replace(report, now=now, after=after, quarters=[*report.quarters[:-1], last]))
    return found


def parts(chance: random.Random, whole: int, names: list) -> dict:
    """A number in parts, the first of which is the largest."""
    found = dict.fromkeys(names, 0)
    for _ in range(whole):
        found[names[0] if chance.random() < 0.6 else chance.choice(names)] += 1
    return found


def worked_out(truth: list[QuarterReport], result: PublicNumbers, more: Sums = ()) -> set[Key]:
    """The small numbers that a reader knows exactly, who adds, takes away and knows what cannot be less than none.

    Args:
        more: what the reader knows beside it.
    """
    ranges: dict[Key, tuple[int, int]] = {}
    sums = [*more]
    before: dict[str, dict[Key, int]] = {}
    ranges[ONE] = 1, 1
    for report in truth:
        quarter, late = report.now.span.quarter, report.now.late
        handled, reopened = ((quarter, place) for place in (Figure.HANDLED.value, places.REOPENED))
        ranges.update((each, seen(result, each)) for each in result.numbers if each[0] == quarter)

        def key(place: str, quarter: Quarter = quarter) -> Key:
            return quarter, place

        def at(*names: str, key=key) -> list[Key]:
            return [key(name) for name in names if key(name) in ranges]

        for clock in late:
            stopped, too_late = key(places.clock(clock, places.STOPPED)), key(places.clock(clock, places.STOPPED_LATE))
            sums.append(({stopped: 1, too_late: -1}, False))
            if clock in PROMISED:
                sums += said_of(late[clock], stopped, too_late, key(places.clock(clock, places.RUNNING_LATE)))
            for other in (WITHDRAWN, NO_VERDICT):
                if clock is not Clock.K8 and at(other):
                    sums.append(({handled: 1, stopped: -1, key(other): -1}, True))
        for dimension in (Dimension.RESULT, Dimension.VERDICT):
            sides = at(*(place_of(Figure.HANDLED, dimension, side) for side in (*Result, *Verdict)))
            if sides:
                sums.append(({handled: 1, **dict.fromkeys(sides, -1)}, True))
        k8 = key(places.clock(Clock.K8, places.STOPPED))
        if k8 in ranges:
            sums.append(({k8: 1, **dict.fromkeys(at(KEPT, CHANGED, PARTLY), -1)}, True))
        sums.append(({reopened: 1, **dict.fromkeys(at(CHANGED, PARTLY), -1)}, True))
        effects, answers = map(places.effect, Effect), (places.aftercare(3, each) for each in AftercareAnswer)
        ended = (places.questions(MINISTRY, each) for each in (places.IN_TIME, places.LATE, places.NO_ANSWER))
        for name, came, went in (
            ("kijken", at(places.SECOND_LOOK_ASKED, places.SECOND_LOOK_BEGUN), at(KEPT, CHANGED, PARTLY)),
            ("gevolg", at(CHANGED, PARTLY), at(*effects)),
            ("nazorg", at(places.aftercare_asked(3)), at(*answers)),
            ("vraag", at(places.questions(MINISTRY, places.ASKED)), at(*ended)),
        ):
            before[name] = {**before.get(name, {}), **dict.fromkeys(came, 1), **dict.fromkeys(went, -1)}
            sums.append((dict(before[name]), False))
    narrow(ranges, sums)
    told = set(result.numbers) - set(result.marks)
    small = {key for key in ranges if key != ONE and is_few(result.numbers[key]) and key not in told}
    return {key for key in small if ranges[key][0] == ranges[key][1]}


def said_of(late: Lateness, stopped: Key, too_late: Key, running: Key) -> list[tuple[dict[Key, int], bool]]:
    """What the word of a promise tells of its clock, also where the page says none: those numbers are hidden too."""
    kept = Kept(late.stopped + late.running_late, late.stopped - late.stopped_late)
    in_time, missed = {stopped: 1, too_late: -1}, {too_late: 1, running: 1}
    more = {stopped: 1, too_late: -2, running: -1}
    match kept.how_often:
        case HowOften.NOT_OWED:
            return [({stopped: 1, running: 1}, True)]
        case HowOften.EVERY_TIME:
            return [(missed, True), ({**in_time, ONE: -1}, False)]
        case HowOften.NEVER:
            return [(in_time, True), ({**missed, ONE: -1}, False)]
    told = [({**in_time, ONE: -1}, False), ({**missed, ONE: -1}, False)]
    if kept.tenths is None:
        is_most = kept.how_often is HowOften.MOSTLY
        return [*told, ({**more, ONE: -1} if is_most else {key: -times for key, times in more.items()}, False)]
    least, most = (
        2 * kept.tenths - 1,
        2 * kept.tenths + 1,
    )  # in twentieths; one in ten is said of less too, nine of more
    if kept.tenths > 1:
        told.append(({stopped: 20 - least, too_late: -20, running: -least}, False))
    if kept.tenths < 9:
        told.append(({stopped: most - 20, too_late: 20, running: most}, False))
    return told


def seen(result: PublicNumbers, key: Key) -> tuple[int, int]:
    """Between which numbers one lies by what stands in its place; its own is never known where no form tells it."""
    match result.marks.get(key):
        case Mark.FEW:
            return 1, LIMIT - 1
        case Mark.KEPT_BACK:
            return 1, MOST
        case Mark.TABLE:
            return 0, MOST
    return result.numbers[key], result.numbers[key]


def narrow(ranges: dict[Key, tuple[int, int]], sums: list[tuple[dict[Key, int], bool]]) -> None:
    """Bring every range down to what all sums leave of it."""
    moved = True
    while moved:
        moved = False
        for times, is_none in sums:
            for key, factor in times.items():
                least, most = others(ranges, times, key)
                low, high = ranges[key]
                if factor > 0:
                    low, high = max(low, -(most // factor)), min(high, -least // factor if is_none else MOST)
                else:
                    low, high = max(low, -(least // factor) if is_none else 0), min(high, most // -factor)
                if (low, high) != ranges[key]:
                    assert low <= high, (key, low, high)
                    ranges[key], moved = (low, high), True


def others(ranges: Mapping[Key, tuple[int, int]], times: Mapping[Key, int], left_out: Key) -> tuple[int, int]:
    """The least and the most that all other numbers of a sum come to."""
    least = most = 0
    for key, factor in times.items():
        if key != left_out:
            low, high = sorted(factor * end for end in ranges[key])
            least, most = least + low, most + high
    return least, most


@pytest.mark.parametrize("most", [5, 9, 25])
@pytest.mark.parametrize("seed", range(6))
def test_nobody_works_out_what_is_hidden_from_clocks_effects_and_the_quarters_beside_it(seed, most):
    truth = ran_on(seed, most=most)

    result = public_numbers(truth, law_of=LAW_OF)

    assert not result.exposed
    assert worked_out(truth, result) == set()


@pytest.mark.parametrize("mend", MENDS)
def test_the_attacker_finds_it_where_they_do_not_hang_together(mend, monkeypatch):
    monkeypatch.setattr(public._Quarter, mend, lambda *_given: None)
    public._weighed.cache_clear()
    found = set()
    for truth in ([one_quarter(NEITHER_ONCE, {}, 6)], *map(ran_on, range(6))):
        found |= worked_out(truth, public_numbers(truth, law_of=LAW_OF))
    public._weighed.cache_clear()
    assert found


def closed_beside_two_withdrawn(late: int, running: int = 0, closed: int | None = None) -> QuarterReport:
    """A quarter of which the clock that closes stopped for all cases but two, so often too late."""
    [report] = reports_of(3, 1, 400)
    handled = report.now.counts[Figure.HANDLED]
    closed = closed or handled.total - 2
    ends = {
        Dimension.RESULT: {SOLVED[0]: closed, Result.WITHDRAWN: 2},
        Dimension.VERDICT: {Verdict.NATIONAL_RULE: closed, Verdict.UNDECIDED: 2},
    }
    by = {each: {} for each in Dimension} | ends if closed + 2 != handled.total else {**handled.by, **ends}
    count = replace(handled, total=closed + 2, by=by)
    clocks = {Clock.CLOSING: Lateness(closed, min(late, closed), running)}
    now = replace(report.now, counts={**report.now.counts, Figure.HANDLED: count}, late=clocks)
    return replace(report, now=now)


@pytest.mark.parametrize(("late", "running"), [(0, 0), (3, 0), (MOST, 0), (MOST, 2)])
@pytest.mark.parametrize("closed", [None, 9, 120])
def test_the_word_of_a_promise_tells_nothing_that_a_clock_hides(late, running, closed):
    truth = [closed_beside_two_withdrawn(late, running, closed)]
    result = public_numbers(truth)

    assert result.mark(truth[0].now.span.quarter, WITHDRAWN) is Mark.FEW
    for what in (places.STOPPED_LATE, places.RUNNING_LATE):
        assert result.mark(truth[0].now.span.quarter, places.clock(Clock.CLOSING, what)) is Mark.TABLE
    assert worked_out(truth, result) == set()


def test_the_attacker_finds_in_the_word_what_is_late_beside_it(monkeypatch):
    monkeypatch.setattr(public, "_late_unknown", lambda *_given: {})
    public._weighed.cache_clear()
    truth = [closed_beside_two_withdrawn(MOST)]
    found = worked_out(truth, public_numbers(truth))
    public._weighed.cache_clear()
    assert (truth[0].now.span.quarter, WITHDRAWN) in found


def one_quarter(after: Afterwards, late: dict[Clock, Lateness], again: int) -> QuarterReport:
    [report] = reports_of(3, 1, 400)
    last = replace(report.quarters[-1], reopened=again)
    return replace(report, after=after, now=replace(report.now, late=late), quarters=[last])


NEITHER_ONCE = Afterwards(
    8, 0, 0,
    {SecondLookOutcome.CHANGED: 6, SecondLookOutcome.PARTLY: 0, SecondLookOutcome.KEPT: 0},
    {}, {},
    {Effect.BOTH: 5, Effect.NEITHER: 1, Effect.VERDICT: 0, Effect.RESULT: 0},
)  # fmt: skip


def test_an_effect_that_changed_nothing_is_not_told_by_the_outcomes_it_follows_from():
    result = public_numbers([one_quarter(NEITHER_ONCE, {}, 6)])

    hidden = {place for _quarter, place in result.marks}
    assert {places.effect(Effect.NEITHER), places.effect(Effect.BOTH)} <= hidden
    assert result.exposed == ()


def test_outcomes_of_second_looks_are_not_told_by_their_clock_nor_by_what_opened_again():
    outcomes = {SecondLookOutcome.CHANGED: 2, SecondLookOutcome.PARTLY: 0, SecondLookOutcome.KEPT: 6}
    after = Afterwards(8, 0, 0, outcomes, {}, {}, None)
    result = public_numbers([one_quarter(after, {Clock.K8: Lateness(8, 2, 0)}, 2)])

    hidden = {place for _quarter, place in result.marks}
    assert {CHANGED, PARTLY, places.clock(Clock.K8, places.STOPPED)} <= hidden, "also that there were none"
    assert result.exposed == ()


def half_told_from_five(truth: list[QuarterReport], result: PublicNumbers) -> Sums:
    """What would follow from telling half of the days of a clock with a hidden count where it stopped five times or
    more: whether it did."""
    return [
        ({key: 1, ONE: -LIMIT} if late.stopped >= LIMIT else {key: -1, ONE: LIMIT - 1}, False)
        for key, late in hidden_runs(truth, result)
    ]


def half_beside_public_cases(truth: list[QuarterReport], result: PublicNumbers) -> Sums:
    """The same where all cases on the fast side of it are public, whose days open data tells: no more than half of the
    runs are among those. That it is told says nothing here."""
    return [({key: 1, ONE: -2 * (late.stopped // 2)}, False) for key, late in hidden_runs(truth, result)]


def hidden_runs(truth: list[QuarterReport], result: PublicNumbers) -> list[tuple[Key, Lateness]]:
    """How often the clocks with days stopped, where that is hidden."""
    runs = [
        ((report.now.span.quarter, places.clock(clock, places.STOPPED)), late)
        for report in truth
        for clock, late in report.now.late.items()
        if clock in TIMED_CLOCKS
    ]
    return [(key, late) for key, late in runs if key in result.marks]


@pytest.mark.parametrize("half", [half_told_from_five, half_beside_public_cases])
def test_half_of_the_days_beside_a_hidden_count_would_tell_what_is_hidden(half):
    """Why decision 18 hides those days with the count: this fails as soon as it tells nothing, and then it can go."""
    found = set()
    for truth in map(ran_on, (9, 10, 29)):
        result = public_numbers(truth, law_of=LAW_OF)
        assert worked_out(truth, result) == set()
        found |= worked_out(truth, result, half(truth, result))
    assert WITHDRAWN in {place for _quarter, place in found}


@pytest.mark.parametrize("stopped", [0, 1, 9])
def test_the_days_of_a_clock_do_not_tell_that_it_never_stopped(stopped):
    report = closed_beside_two_withdrawn(0, closed=9)
    report = replace(report, now=replace(report.now, late={Clock.K4: Lateness(stopped, 0, 0)}))
    quarter = report.now.span.quarter
    columns = (Column("keren", "Keren gestopt"), Column("p50", "Mediaan", Adds.NEVER), Column("termijn", "Termijn"))
    cells = (stopped, 12.5, 42) if stopped else (0, None, None)
    table = Table(CLOCKS, "Looptijd", "", "Klok", columns, (Row(Clock.K4.value, "Voorstel", cells),))
    edition = Edition(str(quarter), "", quarter.first_day, quarter.last_day, (table,))

    told = protected(edition, report, public_numbers([report])).table(CLOCKS)

    assert isinstance(told.cell(Clock.K4, "keren"), Mark)
    assert told.cell(Clock.K4, "p50") is told.cell(Clock.K4, "termijn") is Mark.KEPT_BACK
