"""How much each kind of evidence counts in a ranking: few numbers, chosen by cross-validation (decision 0010)."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """One number per kind of evidence; the score of a law is their sum, each times its evidence.

    Args:
        words: how well the words fit those of the law's phrases in the catalogue.
        examples: what earlier cases that are like it turned on.
        prior: the natural logarithm of the law's share in that time and for that kind of submitter.
        not_in_force: 1 when no law under this name was in force then, and more the longer it was not.
    """

    words: float = 1.33
    examples: float = 0.2
    prior: float = 0.15
    not_in_force: float = -0.64

    @property
    def values(self) -> tuple[float, ...]:
        return astuple(self)


NAMES = ("words", "examples", "prior", "not_in_force")
CHOSEN = Weights()
CATALOGUE_ONLY = Weights(examples=0.0, prior=0.0)
EXAMPLES_ONLY = Weights(words=0.0, examples=1.6, prior=0.8)
