"""Makes the edition of a quarter from its report: the tables that every form shows.

What is public tells of another quarter only what that quarter's own edition tells, so that nothing can be worked out
from two of them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, nl_day
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    CLOCK_TIMES,
    DIMENSIONS,
    FIGURES,
    LATE,
    PRESSING,
    TREND,
    Dimension,
    Figure,
)
from knelpunt.domain.figures.edition import (
    BEFORE,
    NOW,
    TOTALS,
    YEAR_AGO,
    Adds,
    Cell,
    Column,
    Correction,
    Edition,
    Row,
    Table,
    edition_of,
    period_title,
)
from knelpunt.domain.figures.edition import BALANCE as BALANCE_KEY
from knelpunt.domain.figures.edition import TREND as TREND_KEY
from knelpunt.domain.figures.small_numbers import LIMIT, Mark, Number, Sum, protect
from knelpunt.domain.redaction.text import finds_in, pieces
from knelpunt.queries.figures.counts import Duration, Span
from knelpunt.queries.figures.sealing import Seal, seal_of
from knelpunt.queries.figures.series import ClockTimes
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.parts import rule_query
from knelpunt.web.reporting.report import Report
from knelpunt.web.shared.charts.figure_charts import quarter_words

FIRST_ASKED = (Dimension.VERDICT, Dimension.RESULT)
"""What a reader asks first: what stood in the way, and how it ended."""
LASTING = Figure.OPEN
DURATION_TABLE, CLOCK_TABLE, LATE_TABLE, AFTER_TABLE, PRESSING_TABLE = (
    "doorlooptijd",
    "looptijd",
    "te-laat",
    "na-het-afsluiten",
    "knellend",
)
Place = tuple[str, str, str]
"""A cell: table, row, column."""


def public_edition(session: Session, quarter: Quarter) -> Edition | None:
    """A sealed quarter as everybody may read it; None for one that is not sealed."""
    made = _own(session, quarter)
    if made is None:
        return None
    before = _own(session, quarter.previous())
    year_ago = _own(session, Quarter(quarter.year - 1, quarter.number))
    return _beside(made, before, year_ago)


def working_edition(report: Report) -> Edition:
    """A quarter as staff sees it while it runs, with every number."""
    return _from(report, is_public=False)


def _own(session: Session, quarter: Quarter) -> Edition | None:
    """What a quarter tells of itself."""
    seal = seal_of(session, quarter) if quarter.is_addressable else None
    if seal is None:
        return None
    report = reports.make_report(session, Span.of(quarter, quarter.last_day))
    return protected(_from(report, is_public=True))


def _from(report: Report, *, is_public: bool) -> Edition:
    span, seal = report.span, report.seal
    is_reconstructed = bool(seal and seal.content.get("samengesteld"))
    tables = [
        _totals(report, is_public=is_public),
        _balance(report, is_public=is_public),
        _trend(report),
        *(_split(each, is_public=is_public) for each in sorted(report.tables, key=_by_need) if each.rows),
        *([] if is_reconstructed else [_durations(report), _clocks(report), _late(report, is_public=is_public)]),
        _after(report, is_public=is_public),
        _pressing(report),
    ]
    made = Edition(
        period=str(span.quarter),
        title=period_title(span.quarter),
        first=span.first,
        until=span.until,
        is_running=span.is_running,
        is_reconstructed=is_reconstructed,
        tables=tuple(table for table in tables if table.rows),
        seals=(seal.sha256,) if seal else (),
        sealed_on=nl_day(seal.sealed_at) if seal else None,
    )
    return replace(made, corrections=tuple(_corrections(made, seal))) if seal else made


def _by_need(table: reports.Table) -> bool:
    return table.dimension not in FIRST_ASKED


def _adds(figure: Figure) -> Adds:
    return Adds.LAST if figure is LASTING else Adds.SUM


def _totals(report: Report, *, is_public: bool) -> Table:
    columns = tuple(
        Column(cell.figure.value, FIGURES[cell.figure].title, _adds(cell.figure), cell.figure.value)
        for cell in report.totals
    )
    now = Row(NOW, "Dit kwartaal", tuple(cell.now for cell in report.totals))
    before = Row(BEFORE, "Vorig kwartaal", tuple(cell.before for cell in report.totals))
    told = " ".join(f"{FIGURES[cell.figure].title}: {_small(FIGURES[cell.figure].sentence)}" for cell in report.totals)
    rows = (now,) if is_public else (now, before)
    return Table(TOTALS, "In één oogopslag", told, "Periode", columns, rows)


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _balance(report: Report, *, is_public: bool) -> Table:
    columns = [Column(NOW, "Dit kwartaal"), Column(BEFORE, "Vorig kwartaal", is_before=True)]
    rows = tuple(
        Row(
            str(place),
            f"{line.sign} {line.words}".strip(),
            (line.now,) if is_public else (line.now, line.before),
        )
        for place, line in enumerate(report.balance, 1)
    )
    shown = tuple(columns[:1] if is_public else columns)
    return Table(BALANCE_KEY, BALANCE.title, BALANCE.sentence, "Zaken", shown, rows)


def _trend(report: Report) -> Table:
    columns = tuple(Column(figure.value, FIGURES[figure].title, _adds(figure)) for figure in Figure)
    rows = tuple(
        Row(str(count.quarter), quarter_words(count.quarter), tuple(count.value(figure) for figure in Figure))
        for count in report.quarters
    )
    return Table(TREND_KEY, TREND.title, TREND.sentence, "Kwartaal", columns, rows)


def _split(table: reports.Table, *, is_public: bool) -> Table:
    columns: list[Column] = []
    for cell in table.rows[0].cells:
        title = FIGURES[cell.figure].title
        columns.append(Column(cell.figure.value, title, _adds(cell.figure), cell.figure.value))
        if not is_public:
            columns.append(
                Column(f"{cell.figure.value}-vorig", "Vorig kwartaal", Adds.NEVER, cell.figure.value, is_before=True)
            )
    rows = tuple(
        Row(
            row.value,
            row.words,
            tuple(
                count for cell in row.cells for count in ((cell.now,) if is_public else (cell.now, cell.before))
            ),
        )
        for row in table.rows
        if not is_public or any(cell.now for cell in row.cells)
    )
    dimension = table.dimension.value
    return Table(
        dimension, table.definition.title, table.definition.sentence, table.sides, tuple(columns), rows, dimension
    )


def _durations(report: Report) -> Table:
    def cells(duration: Duration) -> tuple[Cell, ...]:
        if 0 < duration.cases < LIMIT and not report.span.is_running:
            return Mark.FEW, Mark.KEPT_BACK, Mark.KEPT_BACK
        return duration.cases, duration.median, duration.ninth_decile

    columns = (
        Column("zaken", "Zaken", Adds.SUM),
        Column("mediaan", "Mediaan in dagen", Adds.NEVER),
        Column("p90", "90e percentiel in dagen", Adds.NEVER),
    )
    rows = tuple(Row(str(n), row.definition.title, cells(row.now)) for n, row in enumerate(report.durations, 1))
    sentence = " ".join(row.definition.sentence for row in report.durations)
    return Table(DURATION_TABLE, "Doorlooptijd", sentence, "Maat", columns, rows)


def _clocks(report: Report) -> Table:
    def cells(times: ClockTimes) -> tuple[Cell, ...]:
        if 0 < times.runs < LIMIT and not report.span.is_running:
            return Mark.FEW, Mark.KEPT_BACK, Mark.KEPT_BACK, Mark.KEPT_BACK
        half, most = (times.shares[2], times.shares[4]) if times.shares else (None, None)
        return times.runs, half, most, times.term[1] if times.term else None

    columns = (
        Column("keren", "Keren gestopt", Adds.SUM),
        Column("mediaan", "Mediaan in dagen", Adds.NEVER),
        Column("p90", "90e percentiel in dagen", Adds.NEVER),
        Column("termijn", "Termijn in dagen", Adds.NEVER),
    )
    rows = tuple(Row(clock.value, clock.label, cells(times)) for clock, times in report.times.items())
    return Table(CLOCK_TABLE, CLOCK_TIMES.title, CLOCK_TIMES.sentence, "Klok", columns, rows)


def _late(report: Report, *, is_public: bool) -> Table:
    columns = (
        Column("gestopt", "Gestopt", Adds.SUM),
        Column("te-laat", "Te laat gestopt", Adds.SUM),
        Column("loopt", "Loopt te laat", Adds.LAST),
    )
    rows = tuple(
        Row(row.clock.value, row.clock.label, (row.now.stopped, row.now.stopped_late, row.now.running_late))
        for row in report.late
    )
    return Table(LATE_TABLE, LATE.title, LATE.sentence, "Klok", columns, rows)


def _after(report: Report, *, is_public: bool) -> Table:
    rows = tuple(
        Row(str(place), line.words, (line.now,))
        for place, line in enumerate(report.after, 1)
        if line.now or line.before or not is_public
    )
    columns = (Column("aantal", "Dit kwartaal", Adds.SUM),)
    return Table(AFTER_TABLE, AFTER_CLOSING.title, AFTER_CLOSING.sentence, "Wat er gebeurde", columns, rows)


def _pressing(report: Report) -> Table:
    columns = (Column("zaken", "Zaken", Adds.LAST), Column("gemeenten", "Gemeenten", Adds.LAST))
    rows = tuple(Row(rule_query(row.rule), row.words, (row.cases, row.municipalities), row.law) for row in report.pressing)
    return Table(PRESSING_TABLE, PRESSING.title, PRESSING.sentence, "Regel", columns, rows)


def protected(edition: Edition) -> Edition:
    """The edition without the numbers that could point at somebody. History from public sources has none of those."""
    if edition.is_reconstructed:
        return edition
    numbers: dict[Place, Number] = {}
    sums: list[Sum[Place]] = []
    totals = edition.table(TOTALS)
    for table in edition.tables:
        limit = _limit(table)
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if isinstance(cell, int) and (table.dimension or limit):
                    numbers[table.key, row.key, column.key] = Number(cell, limit)
        if not table.dimension:
            continue
        for column in table.columns:
            whole = totals.cell(NOW, column.key) if totals else None
            if isinstance(whole, int):
                total: Place = (TOTALS, NOW, column.key)
                numbers[total] = Number(whole, 0)
                parts = [(table.key, row.key, column.key) for row in table.rows]
                sums.append(Sum.of(total, parts))
    marks = protect(numbers, sums).marks
    return replace(
        edition,
        tables=tuple(
            replace(
                table,
                rows=tuple(
                    replace(
                        row,
                        cells=tuple(
                            marks.get((table.key, row.key, column.key), cell)
                            for column, cell in zip(table.columns, row.cells, strict=True)
                        ),
                    )
                    for row in table.rows
                ),
            )
            for table in edition.tables
        ),
    )


def _limit(table: Table) -> int:
    """From which number on a table tells; 0 where no number can point at anybody."""
    return LIMIT if table.dimension or table.key in (AFTER_TABLE, PRESSING_TABLE) else 0


def _beside(edition: Edition, before: Edition | None, year_ago: Edition | None) -> Edition:
    """The same with what the public was told of the quarter before, and of the same quarter a year earlier."""

    def table(own: Table) -> Table:
        if own.key == TOTALS:
            rows = list(own.rows)
            for key, words, other in ((BEFORE, "Vorig kwartaal", before), (YEAR_AGO, "Een jaar eerder", year_ago)):
                found = other.table(TOTALS) if other else None
                if found:
                    rows.append(Row(key, words, tuple(found.cell(NOW, column.key) for column in own.columns)))
            return replace(own, rows=tuple(rows))
        then = before.table(own.key) if before else None
        if not own.dimension or then is None:
            return own
        columns, pairs = [], list(own.columns)
        for column in pairs:
            columns += [
                column,
                Column(f"{column.key}-vorig", "Vorig kwartaal", Adds.NEVER, column.figure, is_before=True),
            ]
        rows = [
            replace(
                row,
                cells=tuple(
                    cell
                    for column, now in zip(pairs, row.cells, strict=True)
                    for cell in (now, _then(then, row.key, column.key))
                ),
            )
            for row in own.rows
        ]
        return replace(own, columns=tuple(columns), rows=tuple(rows))

    return replace(edition, tables=tuple(table(each) for each in edition.tables))


def _then(table: Table, row: str, column: str) -> Cell:
    """What was told of a side; none of it where the table did not name the side."""
    cell = table.cell(row, column)
    return 0 if cell is None else cell


def _corrections(edition: Edition, seal: Seal) -> Iterator[Correction]:
    """The corrections beside the figures; of a figure that is not told they tell no number either."""
    safe = protected(edition)
    for erratum in seal.errata:
        figure, _, side = erratum.place.partition(", ")
        dimension, _, key = side.partition(" ")
        table, row = (dimension, key) if side else (TOTALS, NOW)
        found = safe.table(table)
        cell = found.cell(row, figure) if found else None
        is_told = isinstance(cell, int | float)
        words = erratum.place
        if found and is_told:
            title = next(column.title for column in found.columns if column.key == figure)
            name = next(each.words for each in found.rows if each.key == row)
            words = f"{title}, {name}" if side else title
        yield Correction(
            number=erratum.number,
            words=words,
            sealed_as=str(erratum.sealed_as) if is_told else Mark.KEPT_BACK.words(),
            should_be=erratum.should_be if is_told else Mark.KEPT_BACK.words(),
            reason=_without_persons(erratum.reason),
            made_on=nl_day(erratum.made_at),
            table=table if is_told else "",
            row=row if is_told else "",
        )


def _without_persons(text: str) -> str:
    """A text without what could be personal in it."""
    return "".join("…" if piece.find else piece.text for piece in pieces(text, finds_in(text)))
