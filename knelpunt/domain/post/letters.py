"""What can be said of a message on paper or by telephone."""

from datetime import date, datetime, timedelta

from knelpunt.domain.calendar.working_days import add_working_days

HANDLER_TOLD_AFTER, HEADS_TOLD_AFTER = 2, 5
"""After so many working days somebody hears that a message lies here; until it goes, no term of its submitter runs."""


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
