"""What the rules of a ruimtewijzer are called at the desk: names to show and to choose from, and what a name means."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from knelpunt.domain.laws.articles import article_key
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.domain.texts import date_in_words
from knelpunt.queries.laws.rows import article_in_words

MOST_NAMED = 5
NAMES_KEPT = 4096
"""More than the catalogue has names; each page of the desk asks for all of them."""


class Entry(NamedTuple):
    """A law or a provision of the catalogue."""

    kind: EntryKind
    key: str


class RuleNames:
    """The names of all laws and provisions. A provision is named by its law, its article and what it is."""

    def __init__(self, provisions: Mapping[str, Any], laws: Mapping[str, str], short: Mapping[str, str | None]) -> None:
        """Args:
        provisions: the rows of provisions by key.
        laws: the titles of laws by key.
        short: the abbreviations of laws by key, for those that have one.
        """
        self._names: dict[Entry, str] = {}
        keys: dict[str, list[Entry]] = {}
        called: dict[str, list[Entry]] = {}
        law_names: dict[str, list[Entry]] = {}
        other_names: dict[str, list[Entry]] = {}
        for key, row in provisions.items():
            entry, article = Entry(EntryKind.PROVISION, key), article_in_words(row.article)
            self._names[entry] = ", ".join(filter(None, (row.law_title, article, row.instrument)))
            others = [row.instrument, *(f"{law} {article}" for law in (row.law_title, row.law_abbreviation) if law)]
            _note(entry, others, other_names)
        for key, title in laws.items():
            entry, abbreviation = Entry(EntryKind.LAW, key), short.get(key)
            self._names[entry] = f"{title} ({abbreviation})" if abbreviation else title
            _note(entry, [title, abbreviation], law_names)
        self._tell_apart(provisions)
        for entry, name in self._names.items():
            _note(entry, [name], called)
            _note(entry, [entry.key], keys)
        self._meanings = (called, keys, law_names, other_names)

    @property
    def choices(self) -> list[str]:
        """All names, each once."""
        return list(dict.fromkeys(self._names.values()))

    def name_of(self, entry: Entry) -> str | None:
        """What an entry is called; None when it is not in the catalogue."""
        return self._names.get(entry)

    def find(self, text: str, *, with_article: bool) -> Entry:
        """The one entry that a text names: by its name here, its key, the title or abbreviation of a law, a law with
        an article, or what a provision is.

        Args:
            text: what somebody typed.
            with_article: whether an article was named beside it, which only a law has.

        Raises:
            ValueError: it names none, or more than one; the message is Dutch and says which come near.
        """
        wanted = _plain(text)
        for meanings in self._meanings:
            found = meanings.get(wanted, [])
            kind = EntryKind.LAW if with_article else EntryKind.PROVISION
            found = [entry for entry in found if entry.kind is kind] or found
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(f"‘{text}’ past bij meer dan één regel: {self._listed(found)}. Kies er een.")
        near = self._near(wanted.split())
        more = f"Lijkt erop: {self._listed(near)}." if near else "Kies een naam uit de lijst."
        raise ValueError(f"De wettencatalogus kent geen wet of bepaling ‘{text}’. {more}")

    def _tell_apart(self, provisions: Mapping[str, Any]) -> None:
        """Add its first day to the name of a provision that another bears as well, such as an earlier wording."""
        counts = Counter(_plain(name) for name in self._names.values())
        for entry, name in self._names.items():
            if entry.kind is EntryKind.PROVISION and counts[_plain(name)] > 1:
                start = provisions[entry.key].valid_from
                self._names[entry] = f"{name}, vanaf {date_in_words(start) if start else 'een onbekende dag'}"

    def _near(self, words: list[str]) -> list[Entry]:
        """What holds every word; one that begins with a number must be there as it is."""
        return [
            entry for entry, name in self._names.items() if words and all(_holds(_plain(name), word) for word in words)
        ]

    def _listed(self, entries: list[Entry]) -> str:
        names = "; ".join(f"‘{self._names[entry]}’" for entry in entries[:MOST_NAMED])
        return f"{names} en nog {len(entries) - MOST_NAMED}" if len(entries) > MOST_NAMED else names


def _note(entry: Entry, names: Iterable[str | None], meanings: dict[str, list[Entry]]) -> None:
    for name in dict.fromkeys(_plain(each) for each in names if each):
        meanings.setdefault(name, []).append(entry)


_plain = lru_cache(NAMES_KEPT)(article_key)


def _holds(name: str, word: str) -> bool:
    return word in name.split() if word[:1].isdigit() else word in name
