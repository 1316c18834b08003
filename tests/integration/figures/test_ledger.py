"""The ledger of the figures: kept by the acts, equal to what the events say, and made again from them."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import TOTAL, FactKind, percentile
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.vocabulary import AftercareAnswer, AssessmentRole, CaseStatus, EventKind, Role
from knelpunt.models import Aftercare, ClockPeriod, FigureFact, FigureTotal, LedgerBuild, Message, MunicipalityUrbanity
from knelpunt.queries.figures.counts import AT_A_GLANCE, BUT_SPLITS, WHOLE, Reading, Span
from knelpunt.queries.figures.ledger import is_built, read_report
from knelpunt.queries.figures.lists import Counted, Part, Pressed, figure_cases
from knelpunt.queries.figures.quarter import all_differences, counted_report, quarter_report
from knelpunt.services.cases import assessments, resolution, triage
from knelpunt.services.core import events
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look
from tests.support.desk import Desk
from tests.support.page import parse_page

START = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(session, make):
    desk = Desk(session, make)
    desk.now = START
    return desk


@pytest.fixture
def of_every_class(session, desk, monkeypatch):
    """Each place that is made is as urban as the next class says, and some are in no list."""
    classes, plain = cycle([None, *Urbanity]), desk.make.municipality

    def municipality(**columns):
        made, urbanity = plain(**columns), next(classes)
        if urbanity is not None:
            desk.make.add(MunicipalityUrbanity(municipality_id=made.id, since=date(2024, 1, 1), urbanity=urbanity))
        return made

    monkeypatch.setattr(desk.make, "municipality", municipality)


def reopen(desk, case):
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")


def name_rule(desk, case, law=None, role=AssessmentRole.BLOCKS):
    provision = desk.make.provision(law or desk.law)
    return assessments.link_provision(
        desk.context(desk.handler), case.reference, case.version, provision.id, role, "Dit houdt het tegen."
    )


def differences(session: Session, desk: Desk) -> list[str]:
    ledger.settle(session)
    return list(all_differences(session, desk.today))


def assert_lists(session: Session, desk: Desk) -> None:
    """The cases behind each number of two quarters are the same ones from facts and from events."""
    quarter = quarter_of(desk.today)
    for each in (quarter, quarter.previous()):
        span = Span.of(each, desk.today)
        for figure, count in read_report(session, span).now.counts.items():
            parts: list[Part] = [Counted(figure)]
            parts += [Counted(figure, dimension, side) for dimension, sides in count.by.items() for side in sides]
            for part in parts:
                told = figure_cases(session, span, part, in_ledger=True)
                assert told == figure_cases(session, span, part), part
        for rule in read_report(session, span).pressing:
            pressed = Pressed(rule.law_id, rule.provision_id, rule.article)
            told = figure_cases(session, span, pressed, in_ledger=True)
            assert told == figure_cases(session, span, pressed), pressed


def facts(session: Session) -> list[tuple]:
    columns = [column for column in FigureFact.__table__.c if column.name != "id"]
    return sorted(session.execute(select(*columns)).all(), key=repr)


@pytest.mark.parametrize("seed", range(2))
def test_the_ledger_says_what_the_events_say_whatever_happens(session, desk, of_every_class, seed):
    """Filing, rules that come and go, questions, proposals, ends, openings anew and withdrawals over five quarters."""
    chance = random.Random(seed)
    laws = [desk.law, desk.make.law()]
    cases, rules = [], {}
    for _ in range(35):
        desk.later(chance.randint(0, 16))
        case = chance.choice([*cases, None])
        if case is None:
            cases.append(desk.bring(chance.choice(["ingediend", "in_triage", "in_behandeling", "afgesloten"])))
        elif case.status is CaseStatus.CLOSED:
            reopen(desk, case)
        elif case.status is CaseStatus.IN_TRIAGE:
            if chance.random() < 0.3:
                submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
            else:
                rules[case.id] = name_rule(desk, case, chance.choice(laws))
        elif case.status is CaseStatus.IN_HANDLING:
            what = chance.random()
            if what < 0.35:
                desk.propose(case)
                desk.later(chance.randint(0, 5)).close(case)
            elif what < 0.6:
                rules[case.id] = name_rule(desk, case, chance.choice(laws), chance.choice(list(AssessmentRole)))
            elif what < 0.8:
                triage.request_supplement(
                    desk.context(desk.handler), case.reference, case.version, question="Welke?", why="Nodig.",
                    answer_by=desk.today + timedelta(days=20),
                )  # fmt: skip
                question = session.scalars(
                    select(Message.id).where(Message.case_id == case.id).order_by(Message.id.desc()).limit(1)
                ).one()
                desk.later(chance.randint(1, 15))
                submitter.answer(desk.follower(case), case.reference, question, "Dit.")
            else:
                submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
        if chance.random() < 0.2:
            ledger.settle(session)
    assert len({case.status for case in cases}) >= 3
    assert differences(session, desk) == []
    assert session.scalar(select(func.count()).where(FigureFact.kind == FactKind.PRESSED)) > 0
    urban = select(FigureTotal.side).where(FigureTotal.split == Dimension.URBANITY).distinct()
    assert set(session.scalars(urban)) == {"", *Urbanity}
    assert_lists(session, desk)
    kept = facts(session)
    assert list(ledger.rebuild(session, desk.now))[-1] >= len(cases)
    assert facts(session) == kept
    assert differences(session, desk) == []


def test_an_end_that_comes_in_the_place_of_another_takes_all_its_totals_along(session, desk):
    case = desk.bring("afgesloten")
    assert differences(session, desk) == []
    desk.later(3)
    reopen(desk, case)
    desk.later(2)
    desk.propose(case)
    desk.close(case)
    assert differences(session, desk) == []


def test_second_looks_and_aftercare_are_in_it(session, desk, client_as):
    case = desk.bring("afgesloten")
    second_look.ask(desk.follower(case), case.reference, ["Er is nieuwe rechtspraak."])
    other = desk.bring("afgesloten")
    period_id = session.scalars(select(ClockPeriod.id).where(ClockPeriod.case_id == other.id).limit(1)).one()
    asked = Aftercare(
        case_id=other.id, period_id=period_id, months=3, public_id=new_public_id(), nonce=new_nonce(),
        asked_on=desk.today,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    for given in ("bezig", "ja"):
        for kind, data in (
            (EventKind.AFTERCARE_ASKED, {"nazorg": asked.id}),
            (EventKind.AFTERCARE_ANSWERED, {"nazorg": asked.id, "antwoord": given}),
        ):
            if kind is EventKind.AFTERCARE_ANSWERED or given == "bezig":
                events.record(desk.system, kind, case=other, data=data)
    assert differences(session, desk) == []
    after = read_report(session, Span.of(Quarter(2026, 1), desk.today)).after
    assert (after.asked, after.questions) == (1, {3: 1})
    assert after.answers == {(3, AftercareAnswer.YES): 1}
    page = parse_page(client_as(desk.handler).get("/kwartalen/2026-1/meer"))
    told = [href for _words, href in page.links() if href.startswith("/kwartalen/2026-1/zaken?feit=na-het-afsluiten")]
    assert [href.partition("wat=")[2] for href in told] == [
        "heroverweging_gevraagd%3A", "nazorg_gevraagd%3A3", "nazorg_beantwoord%3A3%3Aja"
    ]  # fmt: skip
    for href, asked_case in zip(told, (case, other, other), strict=True):
        [listed] = parse_page(client_as(desk.handler).get(href)).one("table").records()
        assert asked_case.reference in listed.values()
    assert client_as(desk.handler).get("/kwartalen/2026-1/zaken?feit=na-het-afsluiten&wat=onzin").status_code == 404


def test_a_quarter_that_was_keeps_the_law_that_it_had(session, desk):
    """What is found out later changes the open cases of later quarters, not what came in before."""
    case = desk.bring("in_behandeling")
    name_rule(desk, case)
    ledger.settle(session)
    before = read_report(session, Span.of(Quarter(2026, 1), date(2026, 3, 31)))
    desk.later(100)
    name_rule(desk, case, desk.make.law())
    ledger.settle(session)
    assert read_report(session, Span.of(Quarter(2026, 1), date(2026, 3, 31))).now == before.now
    assert differences(session, desk) == []


def test_a_total_that_was_changed_is_named(session, desk):
    desk.bring("in_behandeling")
    ledger.settle(session)
    session.execute(
        update(FigureTotal)
        .where(FigureTotal.kind == FactKind.RECEIVED, FigureTotal.split == TOTAL)
        .values(amount=FigureTotal.amount + 1)
    )
    found = differences(session, desk)
    assert any(line.startswith("2026-1, ontvangen: grootboek 2, gebeurtenissen 1") for line in found)


def test_until_the_ledger_is_whole_the_events_are_counted(session, desk):
    desk.bring("in_behandeling")
    ledger.settle(session)
    span = Span.of(Quarter(2026, 1), desk.today)
    told = quarter_report(session, span)
    assert told.now.counts == counted_report(session, span).now.counts
    session.execute(delete(LedgerBuild))
    session.execute(delete(FigureTotal))
    assert quarter_report(session, span).now.counts == told.now.counts
    assert list(ledger.rebuild(session, desk.now))
    assert session.scalar(select(func.count()).select_from(FigureTotal)) > 0
    assert quarter_report(session, span).now.counts == told.now.counts


def test_of_two_who_make_the_ledger_one_goes_on(session, desk, monkeypatch):
    """What acts change meanwhile comes on top, and nothing is added twice."""
    for _ in range(3):
        name_rule(desk, desk.bring("in_behandeling"))
    desk.later(30)
    ledger.settle(session)
    monkeypatch.setattr(ledger, "AT_ONCE", 1)
    first = ledger.rebuild(session, desk.now)
    next(first)
    second = ledger.rebuild(session, desk.now + timedelta(seconds=1))
    next(second)
    desk.bring("afgesloten")
    ledger.settle(session)
    with pytest.raises(DomainError, match="Dat gaat door"):
        list(first)
    assert not is_built(session)
    assert list(second)
    assert is_built(session)
    assert list(all_differences(session, desk.today)) == []


def test_a_part_of_a_quarter_tells_what_the_whole_tells(session, desk):
    """Pages read what they show: no number may depend on what else was read."""
    for _ in range(2):
        name_rule(desk, desk.bring("in_behandeling"))
    second_look.ask(desk.follower(case := desk.bring("afgesloten")), case.reference, ["Er is nieuwe rechtspraak."])
    desk.later(100)
    desk.bring("afgesloten")
    ledger.settle(session)
    stored = set(session.scalars(select(FigureTotal.split).distinct()))
    assert stored <= WHOLE.every_split
    assert len(stored) > len(Dimension)
    quarters = (Quarter(2026, 1), Quarter(2026, 2), Quarter(2027, 1))
    for span in (Span.of(quarter, max(desk.today, quarter.first_day)) for quarter in quarters):
        whole = read_report(session, span)
        for reading in (AT_A_GLANCE, BUT_SPLITS, *(Reading(frozenset({each}), beside=False) for each in Dimension)):
            part = read_report(session, span, reading)
            assert (part.quarters, part.times) == (whole.quarters, whole.times)
            pairs = [(part.now, whole.now), (part.before, whole.before)]
            pairs += [(part.year, whole.year)] if reading.year else []
            for told, every in pairs:
                assert (told.gross, told.net) == (every.gross, every.net)
                for figure in Figure:
                    assert told.counts[figure].total == every.counts[figure].total
                    for dimension, sides in told.counts[figure].by.items():
                        assert sides == (every.counts[figure].by[dimension] if dimension in reading.splits else {})
            if reading.beside:
                assert (part.now.late, part.now.owed, part.now.consulted, part.now.municipalities) == (
                    whole.now.late, whole.now.owed, whole.now.consulted, whole.now.municipalities
                )  # fmt: skip
                assert (part.pressing, part.after, part.beside) == (whole.pressing, whole.after, whole.beside)


def test_the_page_of_a_quarter_counts_the_last_act(session, desk, make, client_as):
    """The act and its figures are one transaction: the page that comes next has them."""
    desk.now = datetime.now(UTC)
    author = client_as(make.account(Role.REPORT_AUTHOR, organisation=desk.ministry))
    quarter = quarter_of(desk.today)

    def received(address: str, row: str) -> str:
        rows = parse_page(author.get(f"/kwartalen/{quarter}{address}")).rows()
        return next(cells[1].split()[0] for cells in rows if cells[0].endswith(row))

    for number in ("1", "2"):
        desk.file()
        assert received("", "Ontvangen") == number
        assert received("/meer", "Ontvangen") == number
        assert received("/per/wet", "Nog geen wet gekoppeld") == number


@pytest.mark.parametrize(
    ("days", "share", "expected"),
    [([5], 0.9, 5.0), ([1, 2], 0.5, 1.5), ([1, 1, 1, 10], 0.9, 7.3), ([], 0.5, None), ([3, 3, 4], 0.5, 3.0)],
)
def test_a_percentile_is_that_of_the_database(session, days, share, expected):
    assert percentile(Counter(days), share) == pytest.approx(expected)
    counted = session.scalar(
        text(
            "SELECT percentile_cont(:share) WITHIN GROUP (ORDER BY days) FROM unnest(CAST(:days AS bigint[])) AS days"
        ),
        {"share": share, "days": days},
    )
    assert counted == pytest.approx(expected)
