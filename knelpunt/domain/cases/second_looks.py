"""What a submitter says was missed, and what the desk may decide when it looks at a closed case again."""

from collections.abc import Iterable

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import SecondLookOutcome

MOST_POINTS = 5
"""How many points one request has at most: each gets an answer of its own."""
NO_POINT = Text("Schrijf op wat wij hebben gemist of verkeerd zagen.")
TOO_MANY = Text("Noem ten hoogste vijf punten. Neem samen wat bij elkaar hoort.")
CHANGES = (SecondLookOutcome.CHANGED, SecondLookOutcome.PARTLY)
"""Outcomes by which the case is handled again."""


def checked_points(texts: Iterable[str | None], field: str) -> list[str]:
    """The points without blanks; raises DomainError at this field when there is none, or there are too many."""
    points = [text.strip() for text in texts if text and text.strip()]
    if not points:
        raise DomainError(NO_POINT, field=field)
    if len(points) > MOST_POINTS:
        raise DomainError(TOO_MANY, field=field)
    return points


def checked_answers(points: list[str], answers: Iterable[str | None]) -> list[str]:
    """An answer to each point, in their order; raises DomainError at the first point without one."""
    given = [(answer or "").strip() for answer in answers]
    for number in range(1, len(points) + 1):
        if number > len(given) or not given[number - 1]:
            raise DomainError("Beantwoord elk punt.", field=f"answer_{number}")
    return given[: len(points)]
