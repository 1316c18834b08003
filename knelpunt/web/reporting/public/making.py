"""Makes the edition of a quarter from its report: the tables that every form shows.

What is public tells of another quarter only what that quarter's own edition tells, so that nothing can be worked out
from two of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, nl_day
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    CLOCK_TIMES,
    FIGURES,
    LATE,
    PRESSING,
    TREND,
    Dimension,
    Figure,
)
from knelpunt.domain.figures.edition import BALANCE as BALANCE_KEY
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
    period_title,
    text_of,
)
from knelpunt.domain.figures.edition import TREND as TREND_KEY
from knelpunt.domain.figures.small_numbers import LIMIT, Mark, Number, Sum, Told, protect
from knelpunt.domain.redaction.finds import finds_in, pieces
from knelpunt.models import QuarterErratum
from knelpunt.queries.figures.counts import Duration, Span
from knelpunt.queries.figures.editions import errata_of, kept_editions
from knelpunt.queries.figures.sealing import seal_of
from knelpunt.queries.figures.series import SHARES, ClockTimes
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.keys import AFTER_TABLE, CLOCK_TABLE, DURATION_TABLE, LATE_TABLE, PRESSING_TABLE
from knelpunt.web.reporting.parts import rule_query
from knelpunt.web.reporting.report import Report
from knelpunt.web.shared.charts.figure_charts import quarter_words

FIRST_ASKED = (Dimension.VERDICT, Dimension.RESULT)
"""What a reader asks first: what stood in the way, and how it ended."""
LASTING = Figure.OPEN
Place = tuple[str, str, str]
"""A cell: table, row, column."""


def public_edition(session: Session, quarter: Quarter) -> Edition | None:
    """A sealed quarter as everybody may read it, with its corrections; None for one that is not sealed."""
    made = kept_editions(session, [quarter]).get(quarter) or new_edition(session, quarter)
    return with_corrections(made, errata_of(session, quarter)) if made else None


def with_corrections(edition: Edition, errata: Sequence[QuarterErratum]) -> Edition:
    """An edition with the corrections that were made since."""
    return replace(edition, corrections=tuple(_corrections(edition, errata)))


def new_edition(session: Session, quarter: Quarter) -> Edition | None:
    """The edition of a quarter that was just sealed; None for one that is not sealed."""
    made = _own(session, quarter)
    if made is None:
        return None
    earlier = [each for each in (quarter.previous(), Quarter(quarter.year - 1, quarter.number)) if each.is_addressable]
    kept = kept_editions(session, earlier)
    before, year_ago = (kept.get(each) or _own(session, each) for each in earlier)
    return _beside(made, before, year_ago)


def written(session: Session, quarter: Quarter) -> str:
    """The edition of a quarter that was just sealed, written down."""
    made = new_edition(session, quarter)
    if made is None:
        raise LookupError(quarter)
    return text_of(made)


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
    return Edition(
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
            tuple(count for cell in row.cells for count in ((cell.now,) if is_public else (cell.now, cell.before))),
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
            return Mark.FEW, *([Mark.KEPT_BACK] * (len(SHARES) + 1))
        return times.runs, *(times.shares or [None] * len(SHARES)), times.term[1] if times.term else None

    columns = (
        Column("keren", "Keren gestopt", Adds.SUM),
        *(Column(f"p{share * 100:.0f}", _share_words(share), Adds.NEVER) for share in SHARES),
        Column("termijn", "Termijn", Adds.NEVER),
    )
    rows = tuple(Row(clock.value, clock.label, cells(times)) for clock, times in report.times.items())
    return Table(CLOCK_TABLE, CLOCK_TIMES.title, CLOCK_TIMES.sentence, "Klok", columns, rows)


def _share_words(share: float) -> str:
    return "Mediaan" if share == 0.5 else f"{share * 100:.0f}%"


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
    rows = tuple(
        Row(rule_query(row.rule), row.words, (row.cases, row.municipalities), row.law) for row in report.pressing
    )
    return Table(PRESSING_TABLE, PRESSING.title, PRESSING.sentence, "Regel", columns, rows)


def protected(edition: Edition) -> Edition:
    """The edition without the numbers that could point at somebody. History from public sources has none of those.

    The totals are told. So a figure that is small as a whole is not split: its only side would tell who it is about.
    """
    if edition.is_reconstructed:
        return edition
    totals = edition.table(TOTALS)
    wholes = {column.key: totals.cell(NOW, column.key) for column in totals.columns} if totals else {}
    tables = tuple(made for table in edition.tables if (made := _only_split(table, wholes)))
    numbers: dict[Place, Number] = {
        (TOTALS, NOW, key): Number(whole, 0, Told.SHOWN) for key, whole in wholes.items() if isinstance(whole, int)
    }
    sums: list[Sum[Place]] = []
    for table in tables:
        limit = _limit(table)
        for place, column in enumerate(table.columns if limit else ()):
            cells = {(table.key, row.key, column.key): row.cells[place] for row in table.rows}
            counts = {key: cell for key, cell in cells.items() if isinstance(cell, int)}
            numbers |= {key: Number(cell, limit) for key, cell in counts.items()}
            if table.dimension and (TOTALS, NOW, column.key) in numbers:
                sums.append(Sum.of((TOTALS, NOW, column.key), counts))
    marks = protect(numbers, sums).marks
    return replace(edition, tables=tuple(_marked(table, marks) for table in tables))


def _only_split(table: Table, wholes: Mapping[str, Cell]) -> Table | None:
    """A table without the columns whose whole is small; None when nothing is left of it."""
    if not table.dimension:
        return table
    kept = [place for place, column in enumerate(table.columns) if not _is_small(wholes.get(column.key))]
    rows = [replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows]
    told = tuple(row for row in rows if any(row.cells))
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=told) if told else None


def _is_small(cell: Cell) -> bool:
    return isinstance(cell, int) and 0 < cell < LIMIT


def _marked(table: Table, marks: Mapping[Place, Mark]) -> Table:
    return replace(
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
    """What was told of a side: none where the table did not name the side, nothing where it was not split."""
    if all(each.key != column for each in table.columns):
        return None
    cell = table.cell(row, column)
    return 0 if cell is None else cell


def _corrections(edition: Edition, errata: Sequence[QuarterErratum]) -> Iterator[Correction]:
    """The corrections beside the figures; of a figure that is not told they tell no number either."""
    for erratum in errata:
        figure, _, side = erratum.place.partition(", ")
        dimension, _, key = side.partition(" ")
        found = edition.table(dimension if side else TOTALS)
        row = next((each for each in found.rows if each.key == (key or NOW)), None) if found else None
        column = next((each for each in found.columns if each.key == figure), None) if found else None
        is_told = bool(found and row and column and not isinstance(found.cell(row.key, column.key), Mark))
        if not (found and row and column and is_told):
            hidden = Mark.KEPT_BACK.words()
            yield Correction(
                erratum.number,
                _titled(figure),
                hidden,
                hidden,
                _without_persons(erratum.reason),
                nl_day(erratum.made_at),
            )
            continue
        yield Correction(
            number=erratum.number,
            words=f"{column.title}, {row.words}" if side else column.title,
            sealed_as=str(erratum.sealed_as),
            should_be=erratum.should_be,
            reason=_without_persons(erratum.reason),
            made_on=nl_day(erratum.made_at),
            table=found.key,
            row=row.key,
            column=column.key,
        )


def _titled(place: str) -> str:
    return place[:1].upper() + place[1:]


def _without_persons(text: str) -> str:
    """A text without what could be personal in it."""
    return "".join("…" if piece.kind else piece.text for piece in pieces(text, finds_in(text)))
