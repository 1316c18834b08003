"""What a quarter tells besides its cases: ministries, answers that stayed away, guides, rules, and a year ago."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.ledger import Consulted, FactKind, Owed
from knelpunt.domain.figures.sealing import Check, canonical
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.vocabulary import Role, RoomAnswer
from knelpunt.models import Bottleneck, BottleneckNews, GuideDeflection, QuarterSeal
from knelpunt.queries.figures.counts import RATED_FROM, MinistryAnswers, OwedAnswers, Span
from knelpunt.queries.figures.ledger import content_of, read_report, report_of
from knelpunt.queries.figures.lists import Counted, Noted, figure_cases
from knelpunt.queries.figures.quarter import all_differences, quarter_report
from knelpunt.services.cases import resolution
from knelpunt.services.consultations import asking
from knelpunt.services.core import events
from knelpunt.services.figures import ledger, sealing
from tests.support.consulting import Ministries
from tests.support.guides import public_guide
from tests.support.page import parse_page
from tests.support.statements import counted

QUARTER = Quarter(2026, 1)
WHY = dict.fromkeys(Check, "Dit is bekend en verandert niets aan de cijfers.")


def report(session, desk, quarter=QUARTER):
    ledger.settle(session)
    assert list(all_differences(session, desk.today)) == []
    return read_report(session, Span.of(quarter, desk.today))


def test_questions_to_a_ministry_are_in_time_late_or_unanswered(session, desk, make, client_as):
    ministries = Ministries(desk)
    for days in (3, 20):
        case = desk.bring("in_behandeling")
        question = ministries.ask(case)
        desk.later(days)
        ministries.answer(question, RoomAnswer.ROOM)
    case = desk.bring("in_behandeling")
    question = ministries.ask(case)
    desk.later(16)
    asking.note_unanswered(desk.context(desk.handler), case.reference, case.version, question.id)

    told = report(session, desk)

    answers = told.now.consulted[desk.ministry.id]
    assert answers == MinistryAnswers(asked=3, in_time=1, late=1, no_answer=1)
    assert answers.share_in_time is None
    late = Noted(FactKind.CONSULTED, f"{desk.ministry.id}:{Consulted.LATE}")
    assert len(figure_cases(session, told.now.span, late)) == 1
    author = client_as(make.account(Role.REPORT_AUTHOR, organisation=desk.ministry))
    page = parse_page(author.get(f"/kwartalen/{QUARTER}/meer"))
    row = next(row for row in page.rows() if row[0] == desk.ministry.name)
    assert [cell.split()[0] for cell in row[1:5]] == ["3", "1", "1", "1"]
    assert row[5] == "te weinig vragen"


def test_a_ministry_is_rated_from_ten_answers():
    assert MinistryAnswers(asked=9, in_time=9).share_in_time is None
    assert MinistryAnswers(asked=10, in_time=7, late=2, no_answer=1).share_in_time == 70
    assert RATED_FROM == 10


def test_a_case_is_silent_in_every_quarter_in_which_an_answer_is_late(session, desk):
    """K1 runs from February and stops in May: late at the end of March, and stopped too late in the second quarter."""
    desk.file()
    late = desk.file()
    desk.later(100)
    desk.take_in(late)

    first, second = report(session, desk), report(session, desk, Quarter(2026, 2))

    assert first.now.owed == OwedAnswers(owed=2, silent=2)
    assert second.now.owed == OwedAnswers(owed=2, silent=2)
    assert len(figure_cases(session, first.now.span, Noted(FactKind.OWED, Owed.SILENT))) == 2


def test_an_answer_in_time_is_no_silence(session, desk):
    case = desk.file()
    desk.later(1)
    desk.take_in(case)
    desk.later(70)

    assert report(session, desk).now.owed.silent == 1  # the verdict stayed away
    assert read_report(session, Span.of(Quarter(2025, 4), desk.today)).now.owed == OwedAnswers()


def test_a_provision_and_the_municipalities_are_counted(session, desk):
    for _ in range(2):
        desk.bring("in_behandeling")

    told = report(session, desk)

    received = told.now.counts[Figure.RECEIVED].by[Dimension.PROVISION]
    assert sum(received.values()) == 2
    assert None not in received
    provision_id = next(iter(received))
    part = Counted(Figure.RECEIVED, Dimension.PROVISION, provision_id)
    assert figure_cases(session, told.now.span, part, in_ledger=True) == figure_cases(session, told.now.span, part)
    assert told.now.municipalities == 2
    assert told.beside.since.received == 2
    assert told.beside.since.municipalities == 2


def test_guides_that_answered_and_rules_on_their_track(session, desk, make):
    guide = public_guide(make)
    for day in (date(2026, 2, 1), date(2026, 2, 2), date(2025, 12, 1)):
        make.add(GuideDeflection(guide_id=guide.id, on_day=day))
    rule = make.add(
        Bottleneck(
            reference="RK-2026-900", title="Proefregel", problem="Knelt.", status=BottleneckStatus.IN_ANALYSIS,
            signalled_on=date(2026, 1, 10),
            owner_due_on=date(2026, 2, 10), updated_at=desk.now, terms=func.to_tsvector("simple", "proef"),
        )
    )  # fmt: skip
    make.add(
        BottleneckNews(
            bottleneck_id=rule.id, status=BottleneckStatus.IN_ANALYSIS, body="Wij kijken.", on_day=date(2026, 4, 3),
            written_at=desk.now,
        )
    )  # fmt: skip
    desk.later(90)

    first, second = report(session, desk), report(session, desk, Quarter(2026, 2))

    assert (first.beside.guides.answered, first.beside.guides_before.answered) == (2, 1)
    assert first.beside.rules[BottleneckStatus.SIGNALLED].count == 1
    assert first.beside.rules[BottleneckStatus.SIGNALLED].age == 80
    assert BottleneckStatus.IN_ANALYSIS not in first.beside.rules
    assert second.beside.rules[BottleneckStatus.IN_ANALYSIS].count == 1


@pytest.fixture
def sealed(session, desk, make):
    """The first quarter of 2026, sealed with one case that came in; noted later: one more on a day in it."""
    desk.file()
    desk.later(100)
    ledger.settle(session)
    author = make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)
    sealing.ask(desk.context(author), QUARTER, WHY)
    sealing.agree(desk.context(make.head_of_desk(organisation=desk.ministry)), QUARTER)
    row = events.event_row(
        "ingediend", recorded_at=desk.now, happened_on=date(2026, 3, 3), case=desk.file(), status_before=None
    )
    events.append(session, [row])
    session.flush()
    ledger.settle(session)


def test_a_quarter_is_compared_with_what_was_sealed(session, desk, sealed):
    live = read_report(session, Span.of(Quarter(2026, 2), desk.today))
    assert live.before.counts[Figure.RECEIVED].total == 2

    told = quarter_report(session, Span.of(Quarter(2026, 2), desk.today))

    assert told.before.counts[Figure.RECEIVED].total == 1
    assert [each.received for each in told.quarters][-2:] == [1, 1]
    desk.later(365)
    year_later = quarter_report(session, Span.of(Quarter(2027, 1), desk.today))
    assert year_later.year.counts[Figure.RECEIVED].total == 1


def test_a_seal_is_read_once_and_only_if_its_checksum_is_true(session, connection, desk, sealed, make):
    """It never changes, so that a process keeps what it worked out; not of a text that its checksum denies."""
    span = Span.of(Quarter(2026, 2), desk.today)
    first = quarter_report(session, span)
    with counted(connection) as sent:
        assert quarter_report(session, span) == first
    assert not [statement for statement in sent if "quarter_seals.content" in statement]
    other = json.loads(session.get_one(QuarterSeal, QUARTER.first_day).content)
    account = make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)
    for early, number in ((Quarter(2025, 3), 41), (Quarter(2025, 2), 42)):
        other["kwartalen"][-1][1] = number
        make.add(
            QuarterSeal(
                quarter=early.first_day, content=canonical(other), sha256="0" * 64, event_number=0,
                event_hash="0" * 64, asked_by_id=account.id, sealed_by_id=account.id, sealed_at=desk.now,
            )
        )  # fmt: skip
        told = quarter_report(session, span).quarters
        assert [each.received for each in told if each.quarter == early] == [number]


def test_the_next_seal_holds_the_comparison_that_was_sealed(session, desk, sealed):
    desk.later(120)
    told = report_of(content_of(session, Quarter(2026, 2)))

    assert told.before.counts[Figure.RECEIVED].total == 1
    assert told.now.counts[Figure.RECEIVED].total == 1


def test_a_seal_of_the_first_rules_is_still_read(session, desk, make, client_as):
    """It tells what it knew, and nothing of what was not counted then."""
    desk.file()
    desk.later(100)
    ledger.settle(session)
    content = content_of(session, QUARTER)
    old = {name: value for name, value in content.items() if name not in ("sinds", "wegwijs", "regelknelpunten")} | {
        "regels": 1
    }
    new = {FactKind.OWED, FactKind.CONSULTED, "bepaling", "gemeente"}
    old["totalen"] = [row[:5] for row in content["totalen"] if new.isdisjoint(row[:2])]
    text = canonical({**old, "uitleg": {}})
    account = make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)
    make.add(
        QuarterSeal(
            quarter=QUARTER.first_day, content=text, sha256="0" * 64, event_number=0, event_hash="0" * 64,
            asked_by_id=account.id, sealed_by_id=account.id, sealed_at=desk.now,
        )
    )  # fmt: skip

    told = report_of(json.loads(text))
    page = parse_page(client_as(account).get(f"/kwartalen/{QUARTER}/meer"))

    assert told.now.counts[Figure.RECEIVED].total == 1
    assert told.year is None
    assert "Vragen aan ministeries" not in page.text
    assert "Overbrugbaar of echt" in page.text


def test_what_opened_again_late_changes_no_year_ago(session, desk, sealed):
    """Reopening is an act of today: the quarter a year ago stays as it was sealed."""
    case = desk.bring("afgesloten")
    desk.later(1)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    told = quarter_report(session, Span.of(Quarter(2027, 1), desk.today + timedelta(days=300)))
    assert told.year.counts[Figure.RECEIVED].total == 1
    assert ClaimOutcome.WORKED not in told.beside.guides.outcomes
