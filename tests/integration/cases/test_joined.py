"""A case in which an organisation files along: another municipality leads, is at turn, and is named as the one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.clocks import Clock
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ParticipantStatus
from knelpunt.models import CaseParticipant, Message
from knelpunt.services import events
from knelpunt.services.act import Act
from knelpunt.services.reference import touch
from tests.forms import fill


def participant(make, case, organisation, status):
    return make.add(
        CaseParticipant(
            case_id=case.id,
            municipality_id=organisation.municipality_id,
            organisation_id=organisation.id,
            status=status,
            asked_at=make.now,
            ends_on=make.today + timedelta(days=30),
        )
    )


@pytest.fixture
def lead(make):
    return make.organisation()


@pytest.fixture
def us(make):
    return make.organisation()


@pytest.fixture
def joined(make, session, lead, us):
    """A case of another municipality, in which this one files along."""

    def join(status=CaseStatus.SUBMITTED, **columns):
        case = make.case(status, organisation_id=lead.id, municipality_id=lead.municipality_id, **columns)
        participant(make, case, us, ParticipantStatus.JOINED)
        touch(session)
        return case

    return join


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_list_says_who_leads_and_who_is_at_turn(client_as, make, lead, us, joined):
    theirs = joined(CaseStatus.AWAITING_SUPPLEMENT, title="Onze buren meldden dit")
    ours = make.case(CaseStatus.AWAITING_SUPPLEMENT, organisation_id=us.id, title="Dit meldden wij zelf")
    client = client_as(make.filer(us))
    everything = read(client, "/onze-zaken")
    assert f"Wij doen mee met {lead.name}" in everything
    assert f"{lead.name} is aan zet" in everything
    assert everything.count("wij zijn aan zet") == 1
    turn = read(client, "/onze-zaken?lijst=aan-zet")
    assert ours.title in turn
    assert theirs.title not in turn
    assert theirs.title in read(client_as(make.filer(lead)), "/onze-zaken?lijst=aan-zet")


def test_the_overview_does_not_count_it_as_waiting_for_us(client_as, make, us, joined):
    joined(CaseStatus.PROPOSED, due_on=date(2026, 12, 8), due_clock=Clock.K5)
    page = " ".join(read(client_as(make.filer(us)), "/onze-zaken/overzicht").split())
    assert 'Een gemeente waarmee u samen meldt</th><td class="kn-number">1</td>' in page
    assert 'Uw organisatie</th><td class="kn-number">0</td>' in page


def test_the_case_page_says_that_the_lead_is_at_turn_and_answers(client_as, make, lead, us, joined):
    case = joined(CaseStatus.AWAITING_SUPPLEMENT, status_before_supplement="in_triage")
    make.add(
        Message(
            case_id=case.id,
            kind=MessageKind.QUESTION,
            from_desk=True,
            body="Welk plan is het?",
            answer_by=date(2026, 12, 8),
            written_at=make.now,
        )
    )
    page = read(client_as(make.filer(us)), f"/onze-zaken/{case.reference}")
    assert f"{lead.name} is aan zet" in page
    assert f"{lead.name} antwoordt uiterlijk op dinsdag 8 december 2026." in page
    assert f"Antwoorden doet {lead.name}." in page
    assert "U bent aan zet" not in page
    assert "een collega die mag indienen" not in page
    assert "U bent aan zet" in read(client_as(make.filer(lead)), f"/onze-zaken/{case.reference}")


def test_the_story_names_the_lead_and_speaks_of_our_municipality(client_as, make, session, app, lead, us):
    case = make.case(organisation_id=lead.id, municipality_id=lead.municipality_id)
    asked = participant(make, case, us, ParticipantStatus.ASKED)
    act = Act(session, make.actor(make.filer(lead)), make.now, app.config["LINKS"])
    events.record(act, EventKind.FILED, case=case)
    touch(session)
    ours, path = client_as(make.filer(us)), f"/onze-zaken/samen/{asked.id}"
    ours.post(path, data={**fill(ours.get(path), "submission_key"), "action": "doet-mee"})
    page = read(ours, f"/onze-zaken/{case.reference}")
    assert f"{lead.name} diende de melding in" in page
    assert "Uw gemeente doet mee</p>" in page
    for words in ("U diende de melding in", "U vertelde wat u tegenhoudt", "Een andere gemeente doet mee"):
        assert words not in page
    theirs = read(client_as(make.filer(lead)), f"/onze-zaken/{case.reference}")
    assert "U diende de melding in" in theirs
    assert "Een andere gemeente doet mee" in theirs


def test_stopping_is_offered_on_the_case_and_asks_first(client_as, make, session, lead, us, joined):
    case = joined()
    row = session.scalars(select(CaseParticipant)).one()
    ours, stop = client_as(make.filer(us)), f"/onze-zaken/samen/{row.id}/stoppen"
    assert f'href="{stop}"' in read(ours, f"/onze-zaken/{case.reference}")
    assert "Stop met meedoen" not in read(client_as(make.member(us)), f"/onze-zaken/{case.reference}")
    assert "Ja, wij stoppen met meedoen" in read(ours, stop)
    assert row.status is ParticipantStatus.JOINED
    answer = ours.post(stop, data=fill(ours.get(stop), "submission_key"))
    assert answer.location == f"/onze-zaken/samen/{row.id}"
    session.refresh(row)
    assert row.status is ParticipantStatus.DECLINED
    assert ours.get(f"/onze-zaken/{case.reference}").status_code == 404
    assert ours.get(stop).location == f"/onze-zaken/samen/{row.id}"
