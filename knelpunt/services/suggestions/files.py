"""Suggestions for a file of cases, line by line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from knelpunt.adapters.files.cases import Line
from knelpunt.domain.shapes import InvalidData
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.labelled import question_of
from knelpunt.domain.suggestions.results import Suggestions

REASONS = 5


@dataclass(slots=True)
class FileReport:
    """What became of a file: how many lines got suggestions, and which could not be used."""

    answered: int = 0
    problems: list[str] = field(default_factory=list)


def answer_lines(
    lines: Iterable[Line], suggest: Callable[[Question], Suggestions], report: FileReport
) -> Iterator[dict[str, Any]]:
    """One answer per line that can be used; the others are told in the report with their number."""
    for line in lines:
        if line.data is None:
            report.problems.append(f"regel {line.number}: {line.problem}")
            continue
        try:
            question = question_of(line.data)
        except InvalidData as error:
            report.problems.append(f"regel {line.number}: {error}.")
            continue
        report.answered += 1
        yield {"id": line.data["id"], **answer(suggest(question))}


def answer(found: Suggestions) -> dict[str, Any]:
    """Suggestions as plain values: whole rankings, and reasons for the first few laws."""
    return {
        "laws": [law.key for law in found.laws],
        "provisions": [one.key for one in found.provisions],
        "reasons": [law.reason for law in found.laws[:REASONS]],
    }
