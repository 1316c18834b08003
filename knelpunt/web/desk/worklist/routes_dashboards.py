"""``/bureau``: how the desk as a whole stands, for its head; and ``/vandaag``: what waits for one person today."""

from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.leave import covered_by
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.figures.definitions import CLOCK_TIMES
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.letters import HANDLER_TOLD_AFTER
from knelpunt.domain.quarters.track import DAY_TEXTS
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import proposals as rule_proposals
from knelpunt.queries.cases.lists import NEARLY_LATE_WORKING_DAYS, SILENT_DAYS, WorkList
from knelpunt.queries.collaboration.tasks import due_for
from knelpunt.queries.consultations.waiting import for_head
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.dashboards import SHOWN, Age, DeskOverview, day_of, desk_overview, waiting
from knelpunt.queries.figures.quarter import recent_times
from knelpunt.queries.privacy.requests import waiting as privacy_waiting
from knelpunt.queries.quarters.planning import due_days
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.worklist.due import due_in_words
from knelpunt.web.shared.charts.figure_charts import duration_rows
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.privacy import KIND_WORDS
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

AGE_WORDS = {
    Age.WEEK: "Een week of korter",
    Age.MONTH: "Een week tot een maand",
    Age.QUARTER: "Een maand tot een kwartaal",
    Age.YEAR: "Een kwartaal tot een jaar",
    Age.LONGER: "Langer dan een jaar",
}
FLOW = tuple(status for status in CaseStatus if status in OPEN_STATUSES)
"""The open states, in the order in which a case comes by them."""

Line = tuple[str, str | None, int, str | None, int]
"""One row: words, the list of the open cases and how many, the list of the late ones and how many. A list is None
when no filter gives exactly those cases."""


@bp.route("/bureau")
@requires(Permission.READ_DESK)
def desk() -> ResponseReturnValue:
    actor, today = current_actor(), today_in_nl()
    names = reference(db.session)
    overview = desk_overview(db.session, actor, today)
    quarter = quarter_of(today)
    path = url_for("desk.worklist")
    return render_template(
        "desk/desk.html",
        overview=overview,
        states=_by_state(overview, path),
        ages=_by_age(overview, path, today),
        handlers=_by_handler(overview, path, names),
        names_of_staff=names.staff_names,
        silent_days=SILENT_DAYS,
        today=today,
        quarter=quarter,
        times=duration_rows(recent_times(db.session, Span.of(quarter, today))),
        times_definition=CLOCK_TIMES,
        waiting_changes=waiting(db.session, actor, today).law_changes,
        hrefs={worklist.name: _href(path, worklist) for worklist in WorkList},
    )


@bp.route("/vandaag")
@requires(Permission.HANDLE_CASE, Permission.REVIEW_CASE)
def today() -> ResponseReturnValue:
    actor, day = current_actor(), today_in_nl()
    names = reference(db.session)
    covered = covered_by(names.leaves, actor.account_id or 0, day)
    path = url_for("desk.worklist")
    return render_template(
        "desk/today.html",
        day=day_of(db.session, actor, day, covered),
        covered=sorted(names.staff_names[id_] for id_ in covered),
        tasks=due_for(db.session, covered | {actor.account_id or 0}, add_working_days(day, NEARLY_LATE_WORKING_DAYS)),
        names_of_staff=names.staff_names,
        own_id=actor.account_id,
        today=day,
        shown=SHOWN,
        may_assign=actor.can(Permission.ASSIGN_CASE),
        may_handle=actor.can(Permission.HANDLE_CASE),
        may_review=actor.can(Permission.REVIEW_CASE),
        rule_steps=rule_proposals.to_review(db.session, actor.account_id)
        if actor.can(Permission.REVIEW_BOTTLENECK)
        else [],
        for_head=for_head(db.session, day) if actor.can(Permission.DECIDE_DISAGREEMENT) else None,
        waits=waiting(db.session, actor, day),
        told_after=HANDLER_TOLD_AFTER,
        privacy=privacy_waiting(db.session, day, SHOWN) if actor.can(Permission.MANAGE_PRIVACY) else None,
        privacy_words=KIND_WORDS,
        quarters=due_days(db.session, day) if actor.can(Permission.SEAL_QUARTER) else [],
        quarter_day_texts=DAY_TEXTS,
        hrefs={worklist.name: _href(path, worklist) for worklist in WorkList},
        due_in_words=due_in_words,
    )


@lru_cache(maxsize=1000)
def _href(path: str, worklist: WorkList, **filters: str) -> str:
    """The address of a work list, narrowed by filters as they stand in its address. Kept, since a page has a hundred
    of them and each page the same."""
    return f"{path}?{urlencode({'lijst': worklist.value, **filters})}"


def _line(path: str, words: str, count: int, late: int, **filters: str) -> Line:
    return (words, _href(path, WorkList.OPEN, **filters), count, _href(path, WorkList.LATE, **filters), late)


def _by_state(overview: DeskOverview, path: str) -> list[Line]:
    counts, late = overview.open_by(lambda each: each.status), overview.late_by(lambda each: each.status)
    return [_line(path, label(status), counts[status], late[status], staat=status.value) for status in FLOW]


def _by_age(overview: DeskOverview, path: str, today: date) -> list[Line]:
    counts, late = overview.open_by(lambda each: each.age), overview.late_by(lambda each: each.age)
    rows: list[Line] = []
    for age, words in AGE_WORDS.items():
        days = zip(("van", "tot"), age.days(today), strict=True)
        filters = {name: day.isoformat() for name, day in days if day is not None}
        rows.append(_line(path, words, counts[age], late[age], **filters))
    return rows


def _by_handler(overview: DeskOverview, path: str, names: Reference) -> list[Line]:
    """The fullest desks first; what nobody has stands on top."""
    counts, late = overview.open_by(lambda each: each.handler_id), overview.late_by(lambda each: each.handler_id)
    rows: list[Line] = []
    if counts[None]:
        rows.append(("Nog van niemand", _href(path, WorkList.UNASSIGNED), counts[None], None, late[None]))
    handlers = {**dict.fromkeys(names.handlers, 0), **{id_: count for id_, count in counts.items() if id_ is not None}}
    offered = {id_ for id_, _words in names.handler_options}
    for id_ in sorted(handlers, key=lambda each: (-handlers[each], names.staff_names[each], each)):
        if id_ in offered:
            rows.append(_line(path, names.staff_names[id_], counts[id_], late[id_], behandelaar=str(id_)))
        else:
            rows.append((names.staff_names[id_], None, counts[id_], None, late[id_]))
    return rows
