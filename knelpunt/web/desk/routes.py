"""The work lists of the desk, and the same lists as a file."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.leave import covered_by
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import BulkKind
from knelpunt.extensions import db
from knelpunt.queries.cases import lists as case_lists
from knelpunt.queries.cases.lists import CaseRow, CaseSort, WorkList
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.worklist.views import views_of
from knelpunt.services.worklist.bulk import MOST, PERMISSION
from knelpunt.web.desk.archive import routes as routes_archive
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case import routes as routes_case
from knelpunt.web.desk.case import routes_contact, routes_marks, routes_presence, routes_related, routes_replies
from knelpunt.web.desk.consultations import routes as routes_consultations
from knelpunt.web.desk.law_changes import routes as routes_law_changes
from knelpunt.web.desk.notifications import routes as routes_notifications
from knelpunt.web.desk.post import routes as routes_post
from knelpunt.web.desk.privacy import routes as routes_privacy
from knelpunt.web.desk.referrals import routes as routes_referrals
from knelpunt.web.desk.steps import routes as routes_steps
from knelpunt.web.desk.steps import (
    routes_assessments,
    routes_bottleneck,
    routes_guide,
    routes_publication,
    routes_reviews,
    routes_second_look,
)
from knelpunt.web.desk.suggestions import routes as routes_suggestions
from knelpunt.web.desk.tasks import routes as routes_tasks
from knelpunt.web.desk.tasks import routes_checklists
from knelpunt.web.desk.worklist import routes_bulk, routes_groups, routes_leave, routes_views
from knelpunt.web.desk.worklist import routes_dashboards as routes_desk
from knelpunt.web.desk.worklist.due import due_in_words
from knelpunt.web.desk.worklist.filters import EMPTY, WORKLIST_WORDS, WorkListState
from knelpunt.web.desk.worklist.place import remember_list
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.csv_files import csv_download, note_download
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

__all__ = [
    "bp",
    "routes_archive",
    "routes_assessments",
    "routes_bottleneck",
    "routes_bulk",
    "routes_case",
    "routes_checklists",
    "routes_consultations",
    "routes_contact",
    "routes_desk",
    "routes_groups",
    "routes_guide",
    "routes_law_changes",
    "routes_leave",
    "routes_marks",
    "routes_notifications",
    "routes_post",
    "routes_presence",
    "routes_privacy",
    "routes_publication",
    "routes_referrals",
    "routes_related",
    "routes_replies",
    "routes_reviews",
    "routes_second_look",
    "routes_steps",
    "routes_suggestions",
    "routes_tasks",
    "routes_views",
]

EXPORT_HEADS = (
    "Nummer",
    "Titel",
    "Staat",
    "Oordeel",
    "Oordeel in woorden",
    "Resultaat",
    "Publicatie",
    "Soort indiener",
    "Thema",
    "Gemeente",
    "Gemeente van toen",
    "Provincie",
    "Wet",
    "Regels volgens de indiener",
    "Behandelaar",
    "Prioriteit",
    "Labels",
    "Ingediend op",
    "Afgesloten op",
    "Uiterste datum",
    "Termijn",
    "Gewijzigd op",
    "Gemeentecode",
    "Provinciecode",
)


def _offered(shown: WorkList, names: Reference, actor: Actor, today: date) -> dict[WorkList, str]:
    """The lists that are offered: what somebody stands in for only to who does, a team to who is in one, and what has
    no owner to who can name one."""
    me = actor.account_id or 0
    is_meant = {
        WorkList.COVERED: bool(covered_by(names.leaves, me, today)),
        WorkList.TEAM: me in names.team_of,
        WorkList.OWNERLESS: actor.can(Permission.ASSIGN_CASE),
    }
    return {
        worklist: words
        for worklist, words in WORKLIST_WORDS.items()
        if worklist is shown or is_meant.get(worklist, True)
    }


@bp.route("/werkvoorraad")
@requires(Permission.READ_CASES)
def worklist() -> ResponseReturnValue:
    actor, today = current_actor(), today_in_nl()
    names = reference(db.session)
    path = url_for("desk.worklist")
    state = WorkListState(request.args, path, names, actor)
    if state.search:
        found = case_lists.reference_of_number(db.session, actor, state.search)
        if found:
            return redirect(url_for("desk.case_page", reference=found))
    worklists = _offered(state.worklist, names, actor, today)
    # A search tells how many it found in the list that is open: to look in nine lists for words costs nine times that.
    counts = {} if state.search else case_lists.counts_of(db.session, actor, state.narrowed, today, tuple(worklists))
    has_none = not (state.is_narrowed or state.chosen_list or counts.get(state.worklist))
    if has_none and state.worklist is WorkList.MINE and counts.get(WorkList.UNASSIGNED):
        state = WorkListState(request.args, path, names, actor, default=WorkList.UNASSIGNED)
    found_cases = case_lists.page_of_cases(
        db.session, actor, state.narrowed, state.order, today, after=state.after, before=state.before
    )
    remember_list(request.query_string.decode("ascii", "replace"))
    views = views_of(db.session, actor)
    page = render_template(
        "desk/worklist.html",
        state=state,
        page=found_cases,
        names=names,
        today=today,
        path=state.path,
        chips=state.chips(),
        worklists=worklists,
        counts={**counts, state.worklist: found_cases.count},
        count_limit=case_lists.COUNT_LIMIT,
        has_none_of_own=has_none,
        views=views,
        view=next((each for each in views if each.id == state.view), None),
        bulk_kinds=[kind for kind in BulkKind if actor.can(PERMISSION[kind])],
        most_at_once=MOST,
        empty=EMPTY[state.worklist],
        Sort=CaseSort,
        WorkList=WorkList,
        due_in_words=due_in_words,
        may_export=actor.can(Permission.EXPORT_CASES),
        may_take_in=actor.can(Permission.TRIAGE_CASE),
        may_assign=actor.can(Permission.ASSIGN_CASE),
    )
    return page, state.status


@bp.route("/werkvoorraad.csv")
@requires(Permission.EXPORT_CASES)
def worklist_csv() -> ResponseReturnValue:
    """What the list shows under the same address, all of it: every row that the filters leave."""
    actor = current_actor()
    names = reference(db.session)
    state = WorkListState(request.args, url_for("desk.worklist"), names, actor)
    narrowed, order, today = state.narrowed, state.order, today_in_nl()
    note_download("werkvoorraad", state.texts)
    return csv_download(
        EXPORT_HEADS,
        lambda session: (
            _exported(row, names) for row in case_lists.stream_cases(session, actor, narrowed, order, today)
        ),
        f"werkvoorraad-{state.worklist.value}.csv",
    )


def _exported(row: CaseRow, names: Reference) -> tuple[str | None, ...]:
    return (
        row.reference,
        row.title,
        label(row.status),
        row.verdict.value,
        label(row.verdict),
        label(row.result) if row.result else None,
        label(row.publication),
        label(row.submitter_kind),
        label(row.theme),
        names.municipality_names[row.municipality_id] if row.municipality_id else None,
        row.municipality_then,
        names.province_names[row.province_id] if row.province_id else None,
        names.law_names[row.main_law_id] if row.main_law_id else None,
        row.pointed_rules,
        names.staff_names[row.handler_id] if row.handler_id else None,
        label(row.priority),
        ", ".join(names.label_names[each] for each in row.labels) or None,
        row.filed_on.isoformat(),
        row.closed_on.isoformat() if row.closed_on else None,
        row.due_on.isoformat() if row.due_on else None,
        label(row.due_clock) if row.due_clock else None,
        row.updated_at.isoformat(timespec="seconds"),
        names.municipality_code(row.municipality_id),
        names.provinces[row.province_id].code if row.province_id else None,
    )
