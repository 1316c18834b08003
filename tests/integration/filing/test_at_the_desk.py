"""The desk files for somebody who called: that person is the submitter, the account stays the author."""

from sqlalchemy import select

from knelpunt.domain.vocabulary import ActorKind, Channel, SubmitterKind
from knelpunt.models import Case, Contact, Draft, Event, OutboxMail
from tests.integration.filing.residents import CONTACT, OBSTACLE, PLACE, PLAN, begin, file, send
from tests.support.forms import fill


def begin_at_desk(client):
    page = client.get("/zaken/nieuw")
    assert "U vult dit in voor iemand anders" in page.get_data(as_text=True)
    answer = client.post("/zaken/nieuw", data=fill(page, "title", **PLAN))
    assert answer.status_code == 302
    return answer.location.split("/")[2]


def answer_the_rest(client, key):
    send(client, key, "plaats", "municipality_id", **PLACE)
    send(client, key, "belemmering", "description", **OBSTACLE)
    send(client, key, "contact", "contact_email", **CONTACT)


def test_the_person_is_the_submitter_and_the_account_the_author(client_as, client, make, session):
    triager = make.triager()
    desk = client_as(triager)
    assert 'href="/zaken/nieuw"' in desk.get("/werkvoorraad").get_data(as_text=True)
    key = begin_at_desk(desk)
    answer_the_rest(desk, key)
    assert "Lees dit voor" in desk.get(f"/melden/{key}/controle").get_data(as_text=True)

    assert file(desk, key).location == f"/melden/{key}/ontvangen"

    case = session.scalars(select(Case)).one()
    assert (case.channel, case.author_id, case.organisation_id) == (Channel.DESK, triager.id, None)
    assert case.submitter_kind is SubmitterKind.CITIZEN_INITIATIVE
    assert session.get_one(Contact, case.id).email == CONTACT["contact_email"]
    assert session.scalars(select(OutboxMail.to_address)).all() == [CONTACT["contact_email"]]
    filed = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (filed.actor_kind, filed.actor_id) == (ActorKind.ACCOUNT, triager.id)
    assert case.reference in desk.get(f"/melden/{key}/ontvangen").get_data(as_text=True)


def test_the_person_may_go_on_by_the_link_and_the_author_is_kept(client_as, client, make, session):
    triager = make.triager()
    key = begin_at_desk(client_as(triager))
    answer_the_rest(client, key)
    assert "U vult dit in voor iemand anders" not in client.get(f"/melden/{key}/controle").get_data(as_text=True)
    file(client, key)
    case = session.scalars(select(Case)).one()
    assert (case.channel, case.author_id) == (Channel.DESK, triager.id)
    filed = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (filed.actor_kind, filed.actor_id) == (ActorKind.VISITOR, None)


def test_another_account_with_the_link_of_a_resident_stays_a_visitor(client_as, client, make, session):
    key = begin(client)
    triager = client_as(make.triager())
    answer_the_rest(triager, key)
    file(triager, key)
    case = session.scalars(select(Case)).one()
    assert (case.channel, case.author_id) == (Channel.ONLINE, None)


def test_only_who_takes_cases_in_begins_here(client_as, client, make, session):
    for account in (make.handler(), make.reviewer(), make.filer(), make.administrator()):
        assert client_as(account).get("/zaken/nieuw").status_code in (403, 404)
        assert client_as(account).post("/zaken/nieuw", data={"title": "x"}).status_code in (403, 404)
    assert client.get("/zaken/nieuw").status_code == 302
    assert "/zaken/nieuw" not in client_as(make.handler()).get("/werkvoorraad").get_data(as_text=True)
    assert session.scalars(select(Draft)).all() == []
