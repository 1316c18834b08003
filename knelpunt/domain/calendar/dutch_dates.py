"""Dates in plain Dutch words."""

from datetime import date

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
