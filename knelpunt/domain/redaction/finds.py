"""What in a text for the public points at a person: names, addresses, numbers, and where each of them stands.

Pure and fast: no list of names from outside, no database. What is known of the people round a case is given along.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knelpunt.domain.redaction import names, patterns
from knelpunt.domain.redaction.folding import as_it_looks, fold


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
    folded = as_it_looks(fold(text))
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


def finds_of(text: str, known: Known) -> tuple[Find, ...]:
    """Only what points at these people, in the order of the text; for who looks for one person."""
    folded = fold(text)
    spans = [
        (*folded.span(start, end), kind)
        for kind, found in (
            (FindKind.EMAIL, patterns.known_emails(folded, known.emails)),
            (FindKind.PHONE, patterns.known_phones(folded, known.phones)),
            (FindKind.ADDRESS, patterns.known_addresses(folded, known.addresses)),
            (FindKind.NAME, names.known(folded, known.names, known.whole_names, known.places)),
            (FindKind.NAME, names.as_written(folded, known.whole_names)),
        )
        for start, end in found
    ]
    return tuple(joined(text, _merged(spans)))


def names_said_in(text: str) -> tuple[str, ...]:
    """The names that a text gives as names, such as that of who wrote it: another text about the same may use a part of
    them by itself."""
    folded = fold(text)
    spans = (folded.span(start, end) for start, end in names.in_own_words(folded))
    return tuple(dict.fromkeys(" ".join(text[start:end].split()) for start, end in spans))


def is_whole_name(name: str) -> bool:
    """Whether a name in an address book has a first name and a surname: "Bouwregels" or "Team Wonen" is nobody."""
    return len(names.words_of(name)) > 1 and not names.is_group(name)


def clues(known: Known) -> tuple[str, ...]:
    """Small pieces, folded and in small letters, of which each text that points at these people holds one: by them a
    database finds the few texts that are worth reading."""
    found: set[str] = set()
    for name in (*known.names, *known.whole_names):
        found.update(names.words_of(name))
    for address in known.emails:
        found.update(part for part in fold(address).lower.split("@")[:1] if len(part) >= 3)
    for number in known.phones:
        digits = "".join(each for each in number if each.isdigit())[-4:]
        found.update(f"{digits[:2]}{gap}{digits[2:]}" for gap in ("", " ", "-", ".", "/") if len(digits) == 4)
        found.update(f"{digits[:1]}{gap}{digits[1:]}" for gap in (" ", "-", ".") if len(digits) == 4)
        found.update(f"{digits[:3]}{gap}{digits[3:]}" for gap in (" ", "-", ".") if len(digits) == 4)
    for address in known.addresses:
        street = address.partition("\n")[0].partition(",")[0]
        found.update(word for word in names.words_of(street) if len(word) >= 4)
        found.update(word.lower() for word in fold(address).text.split() if len(word) >= 4 and word[:4].isdigit())
    return tuple(sorted(found))


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


def joined(text: str, finds: Iterable[Find]) -> Iterator[Find]:
    """First name and surname with nothing but blanks between them are one find."""
    last: Find | None = None
    for find in finds:
        if last is not None and last.kind is find.kind is FindKind.NAME and not text[last.end : find.start].strip():
            last = Find(last.kind, last.start, find.end)
        else:
            if last is not None:
                yield last
            last = find
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
