"""What a text tells beside its subject: that it names no rule at all, or somebody nearby who decides.

The two answers that are no law have hardly any words of their own. How much such a sign tells is counted in the earlier
cases, never chosen by hand.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from knelpunt.domain.suggestions.asked import Split
from knelpunt.domain.suggestions.examples import Example

RULE_WORDS = (
    "regel regels wet wetten wettelijk verordening norm normen voorschrift voorschriften voorgeschreven eis eisen eist"
    " vereist verplicht verplichting artikel beleid grens verbod verboden verbiedt verbieden mag mogen mocht moet"
    " moeten weigert weigeren geweigerd weigering afgewezen afwijzing nee dwangsom boete dwingt gedwongen handhaven"
    " handhaving bezwaar rechter vergunning vergunningen ontheffing vrijstelling toestemming toegestaan toelaten"
    " besluit procedure bestemming bestemmingsplan omgevingsplan afwijken experiment aanwijzing aangewezen"
    " rule rules law permit permission forbidden allowed refused"
)
"""Words in which people name a rule, a refusal, a duty or a way round one."""
LOCAL_WORDS = (
    "gemeente gemeenten gemeentelijk gemeentelijke burgemeester wethouder gemeenteraad college welstand apv verordening"
    " welstandscommissie commissie monumentencommissie ambtenaar provincie waterschap parkeernorm"
)
"""Words in which people name who decides nearby, and the rules that only they make."""
JUST_BELOW = 0.99
"""Silence alone never puts "no rule found" before a law that the words of the text fit best."""
MOST_SURE = 1 - 1e-9
"""No answer is certain: after thousands of cases that say the same nothing would be left for the others."""


def whole_words(words: str, split: Split) -> frozenset[str]:
    """The terms of these words, but not of the words that they are made of."""
    return frozenset(term for word in split(words) for term in (word.terms[:1] or (word.text,)))


class Sign:
    """How often cases that turned on one answer bear a sign, and how often all others do."""

    def __init__(self, examples: Iterable[Example], answer: str, shows: Callable[[frozenset[str]], bool]) -> None:
        self.shows = shows
        self._seen = {one.key: (answer in one.room, shows(one.terms)) for one in examples if one.room}
        self._counts = Counter(self._seen.values())

    def factor(self, terms: frozenset[str], without: frozenset[str]) -> float:
        """How many times likelier the answer is for a text that shows this, or does not. ``without``: keys of cases
        that do not count."""
        counts = self._counts - Counter(self._seen[key] for key in without if key in self._seen)
        shown = self.shows(terms)
        return _rate(counts, shown, is_answer=True) / _rate(counts, shown, is_answer=False)


def _rate(counts: Mapping[tuple[bool, bool], int], shown: bool, *, is_answer: bool) -> float:
    both = counts.get((is_answer, True), 0) + counts.get((is_answer, False), 0)
    return (counts.get((is_answer, shown), 0) + 1) / (both + 2)


def times(chance: float, factor: float) -> float:
    """A chance after a sign that makes it so many times likelier (Bayes)."""
    chance = min(chance, MOST_SURE)
    odds = chance / (1 - chance) * factor
    return odds / (1 + odds)


def with_share(shares: Mapping[str, float], answer: str, share: float) -> dict[str, float]:
    """The shares with one of them set, and the others as they were among each other."""
    share = min(share, MOST_SURE)
    rest = (1 - share) / _others(shares, answer)
    return {key: share if key == answer else each * rest for key, each in shares.items()}


def at_least(shares: Mapping[str, float], answer: str, chance: float) -> dict[str, float]:
    """The shares with an answer at least as likely as this, but below the best of the others."""
    own = shares[answer]
    best = max(share for key, share in shares.items() if key != answer) / _others(shares, answer)
    most = JUST_BELOW * best / (1 + JUST_BELOW * best)
    return with_share(shares, answer, max(own, min(chance, most)))


def _others(shares: Mapping[str, float], answer: str) -> float:
    """What the other answers have together; 1 minus a share that is nearly 1 would be nothing at all."""
    return math.fsum(share for key, share in shares.items() if key != answer)
