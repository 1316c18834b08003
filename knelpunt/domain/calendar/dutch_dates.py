"""Dates, terms and time left in plain Dutch words."""

from datetime import date

from knelpunt.domain.calendar.clocks import Unit

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)

_ONE_AND_MANY = {
    Unit.WORKING_DAYS: ("werkdag", "werkdagen"),
    Unit.CALENDAR_DAYS: ("dag", "dagen"),
    Unit.WEEKS: ("week", "weken"),
    Unit.MONTHS: ("maand", "maanden"),
}


def weekday_in_words(day: date) -> str:
    """The name of the weekday: "dinsdag"."""
    return WEEKDAYS[day.weekday()]


def date_in_words(day: date) -> str:
    """A date as people read it: "dinsdag 24 november 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def date_range_in_words(first: date, last: date) -> str:
    """A stretch of days: "maandag 30 november tot en met vrijdag 4 december 2026"; one day when both are the same.

    Raises ValueError when the last day comes before the first.
    """
    if last < first:
        raise ValueError("a stretch of days cannot end before it begins")
    if first == last:
        return date_in_words(first)
    begin = f"{WEEKDAYS[first.weekday()]} {first.day}"
    if first.year != last.year:
        begin = date_in_words(first)
    elif first.month != last.month:
        begin = f"{begin} {MONTHS[first.month - 1]}"
    return f"{begin} tot en met {date_in_words(last)}"


def length_in_words(length: int, unit: Unit) -> str:
    """How long a term is: "10 werkdagen", "1 maand"."""
    one, many = _ONE_AND_MANY[unit]
    return f"{length} {one if length == 1 else many}"


def days_left_in_words(days: int, unit: Unit) -> str:
    """Time left of a term: "nog 3 werkdagen", "vandaag", "2 werkdagen te laat".

    Args:
        days: as ``deadlines.days_left`` counts them: working days for a term in working days, else calendar days.
        unit: the unit of the term; a term in weeks or months is counted down in days.
    """
    if days == 0:
        return "vandaag"
    counted = length_in_words(abs(days), Unit.WORKING_DAYS if unit is Unit.WORKING_DAYS else Unit.CALENDAR_DAYS)
    return f"nog {counted}" if days > 0 else f"{counted} te laat"
