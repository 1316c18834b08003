"""Another contact address: by the submitter with a confirming link, or by the desk when mail does not arrive."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.adapters.mail import DeliveryFailed
from knelpunt.domain.accounts import LINKS_PER_ADDRESSEE
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import AddressChange, Contact, Event, OutboxMail
from knelpunt.services.jobs import upkeep
from knelpunt.services.mail import delivery
from knelpunt.services.submitters import addresses, links
from knelpunt.services.submitters import reactions as submitter
from tests.support.forms import fill

OLD, NEW = "initiatief@proef.example", "goed@proef.example"


def last_mail(session, address):
    return session.scalars(
        select(OutboxMail).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc()).limit(1)
    ).first()


def ask(client, path, address=NEW):
    page = client.get(f"{path}/adres")
    return client.post(f"{path}/adres", data=fill(page, "email", email=address))


def confirm_path(session, address=NEW):
    return re.search(r"http://localhost(/volgen/adres/\w+)", last_mail(session, address).body)[1]


def test_a_new_address_holds_once_its_owner_confirms_it(client, desk, session, path_to):
    case = desk.file()
    path = path_to(case)
    assert ask(client, path).location == path
    contact = session.get_one(Contact, case.id)
    assert contact.email == OLD
    notice = last_mail(session, OLD)
    assert notice.kind == "adres_wordt_gewijzigd"
    assert NEW not in notice.body
    assert client.get(path).status_code == 200  # the old link goes on working
    link = confirm_path(session)
    assert client.get(link).status_code == 200
    session.refresh(contact)
    assert contact.email == OLD  # a mail scanner that opens the link changes nothing
    answer = client.post(link, data=fill(client.get(link), "submission_key"))
    assert client.get(answer.location).status_code == 200
    session.refresh(contact)
    assert (contact.email, contact.verified_at is not None) == (NEW, True)
    assert client.get(path).status_code == 404
    new_path = re.search(r"http://localhost(/volgen/\w+)", last_mail(session, NEW).body)[1]
    told = client.get(new_path).get_data(as_text=True)
    assert "Uw e-mailadres is gewijzigd" in told
    assert NEW not in told
    assert OLD not in told
    kinds = session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert kinds[-2:] == [EventKind.ADDRESS_CHANGE_ASKED, EventKind.ADDRESS_CHANGED]
    data = session.scalars(select(Event.data).where(Event.kind == EventKind.ADDRESS_CHANGED)).one()
    assert "@" not in str(data)
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("address", ["", "geen adres", "a@b.example\x00", "a@b.example, c@d.example", OLD])
def test_what_is_no_new_address_is_said_beside_the_field(client, desk, session, path_to, address):
    path = path_to(desk.file())
    assert ask(client, path, address).status_code == 422
    assert session.scalars(select(AddressChange)).all() == []


def test_a_later_request_replaces_an_earlier_and_a_week_ends_it(app, client, desk, session, path_to):
    path = path_to(desk.file())
    ask(client, path)
    first = confirm_path(session)
    ask(client, path, "later@proef.example")
    assert client.get(first).status_code == 404
    second = confirm_path(session, "later@proef.example")
    token = second.rsplit("/", 1)[1]
    desk.links = app.config["LINKS"]
    desk.now = session.scalars(select(AddressChange.asked_at)).one() + addresses.CONFIRM_TERM
    assert addresses.waiting_change(desk.as_(VISITOR), token).email == "later@proef.example"
    desk.now += timedelta(seconds=1)
    with pytest.raises(NotFound):
        addresses.waiting_change(desk.as_(VISITOR), token)
    assert upkeep.sweep_tables(session, desk.now)["address_changes"] == 1


@pytest.mark.parametrize("ending", [submitter.erase_contact, links.renew_link, links.revoke_link])
def test_an_erased_contact_or_an_ended_link_ends_the_change(client, desk, session, path_to, ending):
    case = desk.file()
    ask(client, path_to(case))
    link = confirm_path(session)
    ending(desk.follower(case), case.reference)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    if ending is submitter.erase_contact:
        session.expire_all()
        assert NEW not in str([(mail.to_address, mail.body) for mail in session.scalars(select(OutboxMail))])


def test_a_stranger_is_not_flooded_with_links(client, desk, session, path_to):
    path = path_to(desk.file())
    answers = []
    for index in range(LINKS_PER_ADDRESSEE.attempts + 1):
        ask(client, path, f"tussendoor{index}@proef.example")
        answers.append(ask(client, path).status_code)
    assert answers == [302] * LINKS_PER_ADDRESSEE.attempts + [429]
    sent = session.scalars(select(OutboxMail.id).where(OutboxMail.to_address == NEW)).all()
    assert len(sent) == LINKS_PER_ADDRESSEE.attempts


class Refuses:
    def deliver(self, mail):
        raise DeliveryFailed("the server refused the address (550)", is_server_away=False)

    def rest(self):
        return


def test_the_desk_sees_an_address_that_fails_and_mends_it(client_as, client, desk, session, path_to):
    case = desk.file()
    old_path = path_to(case)
    for _ in range(delivery.MAX_ATTEMPTS):
        outcome = delivery.deliver_next(desk.system, Refuses())
        desk.now += timedelta(days=2)
    assert outcome.outcome is delivery.Outcome.GAVE_UP
    staff = client_as(desk.handler)
    page = staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Onze mail kwam niet aan op dit adres" in page
    path = f"/zaken/{case.reference}/adres"
    form = staff.get(path)
    assert OLD not in form.get_data(as_text=True)
    assert staff.post(path, data=fill(form, "email", email="geen adres")).status_code == 422
    assert staff.post(path, data=fill(staff.get(path), "email", email=NEW)).status_code == 303
    page = staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Onze mail kwam niet aan" not in page
    assert "E-mailadres hersteld door het loket" in page
    assert NEW not in page
    assert client.get(old_path).status_code == 404
    assert last_mail(session, NEW).kind == "adres_gewijzigd"
    event = session.scalars(select(Event).where(Event.kind == EventKind.ADDRESS_CORRECTED)).one()
    assert event.actor_id == desk.handler.id
    contact = session.get_one(Contact, case.id)
    session.refresh(contact)
    assert (contact.verified_at, contact.undelivered_at) == (None, None)


def test_a_confirmed_address_that_the_desk_replaces_hears_that_its_link_ended(client, desk, session, path_to):
    case = desk.file()
    path = path_to(case)
    submitter.verify_address(desk.as_(VISITOR), case)
    addresses.correct(desk.context(desk.handler), case.reference, NEW)
    session.commit()
    told = last_mail(session, OLD)
    assert "werkt niet meer" in told.body and "Tot dan" not in told.body and NEW not in told.body
    assert client.get(path).status_code == 404


def test_the_desk_mends_no_address_of_an_organisation(client_as, make, desk):
    filer = make.filer()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id)
    assert client_as(desk.handler).get(f"/zaken/{case.reference}/adres").status_code == 404


def test_who_may_not_handle_mends_nothing(client_as, make, desk, session):
    case = desk.file()
    assert client_as(make.reviewer()).post(f"/zaken/{case.reference}/adres", data={"email": NEW}).status_code == 404
    assert session.get_one(Contact, case.id).email == OLD
