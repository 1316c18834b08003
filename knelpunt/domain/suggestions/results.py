"""What comes out: laws and provisions in order, each with the reasons for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knelpunt.domain.laws.catalogue import LawEntry, ProvisionEntry
from knelpunt.domain.laws.dates import Standing, period_in_words
from knelpunt.domain.situations.matching import FoundSituation
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.examples import Neighbour
from knelpunt.domain.vocabulary import AssessmentRole

MOST_WORDS = 6
LEAST_OF_FIRST = 0.15
"""A law with less than this part of the share of the first one is not worth reading."""
MOST_PROVISIONS = 8


class Sureness(StrEnum):
    """How sure a suggestion is, for a reader."""

    STRONG = "sterk"
    FAIR = "redelijk"
    WEAK = "zwak"


@dataclass(frozen=True, slots=True)
class SuggestedProvision:
    """A provision that may block or offer room, as it stood then.

    ``instead`` are the keys of what held then in its place, where it did not hold itself. ``situation`` is the key of
    the situation with which it comes, ``is_weak`` says that others fit far better.
    """

    entry: ProvisionEntry
    score: float
    standing: Standing
    role: AssessmentRole
    words: tuple[str, ...]
    cases: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    situation: str | None = None
    is_weak: bool = False

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def is_current(self) -> bool:
        """Whether it held then, or nobody knows that it did not."""
        return self.standing in (Standing.HELD, Standing.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class SuggestedLaw:
    """A law, or one of the answers that are no law, under the key by which real cases count it.

    ``share`` is how the ranking spreads its belief over all laws: it is no measured probability.
    """

    key: str
    laws: tuple[LawEntry, ...]
    score: float
    share: float
    standing: Standing
    blocks: bool
    words: tuple[str, ...]
    neighbours: tuple[Neighbour, ...]
    provisions: tuple[SuggestedProvision, ...]
    reason: str

    @property
    def sureness(self) -> Sureness:
        if self.share >= 0.5:
            return Sureness.STRONG
        return Sureness.FAIR if self.share >= 0.15 else Sureness.WEAK


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Everything that is suggested for one question; whole rankings, best first.

    ``provisions`` held or may have held, ``others`` had ended or were to come.
    """

    question: Question
    on: date | None
    laws: tuple[SuggestedLaw, ...]
    provisions: tuple[SuggestedProvision, ...]
    others: tuple[SuggestedProvision, ...]
    blocking: tuple[str, ...]
    situations: tuple[FoundSituation, ...]
    asks: tuple[str, ...]

    @property
    def likely(self) -> tuple[SuggestedLaw, ...]:
        """The laws that are worth reading: those far below the first one are left out."""
        return likely(self.laws)

    @property
    def first(self) -> tuple[SuggestedProvision, ...]:
        """The provisions that are worth reading: others do not fit far better."""
        return tuple(one for one in self.provisions if not one.is_weak)[:MOST_PROVISIONS]

    @property
    def is_sure(self) -> bool:
        """Whether the text tells enough: all facts of a situation, or words of one law far more than of others."""
        is_told = any(one.is_whole for one in self.situations)
        return is_told or (bool(self.laws) and self.laws[0].sureness is Sureness.STRONG)


def likely(laws: Sequence[SuggestedLaw]) -> tuple[SuggestedLaw, ...]:
    """Those of a ranking that do not stand far below its first."""
    least = LEAST_OF_FIRST * laws[0].share if laws else 0.0
    return tuple(law for law in laws if law.share >= least)


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
