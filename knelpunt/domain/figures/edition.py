"""A quarter or a year as everybody may read it: plain tables from which each form is made, and from which anybody can
count every figure again, on any machine and without the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import AFTER_CLOSING, IN_OWN_ORDER, Dimension
from knelpunt.domain.figures.places import EFFECTS
from knelpunt.domain.figures.sealing import canonical
from knelpunt.domain.figures.small_numbers import LIMIT, Mark
from knelpunt.domain.texts import date_range_in_words

FORM = 1
"""The version of the form in which an edition is written down."""
KIND = "knelpunt-editie"
DASH = "–"
NAMED = 5
"""So many sides are named of a split of which no number is told."""
HIDDEN_SENTENCE = (
    f"Een getal onder de {LIMIT} kan iemand aanwijzen. Daarom tonen wij het niet. Soms laten wij ook een groter getal "
    "weg. Anders kunt u het kleine getal uitrekenen."
)

Cell = int | float | Mark | None
"""A figure, or the mark of one that is not told; None where nothing was measured."""


class Adds(StrEnum):
    """How four quarters make a year."""

    SUM = "som"
    LAST = "laatste"
    NEVER = "niet"


@dataclass(frozen=True, slots=True)
class Column:
    """``figure`` is the figure whose cases a cell opens; ``is_before`` tells the quarter before."""

    key: str
    title: str
    adds: Adds = Adds.SUM
    figure: str = ""
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``key`` is the side as it stands in an address."""

    key: str
    words: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``sentence`` says what is counted, ``says`` what the figures show; ``side`` heads the first column."""

    key: str
    title: str
    sentence: str
    side: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    dimension: str = ""

    @property
    def is_all_hidden(self) -> bool:
        """Whether it is a split of which no number is told other than none."""
        return bool(self.dimension) and not any(_is_told(cell) and cell for row in self.rows for cell in row.cells)

    def cell(self, row: str, column: str) -> Cell:
        """A figure by the keys of its row and column; None where the table has none."""
        place = next((number for number, each in enumerate(self.columns) if each.key == column), None)
        found = next((each for each in self.rows if each.key == row), None)
        return None if place is None or found is None else found.cells[place]


@dataclass(frozen=True, slots=True)
class Figured:
    """One figure of an edition, with what names it."""

    table: Table
    row: Row
    column: Column

    @property
    def place(self) -> str:
        """The keys of its table, row and column, as a correction keeps them."""
        return "; ".join((self.table.key, self.row.key, self.column.key))

    @property
    def cell(self) -> Cell:
        return self.row.cells[self.table.columns.index(self.column)]

    @property
    def words(self) -> str:
        """What it is called where it stands by itself."""
        if self.table.key == TOTALS:
            return self.column.title
        if self.table.dimension:
            return f"{self.column.title}, {self.row.words}"
        words = f"{self.table.title}: {self.row.words}"
        return words if self.column.key == NOW else f"{words}, {self.column.title[:1].lower()}{self.column.title[1:]}"


@dataclass(frozen=True, slots=True)
class Correction:
    """A numbered correction beside a figure; ``table``, ``row`` and ``column`` are empty when it stands by itself."""

    number: int
    words: str
    sealed_as: str
    should_be: str
    reason: str
    made_on: date
    table: str = ""
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """All figures of a quarter ("2026-3") or a year ("2026"), with the mark of the seals that they come from."""

    period: str
    title: str
    first: date
    until: date
    tables: tuple[Table, ...]
    seals: tuple[str, ...] = ()
    sealed_on: date | None = None
    is_running: bool = False
    is_reconstructed: bool = False
    paper: str = ""
    """The number of the parliamentary paper, once there is one."""
    corrections: tuple[Correction, ...] = field(default=())

    @property
    def is_year(self) -> bool:
        return "-" not in self.period

    @property
    def counted(self) -> str:
        """From which day to which was counted."""
        return f"Geteld van {date_range_in_words(self.first, self.until)}"

    def table(self, key: str) -> Table | None:
        return next((each for each in self.tables if each.key == key), None)

    def own(self) -> Iterator["Figured"]:
        """The figures of the period itself, each once, without those of other periods that stand beside them."""
        for table in self.tables:
            for row in table.rows:
                if table.key != TREND and (table.key != TOTALS or row.key == NOW):
                    yield from (Figured(table, row, column) for column in table.columns if not column.is_before)

    def at(self, place: str) -> "Figured | None":
        """The figure at a place; None where there is none."""
        return next((each for each in self.own() if each.place == place), None)

    def correction(self, table: Table, row: Row, column: Column) -> Correction | None:
        """The last correction beside a figure."""
        return next(
            (
                each
                for each in reversed(self.corrections)
                if (each.table, each.row, each.column) == (table.key, row.key, column.key)
            ),
            None,
        )

    def shown(self, table: Table, row: Row, column: Column) -> str:
        """A figure in words with its correction beside it, as every form on paper has it."""
        words = in_words(row.cells[table.columns.index(column)])
        corrected = self.correction(table, row, column)
        return f"{words} (correctie {corrected.number}: {corrected.should_be})" if corrected else words

    @property
    def has_hidden(self) -> bool:
        return any(isinstance(cell, Mark) for each in self.tables for row in each.rows for cell in row.cells)


TOTALS, BALANCE, TREND = "totalen", "optelling", "verloop"
DURATIONS, CLOCKS, LATE = "doorlooptijd", "looptijd", "te-laat"
AFTER, PRESSING = "na-het-afsluiten", "knellend"
MIX, RULES = "overbrugbaar", "regelknelpunten"
UNPROTECTED = frozenset({BALANCE, TREND, RULES})
"""What holds totals of the country and the public track of rules: of these nothing is hidden."""
VERDICT, PROVINCE = Dimension.VERDICT.value, Dimension.PROVINCE.value
NOW, BEFORE, YEAR_AGO = "nu", "vorig", "vorig-jaar"


def tells_more_than_totals(edition: Edition) -> bool:
    """Whether an edition tells more than what is told of every quarter."""
    return any(table.key not in (TOTALS, *UNPROTECTED) for table in edition.tables)


def in_words(cell: Cell) -> str:
    """A figure as it is shown in every form."""
    if cell is None:
        return DASH
    if isinstance(cell, Mark):
        return cell.words()
    if isinstance(cell, int) or float(cell).is_integer():
        return f"{int(cell):,}".replace(",", ".")
    return f"{cell:,.1f}".translate(str.maketrans(",.", ".,"))


def period_title(quarter: Quarter) -> str:
    """What a quarter is called."""
    return f"{quarter.number}e kwartaal {quarter.year}"


def change(now: Cell, before: Cell, *, than: str = "dan vorig kwartaal", as_: str = "als vorig kwartaal") -> str:
    """The change since the period before, in words; empty where either is not known or not shown."""
    if now is None or before is None or isinstance(now, Mark) or isinstance(before, Mark):
        return ""
    if now == before:
        return f"evenveel {as_}"
    return f"{in_words(abs(now - before))} {'meer' if now > before else 'minder'} {than}"


def finding(edition: Edition) -> tuple[str, str]:
    """What stands on top: the first thing that the figures say, and the sentence with the figures themselves."""
    table = edition.table(TOTALS)
    counts = [table.cell(NOW, figure) if table else None for figure in ("ontvangen", "afgehandeld", "open")]
    received, handled, still_open = counts
    told = (
        f"Er {_verb(received, 'kwam', 'kwamen')} binnen en er {_verb(handled, 'is', 'zijn')} afgehandeld. "
        f"Aan het eind {'was' if still_open == 1 else 'waren'} er {in_words(still_open)} open."
    )
    if not isinstance(received, int) or not isinstance(handled, int):
        return "De cijfers op een rij", told
    if not received and not handled:
        period = "jaar" if edition.is_year else "kwartaal"
        return f"Een {period} zonder nieuwe zaken", told
    if handled > received:
        return "Meer zaken afgehandeld dan ontvangen", told
    if handled == received:
        return "Evenveel zaken afgehandeld als ontvangen", told
    return "Meer zaken ontvangen dan afgehandeld", told


def reconstructed_sentence(edition: Edition) -> str:
    """What a reader must know of figures that were put together after the fact."""
    return (
        f"Dit {'jaar' if edition.is_year else 'kwartaal'} is achteraf samengesteld uit openbare bronnen. De dagen van "
        "deze zaken zijn niet bekend. Daarom staat er geen doorlooptijd bij."
    )


def _verb(count: Cell, one: str, many: str) -> str:
    return f"{one if count == 1 else many} {_counted(count, 'zaak', 'zaken')}"


def _counted(count: Cell, one: str, many: str) -> str:
    return f"{in_words(count)} {one if count == 1 else many}"


def says(edition: Edition, table: Table) -> str:
    """What a table shows, in a sentence; empty when there is nothing to say of it."""
    if table.is_all_hidden:
        words = [row.words for row in table.rows]
        more = len(words) - NAMED
        told = f"{', '.join(words[:NAMED])}, en nog {more} andere" if more > 1 else ", ".join(words)
        return f"Te weinig zaken om per regel te tellen. Er waren zaken bij: {told}."
    if table.key == LATE:
        return _late_says(table)
    if table.key == CLOCKS:
        first = table.rows[0]
        half = table.cell(first.key, "p50")
        return f"{first.words}: de helft in {_counted(half, 'dag', 'dagen')} of minder." if _is_told(half) else ""
    if table.key == DURATIONS:
        half = table.cell(table.rows[0].key, "mediaan")
        return (
            f"De helft van de zaken was klaar in {_counted(half, 'dag', 'dagen')} of minder." if _is_told(half) else ""
        )
    if table.key == VERDICT:
        return _verdict_says(table) or _most_says(edition, table)
    return _most_says(edition, table) if table.dimension or table.key == PRESSING else ""


SHARE_KEYS = ("p10", "p25", "p50", "p75", "p90")


def number_of(cell: Cell) -> int | float | None:
    """A figure that is told; None for a mark, and where nothing was measured."""
    return cell if isinstance(cell, int | float) else None


def _is_told(cell: Cell) -> bool:
    return isinstance(cell, int | float)


def _late_says(table: Table) -> str:
    counts = [(table.cell(row.key, "gestopt"), table.cell(row.key, "te-laat")) for row in table.rows]
    stopped = [each[0] for each in counts if isinstance(each[0], int)]
    late = [each[1] for each in counts if isinstance(each[1], int)]
    if len(stopped) < len(counts) or len(late) < len(counts) or not sum(stopped):
        return ""
    told = "geen enkele keer" if not sum(late) else f"{in_words(sum(late))} keer"
    return f"Er stopte {in_words(sum(stopped))} keer een klok. Dat was {told} te laat."


def _verdict_says(table: Table) -> str:
    """How often there was room and how often a rule stood in the way; never added together."""
    counts = {row.key: row.cells[0] for row in table.rows}
    if not all(isinstance(count, int) for count in counts.values()):
        return ""

    def among(codes: str) -> int:
        return sum(int(counts.get(f"V{code}") or 0) for code in codes)

    room, barred = (_counted(among(codes), "zaak", "zaken") for codes in ("1234", "5678"))
    return f"Ruimte in de regels: {room}. Een regel in de weg: {barred}."


def _most_says(edition: Edition, table: Table) -> str:
    totals, column = edition.table(TOTALS), table.columns[0]
    known = [(row.cells[0], row.words) for row in table.rows if isinstance(row.cells[0], int)]
    most = max((count for count, _words in known if isinstance(count, int)), default=0)
    if not most:
        return ""
    words = [each for count, each in known if count == most]
    whole = totals.cell(NOW, column.key) if totals and table.dimension else None
    of = f" van de {in_words(whole)}" if isinstance(whole, int) else ""
    if len(words) > 2:
        return f"Het meest, elk {in_words(most)}{of}: {', '.join(words[:3])}."
    return f"{column.title}, het meest: {' en '.join(words)}, {'elk ' if len(words) > 1 else ''}{in_words(most)}{of}."


def figures_of(edition: Edition) -> Iterator[tuple[str, str]]:
    """Every figure of an edition with its place, as each form shows it, and what follows from the figures."""
    headline, told = finding(edition)
    yield "bevinding", f"{headline}. {told}"
    for table in edition.tables:
        for row in table.rows:
            for column in table.columns:
                yield f"{table.title}; {row.words}; {column.title}", edition.shown(table, row, column)
        if sentence := says(edition, table):
            yield f"{table.title}; in een zin", sentence
    totals = edition.table(TOTALS)
    for column in totals.columns if totals else ():
        now, before = (totals.cell(when, column.key) if totals else None for when in (NOW, BEFORE))
        if words := change(now, before):
            yield f"verschil; {column.title}", words
    for each in edition.corrections:
        yield f"correctie {each.number}; {each.words}", f"{each.sealed_as}, moet zijn {each.should_be}"


def annual(year: int, quarters: Sequence[Edition]) -> Edition:
    """A year from the public editions of its four quarters, and from nothing else, so that it tells no more than they.

    A sum with a hidden figure in it is hidden; what does not add up (a median) is left out.
    """
    found = {table.key: table for each in quarters for table in each.tables}
    tables = tuple(made for table in sorted(found.values(), key=_rank) if (made := _year_table(table, quarters)))
    return Edition(
        period=str(year),
        title=str(year),
        first=quarters[0].first,
        until=quarters[-1].until,
        tables=tables,
        seals=tuple(seal for each in quarters for seal in each.seals),
        sealed_on=max((each.sealed_on for each in quarters if each.sealed_on), default=None),
        is_reconstructed=all(each.is_reconstructed for each in quarters),
        corrections=tuple(
            replace(each, words=f"{quarter.title}: {each.words}", table="", row="", column="")
            for quarter in quarters
            for each in quarter.corrections
        ),
    )


def _rank(table: Table) -> int:
    """The totals first, then what they are split by."""
    return 0 if table.key == TOTALS else 1 if table.dimension else 2


def _year_table(last: Table, quarters: Sequence[Edition]) -> Table | None:
    if last.key in (BALANCE, TREND):
        return None
    if last.key == TOTALS:
        return _year_totals(last, quarters)
    kept = [
        column
        for column in last.columns
        if column.adds is not Adds.NEVER and not column.is_before and not _is_split_in_part(last, column, quarters)
    ]
    if not kept:
        return None
    tables = [each.table(last.key) for each in quarters]
    words = {row.key: row for table in tables if table for row in table.rows}
    only_last = all(column.adds is Adds.LAST for column in kept)
    if only_last and tables[-1] is None:  # how it stood in an earlier quarter is not how the year ended
        return None
    keys = (
        [row.key for row in last.rows] if only_last else [key for key in words if _is_of_every(key, tables, quarters)]
    )
    rows = [replace(words[key], cells=tuple(_year_cell(tables, key, column) for column in kept)) for key in keys]
    if last.key in IN_OWN_ORDER:
        rows.sort(key=lambda row: row.key)
    else:
        rows.sort(key=lambda row: -row.cells[0] if isinstance(row.cells[0], int) else 0)
    columns = tuple(replace(column, title="Dit jaar") if column.key == NOW else column for column in kept)
    return replace(last, columns=columns, rows=tuple(rows)) if rows else None


def _is_split_in_part(last: Table, column: Column, quarters: Sequence[Edition]) -> bool:
    """Whether a quarter with cases of a figure does not split them so: a sum over the others would be no year."""
    if not last.dimension:
        return False
    for each in quarters[-1:] if column.adds is Adds.LAST else quarters:
        totals, table = each.table(TOTALS), each.table(last.key)
        is_split = table is not None and any(own.key == column.key for own in table.columns)
        if totals is not None and totals.cell(NOW, column.key) and not is_split:
            return True
    return False


def counts_effects(edition: Edition, table: Table | None) -> bool:
    """Whether a quarter counted what second looks changed: it says so, or it says nothing of what came after closing
    and ended after that came to be counted."""
    if table is not None and table.rows:
        return any(row.key in EFFECTS for row in table.rows)
    return AFTER_CLOSING.since is not None and edition.until >= AFTER_CLOSING.since


def _is_of_every(key: str, tables: Sequence[Table | None], quarters: Sequence[Edition]) -> bool:
    """Whether each quarter counted a row; of most, no row is none."""
    return key not in EFFECTS or all(map(counts_effects, quarters, tables))


def _year_cell(tables: Sequence[Table | None], row: str, column: Column) -> Cell:
    cells = [table.cell(row, column.key) if table else None for table in tables]
    if column.adds is Adds.LAST:
        return cells[-1] if cells[-1] is not None else 0
    return _sum(cells)


def _sum(cells: Sequence[Cell]) -> Cell:
    """Nothing where all are unknown, kept back where one is."""
    if any(isinstance(cell, Mark) for cell in cells):
        return Mark.KEPT_BACK
    known = [cell for cell in cells if cell is not None and not isinstance(cell, Mark)]
    return sum(known) if known else None


def _year_totals(last: Table, quarters: Sequence[Edition]) -> Table:
    """A row for the year and one for each of its quarters."""
    tables = [(each, each.table(TOTALS)) for each in quarters]
    rows = [
        Row(each.period, each.title, tuple(table.cell(NOW, column.key) for column in last.columns))
        for each, table in tables
        if table
    ]
    whole = tuple(
        rows[-1].cells[place] if column.adds is Adds.LAST else _sum([row.cells[place] for row in rows])
        for place, column in enumerate(last.columns)
    )
    return replace(last, side="Periode", rows=(Row(NOW, "Het hele jaar", whole), *rows))


def content_of(edition: Edition) -> dict[str, Any]:
    """An edition as plain values."""
    return {
        "soort": KIND,
        "vorm": FORM,
        "periode": edition.period,
        "titel": edition.title,
        "van": edition.first.isoformat(),
        "totEnMet": edition.until.isoformat(),
        "looptNog": edition.is_running,
        "samengesteldAchteraf": edition.is_reconstructed,
        "kamerstuk": edition.paper,
        "zegels": list(edition.seals),
        "verzegeldOp": edition.sealed_on.isoformat() if edition.sealed_on else None,
        "tabellen": [
            {
                "naam": table.key,
                "titel": table.title,
                "uitleg": table.sentence,
                "rijen heten": table.side,
                "uitsplitsing": table.dimension,
                "kolommen": [
                    [column.key, column.title, column.adds.value, column.figure, column.is_before]
                    for column in table.columns
                ],
                "rijen": [[row.key, row.words, row.note, *row.cells] for row in table.rows],
            }
            for table in edition.tables
        ],
        "correcties": [
            [each.number, each.words, each.sealed_as, each.should_be, each.reason, each.made_on.isoformat(),
             each.table, each.row, each.column]
            for each in edition.corrections
        ],
    }  # fmt: skip


def text_of(edition: Edition) -> str:
    """The one way to write an edition down; the same edition gives the same text."""
    return canonical(content_of(edition))


def edition_of(content: Mapping[str, Any]) -> Edition:
    """Read an edition back, on any machine.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """
    if content["soort"] != KIND or content["vorm"] != FORM:
        raise ValueError(content["vorm"])
    return Edition(
        period=content["periode"],
        title=content["titel"],
        first=date.fromisoformat(content["van"]),
        until=date.fromisoformat(content["totEnMet"]),
        is_running=content["looptNog"],
        is_reconstructed=content["samengesteldAchteraf"],
        paper=content["kamerstuk"],
        seals=tuple(content["zegels"]),
        sealed_on=date.fromisoformat(content["verzegeldOp"]) if content["verzegeldOp"] else None,
        tables=tuple(_table_of(each) for each in content["tabellen"]),
        corrections=tuple(
            Correction(number, words, sealed_as, should_be, reason, date.fromisoformat(day), *place)
            for number, words, sealed_as, should_be, reason, day, *place in content["correcties"]
        ),
    )


def _table_of(content: Mapping[str, Any]) -> Table:
    return Table(
        key=content["naam"],
        title=content["titel"],
        sentence=content["uitleg"],
        side=content["rijen heten"],
        dimension=content["uitsplitsing"],
        columns=tuple(
            Column(key, title, Adds(adds), figure, is_before)
            for key, title, adds, figure, is_before in content["kolommen"]
        ),
        rows=tuple(
            Row(key, words, tuple(_cell_of(cell) for cell in cells), note)
            for key, words, note, *cells in content["rijen"]
        ),
    )


def _cell_of(cell: Any) -> Cell:
    return Mark(cell) if isinstance(cell, str) else cell
