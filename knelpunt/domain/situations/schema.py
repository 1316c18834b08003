"""What a file of situations must hold, checked whole before anything of it is used."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from knelpunt.domain.shapes import Text

Key = Annotated[
    str, Meta(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", description="heeft kleine letters, cijfers en streepjes")
]
Pattern = Annotated[
    str,
    Meta(
        pattern=r"\A(@[a-z]+|[^@A-Z_\s]+( [^@A-Z_\s]+)*)\Z",
        description="is een groep (@naam) of kleine woorden, met een ster voor de rest van een woord",
    ),
]
Patterns = Annotated[list[Pattern], Meta(min_length=1, description="moet een lijst zijn die niet leeg is")]
Texts = Annotated[list[Text], Meta(min_length=1, description="moet een lijst zijn die niet leeg is")]


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """One fact in plain words, and the words or phrases of which one must be in a text."""

    says: Text
    words: Patterns


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    """A question that would tell more, and the words by which a text has answered it already."""

    ask: Text
    told_by: list[Pattern] = []


class Situation(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pattern of facts that must all be there, the most telling first, and what comes with it.

    ``supports`` are facts that make it likelier, ``against`` those that make it less so. ``provisions`` are keys of the
    catalogue, the lightest step first; of different times, of which those count that held on the day.
    """

    key: Key
    title: Text
    facts: Annotated[list[Fact], Meta(min_length=2, description="heeft ten minste twee feiten")]
    supports: list[Fact] = []
    against: list[Fact] = []
    obstacles: Texts
    provisions: Texts
    guides: list[Key] = []
    asks: Annotated[list[Ask], Meta(min_length=1, description="moet een lijst zijn die niet leeg is")]
    valid_from: date | None = None
    valid_to: date | None = None


def faults(
    situations: Sequence[Situation],
    groups: Mapping[str, Sequence[str]],
    provisions: Collection[str],
    guides: Collection[str],
) -> Iterator[str]:
    """All that a situation names and that is not there, and every key that is given twice."""
    seen = set()
    for one in situations:
        if one.key in seen:
            yield f"{one.key}: staat er twee keer"
        seen.add(one.key)
        for key in one.provisions:
            if key not in provisions:
                yield f"{one.key}: bepaling '{key}' staat niet in de catalogus"
        for slug in one.guides:
            if slug not in guides:
                yield f"{one.key}: ruimtewijzer '{slug}' bestaat niet"
        for pattern in patterns_of(one):
            if pattern.startswith("@") and pattern[1:] not in groups:
                yield f"{one.key}: woordgroep '{pattern}' bestaat niet"


def patterns_of(one: Situation) -> Iterator[str]:
    """Every word or phrase by which something of a situation is recognised."""
    for fact in (*one.facts, *one.supports, *one.against):
        yield from fact.words
    for each in one.asks:
        yield from each.told_by
