"""What a visitor narrows the list of ruimtewijzers to, read from the address and written back into it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.guides.track import GuideAudience
from knelpunt.domain.laws.schema import RoomType
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.guides.published import GuideFilter
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import _

SEARCH_LENGTH = 200
QUESTION_LENGTH = 400
LAST_PAGE = 9999


@dataclass(frozen=True, slots=True)
class Choice:
    """One list to choose from: its name in the address, its words, its options, and what was chosen."""

    name: str
    words: str
    all_words: str
    options: list[tuple[str, str]]
    chosen: str

    @property
    def chosen_words(self) -> str:
        return dict(self.options)[self.chosen]


@dataclass(frozen=True, slots=True)
class Asked:
    """The list that is asked for. What the address holds and no list knows is left out."""

    search: str
    choices: list[Choice]
    narrowed: GuideFilter
    page: int
    matches_nothing: bool

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search) or any(choice.chosen for choice in self.choices)

    def query(self, without: str | None = None, **more: str) -> str:
        """The query of an address that asks for the same, but for one filter."""
        values = {choice.name: choice.chosen for choice in self.choices if choice.chosen}
        if self.search:
            values["q"] = self.search
        values.pop(without or "", None)
        return urlencode({**values, **more})

    def chips(self, path: str) -> Iterator[tuple[str, str]]:
        """What is on, each with the address without it."""
        if self.search:
            yield _("Zoekwoorden: %(search)s", search=self.search), f"{path}?{self.query('q')}"
        for choice in self.choices:
            if choice.chosen:
                yield f"{choice.words}: {choice.chosen_words}", f"{path}?{self.query(choice.name)}"


def typed(arguments: Mapping[str, str], name: str, length: int) -> str:
    """A text from the address on one line, without what no database takes."""
    return " ".join(arguments.get(name, "").replace("\x00", " ").split())[:length]


def chosen_place(arguments: Mapping[str, str], names: Reference) -> str:
    """The municipality in the address, or nothing where no list knows it."""
    place = arguments.get("gemeente", "")
    return place if any(str(id_) == place for id_, _ in names.municipality_options) else ""


def carried_to_filing(question: str, place: str) -> str:
    """The query that takes a question and its municipality along to the first page of filing."""
    return urlencode({"wens": question, **({"gemeente": place} if place else {})})


def read(arguments: Mapping[str, str], names: Reference, law_keys: tuple[str, ...]) -> Asked:
    """Read the filters from the address."""
    search = typed(arguments, "q", SEARCH_LENGTH)
    titles = {law.key: law.citation_title for law in names.laws.values()}
    laws = sorted(((key, titles.get(key, key)) for key in law_keys), key=lambda pair: pair[1].casefold())
    rooms = [(room.name.lower().replace("_", "-"), label(room)) for room in RoomType]
    choices = [
        _choice(arguments, "thema", _("Onderwerp"), _("Alle onderwerpen"), _members(KNOWN_THEMES)),
        _choice(arguments, "voor", _("Voor wie"), _("Iedereen"), _members(GuideAudience)),
        _choice(arguments, "ruimte", _("Soort ruimte"), _("Elke ruimte"), rooms),
        _choice(arguments, "wet", _("Wet"), _("Alle wetten"), laws),
    ]
    theme, audience, room, law = (choice.chosen for choice in choices)
    words = to_query(search) if search else None
    return Asked(
        search,
        choices,
        GuideFilter(
            words=words,
            theme=Theme(theme) if theme else None,
            audience=audience or None,
            room_type=RoomType[room.upper().replace("-", "_")] if room else None,
            law_key=law or None,
        ),
        page=_page(arguments.get("pagina", "")),
        matches_nothing=bool(search) and words is None,
    )


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 5
    return min(max(int(text), 1), LAST_PAGE) if is_number else 1


def _choice(
    arguments: Mapping[str, str], name: str, words: str, all_words: str, options: list[tuple[str, str]]
) -> Choice:
    asked = arguments.get(name, "")
    return Choice(name, words, all_words, options, asked if any(value == asked for value, _ in options) else "")


def _members(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, label(member)) for member in members]
