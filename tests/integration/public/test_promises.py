"""How often a promise was kept is counted from what happened, and told to everybody in numbers."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckStatus
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.figures.ledger import FactKind
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.figures.sealing import Check, canonical, digest
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.models import Aftercare, Bottleneck, BottleneckNews, ClockPeriod, FigureFact, QuarterSeal, TermRule
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.ledger import content_of
from knelpunt.queries.public.promises import Kept, Told, broken_in, kept_in, told_of
from knelpunt.queries.public.silence import silence
from knelpunt.services.cases import reviews
from knelpunt.services.figures import ledger, sealing
from knelpunt.services.jobs import scheduled
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies
from knelpunt.web.public import counts
from tests.support.desk import Desk
from tests.support.page import parse_page

QUARTER = Quarter(2026, 1)
BY_KEY = {promise.key: promise for promise in PROMISES}


@pytest.fixture
def desk(session, make):
    desk = Desk(session, make)
    desk.now = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)
    return desk


def span(desk: Desk) -> Span:
    return Span.of(QUARTER, desk.today)


def test_a_first_reply_in_time_is_kept_and_one_that_stays_away_is_not(session, desk):
    replied, waiting = desk.file(), desk.file()
    desk.take_in(replied)
    desk.later(20)
    session.flush()

    assert kept_in(session, span(desk))["eerste-reactie"] == Kept(owed=2, kept=1)
    assert broken_in(session, span(desk), BY_KEY["eerste-reactie"]) == [waiting.reference]


def test_a_case_is_closed_after_a_reply_by_a_person(session, desk):
    desk.bring("afgesloten")
    session.flush()

    assert kept_in(session, span(desk))["geen-stil-nee"] == Kept(owed=1, kept=1)
    assert broken_in(session, span(desk), BY_KEY["geen-stil-nee"]) == []


CLOSING = BY_KEY["afsluiting"]


def without_a_reaction(session, desk):
    """A case on the day after that on which the worker stated that nobody reacted to the proposal."""
    desk.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    case = desk.bring("voorstel")
    desk.later(15)
    scheduled.run_due(desk.system, session.flush)
    desk.later(1)
    return case


@pytest.mark.parametrize("act", ["refuse", "accept", "withdraw", "was in time"])
def test_a_letter_that_nobody_owes_any_more_is_no_promise_that_was_kept(session, desk, act):
    case = without_a_reaction(session, desk)
    if act == "refuse":
        submitter.refuse_proposal(desk.follower(case), case.reference, "Te duur.")
    elif act == "accept":
        submitter.accept_proposal(desk.follower(case), case.reference)
    elif act == "withdraw":
        submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    else:
        told = OnBehalf(ReplyChannel.LETTER, date(2026, 1, 20), case.version)
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    session.flush()

    assert kept_in(session, span(desk))["afsluiting"] == Kept(owed=0, kept=0)
    stopped = select(func.count()).where(FigureFact.kind == FactKind.STOPPED, FigureFact.clock == Clock.CLOSING)
    ledger.settle(session)
    assert session.scalar(stopped) == 0


@pytest.mark.parametrize("act", ["refuse", "was in time"])
def test_a_letter_that_was_promised_and_is_late_by_then_stays_a_broken_promise(session, desk, act):
    case = without_a_reaction(session, desk)
    desk.later(20)
    if act == "refuse":
        submitter.refuse_proposal(desk.follower(case), case.reference, "Te duur.")
    else:
        told = OnBehalf(ReplyChannel.LETTER, date(2026, 1, 20), case.version)
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", told)
    session.flush()

    assert kept_in(session, span(desk))["afsluiting"] == Kept(owed=1, kept=0)
    assert broken_in(session, span(desk), CLOSING) == [case.reference]


def test_a_letter_that_came_in_time_is_a_promise_that_was_kept(session, desk):
    case = without_a_reaction(session, desk)
    desk.write_public_text(case)
    reviews.approve(desk.context(desk.reviewer), case.reference, desk.ask_closing(case).id)
    session.flush()

    assert kept_in(session, span(desk))["afsluiting"] == Kept(owed=1, kept=1)


def test_aftercare_is_kept_when_it_was_asked_on_its_day(session, desk, make):
    cases = [make.case(CaseStatus.CLOSED) for _ in range(3)]
    for days, case in zip((0, 9, None), cases, strict=True):
        period = make.add(
            ClockPeriod(
                case_id=case.id, clock=Clock.K9, started_on=date(2025, 11, 1), length=3, unit=Unit.MONTHS,
                due_on=date(2026, 2, 1), stopped_on=None if days is None else date(2026, 2, 1) + timedelta(days=days),
            )
        )  # fmt: skip
        if days is not None:
            make.add(
                Aftercare(
                    case_id=case.id, period_id=period.id, months=3, public_id=new_public_id(), nonce=new_nonce(),
                    asked_on=date(2026, 2, 1) + timedelta(days=days),
                )
            )  # fmt: skip

    assert kept_in(session, span(desk))["nazorg"] == Kept(owed=3, kept=1)
    assert broken_in(session, span(desk), BY_KEY["nazorg"]) == sorted(case.reference for case in cases[1:])


def rule(make, number: int, signalled_on: date) -> Bottleneck:
    """A bottleneck that needs a ministry within a month."""
    return make.add(
        Bottleneck(
            reference=f"RK-2026-{number}", title="Proefregel", problem="Knelt.", status=BottleneckStatus.SIGNALLED,
            signalled_on=signalled_on,
            owner_due_on=signalled_on + timedelta(days=30), updated_at=make.now,
            terms=func.to_tsvector("simple", "proef"),
        )
    )  # fmt: skip


def test_a_rule_needs_a_ministry_and_news_in_time(session, desk, make):
    told, silent = rule(make, 901, date(2026, 1, 5)), rule(make, 902, date(2025, 12, 20))
    make.add(
        BottleneckNews(
            bottleneck_id=told.id, status=BottleneckStatus.IN_ANALYSIS, body="Wij kijken.", on_day=date(2026, 1, 20),
            written_at=desk.now,
        )
    )  # fmt: skip
    desk.later(54)

    kept = kept_in(session, span(desk))

    assert kept["ministerie-voor-regel"] == Kept(owed=2, kept=1)
    assert broken_in(session, span(desk), BY_KEY["ministerie-voor-regel"]) == [silent.reference]
    assert kept["nieuws-over-regels"] == Kept(owed=2, kept=1)


def test_news_is_owed_by_the_step_and_the_term_of_its_day(session, desk, make):
    first, second = rule(make, 903, date(2025, 12, 20)), rule(make, 904, date(2025, 12, 20))
    for each, status, day in (
        (first, BottleneckStatus.IN_ANALYSIS, date(2026, 1, 20)),
        (first, BottleneckStatus.JUSTIFIED, date(2026, 4, 2)),
        (second, BottleneckStatus.IN_ANALYSIS, date(2026, 2, 20)),
    ):
        news = BottleneckNews(bottleneck_id=each.id, status=status, body="Zo is het.", on_day=day, written_at=desk.now)
        make.add(news)
    first.status = BottleneckStatus.JUSTIFIED
    desk.later(90)
    assert kept_in(session, span(desk))["nieuws-over-regels"] == Kept(owed=2, kept=2)

    terms = session.scalars(select(TermRule).where(TermRule.clock == Clock.K7)).all()
    for term in terms:
        term.length, term.unit = 60, Unit.CALENDAR_DAYS
    session.flush()
    assert kept_in(session, span(desk))["nieuws-over-regels"] == Kept(owed=2, kept=1)
    assert broken_in(session, span(desk), BY_KEY["nieuws-over-regels"]) == [first.reference]


def test_every_promise_stands_on_the_public_page_in_numbers_only(session, desk, make, client, client_as):
    case = desk.file()
    session.commit()
    page = parse_page(client.get("/over/wat-wij-beloven"))
    for promise in PROMISES:
        assert promise.title in page.text
    assert case.reference not in page.text
    staff = client_as(make.account(Role.HEAD_OF_DESK, organisation=desk.ministry))
    listed = parse_page(staff.get(f"/kwartalen/{QUARTER}/beloften"))
    assert case.reference in listed.text
    assert client.get(f"/kwartalen/{QUARTER}/beloften").status_code in (302, 303, 404)


@pytest.mark.parametrize(
    ("kept", "told", "told_staff"),
    [
        (Kept(owed=0, kept=0), "niet aan de orde", "niet aan de orde"),
        (Kept(owed=3, kept=3), "elke keer", "3 van 3"),
        (Kept(owed=20, kept=4), "soms", "4 van 20"),
        (Kept(owed=20, kept=10), "soms", "10 van 20"),
        (Kept(owed=20, kept=17), "meestal", "17 van 20"),
        (Kept(owed=99, kept=90), "meestal", "90 van 99"),
        (Kept(owed=100, kept=86), "ongeveer 9 van de 10 keer", "86 van 100"),
        (Kept(owed=200, kept=199), "ongeveer 9 van de 10 keer", "199 van 200"),
        (Kept(owed=200, kept=1), "ongeveer 1 van de 10 keer", "1 van 200"),
        (Kept(owed=20, kept=20), "elke keer", "20 van 20"),
        (Kept(owed=2, kept=0), "geen enkele keer", "0 van 2"),
    ],
)
def test_only_staff_reads_how_many_times_it_was(make, client, client_as, monkeypatch, kept, told, told_staff):
    """A number of times could be taken from a figure of the quarter, and tell how the cases beside it ended."""
    numbers = {promise.key: kept for promise in PROMISES}
    monkeypatch.setattr(counts, "kept_in", lambda _span: numbers)
    monkeypatch.setattr(counts, "told_of", lambda _span: Told(numbers, None, is_sealed=False))
    staff = client_as(make.account(Role.HEAD_OF_DESK))
    for browser, words in ((client, told), (staff, told_staff)):
        page = parse_page(browser.get("/over/wat-wij-beloven"))
        counted = [row for row in page.rows() for each in PROMISES if each.is_counted and row[0].startswith(each.title)]
        assert {cell for row in counted for cell in (row[-1], row[-2].partition(" Niet waargemaakt")[0])} == {words}
        assert ("Precieze aantallen zeggen wij hier niet" in page.text) is (browser is client)


def test_a_sealed_quarter_keeps_how_often_each_promise_was_kept(session, desk, make, client, client_as):
    """What is put right later, such as the day of a reply, changes what is counted now and nothing that was sealed."""
    replied = desk.file()
    desk.file()
    desk.take_in(replied)
    desk.later(70)
    heads = [make.head_of_desk(organisation=desk.ministry) for _ in range(2)]
    ledger.settle(session)
    sealing.ask(desk.context(heads[0]), QUARTER, dict.fromkeys(Check, "Dit is bekend."))
    sealing.agree(desk.context(heads[1]), QUARTER)
    session.flush()
    whole = Span.of(QUARTER, desk.today)
    sealed = told_of(session, whole)
    assert (sealed.is_sealed, sealed.sealed_on) == (True, desk.today)
    assert sealed.kept["eerste-reactie"] == kept_in(session, whole)["eerste-reactie"] == Kept(owed=2, kept=1)
    silent = silence(session, desk.today).quarters[1]
    assert (silent.owed, silent.silent) == (2, 2)

    for run in session.scalars(select(ClockPeriod)):
        run.stopped_on = run.due_on
    session.flush()
    assert kept_in(session, whole)["eerste-reactie"] == Kept(owed=2, kept=2)
    assert told_of(session, whole) == sealed
    assert silence(session, desk.today).quarters[1] == silent
    page = parse_page(client_as(heads[0]).get(f"/kwartalen/{QUARTER}/beloften"))
    assert "1 van 2 waargemaakt" in page.text
    assert "vastgelegd en veranderen niet meer" in page.text


def test_a_quarter_without_sealed_promises_says_of_which_day_they_are(session, desk, make, client_as):
    desk.file()
    desk.later(70)
    head = make.head_of_desk(organisation=desk.ministry)
    ledger.settle(session)
    address = f"/kwartalen/{QUARTER}/beloften"
    assert "kunnen nog veranderen" in parse_page(client_as(head).get(address)).text
    text = canonical(content_of(session, QUARTER))
    make.add(
        QuarterSeal(
            quarter=QUARTER.first_day, content=text, sha256=digest(text), event_number=0, event_hash="0" * 64,
            asked_by_id=head.id, sealed_by_id=head.id, sealed_at=desk.now,
        )
    )  # fmt: skip
    assert "deze getallen toen nog niet" in parse_page(client_as(head).get(address)).text


def test_the_public_page_says_whether_the_last_quarter_is_sealed(client, monkeypatch):
    kept = {promise.key: Kept(20, 20) for promise in PROMISES if promise.is_counted}
    for told, words in (
        (Told(kept, date(2026, 10, 5), is_sealed=True), "op maandag 5 oktober 2026 vastgelegd"),
        (Told(kept, None, is_sealed=False), "kan nog veranderen"),
    ):
        monkeypatch.setattr(counts, "told_of", lambda _span, told=told: told)
        assert words in parse_page(client.get("/over/wat-wij-beloven")).text
