"""The start page, the list of published cases, and one published case."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries import public as published
from knelpunt.queries.public import PublicPage
from knelpunt.queries.reference import reference
from knelpunt.web.public import asked as filters
from knelpunt.web.shared.access import public

bp = Blueprint("public", __name__)

LIST_PATH = "/knelpunten"


@bp.route("/")
@public
def home() -> ResponseReturnValue:
    names = reference(db.session)
    return render_template(
        "public/home.html",
        recent=published.recent_answers(db.session),
        municipality_names=names.municipality_names,
    )


@bp.route("/knelpunten")
@public
def case_list() -> ResponseReturnValue:
    names = reference(db.session)
    asked = filters.read(request.args, names)
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


@bp.route("/knelpunten/<string:reference_number>")
@public
def case_page(reference_number: str) -> ResponseReturnValue:
    """A published case; a withdrawn one answers 410 with its tombstone."""
    case = published.published_case(db.session, reference_number)
    if case.withdrawn_on is not None:
        return render_template("public/withdrawn.html", case=case), 410
    names = reference(db.session)
    return render_template(
        "public/case.html",
        case=case,
        municipality_names=names.municipality_names,
        province_names=names.province_names,
    )
