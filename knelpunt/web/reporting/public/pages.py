"""The public pages of the quarters: the archive, one quarter or year, and the published cases behind a figure."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures import places
from knelpunt.domain.figures.definitions import DIMENSIONS, REGISTER, WITHOUT_FILING, Dimension, Figure
from knelpunt.domain.figures.edition import (
    BALANCE,
    HIDDEN_SENTENCE,
    NOW,
    TOTALS,
    TREND,
    Cell,
    Column,
    Edition,
    Row,
    Table,
    annual,
    change,
    finding,
    in_words,
    number_of,
    reconstructed_sentence,
    says,
)
from knelpunt.domain.figures.ledger import unknown_to
from knelpunt.domain.figures.writing import Section, WrittenSection
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.models import MinistryReply
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.corrections import PublicEdition, public_editions
from knelpunt.queries.figures.editions import files_of, guides_behind, public_quarters, published_behind
from knelpunt.queries.figures.lists import PAGE_SIZE, Counted
from knelpunt.queries.figures.sealing import ministry_replies, seal_of
from knelpunt.web.reporting.parts import definition_of, part_asked, title_of, whole_number
from knelpunt.web.reporting.public.beside import OTHERS, with_year
from knelpunt.web.reporting.public.making import CONSULTATIONS, FIRST_ASKED, kept_edition, public_edition
from knelpunt.web.reporting.public.metadata import QUARTERS_OF_YEAR, as_schema_org
from knelpunt.web.reporting.public.texts import presented
from knelpunt.web.reporting.writing.drawing import Drawing
from knelpunt.web.shared.charts.charts import LineChart, line_chart
from knelpunt.web.shared.pages.feeds import atom_feed, sitemap_part
from knelpunt.web.shared.requests.access import current_actor

BASE = "/kwartalen"
FORMS = (
    ("pdf", "PDF", "om te lezen en te bewaren"),
    ("odt", "ODT", "voor een brief of een nota"),
    ("docx", "Word", "voor een brief of een nota"),
    ("ods", "ODS", "een rekenblad"),
    ("csv", "CSV", "een rekenblad, gescheiden door puntkomma’s"),
    ("json", "JSON", "open data: hieruit telt u elk cijfer opnieuw"),
    ("jsonld", "DCAT", "de beschrijving van deze gegevens"),
)
"""Every form of a quarter: the end of its address, its name, and what it is good for."""
TEXT_IN_SIGHT = (Section.REASON, Section.ONE_PAGE, Section.BOTTLENECK)
"""The parts of the text that everybody should read; the others are behind folds."""
PAPER = re.compile(r"(\d{2})[ .]?(\d{3}), nr\. (\d{1,5})", re.ASCII)
YEAR_LENGTH = len("2026")
RECENT = 8
"""So many quarters stand in sight in the archive; older ones behind a fold."""


def paper_address(paper: str) -> str:
    """Where a parliamentary paper can be read; empty for a number that is written otherwise than most are."""
    found = PAPER.fullmatch(paper)
    return f"https://zoek.officielebekendmakingen.nl/kst-{found[1]}{found[2]}-{found[3]}.html" if found else ""


def whole(path: str) -> str:
    """The whole address of a path of this site."""
    address: str = current_app.config["LINKS"].to(path)
    return address


def archive() -> ResponseReturnValue:
    """Every public quarter, the newest first, and the years that are whole."""
    lines = public_editions(db.session)
    counted = Counter(line.public.quarter.year for line in lines)
    return render_template(
        "reporting/public/index.html",
        recent=lines[:RECENT],
        older=lines[RECENT:],
        whole_years=[year for year, count in counted.items() if count == QUARTERS_OF_YEAR],
        latest=lines[0] if lines else None,
        finding=finding,
        in_words=in_words,
        chart=_archive_chart(lines),
    )


def _archive_chart(lines: list[PublicEdition]) -> LineChart:
    """All public quarters as lines, oldest first."""
    oldest = lines[::-1]
    shown = [str(each.public.quarter.year) if each.public.quarter.number == 1 else "" for each in oldest]
    series = [
        (title, [number_of(line.count(key)) for line in oldest])
        for key, title in (("ontvangen", "Ontvangen"), ("afgehandeld", "Afgehandeld"), ("open", "Open"))
    ]
    return line_chart([each.edition.title for each in oldest], series, short_labels=shown)


def period(text: str) -> tuple[Edition, tuple[WrittenSection, ...]]:
    """What an address means: the edition of a quarter, or of a year of which four quarters are public, and its text.

    Raises:
        NotFound: there is none.
    """
    if len(text) == YEAR_LENGTH:
        year = _year(text)
        if year is None:
            raise NotFound()
        return year, ()
    quarter = _quarter(text)
    made = public_edition(db.session, quarter)
    if made is None:
        raise NotFound()
    told = presented(db.session, quarter, made)
    return (replace(made, paper=told.paper), told.sections) if told else (made, ())


def _year(text: str) -> Edition | None:
    if not text.isascii() or not text.isdecimal() or not 2010 <= int(text) <= 2100:
        return None
    quarters = [each.edition for each in public_editions(db.session)[::-1] if each.public.quarter.year == int(text)]
    return annual(int(text), quarters) if len(quarters) == QUARTERS_OF_YEAR else None


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError:
        raise NotFound() from None


def show(text: str) -> ResponseReturnValue:
    """A quarter or a year with its figures, its corrections and its forms."""
    edition, sections = period(text)
    headline, told = finding(edition)
    return render_template(
        "reporting/public/quarter.html",
        edition=edition,
        sections=sections,
        draw=Drawing(reference(db.session)),
        explained=explained,
        headline=headline,
        told=told,
        totals=edition.table(TOTALS),
        paper_address=paper_address(edition.paper),
        balance=edition.table(BALANCE),
        trend=_trend(edition),
        first_asked=FIRST_ASKED,
        text_in_sight=TEXT_IN_SIGHT,
        tables=[each for each in edition.tables if each.key not in (TOTALS, BALANCE, TREND)],
        change=change,
        says=says,
        in_words=in_words,
        bars=bars,
        behind=behind,
        no_list={} if edition.is_year else NO_LIST,
        replies=_replies(edition),
        forms=FORMS,
        files={} if edition.is_year else files_of(db.session, Quarter.parse(edition.period)),
        may_ask_files=current_actor().can(Permission.SEAL_QUARTER),
        hidden_sentence=HIDDEN_SENTENCE,
        reconstructed_sentence=reconstructed_sentence,
        quarter=None if edition.is_year else Quarter.parse(edition.period),
        around=_around(edition),
        card_address=whole(f"{BASE}/{edition.period}/kaart.png"),
        linked=[as_schema_org(edition)],
    )


def split(text: str, dimension: Dimension) -> ResponseReturnValue:
    """One split of a quarter beside the quarter before and the same a year earlier, as the public was told of each.

    What is told of another quarter is what that quarter's own edition tells, so that nothing more can be worked out.
    """
    quarter = _quarter(text)
    edition = public_edition(db.session, quarter)
    if edition is None:
        raise NotFound()
    others = quarter.previous(), quarter.year_before()
    before, year_ago = (kept_edition(db.session, each) if each.is_addressable else None for each in others)
    shown = with_year(edition, dimension.value, before, year_ago)
    own = f"{BASE}/{quarter}"
    places_of_corrections = {end: f"{BASE}/{other}" for end, other in zip(OTHERS, others, strict=True)}
    return render_template(
        "reporting/public/split.html",
        edition=shown,
        table=shown.table(dimension.value),
        title=DIMENSIONS[dimension].title,
        untold=_untold(edition, dimension),
        untold_year=_untold(year_ago, dimension) if year_ago else Untold.NOT_PUBLIC,
        corrected_at=lambda column: places_of_corrections.get(column.key.rpartition("-")[2], own),
        explained=explained,
        behind=behind,
        says=says,
        in_words=in_words,
        hidden_sentence=HIDDEN_SENTENCE,
        back=own,
    )


class Untold(StrEnum):
    """Why there is no table of a split."""

    NO_CASES = "geen-zaken"
    NOT_COUNTED = "nog-niet-geteld"
    NOT_PUBLIC = "niet-openbaar"


def _untold(edition: Edition, dimension: Dimension) -> Untold | None:
    """Why a quarter does not tell a split; None where it does."""
    if edition.table(dimension.value) is not None:
        return None
    totals = edition.table(TOTALS)
    figures = [Figure.HANDLED] if dimension in FIRST_ASKED else list(Figure)
    if totals and not any(totals.cell(NOW, figure.value) for figure in figures):
        return Untold.NO_CASES
    seal = seal_of(db.session, Quarter.parse(edition.period))
    if seal is not None and dimension in unknown_to(seal.report.version):
        return Untold.NOT_COUNTED
    return Untold.NOT_PUBLIC


def _replies(edition: Edition) -> list[tuple[str, MinistryReply]]:
    """What ministries say of their numbers in a quarter: as it is now, with the name that stands at the number."""
    table = edition.table(CONSULTATIONS)
    if table is None or edition.is_year:
        return []
    found = ministry_replies(db.session, Quarter.parse(edition.period))
    names = reference(db.session).ministry_names
    told = {int(row.key): row.words for row in table.rows}
    return [(told.get(id_) or names.get(id_, ""), reply) for id_, reply in found.items()]


EXPLAINED = {
    TOTALS: "",
    BALANCE: "van-begin-naar-eind",
    TREND: "over-de-kwartalen",
    "doorlooptijd": "doorlooptijd",
    "looptijd": "looptijd-per-klok",
    "te-laat": "te-laat-per-klok",
    "na-het-afsluiten": "na-het-afsluiten",
    "knellend": "knellende-regels",
    "overbrugbaar": "overbrugbaar-of-echt",
    "stil": "stil",
    "gemeenten": "gemeenten",
    "sinds-het-begin": "sinds-het-begin",
    "geholpen": "geholpen-zonder-melding",
    "raadpleging": "vragen-aan-ministeries",
    "regelknelpunten": "regelknelpunten-per-stap",
}
"""Under which name the page of definitions explains a table."""


def explained(table: Table) -> str:
    """Where the definition of a table stands."""
    name = f"per-{table.dimension}" if table.dimension else EXPLAINED.get(table.key, "")
    return f"{BASE}/definities/{name}" if name in REGISTER else f"{BASE}/definities"


def bars(table: Table) -> list[tuple[str, Cell]]:
    """What the picture of a table shows: its first column. What is not told has no length."""
    return [(row.words, number_of(row.cells[0])) for row in table.rows[:10] if row.cells[0] or row.cells[0] is None]


def behind(edition: Edition, table: Table, row: Row, column: Column, cell: Cell) -> str:
    """Where the published cases behind a figure stand; empty for a figure that opens none."""
    if edition.is_year or column.is_before or not number_of(cell):
        return ""
    if table.key == GUIDES and row.key in USES:
        return f"{BASE}/{edition.period}/ruimtewijzers?{urlencode({'wat': USES[row.key]})}"
    if not column.figure:
        return ""
    if table.key == TOTALS and row.key != NOW:
        return ""
    side = {"per": table.dimension, "waarde": row.key} if table.dimension else {}
    return f"{BASE}/{edition.period}/antwoorden?{urlencode({'cijfer': column.figure, **side})}"


GUIDES = "geholpen"
USED = "gebruikt"
USES = {places.GUIDES_CLAIMED: USED, **{places.guide_use(each): each.value for each in ClaimOutcome}}
"""The numbers of guides that open a list, and how an address names them."""
HOW_FAST = "Hoe lang een zaak duurde, staat niet bij de openbare zaak. Daarom opent dit cijfer geen lijst."
NO_LIST = {
    "na-het-afsluiten": "Wie een heroverweging vroeg en hoe een project afliep, is niet openbaar. Daarom opent dit "
    "cijfer geen lijst.",
    CONSULTATIONS: "Welke vraag over welke zaak ging, is niet openbaar. Daarom opent dit cijfer geen lijst.",
    GUIDES: "Wie een vraag beantwoord vond, weten wij niet. Daarom opent dat cijfer geen lijst.",
    "stil": HOW_FAST,
    "doorlooptijd": HOW_FAST,
    "looptijd": HOW_FAST,
    "te-laat": HOW_FAST,
}
"""Why the numbers of a table open no list of cases."""


def guides(text: str) -> ResponseReturnValue:
    """The public guides behind the number of those that municipalities used, or of how it went.

    Which municipalities they were stands with each guide; for what project is not public.
    """
    edition, wanted = public_edition(db.session, _quarter(text)), request.args.get("wat", "")
    table = edition.table(GUIDES) if edition else None
    row = next((each for each in table.rows if USES.get(each.key) == wanted), None) if table else None
    if edition is None or row is None or number_of(row.cells[0]) is None:
        raise NotFound()
    outcome = None if wanted == USED else ClaimOutcome(wanted)
    return render_template(
        "reporting/public/guides.html",
        edition=edition,
        title=row.words,
        sentence=WITHOUT_FILING.sentence,
        cell=in_words(row.cells[0]),
        rows=guides_behind(db.session, Quarter.parse(edition.period), outcome),
        back=f"{BASE}/{edition.period}",
    )


def _trend(edition: Edition) -> LineChart | None:
    table = edition.table(TREND) or (edition.table(TOTALS) if edition.is_year else None)
    if table is None:
        return None
    rows = [row for row in table.rows if row.key != NOW]
    return line_chart(
        [row.words for row in rows],
        [(column.title, [number_of(row.cells[place]) for row in rows]) for place, column in enumerate(table.columns)],
        short_labels=[f"{row.key[-1]}e ’{row.key[2:4]}" for row in rows],
    )


def _around(edition: Edition) -> dict[str, str]:
    """The public periods before and after, and the year of a quarter."""
    public = {each.quarter for each in public_quarters(db.session)}
    if edition.is_year:
        return {}
    quarter = Quarter.parse(edition.period)
    found = {}
    if quarter.previous() in public:
        found["before"] = f"{BASE}/{quarter.previous()}"
    if quarter.next() in public:
        found["after"] = f"{BASE}/{quarter.next()}"
    if all(Quarter(quarter.year, number) in public for number in range(1, 5)):
        found["year"] = f"{BASE}/{quarter.year}"
    return found


def cases(text: str) -> ResponseReturnValue:
    """The definition of a figure, and the published cases behind it.

    Not those of what came after closing: that somebody asked for a second look, or what came of a project, nobody was
    asked to make public.
    """
    quarter = _quarter(text)
    edition = public_edition(db.session, quarter)
    part = part_asked(request.args)
    if edition is None or not isinstance(part, Counted) or part.is_timed:
        raise NotFound()
    names = reference(db.session)
    after = request.args.get("na", "")
    try:
        before = whole_number(after) if after else None
    except ValueError:
        raise NotFound() from None
    asked = {name: value for name, value in request.args.items() if name != "na"}
    cell = _cell_of(edition, part, asked.get("waarde", ""))
    if number_of(cell) is None:  # the list would tell what the figure keeps back, or what this quarter does not tell
        raise NotFound()
    rows = published_behind(db.session, quarter, part, before=before)
    return render_template(
        "reporting/public/cases.html",
        edition=edition,
        rows=rows[:PAGE_SIZE],
        title=title_of(db.session, part, names),
        sentence=definition_of(part).sentence,
        cell=in_words(cell),
        municipality_names=names.municipality_names,
        law_names=names.law_names,
        next_href=(
            f"{BASE}/{quarter}/antwoorden?{urlencode({**asked, 'na': rows[PAGE_SIZE - 1].cursor})}"
            if len(rows) > PAGE_SIZE
            else None
        ),
        first_href=f"{BASE}/{quarter}/antwoorden?{urlencode(asked)}" if after else None,
        back=f"{BASE}/{quarter}",
    )


def _cell_of(edition: Edition, part: Counted, value: str) -> Cell:
    """The figure in the edition of which an address asks for the cases."""
    table = edition.table(part.dimension.value if part.dimension else TOTALS)
    return table.cell(value if part.dimension else NOW, part.figure.value) if table else None


def feed() -> Response:
    """The quarters published or corrected last (Atom, RFC 4287)."""
    entries = [
        FeedEntry(each.public.changed_at, each.public.sealed_at, each.edition, each.public.errata)
        for each in public_editions(db.session)
    ]
    return atom_feed("reporting/public/feed.xml", entries[:20], finding=finding)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A quarter as a news reader shows it."""

    updated_at: datetime
    published_at: datetime
    edition: Edition
    errata: int


def sitemap() -> Response:
    """The public quarters, and the years that are whole."""
    found = public_quarters(db.session)
    public = {each.quarter for each in found}
    years = sorted({each.year for each in public if all(Quarter(each.year, n) in public for n in range(1, 5))})
    return sitemap_part(
        [
            (BASE, None),
            *((f"{BASE}/{year}", None) for year in years),
            *((f"{BASE}/{each.quarter}", each.changed_at) for each in found),
        ]
    )
