"""The second step of logging in: shown, set up, replaced, and switched off."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.extensions import db
from knelpunt.queries.accounts import identity
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts.identity import factors
from knelpunt.web.auth import devices
from knelpunt.web.auth import factor_pages as pages
from knelpunt.web.auth import signed_in as person
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.auth.forms import CodeForm, SetUpForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import asks_factor, public, signed_in
from knelpunt.web.shared.requests.own_paths import own_path
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@bp.route("/inloggen/code", methods=["GET", "POST"])
@public
@commits
def second_step() -> ResponseReturnValue:
    """After the password: the code of the telephone. Who must have one and has none yet sets it up first."""
    wanted = own_path(request.args.get("next"))
    row = person.half_way()
    if row is None:
        return redirect(url_for("auth.welcome") if current_user.is_authenticated else url_for("auth.login"))
    if not identity.has_factor(db.session, row.account_id):
        return redirect(url_for("auth.first_set_up", next=wanted))
    form = CodeForm()
    if form.validate_on_submit():
        ticket = pages.counted(row.account_id)
        with errors_on(form):
            person.keep(factors.finish_log_in(pages.owner(row), pages.sealer(), row, form.code.data or "", ticket))
            devices.remember_device(row.email)
            return redirect(wanted or url_for("auth.welcome"))
    page = render_template("auth/code.html", form=form, wanted=wanted, **pages.demo(row))
    return page, form_status(form)


@bp.route("/inloggen/instellen", methods=["GET", "POST"])
@public
@commits
def first_set_up() -> ResponseReturnValue:
    """Who must have a second step and has none sets it up, before anything else."""
    wanted = own_path(request.args.get("next"))
    row = person.half_way()
    if row is None or identity.has_factor(db.session, row.account_id):
        return redirect(url_for("auth.second_step", next=wanted))
    return _set_up(row, title="Stel uw tweede stap in", onward=wanted or url_for("auth.welcome"))


@bp.route("/mijn-account/tweede-stap", methods=["GET", "POST"])
@signed_in
@asks_factor
@commits
def factor() -> ResponseReturnValue:
    """Set up or replace the own second step. Who has one shows it first."""
    row = pages.this_row()
    state = identity.factor_state(db.session, row.account_id)
    return _set_up(
        row,
        title="Vervang uw tweede stap" if state.is_set_up else "Stel een tweede stap in",
        onward=url_for("auth.account"),
    )


@bp.route("/mijn-account/tweede-stap/herstelcodes", methods=["GET", "POST"])
@signed_in
@asks_factor
@commits
def recovery_codes() -> ResponseReturnValue:
    """New recovery codes in place of the old ones."""
    row = pages.this_row()
    state = identity.factor_state(db.session, row.account_id)
    if not state.is_set_up:
        return redirect(url_for("auth.factor"))
    form = ButtonForm()
    if form.validate_on_submit():
        codes = factors.renew_codes(pages.owner(row), row.account_id)
        return render_template("auth/codes.html", codes=codes, onward=url_for("auth.account"))
    return render_template("auth/renew_codes.html", form=form, state=state), form_status(form)


@bp.route("/mijn-account/tweede-stap/uitzetten", methods=["GET", "POST"])
@signed_in
@asks_factor
@commits
def switch_off_factor() -> ResponseReturnValue:
    """Go back to a password alone, where the role may."""
    row = pages.this_row()
    if not identity.has_factor(db.session, row.account_id):
        return redirect(url_for("auth.factor"))
    form = ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            factors.switch_off(pages.owner(row), row)
            flash("De tweede stap staat uit.")
            return redirect(url_for("auth.account"))
    page = render_template("auth/switch_off.html", form=form, must_stay=pages.must_have_factor(row.role))
    return page, form_status(form)


def _set_up(row: SignedInRow, *, title: str, onward: str) -> ResponseReturnValue:
    """A picture for the telephone and the first code back; then, once, the recovery codes."""
    context, sealer, form = pages.owner(row), pages.sealer(), SetUpForm()
    asks_password = factors.asks_password(context, row)
    if form.validate_on_submit():
        ticket = pages.counted(row.account_id)
        with errors_on(form):
            token, codes = factors.set_up(
                context,
                sealer,
                row,
                form.sealed.data or "",
                form.code.data or "",
                ticket,
                password=form.current.data or "",
            )
            person.keep(token)
            devices.remember_device(row.email)
            return render_template("auth/codes.html", codes=codes, onward=onward)
    secret = factors.proposed(context, sealer, row.account_id, form.sealed.data or "")
    if secret is None:
        secret, form.sealed.data = factors.propose(context, sealer, row.account_id)
    page = render_template(
        "auth/set_up.html",
        form=form,
        title=title,
        picture=pages.picture(secret, row),
        secret=pages.grouped(secret),
        asks_password=asks_password,
        is_first=person.half_way() is not None,
        **pages.demo(row, secret),
    )
    return page, form_status(form)
