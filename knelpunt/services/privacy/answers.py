"""What a person hears about a request, by mail or by letter; whether it went out; and when that person is forgotten.

An answer counts as given when the mail was delivered, or when somebody says that the letter is gone. Until then the
calendar reminds, and the address stays: for 90 days at most.
"""

from datetime import datetime

from sqlalchemy import Select, delete, func, select

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import Links
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.privacy.requests import DETAILS_KEPT, PROOF_KEPT_YEARS
from knelpunt.domain.texts import Text
from knelpunt.models import Account, OutboxMail, PrivacyPlace, PrivacyRequest
from knelpunt.queries.privacy import requests as queries
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText, in_language
from knelpunt.services.privacy import mail_texts

PURPOSE = "verzoek"
"""What a token is for by which a person reads the answer."""
NO_LINK = Text("Deze link werkt niet meer. Vraag het loket ernaar.")
QUIET_DAYS = 2
"""So long a letter may wait before anybody is reminded of it; after that once a week."""


def page_of(context: Context, request: PrivacyRequest) -> str:
    """The secret address at which the person reads how it stands and what was decided."""
    token = context.links.token(PURPOSE, request.public_id, request.nonce)
    return context.links.to(f"{prefix_of(request.language)}/privacy/verzoek/{token}")


def by_token(context: Context, token: str) -> PrivacyRequest:
    """The request that a link is about. Raises NotFound."""
    public_id = Links.public_id_of(token)
    found = select(PrivacyRequest).where(PrivacyRequest.public_id == public_id)
    request = context.session.scalar(found) if public_id else None
    if request is None or not context.links.matches(token, PURPOSE, request.public_id, request.nonce):
        raise NotFound(NO_LINK)
    return request


def send(context: Context, request: PrivacyRequest, kind: MailKind, text: MailText) -> bool:
    """Mail the person; False when there is no address, so that a letter must go."""
    if request.email is None:
        return False
    written = in_language(text, request.language)
    messages.queue(
        context, kind, to_address=request.email, subject=written.subject, body=written.body,
        once_key=queries.mail_key(kind, request.id),
    )  # fmt: skip
    return True


def mark_sent(context: Context, request: PrivacyRequest) -> None:
    """Somebody sent what was owed: the answer, with the copy where one was asked for; or why it takes longer.

    Raises:
        DomainError: nothing is owed.
    """
    if request.decided_at is not None and request.answered_on is None:
        request.answered_on = context.today
        _forget(context, request)
    elif request.owes_reason:
        request.extension_told_on = context.today
    else:
        raise DomainError("Er is geen brief die nog weg moet.")
    context.session.flush()


def delivered(context: Context) -> Select[int]:
    """Requests of which a mail went out since, which is not known of them yet."""
    return (
        select(PrivacyRequest.id)
        .where(queries.owes_reason() & queries.mailed(MailKind.PRIVACY_EXTENDED, OutboxMail.sent_at.is_not(None))
               | queries.owes_answer() & ~queries.owes_copy()
               & queries.mailed(MailKind.PRIVACY_ANSWERED, OutboxMail.sent_at.is_not(None)))
        .order_by(PrivacyRequest.id)
    )  # fmt: skip


def note_delivered(context: Context, request_id: int) -> None:
    """Keep on which day a mail went out. Who gets a copy is reached once more by a person."""
    request = context.session.get_one(PrivacyRequest, request_id, populate_existing=True, with_for_update=True)
    if request.owes_reason and (sent := _sent_at(context, MailKind.PRIVACY_EXTENDED, request)) is not None:
        request.extension_told_on = nl_day(sent)
    if request.decided_at is not None and request.answered_on is None and not request.owes_copy:
        sent = _sent_at(context, MailKind.PRIVACY_ANSWERED, request)
        if sent is not None:
            request.answered_on = nl_day(sent)
            _forget(context, request)
    context.session.flush()


def _sent_at(context: Context, kind: MailKind, request: PrivacyRequest) -> datetime | None:
    return context.session.scalar(
        select(OutboxMail.sent_at).where(OutboxMail.once_key == queries.mail_key(kind, request.id))
    )


def _forget(context: Context, request: PrivacyRequest) -> None:
    request.name = request.email = request.phone = request.postal_address = None
    request.words = request.identity_how = None
    request.spellings = []
    request.forgotten_on = context.today
    context.session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))


def waiting(context: Context) -> Select[int]:
    """Requests whose last day is near or over, or of which a letter must still go out."""
    return select(PrivacyRequest.id).where(queries.waits(context.today)).order_by(PrivacyRequest.id)


def remind(context: Context, request_id: int) -> None:
    """Tell all who may decide: a week ahead and once more when the last day is over; of a letter that must go out each
    week."""
    request = context.session.get_one(PrivacyRequest, request_id, populate_existing=True)
    url = context.links.to(f"/loket/privacy/{request.id}")
    if request.decided_at is None and queries.is_near(request.due_on, context.today):
        is_late = request.due_on < context.today
        text = mail_texts.due(number=request.id, due_on=request.due_on, is_late=is_late, url=url)
        key = f"{request.due_on.isoformat()}:{is_late}"
    else:
        since = queries.extension_due_from(request.received_on)
        days = (context.today - (nl_day(request.decided_at) if request.decided_at else since)).days
        if days < QUIET_DAYS:
            return
        text = mail_texts.letter_due(number=request.id, url=url)
        key = f"brief:{request.decided_at is not None}:{days // 7}"
    roles = roles_with(Permission.MANAGE_PRIVACY)
    accounts = select(Account.id, Account.email).where(Account.is_active, Account.role.in_(roles)).order_by(Account.id)
    for account_id, email in context.session.execute(accounts).all():
        if messages.is_address(email):
            messages.queue_text(
                context, MailKind.PRIVACY_DUE, email, text, account_id=account_id,
                once_key=f"privacy:{request.id}:{key}:{account_id}",
            )  # fmt: skip


def to_forget(context: Context) -> Select[int]:
    """Requests of which name and addresses, or all that is left, go now."""
    old = context.now - DETAILS_KEPT
    gone = add_months(context.today, -12 * PROOF_KEPT_YEARS)
    return (
        select(PrivacyRequest.id)
        .where(
            ((PrivacyRequest.decided_at < old) & PrivacyRequest.forgotten_on.is_(None))
            | (func.date(PrivacyRequest.decided_at) < gone)
        )
        .order_by(PrivacyRequest.id)
    )


def forget(context: Context, request_id: int) -> None:
    """Empty who asked when no answer went out, and remove the proof five years after the decision."""
    request = context.session.get_one(PrivacyRequest, request_id, populate_existing=True, with_for_update=True)
    if request.decided_at is None:
        return
    if request.decided_at.date() < add_months(context.today, -12 * PROOF_KEPT_YEARS):
        context.session.execute(delete(PrivacyRequest).where(PrivacyRequest.id == request.id))
    elif request.decided_at < context.now - DETAILS_KEPT and request.forgotten_on is None:
        _forget(context, request)
    context.session.flush()
