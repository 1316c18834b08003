"""Which mails a submitter gets: chosen by link or in an account, and stopped with one click from a mail."""

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.links import CASE
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Contact
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context


def choose_for_case(context: Context, reference: str, choice: MailChoice) -> None:
    """The holder of a follow link chooses the mails about this case.

    Raises:
        DomainError: the contact data were erased, so that no mails are sent at all.
    """
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        raise DomainError(Text("Bij deze melding staan geen contactgegevens meer. U krijgt dus geen mails."))
    _keep(context, contact, choice, case)


def choose_for_account(context: Context, choice: MailChoice) -> None:
    """A member of an organisation chooses the mails about all cases that go to this account."""
    context.actor.require(Permission.READ_OWN_CASES)
    _keep(context, context.session.get_one(Account, context.actor.account_id), choice)


def check_token(context: Context, token: str) -> None:
    """Raise NotFound for a token that stops no mails."""
    if context.links.unsubscribed(token) is None:
        raise NotFound()


def stop(context: Context, token: str) -> None:
    """Stop every mail that may be stopped, for whoever clicks so in a mail; a second time changes nothing.

    Raises:
        NotFound: the token is wrong, or what it is about is gone.
    """
    found = context.links.unsubscribed(token)
    if found is None:
        raise NotFound()
    whose, number = found
    if whose == CASE:
        # Locked as by every act in a case, before its contact and the chain.
        case = context.session.get(Case, number, with_for_update=True, populate_existing=True)
        contact = context.session.get(Contact, number)
        if case is None or contact is None or contact.erased_at is not None:
            raise NotFound()
        _keep(context, contact, MailChoice.NEEDED, case)
        return
    account = context.session.get(Account, number)
    if account is None or not account.is_active:
        raise NotFound()
    _keep(context, account, MailChoice.NEEDED)


def _keep(context: Context, whose: Contact | Account, choice: MailChoice, case: Case | None = None) -> None:
    if (whose.mail_choice or MailChoice.ALL) is choice:
        return
    whose.mail_choice = choice
    subject = f"account:{whose.id}" if isinstance(whose, Account) else None
    events.record(context, EventKind.MAIL_CHOSEN, case=case, subject=subject, data={"keuze": choice.value})
