"""What comes out: laws and provisions in order, each with the reasons for it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knelpunt.domain.laws.catalogue import LawEntry, ProvisionEntry
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.examples import Neighbour
from knelpunt.domain.vocabulary import AssessmentRole

MOST_WORDS = 6


class Sureness(StrEnum):
    """How sure a suggestion is, for a reader."""

    STRONG = "sterk"
    FAIR = "redelijk"
    WEAK = "zwak"


@dataclass(frozen=True, slots=True)
class SuggestedProvision:
    """A provision that may block or offer room, as it stood then.

    ``instead`` are the keys of what held then in its place, where it did not hold itself.
    """

    entry: ProvisionEntry
    score: float
    standing: Standing
    role: AssessmentRole
    words: tuple[str, ...]
    cases: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

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
    """Everything that is suggested for one question. ``laws`` and ``provisions`` are whole rankings, best first."""

    question: Question
    on: date | None
    laws: tuple[SuggestedLaw, ...]
    provisions: tuple[SuggestedProvision, ...]
    blocking: tuple[str, ...]
    asks: tuple[str, ...]
