"""What rule bottlenecks wait for: one list for everybody, and one for who moves them."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import NEWS_WARNED_BEFORE, BottleneckStep, steps_from
from knelpunt.domain.calendar.clocks import Unit, days_left_in_words
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import proposals
from knelpunt.queries.bottlenecks import waiting as queries
from knelpunt.queries.bottlenecks.waiting import PAGE_SIZE, WaitingRow
from knelpunt.queries.core.reference import reference
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.bottlenecks.words import BADGES, STATUS_WORDS, STEP_PAGES
from knelpunt.web.shared.pages.list_filters import ListFilters, rows
from knelpunt.web.shared.requests.access import current_actor, public, requires, today_in_nl
from knelpunt.web.shared.texts import said

_BESIDE_THE_WAY = frozenset({BottleneckStep.MERGE, BottleneckStep.REPORT, BottleneckStep.ERRATUM})


@bp.route("/regelknelpunten/wacht")
@public
def waiting() -> ResponseReturnValue:
    """Every bottleneck of which the rule has not moved: where it is, since when, and what it waits for."""
    names = reference(db.session)
    filters = ListFilters(request.args, url_for("bottlenecks.waiting"))
    ministry_id = filters.choice("ministerie", rows(names.ministry_options))
    found = queries.waiting(db.session, today_in_nl(), ministry_id, filters.read_page())
    return render_template(
        "bottlenecks/waiting.html",
        filters=filters,
        found=found,
        chips=filters.chips(),
        ministry_options=names.ministry_options,
        ministry_names=names.ministry_names,
        today=today_in_nl(),
        first_href=filters.address() if filters.page > 1 else None,
        next_href=filters.address(pagina=filters.page + 1) if filters.page * PAGE_SIZE < found.total else None,
    )


@bp.route("/mijn-regelknelpunten")
@requires(Permission.MOVE_BOTTLENECK)
def own() -> ResponseReturnValue:
    """What this owner moves, with the days left to tell news; the head of the desk sees everybody's."""
    actor, names = current_actor(), reference(db.session)
    sees_all = actor.role is Role.HEAD_OF_DESK
    page = ListFilters.of_request().read_page()
    owner_id = None if sees_all else actor.account_id
    found = queries.of_owner(db.session, today_in_nl(), owner_id, page)
    return render_template(
        "bottlenecks/own.html",
        found=found,
        next_steps={row.reference: next_step(row) for row in found.rows},
        to_decide=proposals.cases_to_decide(db.session, owner_id),
        asked=proposals.asked_by(db.session, actor.account_id),
        status_words=STATUS_WORDS,
        badges=BADGES,
        municipality_names=names.municipality_names,
        sees_all=sees_all,
        staff_names=names.staff_names,
        ministry_names=names.ministry_names,
        clock=clock_words,
        today=today_in_nl(),
        first_href=url_for("bottlenecks.own") if page > 1 else None,
        next_href=url_for("bottlenecks.own", pagina=page + 1) if page * PAGE_SIZE < found.total else None,
    )


def next_step(row: WaitingRow) -> tuple[str, str] | None:
    """The page of the step that comes next on the way, and what its button says; None where no step comes."""
    onward = [rule.step for rule in steps_from(row.status, row.choice) if rule.step not in _BESIDE_THE_WAY]
    return STEP_PAGES[onward[0]] if onward and onward[0] in STEP_PAGES else None


def clock_words(due_on: date, today: date) -> tuple[str, str]:
    """The state of clock K7 (part of a class name) and how long it still runs: ("soon", "nog 9 dagen")."""
    left = due_on - today
    state = "late" if left.days < 0 else "soon" if left <= NEWS_WARNED_BEFORE else "running"
    return state, said(days_left_in_words(left.days, Unit.CALENDAR_DAYS))
