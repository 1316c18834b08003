"""Pages for logging in and out, for setting a password by link, and for the own account."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from knelpunt.domain.mail_kinds import MailChoice, NotificationChoice
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import accounts as queries
from knelpunt.queries.accounts import identity
from knelpunt.queries.worklist.views import start_of
from knelpunt.services import accounts
from knelpunt.services.accounts import Ticket
from knelpunt.services.collaboration import notifications
from knelpunt.services.mail import addresses_gone
from knelpunt.services.submitters import mail_choices
from knelpunt.services.worklist.calendars import READERS
from knelpunt.web.auth import (
    devices,
    factor_pages,
    routes_calendar,
    routes_factor,
    routes_passkeys,
    routes_sessions,
    routes_sign_on,
)
from knelpunt.web.auth import signed_in as person
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.auth.forms import (
    AcceptForm,
    ChangePasswordForm,
    ForgottenForm,
    LoginForm,
    MailChoiceForm,
    NewPasswordForm,
    NotificationChoiceForm,
)
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.navigation import start_page
from knelpunt.web.shared.requests.access import by_link, current_context, now_utc, public, requires, signed_in
from knelpunt.web.shared.requests.own_paths import own_path
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

__all__ = ["bp", "routes_calendar", "routes_factor", "routes_passkeys", "routes_sessions", "routes_sign_on"]


@bp.route("/inloggen", methods=["GET", "POST"])
@public
@commits
def login() -> ResponseReturnValue:
    form = LoginForm()
    wanted = own_path(request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(wanted or url_for("auth.welcome"))
    if form.validate_on_submit():
        email = form.email.data or ""
        ticket = _counted(_count_login, email)
        with errors_on(form):
            token = accounts.authenticate(
                current_context(), email, form.password.data or "", ticket, devices.this_browser(email)
            )
            person.sign_in(token)
            if person.half_way():
                return redirect(url_for("auth.second_step", next=wanted))
            devices.remember_device(email)
            return redirect(wanted or url_for("auth.welcome"))
    return render_template(
        "auth/login.html", form=form, wanted=wanted, providers=routes_sign_on.offered()
    ), form_status(form)


def _count_login(session: Session, email: str, address: str, now: datetime) -> Ticket:
    return accounts.count_login(session, email, address, now, devices.known_device(email))


@bp.route("/welkom")
@signed_in
def welcome() -> ResponseReturnValue:
    """Where somebody goes after logging in: the view that somebody chose, else the first page of the own work."""
    view = start_of(db.session, current_user.actor)
    return redirect(f"/werkvoorraad?{view[1]}&weergave={view[0]}" if view else start_page(current_user.actor))


@bp.route("/uitloggen", methods=["POST"])
@public
@commits
def logout() -> ResponseReturnValue:
    way_out = person.way_out()
    person.end_this_session()
    person.leave()
    if way_out is not None:
        session[routes_sign_on.WAY_OUT] = way_out
        return redirect(url_for("auth.logged_out"))
    flash("U bent uitgelogd.")
    return redirect("/")


@bp.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@public
@commits
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm()
    if form.validate_on_submit():
        ticket = _counted(accounts.count_reset, form.email.data or "")
        accounts.request_reset(current_context(), form.email.data or "", ticket)
        return redirect(url_for("auth.forgotten_sent"))
    return render_template("auth/forgotten.html", form=form), form_status(form)


@bp.route("/wachtwoord-vergeten/verstuurd")
@public
def forgotten_sent() -> ResponseReturnValue:
    return render_template("auth/forgotten_sent.html")


@bp.route("/wachtwoord/<string:token>", methods=["GET", "POST"])
@by_link
@commits
def new_password(token: str) -> ResponseReturnValue:
    if not queries.usable_token(db.session, accounts.hash_token(token), now_utc()):
        return render_template("auth/link_over.html", title="Deze link werkt niet meer", about="wachtwoord"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        with errors_on(form):
            accounts.reset_password(current_context(), token, form.password.data or "")
            flash("Uw wachtwoord is gewijzigd. U kunt nu inloggen.")
            return redirect(url_for("auth.login"))
    return render_template("auth/new_password.html", form=form), form_status(form)


@bp.route("/uitnodiging/<string:token>", methods=["GET", "POST"])
@by_link
@commits
def invitation(token: str) -> ResponseReturnValue:
    invited = queries.usable_invitation(db.session, accounts.hash_token(token), now_utc())
    if invited is None:
        return render_template(
            "auth/link_over.html", title="Deze uitnodiging werkt niet meer", about="uitnodiging"
        ), 404
    form = AcceptForm(name=invited.name)
    if form.validate_on_submit():
        with errors_on(form):
            accounts.accept_invitation(
                current_context(), token, name=form.name.data or "", password=form.password.data or ""
            )
            devices.remember_device(invited.email or "")
            flash("Uw account is klaar. U kunt nu inloggen.")
            return redirect(url_for("auth.login"))
    return render_template("auth/invitation.html", form=form, invited=invited), form_status(form)


@bp.route("/mijn-account")
@signed_in
def account() -> ResponseReturnValue:
    return render_template(
        "auth/account.html",
        gone_at=queries.address_gone_at(db.session, current_user.actor.account_id),
        form=ButtonForm(),
        factor=identity.factor_state(db.session, current_user.actor.account_id),
        must_have_factor=factor_pages.must_have_factor(current_user.actor.role),
        obliged_from=factor_pages.obliged_from(current_user.actor.role),
        may_choose_mails=current_user.actor.can(Permission.READ_OWN_CASES),
        has_terms=any(map(current_user.actor.can, READERS)),
        may_choose_notifications=current_user.actor.can(Permission.READ_CASES),
    )


@bp.route("/mijn-account/adres-opnieuw", methods=["POST"])
@signed_in
@commits
def use_address_again() -> ResponseReturnValue:
    """Say that the own address is there, though another server said that nobody has it."""
    addresses_gone.use_own_again(current_context())
    flash("Mails gaan weer naar uw e-mailadres.")
    return redirect(url_for("auth.account"))


@bp.route("/mijn-account/wachtwoord", methods=["GET", "POST"])
@signed_in
@commits
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        ticket = _counted(_count_login, current_user.email)
        with errors_on(form):
            person.keep(
                accounts.change_password(
                    current_context(), form.current.data or "", form.password.data or "", ticket, current_user.row
                )
            )
            flash("Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd.")
            return redirect(url_for("auth.account"))
    return render_template("auth/change_password.html", form=form), form_status(form)


@bp.route("/mijn-account/mail", methods=["GET", "POST"])
@requires(Permission.READ_OWN_CASES)
@commits
def mail_choice() -> ResponseReturnValue:
    """Choose which mails about the own organisation's cases come to this account."""
    form = MailChoiceForm()
    if form.validate_on_submit():
        with errors_on(form):
            mail_choices.choose_for_account(current_context(), form.choice.data or MailChoice.ALL)
            flash("Uw keuze is bewaard.")
            return redirect(url_for("auth.account"))
    elif request.method == "GET":
        form.choice.data = queries.mail_choice_of(db.session, current_user.actor.account_id)
    return render_template("auth/mail.html", form=form), form_status(form)


@bp.route("/mijn-account/meldingen", methods=["GET", "POST"])
@requires(Permission.READ_CASES)
@commits
def notification_choice() -> ResponseReturnValue:
    """Choose how what happens in cases comes by mail: each, once a day, or not."""
    form = NotificationChoiceForm()
    if form.validate_on_submit():
        with errors_on(form):
            notifications.choose(current_context(), form.choice.data or NotificationChoice.EACH)
            flash("Uw keuze is bewaard.")
            return redirect(url_for("auth.account"))
    elif request.method == "GET":
        form.choice.data = queries.notification_choice_of(db.session, current_user.actor.account_id)
    return render_template("auth/notifications.html", form=form), form_status(form)


def _counted(count: Callable[[Session, str, str, datetime], Ticket], email: str) -> Ticket:
    """Count an attempt in a transaction of its own, before anything else is written: an answer that rolls back must
    not forget it."""
    db.session.rollback()
    ticket = count(db.session, email, request.remote_addr or "", now_utc())
    db.session.commit()
    return ticket
