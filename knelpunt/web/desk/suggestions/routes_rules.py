"""The rules of a case as they held on the day of its law, beside how they stand today or on any other day."""

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.domain.suggestions.results import SuggestedProvision
from knelpunt.extensions import db
from knelpunt.queries.laws.rules_compared import Weighed, compare_rules, touches_of_case
from knelpunt.services.suggestions.desk import Suggested, for_case
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.steps.page import case_address, read_file
from knelpunt.web.shared.requests.access import requires
from knelpunt.web.shared.then_and_now import OUTCOME_WORDS, compared_days

SUGGESTED = 6


@bp.route("/zaken/<string:reference>/regels")
@requires(Permission.READ_CASES)
def rules_then_and_now(reference: str) -> ResponseReturnValue:
    """What each weighed rule was and is, the changes that may touch the case, and suggestions for both days."""
    file = read_file(reference)
    case = file.case
    days = compared_days(case.law_date)
    weighed = (
        Weighed(row.role, row.law_key, row.law_title, row.provision_key, row.article) for row in file.assessments
    )
    then = now = []
    if not days.is_then:
        then, now = (_current(for_case(db.session, file, on)) for on in (days.then, days.on))
    page = render_template(
        "desk/case_rules.html",
        case=case,
        case_path=case_address(reference),
        path=f"{case_address(reference)}/regels",
        days=days,
        found=compare_rules(db.session, weighed, days.then, days.on),
        outcomes=OUTCOME_WORDS,
        touches=touches_of_case(db.session, case.id),
        is_same=[one.key for one in then] == [one.key for one in now],
        suggested_then=_marked(then, now),
        suggested_now=_marked(now, then),
    )
    return page, days.status


def _current(suggested: Suggested) -> list[SuggestedProvision]:
    return [one for one in suggested.found.provisions if one.is_current][:SUGGESTED]


def _marked(rows: list[SuggestedProvision], others: list[SuggestedProvision]) -> list[tuple[SuggestedProvision, bool]]:
    """Each suggestion, and whether the other day lacks it."""
    keys = {one.key for one in others}
    return [(one, one.key not in keys) for one in rows]
