"""The ruimtewijzers for everybody: as a list, each on its own page with its earlier versions, as a feed."""

from collections import Counter
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideStatus
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.guides import published as guides
from knelpunt.queries.guides.published import PAGE_SIZE, GuideFilter, GuideList, GuidePage, Use
from knelpunt.queries.public.rules import weighed_rules
from knelpunt.services.search import answers
from knelpunt.web.guides.blueprint import bp
from knelpunt.web.guides.filters import QUESTION_LENGTH, Filters, carried_to_filing, chosen_place
from knelpunt.web.shared.charts.tile_map import tile_map
from knelpunt.web.shared.open_data.schema_org import base_url, question_of_guide
from knelpunt.web.shared.pages.feeds import atom_feed, sitemap_part
from knelpunt.web.shared.pages.list_filters import typed_text
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl
from knelpunt.web.shared.requests.request_language import current_language
from knelpunt.web.shared.texts import _

LIST_PATH, FEED_PATH = "/ruimtewijzers", "/ruimtewijzers.atom"
HELPED = frozenset({ClaimOutcome.WORKED, ClaimOutcome.PARTLY})


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place where the answer was used. ``outcome`` is None where nobody told how it went."""

    place: str
    municipality: str
    year: str
    what: str
    outcome: ClaimOutcome | None
    url: str | None


@bp.route("/ruimtewijzers")
@public
def guide_list() -> ResponseReturnValue:
    filters, (narrowed, instead) = _asked(), (None, None)
    if not filters.matches_nothing:
        narrowed, instead = _narrowed(filters)
    start = (filters.page - 1) * PAGE_SIZE
    found = guides.list_guides(db.session, narrowed, start) if narrowed is not None else GuideList((), 0)
    actor = current_actor()
    previous, following = filters.pages(more=found.count > filters.page * PAGE_SIZE)
    return render_template(
        "guides/list.html",
        filters=filters,
        found=found,
        instead=instead,
        path=LIST_PATH,
        feed_path=FEED_PATH,
        chips=filters.chips(),
        works_on_them=actor.can(Permission.EDIT_GUIDE) or actor.can(Permission.REVIEW_GUIDE),
        has_own=actor.can(Permission.READ_OWN_CASES),
        previous=previous,
        next=following,
    )


def _asked() -> Filters:
    return Filters(request.args, LIST_PATH, reference(db.session), guides.law_keys(db.session))


def _narrowed(filters: Filters) -> tuple[GuideFilter, str | None]:
    """What is looked for, with the guides that answer what was typed; and the spelling by which, when it was mended."""
    if not filters.search:
        return filters.narrowed, None
    question, fitting = answers.fitting_guides(db.session, filters.search, current_language(), today_in_nl())
    return replace(filters.narrowed, fitting=fitting), question.instead


@bp.route("/ruimtewijzers/<string:guide_slug>")
@public
def guide_page(guide_slug: str) -> ResponseReturnValue:
    """The answer as it holds now; one that ended stays readable, and says so first."""
    return _page(guides.read_guide(db.session, guide_slug))


@bp.route("/ruimtewijzers/<string:guide_slug>/versie-<id:number>")
@public
def guide_version(guide_slug: str, number: int) -> ResponseReturnValue:
    """A version that was published, as it was."""
    return _page(guides.read_guide(db.session, guide_slug, number))


def _page(guide: GuidePage) -> str:
    names = reference(db.session)
    used = guides.uses(db.session, guide.guide_id)
    rows = _places(guide, used, names)
    return render_template(
        "guides/guide.html",
        guide=guide,
        today=today_in_nl(),
        rules=weighed_rules(db.session, guide.rules),
        versions=guides.published_versions(db.session, guide.guide_id),
        audiences=[GuideAudience(each) for each in guide.audiences],
        rows=rows,
        map=tile_map(names, _worked_by_place(guide, used, names), lambda _place: "#gebruikt"),
        claims=Counter(use.outcome for use in used),
        Outcome=ClaimOutcome,
        Status=GuideStatus,
        may_claim=current_actor().can(Permission.CLAIM_GUIDE),
        linked=[question_of_guide(guide, base_url())],
        filing=_filing(names),
    )


def _filing(names: Reference) -> str:
    """Where filing begins, with the question along that somebody typed before reading this answer."""
    question = typed_text(request.args.get("wens", ""), QUESTION_LENGTH)
    if not question:
        return "/melden"
    carried = carried_to_filing(question, chosen_place(request.args, names))
    return f"/melden/{'organisatie/nieuw' if current_actor().can(Permission.EDIT_DRAFT) else 'bewoner'}?{carried}"


def _places(guide: GuidePage, used: tuple[Use, ...], names: Reference) -> list[PlaceRow]:
    """What sources tell first, then the municipalities that said so here."""
    by_code = {row.code: row.name for row in names.municipalities.values()}
    told = [
        PlaceRow(
            place=each["place"],
            municipality=by_code.get(each["municipality"] or "", ""),
            year=each["year"],
            what=each["what"],
            outcome=ClaimOutcome(each["outcome"]) if each["outcome"] else None,
            url=each["url"],
        )
        for each in guide.examples
    ]
    claimed = [
        PlaceRow(
            place=names.municipality_names[use.municipality_id],
            municipality="",
            year=str(use.claimed_on.year),
            what=_("Deze gemeente gebruikt deze ruimtewijzer."),
            outcome=use.outcome,
            url=None,
        )
        for use in used
    ]
    return told + claimed


def _worked_by_place(guide: GuidePage, used: tuple[Use, ...], names: Reference) -> dict[int | None, int]:
    """How often it worked, wholly or in part, by municipality."""
    ids = {row.code: row.id for row in names.municipalities.values()}
    told = (ids.get(each["municipality"]) for each in guide.examples if each["outcome"] in HELPED)
    claimed = (use.municipality_id for use in used if use.outcome in HELPED)
    return dict(Counter([*told, *claimed]))


@bp.route(FEED_PATH)
@public
def guide_feed() -> ResponseReturnValue:
    """The ruimtewijzers that changed last (Atom, RFC 4287), narrowed as the list of them is under the same filters."""
    filters = _asked()
    if filters.unknown:
        raise NotFound()
    found = [] if filters.matches_nothing else guides.latest_entries(db.session, _narrowed(filters)[0])
    return atom_feed("guides/feed.xml", found, own=filters.address_at(FEED_PATH), page=filters.address())


@bp.route("/sitemap/ruimtewijzers.xml")
@public
def guide_sitemap() -> ResponseReturnValue:
    found = guides.sitemap_entries(db.session)
    return sitemap_part((f"{LIST_PATH}/{slug}", changed) for slug, changed in found)
