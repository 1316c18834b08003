"""``knelpunt suggest`` and ``knelpunt evaluate-suggestions``: rules for a file of cases, and how good those are."""

import json
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knelpunt.adapters.files.cases import read_lines
from knelpunt.domain.shapes import FileRefused
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.results import Suggestions
from knelpunt.domain.suggestions.weights import CATALOGUE_ONLY
from knelpunt.services.suggestions.desk import for_question, known
from knelpunt.services.suggestions.files import FileReport, answer_lines
from knelpunt.services.suggestions.shipped import shipped_engine

MOST_SHOWN = 50

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
    except FileRefused as error:
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


@click.command("evaluate-suggestions", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def evaluate_command(options: tuple[str, ...]) -> None:
    """How good suggestions are on judged cases (--help tells more); in a checkout, as it needs benchmarks/."""
    if find_spec("benchmarks") is None:
        raise click.ClickException("This command needs a checkout: the folder benchmarks/ is not here.")
    import_module("benchmarks.suggestions").command.main(options, "knelpunt evaluate-suggestions")
