"""A case in which an organisation files along: another municipality leads, is at turn, and is named as the one."""

from datetime import date, timedelta

import pytest

from knelpunt.domain.clocks import Clock
from knelpunt.domain.vocabulary import CaseStatus, ParticipantStatus
from knelpunt.models import CaseParticipant
from knelpunt.services.reference import touch


@pytest.fixture
def lead(make):
    return make.organisation()


@pytest.fixture
def us(make):
    return make.organisation()


@pytest.fixture
def joined(make, session, lead, us):
    """A case of another municipality, in which this one files along."""

    def join(status, **columns):
        case = make.case(status, organisation_id=lead.id, municipality_id=lead.municipality_id, **columns)
        make.add(
            CaseParticipant(
                case_id=case.id,
                municipality_id=us.municipality_id,
                organisation_id=us.id,
                status=ParticipantStatus.JOINED,
                asked_at=make.now,
                ends_on=make.today + timedelta(days=30),
            )
        )
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
