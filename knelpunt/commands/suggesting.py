"""``knelpunt suggest`` and ``knelpunt evaluate-suggestions``: rules for a file of cases, and how good they are."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import FileUnreadable, read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.engine import Engine
from knelpunt.domain.suggestions.evaluation import (
    CUTS,
    NO_LAWS,
    Evaluation,
    Rank,
    Score,
    evaluate,
    evaluate_answer,
    evaluate_provisions,
    folds_of,
    left_out,
)
from knelpunt.domain.suggestions.labelled import Labelled
from knelpunt.domain.suggestions.named_provisions import named_provisions
from knelpunt.domain.suggestions.results import Suggestions
from knelpunt.domain.suggestions.training import fitted
from knelpunt.domain.suggestions.weights import CATALOGUE_ONLY, CHOSEN, EXAMPLES_ONLY, Weights
from knelpunt.services.suggestions.desk import for_question, known
from knelpunt.services.suggestions.files import FileReport, answer_lines
from knelpunt.services.suggestions.shipped import LabelsUnreadable, read_labelled, shipped_engine

MOST_SHOWN = 50
_FILE = click.Path(path_type=Path, dir_okay=False)


Suggest = Callable[[Question], Suggestions]


def by_what_ships(catalogue_only: bool) -> Suggest:
    """Suggestions by the catalogue of the files and, unless told otherwise, the real cases that ship."""
    engine = shipped_engine(CATALOGUE_ONLY, ()) if catalogue_only else shipped_engine()
    return engine.suggest


def by_judged_cases(session: Session) -> Suggest | None:
    """Suggestions that learn from the judged cases of the database; None when it has no catalogue yet."""
    try:
        known(session)
    except (SQLAlchemyError, ValueError) as error:
        click.echo(f"Without the database, which is not ready: {type(error).__name__}.", err=True)
        session.rollback()
        return None
    return lambda question: for_question(session, question).found


def write_suggestions(source: Path, target: Path, suggest: Suggest) -> FileReport:
    """Write a line of suggestions for every line that can be used; nothing is left behind when it fails."""
    report = FileReport()
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("w", encoding="utf-8") as out:
            for row in answer_lines(read_lines(source), suggest, report):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        draft.replace(target)
    except FileUnreadable as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return report


def tell(report: FileReport) -> None:
    """Say what came of a file, and end with 1 when lines could not be used."""
    for problem in report.problems[:MOST_SHOWN]:
        click.echo(problem, err=True)
    if len(report.problems) > MOST_SHOWN:
        click.echo(f"... en nog {len(report.problems) - MOST_SHOWN}", err=True)
    click.echo(f"{report.answered} lines answered, {len(report.problems)} refused", err=True)
    if report.problems:
        sys.exit(1)


@click.command("evaluate-suggestions")
@click.argument("file", type=_FILE, default=REAL_CASES)
@click.option("--folds", default=10, show_default=True, help="Parts that the cases are left out in; 0: one at a time.")
@click.option("--seed", default=1, show_default=True, help="Decides which case falls in which part.")
@click.option("--catalogue-only", "only", flag_value="catalogue", help="By the words of the catalogue alone.")
@click.option("--examples-only", "only", flag_value="examples", help="By earlier cases alone.")
@click.option("--fit", is_flag=True, help="Choose the weights anew for each part, from the other parts; takes minutes.")
def evaluate_command(file: Path, *, folds: int, seed: int, only: str | None, fit: bool) -> None:
    """Print how often the right law, and the right provision, is among the first 1, 3 and 5.

    FILE holds cases with the schema of the real cases. A case never counts as an example for itself, nor does any case
    of the same part, nor one with the same text. A provision counts for the cases whose label names one.
    """
    try:
        cases = read_labelled(file)
    except (FileUnreadable, LabelsUnreadable) as error:
        raise click.ClickException(str(error)) from error
    if not cases:
        raise click.ClickException("Het bestand heeft geen regels.")
    engine = shipped_engine({"catalogue": CATALOGUE_ONLY, "examples": EXAMPLES_ONLY}.get(only or "", CHOSEN))
    parts = folds_of([case.question.key or "" for case in cases], folds, seed)
    left = left_out(cases, engine, parts)
    click.echo(f"{len(cases)} cases, {len(engine.examples.examples)} examples, {len(parts)} parts, seed {seed}")
    weights = _nested_weights(engine, cases, parts, left) if fit else {}
    for line in _report(cases, left, engine, weights):
        click.echo(line)


def _nested_weights(
    engine: Engine, cases: tuple[Labelled, ...], parts: list[list[str]], left: dict[str, frozenset[str]]
) -> dict[str, Weights]:
    """Per case the weights that were chosen on the parts in which it is not."""
    evidence = {
        case.question.key or "": engine.evidence(case.question, (), left[case.question.key or ""]) for case in cases
    }
    weights: dict[str, Weights] = {}
    for number, part in enumerate(parts, 1):
        others = [(case.law, evidence[key]) for case in cases if (key := case.question.key or "") not in part]
        chosen = fitted(others)
        click.echo(f"part {number}: {chosen}")
        weights.update(dict.fromkeys(part, chosen))
    return weights


def _report(
    cases: tuple[Labelled, ...], left: dict[str, frozenset[str]], engine: Engine, weights: dict[str, Weights]
) -> Iterator[str]:
    """The figures for laws, for the answers that are no law, and for provisions."""
    found: dict[str, Suggestions] = {}
    for case in cases:
        key = case.question.key or ""
        engine.weights = weights.get(key, engine.weights)
        found[key] = engine.suggest(case.question, (), left[key])
    rankings = {key: [law.key for law in one.laws] for key, one in found.items()}
    yield from _table(evaluate(cases, left, _from(rankings)))
    yield ""
    yield f"{'answer that is no law':34}{'cases':>6}{_heads()}  first wrongly"
    for law in NO_LAWS:
        answer = evaluate_answer(law, cases, rankings)
        yield f"{_row(law, answer.score)}{answer.wrongly_first:>15}"
    yield ""
    yield "provisions, for cases whose label names one that may have held then"
    named = {case.question.key or "": named_provisions(case, engine.catalogue) for case in cases}
    provisions = {key: [each.key for each in one.provisions if each.is_current] for key, one in found.items()}
    if any(named.values()):
        yield from _table(evaluate_provisions(cases, left, named, _from(provisions)))
    else:
        yield "none of the labels does"


def _from(rankings: Mapping[str, Sequence[str]]) -> Rank:
    return lambda question, without: rankings[question.key or ""]


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
