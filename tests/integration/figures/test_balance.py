"""What was open at the begin, what came and what went make what is open at the end, in every quarter."""

import csv
import io
import random
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import STEPS, Figure, Step
from knelpunt.domain.figures.edition import BALANCE
from knelpunt.domain.figures.ledger import FIRST_QUARTER
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.models import Case
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import counts as figures
from knelpunt.queries.figures import lists as figure_lists
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.lists import Moved
from knelpunt.queries.figures.series import counts_by_quarter
from knelpunt.services.cases import resolution
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.pdf_data import pdf_data
from knelpunt.web.reporting.public.making import working_edition
from knelpunt.web.shared.charts.tile_map import geometry_of
from tests.support.desk import Desk
from tests.support.page import parse_page

THIRD, FOURTH = Quarter(2026, 3), Quarter(2026, 4)
SIGNS = {"": 1, "+": 1, "−": -1}


def reopen(desk: Desk, case: Case) -> None:
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")


def withdraw(desk: Desk, case: Case) -> None:
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)


def assert_sums(session, last) -> None:
    """In each quarter up to ``last`` the sum closes, and each step has the cases that it says."""
    counts = counts_by_quarter(session, FIRST_QUARTER, last)
    assert counts[-1].received + counts[-2].received + counts[-3].received, "nothing to add up"
    for before, count in pairwise(counts):
        summed = before.open + count.received + count.reopened - count.handled - count.no_end
        assert summed == count.open, count
        span = Span.of(count.quarter, min(last, count.quarter.last_day))
        for step, number in ((Step.REOPENED, count.reopened), (Step.NO_END, count.no_end)):
            assert len(figure_lists.figure_cases(session, span, Moved(step))) == min(number, 51), (count, step)
        assert figures.quarter_figures(session, span).counts[Figure.OPEN].total == count.open


@pytest.mark.parametrize("seed", range(4))
def test_the_sum_closes_whatever_happens(session, desk, seed):
    chance = random.Random(seed)
    desk.now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    cases: list[Case] = []
    reopened = 0
    for _ in range(30):
        desk.later(chance.randint(0, 14))
        case = chance.choice([*cases, None, None])
        if case is None:
            cases.append(desk.bring(chance.choice(["ingediend", "in_behandeling", "afgesloten"])))
        elif case.status is CaseStatus.CLOSED:
            reopen(desk, case)
            reopened += 1
        elif case.status is CaseStatus.IN_HANDLING and chance.random() < 0.7:
            desk.propose(case)
            desk.close(case)
        elif case.status is not CaseStatus.WITHDRAWN:
            withdraw(desk, case)
    session.flush()
    assert reopened
    assert_sums(session, desk.today)


def test_a_case_that_opens_again_counts_as_often_as_the_sum_needs(session, desk):
    """Ended in the third quarter; in the fourth it opens, ends, opens, ends, and opens again."""
    desk.now = datetime(2026, 9, 21, 9, 0, tzinfo=UTC)
    case = desk.bring("afgesloten")
    told = []
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    for _ in range(2):
        reopen(desk, case)
        session.flush()
        told.append(counts_by_quarter(session, THIRD, desk.today)[-1])
        desk.later(3).propose(case)
        desk.close(case)
        session.flush()
        told.append(counts_by_quarter(session, THIRD, desk.today)[-1])
    reopen(desk, case)
    session.flush()
    told.append(counts_by_quarter(session, THIRD, desk.today)[-1])
    assert [(each.reopened, each.handled, each.open) for each in told] == [
        (1, 0, 1), (1, 1, 0), (2, 1, 1), (1, 1, 0), (2, 1, 1),
    ]  # fmt: skip
    assert_sums(session, desk.today)


def test_page_csv_and_pdf_add_up_and_open_what_they_count(session, client_as, desk):
    desk.now = datetime(2026, 9, 21, 9, 0, tzinfo=UTC)
    case = desk.bring("afgesloten")
    desk.file()
    desk.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    desk.file()
    reopen(desk, case)
    session.flush()
    ledger.settle(session)
    report = reports.make_report(session, Span.of(FOURTH, FOURTH.last_day))
    for numbers in ([line.now for line in report.balance], [line.before for line in report.balance]):
        parts = zip(report.balance[:-1], numbers, strict=False)
        assert sum(SIGNS[line.sign] * number for line, number in parts) == numbers[-1]
    assert [(line.words, line.now, line.before) for line in report.balance] == [
        ("Open aan het begin", 1, 0),
        ("Ontvangen", 1, 2),
        ("Heropend", 1, 0),
        ("Afgehandeld", 0, 1),
        ("Open aan het eind", 3, 1),
    ]
    pdf = pdf_data(working_edition(report), geometry_of(reference(session)), "https://knelpunt.example")
    [balance] = [table for table in pdf["tables"] if table["key"] == BALANCE]
    assert [[row[0], *row[2:]] for row in balance["rows"]] == [
        [f"{line.sign} {line.words}".strip(), str(line.now), str(line.before)] for line in report.balance
    ]

    client = client_as(desk.handler)
    rows = csv.reader(io.StringIO(client.get("/kwartalen/2026-4.csv").get_data(as_text=True)), delimiter=";")
    assert [[row[1], row[3], row[4]] for row in rows if row[0] == "Van begin naar eind"] == [
        [reports.SIGNS_IN_WORDS[line.sign] + line.words, str(line.now), str(line.before)] for line in report.balance
    ]
    page = parse_page(client.get("/kwartalen/2026-4"))
    behind = parse_page(client.get(page.one("link", "1 heropend").href))
    assert case.reference in behind.names("link")
    assert STEPS[Step.REOPENED].sentence in behind.text
    assert page.one("link", "1 open aan het begin").href.startswith("/kwartalen/2026-3/zaken")
    for table in parse_page(client.get("/kwartalen")).all("table"):
        assert all(row["Heropend"].isdigit() for row in table.records())


def test_a_running_quarter_gets_no_verdict_beside_a_whole_one(client_as, desk, session):
    desk.now = datetime(2026, 9, 21, 9, 0, tzinfo=UTC)
    desk.file()
    session.flush()
    client = client_as(desk.handler)
    whole = client.get("/kwartalen/2026-3").get_data(as_text=True)
    part = client.get("/kwartalen/2026-3?tot=2026-09-29").get_data(as_text=True)
    assert "1 meer dan vorig kwartaal" in whole
    assert "ongunstig" in whole
    assert "1 meer dan vorig kwartaal" in part
    assert "ongunstig" not in part
