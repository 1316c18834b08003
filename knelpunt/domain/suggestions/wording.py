"""Why something is suggested, as one Dutch sentence or two."""

from collections.abc import Sequence

from knelpunt.domain.laws.catalogue import LawEntry
from knelpunt.domain.laws.dates import Standing, period_in_words
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.examples import Neighbour

_STANDING = {Standing.ENDED: "gold toen niet meer", Standing.NOT_YET: "gold toen nog niet"}


def enumerated(words: Sequence[str]) -> str:
    """ "a", "a en b", "a, b en c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} en {words[-1]}"


def reason_of(
    laws: Sequence[LawEntry],
    question: Question,
    standing: Standing,
    words: Sequence[str],
    neighbours: Sequence[Neighbour],
    followed: str | None = None,
    *,
    sign: str | None = None,
) -> str:
    """The words that matched, the earlier cases that led to it, and how the law stood then.

    Args:
        followed: the title of the law that ended and was followed by this one, when the words fit that law.
        sign: what else the text tells that speaks for this answer.
    """
    parts = [sign] if sign else []
    if words:
        matched = f"past bij de woorden {enumerated([f'“{word}”' for word in words])}"
        parts.append(f"{matched}, die passen bij haar voorganger: {followed}" if followed else matched)
    if neighbours:
        cases = [one.example.number or one.example.key for one in neighbours]
        parts.append(f"lijkt op {'eerder geval' if len(cases) == 1 else 'eerdere gevallen'} {enumerated(cases)}")
    if not parts:
        parts.append("kwam in die tijd vaker voor")
    if standing in _STANDING:
        law = laws[0]
        period = period_in_words(
            law.details["in_force_from"], law.details["in_force_to"], end_is_known=law.status != "onbekend"
        )
        parts.append(f"{_STANDING[standing]} ({period})")
    elif question.first is None and laws[0].kind != "verzamelnaam":
        parts.append("de datum is niet bekend, dus of de regel toen gold ook niet")
    return f"{laws[0].citation_title}: {'; '.join(parts)}."
