"""What can be said of a message on paper or by telephone."""

from datetime import date, datetime, timedelta

from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.mail_kinds import MailKind

HANDLER_TOLD_AFTER, HEADS_TOLD_AFTER = 2, 5
"""After so many working days somebody hears that a message lies here."""

WITH_A_TERM = frozenset(
    {
        MailKind.QUESTION,
        MailKind.PROPOSAL,
        MailKind.PREVIEW,
        MailKind.SHARING_ASKED,
        MailKind.CLOSED,
        MailKind.SECOND_LOOK_OUTCOME,
    }
)
"""With such a message a term of the submitter begins, on the day on which it went."""


def written_by(today: date, working_days: int) -> date:
    """The last day on which a message was written that lies here for more than so many working days."""
    day = today
    while add_working_days(day, working_days) >= today:
        day -= timedelta(days=1)
    return day


def why_not_to_send(body: str | None, dropped_at: datetime | None) -> str:
    """Why a message that did not go is not to be sent any more, for people at the desk; empty when it is."""
    if not body:
        return "De contactgegevens zijn gewist. Dit bericht gaat niet meer weg."
    return "Dit bericht is ingetrokken en gaat niet meer weg." if dropped_at is not None else ""
