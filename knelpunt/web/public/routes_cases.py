"""The published cases: as a list, as a map, and each on its own page."""

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.public import published
from knelpunt.queries.public.counts import municipality_counts
from knelpunt.queries.public.published import PublicPage
from knelpunt.queries.public.rules import weighed_rules
from knelpunt.queries.public.similar import similar_cases
from knelpunt.services.core.search_index import words_to_share
from knelpunt.services.suggestions.desk import COLLECTIVE_KEYS
from knelpunt.web.public import asked as filters
from knelpunt.web.public import counts
from knelpunt.web.public.asked import Asked
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.share_card import share_card
from knelpunt.web.public.story import story_of, year_of
from knelpunt.web.shared.charts.tile_map import tile_map
from knelpunt.web.shared.pages.languages import canonical
from knelpunt.web.shared.requests.access import public

LIST_PATH = "/knelpunten"
MAP_VIEW = "kaart"
SHORT_LETTERS = "KNP-"
SHARE_CARD_SECONDS = 3600


@bp.route("/knelpunten")
@public
def case_list() -> ResponseReturnValue:
    names = reference(db.session)
    asked = filters.read(request.args, names)
    if request.args.get("weergave") == MAP_VIEW:
        return _map_page(asked, names)
    after = request.args.get("na")
    page = (
        PublicPage((), 0, None)
        if asked.matches_nothing
        else published.published_cases(db.session, asked.narrowed, after=after)
    )
    return render_template(
        "public/cases.html",
        asked=asked,
        page=page,
        path=LIST_PATH,
        chips=list(asked.chips(LIST_PATH)),
        is_first_page=not after,
        municipality_names=names.municipality_names,
        law_names=names.law_names,
    )


def _map_page(asked: Asked, names: Reference) -> str:
    drawn = tile_map(names, _counts(asked), lambda place: f"{LIST_PATH}?{asked.query('gemeente', gemeente=str(place))}")
    return render_template(
        "public/cases_map.html",
        asked=asked,
        path=LIST_PATH,
        chips=list(asked.chips(LIST_PATH, weergave=MAP_VIEW)),
        map=drawn,
        rows=sorted(drawn.filled, key=lambda each: (-each.count, each.tile.name)),
    )


def _counts(asked: Asked) -> dict[int | None, int]:
    if asked.matches_nothing:
        return {}
    return municipality_counts(db.session, asked.narrowed) if asked.is_narrowed else counts.places()


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
        similar=similar_cases(
            db.session,
            case.case_id,
            words_to_share(case.title, case.question),
            theme=case.theme,
            law_id=_law_to_share(case.main_law_id, names),
        ),
        municipality_names=names.municipality_names,
        province_names=names.province_names,
        canonical=canonical(f"{LIST_PATH}/{case.reference}"),
        short_address=links.to(f"/k/{case.reference.removeprefix(SHORT_LETTERS)}"),
        card_address=links.to(f"{LIST_PATH}/{case.reference}/kaart.png"),
    )


def _law_to_share(law_id: int | None, names: Reference) -> int | None:
    """The law that makes another case like this one: not a name for many rules, such as those of municipalities."""
    law = names.laws.get(law_id) if law_id is not None else None
    return None if law is None or not set(COLLECTIVE_KEYS).isdisjoint(law.case_keys) else law_id


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


@bp.route("/k/<string:reference_number>")
@public
def short_address(reference_number: str) -> ResponseReturnValue:
    """The short address of a published case, for on paper: /k/2026-00012. Letters may be small, and left out."""
    full = reference_number.upper()
    full = full if full.startswith(SHORT_LETTERS) else SHORT_LETTERS + full
    case = published.published_case(db.session, full)
    return redirect(url_for("public.case_page", reference_number=case.reference), 301)
