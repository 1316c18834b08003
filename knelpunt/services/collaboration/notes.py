"""An internal note that names colleagues: each is told, and none who may not read the case."""

from sqlalchemy import select

from knelpunt.domain.collaboration.mentions import Colleague, handles_in, named_in
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.models import Account, Case, Note, NoteMention
from knelpunt.services.cases import triage
from knelpunt.services.collaboration import mail_texts as texts
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages

_READERS = roles_with(Permission.READ_CASES)
MAY_NOT_READ = "Kies een collega die deze zaak mag lezen."


def write(context: Context, reference: str, body: str, chosen_ids: tuple[int, ...] = ()) -> Note:
    """Write a note; who is named in it with "@", or chosen beside it, is told.

    Raises:
        DomainError: a handle fits nobody or more than one, or somebody chosen may not read the case.
    """
    context.actor.require(Permission.WRITE_NOTE)
    named: list[int] = []
    if chosen_ids or handles_in(body):
        colleagues = _colleagues(context)
        if not {each.id for each in colleagues}.issuperset(chosen_ids):
            raise DomainError(MAY_NOT_READ, field="mentioned_id")
        named = list(dict.fromkeys((*chosen_ids, *named_in(body, colleagues))))
    note = triage.add_note(context, reference, body)
    context.session.add_all(NoteMention(note_id=note.id, account_id=account_id) for account_id in named)
    case = context.session.get_one(Case, note.case_id)
    for account_id in named:
        if account_id != context.actor.account_id:
            messages.notify_colleague(context, case, texts.mentioned(), account_id)
    return note


def _colleagues(context: Context) -> list[Colleague]:
    rows = context.session.execute(
        select(Account.id, Account.name, Account.email).where(Account.is_active, Account.role.in_(_READERS))
    )
    return [Colleague(*row) for row in rows]
