"""Passkeys: the own ones, and logging in with one, beside a password or without."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.extensions import db
from knelpunt.queries.accounts import identity
from knelpunt.queries.accounts.accounts import SignedInRow
from knelpunt.services.accounts.identity import passkeys
from knelpunt.web.auth import devices
from knelpunt.web.auth import factor_pages as pages
from knelpunt.web.auth import signed_in as person
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.auth.forms import NewPasskeyForm, PasskeyForm
from knelpunt.web.shared.requests.access import asks_factor, current_context, public, signed_in
from knelpunt.web.shared.requests.own_paths import own_path
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@bp.route("/mijn-account/toegangssleutels", methods=["GET", "POST"])
@signed_in
@asks_factor
@commits
def own_passkeys() -> ResponseReturnValue:
    """The own passkeys, and one more."""
    row, form = pages.this_row(), NewPasskeyForm()
    context, sealer, party = pages.owner(row), pages.sealer(), pages.party()
    if form.validate_on_submit():
        with errors_on(form):
            passkeys.add(
                context,
                sealer,
                party,
                row,
                sealed=form.sealed.data or "",
                answer=form.answer.data or "",
                name=form.name.data or "",
            )
            flash("De toegangssleutel is toegevoegd.")
            return redirect(url_for("auth.own_passkeys"))
    question, form.sealed.data = passkeys.ask_new(context, sealer, party, row)
    form.answer.data = ""
    page = render_template(
        "auth/passkeys.html",
        form=form,
        question=question,
        passkeys=identity.passkeys_of(db.session, row.account_id),
        may_add=identity.has_factor(db.session, row.account_id),
    )
    return page, form_status(form)


@bp.route("/mijn-account/toegangssleutels/<id:passkey_id>/weghalen", methods=["POST"])
@signed_in
@asks_factor
@commits
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    row = pages.this_row()
    passkeys.remove(pages.owner(row), row, passkey_id)
    flash("De toegangssleutel is weg. Haal hem ook van uw apparaat.")
    return redirect(url_for("auth.own_passkeys"))


@bp.route("/inloggen/sleutel", methods=["GET", "POST"])
@public
@commits
def log_in_with_passkey() -> ResponseReturnValue:
    """With a passkey alone, or after a password where a code would do as well."""
    wanted = own_path(request.args.get("next"))
    row, form = person.half_way(), PasskeyForm()
    if row is None and current_user.is_authenticated:
        return redirect(wanted or url_for("auth.welcome"))
    if form.validate_on_submit():
        with errors_on(form):
            _enter(row, form)
            return redirect(wanted or url_for("auth.welcome"))
    sealer, party = pages.sealer(), pages.party()
    asked = passkeys.ask_use(current_context(), sealer, party, row.account_id if row else None)
    if asked is None:
        return redirect(url_for("auth.second_step", next=wanted))
    question, form.sealed.data = asked
    form.answer.data = ""
    page = render_template("auth/passkey_log_in.html", form=form, question=question, wanted=wanted, is_second=bool(row))
    return page, form_status(form)


def _enter(row: SignedInRow | None, form: PasskeyForm) -> None:
    sealer, party = pages.sealer(), pages.party()
    sealed, answer = form.sealed.data or "", form.answer.data or ""
    if row is not None:
        person.keep(passkeys.finish_log_in(pages.owner(row), sealer, party, row, sealed, answer))
        devices.remember_device(row.email)
        return
    named = passkeys.account_named_in(current_context(), answer)
    email = named[1] if named else ""
    token = passkeys.log_in(current_context(), sealer, party, sealed, answer, devices.this_browser(email))
    person.sign_in(token)
    devices.remember_device(email)
