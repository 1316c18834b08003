"""The rules of a published case then and now, for everybody."""

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.extensions import db
from knelpunt.queries.laws.rules_compared import Weighed, compare_rules
from knelpunt.queries.public import published
from knelpunt.web.public.blueprint import bp
from knelpunt.web.shared.requests.access import public
from knelpunt.web.shared.then_and_now import OUTCOME_WORDS, compared_days


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
