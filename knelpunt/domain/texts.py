"""Texts of ours: Dutch, marked so that they are collected, and able to be said in another language; and dates in words.

Below the site no language is known. What is raised or written there is a ``Text``: it reads as the Dutch sentence, and
keeps its message and what fills its places for whoever shows it (decision 8). What a person wrote is a plain ``str``,
and so is never translated, also where it stands inside a ``Text``.
"""

from collections.abc import Sequence
from datetime import date
from functools import reduce

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


class Text(str):
    """A Dutch text with its message: ``Text("Antwoord uiterlijk op %(day)s.", day=answer_by)``.

    A value may be a day, a number, another ``Text``, or what a person wrote.
    """

    __slots__ = ("many", "message", "number", "values")
    message: str
    many: str
    number: int
    values: dict[str, object]

    def __new__(cls, message: str, /, **values: object) -> "Text":
        return _made(message, "", 1, values)


def counted(one: str, many: str, number: int, /, **values: object) -> Text:
    """A text that differs for one and for more; ``%(num)s`` in it is the number."""
    return _made(one, many, number, {"num": number, **values})


def below_one_another(texts: Sequence[str]) -> str:
    """Texts of ours as the lines of one; empty when there is none."""
    return reduce(lambda above, below: Text("%(above)s\n%(below)s", above=above, below=below), texts) if texts else ""


def as_paragraphs(texts: Sequence[str]) -> str:
    """The same, each a paragraph."""
    return reduce(lambda above, below: Text("%(above)s\n\n%(below)s", above=above, below=below), texts) if texts else ""


def _made(message: str, many: str, number: int, values: dict[str, object]) -> Text:
    template = message if number == 1 or not many else many
    text = str.__new__(
        Text, template % {name: _written(value) for name, value in values.items()} if values else template
    )
    text.message, text.many, text.number, text.values = message, many, number, values
    return text


def _written(value: object) -> object:
    return date_in_words(value) if isinstance(value, date) else value


def with_article(name: str, *, begins: bool = False) -> str:
    """The name of a ministry or another body in a Dutch sentence, or at its begin: "het Ministerie van ..."."""
    return f"{'Het' if begins else 'het'} {name}" if name.startswith("Ministerie ") else name


MONTHS = (
    Text("januari"),
    Text("februari"),
    Text("maart"),
    Text("april"),
    Text("mei"),
    Text("juni"),
    Text("juli"),
    Text("augustus"),
    Text("september"),
    Text("oktober"),
    Text("november"),
    Text("december"),
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
