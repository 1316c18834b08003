"""The matrix of rules that are named together: a row and a column for each rule, a shade for how many cases."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knelpunt.queries.laws.stacking import RulePair, StackedRule
from knelpunt.web.shared.charts.tile_map import shades_in_words, starts_for

MOST_RULES = 12
"""So many rules stand in the matrix, those with most cases; the table beside it has every pair."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Two rules: how many cases name both, how many of those were judged V8, and the address that opens them."""

    first: StackedRule
    second: StackedRule
    cases: int
    conflicts: int
    level: int
    href: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One rule against the rules before it. None: no case names both."""

    rule: StackedRule
    cells: tuple[MatrixCell | None, ...]
    blanks: int


@dataclass(frozen=True, slots=True)
class RuleMatrix:
    """Half a square: each pair has one place. ``starts`` is from which number each shade begins, none first."""

    columns: tuple[StackedRule, ...]
    rows: tuple[MatrixRow, ...]
    starts: tuple[int, ...]
    left_out: int
    """How many rules of the table are not in the matrix."""

    @property
    def legend(self) -> list[str]:
        """The shades in words, the empty one first."""
        return shades_in_words(self.starts)


def rule_matrix(pairs: Sequence[RulePair], href: Callable[[RulePair], str]) -> RuleMatrix:
    """The matrix of the rules with most cases; ``href`` gives the address that opens the cases of a pair."""
    weight: Counter[int] = Counter()
    rules: dict[int, StackedRule] = {}
    for pair in pairs:
        for rule in (pair.first, pair.second):
            weight[rule.id] += pair.cases
            rules[rule.id] = rule
    ordered = sorted(rules, key=lambda id_: (-weight[id_], rules[id_].law_title, rules[id_].key))
    shown = [rules[id_] for id_ in ordered[:MOST_RULES]]
    found = {frozenset((pair.first.id, pair.second.id)): pair for pair in pairs}
    starts = starts_for(max((pair.cases for pair in pairs), default=0))

    def cell(rule: StackedRule, other: StackedRule) -> MatrixCell | None:
        pair = found.get(frozenset((rule.id, other.id)))
        if pair is None:
            return None
        level = bisect_right(starts, pair.cases) - 1
        return MatrixCell(rule, other, pair.cases, pair.conflicts, level, href(pair))

    rows = tuple(
        MatrixRow(rule, tuple(cell(rule, other) for other in shown[:place]), len(shown) - 1 - place)
        for place, rule in enumerate(shown)
        if place
    )
    return RuleMatrix(tuple(shown[:-1]), rows, starts, len(ordered) - len(shown))
