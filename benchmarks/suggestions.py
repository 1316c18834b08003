"""How good suggestions are on cases that people judged, and the weights that would suit them best.

    knelpunt evaluate-suggestions [FILE] [--fit] [--situations FILE]

Each case is ranked without its own answer. Beside them stand situations that were written before anything was suggested
for them: each says which provisions belong among the first, and which laws would be absurd there.

``--fit`` chooses the weights by a conditional logit with few numbers, in which a rare law counts for more than its
number of cases, or the most common law would decide every weight.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from knelpunt.adapters.files.cases import read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.domain.history.records import LOCAL_RULE
from knelpunt.domain.laws.catalogue import NO_RULE, ProvisionEntry
from knelpunt.domain.shapes import FileRefused, Text, shaped
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.engine import Engine, Evidence
from knelpunt.domain.suggestions.examples import same_as
from knelpunt.domain.suggestions.labelled import Labelled, QuestionLine, question_of
from knelpunt.domain.suggestions.named_provisions import named_provisions
from knelpunt.domain.suggestions.results import Suggestions
from knelpunt.domain.suggestions.weights import CATALOGUE_ONLY, CHOSEN, EXAMPLES_ONLY, NAMES, Weights
from knelpunt.services.suggestions.shipped import read_labelled, shipped_engine

CUTS = (1, 3, 5)
SITUATIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "situations.jsonl"
BY_OTHERS = SITUATIONS.with_name("situations-by-others.jsonl")
"""Written by who did not see the search."""
NO_LAWS = (LOCAL_RULE, NO_RULE)
"""The answers that are no national law, of which it matters too how often they are given wrongly."""

Rankings = Mapping[str, Sequence[str]]
"""Per case what was suggested for it, the best first."""
WEIGHTS = {"catalogue": CATALOGUE_ONLY, "examples": EXAMPLES_ONLY, None: CHOSEN}
BALANCE = 0.25
"""A case of a law with n cases counts n to the power of minus this."""
SHRINKAGE = 0.02
"""Pulls every weight to 0, because there are few cases."""
STEPS = 80
STEP_SIZE = 0.3


@dataclass(slots=True)
class Score:
    """How many of a number of cases had a right answer among the first 1, 3 and 5."""

    cases: int = 0
    hits: dict[int, int] = field(default_factory=lambda: dict.fromkeys(CUTS, 0))

    def add(self, place: int | None) -> None:
        self.cases += 1
        for cut in CUTS:
            self.hits[cut] += place is not None and place < cut

    def rate(self, cut: int) -> float:
        return self.hits[cut] / self.cases if self.cases else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score over all cases, per law, and the plain average over laws, in which a rare law counts like any other."""

    overall: Score
    by_law: Mapping[str, Score]
    places: Mapping[str, int | None]

    def macro(self, cut: int) -> float:
        return sum(score.rate(cut) for score in self.by_law.values()) / len(self.by_law) if self.by_law else 0.0


def key_of(case: Labelled) -> str:
    return case.question.key or ""


def folds_of(keys: Sequence[str], count: int, seed: int) -> list[list[str]]:
    """The keys spread over folds, in an order that depends on the seed and the keys only; a ``count`` of 0 or more
    folds than keys leaves one case out at a time."""
    ordered = sorted(keys, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())
    if not 0 < count < len(ordered):
        return [[key] for key in ordered]
    return [ordered[start::count] for start in range(count)]


def left_out(cases: Sequence[Labelled], engine: Engine, folds: Sequence[Sequence[str]]) -> dict[str, frozenset[str]]:
    """Per case, the keys of the examples that may not count for it: its fold, and whatever is the same case."""
    fold_of = {key: frozenset(fold) for fold in folds for key in fold}
    return {
        key_of(case): fold_of[key_of(case)]
        | same_as(case.question, engine.terms(case.question.text), case.source, engine.examples)
        for case in cases
    }


def evaluate(
    cases: Sequence[Labelled], rankings: Rankings, right: Mapping[str, Collection[str]] | None = None
) -> Evaluation:
    """Count where the first right answer came in the ranking of each case.

    Args:
        right: per case what is right, such as the provisions that its label names; the law of its label by default. A
            case of which nothing is right does not count.
    """
    overall = Score()
    by_law: dict[str, Score] = defaultdict(Score)
    places: dict[str, int | None] = {}
    for case in cases:
        key = key_of(case)
        answers = (case.law,) if right is None else right[key]
        if answers:
            places[key] = next((place for place, one in enumerate(rankings[key]) if one in answers), None)
            overall.add(places[key])
            by_law[case.law].add(places[key])
    return Evaluation(overall, dict(sorted(by_law.items())), places)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer over all cases: for how many it was right, in how many of those it came among the first 1, 3 and 5,
    and for how many other cases it came first."""

    score: Score
    wrongly_first: int


def evaluate_answer(law: str, cases: Sequence[Labelled], rankings: Rankings) -> Answer:
    """How one answer did."""
    own, others = [case for case in cases if case.law == law], [case for case in cases if case.law != law]
    return Answer(evaluate(own, rankings).overall, sum(rankings[key_of(case)][:1] == [law] for case in others))


# --- situations that were written beforehand


class WrittenLine(QuestionLine, frozen=True, kw_only=True):
    """A question with the provisions of which one is expected, and the laws that would be absurd."""

    expected: list[Text]
    absurd: list[Text]


@dataclass(frozen=True, slots=True)
class Written:
    """One situation that was written beforehand."""

    question: Question
    expected: frozenset[str]
    absurd: frozenset[str]


@dataclass(slots=True)
class WrittenScore:
    """Over all situations: where an expected provision came, and which shown what they should not."""

    score: Score = field(default_factory=Score)
    missed: list[str] = field(default_factory=list)
    not_held: list[str] = field(default_factory=list)
    absurd: list[str] = field(default_factory=list)
    shown: int = 0


def read_written(path: Path) -> tuple[Written, ...]:
    """The situations of a file. Raises InvalidData or FileRefused."""
    found = []
    for line in read_lines(path):
        shape = shaped(line.data, WrittenLine)
        found.append(Written(question_of(line.data or {}), frozenset(shape.expected), frozenset(shape.absurd)))
    return tuple(found)


def evaluate_written(engine: Engine, written: Sequence[Written]) -> WrittenScore:
    """How often an expected provision is among the first, and which show one that did not hold, or an absurd law among
    their first three."""
    total = WrittenScore()
    for one in written:
        found, key = engine.suggest(one.question), one.question.key or ""
        first = [each.key for each in found.first]
        total.shown += len(first)
        place = next((at for at, each in enumerate(first) if each in one.expected), None)
        total.score.add(place)
        if place is None or place >= CUTS[-1]:
            total.missed.append(key)
        if any(_ended_or_to_come(each.entry, one.question) for each in found.first):
            total.not_held.append(key)
        if any(law.key in one.absurd for law in found.likely[: CUTS[1]]):
            total.absurd.append(key)
    return total


def _ended_or_to_come(entry: ProvisionEntry, question: Question) -> bool:
    """By the dates of the catalogue alone, apart from how the ranking reads them."""
    has_ended = entry.valid_to is not None and question.first is not None and entry.valid_to < question.first
    is_to_come = entry.valid_from is not None and question.last is not None and entry.valid_from > question.last
    return has_ended or (is_to_come and entry.start_is_known)


def written_report(found: WrittenScore) -> Iterator[str]:
    """The figures for situations that were written beforehand."""
    yield f"{'situations written beforehand':34}{'cases':>6}{_heads()}"
    yield _row("an expected provision", found.score)
    yield f"provisions shown, on average {found.shown / found.score.cases:.1f}"
    for words, keys in (("missed", found.missed), ("did not hold", found.not_held), ("absurd law", found.absurd)):
        yield f"{words}: {', '.join(keys) or 'none'}"


# --- the weights


def fitted(cases: Sequence[tuple[str, Mapping[str, Evidence]]]) -> Weights:
    """The weights under which the right laws of these cases are likeliest. Each case: its law, and its evidence."""
    known = [(law, evidence) for law, evidence in cases if law in evidence]
    counts = Counter(law for law, _ in known)
    importance = [counts[law] ** -BALANCE for law, _ in known]
    total = sum(importance)
    size = len(NAMES)
    weights = [0.0] * size
    squares = [1e-8] * size
    for _ in range(STEPS):
        slope = [-SHRINKAGE * weight for weight in weights]
        for (law, evidence), counts_for in zip(known, importance, strict=True):
            expected = _expected(weights, evidence)
            for place in range(size):
                slope[place] += counts_for / total * (evidence[law][place] - expected[place])
        for place in range(size):
            squares[place] += slope[place] ** 2
            weights[place] += STEP_SIZE * slope[place] / math.sqrt(squares[place])
    return Weights(*(round(weight, 3) for weight in weights))


def _expected(weights: Sequence[float], evidence: Mapping[str, Evidence]) -> list[float]:
    """The evidence that the ranking as it is now expects of the right law."""
    scores = {key: sum(w * x for w, x in zip(weights, all_, strict=True)) for key, all_ in evidence.items()}
    highest = max(scores.values())
    powers = {key: math.exp(score - highest) for key, score in scores.items()}
    total = sum(powers.values())
    return [sum(powers[key] * evidence[key][place] for key in evidence) / total for place in range(len(weights))]


def nested_weights(
    engine: Engine, cases: Sequence[Labelled], parts: list[list[str]], left: Mapping[str, frozenset[str]]
) -> dict[str, Weights]:
    """Per case the weights that were chosen on the parts in which it is not."""
    evidence = {key_of(case): engine.evidence(case.question, (), left[key_of(case)]) for case in cases}
    weights: dict[str, Weights] = {}
    for number, part in enumerate(parts, 1):
        chosen = fitted([(case.law, evidence[key_of(case)]) for case in cases if key_of(case) not in part])
        click.echo(f"part {number}: {chosen}")
        weights.update(dict.fromkeys(part, chosen))
    return weights


# --- the report


def suggested(
    engine: Engine, cases: Sequence[Labelled], left: Mapping[str, frozenset[str]], weights: Mapping[str, Weights]
) -> dict[str, Suggestions]:
    """The suggestions for each case, with weights of its own where it has any."""
    found = {}
    for case in cases:
        engine.weights = weights.get(key_of(case), engine.weights)
        found[key_of(case)] = engine.suggest(case.question, (), left[key_of(case)])
    return found


def report(engine: Engine, cases: Sequence[Labelled], found: Mapping[str, Suggestions]) -> Iterator[str]:
    """The figures for laws, for the answers that are no law, and for provisions."""
    laws = {key: [law.key for law in one.laws] for key, one in found.items()}
    yield from _table(evaluate(cases, laws))
    yield ""
    yield f"{'answer that is no law':34}{'cases':>6}{_heads()}  first wrongly"
    for law in NO_LAWS:
        answer = evaluate_answer(law, cases, laws)
        yield f"{_row(law, answer.score)}{answer.wrongly_first:>15}"
    yield ""
    yield "provisions, for cases whose label names one that may have held then"
    named = {key_of(case): named_provisions(case, engine.catalogue) for case in cases}
    provisions = {key: [each.key for each in one.provisions] for key, one in found.items()}
    yield from _table(evaluate(cases, provisions, named)) if any(named.values()) else ["none of the labels does"]


def _heads() -> str:
    return "".join(f"{f'top-{cut}':>8}" for cut in CUTS)


def _row(name: str, score: Score) -> str:
    return f"{name:34}{score.cases:>6}" + "".join(f"{score.rate(cut):>8.2f}" for cut in CUTS)


def _table(found: Evaluation) -> Iterator[str]:
    yield f"{'law':34}{'cases':>6}{_heads()}"
    for law, score in found.by_law.items():
        yield _row(law, score)
    yield f"{'all cases':34}{found.overall.cases:>6}" + "".join(f"{found.overall.rate(cut):>8.3f}" for cut in CUTS)
    yield f"{'average over laws':34}{len(found.by_law):>6}" + "".join(f"{found.macro(cut):>8.3f}" for cut in CUTS)


@click.command("evaluate-suggestions")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=REAL_CASES)
@click.option("--folds", default=10, show_default=True, help="Parts that the cases are left out in; 0: one at a time.")
@click.option("--seed", default=1, show_default=True, help="Decides which case falls in which part.")
@click.option("--catalogue-only", "only", flag_value="catalogue", help="By the words of the catalogue alone.")
@click.option("--examples-only", "only", flag_value="examples", help="By earlier cases alone.")
@click.option("--situations", type=click.Path(path_type=Path, dir_okay=False), default=SITUATIONS, show_default=True)
@click.option("--fit", is_flag=True, help="Choose the weights anew for each part, from the other parts; takes minutes.")
def command(file: Path, *, folds: int, seed: int, only: str | None, fit: bool, situations: Path) -> None:
    """Print how often the right law, and the right provision, is among the first 1, 3 and 5.

    FILE holds cases with the schema of the real cases. A case never counts as an example for itself, nor does any case
    of the same part, nor one with the same text. A provision counts for the cases whose label names one.
    """
    try:
        cases = read_labelled(file)
    except FileRefused as error:
        raise click.ClickException(str(error)) from error
    if not cases:
        raise click.ClickException("Het bestand heeft geen regels.")
    engine = shipped_engine(WEIGHTS[only])
    parts = folds_of([key_of(case) for case in cases], folds, seed)
    left = left_out(cases, engine, parts)
    click.echo(f"{len(cases)} cases, {len(engine.examples.examples)} examples, {len(parts)} parts, seed {seed}")
    weights = nested_weights(engine, cases, parts, left) if fit else {}
    for line in report(engine, cases, suggested(engine, cases, left, weights)):
        click.echo(line)
    if situations.exists():
        click.echo("")
        for line in written_report(evaluate_written(engine, read_written(situations))):
            click.echo(line)


if __name__ == "__main__":
    command()
