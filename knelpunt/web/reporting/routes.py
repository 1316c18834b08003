"""The figures of a quarter, for staff: page, the list behind each number, CSV and PDF."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import quarter_pdf
from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.figures.definitions import (
    AFTER_CLOSING,
    BALANCE,
    CLOCK_TIMES,
    CONSULTED,
    DIMENSIONS,
    FIGURES,
    LATE,
    PERCENTILES,
    PRESSING,
    RULES_ON_TRACK,
    STEPS,
    TREND,
    Dimension,
    address_of,
)
from knelpunt.domain.figures.ledger import FIRST_QUARTER
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.track import DAY_TEXTS
from knelpunt.extensions import db
from knelpunt.models import QuarterErratum
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import ledger, sealing
from knelpunt.queries.figures import lists as figure_lists
from knelpunt.queries.figures.corrections import words_of
from knelpunt.queries.figures.counts import AT_A_GLANCE, BUT_SPLITS, Reading, Span
from knelpunt.queries.figures.lists import PAGE_SIZE
from knelpunt.queries.figures.quarter import all_quarters
from knelpunt.queries.public import promises as public_promises
from knelpunt.queries.quarters.planning import due_days
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting import routes_definitions, routes_ministries, routes_sealing
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.more import ministry_query
from knelpunt.web.reporting.parts import definition_of, part_asked, rule_query, title_of, whole_number
from knelpunt.web.reporting.pdf_data import pdf_data
from knelpunt.web.reporting.public import pages
from knelpunt.web.reporting.public import routes as public_routes
from knelpunt.web.reporting.public.making import public_edition, working_edition
from knelpunt.web.reporting.writing import routes as routes_writing
from knelpunt.web.reporting.writing import routes_approval, routes_comments, routes_planning
from knelpunt.web.shared.charts.figure_charts import duration_rows, figure_trends, quarter_lines
from knelpunt.web.shared.charts.tile_map import geometry_of
from knelpunt.web.shared.pages.csv_files import CSV_MEDIA_TYPE, csv_pieces
from knelpunt.web.shared.requests.access import current_actor, now_utc, public, requires, today_in_nl

__all__ = [
    "bp",
    "public_routes",
    "routes_approval",
    "routes_comments",
    "routes_definitions",
    "routes_ministries",
    "routes_planning",
    "routes_sealing",
    "routes_writing",
]

PUBLIC_VIEW = "openbaar"
RECENT_QUARTERS = 8
"""So many quarters stand in sight on the list of all of them; older ones behind a fold."""
SPLIT_ROWS = 50
"""So many sides of a split stand on one page: of the provisions there are hundreds, each with nine numbers."""


@bp.get("")
@public
def index() -> ResponseReturnValue:
    """All quarters, the running one first, with the three figures of each; for the public those that are sealed."""
    if not _works_here():
        return pages.archive()
    counts = all_quarters(db.session, FIRST_QUARTER, today_in_nl())
    return render_template(
        "reporting/index.html",
        recent=counts[: -RECENT_QUARTERS - 1 : -1],
        older=counts[-RECENT_QUARTERS - 1 :: -1],
        current=counts[-1].quarter,
        sealed=sealing.sealed_days(db.session),
        chart=quarter_lines(counts, is_running=True),
        figures=FIGURES,
        steps=STEPS,
        trend=TREND,
        due=due_days(db.session, today_in_nl()) if current_actor().can(Permission.SEAL_QUARTER) else [],
        day_texts=DAY_TEXTS,
        today=today_in_nl(),
    )


def _works_here() -> bool:
    """Whether to show the work and not what everybody sees; staff may ask for that too."""
    return current_actor().can(Permission.READ_FIGURES) and request.args.get("weergave") != PUBLIC_VIEW


@bp.get("/<string:quarter>")
@public
def show(quarter: str) -> ResponseReturnValue:
    """One quarter as staff works on it; for the public a sealed one, or a year of those."""
    if not _works_here() or quarter.isdecimal():
        return pages.show(quarter)
    span = _span(quarter)
    report = reports.make_report(db.session, span, AT_A_GLANCE, first_rows=True)
    return render_template(
        "reporting/quarter.html",
        report=report,
        others=[(each, definition) for each, definition in DIMENSIONS.items() if each not in AT_A_GLANCE.splits],
        trend=TREND,
        chart=quarter_lines(report.quarters, is_running=span.is_running),
        trends=figure_trends(report.quarters, is_running=span.is_running),
        times_definition=CLOCK_TIMES,
        times=duration_rows(report.times),
        span=span,
        figures=FIGURES,
        balance=BALANCE,
        steps=reports.steps_told(report),
        cases_href=_cases_now(span),
        before_href=_cases_of(span.quarter.previous()),
        earliest_href=_cases_of(span.quarter.previous().previous()),
        change_in_words=reports.change_in_words,
        direction=reports.direction,
        bars=reports.bars,
        heads=reports.heads,
        until_query=_until_query(),
        corrected=_corrected(span.quarter, report.seal.errata if report.seal else ()),
        may_seal=current_actor().can(Permission.SEAL_QUARTER),
        waiting=None if span.is_running else sealing.asked(db.session, span.quarter),
        next_quarter=span.quarter.next() if span.quarter < quarter_of(today_in_nl()) else None,
    )


def _corrected(quarter: Quarter, errata: Sequence[QuarterErratum]) -> list[tuple[str, QuarterErratum]]:
    """The corrections of a quarter, each with what its figure is called."""
    edition = public_edition(db.session, quarter) if errata else None
    return [(words_of(edition, each), each) for each in errata] if edition else []


@bp.get("/<string:quarter>/meer")
@requires(Permission.READ_FIGURES)
def more_figures(quarter: str) -> ResponseReturnValue:
    """What is split by no dimension, table by table: times, terms, questions, what came after closing, rules."""
    span = _span(quarter)
    return render_template(
        "reporting/more.html",
        report=reports.make_report(db.session, span, BUT_SPLITS),
        span=span,
        late_definition=LATE,
        after_definition=AFTER_CLOSING,
        pressing_definition=PRESSING,
        more_texts={"consulted": CONSULTED, "rules": RULES_ON_TRACK},
        ministry_query=ministry_query,
        ministry_replies=sealing.ministry_replies(db.session, span.quarter),
        address_of=address_of,
        percentiles=PERCENTILES,
        cases_href=_cases_now(span),
        before_href=_cases_of(span.quarter.previous()),
        rule_query=rule_query,
        quarter_href=f"/kwartalen/{span.quarter}{_until_query()}",
        may_seal=current_actor().can(Permission.SEAL_QUARTER),
    )


@bp.get("/<string:quarter>/per/<string:split>")
@public
def split(quarter: str, split: str) -> ResponseReturnValue:
    """Every side of one split of a quarter, beside the quarter before and the same a year earlier."""
    if split not in list(Dimension):
        raise NotFound()
    if not _works_here():
        return pages.split(quarter, Dimension(split))
    span = _span(quarter)
    reading = Reading(frozenset({Dimension(split)}), beside=False)
    [table] = reports.make_report(db.session, span, reading, with_year=True).tables
    skipped = _cursor() or 0
    shown = replace(table, rows=table.rows[skipped : skipped + SPLIT_ROWS])
    if skipped and not shown.rows:
        raise NotFound()
    return render_template(
        "reporting/split.html",
        table=shown,
        bars=[] if skipped else reports.bars(shown),
        skipped=skipped,
        previous_href=_after(skipped - SPLIT_ROWS) if skipped else None,
        next_href=_after(skipped + SPLIT_ROWS) if skipped + SPLIT_ROWS < table.every else None,
        span=span,
        figures=FIGURES,
        heads=reports.heads,
        address_of=address_of,
        cases_href=_cases_now(span),
        before_href=_cases_of(span.quarter.previous()),
        year_href=_cases_of(span.quarter.year_before()),
        quarter_href=f"/kwartalen/{span.quarter}{_until_query()}",
    )


@bp.get("/<string:quarter>.csv")
@requires(Permission.READ_FIGURES)
def as_csv(quarter: str) -> ResponseReturnValue:
    span = _span(quarter)
    rows = reports.csv_rows(reports.make_report(db.session, span), reference(db.session))
    return Response(
        "".join(csv_pieces(reports.CSV_HEADS, rows)),
        content_type=CSV_MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="kwartaal-{span.quarter}.csv"'},
    )


@bp.get("/<string:quarter>.pdf")
@requires(Permission.READ_FIGURES)
def as_pdf(quarter: str) -> ResponseReturnValue:
    span = _span(quarter)
    edition = working_edition(reports.make_report(db.session, span))
    address = pages.whole(f"/kwartalen/{span.quarter}")
    content = quarter_pdf(pdf_data(edition, geometry_of(reference(db.session)), address), made_at=now_utc())
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="kwartaal-{span.quarter}.pdf"'},
    )


@bp.get("/<string:quarter>/zaken")
@requires(Permission.READ_CASES)
def cases(quarter: str) -> ResponseReturnValue:
    """The cases behind one number."""
    span = _span(quarter)
    part = part_asked(request.args)
    in_ledger = not span.is_cut and ledger.is_built(db.session)
    rows = figure_lists.figure_cases(db.session, span, part, before=_cursor(), in_ledger=in_ledger)
    names = reference(db.session)
    more = rows[PAGE_SIZE - 1].cursor if len(rows) > PAGE_SIZE else None
    address = f"/kwartalen/{span.quarter}"
    asked = {name: value for name, value in request.args.items() if name != "na"}
    return render_template(
        "reporting/cases.html",
        rows=rows[:PAGE_SIZE],
        title=title_of(db.session, part, names),
        sentence=definition_of(part).sentence,
        span=span,
        municipality_names=names.municipality_names,
        law_names=names.law_names,
        next_href=f"{address}/zaken?{urlencode({**asked, 'na': more})}" if more else None,
        first_href=f"{address}/zaken?{urlencode(asked)}" if "na" in request.args else None,
        quarter_href=address + _until_query(),
    )


@bp.get("/<string:quarter>/beloften")
@requires(Permission.READ_CASES)
def promises(quarter: str) -> ResponseReturnValue:
    """Each promise of the site in a quarter, with the cases in which it was not kept."""
    span = _span(quarter)
    told = public_promises.told_of(db.session, span)
    kept = told.kept
    rows = [
        (each, kept[each.key], public_promises.broken_in(db.session, span, each) if kept[each.key].broken else [])
        for each in PROMISES
        if each.is_counted and each.key in kept
    ]
    return render_template("reporting/promises.html", rows=rows, span=span, told=told, today=today_in_nl())


def _span(text: str) -> Span:
    """The quarter in an address, up to the day asked for, and never past today.

    Raises:
        NotFound: it is no quarter, or one that has not begun.
        DomainError: the day asked for is no date in that quarter.
    """
    today = today_in_nl()
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        raise NotFound() from None
    if not FIRST_QUARTER <= quarter <= quarter_of(today):
        raise NotFound()
    asked = request.args.get("tot", "")
    if not asked:
        return Span.of(quarter, today)
    try:
        until = date.fromisoformat(asked)
    except ValueError:
        until = None
    if until is None or until not in quarter:
        raise DomainError("Kies een dag binnen dit kwartaal, zoals 2026-11-24.")
    return Span.of(quarter, min(until, today), is_cut=until < min(today, quarter.last_day))


def _cases_of(quarter: Quarter) -> str | None:
    """Where the cases of a whole quarter stand; None for one before the first, and for who may not open them."""
    may_open = current_actor().can(Permission.READ_CASES)
    return f"/kwartalen/{quarter}/zaken?" if may_open and quarter >= FIRST_QUARTER else None


def _cases_now(span: Span) -> str | None:
    """Where the cases of the quarter that is shown stand, as far as the day asked for."""
    if not current_actor().can(Permission.READ_CASES):
        return None
    return f"/kwartalen/{span.quarter}/zaken" + (f"{_until_query()}&" if _until_query() else "?")


def _until_query() -> str:
    """The day asked for, kept in the links to the same count."""
    return f"?{urlencode({'tot': request.args['tot']})}" if request.args.get("tot") else ""


def _after(rows: int) -> str:
    """This page of a list after so many rows."""
    asked = {name: value for name, value in request.args.items() if name != "na"}
    if rows > 0:
        asked["na"] = str(rows)
    return request.path + (f"?{urlencode(asked)}" if asked else "")


def _cursor() -> int | None:
    try:
        return whole_number(request.args["na"]) if request.args.get("na") else None
    except ValueError:
        raise NotFound() from None
