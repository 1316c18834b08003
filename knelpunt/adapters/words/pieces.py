"""Whether a question sounds like one for this site, by the pieces of its words, whatever it is about.

Nobody can list all that other desks are asked. What their questions have in common was learned from some thousand that
people of this project sorted: each piece of three or four letters has points, for or against. ``python -m
benchmarks.ours`` learns them anew.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import sqrt

from knelpunt.adapters.words.search_terms import SEARCH_DATA, words_of

POINTS = "ours.txt"
UNIT = 20
"""The list has points in parts of so many, as whole numbers."""
LENGTHS = (3, 4)
EDGE = "_"
"""Stands for the begin and end of a word, which a piece may hold."""


def pieces_of(text: str) -> frozenset[str]:
    """All pieces of the words of a text; the same one twice says no more than once."""
    return frozenset(piece for word in words_of(text) for piece in _pieces(f"{EDGE}{word}{EDGE}"))


def _pieces(word: str) -> Iterator[str]:
    for length in LENGTHS:
        for start in range(max(1, len(word) - length + 1)):
            yield word[start : start + length]


def points_of(text: str, points: Mapping[str, float]) -> float:
    """How much a text sounds like a question for this site: above nothing it does, below it does not."""
    pieces = pieces_of(text)
    return sum(points.get(piece, 0.0) for piece in pieces) / sqrt(len(pieces)) if pieces else 0.0


def read_points(lines: Iterable[str]) -> dict[str, float]:
    """The points of each piece; a line has a number and all pieces that have so many."""
    found = {}
    for line in lines:
        if line and not line.startswith("#"):
            number, *pieces = line.split()
            found.update(dict.fromkeys(pieces, int(number) / UNIT))
    return found


@cache
def shipped_points() -> dict[str, float]:
    return read_points((SEARCH_DATA / POINTS).read_text(encoding="utf-8").splitlines())


def sounds_like_ours(text: str) -> float:
    """What the shipped list says of a text."""
    return points_of(text, shipped_points())
