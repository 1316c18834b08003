"""Where somebody is logged in and when that was so before, and what can be done with the own data."""

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.domain.accounts import is_session_alive, session_limits
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.privacy.requests import RequestKind
from knelpunt.extensions import db
from knelpunt.queries.accounts import identity
from knelpunt.queries.accounts.identity import SessionRow
from knelpunt.queries.privacy import export
from knelpunt.services import accounts
from knelpunt.services.privacy import requests
from knelpunt.web.auth import signed_in as person
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.privacy.export import JSON_FORM, download
from knelpunt.web.shared.privacy.forms import AskForm
from knelpunt.web.shared.requests.access import asks_who, current_context, now_utc, signed_in
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/mijn-account/sessies")
@signed_in
def sessions() -> ResponseReturnValue:
    """The browsers in which this account is open, and a list of each log-in of the last month."""
    now = now_utc()
    limits = session_limits(current_user.role)
    before = number_in(request.args.get("voor", ""))
    past = identity.log_ins_of(db.session, current_user.actor.account_id, before)
    shown, more = past[: identity.PAGE_SIZE], len(past) > identity.PAGE_SIZE
    return render_template(
        "auth/sessions.html",
        sessions=[
            each
            for each in identity.sessions_of(db.session, current_user.actor.account_id)
            if is_open(each, now) and not _is_half_way(each, now)
        ],
        log_ins=[(each, _end_of(each, now)) for each in shown],
        first_href=url_for("auth.sessions") if before else None,
        next_href=url_for("auth.sessions", voor=shown[-1].id) if more else None,
        ends_at=current_user.signed_in_at + limits.total,
        idle_words=_length(limits.idle),
        total_words=_length(limits.total),
    )


@bp.route("/mijn-account/sessies/<id:session_id>/beeindigen", methods=["POST"])
@signed_in
@commits
def end_session(session_id: int) -> ResponseReturnValue:
    accounts.end_session(current_context(), session_id)
    if session_id == current_user.session_id:
        person.leave()
        return redirect(url_for("auth.login"))
    flash("Die browser is uitgelogd.")
    return redirect(url_for("auth.sessions"))


@bp.route("/mijn-account/overal-uitloggen", methods=["POST"])
@signed_in
@commits
def logout_everywhere() -> ResponseReturnValue:
    accounts.end_sessions(current_context())
    person.leave()
    flash("U bent overal uitgelogd.")
    return redirect(url_for("auth.login"))


@bp.route("/mijn-account/gegevens", methods=["GET", "POST"])
@signed_in
@commits
def own_data() -> ResponseReturnValue:
    form = AskForm()
    if form.validate_on_submit():
        with errors_on(form):
            requests.ask_about_account(current_context(), RequestKind(form.kind.data), form.words.data or "")
            flash(_("Uw verzoek is verstuurd. U krijgt een mail met de link naar uw verzoek."))
            return redirect(url_for("auth.own_data"))
    return render_template(
        "privacy/own.html",
        form=form,
        over=None,
        export_path=url_for("auth.own_data_file"),
        erase_path=None,
        back=url_for("auth.account"),
        back_words=_("Terug naar uw account"),
    ), form_status(form)


@bp.route("/mijn-account/gegevens/ophalen", methods=["POST"])
@asks_who
@signed_in
@commits
def own_data_file() -> ResponseReturnValue:
    """The own data as a file (AVG art. 15 and 20). That it was made is kept."""
    account_id = current_user.actor.account_id
    requests.note_own_export(current_context())
    return download(lambda session: export.of_account(session, account_id), request.form.get("vorm", JSON_FORM))


def is_open(row: SessionRow, now: datetime) -> bool:
    """Whether a session can still be used."""
    return row.ended_at is None and is_session_alive(current_user.role, row.created_at, row.last_seen_at, now)


def _is_half_way(row: SessionRow, now: datetime) -> bool:
    """Whether only the password was shown; of a session that is over, by the rules of the day of its last use."""
    day = nl_day(now if is_open(row, now) else row.last_seen_at)
    return current_context().login_rules.waits(current_user.role, row.second_factor_at, day, is_due=row.factor_due)


def _end_of(row: SessionRow, now: datetime) -> str:
    """How a log-in ended, or that it did not."""
    if _is_half_way(row, now):
        return "Niet afgemaakt: alleen het wachtwoord klopte"
    if is_open(row, now):
        return "Nog ingelogd"
    return "Uitgelogd" if row.ended_at else "Vanzelf voorbij"


def _length(time: timedelta) -> str:
    """A length of time in words: minutes, hours or days, whichever is whole."""
    if time % timedelta(days=1) == timedelta():
        return f"{time.days} dagen"
    hours, rest = divmod(time, timedelta(hours=1))
    return f"{hours} uur" if rest == timedelta() else f"{rest // timedelta(minutes=1)} minuten"
