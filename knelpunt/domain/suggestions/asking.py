"""What to ask when somebody told too little to choose a rule by."""

from collections.abc import Mapping, Sequence

from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.results import SuggestedLaw

FEW_WORDS = 6
"""With fewer words that the catalogue knows than this, a ranking rests on next to nothing."""
LITTLE_BELIEF = 0.15
CLOSE = 0.8

WHAT = "Wat wilt u precies doen, en op welke plek?"
WHO = "Wie zei nee, en in welke brief of welk besluit staat dat?"
WHICH_RULE = "Welke regel of welk artikel noemt de brief?"
WHEN = "Wanneer speelde dit? De regels verschillen per jaar."


def questions_to_ask(
    question: Question, laws: Sequence[SuggestedLaw], rarity: Mapping[str, float], terms: frozenset[str]
) -> tuple[str, ...]:
    """The questions whose answer would help most, in their order; none when the text tells enough."""
    known = sum(1 for term in terms if term in rarity)
    asks = []
    if known < FEW_WORDS:
        asks += [WHAT, WHO]
    if question.first is None:
        asks.append(WHEN)
    if laws and laws[0].share < LITTLE_BELIEF and WHO not in asks:
        asks.append(WHICH_RULE)
    if between := _choice(laws):
        asks.append(between)
    return tuple(asks)


def _choice(laws: Sequence[SuggestedLaw]) -> str | None:
    """A question between the first two, when they are close and each has a provision to name."""
    if len(laws) < 2 or laws[1].share < CLOSE * laws[0].share:
        return None
    names = [law.provisions[0].entry.instrument if law.provisions else law.laws[0].citation_title for law in laws[:2]]
    return f"Waar gaat het meer om: {names[0]}, of {names[1]}?"
