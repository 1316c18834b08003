"""Writes days as a calendar that other programs subscribe to (RFC 5545 and 7986)."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PRODUCT = "-//Knelpunt//Termijnen//NL"
REFRESHED_EVERY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on one day; ``uid`` stays the same when the day moves."""

    uid: str
    day: date
    summary: str
    changed_at: datetime
    url: str | None = None


def calendar_of(name: str, days: Iterable[DayEvent]) -> bytes:
    """A calendar of whole days, which have no time and so no time zone: they are days where they are written."""
    library = importlib.import_module("icalendar")  # takes half a second, which only who reads a calendar waits for
    calendar = library.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    for each in days:
        event = library.Event()
        event.add("uid", each.uid)
        event.add("dtstamp", each.changed_at)
        event.add("dtstart", each.day)
        event.add("dtend", each.day + timedelta(days=1))
        event.add("summary", each.summary)
        event.add("transp", "TRANSPARENT")
        if each.url is not None:
            event.add("url", each.url)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
