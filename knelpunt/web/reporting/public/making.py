"""Makes the edition of a quarter from its report: the tables that every form shows.

What is public tells of another quarter only what that quarter's own edition tells, so that nothing can be worked out
from two of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, nl_day
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    CLOCK_TIMES,
    CONSULTED,
    FIGURES,
    IN_OWN_ORDER,
    LATE,
    PRESSING,
    RULES_ON_TRACK,
    TREND,
    Dimension,
    Figure,
)
from knelpunt.domain.figures.edition import (
    AFTER as AFTER_TABLE,
)
from knelpunt.domain.figures.edition import (
    BALANCE as BALANCE_KEY,
)
from knelpunt.domain.figures.edition import (
    BEFORE,
    MIX,
    NOW,
    RULES,
    SHARE_KEYS,
    TOTALS,
    UNPROTECTED,
    Adds,
    Cell,
    Column,
    Edition,
    Row,
    Table,
    period_title,
    tells_more_than_totals,
    text_of,
)
from knelpunt.domain.figures.edition import CLOCKS as CLOCK_TABLE
from knelpunt.domain.figures.edition import DURATIONS as DURATION_TABLE
from knelpunt.domain.figures.edition import LATE as LATE_TABLE
from knelpunt.domain.figures.edition import PRESSING as PRESSING_TABLE
from knelpunt.domain.figures.edition import TREND as TREND_KEY
from knelpunt.domain.figures.sealing import AFTER_A_LATER, PLACES_MORE
from knelpunt.domain.figures.small_numbers import LIMIT, Mark, Told
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.domain.vocabulary import Verdict
from knelpunt.models import QuarterText
from knelpunt.queries.figures.corrections import with_corrections
from knelpunt.queries.figures.counts import Duration, PressingRule, Span
from knelpunt.queries.figures.editions import (
    errata_of,
    is_told_later,
    kept_editions,
    laws_of_provisions,
    sealed_reports,
)
from knelpunt.queries.figures.ledger import QuarterReport
from knelpunt.queries.figures.public_numbers import PublicNumbers, public_numbers
from knelpunt.queries.figures.sealing import comes_after_a_later, seal_of
from knelpunt.queries.figures.series import SHARES, ClockTimes
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.more import CLAIM_WORDS
from knelpunt.web.reporting.parts import rule_query
from knelpunt.web.reporting.public.beside import beside, small
from knelpunt.web.reporting.report import Report
from knelpunt.web.shared.charts.figure_charts import quarter_words
from knelpunt.web.shared.labels.labels import label

FIRST_ASKED = (Dimension.VERDICT, Dimension.RESULT)
"""What a reader asks first: what stood in the way, and how it ended."""
LATE_PLACES = {"gestopt": places.STOPPED, "te-laat": places.STOPPED_LATE, "loopt": places.RUNNING_LATE}
CONSULTATIONS = "raadpleging"
CONSULTATION_COLUMNS = (
    (places.ASKED, "Gesteld"),
    (places.IN_TIME, "Op tijd"),
    (places.LATE, "Te laat"),
    (places.NO_ANSWER, "Geen antwoord"),
)
OF_THE_DESK = frozenset({"stil", "geholpen"})
"""What only the desk itself can be counted by."""
MORE_PLACES: dict[str, tuple[str, ...]] = {
    MIX: (
        places.BRIDGEABLE,
        places.ACTUAL,
        places.place_of(Figure.HANDLED, Dimension.VERDICT, Verdict.NOT_A_RULE),
        places.place_of(Figure.HANDLED, Dimension.VERDICT, Verdict.UNDECIDED),
    ),
    "stil": (places.OWED, places.OWED_IN_TIME, places.SILENT),
    "gemeenten": (places.MUNICIPALITIES, places.MUNICIPALITIES_SHARE),
    "sinds-het-begin": places.SINCE,
    "geholpen": (
        places.GUIDES_ANSWERED,
        places.GUIDES_CLAIMED,
        *(places.guide_use(outcome) for outcome in CLAIM_WORDS),
    ),
}
"""The places of the other tables, by table, in the order of their lines."""
TELLS_MOST = (Told.SHOWN, Told.FEW, Told.KEPT_BACK, Told.TABLE)
Place = tuple[str, str, str]
"""A cell: table, row, column."""


def public_edition(session: Session, quarter: Quarter) -> Edition | None:
    """A sealed quarter as everybody may read it, with its corrections; None for one that is not sealed."""
    if kept := kept_edition(session, quarter):
        return kept
    made = new_edition(session, quarter)
    return with_corrections(made, errata_of(session, quarter)) if made else None


def kept_edition(session: Session, quarter: Quarter) -> Edition | None:
    """What the public was told of a quarter, with its corrections; None where no edition was kept."""
    made = kept_editions(session, [quarter]).get(quarter)
    return with_corrections(made, errata_of(session, quarter)) if made else None


def new_edition(session: Session, quarter: Quarter) -> Edition | None:
    """The edition of a quarter that was just sealed; None for one that is not sealed."""
    made = _own(session, quarter)
    if made is None:
        return None
    earlier = [each for each in (quarter.previous(), quarter.year_before()) if each.is_addressable]
    kept = kept_editions(session, earlier)
    before, year_ago = (kept.get(each) or _own_if_told(session, each) for each in earlier)
    return beside(made, before, year_ago)


def _own_if_told(session: Session, quarter: Quarter) -> Edition | None:
    """What an earlier quarter tells of itself; nothing where it cannot be public."""
    try:
        return _own(session, quarter)
    except (DomainError, LookupError):
        return None


def written(session: Session, quarter: Quarter, *, even_totals: bool = False) -> str:
    """The edition of a quarter that was just sealed, written down.

    Args:
        even_totals: also where it tells the totals alone, and a text was presented that may place other figures.

    Raises:
        DomainError: it is so; or a small number can be worked out, whatever is hidden.
        LookupError: it is not sealed.
    """
    made = new_edition(session, quarter)
    if made is None:
        raise LookupError(quarter)
    text = session.get(QuarterText, quarter.first_day)
    if text and text.status is QuarterStatus.PRESENTED and not even_totals and not tells_more_than_totals(made):
        raise DomainError(PLACES_MORE)
    return text_of(made)


def weigh_until(session: Session, quarter: Quarter) -> PublicNumbers:
    """What is told of the sealed quarters up to and including this one: as their editions tell it, where those were
    kept. A process weighs each quarter once."""
    sealed = sealed_reports(session, quarter)
    kept = kept_editions(session, [report.now.span.quarter for report in sealed])
    told = {
        of: told_in(kept[of], tuple(report.pressing)) for report in sealed if (of := report.now.span.quarter) in kept
    }
    law_of = laws_of_provisions(session)
    history: list[QuarterReport] = []
    for report in sealed:
        of = report.now.span.quarter
        if of == quarter or of in kept or _may_be_told([*history, report], law_of, told):
            history.append(report)
    return public_numbers(history, law_of=law_of, kept=told)


def _may_be_told(
    history: Sequence[QuarterReport], law_of: Mapping[int, int], told: Mapping[Quarter, Mapping[str, Told]]
) -> bool:
    """Whether the last of these can be public after the others. One that cannot is not, and gives nothing away."""
    try:
        return not public_numbers(history, law_of=law_of, kept=told).exposed
    except LookupError:
        return False


def working_edition(report: Report) -> Edition:
    """A quarter as staff sees it while it runs, with every number."""
    return _from(report, is_public=False)


def _own(session: Session, quarter: Quarter) -> Edition | None:
    """What a quarter tells of itself.

    Raises:
        DomainError: a small number can be worked out, whatever is hidden.
    """
    seal = seal_of(session, quarter)
    if seal is None:
        return None
    report = reports.make_report(session, Span.of(quarter, quarter.last_day))
    made = _from(report, is_public=True)
    if made.is_reconstructed:
        return _without_quiet(made)
    if comes_after_a_later(session, quarter) or is_told_later(session, quarter):
        return _totals_alone(made)
    told = weigh_until(session, quarter)
    if told.exposed:
        raise DomainError("Uit dit kwartaal is een klein getal af te leiden. Daarom kan het nog niet openbaar worden.")
    return protected(made, seal.report, told)


def _from(report: Report, *, is_public: bool) -> Edition:
    span, seal = report.span, report.seal
    is_reconstructed = _is_reconstructed(report)
    tables = [
        _totals(report, is_public=is_public),
        _balance(report, is_public=is_public),
        _trend(report),
        *(_split(each, is_public=is_public) for each in sorted(report.tables, key=_by_need) if each.rows),
        *([] if is_reconstructed else [_durations(report), _clocks(report), _late(report)]),
        _after(report, is_public=is_public),
        _pressing(report),
        *_more(report),
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


def _totals_alone(made: Edition) -> Edition:
    """What may be told of a quarter that is sealed after a later one: the totals of the country, and why no more."""
    kept = [table for table in made.tables if table.key in (TOTALS, *UNPROTECTED)]
    told = [
        replace(table, sentence=f"{table.sentence} {AFTER_A_LATER}") if table.key == TOTALS else table for table in kept
    ]
    return replace(made, tables=tuple(told))


def _is_reconstructed(report: Report) -> bool:
    return bool(report.seal and report.seal.content.get("samengesteld"))


def _by_need(table: reports.Table) -> bool:
    return table.dimension not in FIRST_ASKED


def _adds(figure: Figure) -> Adds:
    return Adds.LAST if figure is Figure.OPEN else Adds.SUM


def _totals(report: Report, *, is_public: bool) -> Table:
    columns = tuple(
        Column(cell.figure.value, FIGURES[cell.figure].title, _adds(cell.figure), cell.figure.value)
        for cell in report.totals
    )
    now = Row(NOW, "Dit kwartaal", tuple(cell.now for cell in report.totals))
    before = Row(BEFORE, "Vorig kwartaal", tuple(cell.before for cell in report.totals))
    told = " ".join(f"{FIGURES[cell.figure].title}: {small(FIGURES[cell.figure].sentence)}" for cell in report.totals)
    rows = (now,) if is_public else (now, before)
    return Table(TOTALS, "In één oogopslag", told, "Periode", columns, rows)


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
        return duration.cases, duration.median, duration.ninth_decile

    columns = (
        Column("zaken", "Zaken", Adds.SUM),
        Column("mediaan", "Mediaan in dagen", Adds.NEVER),
        Column("p90", "90e percentiel in dagen", Adds.NEVER),
    )
    rows = tuple(
        Row(name, row.definition.title, cells(row.now))
        for name, row in zip((places.GROSS, places.NET), report.durations, strict=True)
    )
    sentence = " ".join(row.definition.sentence for row in report.durations)
    return Table(DURATION_TABLE, "Doorlooptijd", sentence, "Maat", columns, rows)


def _clocks(report: Report) -> Table:
    def cells(times: ClockTimes) -> tuple[Cell, ...]:
        return times.runs, *(times.shares or [None] * len(SHARES)), times.term[1] if times.term else None

    columns = (
        Column("keren", "Keren gestopt", Adds.SUM),
        *(Column(key, _share_words(share), Adds.NEVER) for key, share in zip(SHARE_KEYS, SHARES, strict=True)),
        Column("termijn", "Termijn", Adds.NEVER),
    )
    rows = tuple(Row(clock.value, clock.label, cells(times)) for clock, times in report.times.items())
    return Table(CLOCK_TABLE, CLOCK_TIMES.title, CLOCK_TIMES.sentence, "Klok", columns, rows)


def _share_words(share: float) -> str:
    return "Mediaan" if share == 0.5 else f"{share * 100:.0f}%"


def _late(report: Report) -> Table:
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
    is_told = not is_public or any(line.now for line in report.after)
    rows = tuple(Row(line.place, line.words, (line.now,)) for line in report.after) if is_told else ()
    columns = (Column("aantal", "Dit kwartaal", Adds.SUM),)
    return Table(AFTER_TABLE, AFTER_CLOSING.title, AFTER_CLOSING.sentence, "Wat er gebeurde", columns, rows)


def _pressing(report: Report) -> Table:
    columns = (Column("zaken", "Zaken", Adds.LAST), Column("gemeenten", "Gemeenten", Adds.LAST))
    rows = tuple(
        Row(rule_query(row.rule), row.words, (row.cases, row.municipalities), row.law) for row in report.pressing
    )
    return Table(PRESSING_TABLE, PRESSING.title, PRESSING.sentence, "Regel", columns, rows)


def _more(report: Report) -> Iterator[Table]:
    """What else the quarter tells; the keys of rows are the places under which they are protected."""
    found = {each.name: each for each in report.more.tables}
    single = (Column(NOW, "Dit kwartaal", Adds.SUM),)
    last = (Column(NOW, "Dit kwartaal", Adds.LAST),)
    for name, columns in (
        (MIX, single),
        ("stil", last),
        ("gemeenten", (Column(NOW, "Dit kwartaal", Adds.NEVER),)),
        ("sinds-het-begin", last),
        ("geholpen", single),
    ):
        table = found.get(name)
        if table is None or (_is_reconstructed(report) and name in OF_THE_DESK):
            continue
        rows = tuple(
            Row(place, line.words, (line.now,)) for place, line in zip(MORE_PLACES[name], table.lines, strict=True)
        )
        yield Table(name, table.definition.title, table.definition.sentence, "Wat", columns, rows)
    if report.more.ministries:
        yield _ministries(report)
    if report.more.rules:
        yield _rules(report)


def _ministries(report: Report) -> Table:
    columns = tuple(Column(key, title, Adds.SUM) for key, title in CONSULTATION_COLUMNS)
    rows = tuple(
        Row(str(each.ministry_id), each.words, (each.now.asked, each.now.in_time, each.now.late, each.now.no_answer))
        for each in report.more.ministries
        if each.now.asked or each.now.ended
    )
    return Table(CONSULTATIONS, CONSULTED.title, CONSULTED.sentence, "Ministerie", columns, rows)


def _rules(report: Report) -> Table:
    columns = (Column("aantal", "Regelknelpunten", Adds.LAST), Column("leeftijd", "Leeftijd in dagen", Adds.LAST))
    rows = tuple(Row(each.status.value, label(each.status), (each.count, each.age)) for each in report.more.rules)
    return Table(RULES, RULES_ON_TRACK.title, RULES_ON_TRACK.sentence, "Stap", columns, rows)


def protected(edition: Edition, report: QuarterReport, numbers: PublicNumbers) -> Edition:
    """The edition without the numbers that are not told. History from public sources tells all its numbers.

    A figure that is small as a whole is not split: its only side would tell who it is about.

    Raises:
        LookupError: an edition has a number of which nobody decided whether it may be told.
    """
    quarter = report.now.span.quarter
    totals = edition.table(TOTALS)
    wholes = {column.key: totals.cell(NOW, column.key) for column in totals.columns} if totals else {}
    if _is_small(wholes.get(Figure.HANDLED.value)):
        edition = replace(edition, tables=tuple(table for table in edition.tables if table.key != MIX))
    marks = {}
    for place, words, cell in _places(edition, report.pressing):
        mark = numbers.mark(quarter, words) if cell else numbers.marks.get((quarter, words))
        if mark is not None:
            marks[place] = mark
    tables = (_told(table, marks, wholes) for table in edition.tables)
    return _without_quiet(replace(edition, tables=tuple(table for table in tables if table is not None)))


def _without_quiet(edition: Edition) -> Edition:
    """Without what did not happen after closing, unless it is hidden that it did not."""
    tables = (
        replace(table, rows=tuple(row for row in table.rows if any(row.cells) or row.key in places.EFFECTS))
        if table.key == AFTER_TABLE
        else table
        for table in edition.tables
    )
    return replace(edition, tables=tuple(tables))


def _is_small(cell: Cell) -> bool:
    return isinstance(cell, int) and 0 < cell < LIMIT


@lru_cache(maxsize=128)
def told_in(edition: Edition, pressing: tuple[PressingRule, ...]) -> Mapping[str, Told]:
    """How an edition tells each place of its own quarter: where two tables have it, as the one that tells more.

    Args:
        pressing: the pressing rules of its report, in order.
    """
    found: dict[str, Told] = {}
    for (key, _row, column), place, cell in _places(edition, pressing):
        table = edition.table(key)
        if cell is None or table is None or not _is_count(table, column):
            continue
        told = Told(cell.value) if isinstance(cell, Mark) else Told.SHOWN
        found[place] = min(found.get(place, told), told, key=TELLS_MOST.index)
    return found


def _places(edition: Edition, pressing: Sequence[PressingRule]) -> Iterator[tuple[Place, str, Cell]]:
    """Each cell of the quarter itself with the place under which it is protected."""
    for table in edition.tables:
        if table.key in UNPROTECTED:
            continue
        for number, row in enumerate(table.rows):
            if table.key == TOTALS and row.key != NOW:
                continue
            for column, cell in zip(table.columns, row.cells, strict=True):
                if column.is_before:
                    continue
                place = _place(table, row, column, pressing[number] if table.key == PRESSING_TABLE else None)
                if place not in places.ALWAYS_TOLD:
                    yield (table.key, row.key, column.key), place, cell


def _is_count(table: Table, column: str) -> bool:
    """Whether a column counts: beside the first, these two tables have days."""
    return column == table.columns[0].key or table.key not in (CLOCK_TABLE, DURATION_TABLE)


def _place(table: Table, row: Row, column: Column, rule: PressingRule | None) -> str:
    if rule is not None:
        named = rule.law_id, rule.provision_id, rule.article
        return places.pressing(*named, municipalities=column.key != "zaken")
    if table.dimension:
        return places.place_of(column.key, table.dimension, row.key)
    by_table = {
        TOTALS: lambda: column.key,
        LATE_TABLE: lambda: places.clock(row.key, LATE_PLACES[column.key]),
        CLOCK_TABLE: lambda: places.clock(row.key, places.STOPPED),
        DURATION_TABLE: lambda: places.duration(row.key),
        CONSULTATIONS: lambda: places.questions(row.key, column.key),
    }
    return by_table[table.key]() if table.key in by_table else row.key


def _told(table: Table, marks: Mapping[Place, Mark], wholes: Mapping[str, Cell]) -> Table | None:
    """A table with marks in the place of what is not told; None when nothing is left of it."""
    kept = [place for place, column in enumerate(table.columns) if not _is_kept_whole(table, column, marks, wholes)]
    rows = []
    for row in table.rows:
        cells = [_marked(table, row, table.columns[place], row.cells[place], marks) for place in kept]
        if any(cells) or not table.dimension:
            rows.append(replace(row, cells=tuple(cells)))
    if table.dimension and table.key not in IN_OWN_ORDER:
        rows.sort(key=lambda row: (-row.cells[0] if isinstance(row.cells[0], int) else 0, row.words.casefold()))
    columns = tuple(table.columns[place] for place in kept)
    return replace(table, columns=columns, rows=tuple(rows)) if rows and columns else None


def _is_kept_whole(table: Table, column: Column, marks: Mapping[Place, Mark], wholes: Mapping[str, Cell]) -> bool:
    """Whether nothing of a column is told, not even where there is none."""
    if not table.dimension:
        return False
    tabled = any(marks.get((table.key, row.key, column.key)) is Mark.TABLE for row in table.rows)
    return tabled or _is_small(wholes.get(column.key))


def _marked(table: Table, row: Row, column: Column, cell: Cell, marks: Mapping[Place, Mark]) -> Cell:
    mark = marks.get((table.key, row.key, column.key))
    if mark is None:
        return cell
    if not _is_count(table, column.key):
        return Mark.KEPT_BACK  # also where there are no days: an empty cell would tell that the count is none
    return cell if cell is None else mark
