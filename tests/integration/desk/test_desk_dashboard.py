"""The page of the head of the desk: its numbers are those of the work lists behind them."""

import re
from datetime import timedelta
from itertools import pairwise

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.vocabulary import CaseStatus, Role
from knelpunt.queries.figures import dashboards
from knelpunt.queries.figures.dashboards import Age, desk_overview
from knelpunt.services.core.events import append, event_row
from knelpunt.services.core.small_tables import touch
from tests.support.page import parse_page


def test_each_number_opens_a_list_of_so_many_cases(make, client_as, session):
    handler = make.handler()
    make.case(CaseStatus.IN_HANDLING, handler_id=handler.id, due_on=make.today - timedelta(days=2), due_clock=Clock.K4)
    make.case(CaseStatus.IN_HANDLING, handler_id=handler.id, filed_on=make.today - timedelta(days=7))
    make.case(CaseStatus.SUBMITTED, filed_on=make.today - timedelta(days=8))
    make.case(CaseStatus.PROPOSED, handler_id=handler.id, filed_on=make.today - timedelta(days=400))
    make.case(CaseStatus.CLOSED, handler_id=handler.id)
    touch(session)
    client = client_as(make.head_of_desk())
    page = parse_page(client.get("/bureau"))
    numbers = page.one("main").all("link", re.compile(r"^\d+ "))
    lists = [link for link in numbers if link.href.startswith("/werkvoorraad?")]
    assert len(lists) >= 9
    for link in lists:
        listed = parse_page(client.get(link.href)).one("table").records()
        assert len(listed) == int(link.name.split()[0]), link.name
    assert {"4 open zaken", "1 te laat"} <= {link.name for link in lists}


def test_silence_is_two_weeks_without_an_event(make, session, client_as):
    quiet, lively, closed = make.case(title="Al lang stil"), make.case(), make.case(CaseStatus.CLOSED)
    for case, days in ((quiet, 15), (lively, 14), (closed, 50)):
        day = make.today - timedelta(days=days)
        append(session, [event_row("bericht_verstuurd", recorded_at=make.now, happened_on=day, case=case)])
    overview = desk_overview(session, make.actor(make.head_of_desk()), make.today)
    assert [row.reference for row in overview.silent] == [quiet.reference]
    assert overview.silent_count == 1
    page = client_as(make.head_of_desk()).get("/bureau").get_data(as_text=True)
    assert "Al lang stil" in page


def test_ages_follow_one_another_without_a_gap(make):
    days = [age.days(make.today) for age in Age]
    assert days[0][1] is None and days[-1][0] is None
    for (first, _), (_, last) in pairwise(days):
        assert last == first - timedelta(days=1)


def test_an_empty_desk_says_so(make, client_as):
    page = client_as(make.head_of_desk()).get("/bureau").get_data(as_text=True)
    assert "Nergens is het lang stil" in page


def test_only_the_head_of_the_desk_comes_here(make, client, client_as):
    assert client.get("/bureau").status_code == 302
    for role in set(Role) - {Role.HEAD_OF_DESK}:
        assert client_as(make.account(role)).get("/bureau").status_code == 404


def test_many_cases_take_as_many_statements_as_few(make, client_as, statements, session, monkeypatch):
    monkeypatch.setattr(dashboards, "SHOWN", 3)
    client = client_as(make.head_of_desk())

    def cost():
        client.get("/bureau")
        with statements() as sent:
            assert client.get("/bureau").status_code == 200
        return len(sent)

    make.case()
    few = cost()
    for _ in range(12):
        make.case(CaseStatus.IN_HANDLING, handler_id=make.handler().id)
    touch(session)
    assert cost() == few <= 6
