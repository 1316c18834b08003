"""Mails that reached nobody: noted, and settled once somebody reached the reader in another way."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import TO_OFFICIALS, MailKind
from knelpunt.domain.permissions import ORGANISATION_ROLES, Permission
from knelpunt.domain.post.incoming import ADDRESS_GONE, NOTHING_TO_SEND, Settled
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Contact, DeliveryFailure, Letter, OutboxMail, Subscription
from knelpunt.queries.core import cases
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import addresses_gone
from knelpunt.services.mail.texts import on_paper

MISSED_SETTLED = "gemiste_mail_geregeld"
ALREADY = "Dit was al geregeld."
NO_WAY = "Bij deze zaak staat geen postadres en geen telefoonnummer. Kies iets anders."
WHY_NOT = "Schrijf op waarom het bericht niet meer nodig is."


def note(
    context: Context,
    mail: OutboxMail,
    *,
    is_returned: bool,
    code: str | None = None,
    case: Case | None = None,
    gone_at: datetime | None = None,
) -> None:
    """Keep that a mail about a case reached nobody; a second report of the same mail changes nothing.

    When there is no such address, later mails wait with a person, and of news its follower is forgotten. What a
    colleague of the desk or a ministry misses is a task of the administrators.

    Args:
        case: the one that the mail is about, where the caller has locked it.
        gone_at: since when nobody has the address, of a mail that for that reason was not sent.
    """
    if code in ADDRESS_GONE:
        forget_follower(context, mail)
    if _is_for_colleague(context, mail):
        mail.missed_at = mail.missed_at or context.now
    elif mail.case_id is not None:
        case = case or cases.get_by_id_for_update(context.session, mail.case_id)
        _note_with_case(context, mail, case, is_returned=is_returned, code=code, gone_at=gone_at)
    if code in ADDRESS_GONE:
        addresses_gone.mark(context, mail, case)


def _is_for_colleague(context: Context, mail: OutboxMail) -> bool:
    """Whether a mail goes to somebody of the desk, or about no case to a ministry."""
    if mail.account_id is None:
        return mail.kind in TO_OFFICIALS and mail.case_id is None
    account = context.session.get(Account, mail.account_id)
    return account is not None and account.role not in ORGANISATION_ROLES


def settle_missed(context: Context, mail_id: int) -> int:
    """Say that who missed this mail was reached, and with it all that the same reader missed; how many that were."""
    context.actor.require(Permission.READ_OUTBOX)
    mail = context.session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotFound()
    same = OutboxMail.id == mail.id
    if mail.to_address is not None:
        same = same | (func.lower(OutboxMail.to_address) == normalise_email(mail.to_address))
    ids = context.session.scalars(
        update(OutboxMail)
        .where(OutboxMail.missed_at.is_not(None), same)
        .values(missed_at=None)
        .returning(OutboxMail.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if mail.id not in ids:
        raise DomainError(ALREADY)
    events.record(context, MISSED_SETTLED, subject=f"mail:{mail.id}", data={"mails": sorted(ids)})
    return len(ids)


def _note_with_case(
    context: Context, mail: OutboxMail, case: Case, *, is_returned: bool, code: str | None, gone_at: datetime | None
) -> None:
    values = {"failed_at": context.now, "is_returned": is_returned, "code": code, "gone_at": gone_at}
    if code in ADDRESS_GONE and _is_told_elsewhere(context, mail):
        values |= {"settled_at": context.now, "outcome": Settled.ADDRESS}
    noted = context.session.scalar(
        insert(DeliveryFailure)
        .values(mail_id=mail.id, case_id=case.id, **values)
        .on_conflict_do_nothing(index_elements=["mail_id"], index_where=DeliveryFailure.settled_at.is_(None))
        .returning(DeliveryFailure.id)
    )
    if noted is None:
        return
    if mail.account_id is None and mail.to_address is not None:
        context.session.execute(
            update(Contact)
            .where(Contact.case_id == case.id, Contact.email == mail.to_address)
            .values(undelivered_at=context.now)
        )
    # Only now the chain, for which all others wait: nothing is waited for any more.
    data = {"mail_id": mail.id} | ({"niet_verstuurd": True} if gone_at is not None else {})
    events.record(context, EventKind.MAIL_FAILED, case=case, data=data)


def _is_told_elsewhere(context: Context, mail: OutboxMail) -> bool:
    """Whether this warned an old address of the one that came in its place: its reader gets mails there by now."""
    if mail.kind != MailKind.ADDRESS_CHANGING:
        return False
    stands = context.session.scalar(select(Contact.email).where(Contact.case_id == mail.case_id))
    return stands is not None and stands != mail.to_address


def follower_of(mail: OutboxMail) -> int | None:
    """Whose news about topics this is: the key by which it is made once holds it. None for any other mail."""
    number = (mail.once_key or "").split(":")[1:2] if mail.kind == MailKind.TOPIC_NEWS else []
    return int(number[0]) if number else None


def forget_follower(context: Context, mail: OutboxMail) -> None:
    """Erase who follows topics with an address that is not there; nothing when somebody changes it at this moment."""
    found = select(Subscription).where(Subscription.id == follower_of(mail)).with_for_update(skip_locked=True)
    follower = context.session.scalar(found)
    if follower is not None:
        context.session.delete(follower)


def settle(context: Context, case: Case, outcome: Settled, words: str = "") -> None:
    """Say how the reader of every mail about this case that failed was reached; of a letter, write it.

    Raises:
        DomainError: nothing is open, a reason is missing (field ``note``), or there is nothing to write a letter with
            (field ``outcome``).
    """
    found = open_failures(context, case)
    if not found:
        raise DomainError(ALREADY)
    if outcome is Settled.NOT_NEEDED and not words.strip():
        raise DomainError(WHY_NOT, field="note")
    if outcome is Settled.LETTER:
        _write_letters(context, case, found)
    for failure in found:
        failure.settled_at, failure.settled_by_id = context.now, context.actor.account_id
        failure.outcome, failure.note = outcome, words.strip() or None
    case.updated_at = context.now
    data = {"mails": [each.mail_id for each in found], "hoe": outcome.value}
    events.record(context, EventKind.FAILURE_SETTLED, case=case, data=data)


def settle_if_open(context: Context, case: Case, outcome: Settled) -> None:
    """The same by an act that solves it by itself, such as mending the address; nothing when nothing is open."""
    if open_failures(context, case):
        settle(context, case, outcome)


def resent(context: Context, mail: OutboxMail) -> None:
    """A mail is tried once more: what failed before is no item any more. When it fails again it comes back."""
    mail.missed_at = None
    context.session.execute(
        update(DeliveryFailure)
        .where(DeliveryFailure.mail_id == mail.id, DeliveryFailure.settled_at.is_(None))
        .values(settled_at=context.now, settled_by_id=context.actor.account_id, outcome=Settled.RESENT)
    )


def send_again(context: Context, case: Case, address: str) -> list[int]:
    """Send what failed to reach this address once more; the numbers of those mails. What was emptied since stays with a
    person. The caller has locked the case."""
    failed = select(DeliveryFailure.mail_id).where(
        DeliveryFailure.case_id == case.id, DeliveryFailure.settled_at.is_(None)
    )
    # The mails before what failed of them: so does an administrator who tries one again.
    found = context.session.scalars(
        select(OutboxMail)
        .where(
            OutboxMail.id.in_(failed),
            func.lower(OutboxMail.to_address) == normalise_email(address),
            OutboxMail.body.is_not(None),
        )
        .order_by(OutboxMail.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for mail in found:
        resent(context, mail)
        mail.sent_at = mail.gave_up_at = mail.last_error = None
        mail.attempts, mail.next_try_at = 0, context.now
    return [each.id for each in found]


def open_failures(context: Context, case: Case) -> Sequence[DeliveryFailure]:
    """What failed and was not settled, oldest first, locked."""
    return context.session.scalars(
        select(DeliveryFailure)
        .where(DeliveryFailure.case_id == case.id, DeliveryFailure.settled_at.is_(None))
        .order_by(DeliveryFailure.id)
        .with_for_update()
    ).all()


def _write_letters(context: Context, case: Case, found: Sequence[DeliveryFailure]) -> None:
    """Put the text of each mail with the letters that wait, so that its term counts from the day it is posted."""
    contact = context.session.get(Contact, case.id)
    if contact is None or not (contact.postal_address or contact.phone):
        raise DomainError(NO_WAY, field="outcome")
    mails = [context.session.get_one(OutboxMail, each.mail_id) for each in found]
    if not any(mail.body for mail in mails):
        raise DomainError(NOTHING_TO_SEND, field="outcome")
    for mail in mails:
        if mail.body:
            body = on_paper(mail.body, case.reference, case.language)
            values = {"case_id": case.id, "kind": mail.kind, "subject": mail.subject, "body": body}
            statement = insert(Letter).values(
                **values, once_key=f"niet-aangekomen:{mail.id}", written_at=mail.created_at
            )
            context.session.execute(statement.on_conflict_do_nothing(index_elements=["once_key"]))
