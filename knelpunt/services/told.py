"""What differs when somebody at the desk writes down an act of the submitter: the right, the day and the event."""

from datetime import date
from typing import Any

from knelpunt.domain.dutch_dates import date_in_words
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.replies import Told
from knelpunt.models import Case, Contact
from knelpunt.services.act import Act
from knelpunt.services.workflow import open_case

HAS_AN_ACCOUNT = "Een organisatie reageert zelf, met een account. Voor haar kunt u niets opschrijven."
NOBODY_THERE = "Van deze indiener zijn er geen contactgegevens meer. U kunt niets voor de indiener opschrijven."


def open_for(act: Act, reference: str, told: Told | None) -> Case:
    """The case, locked: for its submitter, or for somebody at the desk who writes down what the submitter told.

    Raises:
        DomainError: the submitter has an account, or cannot be known any more.
        VersionConflict: the case changed since the one who writes it down read it.
    """
    if told is None:
        return open_case(act, reference, Permission.ANSWER_AS_SUBMITTER)
    case = open_case(act, reference, Permission.HANDLE_CASE, version=told.version)
    if case.organisation_id is not None:
        raise DomainError(HAS_AN_ACCOUNT)
    contact = act.session.get(Contact, case.id)
    if contact is None or contact.erased_at is not None:
        raise DomainError(NOBODY_THERE)
    return case


def day_of(act: Act, told: Told | None, since: date) -> date:
    """The day on which the submitter reacted: today, or for what was told the day on which it reached the desk.

    Args:
        since: the day of what the submitter reacts to; no reaction can be older.
    """
    if told is None:
        return act.today
    if not since <= told.received_on <= act.today:
        raise DomainError(f"Vul een dag in van {date_in_words(since)} tot en met vandaag.", field="received_on")
    return told.received_on


def kept(told: Told | None) -> dict[str, Any]:
    """What the event keeps of it; nothing when the submitter did it."""
    return told.event_data if told is not None else {}
