"""The numbers of quarters as the public sees them: no quarter, table or sum over time tells a hidden one."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.places import place_of
from knelpunt.domain.figures.small_numbers import Mark, Number, Protected, Sum, Told
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.queries.figures import public_numbers as public
from knelpunt.queries.figures.afterwards import Afterwards
from knelpunt.queries.figures.beside import GuideUse
from knelpunt.queries.figures.counts import Count, Duration, QuarterFigures, Span
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.public_numbers import UNTOLD, PublicNumbers, public_numbers
from knelpunt.queries.figures.series import QuarterCount
from tests.unit.figures.test_small_numbers import solved

NOTHING = Afterwards(0, 0, 0, {}, {}, {})
FIRST = Quarter(2026, 1)
LAW_OF = {law * 10 + each: law for law in (1, 2, 3) for each in (0, 1)}


def reports_of(seed: int, quarters: int, cases: int) -> list[QuarterReport]:
    """Quarters in which cases came in and went out, with their sides, as the ledger adds them up."""
    chance, of_places = random.Random(seed), random.Random(f"plaatsen {seed}")
    stock: list[dict] = []
    reports, counts, quarter = [], [], FIRST
    before: QuarterFigures | None = None
    for _ in range(quarters):
        came = [
            {
                Dimension.LAW: chance.choice([None, 1, 1, 2, 3]),
                Dimension.PROVISION: None,
                Dimension.THEME: chance.choice(list(Theme)[:5]),
                Dimension.PROVINCE: chance.randint(1, 6),
                Dimension.URBANITY: of_places.choice([None, *Urbanity]),
                Dimension.SUBMITTER: chance.choice(list(SubmitterKind)[:4]),
            }
            for _ in range(chance.randint(1, cases))
        ]
        for case in came:
            case[Dimension.PROVISION] = case[Dimension.LAW] and chance.choice(
                [None, case[Dimension.LAW] * 10, case[Dimension.LAW] * 10 + 1]
            )
        stock += came
        chance.shuffle(stock)
        size = chance.randint(0, len(stock) - 1)
        gone, stock = stock[:size], stock[size:]
        ends = [
            {Dimension.VERDICT: chance.choice(list(Verdict)[1:5]), Dimension.RESULT: chance.choice(list(Result)[:4])}
            for _ in gone
        ]
        sets = {
            Figure.RECEIVED: came,
            Figure.HANDLED: [{**case, **end} for case, end in zip(gone, ends, strict=True)],
            Figure.OPEN: list(stock),
        }
        now = QuarterFigures(
            Span.of(quarter, quarter.last_day),
            {
                figure: Count(
                    len(members),
                    {
                        side: dict(Counter(each[side] for each in members))
                        for side in Dimension
                        if figure is Figure.HANDLED or side not in (Dimension.VERDICT, Dimension.RESULT)
                    },
                )
                for figure, members in sets.items()
            },
            Duration(len(gone), 3.0, 9.0),
            Duration(len(gone), 3.0, 9.0),
            {},
        )
        counts.append(QuarterCount(quarter, len(came), len(gone), len(stock)))
        reports.append(QuarterReport(now, before or without_cases(now), list(counts), [], {}, NOTHING, NOTHING))
        before, quarter = now, quarter.next()
    return reports


def without_cases(figures: QuarterFigures) -> QuarterFigures:
    """The same quarter, had nothing come in yet."""
    counts = {figure: Count(0, {dimension: {} for dimension in each.by}) for figure, each in figures.counts.items()}
    return replace(figures, counts=counts)


def followed(truth: list[QuarterReport], result: PublicNumbers) -> set[tuple[Quarter, str]]:
    """The small numbers by side that follow from all that is told of quarters, as a reader adds and takes away. Counted
    from the cases themselves, and not from what the weighing thinks that hangs together."""
    found = set()
    alone = [(each,) for each in public.TOGETHER if each not in (Dimension.LAW, Dimension.PROVISION)]
    for group in ((Dimension.LAW, Dimension.PROVISION), *alone):
        numbers: dict[tuple[Quarter, str], Number] = {}
        marks: dict[tuple[Quarter, str], Mark] = {}
        sums: list[Sum[tuple[Quarter, str]]] = []

        def put(key, amount, limit, is_told, *, numbers=numbers, marks=marks) -> None:
            numbers[key] = Number(amount, limit)
            mark = result.marks.get(key)
            if mark or not is_told:
                marks[key] = mark or Mark.TABLE

        for number, report in enumerate(truth):
            quarter = report.now.span.quarter
            for dimension in group:
                sides = {
                    side: None for each in truth for count in each.now.counts.values() for side in count.by[dimension]
                }
                for figure, count in report.now.counts.items():
                    keys = {side: (quarter, place_of(figure, dimension, side)) for side in sides}
                    is_told = not count.total or any(
                        key in result.numbers and result.marks.get(key) is not Mark.TABLE for key in keys.values()
                    )
                    for side, key in keys.items():
                        put(
                            key, count.by[dimension].get(side, 0), 0 if [*count.by[dimension]] == [None] else 5, is_told
                        )
                    numbers[quarter, figure] = Number(count.total, limit=0)
                    sums.append(Sum.of((quarter, figure.value), keys.values()))
                    if dimension is Dimension.PROVISION:
                        for law in set(LAW_OF.values()):
                            own = [key for side, key in keys.items() if LAW_OF.get(side) == law]
                            whole, rest = (
                                (quarter, place_of(figure, Dimension.LAW, law)),
                                (quarter, f"rest {figure} {law}"),
                            )
                            if own and whole in numbers:
                                amount = numbers[whole].amount - sum(numbers[key].amount for key in own)
                                numbers[rest], marks[rest] = Number(amount, limit=0), Mark.TABLE
                                sums.append(Sum.of(whole, [*own, rest]))
                for side in sides:
                    stood = [(quarter.previous(), place_of(Figure.OPEN, dimension, side))] if number else []
                    came, went, open_ = (
                        (quarter, place_of(each, dimension, side))
                        for each in (Figure.RECEIVED, Figure.HANDLED, Figure.OPEN)
                    )
                    sums.append(Sum.of(open_, [*stood, came], [went]))
        assert all(not sum(numbers[key].amount * times for key, times in each.times.items()) for each in sums)
        found |= solved(numbers, sums, Protected(marks, ()))
    return found


def told(result: PublicNumbers, quarter: Quarter, place: str) -> int | Mark:
    """A number as the public sees it."""
    return result.mark(quarter, place) or result.numbers[quarter, place]


@pytest.mark.parametrize(("seed", "cases"), [(1, 4), (7, 12), (4, 90), (8, 12)])
def test_what_is_hidden_cannot_be_solved_from_all_quarters_together(seed, cases, monkeypatch):
    assert_not_solved(reports_of(seed, 3, cases), monkeypatch)


@pytest.mark.parametrize(("seed", "cases"), [(1, 4), (7, 12), (4, 90), (8, 12)])
def test_a_split_that_came_later_tells_nothing_of_the_quarters_before_it(seed, cases, monkeypatch):
    """Quarters that were sealed by older rules have no split by urbanity; those after them do."""
    first, *later = reports_of(seed, 4, cases)
    counts = first.now.counts
    older = {figure: replace(count, by={**count.by, Dimension.URBANITY: {}}) for figure, count in counts.items()}
    first = replace(first, now=replace(first.now, counts=older))

    result = assert_not_solved([first, *later], monkeypatch)

    quarters = {quarter for quarter, place in {**result.numbers, **result.marks} if ", stedelijkheid " in place}
    assert quarters == {each.now.span.quarter for each in later}
    before = public_numbers([first], law_of=LAW_OF)
    assert before.marks.items() <= result.marks.items()
    assert {key for key in result.marks if key[0] == first.now.span.quarter} == set(before.marks)


def assert_not_solved(reports: list[QuarterReport], monkeypatch: pytest.MonkeyPatch) -> PublicNumbers:
    tried = []
    publish = public.Publications.publish

    def kept(self, numbers, more, **options):
        tried.append(self)
        return publish(self, numbers, more, **options)

    monkeypatch.setattr(public.Publications, "publish", kept)
    public._weighed.cache_clear()

    result = public_numbers(reports, law_of=LAW_OF)

    known, sums = tried[-1].numbers, tried[-1].sums
    marks = Protected({key: mark for key, mark in result.marks.items() if key in known}, ())
    fresh = {key: Number(each.amount, each.limit, Told.NEW) if each.told is not Told.NEVER else each
             for key, each in known.items()}  # fmt: skip
    assert result.marks
    assert result.exposed == ()
    assert not solved(fresh, sums, marks)
    small = [key for key, each in known.items() if each.limit and 0 < each.amount < each.limit]
    assert small
    assert set(small) <= set(result.marks)
    return result


@pytest.mark.parametrize("cases", [3, 6, 12, 40, 120])
@pytest.mark.parametrize("seed", range(40, 46))
def test_nobody_works_out_a_small_side_from_all_quarters_by_adding_and_taking_away(seed, cases):
    """Also what was open by side at the end of a quarter that did not tell it."""
    reports = reports_of(seed, 4, cases)

    result = public_numbers(reports, law_of=LAW_OF)

    assert result.exposed == ()
    assert followed(reports, result) == set()


def test_the_attacker_finds_what_was_open_in_a_quarter_that_did_not_tell_it():
    """As an edition that tells all that is large, and no more, would."""
    found = 0
    for seed in range(1, 12):
        reports = reports_of(seed, 3, 12)
        numbers = {
            (report.now.span.quarter, place_of(figure, dimension, side)): amount
            for report in reports[::2]
            for figure, count in report.now.counts.items()
            for dimension, sides in count.by.items()
            for side, amount in sides.items()
        }
        marks = {key: Mark.FEW for key, amount in numbers.items() if amount < 5}
        given = followed(reports, PublicNumbers(numbers, marks, ()))
        found += any(quarter == reports[1].now.span.quarter for quarter, _place in given)
    assert found


def test_what_went_is_not_told_by_what_was_open_before_and_after():
    """Of a small figure no split is told: nor is it the difference of two stocks that are."""
    first, second = reports_of(11, 2, 60)
    counts = second.now.counts
    few = Count(3, {dimension: {} for dimension in counts[Figure.HANDLED].by})
    opened = {
        dimension: dict(Counter(first.now.counts[Figure.OPEN].by[dimension]) + Counter(came))
        for dimension, came in counts[Figure.RECEIVED].by.items()
    }
    side = next(side for side, amount in opened[Dimension.THEME].items() if amount > 8)
    for dimension, sides in opened.items():
        gone = side if dimension is Dimension.THEME else next(each for each, amount in sides.items() if amount > 8)
        sides[gone] -= 3
    total = sum(opened[Dimension.THEME].values())
    now = replace(second.now, counts={**counts, Figure.HANDLED: few, Figure.OPEN: Count(total, opened)})
    last = QuarterCount(second.now.span.quarter, counts[Figure.RECEIVED].total, 3, total)

    result = public_numbers([first, replace(second, now=now, quarters=[first.quarters[-1], last])])

    quarter = second.now.span.quarter
    stocks = [
        told(result, each, place_of(Figure.OPEN, Dimension.THEME, side)) for each in (quarter.previous(), quarter)
    ]
    came = told(result, quarter, place_of(Figure.RECEIVED, Dimension.THEME, side))
    assert result.exposed == ()
    assert not all(isinstance(each, int) for each in (*stocks, came))


def test_what_flowed_in_a_quarter_that_is_not_split_is_not_the_difference_of_the_stocks_beside_it():
    """Of the second quarter nothing is told by theme; three cases of one theme came in it, and none of it after."""
    reports = reports_of(11, 3, 60)
    hidden, theme = (reports[1].now.span.quarter, Dimension.THEME), next(iter(Theme))
    stocks = [dict.fromkeys(list(Theme)[:5], 40) for _ in reports]
    for later in stocks[1:]:
        later[theme] = 43
    changed = []
    for report, stock in zip(reports, stocks, strict=True):
        counts = {
            figure: replace(count, by={**count.by, Dimension.THEME: stock if figure is Figure.OPEN else {}})
            for figure, count in report.now.counts.items()
        }
        counts[Figure.OPEN] = replace(counts[Figure.OPEN], total=sum(stock.values()))
        for flow in (Figure.RECEIVED, Figure.HANDLED):
            counts[flow] = Count(0, {dimension: {} for dimension in counts[flow].by})
        changed.append(replace(report, now=replace(report.now, counts=counts)))
    stood = place_of(Figure.OPEN, Dimension.THEME, theme)
    assert told(public_numbers(changed[:1]), FIRST, stood) == 40

    held = public._Quarter(changed[2], {}, {hidden})
    totals = [(each.now.span.quarter, place_of(Figure.OPEN)) for each in changed[:2]]
    held.count({**dict.fromkeys(totals, Number(203)), (FIRST, stood): Number(40)})
    slack = held.numbers[changed[2].now.span.quarter, f"rest sinds, thema {theme}"]
    assert (slack.amount, slack.told) == (3, Told.TABLE)


def test_a_split_that_gives_a_small_number_away_is_not_told_at_all():
    held = 0
    for seed in range(1, 30):
        reports = reports_of(seed, 3, 12)
        result = public_numbers(reports, law_of=LAW_OF)
        history = tuple(public._Sealed(report, None) for report in reports)
        assert result.exposed == ()
        for quarter, dimension in public._weighed(history, frozenset(LAW_OF.items())).held:
            (report,) = (each for each in reports if each.now.span.quarter == quarter)
            for figure, count in report.now.counts.items():
                marks = {
                    result.mark(quarter, place_of(figure, dimension, side)) for side in count.by.get(dimension, {})
                }
                held += bool(marks)
                assert marks <= {Mark.TABLE}
    assert held


def test_most_of_what_is_large_is_told():
    result = public_numbers(reports_of(5, 4, 300))

    large = [key for key, amount in result.numbers.items() if amount >= 5]
    assert len([key for key in large if key in result.marks]) < len(large) / 4


def test_a_later_quarter_changes_nothing_of_what_was_published():
    reports = reports_of(6, 3, 40)
    early, late = public_numbers(reports[:2]), public_numbers(reports)

    assert {key: told(late, *key) for key in early.numbers} == {key: told(early, *key) for key in early.numbers}


def test_a_place_says_a_number_or_the_mark_in_its_place_and_an_unknown_one_nothing():
    (report,) = reports_of(7, 1, 30)
    result = public_numbers([report])

    assert told(result, FIRST, place_of(Figure.RECEIVED)) == report.now.counts[Figure.RECEIVED].total
    assert any(result.mark(*key) is Mark.FEW for key in result.marks)
    with pytest.raises(LookupError):
        result.mark(FIRST, "ontvangen, wet 99")
    assert report.now.span.until <= date(2026, 3, 31)


def test_quarters_one_by_one_are_told_as_all_at_once() -> None:
    reports = reports_of(5, 4, 40)

    for count in range(1, len(reports) + 1):
        one_by_one = public_numbers(reports[:count], law_of=LAW_OF)
    public._weighed.cache_clear()
    at_once = public_numbers(reports, law_of=LAW_OF)

    assert one_by_one == at_once
    assert one_by_one.marks


def test_other_quarters_in_between_change_nothing() -> None:
    ours, others = reports_of(5, 3, 40), reports_of(6, 3, 40)
    first = public_numbers(ours, law_of=LAW_OF)

    public_numbers(others, law_of=LAW_OF)
    public_numbers(ours[:2], law_of={})

    assert public_numbers(ours, law_of=LAW_OF) == first


def test_an_earlier_quarter_in_between_costs_nothing(monkeypatch):
    reports = reports_of(5, 3, 40)
    weighed = []
    with_one_more = public._Weighed.with_one_more

    def counted(self, report):
        weighed.append(report.now.span.quarter)
        return with_one_more(self, report)

    monkeypatch.setattr(public._Weighed, "with_one_more", counted)
    public._weighed.cache_clear()
    for count in (2, 1, 2, 3, 1, 3):
        public_numbers(reports[:count], law_of=LAW_OF)

    assert weighed == [report.now.span.quarter for report in reports]


def told_of(result: PublicNumbers, quarter: Quarter) -> dict[str, Told]:
    """How an edition with these marks tells each place of a quarter; what there is none of it need not name."""
    return {
        place: Told(mark) if (mark := result.marks.get((of, place))) else Told.SHOWN
        for of, place in {**result.numbers, **result.marks}
        if of == quarter and not place.startswith("rest") and not place.endswith("zonder bepaling")
        if result.numbers.get((of, place)) != 0
    }


def with_another_hidden(report: QuarterReport, told: dict[str, Told]) -> dict[str, Told]:
    """The same of an edition that kept another large theme of what is open back, beside the small one."""
    sides = [
        place_of(Figure.OPEN, Dimension.THEME, side) for side in report.now.counts[Figure.OPEN].by[Dimension.THEME]
    ]
    (hidden,) = (each for each in sides if told[each] is Told.KEPT_BACK)
    shown = next(each for each in reversed(sides) if told[each] is Told.SHOWN)
    return {**told, hidden: Told.SHOWN, shown: Told.KEPT_BACK}


def solved_beside(reports, told: dict[str, Told], result: PublicNumbers, monkeypatch) -> set:
    """What can be solved of two quarters, of which the first is told so and the second as in the result."""
    tried = []
    publish = public.Publications.publish

    def kept(self, numbers, more, **options):
        tried.append(self)
        return publish(self, numbers, more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(public.Publications, "publish", kept)
        public._weighed.cache_clear()
        public_numbers(reports, law_of=LAW_OF, kept={FIRST: told})
    known = tried[-1].numbers
    marks = {
        **{key: mark for key, mark in result.marks.items() if key[0] != FIRST},
        **{(FIRST, place): Mark(each.value) for place, each in told.items() if each is not Told.SHOWN},
    }
    untold = {key for key, each in known.items() if each.told is Told.NEVER or key[1].startswith(UNTOLD)}
    fresh = {key: Number(each.amount, each.limit, Told.NEVER if key in untold else Told.NEW)
             for key, each in known.items()}  # fmt: skip
    return solved(fresh, tried[-1].sums, Protected({key: each for key, each in marks.items() if key in known}, ()))


SEEDS = range(1, 60)


def test_a_quarter_is_weighed_against_what_the_edition_before_it_told(monkeypatch):
    """The first edition hid another number than would be hidden today."""
    given_away = 0
    for seed in SEEDS:
        reports = reports_of(seed, 2, 60)
        today = public_numbers(reports, law_of=LAW_OF)
        try:
            told = with_another_hidden(reports[0], told_of(today, FIRST))
        except (ValueError, KeyError, StopIteration):
            continue

        result = public_numbers(reports, law_of=LAW_OF, kept={FIRST: told})

        assert told_of(result, FIRST) == told
        assert result.exposed == ()
        by_itself = public._weighed((public._Sealed(reports[0], told),), frozenset(LAW_OF.items())).given_away
        assert solved_beside(reports, told, result, monkeypatch) <= by_itself
        given_away += bool(solved_beside(reports, told, today, monkeypatch) - by_itself)
    assert given_away, "what is weighed against the marks of today gives nothing away, so that this shows nothing"


@pytest.mark.parametrize("seed", [5, 6, 8, 11])
def test_editions_that_were_kept_stay_as_they_are(seed):
    reports = reports_of(seed, 3, 40)
    plain = public_numbers(reports, law_of=LAW_OF)
    quarters = [report.now.span.quarter for report in reports]
    kept = {quarter: told_of(plain, quarter) for quarter in quarters[:2]}

    result = public_numbers(reports, law_of=LAW_OF, kept=kept)

    assert result.exposed == ()
    assert {quarter: told_of(result, quarter) for quarter in kept} == kept


def test_what_a_kept_edition_gives_away_does_not_end_every_later_one():
    reports = reports_of(5, 2, 40)
    told = told_of(public_numbers(reports[:1], law_of=LAW_OF), FIRST)
    counts = reports[0].now.counts[Figure.RECEIVED].by[Dimension.PROVINCE]
    hidden = [place_of(Figure.RECEIVED, Dimension.PROVINCE, side) for side in counts]
    small = next(place for place in hidden if told[place] is Told.FEW)
    told |= {place: Told.SHOWN for place in hidden if place != small}

    result = public_numbers(reports, law_of=LAW_OF, kept={FIRST: told})

    assert (FIRST, small) in public._weighed(
        (public._Sealed(reports[0], told),), frozenset(LAW_OF.items())
    ).result.exposed
    assert result.exposed == ()
    assert public_numbers(reports[:1], law_of=LAW_OF, kept={FIRST: told}).exposed == ()


def test_what_an_edition_hid_of_guides_is_still_hidden_now_that_it_is_told():
    (report,) = reports_of(5, 1, 40)
    report = replace(report, beside=replace(report.beside, guides=GuideUse(0, 2, {})))
    told = told_of(public_numbers([report]), FIRST)
    assert told[places.GUIDES_CLAIMED] is Told.SHOWN

    result = public_numbers([report], kept={FIRST: {**told, places.GUIDES_CLAIMED: Told.FEW}})

    assert result.mark(FIRST, places.GUIDES_CLAIMED) is Mark.FEW
    assert result.exposed == ()


def test_a_column_that_an_edition_left_out_is_known_to_nobody():
    """Of one figure no theme was told, of the others all were."""
    (report,) = reports_of(5, 1, 300)
    told = told_of(public_numbers([report]), FIRST)
    begin = f"{Figure.OPEN}, {Dimension.THEME} "
    without = {place: each for place, each in told.items() if not place.startswith(begin)}
    assert len(without) < len(told)

    result = public_numbers([report], kept={FIRST: without})

    marks = {key[1]: mark for key, mark in result.marks.items() if key[1].startswith(begin)}
    assert set(marks.values()) == {Mark.TABLE}
    assert len(marks) == len(told) - len(without)
