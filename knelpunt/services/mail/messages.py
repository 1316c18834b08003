"""Puts mails in the outbox, in the transaction of the act that causes them. The worker delivers them later."""

import re
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.calendar.leave import acting_for
from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.rules import without_control_characters
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import ALWAYS_TRIED, MailChoice, MailKind, is_mailed_each, is_wanted, may_wait
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.post.incoming import Settled
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import CaseStatus, Reach, Role
from knelpunt.models import (
    Account,
    Case,
    Contact,
    DeliveryFailure,
    DigestItem,
    FollowLink,
    IncomingMail,
    IncomingSource,
    Letter,
    OutboxMail,
)
from knelpunt.queries.accounts.accounts import ANSWERING_ROLES, active_heads
from knelpunt.queries.accounts.mergers import heir_of
from knelpunt.queries.cases import letters
from knelpunt.queries.core.reference import reference
from knelpunt.services.core import notifications
from knelpunt.services.core.context import Context
from knelpunt.services.mail import templates
from knelpunt.services.mail.texts import (
    About,
    CaseMail,
    MailText,
    as_mailed,
    in_language,
    with_way_to_answer,
)

SUBJECT_MAX_CHARACTERS = 150
ADDRESS_MAX_CHARACTERS = 254
_NEW = frozenset({CaseStatus.SUBMITTED, CaseStatus.IN_TRIAGE})

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_WORD}(\.{_WORD})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def queue(
    context: Context,
    kind: MailKind,
    *,
    to_address: str,
    subject: str,
    body: str,
    case: Case | None = None,
    account_id: int | None = None,
    once_key: str | None = None,
    goes_to_case: bool = False,
) -> OutboxMail | None:
    """Write one mail to the outbox; its Message-ID is fixed here, so that a mail that is sent twice is recognised.

    Args:
        goes_to_case: an answer to it by mail comes with the case, where mails are read.
        once_key: a second mail with the same key is not made; then the answer is None.
    Raises:
        DomainError: the address could smuggle something into the mail, or is none.
    """
    context.session.flush()
    host = urlsplit(context.links.base_url).hostname
    values = {
        "message_id": f"<{secrets.token_hex(16)}@{host}>",
        "kind": kind.value,
        "once_key": once_key,
        "case_id": case.id if case else None,
        "account_id": account_id,
        "to_address": checked_address(to_address),
        "subject": _one_line(subject)[:SUBJECT_MAX_CHARACTERS],
        "body": with_way_to_answer(
            _clean_body(body),
            context.links.to("/contact"),
            is_read=context.links.mailbox is not None,
            goes_to_case=goes_to_case,
        ),
        "created_at": context.now,
        "next_try_at": context.now,
        "attempts": 0,
    }
    statement = insert(OutboxMail).values(values).on_conflict_do_nothing(index_elements=["once_key"])
    return context.session.scalars(statement.returning(OutboxMail)).one_or_none()


def queue_text(
    context: Context,
    kind: MailKind,
    to_address: str,
    text: MailText,
    *,
    account_id: int | None = None,
    once_key: str | None = None,
    language: str = DUTCH.code,
) -> OutboxMail | None:
    """Write a mail that is about no case, such as an invitation, with a text of its noun.

    Args:
        language: the code of the language in which it goes out.
    """
    text = in_language(text, language)
    return queue(
        context, kind, to_address=to_address, subject=text.subject, body=text.body, account_id=account_id,
        once_key=once_key,
    )  # fmt: skip


def queue_to_administrators(
    context: Context,
    organisation_id: int | None,
    kind: MailKind,
    text: MailText,
    *,
    once: str | None = None,
    or_site: bool = False,
) -> None:
    """Write a mail to all who manage an organisation, or the one in which it went up; with None, who manage the site.

    Args:
        once: what makes it one each.
        or_site: where nobody manages that organisation, who manage the site hear of it.
    """
    of_site = Account.role == Role.ADMINISTRATOR
    theirs = of_site
    if organisation_id is not None:
        heir = heir_of(context.session, organisation_id)
        theirs = (Account.role == Role.ORGANISATION_ADMIN) & (Account.organisation_id == heir)
    active = select(Account).where(Account.is_active).order_by(Account.id)
    administrators = context.session.scalars(active.where(theirs)).all()
    if or_site and not administrators:
        administrators = context.session.scalars(active.where(of_site)).all()
    for account in administrators:
        once_key = f"{kind}:{once}:{account.id}" if once else None
        queue_text(context, kind, account.email, text, account_id=account.id, once_key=once_key)


def notify_submitter(
    context: Context, case: Case, mail: CaseMail, *, once_key: str | None = None, is_new: bool = False
) -> OutboxMail | Letter | None:
    """Tell the submitter of a case: the filing account of an organisation, else the contact of the case.

    Somebody without an e-mail address gets a letter, which the desk prints or reads out. Nothing is sent (None) when
    the submitter chose not to get this kind, or gets it with others on Monday. Neither when there is nobody to send to:
    the contact was erased, the case is history, or an address that was brought in from elsewhere is none.

    Args:
        is_new: the case was just filed, so that nobody has a link to it yet.
    """
    context.session.flush()
    if case.organisation_id is not None:
        account = _account_of_submitter(context, case)
        if account is None:
            return None
        about = About(case.reference, case.title, context.links.to(f"/onze-zaken/{case.reference}"))
        address, account_id, choice = account.email, account.id, account.mail_choice
        choose_url = context.links.to("/mijn-account/mail")
    else:
        contact = context.session.get(Contact, case.id)
        if contact is None or contact.erased_at is not None:
            return None
        link = follow_url(context, case, is_new=is_new)
        if not contact.email:
            return _write_letter(context, case, contact, mail, link, once_key)
        # To an address that nobody confirmed goes nothing that the filer wrote: it may be a stranger's.
        title = case.title if contact.verified_at is not None else ""
        about = About(case.reference, title, link, is_private_link=True)
        address, account_id, choice = contact.email, None, contact.mail_choice
        choose_url = f"{link}/mail"
    if not is_address(address) or not is_wanted(mail.kind, choice):
        return None
    text = templates.in_use(context, case, mail, about, mail.text(about))
    text = as_mailed(text, mail.kind, choose_url, case.language)
    if may_wait(mail.kind, choice):
        _keep_for_monday(context, case, mail.kind, text, account_id, once_key)
        return None
    return queue(
        context, mail.kind, to_address=address, subject=text.subject, body=text.body, case=case, account_id=account_id,
        once_key=once_key, goes_to_case=True,
    )  # fmt: skip


def _keep_for_monday(
    context: Context, case: Case, kind: MailKind, text: MailText, account_id: int | None, once_key: str | None
) -> None:
    """Keep what a mail says for a reader who chose one mail a week; a second one with the same key is not kept."""
    statement = insert(DigestItem).values(
        case_id=case.id,
        account_id=account_id,
        kind=kind.value,
        once_key=once_key,
        subject=_one_line(text.subject)[:SUBJECT_MAX_CHARACTERS],
        body=_clean_body("\n\n".join(paragraph for paragraph in text.core if paragraph.strip())),
        written_at=context.now,
    )
    context.session.execute(statement.on_conflict_do_nothing(index_elements=["once_key"]))


def can_reach(context: Context, case: Case) -> bool:
    """Whether there is somebody to ask something of about this case."""
    if case.organisation_id is not None:
        return _account_of_submitter(context, case) is not None
    contact = context.session.get(Contact, case.id)
    return contact is not None and bool(contact.email or contact.postal_address or contact.phone)


def reach_of(context: Context, case: Case, kind: MailKind) -> Reach:
    """How this kind of news about a case comes to its submitter; the same way as ``notify_submitter`` takes."""
    if case.organisation_id is not None:
        account = _account_of_submitter(context, case)
        if account is None:
            return Reach.NOBODY
        return _reach_by_mail(kind, account.email, account.mail_choice, account.gone_at)
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        return Reach.NOBODY
    if contact.email:
        return _reach_by_mail(kind, contact.email, contact.mail_choice, contact.gone_at)
    if not (contact.postal_address or contact.phone):
        return Reach.NOBODY
    return Reach.LETTER if is_wanted(kind, contact.mail_choice) else Reach.PAGE


def _reach_by_mail(kind: MailKind, address: str, choice: MailChoice | None, gone_at: datetime | None) -> Reach:
    if not (is_address(address) and is_wanted(kind, choice)):
        return Reach.PAGE
    return Reach.MAIL if gone_at is None or kind in ALWAYS_TRIED else Reach.TASK


def _write_letter(
    context: Context, case: Case, contact: Contact, mail: CaseMail, link: str, once_key: str | None
) -> Letter | None:
    """Write what would have been mailed, for the desk to print or to read out; None when it was written before."""
    if not (contact.postal_address or contact.phone) or not is_wanted(mail.kind, contact.mail_choice):
        return None
    about = About(case.reference, case.title, link, is_on_paper=True)
    text = in_language(templates.in_use(context, case, mail, about, mail.text(about)), case.language)
    statement = insert(Letter).values(
        case_id=case.id,
        kind=mail.kind.value,
        once_key=once_key,
        subject=_one_line(text.subject)[:SUBJECT_MAX_CHARACTERS],
        body=_clean_body(text.body),
        written_at=context.now,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["once_key"])
    return context.session.scalars(statement.returning(Letter)).one_or_none()


def notify_colleague(
    context: Context,
    case: Case,
    mail: CaseMail,
    account_id: int | None,
    *,
    once_key: str | None = None,
    goes_to_cover: bool = True,
) -> OutboxMail | None:
    """Tell somebody at the desk that something waits in a case, or who stands in and may act in it: on the page
    Meldingen, and by mail to who wants each by mail.

    None when nobody is named, or without access, or when no mail is wanted now.

    Args:
        goes_to_cover: left out where every colleague who may act is told, so that nobody need stand in.
    """
    if account_id is None:
        return None
    told_id = acts_in(context, case, account_id) if goes_to_cover else account_id
    account = context.session.get(Account, told_id)
    if account is None or not account.is_active:
        return None
    notifications.note(context, case, mail.kind, account.id, once_key=once_key)
    if not is_mailed_each(mail.kind, account.notification_choice):
        return None
    about = About(case.reference, case.title, context.links.to(f"/zaken/{case.reference}"))
    text = mail.text(about)
    return queue(
        context, mail.kind, to_address=account.email, subject=text.subject, body=text.body, case=case,
        account_id=account.id, once_key=once_key,
    )  # fmt: skip


def acts_in(context: Context, case: Case, account_id: int) -> int:
    """Who acts in a case today for this colleague: the colleague, or who stands in, unless that account was closed."""
    leaves = reference(context.session).leaves
    cover_id = acting_for(leaves, account_id, context.today, kept_out=case.first_handler_id)
    cover = context.session.get(Account, cover_id)
    return cover_id if cover is not None and cover.is_active else account_id


def notify_heads(
    context: Context,
    case: Case,
    mail: CaseMail,
    *,
    but: Collection[int | None] = (),
    needs_one: bool = False,
    once_key: str | None = None,
) -> None:
    """Tell each head of the desk something about a case; each of them, so that nobody need stand in.

    Args:
        but: who hears it already, or need not.
        needs_one: somebody must hear it: each of them, where ``but`` leaves nobody.
    """
    heads = active_heads(context.session)
    told = [head for head in heads if head.id not in but]
    for head in told or (heads if needs_one else ()):
        key = f"{once_key}:{head.id}" if once_key else None
        notify_colleague(context, case, mail, head.id, once_key=key, goes_to_cover=False)


def notify_handler(context: Context, case: Case, mail: CaseMail, *, once_key: str | None = None) -> None:
    """Tell who handles a case, or stands in, what came in or was decided.

    A case that is over stays with who handled it. Once that one has left, or handles no cases any more, each head of
    desk hears it: nobody else would. A new case that nobody took yet waits in the work list, and there is nobody to
    tell.
    """
    handler = context.session.get(Account, case.handler_id) if case.handler_id is not None else None
    handles = handler is not None and handler.is_active and Permission.HANDLE_CASE in ROLE_PERMISSIONS[handler.role]
    is_new = case.handler_id is None and not _NEW.isdisjoint((case.status, case.status_before_supplement))
    if handles:
        notify_colleague(context, case, mail, case.handler_id, once_key=once_key)
    elif not is_new:
        notify_heads(context, case, mail, but=(context.actor.account_id,), once_key=once_key)


def follow_url(context: Context, case: Case, *, is_new: bool = False) -> str:
    """The address by which a submitter without an account follows this case; made when no valid one is left."""
    link = None if is_new else _valid_link(context, case)
    if link is None:
        link = FollowLink(case_id=case.id, public_id=new_public_id(), nonce=new_nonce(), created_at=context.now)
        context.session.add(link)
    return context.links.follow(link.public_id, link.nonce, case.language)


def _valid_link(context: Context, case: Case) -> FollowLink | None:
    return context.session.scalar(
        select(FollowLink)
        .where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        .order_by(FollowLink.id.desc())
        .limit(1)
    )


def forget_mails(context: Context, case: Case) -> None:
    """Empty the address and text of every mail and letter about a case, in and out, because its contact is erased.

    What waits is not sent any more, except the confirmation of the withdrawal: the worker empties that one as soon as
    it has gone.
    """
    about_case = OutboxMail.case_id == case.id
    gone = {"to_address": None, "body": None}
    done = OutboxMail.sent_at.is_not(None) | OutboxMail.gave_up_at.is_not(None)
    context.session.execute(update(OutboxMail).where(about_case, done).values(gone))
    context.session.execute(
        update(OutboxMail)
        .where(about_case, ~done, OutboxMail.kind != MailKind.WITHDRAWN.value)
        .values(**gone, gave_up_at=context.now, last_error="contact erased")
    )
    context.session.execute(
        update(Letter).where(Letter.case_id == case.id, *letters.WAITS).values(dropped_at=context.now)
    )
    context.session.execute(update(Letter).where(Letter.case_id == case.id).values(body=None))
    context.session.execute(delete(DigestItem).where(DigestItem.case_id == case.id))
    about_it = select(IncomingMail.id).where(IncomingMail.case_id == case.id)
    context.session.execute(delete(IncomingSource).where(IncomingSource.mail_id.in_(about_it)))
    context.session.execute(
        update(IncomingMail).where(IncomingMail.case_id == case.id).values(from_address=None, subject=None, body=None)
    )
    context.session.execute(
        update(DeliveryFailure)
        .where(DeliveryFailure.case_id == case.id, DeliveryFailure.settled_at.is_(None))
        .values(settled_at=context.now, outcome=Settled.NOT_NEEDED)
    )


def checked_address(address: str) -> str:
    """The address as mail servers write it: without blanks around it, an international domain in its ASCII form.

    Raises:
        DomainError: it is not one address, or holds something that may not stand in a mail's head.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    checked = f"{local}@{ascii_domain}"
    if len(checked) > ADDRESS_MAX_CHARACTERS or not _ADDRESS.fullmatch(checked):
        raise DomainError(
            Text("Dit e-mailadres klopt niet. Een adres lijkt op naam@voorbeeld.nl."), field="contact_email"
        )
    return checked


def is_address(text: str) -> bool:
    """Whether a text is one mail address and nothing else."""
    try:
        return bool(checked_address(text))
    except DomainError:
        return False


def _account_of_submitter(context: Context, case: Case) -> Account | None:
    """Who filed; when that account was closed, the colleague with the right to answer who is there longest."""
    author = context.session.get(Account, case.author_id) if case.author_id is not None else None
    if author is not None and author.is_active and author.organisation_id == case.organisation_id:
        return author
    return context.session.scalar(
        select(Account)
        .where(
            Account.organisation_id == case.organisation_id,
            Account.is_active,
            Account.role.in_(ANSWERING_ROLES),
        )
        .order_by(Account.id)
        .limit(1)
    )


def _one_line(text: str) -> str:
    """Text that fits in one header: control characters and line breaks become blanks."""
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text).split())


def _clean_body(text: str) -> str:
    """Text without control characters (other than line breaks and tabs) and without halves of letters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_control_characters(lines)
