"""One line of a file with cases: the shape that it must have, and what it means here.

The fields are explained in ``docs/import.md``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from knelpunt.domain.filing.rules import TEXT_LENGTH, TITLE_LENGTH
from knelpunt.domain.history.records import (
    Basis,
    FileColumn,
    HistoricCase,
    NamedRule,
    Outcome,
    Precision,
    ending_of,
    overruled,
    theme_of,
)
from knelpunt.domain.shapes import Fault, InvalidData, Url, one_of, shaped, text_up_to
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict

EARLIEST_DAY = date(1990, 1, 1)
MONTH_AND_DAY_OF_A_YEAR = (7, 1)
"""Where only the year is known, the case is booked in the middle of it."""
DAY_WITHOUT_YEAR = date(2009, 12, 31)
"""Where not even the year is known: the day before the first quarter that is ever counted."""

SUBMITTER_KINDS = {
    "municipality": SubmitterKind.MUNICIPALITY,
    "citizen initiative": SubmitterKind.CITIZEN_INITIATIVE,
    "housing corporation": SubmitterKind.HOUSING_CORPORATION,
    "province": SubmitterKind.PROVINCE,
    "school board": SubmitterKind.SCHOOL_BOARD,
    "other": SubmitterKind.OTHER,
}
BASES = {"source": Basis.SOURCE, "inferred": Basis.INFERRED}
CONFIDENCES = {"high": "groot", "medium": "redelijk", "low": "klein"}
Id = Annotated[str, text_up_to(80)]
Words = Annotated[str, text_up_to(250)]
PARTS = 3
"""How deep the texts of a line lie: in the line, in a list of it, in a rule of that list."""


class Rule(Struct, frozen=True):
    """A rule that stood in the way."""

    law: Id
    basis: Annotated[str, one_of(BASES)]
    article: Annotated[str, text_up_to(200)] | None = None


class Label(Struct, frozen=True):
    """The law along which room was found or sought, and the instrument in words."""

    law: Id
    instrument: Words | None = None


class Source(Struct, frozen=True):
    """Where it was read, and whether whole."""

    url: Annotated[Url, Meta(max_length=500)]
    title: Words
    read: Literal["full", "opening only"] | None = None


class Days(Struct, frozen=True, kw_only=True):
    """When a case was filed and closed, as exactly as that is known."""

    year: Annotated[int, Meta(description="moet een jaar zijn, zonder aanhalingstekens")] | None = None
    filed_on: date | None = None
    closed_on: date | None = None

    def __post_init__(self) -> None:
        faults = []
        filed_on, closed_on = self.filed_on, self.closed_on
        if closed_on and not filed_on:
            faults.append("bij 'closed_on' hoort ook 'filed_on'")
        if closed_on and filed_on and closed_on < filed_on:
            faults.append("'closed_on' ligt voor 'filed_on'")
        if self.year and filed_on and self.year not in {filed_on.year, (closed_on or filed_on).year}:
            faults.append("'year' past niet bij 'filed_on'")
        if faults:
            raise ValueError("; ".join(faults))


class HistoryLine(Days, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a line may hold."""

    id: Id
    title: Annotated[str, text_up_to(TITLE_LENGTH)]
    description: Annotated[str, text_up_to(TEXT_LENGTH)]
    submitter_kind: Annotated[str, one_of(SUBMITTER_KINDS)]
    municipality: Words | None = None
    province: Words | None = None
    theme: Theme | None = None
    blocking: Annotated[list[Rule], Meta(max_length=20)] | None = None
    label: Label
    outcome: Outcome
    result: Result | None = None
    verdict: Verdict | None = None
    source: Source
    confidence: Annotated[str, one_of(CONFIDENCES)] | None = None
    note: Annotated[str, text_up_to(2000)] | None = None
    detail: Any = None
    style: Any = None
    case_type: Any = None


COLUMNS = (
    FileColumn("id", "Het nummer van de regel in deze verzameling, hooguit 80 tekens.", "2019-01", True),
    FileColumn("title", f"De titel, hooguit {TITLE_LENGTH} tekens.", "Tijdelijke woningen naast het spoor", True),
    FileColumn(
        "description",
        "Wat de melder vertelde, hooguit 10.000 tekens.",
        "Wij willen tijdelijke woningen neerzetten. De regel voor de termijn staat in de weg.",
        True,
    ),
    FileColumn("submitter_kind", f"Wie meldde: {', '.join(SUBMITTER_KINDS)}.", "municipality", True),
    FileColumn("outcome", f"Hoe het afliep: {', '.join(Outcome)}.", "experiment granted", True),
    FileColumn("label_law", "De wet waarlangs ruimte is gevonden of gezocht.", "crisis-en-herstelwet", True),
    FileColumn("label_instrument", "Het middel in woorden.", "Innovatie-experiment (art. 7b Bu Chw)"),
    FileColumn("source_url", "Het webadres van de bron.", "https://www.example.nl/besluit", True),
    FileColumn("source_title", "De naam van de bron.", "Besluit van de gemeente", True),
    FileColumn("source_read", "Wat is gelezen: full of opening only.", "full"),
    FileColumn("blocking", "De regels die knelden: wet|artikel|source of inferred, met ; ertussen.", "wabo|2.1|source"),
    FileColumn("year", "Het jaar, als de dag niet bekend is."),
    FileColumn("filed_on", "De dag van de melding, zoals 2019-07-01.", "2019-03-04"),
    FileColumn("closed_on", "De dag van het einde.", "2019-06-07"),
    FileColumn("municipality", "De gemeente, zoals die toen heette.", "Zwolle"),
    FileColumn("province", "De provincie.", "Overijssel"),
    FileColumn("theme", f"Het onderwerp: {', '.join(Theme)}."),
    FileColumn("result", f"Het resultaat, als de bron dat zelf zegt: {', '.join(Result)}."),
    FileColumn("verdict", f"Het oordeel, als de bron dat zelf zegt: {', '.join(Verdict)}."),
    FileColumn("confidence", f"Hoe zeker de ruimte is: {', '.join(CONFIDENCES)}."),
    FileColumn("note", "Een voorbehoud, hooguit 2.000 tekens."),
)
"""What the site tells of the columns of a CSV file; the whole story stands in ``docs/import.md``."""


def read_case(data: Mapping[str, Any], today: date) -> HistoricCase:
    """Check one line and work out what it means here.

    Args:
        today: the day of the import (Europe/Amsterdam); no day may lie after it.
    Raises:
        InvalidData: with everything that is wrong with it.
    """
    line = _line(_stripped(data, PARTS), today)
    filed_on, precision = _filed_on(line, today)
    rules = tuple(NamedRule(rule.law, rule.article, BASES[rule.basis]) for rule in line.blocking or ())
    room = line.label.instrument.rstrip(".") if line.label.instrument else None
    words = f"{room or ''} {line.note or ''}"
    ending = overruled(ending_of(line.outcome, rules, line.label.law, words), line.result, line.verdict)
    return HistoricCase(
        key=line.id,
        title=line.title,
        description=line.description,
        submitter_kind=SUBMITTER_KINDS[line.submitter_kind],
        municipality=line.municipality,
        province=line.province,
        filed_on=filed_on,
        closed_on=(line.closed_on or filed_on) if ending.is_closed else None,
        precision=precision,
        theme=line.theme or theme_of((line.label.law, *(rule.law for rule in rules)), f"{line.title} {room or ''}"),
        rules=rules,
        room_law=line.label.law,
        room=room,
        ending=ending,
        source_url=line.source.url,
        source_title=line.source.title,
        note=_note(line, precision, filed_on),
    )


def _stripped(value: Any, depth: int) -> Any:
    """Texts without blanks round them, and nothing instead of an empty one."""
    if isinstance(value, str):
        return value.strip() or None
    if depth and isinstance(value, dict):
        return {name: _stripped(each, depth - 1) for name, each in value.items()}
    return [_stripped(each, depth - 1) for each in value] if depth and isinstance(value, list) else value


def _line(data: Mapping[str, Any], today: date) -> HistoryLine:
    """The line, with no day before 1990 or after today. Raises InvalidData."""
    line, faults = None, []
    try:
        line = shaped(data, HistoryLine)
    except InvalidData as error:
        faults = error.faults
    wrong = {fault.path[0] for fault in faults if fault.path}
    year = (EARLIEST_DAY.year, today.year, f"moet een jaar zijn van {EARLIEST_DAY.year} tot en met {today.year}")
    day = (EARLIEST_DAY.isoformat(), today.isoformat(), "moet een dag zijn, niet voor 1990 en niet in de toekomst")
    for name, (first, last, text) in {"year": year, "filed_on": day, "closed_on": day}.items():
        if name not in wrong and data.get(name) is not None and not first <= data[name] <= last:
            faults.append(Fault((name,), text))
    if faults or line is None:
        raise InvalidData(faults)
    return line


def _filed_on(line: HistoryLine, today: date) -> tuple[date, Precision]:
    """When the case is booked, and how exactly that is known."""
    if line.filed_on is not None:
        return line.filed_on, Precision.DAY
    if line.year is not None:
        return min(date(line.year, *MONTH_AND_DAY_OF_A_YEAR), today), Precision.YEAR
    return DAY_WITHOUT_YEAR, Precision.NONE


def _note(line: HistoryLine, precision: Precision, filed_on: date) -> str:
    """What a reader must know about the line, in whole sentences."""
    sentences = []
    if precision is Precision.YEAR:
        sentences.append(
            f"Van dit geval is alleen het jaar bekend ({filed_on.year}): het jaar van het besluit, de uitspraak of "
            f"het bericht. Het is geboekt in het midden van dat jaar; de echte dag en de duur zijn niet bekend."
        )
    elif precision is Precision.NONE:
        sentences.append("Van dit geval is het jaar niet bekend. Het telt in geen enkel kwartaal mee.")
    if line.source.read == "opening only":
        sentences.append("Van de bron is alleen het begin gelezen.")
    if line.confidence:
        sentences.append(f"De zekerheid dat de bron deze ruimte noemt is {CONFIDENCES[line.confidence]}.")
    if line.note:
        sentences.append(line.note)
    return " ".join(sentences)
