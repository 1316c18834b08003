"""The published cases: as a list, as a map, and each on its own page."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.adapters.typesetting import share_card_png
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import AssessmentRole, EventKind, Verdict
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.rules_compared import Weighed, compare_rules
from knelpunt.queries.public import published
from knelpunt.queries.public.counts import municipality_counts
from knelpunt.queries.public.published import PublicCase, PublicPage, known_year
from knelpunt.queries.public.rules import weighed_rules
from knelpunt.services.search import similar
from knelpunt.web.public import counts
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.filters import FEED_PATH, LIST_PATH, Filters
from knelpunt.web.shared.charts.tile_map import TileGeometry, geometry_of, tile_map
from knelpunt.web.shared.labels.labels import label, topic
from knelpunt.web.shared.open_data.schema_org import question_of_case
from knelpunt.web.shared.requests.access import public
from knelpunt.web.shared.rules_compared import OUTCOME_WORDS, compared_days
from knelpunt.web.shared.texts import _, said

MAP_VIEW = "kaart"
SHORT_LETTERS = "KNP-"
SHARE_CARD_SECONDS = 3600


@bp.route("/knelpunten")
@public
def case_list() -> ResponseReturnValue:
    names = reference(db.session)
    filters = Filters(request.args, LIST_PATH, names)
    if request.args.get("weergave") == MAP_VIEW:
        return _map_page(filters, names)
    after = request.args.get("na")
    page = (
        PublicPage((), 0, None)
        if filters.matches_nothing
        else published.published_cases(db.session, filters.narrowed, after=after)
    )
    return render_template(
        "public/cases.html",
        filters=filters,
        page=page,
        path=LIST_PATH,
        feed_path=FEED_PATH,
        chips=filters.chips(),
        is_first_page=not after,
        municipality_names=names.municipality_names,
        law_names=names.law_names,
    )


def _map_page(filters: Filters, names: Reference) -> str:
    drawn = tile_map(names, _counts(filters), lambda place: filters.address(gemeente=place))
    return render_template(
        "public/cases_map.html",
        filters=filters,
        path=LIST_PATH,
        chips=filters.chips(weergave=MAP_VIEW),
        map=drawn,
        rows=sorted(drawn.filled, key=lambda each: (-each.count, each.tile.name)),
    )


def _counts(filters: Filters) -> dict[int | None, int]:
    if filters.matches_nothing:
        return {}
    return municipality_counts(db.session, filters.narrowed) if filters.is_narrowed else counts.places()


@bp.route("/knelpunten/<string:reference_number>")
@public
def case_page(reference_number: str) -> ResponseReturnValue:
    """A published case; a withdrawn one answers 410 with its tombstone."""
    case = published.published_case(db.session, reference_number)
    if case.withdrawn_on is not None:
        return render_template("public/withdrawn.html", case=case, story=story_of(case)), 410
    names = reference(db.session)
    links = current_app.config["LINKS"]
    return render_template(
        "public/case.html",
        case=case,
        year=year_of(case),
        story=story_of(case),
        rules=weighed_rules(db.session, case.provisions),
        similar=similar.shown_with(db.session, case),
        municipality_names=names.municipality_names,
        today_names=names.today_names,
        province_names=names.province_names,
        short_address=links.to(f"/k/{case.reference.removeprefix(SHORT_LETTERS)}"),
        card_address=links.to(f"{LIST_PATH}/{case.reference}/kaart.png"),
        linked=[question_of_case(case, links.base_url)] if is_answered(case) else [],
    )


@bp.route("/knelpunten/<string:reference_number>/kaart.png")
@public
def case_card(reference_number: str) -> ResponseReturnValue:
    """The picture that other sites show beside a link to the case."""
    case = published.published_case(db.session, reference_number)
    if case.withdrawn_on is not None:
        raise NotFound()
    response = Response(share_card(case, reference(db.session)), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={SHARE_CARD_SECONDS}"
    return response


@bp.route("/kaart.png")
@public
def site_card() -> ResponseReturnValue:
    """The picture beside a link to a page that has none of its own."""
    words = _("Loket Knelpunt"), _("Welke regel staat uw plan in de weg?"), _("Zoek een antwoord, of meld het")
    response = Response(_card(*words, "open", None, geometry_of(reference(db.session))), mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={SHARE_CARD_SECONDS}"
    return response


@bp.route("/k/<string:reference_number>")
@public
def short_address(reference_number: str) -> ResponseReturnValue:
    """The short address of a published case, for on paper: /k/2026-00012. Letters may be small, and left out."""
    full = reference_number.upper()
    full = full if full.startswith(SHORT_LETTERS) else SHORT_LETTERS + full
    case = published.published_case(db.session, full)
    return redirect(url_for("public.case_page", reference_number=case.reference), 301)


def is_answered(case: PublicCase) -> bool:
    """Whether somebody decided it; of some cases of history nobody knows how they ended."""
    return case.verdict is not Verdict.UNDECIDED and case.result is not None


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. ``day`` is None when only ``year`` is known; ``kind`` is that of the timeline."""

    title: str
    day: date | None
    year: str = ""
    kind: str = "step"


def year_of(case: PublicCase) -> str:
    """The year of a case from history, as far as it is known; empty for a case of the desk's own."""
    return str(known_year(case.filed_on, case.source_url) or "") if case.source_url else ""


def story_of(case: PublicCase) -> list[Moment]:
    """The moments in the order in which they happened. Of history no more than the year is told."""
    story = []
    if case.source_url:
        if year_of(case):
            story.append(Moment(_("Dit speelde, voor er een loket was"), None, year_of(case)))
    else:
        story.append(Moment(_public(EventKind.FILED), case.filed_on))
        if case.closed_on:
            story.append(Moment(_public(EventKind.CLOSED), case.closed_on, kind="end"))
    story.append(Moment(_public(EventKind.PUBLISHED), case.published_on, kind="message"))
    if case.corrected_on:
        story.append(Moment(_public(EventKind.PUBLICATION_CORRECTED), case.corrected_on, kind="note"))
    if case.withdrawn_on:
        story.append(Moment(_public(EventKind.PUBLICATION_WITHDRAWN), case.withdrawn_on, kind="end"))
    return story


def _public(kind: EventKind) -> str:
    """What the public reads of an act."""
    return said(EVENTS[kind].public or "")


LONGEST_TITLE = 120
_RULE = frozenset({Verdict.NATIONAL_RULE, Verdict.EU_OR_TREATY, Verdict.LOCAL_RULE, Verdict.STACKED_RULES})


def share_card(case: PublicCase, names: Reference) -> bytes:
    """The picture of a case, as PNG; kept for as long as its words stay the same."""
    place = case.municipality_then or (names.municipality_names[case.municipality_id] if case.municipality_id else "")
    over = ", ".join(filter(None, (topic(case.theme), place)))
    title = case.title if len(case.title) <= LONGEST_TITLE else f"{case.title[: LONGEST_TITLE - 1].rstrip()}…"
    tone = "open" if case.verdict.is_bridgeable else "shut" if case.verdict in _RULE else "neutral"
    today = names.today_of.get(case.municipality_id or 0, case.municipality_id)
    return _card(over, title, label(case.verdict), tone, today, geometry_of(names))


@lru_cache(maxsize=128)
def _card(over: str, title: str, verdict: str, tone: str, municipality_id: int | None, geometry: TileGeometry) -> bytes:
    return share_card_png(
        {"over": over, "title": title, "verdict": verdict, "tone": tone, "map": _drawing(geometry, municipality_id)}
    )


def _drawing(geometry: TileGeometry, municipality_id: int | None) -> str:
    """The map with one tile lit, in the colours of the picture."""
    tiles = "".join(
        f'<path d="{geometry.hexagon}" transform="translate({tile.x} {tile.y})"'
        f' fill="{"#f2a93b" if tile.municipality_id == municipality_id else "#00656f"}"/>'
        for tile in geometry.tiles
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {geometry.width} {geometry.height}">{tiles}'
        f'<path d="{geometry.borders}" fill="none" stroke="#00434c" stroke-width="2.5"/></svg>'
    )


@bp.route("/knelpunten/<string:reference_number>/regels")
@public
def case_rules(reference_number: str) -> ResponseReturnValue:
    """What the rules of the public record were and are. A withdrawn case has no such page."""
    case = published.published_case(db.session, reference_number)
    if case.withdrawn_on is not None:
        raise NotFound()
    days = compared_days(case.law_date)
    weighed = (
        Weighed(AssessmentRole(one["role"]), one["law"], one["title"], one.get("provision"), one.get("article"))
        for one in case.provisions
    )
    page = render_template(
        "public/case_rules.html",
        case=case,
        path=f"/knelpunten/{case.reference}/regels",
        days=days,
        found=compare_rules(db.session, weighed, days.then, days.on),
        outcomes=OUTCOME_WORDS,
    )
    return page, days.status
