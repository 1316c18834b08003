"""How much each kind of evidence counts in a ranking: few numbers, chosen by cross-validation (decision 0009)."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """One number per kind of evidence; the score of a law is their sum, each times its evidence.

    Args:
        words: how well the words fit the catalogue's fields (BM25 over fields, in tens).
        phrases: how much of one phrase of the catalogue was found, in tens.
        lead: the same two together, as a share of what the best law has: 1 for the best one.
        examples: what earlier cases that are like it turned on.
        prior: the natural logarithm of the law's share in that time and for that kind of submitter.
        not_in_force: whether no law under this name was in force then.
    """

    words: float = 1.3
    phrases: float = 0.5
    lead: float = 1.0
    examples: float = 0.6
    prior: float = 0.45
    not_in_force: float = -0.7

    @property
    def values(self) -> tuple[float, ...]:
        return astuple(self)


NAMES = ("words", "phrases", "lead", "examples", "prior", "not_in_force")
SCALE = 10.0
CHOSEN = Weights()
CATALOGUE_ONLY = Weights(examples=0.0, prior=0.0)
EXAMPLES_ONLY = Weights(words=0.0, phrases=0.0, lead=0.0, examples=1.6, prior=0.8)
