"""What in a text for the public points at a person: names, addresses, numbers, and where each of them stands.

Pure and fast: no list of names from outside, no database. What is known of the people round a case is given along.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knelpunt.domain.redaction import names, patterns
from knelpunt.domain.redaction.folding import fold


class FindKind(StrEnum):
    """What a find is."""

    NAME = "naam"
    EMAIL = "e-mailadres"
    PHONE = "telefoonnummer"
    BSN = "burgerservicenummer"
    ACCOUNT = "rekeningnummer"
    ADDRESS = "adres"
    BIRTH = "geboortedatum"


@dataclass(frozen=True, slots=True)
class Find:
    """``start`` and ``end`` as in a slice of the text."""

    kind: FindKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the people round a text.

    ``names``: each part of them counts. ``whole_names``: only first name and surname together do. ``places`` are names
    of places and organisations that are no person's.
    """

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    whole_names: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()


NOBODY = Known()


def finds_in(text: str, known: Known = NOBODY) -> tuple[Find, ...]:
    """All that points at a person, in the order of the text; what overlaps is one find."""
    folded = fold(text)
    spans: list[tuple[int, int, FindKind]] = []
    for kind, found in (
        (FindKind.EMAIL, patterns.emails(folded, known.emails)),
        (FindKind.ACCOUNT, patterns.bank_accounts(folded)),
        (FindKind.PHONE, patterns.phones(folded, known.phones)),
        (FindKind.BSN, patterns.citizen_numbers(folded)),
        (FindKind.BIRTH, patterns.birth_dates(folded)),
        (FindKind.ADDRESS, patterns.addresses(folded, known.addresses)),
        (FindKind.NAME, names.in_own_words(folded)),
        (FindKind.NAME, names.in_small_letters(folded)),
        (FindKind.NAME, names.known(folded, known.names, known.whole_names, known.places)),
    ):
        spans.extend((*folded.span(start, end), kind) for start, end in found)
    return tuple(_merged(spans))


def _merged(spans: Iterable[tuple[int, int, FindKind]]) -> Iterator[Find]:
    last: Find | None = None
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if last is None:
            last = Find(kind, start, end)
        elif start < last.end:
            last = Find(last.kind, last.start, max(last.end, end))
        else:
            yield last
            last = Find(kind, start, end)
    if last is not None:
        yield last


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``kind`` says what was found in it."""

    text: str
    kind: FindKind | None = None


def pieces(text: str, finds: Iterable[Find]) -> list[Piece]:
    """The text cut at its finds, for a page that marks them."""
    cut: list[Piece] = []
    at = 0
    for find in finds:
        if find.start > at:
            cut.append(Piece(text[at : find.start]))
        cut.append(Piece(text[find.start : find.end], find.kind))
        at = find.end
    if at < len(text):
        cut.append(Piece(text[at:]))
    return cut


def counted(finds: Iterable[Find]) -> dict[str, int]:
    """How many of each kind: all that an event keeps of them."""
    return dict(sorted(Counter(find.kind.value for find in finds).items()))
