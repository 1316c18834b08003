"""``/onze-zaken/overzicht``: how the cases of one's own organisation stand, and what it could solve itself."""

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.dashboards import OwnGroup, own_overview
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.cases.own_list import TURN
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

US, DESK, MINISTRY, OVER = "Uw organisatie", "Het loket", "Een ministerie", "Niemand: klaar"
LEAD = "Een gemeente waarmee u samen meldt"


@bp.route("/onze-zaken/overzicht")
@requires(Permission.READ_OWN_CASES)
def own_dashboard() -> ResponseReturnValue:
    actor = current_actor()
    names = reference(db.session)
    organisation = names.organisations.get(actor.organisation_id) if actor.organisation_id is not None else None
    overview = own_overview(db.session, actor, organisation.municipality_id if organisation else None)
    turns: Counter[str] = Counter()
    for group in overview.groups:
        turns[whose_turn(group)] += group.count
    return render_template(
        "cases/overview.html",
        overview=overview,
        turns=[(words, turns[words]) for words in (US, DESK, MINISTRY, *((LEAD,) if turns[LEAD] else ()))],
        open_count=sum(group.count for group in overview.groups if group.status in OPEN_STATUSES),
        closed_count=sum(group.count for group in overview.groups if group.status is CaseStatus.CLOSED),
        us=turns[US],
        turn=TURN,
        today=today_in_nl(),
        names=names,
        may_draft=actor.can(Permission.EDIT_DRAFT),
    )


def whose_turn(group: OwnGroup) -> str:
    """Who has to do something now; a proposal waits for the submitter as long as its term runs."""
    if group.status not in OPEN_STATUSES:
        return OVER
    if group.status is CaseStatus.WITH_MINISTRY:
        return MINISTRY
    waits = group.status is CaseStatus.AWAITING_SUPPLEMENT or (group.status is CaseStatus.PROPOSED and group.has_term)
    if waits:
        return LEAD if group.is_joined else US
    return DESK
