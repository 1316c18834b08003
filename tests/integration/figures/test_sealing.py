"""A quarter that two persons sealed: nothing changes it, and anybody can count it again from its file."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from knelpunt.cli import cli
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.figures import sealing as rules
from knelpunt.domain.figures.sealing import Check, FigureEvent, digest
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.quarters.track import QuarterDay, usual_days
from knelpunt.models import Case, ClockPeriod, Event, FigureTotal, OutboxMail, QuarterErratum, QuarterSeal
from knelpunt.queries.figures import sealing as queries
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.editions import sealed_reports
from knelpunt.queries.figures.ledger import read_report, report_of
from knelpunt.queries.figures.quarter import places_of
from knelpunt.queries.public import promises
from knelpunt.queries.public.promises import IN_SEAL
from knelpunt.queries.quarters import planning
from knelpunt.services.cases import resolution
from knelpunt.services.core import events
from knelpunt.services.figures import ledger, sealing
from knelpunt.services.jobs import scheduled
from knelpunt.web.reporting.public.making import public_edition
from tests.support.forms import fill
from tests.support.page import parse_page

QUARTER = Quarter(2026, 1)
RECEIVED = "totalen; nu; ontvangen"
WHY = dict.fromkeys(Check, "Dit is bekend en verandert niets aan de cijfers.")


@pytest.fixture
def closed(session, desk):
    desk.file()
    case = desk.bring("afgesloten")
    desk.later(100)
    ledger.settle(session)
    return case


@pytest.fixture
def sealed(session, desk, closed, author, head):
    sealing.ask(desk.context(author), QUARTER, WHY)
    seal = sealing.agree(desk.context(head), QUARTER)
    session.flush()
    return seal


def make_sealed(session, desk, quarter, author, head):
    """A seal from before the order was kept."""
    session.add(
        QuarterSeal(
            quarter=quarter.first_day,
            content="{}",
            sha256=digest("{}"),
            event_number=0,
            event_hash="0" * 64,
            asked_by_id=author.id,
            sealed_by_id=head.id,
            sealed_at=desk.now,
        )
    )
    session.flush()


def test_two_persons_seal_and_what_is_open_is_explained(session, desk, closed, author, head):
    found = {each.check: each.count for each in queries.checks(session, QUARTER, desk.today)}
    assert (found[Check.NO_OWNER], found[Check.NOT_PUBLIC], found[Check.SILENT]) == (1, 1, 1)
    with pytest.raises(DomainError) as refused:
        sealing.ask(desk.context(author), QUARTER, {})
    assert refused.value.field == Check.NO_OWNER.value
    sealing.ask(desk.context(author), QUARTER, WHY)
    for who in (author, desk.handler):
        with pytest.raises((DomainError, PermissionDenied)):
            sealing.agree(desk.context(who), QUARTER)
    assert queries.seal_of(session, QUARTER) is None
    seal = sealing.agree(desk.context(head), QUARTER)
    assert (seal.asked_by_id, seal.sealed_by_id) == (author.id, head.id)
    assert seal.sha256 == hashlib.sha256(seal.content.encode()).hexdigest()
    for act in (
        lambda: sealing.ask(desk.context(author), QUARTER, WHY),
        lambda: sealing.agree(desk.context(head), QUARTER),
    ):
        with pytest.raises(DomainError):
            act()


def test_two_persons_seal_the_promises_that_both_saw(session, desk, closed, author, head, client_as, monkeypatch):
    """They are counted before every act waits for the seal; what moved since the first person saw it is not sealed."""
    counted, lock = [], events.lock_chain
    to_seal = promises.to_seal

    def count(*given):
        counted.append("beloften")
        return to_seal(*given)

    monkeypatch.setattr(promises, "to_seal", count)
    monkeypatch.setattr(events, "lock_chain", lambda *given: counted.append("slot") or lock(*given))
    first = promises.kept_in(session, Span.of(QUARTER, desk.today))["eerste-reactie"]
    row = ["Een mens reageert op tijd", str(first.owed), str(first.kept)]
    session.commit()
    assert first.owed
    assert row in parse_page(client_as(author).get(f"/kwartalen/{QUARTER}/verzegelen")).rows()
    sealing.ask(desk.context(author), QUARTER, WHY)
    session.commit()
    assert row in parse_page(client_as(head).get(f"/kwartalen/{QUARTER}/verzegelen/besluit")).rows()
    of_open = select(ClockPeriod).where(ClockPeriod.clock == Clock.K1, ClockPeriod.stopped_on.is_(None))
    run = session.scalars(of_open).one()  # that of the closed case tells of its answer too, which is another promise
    run.stopped_on = run.due_on
    session.flush()
    with pytest.raises(DomainError) as refused:
        sealing.agree(desk.context(head), QUARTER)
    assert str(refused.value) == str(rules.PROMISES_MOVED)
    session.commit()
    told = parse_page(client_as(head).get(f"/kwartalen/{QUARTER}/verzegelen/besluit")).text
    now = promises.kept_in(session, Span.of(QUARTER, desk.today))["eerste-reactie"]
    assert now != first
    moved = f"was {first.kept} van {first.owed}, is nu {now.kept} van {now.owed}"
    assert f"Een mens reageert op tijd: {moved}" in told
    assert told.count("is nu") == 1, "only what moved is named"
    run.stopped_on = None
    session.flush()
    counted.clear()
    seal = sealing.agree(desk.context(head), QUARTER)
    assert counted[:2] == ["beloften", "slot"]
    assert counted.count("beloften") == 1
    assert json.loads(seal.content)[IN_SEAL] == to_seal(session, QUARTER)


@pytest.mark.parametrize(
    ("figures", "promised", "says"),
    [
        (True, False, rules.HAS_MOVED),
        (False, True, rules.PROMISES_MOVED),
        (True, True, rules.BOTH_MOVED),
        (False, None, rules.PROMISES_UNSEEN),
    ],
)
def test_who_seals_hears_whether_figures_or_promises_moved(
    session, desk, closed, author, head, client_as, figures, promised, says
):
    request = sealing.ask(desk.context(author), QUARTER, WHY)
    session.flush()
    seen = session.scalars(select(Event).where(Event.kind == FigureEvent.SEALING_ASKED)).one().data
    assert seen == {"cijfers": request.digest, "beloften": request.promises_digest}
    if promised:
        session.scalars(select(ClockPeriod).where(ClockPeriod.clock == Clock.K1).limit(1)).one().clock = Clock.K0
    elif promised is None:
        request.promises_digest = None  # as one that waits where this column is new
    if figures:
        now = session.scalars(select(FigureTotal).where(FigureTotal.quarter == QUARTER.first_day).limit(1)).one()
        now.amount += 1
    session.commit()
    answer = client_as(head).post(f"/kwartalen/{QUARTER}/verzegelen/besluit", data={"decision": "akkoord"})
    assert str(says) in parse_page(answer).text
    assert queries.seal_of(session, QUARTER) is None


def test_a_quarter_that_runs_is_not_sealed(desk, author, closed):
    desk.now = datetime(2026, 3, 31, 20, 0, tzinfo=UTC)
    with pytest.raises(DomainError):
        sealing.ask(desk.context(author), QUARTER, WHY)


def test_quarters_are_sealed_in_order(session, desk, author, head, closed, client_as):
    client = client_as(author)
    desk.later(100)
    following = QUARTER.next()
    path = f"/kwartalen/{following}/verzegelen"
    session.commit()
    with pytest.raises(DomainError, match="Eerst moet kwartaal 1 van 2026 vast"):
        sealing.ask(desk.context(author), following, WHY)
    told = parse_page(client.get(path)).text
    assert "Eerst moet kwartaal 1 van 2026 vast" in told
    for quarter in (QUARTER, following):
        sealing.ask(desk.context(author), quarter, WHY)
        sealing.agree(desk.context(head), quarter)
        session.flush()
    session.commit()
    assert client.get(path).status_code == 404
    earlier = QUARTER.previous()
    with pytest.raises(DomainError, match="Een later kwartaal is al verzegeld"):
        sealing.ask(desk.context(author), earlier, WHY)
    told = parse_page(client.get(f"/kwartalen/{earlier}/verzegelen")).text
    assert "Een later kwartaal is al verzegeld" in told


def test_a_request_waits_while_its_quarter_is_out_of_order(session, desk, author, head, closed, make):
    earlier = QUARTER.previous()
    for quarter in (earlier, QUARTER):
        sealing.ask(desk.context(author), quarter, WHY)

    def is_refused(quarter, why):
        with pytest.raises(DomainError, match=why):
            sealing.agree(desk.context(head), quarter)
        assert queries.seal_of(session, quarter) is None
        assert queries.asked(session, quarter) is not None

    on_paper = make.case(filed_on=earlier.last_day)
    is_refused(QUARTER, "Eerst moet kwartaal 4 van 2025 vast")
    on_paper.filed_on = QUARTER.first_day
    make_sealed(session, desk, QUARTER, author, head)
    is_refused(earlier, "Een later kwartaal is al verzegeld")
    sealing.give_back(desk.context(head), earlier, "Te laat.")
    assert queries.asked(session, earlier) is None
    assert queries.last_returned(session, earlier).remark == "Te laat."


def test_a_quarter_of_a_case_on_paper_that_turned_up_late_tells_its_totals_alone(
    session, desk, author, head, closed, client_as
):
    """A case on paper lies in a quarter before the first that was sealed."""
    desk.later(100)
    following = QUARTER.next()
    make_sealed(session, desk, following, author, head)
    desk.later(1)
    page = parse_page(client_as(author).get(f"/kwartalen/{QUARTER}/verzegelen"))
    assert "alleen de totalen openbaar" in page.text
    sealing.ask(desk.context(author), QUARTER, WHY)
    sealing.agree(desk.context(head), QUARTER)
    session.flush()
    made = public_edition(session, QUARTER)
    assert made.at(RECEIVED).cell == 2
    assert {table.key for table in made.tables} == {"totalen", "optelling", "verloop"}
    assert "alleen de totalen openbaar" in made.tables[0].sentence
    assert [each.now.span.quarter for each in sealed_reports(session, QUARTER)] == []


def test_who_gave_no_consent_stands_in_the_list(session, desk, author, head):
    def found():
        return {each.check: each.count for each in queries.checks(session, QUARTER, desk.today)}

    silent = desk.bring("afgesloten")
    silent.may_publish = False
    desk.later(100)
    ledger.settle(session)
    assert (found()[Check.NO_CONSENT], found()[Check.NOT_PUBLIC]) == (1, 0)
    silent.may_publish = True
    session.flush()
    assert (found()[Check.NO_CONSENT], found()[Check.NOT_PUBLIC]) == (0, 1)


def test_who_must_act_is_reminded_before_a_reference_date_and_once_when_it_is_over(
    session, desk, author, head, closed, client_as
):
    def mails() -> list[str]:
        rows = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.QUARTER_DAY_REMINDER))
        return sorted(row.subject.partition(" (")[0] for row in rows if row.account_id == author.id)

    def work_on(day) -> None:
        desk.now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
        for _ in range(2):
            scheduled.run_due(desk.system, session.flush)

    days = usual_days(QUARTER)
    desk.now = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    work_on(desk.today)
    assert mails() == []
    work_on(days.check_on - timedelta(days=3))
    assert mails() == ["Een dag van een kwartaal komt dichterbij"]
    work_on(days.check_on + timedelta(days=1))
    over = "Een dag van een kwartaal is voorbij"
    assert mails() == [over, "Een dag van een kwartaal komt dichterbij"]
    page = parse_page(client_as(author).get("/kwartalen"))
    assert "Kijk de cijfers na en vraag om te verzegelen" in page.text and "te laat" in page.text
    sealing.ask(desk.context(author), QUARTER, WHY)
    [due] = planning.due_days(session, desk.today)
    assert (due.what, due.due_on) == (QuarterDay.SEAL, days.seal_on)
    sealing.agree(desk.context(head), QUARTER)
    session.flush()
    assert planning.due_days(session, desk.today) == []


def test_figures_that_moved_since_the_request_are_looked_at_again(session, desk, closed, author, head):
    sealing.ask(desk.context(author), QUARTER, WHY)
    session.execute(update(FigureTotal).values(amount=FigureTotal.amount + 1))
    with pytest.raises(DomainError):
        sealing.agree(desk.context(head), QUARTER)
    with pytest.raises(DomainError) as refused:
        sealing.give_back(desk.context(head), QUARTER, " ")
    assert refused.value.field == "remark"
    sealing.give_back(desk.context(head), QUARTER, "De cijfers zijn veranderd.")
    assert queries.asked(session, QUARTER) is None
    assert queries.last_returned(session, QUARTER).remark == "De cijfers zijn veranderd."


def test_what_happens_later_changes_no_sealed_figure(session, desk, sealed, closed, author, client_as):
    told = places_of(queries.seal_of(session, QUARTER).report)
    # Noted late, but of a day in the sealed quarter: the live figures have it, the seal has not.
    case = session.get_one(Case, closed.id)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    row = events.event_row(
        "ingediend", recorded_at=desk.now, happened_on=date(2026, 3, 3), case=desk.file(), status_before=None
    )
    events.append(session, [row])
    ledger.settle(session)
    live = places_of(read_report(session, Span.of(QUARTER, QUARTER.last_day)))
    assert live["ontvangen"] == told["ontvangen"] + 1
    assert places_of(queries.seal_of(session, QUARTER).report) == told
    page = parse_page(client_as(author).get(f"/kwartalen/{QUARTER}"))
    assert "Verzegeld" in page.text
    assert sealed.sha256 in page.text
    received = next(row for row in page.rows() if row[0].endswith("Ontvangen"))
    assert received[1].split()[0] == str(told["ontvangen"])


def test_the_file_is_the_seal_and_gives_every_figure_without_the_database(session, sealed, author, client_as):
    told = client_as(author).get(f"/kwartalen/{QUARTER}.json")
    assert told.status_code == 200
    assert digest(told.data.decode()) == sealed.sha256 == told.headers["X-SHA256"]
    assert client_as(author).get(f"/kwartalen/{QUARTER}.json").data == told.data
    report = report_of(json.loads(told.data))
    live = read_report(session, Span.of(QUARTER, QUARTER.last_day))
    assert places_of(report) == places_of(live)
    assert report.now.counts == live.now.counts
    last = session.get_one(Event, sealed.event_number)
    assert json.loads(told.data)["gebeurtenis"] == {"nummer": last.number, "hash": last.hash}


def test_the_database_refuses_to_change_a_seal(session, desk, sealed, author, subtests):
    edition = public_edition(session, QUARTER)
    sealing.correct(desk.context(author), edition, place=RECEIVED, should_be="3", reason="Dubbel geteld.")
    session.flush()
    for table in (QuarterSeal.__tablename__, QuarterErratum.__tablename__):
        assert session.scalar(select(func.count()).select_from(text(table))) == 1
        for statement in (f"UPDATE {table} SET quarter = quarter", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with subtests.test(statement), pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(statement))


@pytest.mark.parametrize("field", ["should_be", "reason"])
def test_a_correction_names_nobody(session, desk, sealed, author, field):
    words = {"should_be": "3", "reason": "Dubbel geteld.", field: "Bel Wiebe Teunisse, 06 - 12 34 56 78."}
    with pytest.raises(DomainError, match="06 - 12 34 56 78") as refused:
        sealing.correct(desk.context(author), public_edition(session, QUARTER), place=RECEIVED, **words)
    assert refused.value.field == field


def test_a_correction_gets_a_number_beside_the_figure(session, desk, sealed, author, client_as):
    with pytest.raises(DomainError) as refused:
        sealing.correct(
            desk.context(author), public_edition(session, QUARTER), place="verzonnen", should_be="3", reason="Fout."
        )
    assert refused.value.field == "place"
    browser = client_as(author)
    path = f"/kwartalen/{QUARTER}/erratum"
    for number, words in ((1, "Een zaak telde dubbel."), (2, "Toch niet.")):
        form = fill(browser.get(path), "should_be", place=RECEIVED, should_be="1", reason=words)
        assert browser.post(path, data=form).status_code == 303
        rows = parse_page(browser.get(f"/kwartalen/{QUARTER}")).rows()
        assert [str(number), "Ontvangen", "2", "1", words] in rows


def test_the_pages_lead_from_the_quarter_to_the_seal(session, desk, closed, author, head, client_as):
    first, second = client_as(author), client_as(head)
    assert f"/kwartalen/{QUARTER}/verzegelen" in first.get(f"/kwartalen/{QUARTER}").text
    path = f"/kwartalen/{QUARTER}/verzegelen"
    refused = first.post(path, data=fill(first.get(path), "stil"))
    assert refused.status_code == 422
    assert "Leg uit waarom dit zo blijft" in refused.text
    words = {check.value: "Dit is bekend." for check in Check}
    assert first.post(path, data=fill(first.get(path), "stil", **words)).status_code == 303
    decide = f"{path}/besluit"
    own = first.post(decide, data=fill(first.get(decide), "remark", decision="akkoord"))
    assert own.status_code == 422
    assert second.post(decide, data=fill(second.get(decide), "remark", decision="akkoord")).status_code == 303
    assert ", verzegeld" in second.get("/kwartalen").text
    assert second.get(decide).status_code == 404


def test_the_command_recounts_a_file_on_any_machine(session, sealed, tmp_path):
    file = tmp_path / "kwartaal.json"
    file.write_text(sealed.content, encoding="utf-8")
    told = CliRunner().invoke(cli, ["figures", "recompute", str(file)])
    assert told.exit_code == 0
    assert f"SHA-256 {sealed.sha256}" in told.output
    assert "ontvangen: 2" in told.output.splitlines()
    for key, (owed, kept) in json.loads(sealed.content)[IN_SEAL].items():
        assert {f"belofte {key}, beloofd: {owed}", f"belofte {key}, waargemaakt: {kept}"} <= set(
            told.output.splitlines()
        )
    file.write_text("[1, 2]", encoding="utf-8")
    assert CliRunner().invoke(cli, ["figures", "recompute", str(file)]).exit_code == 1
