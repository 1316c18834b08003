"""How a draft keeps the municipalities that are asked to file along: one on a line, with where the question goes."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST_PARTNERS = 20
_ID_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Partner:
    """Another municipality, and the mail address at which it is asked."""

    municipality_id: int
    email: str


def read_partners(text: str) -> tuple[Partner, ...]:
    """The partners in the order in which they were named, each municipality once."""
    found: dict[int, Partner] = {}
    for line in text.splitlines():
        number, _blank, email = line.partition(" ")
        if number.isascii() and number.isdecimal() and len(number) <= _ID_DIGITS and email:
            found.setdefault(int(number), Partner(int(number), email))
    return tuple(found.values())


def write_partners(partners: Iterable[Partner]) -> str:
    return "\n".join(f"{partner.municipality_id} {partner.email}" for partner in partners)
