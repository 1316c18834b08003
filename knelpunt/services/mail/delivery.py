"""Delivers the outbox: claims one mail, hands it over, marks it. The caller commits after each mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from knelpunt.adapters.mail import Deliverer, DeliveryFailed, Mail
from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.links import ACCOUNT, CASE
from knelpunt.domain.mail_kinds import ALWAYS_TRIED, FORGOTTEN_ONCE_SENT, MailKind, can_be_switched_off
from knelpunt.domain.permissions import ORGANISATION_ROLES, Permission
from knelpunt.domain.post.incoming import UsedAgain
from knelpunt.models import Account, Case, Contact, OutboxMail, Subscription
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import addresses_gone, failures

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 2 * 60, 10 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600)
)
"""How long to wait after each failure; after one more than these a mail is given up, some two days later."""
MAX_ATTEMPTS = len(PAUSES) + 1
ATTEMPTS_TO_NOBODY = 7
"""So many where the server says that it knows no such address: after some two hours, for a term may run meanwhile. Not
at once, because a server that is set up wrongly says so of everybody."""
NOBODY_THERE = "not sent: nobody has the address"
GAVE_UP = "mail_niet_bezorgd"
RETRIED = "mail_opnieuw_geprobeerd"


class Outcome(StrEnum):
    """What became of one mail."""

    SENT = auto()
    POSTPONED = auto()
    GAVE_UP = auto()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try. ``is_server_away`` tells the worker to wait before it tries another mail."""

    mail_id: int
    outcome: Outcome
    reason: str | None = None
    is_server_away: bool = False


def deliver_next(context: Context, deliverer: Deliverer) -> Delivery | None:
    """Try the mail that has waited longest; None when nothing is due.

    The row stays locked until the caller commits, so that no other worker takes it. A worker that is killed before
    that leaves the mail waiting: it is sent again, with the same Message-ID.
    """
    claimed = _claim(context.session, context.now)
    if claimed is None:
        return None
    mail, gone_at = claimed
    if mail.to_address is None or mail.body is None:
        return _give_up(context, mail, "nothing left to send")
    if gone_at is not None and mail.kind not in ALWAYS_TRIED:
        return _give_up(context, mail, NOBODY_THERE, gone_at=gone_at)
    try:
        deliverer.deliver(
            Mail(
                mail.message_id,
                mail.to_address,
                mail.subject,
                mail.body,
                mail.created_at,
                stop_url(context, mail),
                context.links.reply_to(_case_answered(context.session, mail)),
                context.links.bounce_to(mail.id),
            )
        )
    except DeliveryFailed as failure:
        return _failed(context, mail, failure)
    except Exception as fault:  # one odd mail must not stop all the others
        return _failed(
            context, mail, DeliveryFailed(f"a fault of our own ({type(fault).__name__})", is_server_away=False)
        )
    mail.attempts += 1
    mail.sent_at = context.now
    mail.last_error = None
    _note_address(context.session, mail, None)
    if mail.kind in FORGOTTEN_ONCE_SENT or _is_contact_erased(context.session, mail):
        mail.to_address = mail.body = None
    context.session.flush()
    return Delivery(mail.id, Outcome.SENT)


def retry(context: Context, mail_id: int) -> bool:
    """Try a mail that was given up once more, from the start; False when it cannot be sent any more."""
    context.actor.require(Permission.READ_OUTBOX)
    mail = context.session.get(OutboxMail, mail_id, with_for_update=True)
    if mail is None or mail.gave_up_at is None or mail.to_address is None or mail.body is None:
        return False
    failures.resent(context, mail)
    addresses_gone.clear(context, mail.to_address, UsedAgain.MAIL_RETRIED)
    mail.gave_up_at = None
    mail.attempts = 0
    mail.next_try_at = context.now
    events.record(context, RETRIED, subject=f"mail:{mail.id}")
    return True


def _claim(session: Session, now: datetime) -> tuple[OutboxMail, datetime | None] | None:
    """The mail that waited longest, locked, and since when nobody has the address that it goes to."""
    row = session.execute(
        select(OutboxMail, func.coalesce(Account.email, Contact.email), func.coalesce(Account.gone_at, Contact.gone_at))
        .outerjoin(Contact, (Contact.case_id == OutboxMail.case_id) & OutboxMail.account_id.is_(None))
        .outerjoin(Account, Account.id == OutboxMail.account_id)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.gave_up_at.is_(None), OutboxMail.next_try_at <= now)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMail)
    ).one_or_none()
    if row is None:
        return None
    mail, address, gone_at = row
    # A mail about a case may go to somebody else, or to an address that was there before.
    is_same = address is not None and normalise_email(address) == normalise_email(mail.to_address or "")
    return mail, gone_at if is_same else None


def _failed(context: Context, mail: OutboxMail, failure: DeliveryFailed) -> Delivery:
    mail.attempts += 1
    reason = str(failure)
    if mail.attempts >= (ATTEMPTS_TO_NOBODY if failure.is_address_gone else MAX_ATTEMPTS):
        if failure.is_address_gone:  # news about topics, which is about no case
            failures.forget_follower(context, mail)
        return _give_up(context, mail, reason, is_server_away=failure.is_server_away, code=failure.code)
    mail.last_error = reason
    mail.next_try_at = context.now + PAUSES[mail.attempts - 1]
    context.session.flush()
    return Delivery(mail.id, Outcome.POSTPONED, reason, failure.is_server_away)


def _give_up(
    context: Context,
    mail: OutboxMail,
    reason: str,
    *,
    is_server_away: bool = False,
    code: str | None = None,
    gone_at: datetime | None = None,
) -> Delivery:
    """Stop trying, and say so in the chain: somebody was not told what they should have been.

    The case is locked before the chain, as in every act. Who works in the case may wait for this mail: then it is not
    waited for, and the mail is given up at a next try.
    """
    case = _locked(context.session, mail.case_id) if mail.case_id is not None else None
    if mail.case_id is not None and case is None:
        mail.attempts = min(mail.attempts, MAX_ATTEMPTS - 1)
        mail.last_error = reason
        mail.next_try_at = context.now + PAUSES[0]
        context.session.flush()
        return Delivery(mail.id, Outcome.POSTPONED, reason, is_server_away)
    mail.gave_up_at = context.now
    mail.last_error = reason
    _note_address(context.session, mail, context.now)
    if mail.to_address is not None:
        failures.note(context, mail, is_returned=False, code=code, case=case, gone_at=gone_at)
    events.record(context, GAVE_UP, subject=f"mail:{mail.id}", data={"case_id": mail.case_id, "mail_id": mail.id})
    return Delivery(mail.id, Outcome.GAVE_UP, reason, is_server_away)


def _locked(session: Session, case_id: int) -> Case | None:
    """The case, locked and read afresh; None while somebody else has it."""
    found = select(Case).where(Case.id == case_id).with_for_update(skip_locked=True)
    return session.scalar(found.execution_options(populate_existing=True))


def stop_url(context: Context, mail: OutboxMail) -> str | None:
    """Where the reader of this mail stops such mails; None where they may not be stopped."""
    if mail.kind == MailKind.TOPIC_NEWS:
        return _stop_topics_url(context, mail)
    if not can_be_switched_off(MailKind(mail.kind)):
        return None
    if mail.account_id is not None:
        return context.links.unsubscribe(ACCOUNT, mail.account_id)
    return context.links.unsubscribe(CASE, mail.case_id) if mail.case_id is not None else None


def _stop_topics_url(context: Context, mail: OutboxMail) -> str | None:
    number = failures.follower_of(mail)
    follower = context.session.get(Subscription, number) if number is not None else None
    if follower is None:
        return None
    return f"{context.links.topics(follower.public_id, follower.nonce, follower.language)}/afmelden"


def _case_answered(session: Session, mail: OutboxMail) -> int | None:
    """The case with which an answer to this mail comes; None for a mail to the desk, or about no case."""
    if mail.case_id is None or mail.account_id is None:
        return mail.case_id
    account = session.get(Account, mail.account_id)
    return mail.case_id if account is not None and account.role in ORGANISATION_ROLES else None


def _note_address(session: Session, mail: OutboxMail, undelivered_at: datetime | None) -> None:
    """Keep with the contact whether its address can be reached, so that the desk sees it on the case."""
    if mail.case_id is None or mail.account_id is not None or mail.to_address is None:
        return
    here = (Contact.case_id == mail.case_id, Contact.email == mail.to_address)
    changed = Contact.undelivered_at.is_not(None) if undelivered_at is None else Contact.undelivered_at.is_(None)
    session.execute(update(Contact).where(*here, changed).values(undelivered_at=undelivered_at))


def _is_contact_erased(session: Session, mail: OutboxMail) -> bool:
    """Whether this was the last mail to somebody whose data are erased."""
    if mail.case_id is None or mail.account_id is not None:
        return False
    return session.scalar(select(Contact.erased_at).where(Contact.case_id == mail.case_id)) is not None
