"""Mails are rows in the transaction of their act, and go to whoever filed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError
from knelpunt.domain.links import Links
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import SYSTEM
from knelpunt.models import Case, Contact, FollowLink, Organisation, OutboxMail
from knelpunt.services.cases.mail_texts import reviews as review_texts
from knelpunt.services.core.context import Context
from knelpunt.services.filing import mail_texts as filing_texts
from knelpunt.services.mail import messages
from knelpunt.services.submitters import mail_texts as submitter_texts
from tests.support.factories import Factory
from tests.support.mail_texts import SUBMITTER_TEXTS

LINKS = Links("https://knelpunt.example", "a key that is only for tests, 32 characters")


@pytest.fixture
def context(session: Session) -> Context:
    return Context(session, SYSTEM, datetime.now(UTC), LINKS)


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def queue(
    context: Context, address: str = "iemand@proef.example", subject: str = "Onderwerp", body: str = "Tekst", **more
):
    return messages.queue(context, MailKind.MESSAGE, to_address=address, subject=subject, body=body, **more)


def test_a_mail_gets_an_id_of_its_own_when_it_is_written(context: Context, session: Session) -> None:
    one, two = queue(context), queue(context)
    assert one is not None
    assert two is not None
    assert one.message_id != two.message_id
    assert one.message_id.startswith("<")
    assert one.message_id.endswith("@knelpunt.example>")
    assert (one.sent_at, one.attempts, one.next_try_at) == (None, 0, context.now)
    session.rollback()
    assert mails(session) == []


def test_a_mail_with_the_same_key_is_made_once(context: Context, session: Session) -> None:
    assert queue(context, once_key="herinnering:1") is not None
    assert queue(context, once_key="herinnering:1") is None
    assert queue(context, once_key="herinnering:2") is not None
    assert len(mails(session)) == 2


@pytest.mark.parametrize(
    "address",
    [
        "iemand@proef.example\r\nBcc: allen@proef.example",
        "iemand@proef.example\nBcc:x",
        "a@proef.example,b@proef.example",
        "a@proef.example b@proef.example",
        "<a@proef.example>",
        "a\x00@proef.example",
        "a\u202e@proef.example",
        "a..b@proef.example",
        "geen adres",
        "@proef.example",
        "a@",
        "a@proef",
        "a@b@proef.example",
        "a@\ud800.example",
        "a" * 250 + "@proef.example",
        "",
    ],
)
def test_an_address_that_could_smuggle_something_is_refused(context: Context, session: Session, address: str) -> None:
    with pytest.raises(DomainError, match="klopt niet"):
        queue(context, address=address)
    assert not messages.is_address(address)
    assert mails(session) == []


def test_an_international_domain_is_written_as_servers_know_it(context: Context) -> None:
    mail = queue(context, address=" iemand@b\u00fccher.example ")
    assert mail is not None
    assert mail.to_address == "iemand@xn--bcher-kva.example"


def test_line_breaks_in_a_subject_cannot_become_headers(context: Context) -> None:
    mail = queue(
        context, subject="Uw melding\r\nBcc: allen@proef.example\x00 \u2028x", body="een\r\ntwee\x00\ud800\rdrie"
    )
    assert mail is not None
    assert mail.subject == "Uw melding Bcc: allen@proef.example x"
    assert mail.body == "een\ntwee\ndrie"
    long = queue(context, subject="x" * 5000)
    assert long is not None
    assert len(long.subject) == messages.SUBJECT_MAX_CHARACTERS


def test_a_citizen_is_mailed_with_the_follow_link(context: Context, session: Session, make: Factory) -> None:
    case = make.case(email="buurt@proef.example")
    link = make.follow_link(case)
    mail = messages.notify_submitter(context, case, filing_texts.receipt(next_date=context.today))
    assert mail is not None
    assert (mail.to_address, mail.case_id, mail.account_id) == ("buurt@proef.example", case.id, None)
    assert LINKS.follow(link.public_id, link.nonce) in mail.body
    assert mail.subject.endswith(f"({case.reference})")


def test_a_revoked_link_is_never_sent_again(context: Context, session: Session, make: Factory) -> None:
    case = make.case(email="buurt@proef.example")
    revoked = make.follow_link(case, revoked_at=make.now)
    mail = messages.notify_submitter(context, case, submitter_texts.proposal_accepted(next_date=None))
    assert mail is not None
    assert LINKS.follow(revoked.public_id, revoked.nonce) not in mail.body
    fresh = session.scalars(select(FollowLink).where(FollowLink.revoked_at.is_(None))).one()
    assert LINKS.follow(fresh.public_id, fresh.nonce) in mail.body


def test_an_organisation_is_mailed_at_the_account_that_filed(context: Context, make: Factory) -> None:
    filer = make.filer()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id)
    mail = messages.notify_submitter(context, case, submitter_texts.proposal_accepted(next_date=None))
    assert mail is not None
    assert (mail.to_address, mail.account_id) == (filer.email, filer.id)
    assert f"https://knelpunt.example/onze-zaken/{case.reference}" in mail.body
    assert "/volgen/" not in mail.body


def test_when_that_account_was_closed_a_colleague_with_the_right_gets_it(
    context: Context, session: Session, make: Factory
) -> None:
    gone = make.filer(is_active=False)
    organisation = session.get_one(Organisation, gone.organisation_id)
    case = make.case(organisation_id=organisation.id, author_id=gone.id)
    make.member(organisation)
    assert messages.notify_submitter(context, case, submitter_texts.proposal_accepted(next_date=None)) is None
    admin = make.organisation_admin(organisation)
    mail = messages.notify_submitter(context, case, submitter_texts.proposal_accepted(next_date=None))
    assert mail is not None
    assert mail.to_address == admin.email


def test_nobody_is_mailed_when_there_is_nobody(context: Context, session: Session, make: Factory) -> None:
    history, erased = make.case(), make.case(email="weg@proef.example")
    odd = make.case(email="dit is geen adres")
    session.get_one(Contact, erased.id).erased_at = make.now
    for case in (history, erased, odd):
        assert messages.notify_submitter(context, case, submitter_texts.proposal_accepted(next_date=None)) is None
    assert mails(session) == []


def test_a_colleague_is_mailed_when_active(context: Context, session: Session, make: Factory) -> None:
    case, handler, gone = make.case(), make.handler(), make.handler(is_active=False)
    mail = messages.notify_colleague(context, case, review_texts.review_given_back(step="voorstel"), handler.id)
    assert mail is not None
    assert f"https://knelpunt.example/zaken/{case.reference}" in mail.body
    assert messages.notify_colleague(context, case, review_texts.review_given_back(step="voorstel"), gone.id) is None
    assert messages.notify_colleague(context, case, review_texts.review_given_back(step="voorstel"), None) is None
    assert len(mails(session)) == 1


def test_forgetting_empties_the_mails_of_that_case_and_stops_what_waits(
    context: Context, session: Session, make: Factory
) -> None:
    case, other = make.case(email="buurt@proef.example"), make.case(email="ander@proef.example")

    def mail_about(each: Case, kind: MailKind, **values: object) -> OutboxMail:
        mail = messages.notify_submitter(context, each, SUBMITTER_TEXTS[kind](**values))
        assert mail is not None
        return mail

    sent = mail_about(case, MailKind.PROPOSAL_ACCEPTED, next_date=None)
    sent.sent_at = context.now
    waiting = mail_about(case, MailKind.PROPOSAL_ACCEPTED, next_date=None)
    farewell = mail_about(case, MailKind.WITHDRAWN, contact_ends_on=None)
    of_other = mail_about(other, MailKind.PROPOSAL_ACCEPTED, next_date=None)
    session.flush()
    messages.forget_mails(context, case)
    session.expire_all()

    assert (sent.to_address, sent.body) == (None, None)
    assert (waiting.to_address, waiting.body, waiting.gave_up_at) == (None, None, context.now)
    assert (farewell.to_address, farewell.gave_up_at) == ("buurt@proef.example", None)
    assert of_other.to_address == "ander@proef.example"
