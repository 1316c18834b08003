"""The secret links of people without an account: to go on with a draft, and to follow a case."""

from sqlalchemy import delete, update

from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.errors import DomainError, TooManyAttempts
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import UsedAgain
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import AddressChange, Case, Contact, FollowLink
from knelpunt.queries.cases import submitter_page
from knelpunt.services.accounts import Ticket
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import bounds, events
from knelpunt.services.core.bounds import Bound
from knelpunt.services.core.context import Context
from knelpunt.services.filing.draft_terms import purge_day
from knelpunt.services.filing.intake import open_draft
from knelpunt.services.filing.mail_texts import draft_link
from knelpunt.services.mail import addresses_gone, messages
from knelpunt.services.mail.texts import About
from knelpunt.services.submitters import mail_texts as texts
from knelpunt.services.submitters.reactions import verify_address

TOO_OFTEN = Text("U vroeg dit een paar keer kort na elkaar. Wacht een kwartier en probeer het dan opnieuw.")
TOO_MANY_LINKS = Text("Wij mailden de link van dit concept vandaag al een paar keer. Kijk bij de ongewenste mail.")
LINKS_OF_A_DRAFT = 5
"""How often the link of one draft is mailed in a day, to whatever address."""
MOST_LINKS_A_REQUEST = 10
STAND_IN = "niemand@knelpunt.invalid"
"""An address that nobody can have, for a mail that is never sent."""


def mail_draft_link(context: Context, key: str, address: str, ticket: Ticket) -> None:
    """Mail the link to go on with a draft, on this or another device.

    Raises:
        TooManyAttempts: this address was asked for too often; nothing is sent.
        DomainError: the address is none (field ``email``).
    """
    draft = open_draft(context, key)
    if not ticket.allowed:
        raise TooManyAttempts(TOO_OFTEN, field="email")
    try:
        checked = messages.checked_address(address)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    bound = Bound("draft links", key, LINKS_OF_A_DRAFT, bounds.DAY, TOO_MANY_LINKS, field="email")
    bounds.count(context.session, bound, context.now)
    url = context.links.to(f"{prefix_of(context.language)}/melden/{draft.key}")
    text = draft_link(url=url, purge_on=purge_day(context.session, draft.updated_at))
    messages.queue_text(context, MailKind.DRAFT_LINK, checked, text, language=context.language)


def confirm_address(context: Context, reference: str) -> None:
    """The holder of the follow link says that the address is theirs; a second time changes nothing."""
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    contact = context.session.get(Contact, case.id, populate_existing=True)
    _use_again(context, case, contact, UsedAgain.BY_SUBMITTER)
    verify_address(context, case)


def renew_link(context: Context, reference: str) -> None:
    """Make every earlier link to this case worthless and mail a new one to the contact.

    Raises:
        DomainError: there is no address left to mail it to.
    """
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    contact = context.session.get(Contact, case.id, populate_existing=True)
    if contact is None or contact.erased_at is not None or not contact.email:
        raise DomainError(Text("Wij hebben geen e-mailadres meer om een nieuwe link naartoe te sturen."))
    _revoke(context, case)
    messages.notify_submitter(context, case, texts.follow_link())
    _use_again(context, case, contact, UsedAgain.LINK_ASKED)
    events.record(context, EventKind.LINK_RENEWED, case=case)


def revoke_link(context: Context, reference: str) -> None:
    """Make every link to this case worthless; a new one is mailed when the submitter asks for it."""
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    _revoke(context, case)
    events.record(context, EventKind.LINK_RENEWED, case=case)


def send_links_again(context: Context, address: str, ticket: Ticket) -> None:
    """Mail the follow links of the latest cases of this address to it.

    For an address that is unknown, or asked for too often, nothing is sent: a mail is written and taken back, so that
    the answer takes as long. The caller gives the same answer.
    """
    found = submitter_page.cases_of_address(context.session, normalise_email(address), MOST_LINKS_A_REQUEST)
    if found and ticket.allowed:
        for case in found:
            messages.notify_submitter(context, case, texts.follow_link())
        addresses_gone.clear(context, address, UsedAgain.LINK_ASKED)
        return
    attempt = context.session.begin_nested()
    nobody = About("KNP-0000-00000", "", context.links.to("/volgen"), is_private_link=True)
    text = texts.follow_link().text(nobody)
    messages.queue_text(context, MailKind.FOLLOW_LINK, STAND_IN, text)
    addresses_gone.clear(context, STAND_IN, UsedAgain.LINK_ASKED)
    attempt.rollback()


def _use_again(context: Context, case: Case, contact: Contact | None, why: UsedAgain) -> None:
    """Whoever reads mails at this address says so: they go there again, if nobody was known to have it."""
    if contact is not None and contact.email and contact.gone_at is not None:
        addresses_gone.clear(context, contact.email, why, case=case)


def _revoke(context: Context, case: Case) -> None:
    """End every link, and with them a change of address that somebody with the old link may have asked for."""
    context.session.execute(delete(AddressChange).where(AddressChange.case_id == case.id))
    context.session.execute(
        update(FollowLink)
        .where(FollowLink.case_id == case.id, FollowLink.revoked_at.is_(None))
        .values(revoked_at=context.now)
    )
