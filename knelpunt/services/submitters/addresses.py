"""The address to which the mails about a case go: another one by the submitter, or a mistake mended by the desk."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound, TooManyAttempts
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import Settled, UsedAgain
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, EventKind
from knelpunt.models import AddressChange, Case, Contact, FollowLink
from knelpunt.queries.core import cases
from knelpunt.queries.filing import drafts
from knelpunt.queries.post import failures as failure_queries
from knelpunt.services.accounts import Ticket
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import bounds, events
from knelpunt.services.core.bounds import Bound
from knelpunt.services.core.context import Context
from knelpunt.services.filing import mail_texts as filing_texts
from knelpunt.services.mail import addresses_gone, failures, messages
from knelpunt.services.mail.texts import MailText, in_language
from knelpunt.services.submitters import mail_texts as texts
from knelpunt.services.submitters.mail_texts import address_changing, address_confirm, address_moved

PURPOSE = "adres"
"""What a token is for that confirms a new address."""
CONFIRM_TERM = timedelta(days=7)
MEND_TERM = timedelta(minutes=60)
"""How long after filing the one who filed can mend the address from the receipt: who uses the same computer later finds
the receipt in its browser, and could otherwise have the case."""
MENDS = 3
"""How often the address of one draft can be mended: each time two mails go out, and one may be a stranger's."""
CHANGES_A_DAY = 8
FIELD = "email"
TOO_OFTEN = Text("U vroeg dit een paar keer kort na elkaar. Wacht een kwartier en probeer het dan opnieuw.")
TOO_LATE = Text(
    "U kunt het adres hier niet meer verbeteren. Neem contact op met het loket, en noem het nummer van uw melding."
)
TOO_MANY_ADDRESSES = Text(
    "Voor deze melding kregen wij vandaag al een paar andere adressen. "
    "Neem contact op met het loket, en noem het nummer van uw melding."
)
NOT_GONE = "Mails gaan al naar dit adres."
_GONE = Text("Bij deze melding staan geen contactgegevens meer.")
_SAME = Text("Dit adres hebben wij al.")


def ask_change(context: Context, reference: str, address: str, ticket: Ticket) -> bool:
    """The submitter gives another address. It holds once it is confirmed; until then all stays as it is.

    A mail with a link goes to the new address, and a notice to the old one. A later request replaces an earlier one.
    Given anew, an address that nobody was known to have is tried again; only then the answer is False.

    Args:
        ticket: this request, counted: the mail goes to whoever was named, which may be a stranger.
    Raises:
        TooManyAttempts: too many such mails were asked for; nothing is sent.
        DomainError: the address is none (field ``email``), is the one that we have, or there is no contact any more.
    """
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    if not ticket.allowed:
        raise TooManyAttempts(TOO_OFTEN, field=FIELD)
    contact = _contact_of(context, case)
    checked = _checked(address)
    is_again = contact.gone_at is not None and normalise_email(checked) == normalise_email(contact.email or "")
    if checked == contact.email and not is_again:
        raise DomainError(_SAME, field=FIELD)
    _count(context, "address changes", case.reference, CHANGES_A_DAY)
    if is_again:
        _use_again(context, case, checked, UsedAgain.BY_SUBMITTER)
        return False
    context.session.execute(delete(AddressChange).where(AddressChange.case_id == case.id))
    change = AddressChange(
        case_id=case.id, email=checked, public_id=new_public_id(), nonce=new_nonce(), asked_at=context.now
    )
    context.session.add(change)
    token = context.links.token(PURPOSE, change.public_id, change.nonce)
    _mail(
        context,
        case,
        MailKind.ADDRESS_CONFIRM,
        checked,
        address_confirm(
            reference=case.reference,
            url=context.links.to(f"{prefix_of(case.language)}/volgen/adres/{token}"),
            until=nl_day(context.now + CONFIRM_TERM),
        ),
    )
    if contact.email and messages.is_address(contact.email):
        _mail(context, case, MailKind.ADDRESS_CHANGING, contact.email, address_changing(reference=case.reference))
    events.record(context, EventKind.ADDRESS_CHANGE_ASKED, case=case)
    return True


def try_again(context: Context, reference: str) -> None:
    """The desk has mails go again to the address that nobody was known to have, and sends what failed once more.

    Raises:
        DomainError: the address is not one of those.
    """
    case = open_case(context, reference, Permission.HANDLE_CASE)
    gone = failure_queries.gone_address(context.session, case.id)
    if gone is None:
        raise DomainError(NOT_GONE)
    _use_again(context, case, gone.address, UsedAgain.BY_DESK)


def waiting_change(context: Context, token: str) -> AddressChange:
    """The change that the link in a mail is about, to ask for a click first: mail scanners open links too.

    Raises:
        NotFound: the link is wrong, was replaced, or its seven days are over.
    """
    public_id = context.links.public_id_of(token)
    change = (
        context.session.scalar(select(AddressChange).where(AddressChange.public_id == public_id)) if public_id else None
    )
    if (
        change is None
        or not context.links.matches(token, PURPOSE, change.public_id, change.nonce)
        or change.asked_at + CONFIRM_TERM < context.now
    ):
        raise NotFound(Text("Deze link werkt niet meer. Vraag de wijziging opnieuw aan op de pagina van uw melding."))
    return change


def confirm_change(context: Context, token: str) -> None:
    """The owner of the new address confirms it: it holds from now on, and the old links end."""
    change = waiting_change(context, token)
    case = cases.get_by_id_for_update(context.session, change.case_id)
    change = waiting_change(context, token)  # again: the submitter may have closed the links while this waited
    contact = _contact_of(context, case)
    contact.email, contact.verified_at = change.email, context.now
    _move(context, case, contact)
    events.record(context, EventKind.ADDRESS_CHANGED, case=case)


def correct(context: Context, reference: str, address: str) -> None:
    """The desk mends an address, or writes down the first one; the account that did so stays with the event.

    The new address gets a link and is not confirmed yet. An old one that its owner had confirmed is told.

    Raises:
        DomainError: the address is none (field ``email``), is the one that we have, or there is no contact any more.
    """
    context.actor.require(Permission.READ_CONTACT)
    case = open_case(context, reference, Permission.HANDLE_CASE)
    contact = _contact_of(context, case)
    checked = _checked(address)
    if checked == contact.email:
        raise DomainError(_SAME, field=FIELD)
    if contact.verified_at is not None:
        _tell_old(context, case, contact)
    contact.email, contact.verified_at = checked, None
    _move(context, case, contact)
    events.record(context, EventKind.ADDRESS_CORRECTED, case=case)


def may_mend(filed_at: datetime, now: datetime, *, is_link_used: bool) -> bool:
    """Whether an address can be mended from the receipt: shortly after filing, while nobody used the link.

    Args:
        is_link_used: somebody confirmed the address or did anything by the link. Only opening it is not kept: mail
            scanners open links too.
    """
    return not is_link_used and now < filed_at + MEND_TERM


def typed_address(context: Context, key: str) -> str | None:
    """The address that was typed for the case of this receipt, while it can be mended."""
    row = context.session.execute(
        select(Contact.email, drafts.IS_LINK_USED.label("is_link_used"), Case.filed_at)
        .join(Case, Case.id == Contact.case_id)
        .where(Case.draft_key == key, Case.organisation_id.is_(None))
    ).one_or_none()
    if row is None or not may_mend(row.filed_at, context.now, is_link_used=row.is_link_used):
        return None
    email: str | None = row.email
    return email


def mend(context: Context, key: str, address: str, ticket: Ticket) -> None:
    """The one who filed mends a mistyped address, before anybody used the link: a new one goes to the new address.

    The old address is told: on a computer that others use too, it may have been right.

    Holding the key of the draft, in the browser that filed it, is what gives the right; the caller sees to that.

    Args:
        ticket: this request, counted: the mail goes to whoever was named, which may be a stranger.
    Raises:
        NotFound: nothing of a resident was filed with this key.
        TooManyAttempts: too many such mails were asked for; nothing is sent.
        DomainError: the address is none (field ``email``) or is the one that we have; or the link was used, there is
            no mail address to mend, or an hour went by.
    """
    case_id = context.session.scalar(select(Case.id).where(Case.draft_key == key, Case.organisation_id.is_(None)))
    if case_id is None:
        raise NotFound()
    case = cases.get_by_id_for_update(context.session, case_id)
    if not ticket.allowed:
        raise TooManyAttempts(TOO_OFTEN, field=FIELD)
    contact = _contact_of(context, case)
    statement = select(drafts.IS_LINK_USED).select_from(Case).join(Contact, Contact.case_id == Case.id)
    is_link_used = context.session.scalars(statement.where(Case.id == case.id)).one()
    is_open = may_mend(case.filed_at, context.now, is_link_used=is_link_used)
    if not contact.email or not is_open or case.status not in OPEN_STATUSES:
        raise DomainError(TOO_LATE)
    checked = _checked(address)
    if checked == contact.email:
        raise DomainError(_SAME, field=FIELD)
    _count(context, "mended addresses", key, MENDS)
    _tell_old(context, case, contact)
    contact.email = checked
    if case.status is CaseStatus.SUBMITTED and case.due_on is not None:
        _end_links(context, case, contact)
        messages.notify_submitter(context, case, filing_texts.receipt(next_date=case.due_on))
    else:
        _move(context, case, contact)
    events.record(context, EventKind.ADDRESS_CHANGED, case=case)


def _use_again(context: Context, case: Case, address: str, why: UsedAgain) -> None:
    case.updated_at = context.now
    addresses_gone.clear(context, address, why, mails=failures.send_again(context, case, address), case=case)


def _move(context: Context, case: Case, contact: Contact) -> None:
    """Begin anew with the address that now stands with the contact, and say so there."""
    _end_links(context, case, contact)
    messages.notify_submitter(context, case, texts.address_changed())


def _tell_old(context: Context, case: Case, contact: Contact) -> None:
    """Say at the address that stands with the contact that another one comes in its place; it is not named."""
    if contact.email and messages.is_address(contact.email):
        _mail(context, case, MailKind.ADDRESS_CHANGING, contact.email, address_moved(reference=case.reference))


def _end_links(context: Context, case: Case, contact: Contact) -> None:
    contact.undelivered_at = contact.gone_at = None
    failures.settle_if_open(context, case, Settled.ADDRESS)
    case.updated_at = context.now
    context.session.execute(delete(AddressChange).where(AddressChange.case_id == case.id))
    context.session.execute(
        update(FollowLink)
        .where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        .values(revoked_at=context.now)
    )


def _contact_of(context: Context, case: Case) -> Contact:
    contact = context.session.get(Contact, case.id, populate_existing=True)
    if contact is None or contact.erased_at is not None:
        raise DomainError(_GONE)
    return contact


def _count(context: Context, name: str, subject: str, most: int) -> None:
    bound = Bound(name, subject, most, bounds.DAY, TOO_MANY_ADDRESSES, field=FIELD)
    bounds.count(context.session, bound, context.now)


def _checked(address: str) -> str:
    try:
        return messages.checked_address(address)
    except DomainError as error:
        raise DomainError(error.message, field=FIELD) from None


def _mail(context: Context, case: Case, kind: MailKind, address: str, text: MailText) -> None:
    text = in_language(text, case.language)
    messages.queue(context, kind, to_address=address, subject=text.subject, body=text.body, case=case)
