"""The engine as it ships: the law catalogue and the real cases of the files, without a database."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from knelpunt.adapters.files.cases import Line, read_lines
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.adapters.words.text_words import split_words
from knelpunt.domain.suggestions.engine import Engine
from knelpunt.domain.suggestions.examples import Example
from knelpunt.domain.suggestions.labelled import Labelled, LineRefused, labelled_of
from knelpunt.domain.suggestions.named_provisions import named_provisions
from knelpunt.domain.suggestions.weights import CHOSEN, Weights
from knelpunt.services.laws.loading import read_catalogue


class LabelsUnreadable(Exception):
    """A file of labelled cases holds lines that cannot be used; the message is Dutch, a line for each."""


def read_labelled(path: Path = REAL_CASES) -> tuple[Labelled, ...]:
    """The cases of a file whose answer is known, in its order.

    Raises:
        FileUnreadable: the file as a whole cannot be read.
        LabelsUnreadable: lines that cannot be used, or an id that occurs twice.
    """
    cases: dict[str, Labelled] = {}
    problems = []
    for line in read_lines(path):
        case = _labelled(line)
        if isinstance(case, str):
            problems.append(f"regel {line.number}: {case}")
        elif case.question.key in cases:
            problems.append(f"regel {line.number}: '{case.question.key}' komt vaker voor.")
        else:
            cases[case.question.key or ""] = case
    if problems:
        raise LabelsUnreadable("\n".join(problems))
    return tuple(cases.values())


def _labelled(line: Line) -> Labelled | str:
    if line.data is None:
        return line.problem or "De regel kan niet worden gelezen."
    try:
        return labelled_of(line.data)
    except LineRefused as error:
        return str(error)


@lru_cache(maxsize=1)
def shipped_examples() -> tuple[Example, ...]:
    """The real cases that ship with the project, as examples."""
    catalogue = read_catalogue()
    return tuple(case.example(split_words, named_provisions(case, catalogue)) for case in read_labelled())


def shipped_engine(weights: Weights = CHOSEN, examples: Iterable[Example] | None = None) -> Engine:
    """An engine on the catalogue of the files, with the examples that are given or else all real cases."""
    return Engine(read_catalogue(), split_words, shipped_examples() if examples is None else examples, weights)
