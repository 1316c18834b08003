"""What differs when somebody at the desk writes down an act of the submitter: the right, the day and the event."""

from dataclasses import replace
from datetime import date
from typing import Any

from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.models import Account, Case, Contact
from knelpunt.queries.accounts.accounts import who_answer
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core.context import Context

WHO_SAID_IT = "Kies de collega die dit liet weten. Alleen wie zelf mag antwoorden, staat in de lijst."
IS_NO_ORGANISATION = "Deze indiener is geen organisatie. Er is dus geen collega die dit liet weten."
NOBODY_THERE = "Van deze indiener zijn er geen contactgegevens meer. U kunt niets voor de indiener opschrijven."


def open_for(context: Context, reference: str, on_behalf: OnBehalf | None) -> Case:
    """The case, locked: for its submitter, or for somebody at the desk who writes down what the submitter told.

    Raises:
        DomainError: the submitter cannot be known any more, or it is an organisation and nobody is named there who may
            answer for it (field ``said_by_id``).
        VersionConflict: the case changed since the one who writes it down read it.
    """
    if on_behalf is None:
        return open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    case = open_case(context, reference, Permission.HANDLE_CASE, version=on_behalf.version)
    if case.organisation_id is not None:
        if on_behalf.said_by_id not in dict(who_answer(context.session, case.organisation_id)):
            raise DomainError(WHO_SAID_IT, field="said_by_id")
        return case
    if on_behalf.said_by_id is not None:
        raise DomainError(IS_NO_ORGANISATION)
    contact = context.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        raise DomainError(NOBODY_THERE)
    return case


def with_name(context: Context, on_behalf: OnBehalf) -> OnBehalf:
    """The same, with the name of the colleague who told it."""
    colleague = context.session.get(Account, on_behalf.said_by_id) if on_behalf.said_by_id is not None else None
    return on_behalf if colleague is None else replace(on_behalf, said_by=colleague.name)


def day_of(context: Context, on_behalf: OnBehalf | None, since: date) -> date:
    """The day on which the submitter reacted: today, or for what was told the day on which it reached the desk.

    Args:
        since: the day of what the submitter reacts to; no reaction can be older.
    """
    if on_behalf is None:
        return context.today
    if not since <= on_behalf.received_on <= context.today:
        raise DomainError(f"Vul een dag in van {date_in_words(since)} tot en met vandaag.", field="received_on")
    return on_behalf.received_on


def kept(on_behalf: OnBehalf | None) -> dict[str, Any]:
    """What the event keeps of it; nothing when the submitter did it."""
    return on_behalf.event_data if on_behalf is not None else {}
