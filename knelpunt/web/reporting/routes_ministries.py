"""One page for each ministry: how it answers and which rules it owns, for everybody; what waits there, for staff."""

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import CONSULTED
from knelpunt.domain.figures.small_numbers import LIMIT, Mark
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.consultations import ministries as queries
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import ledger, sealing
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.shared.pages.filters import number
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl

QUARTERS_SHOWN = 4


@bp.get("/ministeries")
@public
def ministries() -> ResponseReturnValue:
    """Every ministry of today, with how many rule bottlenecks it owns that have not moved yet."""
    names = reference(db.session)
    return render_template(
        "reporting/ministries.html",
        rows=names.ministry_options,
        owned=queries.bottlenecks_by_ministry(db.session),
    )


@bp.get("/ministeries/<id:ministry_id>")
@public
def ministry(ministry_id: int) -> ResponseReturnValue:
    found = reference(db.session).ministries.get(ministry_id)
    if found is None:
        raise NotFound()
    actor = current_actor()
    may_read = actor.can(Permission.READ_CASES) and actor.can(Permission.READ_FIGURES)
    quarters = _quarters(quarter_of(today_in_nl()))
    return render_template(
        "reporting/ministry.html",
        ministry=found,
        definition=CONSULTED,
        quarters=ledger.answers_of(db.session, ministry_id, quarters),
        few=few,
        replies=[(quarter_of(each.quarter), each) for each in sealing.replies_of(db.session, ministry_id)],
        bottlenecks=queries.owned_bottlenecks(db.session, ministry_id),
        may_read=may_read,
        waiting=queries.waiting_questions(db.session, ministry_id) if may_read else [],
        rules=queries.asked_rules(db.session, ministry_id) if may_read else [],
        today=today_in_nl(),
    )


def few(count: int) -> str:
    """A number as everybody may see it."""
    return Mark.FEW.words() if 0 < count < LIMIT else number(count)


def _quarters(last: Quarter) -> list[Quarter]:
    found = [last]
    while len(found) < QUARTERS_SHOWN:
        found.append(found[-1].previous())
    return found
