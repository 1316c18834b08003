"""What suggestions are asked for: a text with its day, who asks, and the words that it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.vocabulary import SubmitterKind


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as it is written, where it stands, and the terms under which it is looked up.

    The terms are its stem, the word itself and the stems of the words that it is made of; none for a stop word.
    """

    text: str
    start: int
    terms: tuple[str, ...]

    @property
    def end(self) -> int:
        return self.start + len(self.text)


Split = Callable[[str], Sequence[Word]]
"""Splits a text into words; given by an adapter, because stemming is no matter of the domain."""


@dataclass(frozen=True, slots=True)
class Question:
    """A problem in somebody's words. It played between ``first`` and ``last``, both included; None: nobody knows when.

    ``key`` tells it apart from the examples, of which it may be one. ``situation`` is the key of the situation that a
    person chose for it, ``refused_situations`` are those that a person refused. ``names_rule``: who asked filled in
    which rule or letter it is about, so that nobody asks for it again.
    """

    title: str
    description: str
    first: date | None = None
    last: date | None = None
    submitter_kind: SubmitterKind | None = None
    key: str | None = None
    situation: str | None = None
    refused_situations: frozenset[str] = frozenset()
    names_rule: bool = False

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.description}"

    @property
    def year(self) -> int | None:
        return self.first.year if self.first else None


def in_year(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def terms_of(words: Sequence[Word]) -> dict[str, int]:
    """How often each term occurs."""
    counts: dict[str, int] = {}
    for word in words:
        for term in word.terms:
            counts[term] = counts.get(term, 0) + 1
    return counts
