"""The text of a quarter as plain data: sections of blocks, in which figures stand by name and get their value later.

A writer names a figure; its value comes from the seal alone. No form of the text can hold another number for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar

from knelpunt.domain.texts import MONTHS, Text


class Section(StrEnum):
    """The parts of the text, in the order in which they are read."""

    REASON = "aanleiding"
    ONE_PAGE = "kwartaal"
    FIGURES = "cijfers"
    BOTTLENECK = "knelpunt"
    LAWS = "wetten"
    RULE_BOTTLENECKS = "regelknelpunten"
    COMMITMENTS = "toezeggingen"
    OUTLOOK = "vooruitblik"


@dataclass(frozen=True, slots=True)
class SectionText:
    """What a section is called, what belongs in it, and the text that it begins with."""

    title: str
    help: str
    template: str


SECTIONS: dict[Section, SectionText] = {
    Section.REASON: SectionText(
        "Aanleiding",
        "Waarom de Kamer dit overzicht krijgt. Noem de toezegging en de periode.",
        "In 2013 zegde de minister toe knelpunten in regels op te pakken, samen met de mensen die ze tegenkomen. "
        "De Kamer hoort elk kwartaal hoe dat gaat.\n\nDit overzicht gaat over {{cijfer: kwartaal}}.\n",
    ),
    Section.ONE_PAGE: SectionText(
        "Het kwartaal in één bladzijde",
        "Wat een lezer moet weten die alleen deze bladzijde leest.",
        "Binnengekomen zaken: {{cijfer: ontvangen}}. Afgehandelde zaken: {{cijfer: afgehandeld}}. "
        "Open aan het eind van het kwartaal: {{cijfer: open}}.\n\n{{grafiek: kwartalen}}\n",
    ),
    Section.FIGURES: SectionText(
        "Cijfers",
        "De cijfers met wat zij zeggen. Zet onder elke tabel een zin die zegt wat de lezer ziet.",
        "{{tabel: totalen}}\n\n## Hoe de zaken eindigden\n\n{{tabel: resultaat}}\n\n"
        "## Hoe lang het duurde\n\n{{tabel: doorlooptijd}}\n\n## Waar het speelt\n\n{{kaart}}\n",
    ),
    Section.BOTTLENECK: SectionText(
        "Knelpunt van het kwartaal", "Eén regel die nu het meest knelt, en wat er mee gebeurt.", ""
    ),
    Section.LAWS: SectionText("Per wet", "Over welke wetten de zaken gaan.", "{{grafiek: wet}}\n\n{{tabel: wet}}\n"),
    Section.RULE_BOTTLENECKS: SectionText(
        "Regelknelpunten en wetgeving",
        "Welke regels worden aangepast, hoe ver dat is, en welke wetten eraan komen.",
        "{{tabel: regelknelpunten}}\n",
    ),
    Section.COMMITMENTS: SectionText(
        "Toezeggingen en moties",
        "De lijst vult zichzelf. Schrijf erbij wat de Kamer moet weten.",
        "{{tabel: toezeggingen}}\n",
    ),
    Section.OUTLOOK: SectionText("Vooruitblik", "Wat er het komende kwartaal gebeurt.", ""),
}


class Placing(StrEnum):
    """What can be placed in a text, as a writer names it."""

    FIGURE = "cijfer"
    TABLE = "tabel"
    CHART = "grafiek"
    MAP = "kaart"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style. Of a placed figure ``figure`` is its name, and ``text`` its value once filled."""

    text: str
    is_strong: bool = False
    is_emphasis: bool = False
    href: str | None = None
    figure: str | None = None
    line: int = 0


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "alinea"
    runs: Runs
    line: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of the section."""

    kind: ClassVar[str] = "kop"
    runs: Runs
    line: int = 0


@dataclass(frozen=True, slots=True)
class Bullets:
    kind: ClassVar[str] = "lijst"
    items: tuple[Runs, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    kind: ClassVar[str] = "citaat"
    paragraphs: tuple[Runs, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure that can be placed. ``query`` asks for the cases behind it; ``place`` is where the seal holds it.

    ``is_told``: its value is a number, and not what stands in the place of one that is too small to tell.
    ``is_side``: one of the many numbers of a table beside the cases. Nearly every small number is one of them, so that
    a number somebody typed is not taken for it.
    """

    name: str
    value: str
    title: str
    sentence: str
    query: str = ""
    place: str = ""
    is_told: bool = True
    is_side: bool = False


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """Rows of words and numbers as they are shown; the first cell of a row says what the row is about."""

    name: str
    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, or what stands in their place."""
        return column > 0 and bool(self.rows) and all(_AMOUNT.match(row[column]) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[int | float | None, ...]


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """Series over the same labels, as bars or as lines; of the map the labels are provinces."""

    name: str
    title: str
    sentence: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class FigureTable:
    kind: ClassVar[str] = "tabel"
    name: str
    line: int = 0
    content: PlacedTable | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    kind: ClassVar[str] = "grafiek"
    name: str
    line: int = 0
    content: PlacedChart | None = None


@dataclass(frozen=True, slots=True)
class Map:
    kind: ClassVar[str] = "kaart"
    line: int = 0
    content: PlacedChart | None = None


Block = Paragraph | Heading | Bullets | Quote | FigureTable | Chart | Map


@dataclass(frozen=True, slots=True)
class Placed:
    """Everything that a text about a quarter may place, by name, with the values of its seal."""

    figures: Mapping[str, PlacedFigure]
    tables: Mapping[str, PlacedTable] = field(default_factory=dict)
    charts: Mapping[str, PlacedChart] = field(default_factory=dict)
    map: PlacedChart | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a line of the source. An error stands in the way of approval; what is pointed at does not."""

    line: int
    message: str
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Parsed:
    """The blocks of one section with what is wrong in its source."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section as it is rendered: placed things hold their values."""

    key: Section
    title: str
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


_AMOUNT = re.compile(r"(?:[\d.]+(?:,\d+)?%?(?: \(correctie.*\))?|–|minder dan \d+|niet getoond)$")
"""A number as it is shown, or what stands in its place."""
PLACE = re.compile(r"\{\{(?P<inside>[^{}\n]*)\}\}")
_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/-]|[.,]\d)")
_YEAR = range(1900, 2101)
_NAMES = re.compile(
    r"(?:\b(?:artikel(?:en)?|art\.|nr\.|nrs\.|nummer|kamerstuk(?:ken)?|stb\.|stcrt\.|lid|leden|hoofdstuk|paragraaf"
    r"|bijlage|kwartaal|versie|stap)|§)\s*(?:\d[\d.\s]*,?\s*(?:en|tot en met)?\s*)*$",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\s+(?:{'|'.join(MONTHS)}|e kwartaal|de kwartaal)\b", re.IGNORECASE)
NO_FIGURE = "Het getal %(number)s is geen cijfer van dit kwartaal. Klopt het?"
UNKNOWN: dict[Placing, str] = {
    Placing.FIGURE: "Er is geen cijfer “%(name)s”. Kies een cijfer uit de lijst.",
    Placing.TABLE: "Er is geen tabel “%(name)s”. Kies een tabel uit de lijst.",
    Placing.CHART: "Er is geen grafiek “%(name)s”. Kies een grafiek uit de lijst.",
    Placing.MAP: "Schrijf alleen {{kaart}}.",
}


def placing_of(inside: str) -> tuple[Placing, str] | Text:
    """What stands between the braces: what is placed, and its name; or what is wrong with it."""
    kind, colon, name = inside.partition(":")
    try:
        placing = Placing(kind.strip().casefold())
    except ValueError:
        return Text("Tussen de haken staat cijfer, tabel, grafiek of kaart. Zoals {{cijfer: ontvangen}}.")
    name = " ".join(name.split()).casefold()
    if placing is Placing.MAP:
        return Text("Schrijf alleen {{kaart}}.") if colon else (placing, "")
    if not name:
        return Text("Schrijf op welk %(kind)s u bedoelt.", kind=placing.value)
    if "=" in name:
        return Text("Een cijfer komt uit de verzegeling. U kunt het niet zelf invullen.")
    return placing, name


def filled(parsed: Parsed, placed: Placed) -> Parsed:
    """The blocks with the values of a seal, and every problem: unknown names, and numbers that equal no figure."""
    problems = list(parsed.problems)

    def fill(runs: Runs) -> Runs:
        return tuple(_filled_run(run, placed, problems.append) for run in runs)

    blocks: list[Block] = []
    for block in parsed.blocks:
        match block:
            case Paragraph() | Heading():
                blocks.append(replace(block, runs=fill(block.runs)))
            case Bullets():
                blocks.append(replace(block, items=tuple(fill(each) for each in block.items)))
            case Quote():
                blocks.append(replace(block, paragraphs=tuple(fill(each) for each in block.paragraphs)))
            case FigureTable():
                table = placed.tables.get(block.name)
                blocks.append(replace(block, content=table))
                if table is None:
                    problems.append(_unknown(Placing.TABLE, block.name, block.line))
            case Chart():
                chart = placed.charts.get(block.name)
                blocks.append(replace(block, content=chart))
                if chart is None:
                    problems.append(_unknown(Placing.CHART, block.name, block.line))
            case Map():
                blocks.append(replace(block, content=placed.map))
                if placed.map is None:
                    problems.append(Problem(block.line, Text("Voor dit kwartaal is er geen kaart.")))
    values = {figure.value for figure in placed.figures.values() if not figure.is_side}
    problems += [
        Problem(run.line, Text(NO_FIGURE, number=number), is_error=False)
        for run in runs_of(parsed.blocks)
        for number in bare_numbers(run.text)
        if run.figure is None and number not in values
    ]
    return Parsed(tuple(blocks), tuple(sorted(problems, key=lambda each: (each.line, not each.is_error))))


def _filled_run(run: Run, placed: Placed, tell: Callable[[Problem], None]) -> Run:
    if run.figure is None:
        return run
    figure = placed.figures.get(run.figure)
    if figure is None:
        tell(_unknown(Placing.FIGURE, run.figure, run.line))
        return replace(run, text="…")
    return replace(run, text=figure.value)


def _unknown(placing: Placing, name: str, line: int) -> Problem:
    return Problem(line, Text(UNKNOWN[placing], name=name))


def runs_of(blocks: tuple[Block, ...]) -> Iterator[Run]:
    """Every run of some blocks, in order."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield from block.runs
            case Bullets():
                for item in block.items:
                    yield from item
            case Quote():
                for paragraph in block.paragraphs:
                    yield from paragraph


def bare_numbers(text: str) -> list[str]:
    """The numbers in a text that could be figures: no years, days of a month, or numbers of articles and papers."""
    found: list[str] = []
    for each in _NUMBER.finditer(text):
        number = each.group().rstrip(".,")
        is_year = number.isdecimal() and len(number) == 4 and int(number) in _YEAR
        if is_year or _NAMES.search(text[: each.start()]) or _MONTH.match(text[each.end() :]):
            continue
        found.append(number)
    return found


def plain(blocks: tuple[Block, ...]) -> str:
    """The words of blocks alone, a block a line, for a check or a comparison."""
    return "\n".join("".join(run.text for run in runs_of((block,))) for block in blocks)
