"""How long a term still runs, for lists that only know its last day."""

from datetime import date
from functools import lru_cache

from knelpunt.domain.calendar.clocks import Clock, Unit, days_left_in_words
from knelpunt.domain.calendar.working_days import working_days_between
from knelpunt.web.shared.pages.filters import clock_state

_IN_WORKING_DAYS = frozenset({Clock.K1, Clock.K2, Clock.K5, Clock.CLOSING})
"""The listed clocks whose term is set in working days; the others are counted down in calendar days."""


@lru_cache(maxsize=4096)
def due_in_words(due_on: date, clock: Clock | None, today: date) -> tuple[str, str]:
    """The state of a term (part of a class name) and how long it still runs: ("soon", "nog 2 werkdagen")."""
    if clock in _IN_WORKING_DAYS:
        unit = Unit.WORKING_DAYS
        days = working_days_between(today, due_on) if due_on >= today else -max(1, working_days_between(due_on, today))
    else:
        unit, days = Unit.CALENDAR_DAYS, (due_on - today).days
    return clock_state(days), days_left_in_words(days, unit)
