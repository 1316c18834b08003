"""The figures of a quarter: what they count, that they can be counted again, and that each opens its cases."""

import csv
import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.vocabulary import AssessmentRole, Channel, Result, SubmitterKind, Verdict
from knelpunt.models import ClockPeriod, Message
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures import lists as figure_lists
from knelpunt.queries.figures import series as figure_series
from knelpunt.queries.figures.lists import ClockSet, Counted, Pressed, Runs
from knelpunt.services.cases import resolution, triage
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting import routes
from tests.integration.figures.conftest import span, three_cases
from tests.support.page import parse_page

THIRD, FOURTH = Quarter(2026, 3), Quarter(2026, 4)


@pytest.fixture
def a_year(session, desk):
    """Three cases: closed after 6 days in the fourth quarter; withdrawn; open since the third quarter."""
    still_open, withdrawn, closed = three_cases(session, desk)
    desk.propose(closed)
    desk.later(2).close(closed)
    session.flush()
    return still_open, withdrawn, closed


def totals(session, quarter, until=None):
    counted = figures.quarter_figures(session, span(quarter, until))
    return {figure.value: counted.counts[figure].total for figure in Figure}


def test_each_figure_counts_its_cases(session, a_year):
    assert totals(session, THIRD) == {"ontvangen": 1, "afgehandeld": 0, "open": 1}
    assert totals(session, FOURTH) == {"ontvangen": 2, "afgehandeld": 2, "open": 1}
    assert totals(session, FOURTH, date(2026, 10, 6)) == {"ontvangen": 1, "afgehandeld": 0, "open": 2}
    assert totals(session, FOURTH, date(2026, 11, 8)) == {"ontvangen": 2, "afgehandeld": 1, "open": 2}


def test_the_sides_of_what_ended_are_those_of_that_moment(session, a_year):
    counted = figures.quarter_figures(session, span(FOURTH)).counts
    assert counted[Figure.HANDLED].by[Dimension.VERDICT] == {
        Verdict.UNDECIDED: 1,
        Verdict.BY_ONTHEFFING_OR_EXPERIMENT: 1,
    }
    assert counted[Figure.HANDLED].by[Dimension.RESULT] == {Result.WITHDRAWN: 1, Result.WITH_ONTHEFFING: 1}
    assert counted[Figure.RECEIVED].by[Dimension.SUBMITTER] == {SubmitterKind.CITIZEN_INITIATIVE: 2}


def test_gross_and_net_time(session, a_year):
    counted = figures.quarter_figures(session, span(FOURTH))
    # Withdrawn after 2 days; closed after 6 days, of which 5, 6 and 7 November stood still.
    assert (counted.gross.cases, counted.gross.median, counted.gross.ninth_decile) == (2, 4.0, 5.6)
    assert (counted.net.median, counted.net.ninth_decile) == (2.5, pytest.approx(2.9))


def test_a_case_that_ended_twice_in_a_quarter_counts_by_its_last_end(session, desk):
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    case = desk.bring("afgesloten")
    desk.later(3)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    desk.later(2)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    session.flush()
    for until, result, days in ((date(2026, 10, 9), Result.WITH_ONTHEFFING, 0), (None, Result.WITHDRAWN, 5)):
        where = span(FOURTH, until)
        counted = figures.quarter_figures(session, where)
        assert counted.counts[Figure.HANDLED].by[Dimension.RESULT] == {result: 1}
        assert (counted.gross.cases, counted.gross.median) == (1, days)
        (listed,) = figure_lists.figure_cases(session, where, Counted(Figure.HANDLED))
        assert listed.on_day == date(2026, 10, 5 + days)


def test_history_is_handled_but_has_no_days(session, desk, a_year):
    a_year[2].channel = Channel.IMPORT
    session.flush()
    counted = figures.quarter_figures(session, span(FOURTH))
    assert counted.counts[Figure.HANDLED].total == 2
    assert (counted.gross.cases, counted.gross.median, counted.net.median) == (1, 2.0, 2.0)
    timed = figure_lists.figure_cases(session, span(FOURTH), Counted(Figure.HANDLED, is_timed=True))
    assert [found.reference for found in timed] == [a_year[1].reference]


def test_late_per_clock(session, a_year):
    third = figures.quarter_figures(session, span(THIRD)).late[Clock.K1]
    assert (third.stopped, third.stopped_late, third.running_late) == (0, 0, 1)
    on_the_last_day = figures.quarter_figures(session, span(THIRD, date(2026, 9, 8))).late[Clock.K1]
    assert on_the_last_day.running_late == 0
    fourth = figures.quarter_figures(session, span(FOURTH)).late[Clock.K1]
    assert (fourth.stopped, fourth.stopped_late, fourth.running_late) == (2, 0, 1)


@pytest.mark.parametrize(
    ("due_on", "stopped_on", "third", "fourth"),
    [
        ("2026-09-15", "2026-09-15", (1, 0, 0), (0, 0, 0)),  # on its last day is in time
        ("2026-09-15", "2026-09-30", (1, 1, 0), (0, 0, 0)),
        ("2026-09-15", "2026-10-01", (0, 0, 1), (1, 1, 0)),
        ("2026-09-15", "2026-12-31", (0, 0, 1), (1, 1, 0)),
        ("2026-09-15", "2027-01-01", (0, 0, 1), (0, 0, 1)),
        ("2026-09-29", None, (0, 0, 1), (0, 0, 1)),
        ("2026-09-30", None, (0, 0, 0), (0, 0, 1)),
        ("2026-09-30", "2026-10-01", (0, 0, 0), (1, 1, 0)),
        (None, None, (0, 0, 0), (0, 0, 0)),
    ],
)
def test_a_run_of_a_clock_stops_in_one_quarter_and_is_late_from_the_day_after_its_last(
    session, make, due_on, stopped_on, third, fourth
):
    due, stopped = (text and date.fromisoformat(text) for text in (due_on, stopped_on))
    make.add(
        ClockPeriod(
            case_id=make.case().id, clock=Clock.K1, started_on=date(2026, 9, 1), length=10, unit=Unit.WORKING_DAYS,
            due_on=due, stopped_on=stopped,
        )
    )  # fmt: skip
    for quarter, expected in ((Quarter(2026, 2), (0, 0, 0)), (THIRD, third), (FOURTH, fourth)):
        where = span(quarter)
        late = figures.quarter_figures(session, where).late[Clock.K1]
        assert (late.stopped, late.stopped_late, late.running_late) == expected
        times = figure_series.clock_times(session, where)[Clock.K1]
        assert (times.runs, times.late) == expected[:2]
        listed = [len(figure_lists.figure_cases(session, where, Runs(Clock.K1, which))) for which in ClockSet]
        assert tuple(listed) == expected


BEFORE_MIDNIGHT, AT_MIDNIGHT = (datetime(2026, 9, 30, hour, minute, tzinfo=UTC) for hour, minute in ((21, 59), (22, 0)))
"""Of the last day of the third quarter, in Amsterdam."""


@pytest.mark.parametrize(
    ("made_at", "withdrawn_at", "counts"),
    [
        (BEFORE_MIDNIGHT, None, True),
        (AT_MIDNIGHT, None, False),
        (datetime(2026, 9, 2, tzinfo=UTC), BEFORE_MIDNIGHT, False),
        (datetime(2026, 9, 2, tzinfo=UTC), AT_MIDNIGHT, True),
    ],
)
def test_a_law_counts_when_it_was_known_at_the_end_of_the_last_day(session, desk, made_at, withdrawn_at, counts):
    desk.now = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    weighed = desk.weigh(desk.file(), AssessmentRole.BLOCKS)
    weighed.made_at, weighed.withdrawn_at = made_at, withdrawn_at
    session.flush()
    counted = figures.quarter_figures(session, span(THIRD)).counts[Figure.OPEN]
    assert counted.by[Dimension.LAW] == {weighed.law_id if counts else None: 1}
    assert [rule.law_id for rule in figures.pressing_rules(session, span(THIRD))] == [weighed.law_id] * counts


def test_a_rule_counts_each_case_and_each_municipality_once(session, make, desk):
    desk.now = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    provision, other = make.provision(), make.provision()
    first, neighbour, elsewhere = (desk.file() for _ in range(3))
    neighbour.municipality_id = first.municipality_id
    for case in (first, first, neighbour, elsewhere):  # history may name a rule twice
        make.assessment(case, provision, author_id=desk.handler.id, made_at=desk.now)
    make.assessment(elsewhere, other, author_id=desk.handler.id, made_at=desk.now)
    rules = figures.pressing_rules(session, span(THIRD))
    assert [(rule.provision_id, rule.cases, rule.municipalities) for rule in rules] == [
        (provision.id, 3, 2),
        (other.id, 1, 1),
    ]


def test_a_past_quarter_stays_as_it_was_whatever_happens_later(session, desk, a_year):
    before = figures.quarter_figures(session, span(FOURTH))
    desk.now = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    still_open = a_year[0]
    desk.take_in(still_open)
    desk.weigh(still_open)
    submitter.withdraw(desk.follower(still_open), still_open.reference, "", erase_contact=True)
    desk.file()
    session.flush()
    assert figures.quarter_figures(session, span(FOURTH)) == before
    assert totals(session, Quarter(2027, 1)) == {"ontvangen": 1, "afgehandeld": 1, "open": 1}


def test_a_clock_that_ran_late_stays_late_when_it_stands_still_and_goes_on_in_the_next_quarter(session, desk):
    desk.now = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    case = desk.file()
    desk.later(1).take_in(case)
    before = figures.quarter_figures(session, span(THIRD))
    assert before.late[Clock.K2].running_late == 1
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    triage.request_supplement(
        desk.context(desk.handler), case.reference, case.version, question="Wat?", why="Nodig.",
        answer_by=date(2026, 10, 20),
    )  # fmt: skip
    assert figures.quarter_figures(session, span(THIRD)) == before
    on_the_sixth = figures.quarter_figures(session, span(FOURTH, date(2026, 10, 6)))
    desk.later(3)
    question = session.scalars(select(Message).where(Message.case_id == case.id, Message.kind == "vraag")).one()
    submitter.answer(desk.follower(case), case.reference, question.id, "Dit.")
    session.flush()
    assert figures.quarter_figures(session, span(THIRD)) == before
    assert figures.quarter_figures(session, span(FOURTH, date(2026, 10, 6))) == on_the_sixth
    listed = figure_lists.figure_cases(session, span(THIRD), Runs(Clock.K2, ClockSet.RUNNING_LATE))
    assert [found.reference for found in listed] == [case.reference]


def test_a_clock_that_was_in_time_when_it_stood_still_was_not_late_by_what_came_after(session, desk):
    desk.now = datetime(2026, 9, 22, 9, 0, tzinfo=UTC)
    case = desk.file()
    desk.later(1).take_in(case)
    triage.request_supplement(
        desk.context(desk.handler), case.reference, case.version, question="Wat?", why="Nodig.",
        answer_by=date(2026, 10, 20),
    )  # fmt: skip
    before = figures.quarter_figures(session, span(THIRD))
    assert before.late[Clock.K2].running_late == 0
    desk.later(20)
    question = session.scalars(select(Message).where(Message.case_id == case.id, Message.kind == "vraag")).one()
    submitter.answer(desk.follower(case), case.reference, question.id, "Dit.")
    session.flush()
    assert figures.quarter_figures(session, span(THIRD)) == before
    assert figures.quarter_figures(session, span(FOURTH)).late[Clock.K2].running_late == 1


def test_every_number_opens_as_many_cases_as_it_says(session, a_year):
    for quarter in (THIRD, FOURTH):
        where = span(quarter)
        for figure, count in figures.quarter_figures(session, where).counts.items():
            assert len(figure_lists.figure_cases(session, where, Counted(figure))) == count.total
            for dimension, sides in count.by.items():
                assert sum(sides.values()) == count.total
                for value, number in sides.items():
                    found = figure_lists.figure_cases(session, where, Counted(figure, dimension, value))
                    assert len(found) == number, (quarter, figure, dimension, value)
        for clock, late in figures.quarter_figures(session, where).late.items():
            found = [len(figure_lists.figure_cases(session, where, Runs(clock, which))) for which in ClockSet]
            assert found == [late.stopped, late.stopped_late, late.running_late]
        timed = figure_lists.figure_cases(session, where, Counted(Figure.HANDLED, is_timed=True))
        assert len(timed) == figures.quarter_figures(session, where).gross.cases
        for rule in figures.pressing_rules(session, where):
            pressed = Pressed(rule.law_id, rule.provision_id, rule.article)
            assert len(figure_lists.figure_cases(session, where, pressed)) == rule.cases


def test_the_page_the_csv_and_the_pdf_show_the_same_numbers(client_as, desk, a_year):
    client = client_as(desk.handler)
    page = parse_page(client.get("/kwartalen/2026-3"))
    table = client.get("/kwartalen/2026-3.csv").get_data(as_text=True)
    assert "Open;totaal;;1;0" in table
    assert page.one("link", "1 open").href == "/kwartalen/2026-3/zaken?cijfer=open"
    pdf = pikepdf.open(io.BytesIO(client.get("/kwartalen/2026-3.pdf").data))
    assert len(pdf.pages) >= 3


def test_the_csv_tells_the_codes_of_provinces_and_the_keys_of_laws(session, client_as, desk, a_year):
    names = reference(session)
    codes = {}
    for quarter in (THIRD, FOURTH):
        lines = client_as(desk.handler).get(f"/kwartalen/{quarter}.csv").text[1:]
        for each in csv.DictReader(io.StringIO(lines), delimiter=";"):
            codes.setdefault(each["uitsplitsing"], {})[each["waarde"]] = each["code"]
    provinces = {row.name: row.code for row in names.provinces.values()}
    laws = {row.citation_title: row.key for row in names.laws.values()}
    for split, known in (("Per provincie", provinces), ("Per wet", laws)):
        told = {side: code for side, code in codes[split].items() if side in known}
        assert told == {side: known[side] for side in told} != {}, split
    assert set(codes["totaal"].values()) == set(codes["Per thema"].values()) == {""}


def test_a_long_split_shows_its_first_rows_and_leads_to_all(client_as, desk, a_year, monkeypatch):
    client = client_as(desk.handler)
    assert parse_page(client.get("/kwartalen/2026-4")).all("link", "Alle 2: Per wet") == []
    monkeypatch.setattr(reports, "ROWS_SHOWN", 1)
    monkeypatch.setattr(reports, "FEW_MORE", 0)
    page = parse_page(client.get("/kwartalen/2026-4?tot=2026-12-30"))
    address = page.one("link", "Alle 2: Per wet").href
    assert address == "/kwartalen/2026-4/per/wet?tot=2026-12-30"
    asked = {each.href for each in parse_page(client.get(address)).all("link") if "per=wet" in each.href}
    assert asked > {each.href for each in page.all("link") if "per=wet" in each.href}
    for elsewhere in ("/kwartalen/2026-4/per/niets", "/kwartalen/2030-1/per/wet", "/kwartalen/zomer/per/wet"):
        assert client.get(elsewhere).status_code == 404


def test_the_page_of_a_quarter_leads_to_all_that_it_does_not_tell(client_as, desk, a_year):
    client = client_as(desk.handler)
    base = "/kwartalen/2026-4"
    led = {each.href for each in parse_page(client.get(base)).all("link")}
    assert {f"{base}/per/{each.value}" for each in Dimension} | {f"{base}/meer"} <= led
    kept = {each.href for each in parse_page(client.get(f"{base}?tot=2026-12-30")).all("link")}
    assert {f"{base}/per/thema?tot=2026-12-30", f"{base}/meer?tot=2026-12-30"} <= kept
    back = parse_page(client.get(f"{base}/meer?tot=2026-12-30"))
    assert f"{base}?tot=2026-12-30" in {each.href for each in back.all("link")}
    for elsewhere in ("/kwartalen/2030-1/meer", "/kwartalen/zomer/meer"):
        assert client.get(elsewhere).status_code == 404


def test_a_long_split_is_paged_without_gaps(client_as, desk, a_year, monkeypatch):
    client = client_as(desk.handler)
    address = "/kwartalen/2026-4/per/wet"

    def sides(page):
        return [row[0] for row in page.one("table").rows()[1:]]

    whole = parse_page(client.get(address))
    assert whole.all("link", "Volgende") == []
    every = sides(whole)
    assert len(every) > 1
    monkeypatch.setattr(routes, "SPLIT_ROWS", 1)
    page, found = parse_page(client.get(address)), []
    assert page.all("link", "Vorige") == []
    while True:
        found += sides(page)
        assert f"{len(found)} tot {len(found)} van {len(every)}" in page.text
        following = page.all("link", "Volgende")
        if not following:
            break
        page = parse_page(client.get(following[0].href))
    assert found == every
    assert sides(parse_page(client.get(page.one("link", "Vorige").href))) == every[-2:-1]
    for beyond in (len(every), "tien", -1):
        assert client.get(f"{address}?na={beyond}").status_code == 404


def test_every_split_stands_beside_the_same_quarter_a_year_earlier(app, session, client_as, desk, a_year):
    """What a year earlier had and this quarter has not is a line too."""
    client = client_as(desk.handler)
    address = parse_page(client.get("/kwartalen/2026-4")).one("link", "Resultaat").href
    heads = parse_page(client.get(address)).one("table").rows()[0]
    assert heads == ["Resultaat", "Afgehandeld", "vorig kwartaal", "een jaar eerder"]
    ledger.settle(session)
    with app.test_request_context():
        earlier = reports.make_report(session, span(FOURTH), with_year=True)
        later = reports.make_report(session, span(Quarter(2027, 4)), with_year=True)
        plain = reports.make_report(session, span(Quarter(2027, 4)))
    for then, now in zip(earlier.tables, later.tables, strict=True):
        told = {(row.value, cell.figure): cell.now for row in then.rows for cell in row.cells if cell.now}
        beside = {(row.value, cell.figure): cell.year for row in now.rows for cell in row.cells if cell.year}
        assert beside == told, now.dimension
    assert {cell.year for table in plain.tables for row in table.rows for cell in row.cells} == {None}


def test_the_pdf_is_archival_and_accessible(client_as, desk, a_year):
    pdf = pikepdf.open(io.BytesIO(client_as(desk.handler).get("/kwartalen/2026-3.pdf").data))
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang) == "nl-NL"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Knelpunten in regels, 3e kwartaal 2026"
    kinds = {}
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item:
            kinds.setdefault(str(item.S), []).append(item)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/TOC"} <= set(kinds)
    assert all("/Alt" in figure for figure in kinds["/Figure"])
    fonts = [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


@pytest.mark.parametrize("address", ["2026-5", "2026-0", "26-1", "2013-3", "2099-1", "abc", "2026-4%00", "9" * 30])
def test_what_is_no_quarter_is_not_found(client_as, desk, address):
    assert client_as(desk.handler).get(f"/kwartalen/{address}").status_code == 404


@pytest.mark.parametrize("until", ["2026-13-01", "0000-01-01", "morgen", "2026-01-01", "%00"])
def test_a_day_that_is_none_gets_a_sentence(client_as, desk, until):
    answer = client_as(desk.handler).get(f"/kwartalen/2026-3?tot={until}")
    assert answer.status_code == 422
    assert "Kies een dag binnen dit kwartaal" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "", "cijfer=iets", "cijfer=open&per=iets", "cijfer=open&per=wet&waarde=x", "klok=K1",
        "klok=K99&welke=loopt", "knelt=x", "knelt=1&bepaling=x",
        "cijfer=open&per=wet&waarde=99999999999999999999", "cijfer=open&na=x", "cijfer=open&na=" + "9" * 40,
    ],
)  # fmt: skip
def test_a_number_that_does_not_exist_is_not_found(client_as, desk, query):
    assert client_as(desk.handler).get(f"/kwartalen/2026-3/zaken?{query}").status_code == 404


def test_the_list_behind_a_number_is_paged_without_gaps(session, client_as, desk, monkeypatch, a_year):
    monkeypatch.setattr(figure_lists, "PAGE_SIZE", 1)
    where = span(FOURTH)
    first = figure_lists.figure_cases(session, where, Counted(Figure.RECEIVED))
    second = figure_lists.figure_cases(session, where, Counted(Figure.RECEIVED), before=first[0].cursor)
    assert [case.cursor for case in first[:1] + second] == [a_year[2].id, a_year[1].id]
