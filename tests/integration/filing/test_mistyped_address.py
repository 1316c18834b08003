"""A resident who mistyped the address gets no mail, and so no link: the receipt lets it be mended, in that browser."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.accounts import LINKS_PER_ADDRESSEE
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, EventKind
from knelpunt.models import Case, Contact, Event, OutboxMail
from knelpunt.services.submitters import addresses
from knelpunt.web.shared.pages.filters import moment
from tests.integration.filing.residents import CONTACT, answer_all, file
from tests.integration.filing.test_at_the_desk import answer_the_rest, begin_at_desk
from tests.support.forms import fill

WRONG, RIGHT = CONTACT["contact_email"], "buurt.goed@proef.example"


@pytest.fixture
def filed(client, session):
    """The receipt of what this browser filed, and the case."""
    answer = file(client, answer_all(client))
    assert answer.location.endswith("/ontvangen")
    return answer.location, session.scalars(select(Case)).one()


def mend(client, receipt, address=RIGHT):
    path = f"{receipt}/adres"
    return client.post(path, data=fill(client.get(path), "email", email=address))


def mails_to(session, address):
    return session.scalars(select(OutboxMail).where(OutboxMail.to_address == address).order_by(OutboxMail.id)).all()


def link_in(mail):
    return re.search(r"http://localhost((?:/en)?/volgen/\w+)", mail.body)[1]


def test_the_confirmation_goes_to_the_mended_address_and_the_first_link_ends(client, session, filed):
    receipt, case = filed
    (first,) = mails_to(session, WRONG)
    page = client.get(receipt).get_data(as_text=True)
    assert f'href="{receipt}/adres"' in page and WRONG not in page
    assert f'value="{WRONG}"' in client.get(f"{receipt}/adres").get_data(as_text=True)
    assert mend(client, receipt).location == receipt
    (again,) = mails_to(session, RIGHT)
    assert again.kind == first.kind
    assert f"{RIGHT[0]}•••@proef.example" in client.get(receipt).get_data(as_text=True)
    (told,) = mails_to(session, WRONG)[1:]
    assert case.reference in told.subject and "/volgen/" not in told.body and RIGHT not in told.body
    assert client.get(link_in(first)).status_code == 404
    assert client.get(link_in(again)).status_code == 200
    contact = session.get_one(Contact, case.id, populate_existing=True)
    assert (contact.email, contact.verified_at) == (RIGHT, None)
    event = session.scalars(select(Event).where(Event.kind == EventKind.ADDRESS_CHANGED)).one()
    assert "@" not in str(event.data)
    assert mend(client, receipt).status_code == 422  # the same address once more
    assert len(mails_to(session, RIGHT)) == 1


@pytest.mark.parametrize("address", ["", "geen adres", "a@b.example\x00", "a@b.example, c@d.example", "x" * 300])
def test_what_is_no_address_is_said_beside_the_field(client, session, filed, address):
    receipt, case = filed
    answer = mend(client, receipt, address)
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert session.get_one(Contact, case.id).email == WRONG


def test_another_browser_with_the_address_of_the_receipt_changes_nothing(app, client, session, filed):
    receipt, case = filed
    form = fill(client.get(f"{receipt}/adres"), "email", email=RIGHT)
    other = app.test_client()
    other.test_session = session
    assert "/adres" not in other.get(receipt).get_data(as_text=True)
    page = other.get(f"{receipt}/adres").get_data(as_text=True)
    assert "Neem contact op met het loket" in page and WRONG not in page
    assert other.post(f"{receipt}/adres", data=form).status_code == 422
    assert session.get_one(Contact, case.id, populate_existing=True).email == WRONG
    assert mails_to(session, RIGHT) == []


@pytest.mark.parametrize("over", ["confirmed", "an hour", "link used", "erased", "withdrawn"])
def test_an_address_whose_link_was_used_or_that_is_old_cannot_be_mended_here(client, session, filed, over):
    receipt, case = filed
    form = fill(client.get(f"{receipt}/adres"), "email", email=RIGHT)
    contact = session.get_one(Contact, case.id)
    if over == "confirmed":
        contact.verified_at = case.filed_at
    elif over == "an hour":
        case.filed_at -= timedelta(minutes=61)
    elif over == "link used":
        (mail,) = mails_to(session, WRONG)
        add = f"{link_in(mail)}/toevoegen"
        assert client.post(add, data=fill(client.get(add), "body", body="Nog iets.")).status_code == 302
    elif over == "erased":
        contact.email, contact.erased_at = None, case.filed_at
    else:
        case.status = CaseStatus.WITHDRAWN
    session.commit()
    assert client.post(f"{receipt}/adres", data=form).status_code == 422
    assert mails_to(session, RIGHT) == []
    page = client.get(f"{receipt}/adres")
    assert page.status_code == 200
    if over != "withdrawn":  # here the case itself says so, only once it is sent
        assert WRONG not in page.get_data(as_text=True)
        assert f"{receipt}/adres" not in client.get(receipt).get_data(as_text=True)


def test_the_receipt_says_until_when_and_opening_the_link_does_not_end_it(client, session, filed):
    receipt, case = filed
    (mail,) = mails_to(session, WRONG)
    assert client.get(link_in(mail)).status_code == 200  # as a mail scanner does
    page = client.get(receipt).get_data(as_text=True)
    assert f"tot {moment(case.filed_at + timedelta(minutes=60))}" in page
    assert "zolang niemand de link heeft gebruikt" in page
    case.filed_at -= timedelta(minutes=58)
    session.commit()
    assert mend(client, receipt).status_code == 303


def test_too_many_requests_send_nothing_more(client, session, filed):
    receipt, _case = filed
    codes = [
        mend(client, receipt, address).status_code for address in (RIGHT, WRONG) * (2 * LINKS_PER_ADDRESSEE.attempts)
    ]
    assert codes[: addresses.MENDS] == [303] * addresses.MENDS and not {303} & set(codes[addresses.MENDS :])
    links = [mail for mail in mails_to(session, RIGHT) if mail.kind == MailKind.RECEIPT]
    assert len(links) == 2


def test_a_case_that_was_taken_in_gets_its_new_link_without_a_second_receipt(client, session, filed):
    receipt, case = filed
    case.status = CaseStatus.IN_TRIAGE
    session.commit()
    assert mend(client, receipt).status_code == 303
    (mail,) = mails_to(session, RIGHT)
    assert mail.kind == "adres_gewijzigd"
    assert client.get(link_in(mail)).status_code == 200


def test_an_organisation_and_a_draft_have_no_such_page(client_as, client, make):
    filer = make.filer()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id, draft_key="a" * 32)
    assert client_as(filer).get(f"/melden/{case.draft_key}/ontvangen/adres").status_code == 404
    key = answer_all(client)
    assert client.get(f"/melden/{key}/ontvangen/adres").status_code == 303
    assert client.get(f"/melden/{'b' * 32}/ontvangen/adres").status_code == 404


def test_the_desk_mends_what_it_filed_for_another_at_the_case_and_not_in_the_name_of_a_visitor(
    client_as, make, session
):
    desk = client_as(make.triager())
    key = begin_at_desk(desk)
    answer_the_rest(desk, key)
    receipt = file(desk, key).location
    assert f"{receipt}/adres" not in desk.get(receipt).get_data(as_text=True)
    page = desk.get(f"{receipt}/adres").get_data(as_text=True)
    assert "Neem contact op met het loket" in page and WRONG not in page
    assert desk.post(f"{receipt}/adres", data={"email": RIGHT}).status_code == 422
    assert mails_to(session, RIGHT) == []
