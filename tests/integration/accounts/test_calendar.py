"""A calendar of terms by a secret address: the days of one's own cases, and nothing that names a person."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import Account, CalendarAddress, CaseParticipant, Event
from knelpunt.services.cases import triage
from knelpunt.services.submitters import reactions
from tests.support.desk import FILING, Desk
from tests.support.forms import fill

PAGE = "/mijn-account/agenda"


@pytest.fixture
def desk(session, make):
    return Desk(session, make)


def address_on(client):
    """The path of the address that the page shows."""
    return told_on(client.get(PAGE))


def told_on(page):
    found = re.search(r"/agenda/\w+\.ics", page.text)
    return found and found.group()


def press(client, what):
    page = client.get(PAGE)
    return client.post(PAGE, data=fill(page, "submission_key", action=what))


def read(client, path):
    """The calendar as another program reads it: day by what it is about."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    assert not calendar.errors
    for event in calendar.events:
        assert event["DTSTART"].params["VALUE"] == "DATE"
        assert event.end - event.start == timedelta(days=1)
    return {str(event["SUMMARY"]): event.start for event in calendar.events}


def test_a_handler_has_the_terms_of_own_cases_until_they_are_over(app, session, desk, client_as):
    mine, other = desk.bring("in_triage"), desk.bring("in_triage")
    other.handler_id = desk.make.handler().id
    session.commit()
    client = client_as(desk.handler)
    assert address_on(client) is None
    assert press(client, "maak").status_code == 302
    path = address_on(client)
    reader = app.test_client()  # the program that reads has no session
    name = f"{mine.reference}: Oordeel na de eerste beoordeling"
    assert read(reader, path) == {name: mine.due_on}
    answer = reader.get(path)
    for secret in (mine.title, FILING["contact_email"], desk.handler.name):
        assert secret not in answer.text
    assert reader.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    asked_by = add_working_days(desk.today, 12)
    triage.request_supplement(
        desk.context(desk.handler), mine.reference, mine.version, question="Welk plan?", why="Dat telt.",
        answer_by=asked_by,
    )  # fmt: skip
    session.commit()
    assert read(reader, path) == {f"{mine.reference}: Aanvulling": asked_by}
    reactions.withdraw(desk.follower(mine), mine.reference, "", erase_contact=False)
    session.commit()
    assert read(reader, path) == {}
    press(client, "maak")
    assert reader.get(path).status_code == 404
    newer = address_on(client)
    session.get_one(Account, desk.handler.id).is_active = False
    session.commit()
    assert reader.get(newer).status_code == 404
    session.get_one(Account, desk.handler.id).is_active = True
    session.commit()
    press(client, "stop")
    assert reader.get(newer).status_code == 404
    assert session.scalar(select(CalendarAddress)) is None
    told = session.scalars(select(Event.kind).where(Event.kind.like("agenda%")).order_by(Event.number)).all()
    assert told == ["agenda_adres_gemaakt", "agenda_adres_gemaakt", "agenda_gestopt"]


def test_a_submitter_has_the_terms_of_own_cases_only(app, session, desk, client_as):
    case = desk.bring("in_triage")
    organisation = desk.make.organisation()
    resident = desk.bring("in_triage")
    case.organisation_id = organisation.id
    session.commit()
    client = client_as(desk.make.member(organisation))
    press(client, "maak")
    path = address_on(client)
    assert list(read(app.test_client(), path)) == [f"{case.reference}: Oordeel na de eerste beoordeling"]
    joined = desk.bring("in_triage")
    desk.make.add(
        CaseParticipant(
            case_id=joined.id, municipality_id=organisation.municipality_id, organisation_id=organisation.id,
            status=ParticipantStatus.JOINED, asked_at=desk.make.now, ends_on=desk.make.today,
        )
    )  # fmt: skip
    session.commit()
    assert {each.split(":")[0] for each in read(app.test_client(), path)} == {case.reference, joined.reference}
    link = desk.make.follow_link(resident)
    session.commit()
    path = f"/volgen/{app.config['LINKS'].token('volgen', link.public_id, link.nonce)}"
    own = told_on(app.test_client().get(f"{path}/agenda"))
    assert link.nonce not in own
    assert path.rpartition("/")[2] not in own
    assert list(read(app.test_client(), own)) == [f"{resident.reference}: Oordeel na de eerste beoordeling"]
    link.revoked_at = datetime.now(UTC)
    session.commit()
    assert app.test_client().get(own).status_code == 404
