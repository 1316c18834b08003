"""What a visitor narrows the list of published cases to, read from the address and written back into it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.vocabulary import SubmitterKind, Theme, Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.public.published import PublicFilter
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.rule_pairs import read_together, read_year
from knelpunt.web.shared.texts import _

SEARCH_LENGTH = 200


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
class Extra:
    """A filter without a field of its own on the page, that another page leads here with."""

    name: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The list that is asked for. What the address holds and no list knows is left out."""

    search: str
    choices: list[Choice]
    narrowed: PublicFilter
    matches_nothing: bool
    extras: tuple[Extra, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.extras) or any(choice.chosen for choice in self.choices)

    @property
    def has_place(self) -> bool:
        return self.narrowed.municipality_id is not None

    def query(self, without: str | None = None, **more: str) -> str:
        """The query of an address that asks for the same, but for one filter."""
        values = {choice.name: choice.chosen for choice in self.choices if choice.chosen}
        if self.search:
            values["q"] = self.search
        values.update((extra.name, extra.value) for extra in self.extras)
        values.pop(without or "", None)
        return urlencode({**values, **more})

    def chips(self, path: str, **more: str) -> Iterator[tuple[str, str]]:
        """What is on, each with the address without it."""
        if self.search:
            yield _("Zoekwoorden: %(search)s", search=self.search), f"{path}?{self.query('q', **more)}"
        for choice in self.choices:
            if choice.chosen:
                yield f"{choice.words}: {choice.chosen_words}", f"{path}?{self.query(choice.name, **more)}"
        for extra in self.extras:
            yield extra.words, f"{path}?{self.query(extra.name, **more)}"


def read(arguments: Mapping[str, str], names: Reference) -> Filters:
    """Read the filters from the address."""
    search = " ".join(arguments.get("q", "").replace("\x00", " ").split())[:SEARCH_LENGTH]
    choices = [
        _choice(arguments, "uitkomst", _("Uitkomst"), _("Met een antwoord"), [("alle", _("Ook zonder antwoord"))]),
        _choice(arguments, "thema", _("Onderwerp"), _("Alle onderwerpen"), _members(Theme)),
        _choice(arguments, "indiener", _("Wie het meldde"), _("Iedereen"), _members(SubmitterKind)),
        _choice(arguments, "oordeel", _("Oordeel"), _("Elk oordeel"), _members(Verdict)),
        _choice(arguments, "provincie", _("Provincie"), _("Heel Nederland"), _rows(names.province_options)),
        _choice(arguments, "gemeente", _("Gemeente"), _("Alle gemeenten"), _rows(names.municipality_options)),
        _choice(arguments, "wet", _("Wet"), _("Alle wetten"), _rows(names.law_options)),
    ]
    outcome, theme, submitter, verdict, province, municipality, law = (choice.chosen for choice in choices)
    words = to_query(search) if search else None
    together = read_together(arguments)
    first, last = (read_year(arguments.get(name, "")) for name in ("vanaf", "tot"))
    extras = [Extra(together.name, together.value, together.words)] if together else []
    extras += [Extra("vanaf", str(first), _("Gemeld vanaf %(first)s", first=first))] if first else []
    extras += [Extra("tot", str(last), _("Gemeld tot en met %(last)s", last=last))] if last else []
    return Filters(
        search,
        choices,
        PublicFilter(
            # Pairs of rules are counted over all that is public, and so is what nobody decided yet.
            answered=None if outcome or together or verdict == Verdict.UNDECIDED else True,
            words=words,
            theme=Theme(theme) if theme else None,
            submitter_kind=SubmitterKind(submitter) if submitter else None,
            verdict=Verdict(verdict) if verdict else None,
            province_id=int(province) if province else None,
            municipality_id=int(municipality) if municipality else None,
            law_id=int(law) if law else None,
            together=tuple({together.entry: key} for key in together.keys) if together else None,
            filed_from=date(first, 1, 1) if first else None,
            filed_to=date(last, 12, 31) if last else None,
        ),
        matches_nothing=bool(search) and words is None,
        extras=tuple(extras),
    )


def _choice(
    arguments: Mapping[str, str], name: str, words: str, all_words: str, options: list[tuple[str, str]]
) -> Choice:
    given = arguments.get(name, "")
    return Choice(name, words, all_words, options, given if any(value == given for value, _ in options) else "")


def _members(members: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, label(member)) for member in members]


def _rows(options: tuple[tuple[int, str], ...]) -> list[tuple[str, str]]:
    return [(str(value), words) for value, words in options]
