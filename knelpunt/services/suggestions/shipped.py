"""The engine as it ships: the law catalogue and the real cases of the files, without a database."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from knelpunt.adapters.files.cases import Line, read_lines
from knelpunt.adapters.files.guides import guide_records
from knelpunt.adapters.files.reference import REAL_CASES
from knelpunt.adapters.files.situations import read_situations, shipped_matcher
from knelpunt.adapters.words.search_terms import THIN_STEMS
from knelpunt.adapters.words.text_words import split_words
from knelpunt.domain.shapes import FileRefused, InvalidData
from knelpunt.domain.situations.schema import faults
from knelpunt.domain.suggestions.engine import Engine
from knelpunt.domain.suggestions.examples import Example
from knelpunt.domain.suggestions.labelled import Labelled, labelled_of
from knelpunt.domain.suggestions.named_provisions import named_provisions
from knelpunt.domain.suggestions.weights import CHOSEN, Weights
from knelpunt.services.laws.loading import read_catalogue


def read_labelled(path: Path = REAL_CASES) -> tuple[Labelled, ...]:
    """The cases of a file whose answer is known, in its order.

    Raises:
        FileRefused: the file cannot be read, or holds lines that cannot be used, or an id that occurs twice.
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
        raise FileRefused("\n".join(problems))
    return tuple(cases.values())


def _labelled(line: Line) -> Labelled | str:
    if line.data is None:
        return line.problem or "De regel kan niet worden gelezen."
    try:
        return labelled_of(line.data)
    except InvalidData as error:
        return f"{error}."


@lru_cache(maxsize=1)
def shipped_examples() -> tuple[Example, ...]:
    """The real cases that ship with the project, as examples."""
    catalogue = read_catalogue()
    return tuple(case.example(split_words, named_provisions(case, catalogue)) for case in read_labelled())


def shipped_engine(weights: Weights = CHOSEN, examples: Iterable[Example] | None = None) -> Engine:
    """An engine on the catalogue of the files, with the examples that are given or else all real cases."""
    return Engine(
        read_catalogue(),
        split_words,
        shipped_examples() if examples is None else examples,
        weights,
        situations=shipped_matcher(),
        thin=THIN_STEMS,
    )


def check_situations() -> None:
    """See that the situations name only provisions, ruimtewijzers and groups of words that there are.

    Raises:
        FileRefused: a file of situations cannot be read, or names something that is not there.
    """
    provisions = {one.key for one in read_catalogue().provisions}
    guides = {str(record.fields["slug"]) for record in guide_records()}
    problems = list(faults(*read_situations(), provisions, guides))
    if problems:
        raise FileRefused("\n".join(problems))
