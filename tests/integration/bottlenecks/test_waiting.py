"""What rule bottlenecks wait for: the list for everybody, and the own list of who moves them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.bottlenecks import BottleneckStatus, BottleneckStep
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Bottleneck, OutboxMail
from knelpunt.queries.bottlenecks import waiting as bottleneck_waits
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.mail import remind_owner
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.jobs import reminders
from knelpunt.web.bottlenecks.routes_waiting import clock_words
from knelpunt.web.shared.pages.filters import short_date
from tests.support.page import parse_page
from tests.support.statements import counted

WAITING = "/regelknelpunten/wacht"
OWN = "/mijn-regelknelpunten"


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def moving(track, session, make):
    """One that was analysed in time, and on the real calendar: news is due after today."""
    track.analyse()
    track.bottleneck.waiting_for = "het advies van de Raad van State"
    track.bottleneck.news_due_on = make.today + timedelta(days=30)
    session.commit()
    return track


def test_everybody_sees_what_each_waits_for_and_late_ones_first(client, session, moving, make):
    late = moving.another("Een regel zonder nieuws")
    late.news_due_on = make.today - timedelta(days=1)
    late.signalled_on = make.today
    session.commit()
    page = parse_page(client.get(WAITING))
    first, second = page.one("table").records()
    assert first["Regelknelpunt"].startswith("Een regel zonder nieuws")
    assert second["Regelknelpunt"].startswith("De regel voor tijdelijke woningen")
    waits_for = [row["Waar het op wacht"] for row in (first, second)]
    assert waits_for == ["Op een ministerie dat het oppakt", "het advies van de Raad van State"]
    assert "2 regelknelpunten, 1 te laat" in page.text
    assert ["Te laat" in row["Volgend nieuws"] for row in (first, second)] == [True, False]
    assert "Bekijk waar elke regel op wacht" in text(client.get("/regelknelpunten"))


def test_a_bottleneck_without_a_ministry_after_its_term_is_late(client, session, moving, make):
    made = moving.another("Nog van niemand")
    made.owner_due_on, made.news_due_on = make.today - timedelta(days=1), make.today + timedelta(days=60)
    session.commit()
    assert "een ministerie had bekend moeten zijn" in text(client.get(WAITING))
    made.owner_due_on = make.today
    session.commit()
    assert "een ministerie had bekend moeten zijn" not in text(client.get(WAITING))


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.REVIEWER}], ids=["left", "another role"])
def test_the_heads_and_not_the_owner_are_asked_for_news_once_the_owner_cannot_tell_it(session, track, change):
    track.analyse()
    found, context = track.bottleneck, track.desk.system
    found.news_due_on = track.desk.today + timedelta(days=3)
    session.flush()
    assert found.id not in session.scalars(reminders.bottlenecks_of_nobody(context)).all()
    for name, value in change.items():
        setattr(track.owner, name, value)
    session.flush()
    assert found.id in session.scalars(reminders.bottlenecks_of_nobody(context)).all()
    reminders.tell_heads_of_bottleneck(context, found.id)
    remind_owner(context, found)
    told = select(OutboxMail.to_address).where(OutboxMail.kind == MailKind.BOTTLENECK_REMINDER)
    assert session.scalars(told).all() == [track.head.email]


@pytest.mark.parametrize(("days", "late"), [(-1, 1), (0, 0), (None, 0)])
def test_news_is_late_from_the_day_after_it_was_due(session, moving, make, days, late):
    moving.bottleneck.news_due_on = None if days is None else make.today + timedelta(days=days)
    session.flush()
    found = bottleneck_waits.waiting(session, make.today)
    assert (found.total, found.late, [row.is_late(make.today) for row in found.rows]) == (1, late, [bool(late)])


def test_since_is_the_day_of_the_step_and_not_of_later_news(client, session, moving):
    found = moving.bottleneck
    moved_on = moving.desk.now
    moving.desk.now += timedelta(days=9)
    news = News("Nog geen stap.", None, "de uitslag")
    bottlenecks.move(moving.desk.context(moving.owner), found.reference, found.version, BottleneckStep.REPORT, news)
    session.commit()
    page = text(client.get(WAITING))
    assert f"sinds {short_date(moved_on)}" in page
    assert "de uitslag" in page


def test_the_list_narrows_to_a_ministry_and_leaves_out_what_has_moved_or_ended(client, session, moving, make):
    other = moving.another("Een regel van niemand")
    ended = moving.another("Een regel die blijft")
    session.get(Bottleneck, ended.id).status = BottleneckStatus.JUSTIFIED
    session.commit()
    page = text(client.get(f"{WAITING}?ministerie={moving.ministry.id}"))
    assert "De regel voor tijdelijke woningen" in page
    assert other.title not in page
    assert ended.title not in text(client.get(WAITING))
    empty = make.ministry()
    session.commit()
    assert client.get(f"{WAITING}?ministerie={empty.id}").status_code == 200
    for query in ("ministerie=x", "ministerie=99999999999999", "pagina=-1", "pagina=%00", "pagina=999999"):
        assert client.get(f"{WAITING}?{query}").status_code == 200


def test_what_fits_on_one_page_leads_to_no_second(client, client_as, session, moving):
    for number in range(25):
        moving.another(f"Regel {number}")
    session.commit()
    for page in (client.get(WAITING), client_as(moving.head).get("/mijn-regelknelpunten")):
        assert parse_page(page).next_href is None
        assert "Regel 24" in text(page)


def test_the_list_shows_nothing_of_a_case_and_reads_in_a_fixed_number_of_statements(client, session, moving, make):
    client.get(WAITING)
    with counted(session.connection()) as few:
        client.get(WAITING)
    case = moving.case()
    bottleneck_links.propose_link(
        moving.desk.context(moving.desk.handler), case.reference, case.version, moving.bottleneck.reference
    )
    for number in range(5):
        moving.another(f"Regel {number}")
    session.commit()
    client.get(WAITING)  # reads the names that came in
    with counted(session.connection()) as more:
        page = text(client.get(WAITING))
    assert len(few) == len(more)
    assert case.reference not in page
    assert case.title not in page
    assert moving.owner.name not in page


def test_an_owner_sees_the_own_ones_with_the_days_left_and_the_head_everybodys(client_as, session, moving, make):
    other = moving.another("Een regel van een ander")
    for by in (moving.desk.handler, moving.head):  # what the head of the desk brings is taken in at once
        case = moving.case()
        bottleneck_links.propose_link(
            moving.desk.context(by), case.reference, case.version, moving.bottleneck.reference
        )
    session.commit()
    owner = client_as(moving.owner)
    assert owner.get("/welkom").location == OWN
    page = text(owner.get(OWN))
    assert "nog 30 dagen" in page
    assert "1 te beslissen" in page
    assert other.title not in page
    assert f'/regelknelpunten/{moving.bottleneck.reference}/stap/nieuws"' in page
    everything = text(client_as(moving.head).get(OWN))
    assert other.title in everything
    assert "nog geen eigenaar" in everything
    assert moving.owner.name in everything
    assert "U bent nu van geen regelknelpunt de eigenaar" in text(
        client_as(make.account(Role.BOTTLENECK_OWNER)).get(OWN)
    )


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [(-1, "late", "1 dag te laat"), (0, "soon", "vandaag"), (14, "soon", "nog 14"), (15, "running", "nog 15")],
)
def test_the_clock_of_the_news_warns_two_weeks_ahead(client_as, session, moving, make, days, state, words):
    moving.bottleneck.news_due_on = make.today + timedelta(days=days)
    session.commit()
    assert clock_words(moving.bottleneck.news_due_on, make.today)[0] == state
    (row,) = parse_page(client_as(moving.owner).get(OWN)).one("table").records()
    assert row["Uiterste dag"].startswith(words)
