"""Lines of files with cases: what is asked and, where a person has judged the case, what it was about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from knelpunt.domain.history.lines import SUBMITTER_KINDS
from knelpunt.domain.laws.dates import FIRST_YEAR, LAST_YEAR, typed_day
from knelpunt.domain.shapes import Fault, InvalidData, Text, shaped
from knelpunt.domain.suggestions.asked import Question, Split, in_year, terms_of
from knelpunt.domain.suggestions.examples import Example
from knelpunt.domain.vocabulary import SubmitterKind

NO_YEAR = f"moet een jaar zijn van {FIRST_YEAR} tot en met {LAST_YEAR}"
Prose = Annotated[str, Meta(max_length=100_000)]
Id = Annotated[int, Meta(ge=-(10**18), le=10**18)] | Annotated[Text, Meta(max_length=200)]


class QuestionLine(Struct, frozen=True, kw_only=True):
    """What is asked on a line; what else it says is not looked at."""

    id: Annotated[Id, Meta(description="moet een korte tekst of een getal zijn")]
    title: Prose | None = None
    description: Prose | None = None
    date: str | None = None
    year: Annotated[int | Annotated[str, Meta(pattern=r"\A([0-9]{4})?\Z")], Meta(description=NO_YEAR)] | None = None
    submitter_kind: str | None = None

    def __post_init__(self) -> None:
        if not f"{self.title or ''}{self.description or ''}".strip():
            raise ValueError("'title' en 'description' zijn leeg")


class LabelledRule(Struct, frozen=True):
    law: str | None = None


class LabelledLaw(Struct, frozen=True):
    law: Text
    instrument: str | None = None


class LabelledSource(Struct, frozen=True):
    url: str | None = None


class LabelledLine(QuestionLine, frozen=True, kw_only=True):
    """A question with the law that a person says it turned on."""

    label: LabelledLaw
    blocking: list[LabelledRule] | None = None
    source: LabelledSource | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question of which the answer is known: the law that a person says it turned on, and those that blocked."""

    question: Question
    law: str
    blocking: tuple[str, ...]
    instrument: str | None
    source: str | None

    def example(self, split: Split, provisions: tuple[str, ...] = ()) -> Example:
        """The case as an example. ``provisions`` are the keys of those that its label names."""
        return Example(
            key=self.question.key or "",
            terms=frozenset(terms_of(split(self.question.text))),
            room=(self.law,),
            blocking=self.blocking,
            provisions=provisions,
            year=self.question.year,
            submitter_kind=self.question.submitter_kind,
            title=self.question.title,
            source=self.source,
        )


def question_of(data: Mapping[str, Any]) -> Question:
    """The question on a line. Raises InvalidData."""
    return _question(shaped(data, QuestionLine))


def labelled_of(data: Mapping[str, Any]) -> Labelled:
    """A line with a label. Raises InvalidData."""
    line = shaped(data, LabelledLine)
    return Labelled(
        question=_question(line),
        law=line.label.law.strip(),
        blocking=tuple(dict.fromkeys(rule.law for rule in line.blocking or () if rule.law is not None)),
        instrument=line.label.instrument,
        source=line.source.url if line.source else None,
    )


def _question(line: QuestionLine) -> Question:
    first, last = _time(line)
    return Question(
        title=line.title or "",
        description=line.description or "",
        first=first,
        last=last,
        submitter_kind=_kind(line.submitter_kind),
        key=str(line.id),
    )


def _time(line: QuestionLine) -> tuple[date | None, date | None]:
    """The day of a line, else its year, else nothing."""
    if line.date:
        try:
            day = typed_day(line.date)
        except ValueError as error:
            raise InvalidData([Fault(("date",), f"klopt niet. {error}")]) from None
        return day, day
    if line.year in (None, ""):
        return None, None
    if not FIRST_YEAR <= int(line.year) <= LAST_YEAR:
        raise InvalidData([Fault(("year",), NO_YEAR)])
    return in_year(int(line.year))


def _kind(word: str | None) -> SubmitterKind | None:
    """The kind of submitter, in the words of files or of this system; None for a kind that is in neither."""
    return SUBMITTER_KINDS.get(word or "") or next((kind for kind in SubmitterKind if kind.value == word), None)
