"""Mails that reached nobody: noted, and settled once somebody reached the reader in another way."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.errors import DomainError
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.incoming import NOTHING_TO_SEND, Settled
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Case, Contact, DeliveryFailure, Letter, OutboxMail, Subscription
from knelpunt.queries.core import cases
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail.texts import on_paper

ALREADY = "Dit was al geregeld."
NO_WAY = "Bij deze zaak staat geen postadres en geen telefoonnummer. Kies iets anders."
WHY_NOT = "Schrijf op waarom het bericht niet meer nodig is."
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""What another server reports of an address that is not there (any more) (RFC 3463). Not of a full box, or of us."""


def note(
    context: Context, mail: OutboxMail, *, is_returned: bool, code: str | None = None, case: Case | None = None
) -> None:
    """Keep that a mail about a case reached nobody; a second report of the same mail changes nothing.

    Of news that came back because there is no such address its follower is forgotten.

    Args:
        case: the one that the mail is about, where the caller has locked it.
    """
    if code in _GONE:
        forget_follower(context, mail)
    if mail.case_id is None:
        return
    if case is None:
        case = cases.get_by_id_for_update(context.session, mail.case_id)
    noted = context.session.scalar(
        insert(DeliveryFailure)
        .values(mail_id=mail.id, case_id=mail.case_id, failed_at=context.now, is_returned=is_returned, code=code)
        .on_conflict_do_nothing(index_elements=["mail_id"], index_where=DeliveryFailure.settled_at.is_(None))
        .returning(DeliveryFailure.id)
    )
    if noted is None:
        return
    if mail.account_id is None and mail.to_address is not None:
        context.session.execute(
            update(Contact)
            .where(Contact.case_id == mail.case_id, Contact.email == mail.to_address)
            .values(undelivered_at=context.now)
        )
    # Only now the chain, for which all others wait: nothing is waited for any more.
    events.record(context, EventKind.MAIL_FAILED, case=case, data={"mail_id": mail.id})


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
    context.session.execute(
        update(DeliveryFailure)
        .where(DeliveryFailure.mail_id == mail.id, DeliveryFailure.settled_at.is_(None))
        .values(settled_at=context.now, settled_by_id=context.actor.account_id, outcome=Settled.RESENT)
    )


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
