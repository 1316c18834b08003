"""What a submitter says was missed, and what the desk may decide when it looks at a closed case again."""

from collections.abc import Iterable
from datetime import date

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import SecondLookOutcome

MOST_POINTS = 5
"""How many points one request has at most: each gets an answer of its own."""
NO_POINT = Text("Schrijf op wat wij hebben gemist of verkeerd zagen.")
TOO_MANY = Text("Noem ten hoogste vijf punten. Neem samen wat bij elkaar hoort.")
CHANGES = (SecondLookOutcome.CHANGED, SecondLookOutcome.PARTLY)
"""Outcomes by which the case is handled again."""

OUTCOME_WORDS = {
    SecondLookOutcome.KEPT: Text("De uitkomst blijft zoals die was. Uw melding is weer afgesloten."),
    SecondLookOutcome.CHANGED: Text("U krijgt gelijk. Wij gaan opnieuw aan de slag met uw melding."),
    SecondLookOutcome.PARTLY: Text(
        "U krijgt voor een deel gelijk. Met dat deel gaan wij opnieuw aan de slag. Hieronder leest u wat blijft."
    ),
}
NO_APPEAL = Text(
    "Onze uitkomst is geen besluit waartegen u bezwaar kunt maken. Vindt u dat wij u niet goed behandelden? Dien dan "
    "een klacht in bij het loket. Helpt dat niet, ga dan naar de Nationale ombudsman."
)


def points_in_words(points: Iterable[tuple[str, str]]) -> list[Text]:
    """Each point with its answer, a paragraph each."""
    return [
        Text("Uw punt:\n%(point)s\n\nOns antwoord:\n%(answer)s", point=point, answer=answer) for point, answer in points
    ]


def may_ask_yourself(last_day: date, how: Text) -> tuple[Text, Text]:
    """That the submitter may still ask for a second look after the desk itself looked again, until when, and how."""
    return (
        Text(
            "Wij keken hier zelf opnieuw naar. U kunt ook zelf nog om een heroverweging vragen. Dat kan tot en met "
            "%(last_day)s.",
            last_day=last_day,
        ),
        how,
    )


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
