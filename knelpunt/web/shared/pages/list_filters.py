"""What a list is narrowed to: read from its address, told on chips, and written back. What no list knows is left out.

A list declares its filters by reading them, in the order of its chips::

    asked = ListFilters(request.args, "/zaken")
    theme = asked.choice("thema", members(Theme), "Onderwerp")
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.laws.dates import typed_day
from knelpunt.queries.cases.lists import CaseOrder, CaseSort
from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.forms.forms import FIRST_YEAR, LAST_YEAR, day_inputs, parts_of_day, visible_text, whole_day
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import said

Member = TypeVar("Member", bound=StrEnum)
Values = Mapping[str, tuple[Any, str]]
"""What each text in the address means, and how that is called."""

LONGEST_SEARCH = 200
LONGEST_DAY = 40
LAST_PAGE = 9999
DOWN_FIRST = frozenset({CaseSort.UPDATED, CaseSort.FILED, CaseSort.NUMBER})
"""What people want to see the newest of first; a due date starts with the soonest."""


def typed_text(text: str, longest: int = LONGEST_SEARCH) -> str:
    """What somebody typed, on one line and without what cannot be shown."""
    return " ".join("".join(each for each in text[:longest] if each.isprintable() or each.isspace()).split())


def number_in(text: str) -> int | None:
    """A number of at most 18 digits, so that the database can hold it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def member_in(kind: type[Member], text: str) -> Member | None:
    """One member of a closed list."""
    return kind(text) if text in set(kind) else None


def day_of_filter(text: str) -> date:
    """A day that a person could mean: "2026-11-24" of an address, or "24-11-2026" of boxes.

    Raises ValueError, with a Dutch sentence, for anything else.
    """
    return typed_day(text, first_year=FIRST_YEAR, last_year=LAST_YEAR)


def day_in(text: str) -> date | None:
    """The same; None for what cannot be read."""
    try:
        return day_of_filter(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day in an address: ``text`` to read it by, and ``parts`` as they go back in the boxes. ``is_whole``: it stood
    there under one name, so that nobody typed it in boxes."""

    text: str
    parts: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class WrongDay:
    """What was typed in the boxes of a day that cannot be read, and what is wrong with it."""

    parts: tuple[str, ...]
    error: str


def day_typed(arguments: Mapping[str, str], name: str) -> TypedDay:
    """A day in an address: in three parts, as the boxes of a form send it, or whole."""
    parts = parts_of_day(arguments, name)
    if any(parts):
        return TypedDay(whole_day(parts), tuple(visible_text(part) for part in parts), is_whole=False)
    whole = arguments.get(name, "")[:LONGEST_DAY].strip()
    return TypedDay(whole, (visible_text(whole), "", ""), is_whole=True)


def day_boxes(value: str | Sequence[str]) -> tuple[str, ...]:
    """What stands in the boxes for a day of an address, or for what was typed in them."""
    if not isinstance(value, str):
        return tuple(value)
    day = day_in(value)
    return (str(day.day), str(day.month), str(day.year)) if day is not None else (visible_text(value), "", "")


def draw_day_boxes(
    value: str | Sequence[str], name: str, *, id_: str, described: str = "", is_invalid: bool = False
) -> Markup:
    """The three boxes of a filter that is a day, for templates."""
    attributes = {"aria-describedby": described} if described else {}
    if is_invalid:
        attributes["aria-invalid"] = "true"
    return day_inputs(name, day_boxes(value), id_, is_invalid=is_invalid, **attributes)


def year_in(text: str) -> int | None:
    """A year that a person could mean."""
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def members(kind: Iterable[Member], say: Callable[[Member], str] = label) -> dict[str, tuple[Any, str]]:
    """The values of a closed list; for a table from member to words ``say`` is how to look there."""
    return {member.value: (member, say(member)) for member in kind}


def rows(options: Iterable[tuple[int, str]], code: Callable[[int], str] = str) -> dict[str, tuple[Any, str]]:
    """The values of a list of rows, by id or by another code."""
    return {code(id_): (id_, words) for id_, words in options}


def by_code(options: Iterable[tuple[int, str]], code: Callable[[int], str | None]) -> dict[str, tuple[str, str]]:
    """For a list by id: the same rows by the code of the API, for who makes an address by hand."""
    return {known: (str(id_), "") for id_, _words in options if (known := code(id_)) is not None}


def municipality_choice(names: Reference, code: Callable[[int], str], words: str, all_words: str = "") -> "Choice":
    """The municipalities of today; one that went up in another leads to that one."""
    values = rows(names.municipality_options, code)
    moved = {
        code(id_): (code(today), names.municipality_names[id_])
        for id_, today in names.today_of.items()
        if code(today) in values
    }
    if code is str:
        moved |= by_code(names.municipality_options, names.municipality_code)
        moved |= {names.municipalities[id_].code: moved[str(id_)] for id_ in names.today_of if str(id_) in moved}
    return Choice("gemeente", values, words, all_words, moved)


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter that is a list to choose from. Without words its values speak for themselves on a chip.

    ``moved``: what once stood in an address, what stands there now instead, and what it was called.
    """

    name: str
    values: Values
    words: str = ""
    all_words: str = ""
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(text, words) for text, (_value, words) in self.values.items()]


class ListFilters:
    """One reading of the address of a list.

    ``texts`` are the filters that are on, as they stand there; ``rest`` is what else comes along to every address of
    the list but narrows nothing, such as its order. ``unknown`` names what was asked for and does not exist, ``moved``
    what has another name now, with that name. ``wrong_days`` are days that were typed and cannot be read.
    """

    def __init__(self, arguments: Mapping[str, str], path: str) -> None:
        self.arguments, self.path = arguments, path
        self.texts: dict[str, str] = {}
        self.rest: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.wrong_days: dict[str, WrongDay] = {}
        self.choices: list[Choice] = []
        self.search, self.page, self.page_name = "", 1, "pagina"
        self.words: str | None = None
        self.moved: list[tuple[str, str]] = []
        self._chips: dict[str, str] = {}

    @classmethod
    def of_request(cls) -> "ListFilters":
        return cls(request.args, request.path)

    def given(self, name: str) -> str:
        return self.arguments.get(name, "")

    def value(self, name: str) -> str:
        """What stands in the field of a filter."""
        return self.texts.get(name, "")

    def keep(self, name: str, text: str, words: str) -> None:
        """Note a filter that is on, with the words for its chip."""
        self.texts[name], self._chips[name] = text, words

    def text(self, name: str, say: Callable[[str], str]) -> str:
        """Words that were typed."""
        text = typed_text(self.given(name))
        if text:
            self.keep(name, text, say(text))
        return text

    def read_search(self, say: Callable[[str], str], name: str = "q") -> None:
        """Words to search with: ``search`` as they were typed, ``words`` as a query; None when they hold no word."""
        self.search = self.text(name, say)
        self.words = to_query(self.search) if self.search else None

    def choice(
        self,
        name: str,
        values: Values,
        words: str = "",
        all_words: str = "",
        moved: Mapping[str, tuple[str, str]] | None = None,
    ) -> Any:
        """What was chosen from a list, or None."""
        return self.chosen(Choice(name, values, words, all_words, moved or {}))

    def chosen(self, choice: Choice) -> Any:
        self.choices.append(choice)
        text, once = choice.moved.get(self.given(choice.name), (self.given(choice.name), ""))
        if once:
            self.moved.append((once, choice.values[text][1]))
        if text not in choice.values:
            if text:
                self.unknown.add(choice.name)
            return None
        value, words = choice.values[text]
        self.keep(choice.name, text, f"{choice.words}: {words}" if choice.words else words)
        return value

    def day(self, name: str, say: Callable[[date], str]) -> date | None:
        typed = day_typed(self.arguments, name)
        if not typed.text:
            return None
        try:
            day = day_of_filter(typed.text)
        except ValueError as error:
            if typed.is_whole:
                self.unknown.add(name)
            else:
                self.wrong_days[name] = WrongDay(typed.parts, said(error.args[0]))
            return None
        self.keep(name, day.isoformat(), say(day))
        return day

    def day_value(self, name: str) -> str | Sequence[str]:
        """What stands in the boxes of a day: the day itself, or what was typed in each."""
        wrong = self.wrong_days.get(name)
        return wrong.parts if wrong else self.value(name)

    def day_error(self, name: str) -> str | None:
        """What is wrong with what was typed for a day."""
        wrong = self.wrong_days.get(name)
        return wrong.error if wrong else None

    def year(self, name: str, say: Callable[[int], str]) -> int | None:
        year = year_in(self.given(name))
        if year is not None:
            self.keep(name, str(year), say(year))
        return year

    def read_page(self, name: str = "pagina") -> int:
        """Which page is asked for; the first when that cannot be read. ``name`` differs where a page has more lists."""
        self.page_name = name
        self.page = min(max(number_in(self.given(name)) or 1, 1), LAST_PAGE)
        return self.page

    def place(self, name: str) -> int | None:
        """The id from which the list goes on, for a list without numbered pages."""
        return number_in(self.given(name))

    @property
    def status(self) -> int:
        """What the list answers with: 422 for a day that was typed and cannot be read, as a form with errors does."""
        return 422 if self.wrong_days else 200

    @property
    def matches_nothing(self) -> bool:
        """Whether the words to search with hold none that can be found."""
        return bool(self.search) and self.words is None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.texts)

    def query(self, **changes: object) -> str:
        """The query of this list with changes (None leaves a part out), on its first page."""
        parts = {**self.rest, **self.texts, **changes}
        return urlencode({name: text for name, text in parts.items() if text is not None})

    def address(self, **changes: object) -> str:
        """This list with changes (None leaves a part out), on its first page."""
        return f"{self.path}?{self.query(**changes)}".rstrip("?")

    def address_at(self, path: str) -> str:
        """What stands at another path under the same filters."""
        return f"{path}?{self.query()}".rstrip("?")

    def chips(self, **more: object) -> list[tuple[str, str]]:
        """What is on: words, and the list without it."""
        return [(words, self.address(**more, **{name: None})) for name, words in self._chips.items()]

    def pages(self, *, more: bool) -> tuple[str | None, str | None]:
        """The addresses of the page before and the page after, as far as there are any."""
        before = self.address(**{self.page_name: self.page - 1}) if self.page > 1 else None
        return before, self.address(**{self.page_name: self.page + 1}) if more else None


class CaseListFilters(ListFilters):
    """The same for a list of cases, which can be ordered by its columns and goes on from a case."""

    order: CaseOrder

    def read_order(self, default: CaseOrder) -> None:
        self.order, sort, direction = default, self.given("sorteer"), self.given("richting")
        if sort in set(CaseSort) and direction in ("", "op", "af"):
            by = CaseSort(sort)
            self.order = CaseOrder(by, descending=direction == "af" if direction else by in DOWN_FIRST)
        elif sort:
            self.unknown.add("sorteer")
        if self.order != default:
            self.rest |= {"sorteer": self.order.sort.value, "richting": "af" if self.order.descending else "op"}

    @property
    def after(self) -> str | None:
        return self.arguments.get("na")

    @property
    def before(self) -> str | None:
        return self.arguments.get("voor")

    def sort_query(self, sort: CaseSort) -> str:
        """The query of this list by another column; by the same column the other way round."""
        down = not self.order.descending if sort is self.order.sort else sort in DOWN_FIRST
        return self.query(sorteer=sort.value, richting="af" if down else "op")

    def sorted_words(self, sort: CaseSort) -> str:
        """For aria-sort: how this column is ordered; empty when the list is ordered by another."""
        if sort is not self.order.sort:
            return ""
        return "descending" if self.order.descending else "ascending"
