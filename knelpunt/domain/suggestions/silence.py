"""A text that names no rule and no refusal: then it may well be that no rule stands in the way.

"No rule found" has no words of its own. What speaks for it is what a text does not say, and how much that tells is
counted in the earlier cases, never chosen by hand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from knelpunt.domain.catalogue import NO_RULE
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
JUST_BELOW = 0.99
"""Silence alone never puts "no rule found" before a law that the words of the text fit best."""


class Silence:
    """How often cases of both kinds keep silent about rules: those where no rule was found, and all others."""

    def __init__(self, examples: Iterable[Example], rule_terms: frozenset[str]) -> None:
        self._rule_terms = rule_terms
        self._seen = {one.key: (NO_RULE in one.room, self.is_silent(one.terms)) for one in examples if one.room}
        self._counts = Counter(self._seen.values())

    def is_silent(self, terms: frozenset[str]) -> bool:
        """Whether there is a text, and none of its terms names a rule or a refusal."""
        return bool(terms) and not terms & self._rule_terms

    def chance_of_no_rule(self, prior: float, without: frozenset[str]) -> float:
        """How likely it is that no rule was found for a silent text, given how likely it was before reading."""
        counts = self._counts - Counter(self._seen[key] for key in without if key in self._seen)
        silent_without_rule = (counts[True, True] + 1) / (counts[True, True] + counts[True, False] + 2)
        silent_with_rule = (counts[False, True] + 1) / (counts[False, True] + counts[False, False] + 2)
        odds = prior / (1 - prior) * silent_without_rule / silent_with_rule
        return odds / (1 + odds)


def with_silence(shares: Mapping[str, float], chance: float) -> dict[str, float]:
    """The shares with "no rule found" at least as likely as silence makes it, but below the best other law."""
    own = shares[NO_RULE]
    best = max(share for key, share in shares.items() if key != NO_RULE) / (1 - own)
    most = JUST_BELOW * best / (1 + JUST_BELOW * best)
    new = max(own, min(chance, most))
    return {key: new if key == NO_RULE else share * (1 - new) / (1 - own) for key, share in shares.items()}
