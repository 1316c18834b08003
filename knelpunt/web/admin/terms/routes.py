"""Addresses of the terms of the desk: ``/beheer/termijnen``."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.term_changes import FIXED, TermChangeStatus, fingerprint, holding, units_of
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.laws import term_rules as queries
from knelpunt.queries.laws.term_rules import PAGE_SIZE, TermRow
from knelpunt.services import accounts
from knelpunt.services.laws import term_changes
from knelpunt.services.laws.term_changes import Wanted
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.catalogue_pages import too_few
from knelpunt.web.admin.terms.forms import TermForm, TermReviewForm
from knelpunt.web.shared.forms.forms import CHOOSE, choices, enum_choices
from knelpunt.web.shared.forms.proposals import PROPOSED, decided
from knelpunt.web.shared.pages.list_filters import ListFilters
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

STATUS_WORDS = {
    TermChangeStatus.PROPOSED: "Wacht op een tweede beheerder",
    TermChangeStatus.APPROVED: "Vastgesteld",
    TermChangeStatus.REFUSED: "Afgewezen",
    TermChangeStatus.WITHDRAWN: "Ingetrokken",
}
BADGES = {
    TermChangeStatus.PROPOSED: "wait",
    TermChangeStatus.APPROVED: "ok",
    TermChangeStatus.REFUSED: "danger",
    TermChangeStatus.WITHDRAWN: "muted",
}
DONE = {
    TermChangeStatus.APPROVED: "De termijn is vastgesteld. Hij geldt voor zaken die vanaf die dag worden ingediend.",
    TermChangeStatus.REFUSED: "Het voorstel is afgewezen.",
    TermChangeStatus.WITHDRAWN: "Het voorstel is ingetrokken.",
}


@bp.route("/beheer/termijnen")
@requires(Permission.EDIT_TERMS)
def terms() -> ResponseReturnValue:
    """Every clock: what holds today, what will hold, and what is proposed."""
    everything, today = queries.every_term(db.session), today_in_nl()
    waiting = {row.clock: row for row in queries.waiting_changes(db.session)}
    return render_template(
        "admin/terms.html",
        lines=[(clock, _now(everything[clock]), _later(everything[clock])) for clock in Clock if clock in everything],
        waiting=waiting,
        fixed=FIXED,
        is_confirmed=accounts.is_confirmed(current_context()),
        today=today,
    )


@bp.route("/beheer/termijnen/<string:clock_key>")
@requires(Permission.EDIT_TERMS)
def term_history(clock_key: str) -> ResponseReturnValue:
    """One clock: its terms with the days on which they hold, and every proposal."""
    clock = next((each for each in Clock if each.value == clock_key), None)
    if clock is None:
        abort(404)
    asked = ListFilters.of_request()
    changes = queries.changes_of(db.session, clock, asked.read_page())
    previous, following = asked.pages(more=len(changes) > PAGE_SIZE)
    return render_template(
        "admin/term_history.html",
        clock=clock,
        rows=list(reversed(queries.every_term(db.session, clock).get(clock, []))),
        changes=changes[:PAGE_SIZE],
        previous_href=previous,
        next_href=following,
        status_words=STATUS_WORDS,
        badges=BADGES,
        is_fixed=clock in FIXED,
        today=today_in_nl(),
    )


@bp.route("/beheer/termijnen/<id:term_id>/wijzigen", methods=["GET", "POST"])
@requires(Permission.EDIT_TERMS)
@commits
def term_propose(term_id: int) -> ResponseReturnValue:
    """Propose another term instead of one that holds today."""
    form = TermForm()
    clock = queries.clock_of(db.session, term_id)
    if clock is None:
        abort(404)
    form.unit.choices = [*choices([("", CHOOSE)]), *enum_choices(units_of(clock))]
    if form.validate_on_submit() and form.from_day.data is not None:
        with errors_on(form):
            wanted = Wanted(form.length.data, form.unit.data, form.from_day.data, form.reason.data or "")
            made = term_changes.propose(current_context(), term_id, wanted, base_digest=form.base.data or "")
            flash(PROPOSED)
            return redirect(url_for("admin.term_change", term_change_id=made.id), 303)
    rows = queries.every_term(db.session, clock)[clock]
    row = next((each for each in rows if each.id == term_id and each.term.holds_on(today_in_nl())), None)
    if row is None or clock in FIXED:
        abort(404)
    if not form.is_submitted():
        form.length.data, form.unit.data = row.term.length, row.term.unit
    if not form.is_submitted() or form.conflict:
        form.base.data = fingerprint(each.term for each in rows)
    waiting = next((each for each in queries.waiting_changes(db.session) if each.clock is clock), None)
    page = render_template(
        "admin/term_form.html",
        form=form,
        row=row,
        clock=clock,
        place=_place(rows, row),
        later=_later(rows),
        waiting=waiting,
        is_confirmed=accounts.is_confirmed(current_context()),
    )
    return page, form_status(form)


@bp.route("/beheer/termijnen/voorstellen/<id:term_change_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_TERMS)
@commits
def term_change(term_change_id: int) -> ResponseReturnValue:
    """A proposal, and what happens to it."""
    form = TermReviewForm()
    if form.validate_on_submit() and (done := _decide(form, term_change_id)) is not None:
        flash(DONE[done])
        return redirect(url_for("admin.term_change", term_change_id=term_change_id), 303)
    change = queries.one_change(db.session, term_change_id)
    if change is None:
        abort(404)
    rows = queries.every_term(db.session, change.clock)[change.clock]
    is_open = change.status is TermChangeStatus.PROPOSED
    page = render_template(
        "admin/term_change.html",
        form=form,
        change=change,
        later=[row for row in _later(rows) if row.term.valid_from > change.from_day],
        is_open=is_open,
        is_own=change.proposed_by_id == current_actor().account_id,
        is_confirmed=accounts.is_confirmed(current_context()),
        few=too_few(change.proposed_by_id) if is_open else None,
        has_moved=is_open and fingerprint(row.term for row in rows) != change.base_digest,
        is_past=is_open and change.from_day <= today_in_nl(),
        repeats=len(holding([row.term for row in rows], change.from_day)) > 1,
        status_words=STATUS_WORDS[change.status],
        badge=BADGES[change.status],
        Status=TermChangeStatus,
    )
    return page, form_status(form)


def _now(rows: list[TermRow]) -> list[TermRow]:
    held = [row for row in rows if row.term.holds_on(today_in_nl())]
    return sorted(held, key=lambda row: row.term.length)


def _later(rows: list[TermRow]) -> list[TermRow]:
    return [row for row in rows if row.term.valid_from > today_in_nl()]


def _place(rows: list[TermRow], row: TermRow) -> int | None:
    """Which of the terms of a clock that runs more than once this is, from 1; None for another clock."""
    held = _now(rows)
    return held.index(row) + 1 if len(held) > 1 else None


def _decide(form: TermReviewForm, change_id: int) -> TermChangeStatus | None:
    """Do what the button says; None when the form says why not."""
    context = current_context()
    return decided(
        form,
        {
            TermChangeStatus.APPROVED: lambda: term_changes.approve(context, change_id).status,
            TermChangeStatus.REFUSED: lambda: term_changes.refuse(context, change_id, form.note.data or "").status,
            TermChangeStatus.WITHDRAWN: lambda: term_changes.withdraw(context, change_id).status,
        },
    )
