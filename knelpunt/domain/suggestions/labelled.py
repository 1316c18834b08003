"""Lines of files with cases: what is asked and, where a person has judged the case, what it was about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knelpunt.domain.history.lines import SUBMITTER_KINDS
from knelpunt.domain.laws.dates import FIRST_YEAR, LAST_YEAR, typed_day
from knelpunt.domain.suggestions.asked import Question, Split, in_year, terms_of
from knelpunt.domain.suggestions.examples import Example
from knelpunt.domain.vocabulary import SubmitterKind

LONGEST_TEXT = 100_000
LONGEST_ID = 200


class LineRefused(ValueError):
    """A line that cannot be used; the message is a Dutch sentence."""


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
    """The question on a line. Raises LineRefused."""
    first, last = _time(data)
    title, description = _text(data, "title"), _text(data, "description")
    if not (title.strip() or description.strip()):
        raise LineRefused("'title' en 'description' zijn leeg.")
    return Question(
        title=title,
        description=description,
        first=first,
        last=last,
        submitter_kind=_kind(data.get("submitter_kind")),
        key=_id(data),
    )


def labelled_of(data: Mapping[str, Any]) -> Labelled:
    """A line with a label. Raises LineRefused."""
    question = question_of(data)
    label, source = data.get("label"), data.get("source")
    law = label.get("law") if isinstance(label, Mapping) else None
    if not isinstance(law, str) or not law.strip():
        raise LineRefused("'label.law' ontbreekt.")
    rules = data.get("blocking") or []
    if not isinstance(rules, list):
        raise LineRefused("'blocking' moet een lijst zijn.")
    named = (rule.get("law") for rule in rules if isinstance(rule, Mapping))
    instrument = label.get("instrument") if isinstance(label, Mapping) else None
    url = source.get("url") if isinstance(source, Mapping) else None
    return Labelled(
        question=question,
        law=law.strip(),
        blocking=tuple(dict.fromkeys(rule for rule in named if isinstance(rule, str))),
        instrument=instrument if isinstance(instrument, str) else None,
        source=url if isinstance(url, str) else None,
    )


def _id(data: Mapping[str, Any]) -> str:
    value = data.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise LineRefused("'id' ontbreekt of is geen korte tekst.")
    return value


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineRefused(f"'{name}' is geen tekst.")
    if len(value) > LONGEST_TEXT:
        raise LineRefused(f"'{name}' is langer dan {LONGEST_TEXT} tekens.")
    return value


def _time(data: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """The day of a line, else its year, else nothing."""
    day, year = data.get("date"), data.get("year")
    if day not in (None, ""):
        if not isinstance(day, str):
            raise LineRefused("'date' moet een dag zijn als 2019-07-01.")
        try:
            found = typed_day(day)
        except ValueError as error:
            raise LineRefused(f"'date': {error}") from None
        return found, found
    if year in (None, ""):
        return None, None
    if isinstance(year, str) and year.isascii() and year.isdecimal() and len(year) == 4:
        year = int(year)
    if not isinstance(year, int) or isinstance(year, bool) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise LineRefused(f"'year' moet een jaar zijn van {FIRST_YEAR} tot en met {LAST_YEAR}.")
    return in_year(year)


def _kind(value: Any) -> SubmitterKind | None:
    """The kind of submitter, in the words of files or of this system; None for a kind that is in neither."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise LineRefused("'submitter_kind' is geen tekst.")
    return SUBMITTER_KINDS.get(value) or next((kind for kind in SubmitterKind if kind.value == value), None)
