"""Keys for systems: ``/onze-organisatie/koppelingen`` for who manages an organisation, ``/beheer/koppelingen`` for the
administrator of the site, who sees all, may revoke, and makes those of ministries."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.identity.clients import NAME_MAX_CHARACTERS, WARNED_BEFORE, last_possible_day
from knelpunt.domain.identity.subscriptions import COVERS_WORDS
from knelpunt.domain.permissions import OF_ORGANISATIONS, ApiScope, Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import clients as queries
from knelpunt.queries.accounts.clients import ClientRow, ClientState
from knelpunt.queries.accounts.subscriptions import list_subscriptions
from knelpunt.queries.core.reference import reference
from knelpunt.services.accounts.identity import clients
from knelpunt.services.accounts.identity.clients import Made
from knelpunt.services.mail.subscriptions import host_of
from knelpunt.web.admin.account_pages import Scope
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.clients.routes_subscriptions import STATE_LOOKS
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    CheckboxGroupField,
    Chosen,
    DayField,
    IdField,
    VersionedForm,
    choices,
)
from knelpunt.web.shared.labels.labels import label, lazy_label
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import asks_who, current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

STATE_WORDS = {ClientState.HOLDS: "Werkt", ClientState.ENDED: "Werkt niet meer"}


class ClientForm(BaseForm):
    """A new key."""

    name = StringField(
        "Naam van de koppeling",
        description="Bijvoorbeeld de naam van uw zaaksysteem. Zo weten collega’s welke het is.",
        validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)],
    )
    scopes = CheckboxGroupField(
        "Wat mag de koppeling?",
        description="Kies niet meer dan uw systeem nodig heeft.",
        choices=choices((scope.value, lazy_label(scope)) for scope in OF_ORGANISATIONS),
    )
    ends_on = DayField(
        "Tot en met welke dag?",
        description="Hooguit een jaar. U krijgt bericht voordat de koppeling eindigt.",
        validators=[InputRequired("Vul een dag in.")],
    )


class MinistryClientForm(BaseForm):
    """A new key of a ministry, for reporting."""

    organisation_id = IdField("Ministerie", validators=[Chosen("Kies een ministerie.")])
    name = StringField(
        "Naam van de koppeling",
        description="Bijvoorbeeld de naam van het systeem dat de cijfers leest.",
        validators=[InputRequired("Vul een naam in."), Length(max=NAME_MAX_CHARACTERS)],
    )
    ends_on = DayField(
        "Tot en met welke dag?",
        description="Hooguit een jaar. De beheerders krijgen bericht voordat de koppeling eindigt.",
        validators=[InputRequired("Vul een dag in.")],
    )


class RenewForm(VersionedForm):
    """A new secret, and until when."""

    ends_on = DayField(
        "Tot en met welke dag?",
        description="Hooguit een jaar.",
        validators=[InputRequired("Vul een dag in.")],
    )


def all_clients() -> Scope:
    """The pages of an administrator of the site."""
    return Scope(None, "clients", "Koppelingen")


def own_clients() -> Scope:
    """The pages of who manages an organisation."""
    return Scope(current_actor().organisation_id, "own_clients", "Koppelingen")


@bp.route("/onze-organisatie/koppelingen")
@requires(Permission.MANAGE_ORGANISATION)
def own_clients_list() -> ResponseReturnValue:
    return _list(own_clients())


@bp.route("/beheer/koppelingen")
@requires(Permission.MANAGE_ACCOUNTS)
def clients_list() -> ResponseReturnValue:
    return _list(all_clients())


@bp.route("/onze-organisatie/koppelingen/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@asks_who
@commits
def own_clients_make() -> ResponseReturnValue:
    """Make a key; its secret is shown once, in the answer."""
    form = ClientForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = clients.make(
                current_context(),
                name=form.name.data or "",
                scopes=[ApiScope(each) for each in form.scopes.data or ()],
                ends_on=form.ends_on.data or today_in_nl(),
            )
            return _secret(own_clients(), made)
    if not form.is_submitted():
        form.ends_on.data = last_possible_day(today_in_nl())
    return render_template("admin/client_make.html", form=form, scope=own_clients()), form_status(form)


@bp.route("/beheer/koppelingen/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@asks_who
@commits
def clients_make() -> ResponseReturnValue:
    """Make a key of a ministry for reporting; its secret is shown once, in the answer."""
    form = MinistryClientForm()
    form.organisation_id.offer(reference(db.session).ministry_options)
    if form.validate_on_submit():
        with errors_on(form):
            made = clients.make_for_ministry(
                current_context(),
                form.organisation_id.data,
                name=form.name.data or "",
                ends_on=form.ends_on.data or today_in_nl(),
            )
            return _secret(all_clients(), made)
    if not form.is_submitted():
        form.ends_on.data = last_possible_day(today_in_nl())
    return render_template("admin/client_make.html", form=form, scope=all_clients()), form_status(form)


@bp.route("/onze-organisatie/koppelingen/<id:client_id>/vernieuwen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@asks_who
@commits
def own_clients_renew(client_id: int) -> ResponseReturnValue:
    return _renew(own_clients(), client_id)


@bp.route("/beheer/koppelingen/<id:client_id>/vernieuwen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@asks_who
@commits
def clients_renew(client_id: int) -> ResponseReturnValue:
    """Of a ministry only: an organisation renews its own."""
    if ApiScope.REPORTING not in _row(all_clients(), client_id).scopes:
        abort(404)
    return _renew(all_clients(), client_id)


@bp.route("/onze-organisatie/koppelingen/<id:client_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@asks_who
@commits
def own_clients_revoke(client_id: int) -> ResponseReturnValue:
    return _revoke(own_clients(), client_id)


@bp.route("/beheer/koppelingen/<id:client_id>/intrekken", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNTS)
@asks_who
@commits
def clients_revoke(client_id: int) -> ResponseReturnValue:
    return _revoke(all_clients(), client_id)


def _list(scope: Scope) -> ResponseReturnValue:
    asked, today = ListFilters.of_request(), today_in_nl()
    text = asked.text("zoek", lambda words: f"Zoekt: {words}")
    state = asked.choice("stand", members(ClientState, STATE_WORDS.__getitem__))
    after = asked.place("na")
    rows = queries.list_clients(db.session, today, scope.organisation_id, state, text, after)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    is_own = scope.organisation_id is not None
    return render_template(
        "admin/clients.html",
        left_days=max(WARNED_BEFORE),
        subscriptions=list_subscriptions(db.session, scope.organisation_id or 0, has_mirror=True) if is_own else [],
        host_of=host_of,
        looks=STATE_LOOKS,
        covers_words=COVERS_WORDS,
        scope=scope,
        rows=shown,
        today=today,
        text=text,
        state=state,
        state_options=[(each.value, words) for each, words in STATE_WORDS.items()],
        chips=asked.chips(),
        is_narrowed=bool(text or state or after),
        first_href=asked.address() if after else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


def _renew(scope: Scope, client_id: int) -> ResponseReturnValue:
    """Give a key a new secret, which is shown once, in the answer."""
    row, form = _row(scope, client_id), RenewForm()
    if form.validate_on_submit():
        with errors_on(form):
            ends_on = form.ends_on.data or today_in_nl()
            made = clients.renew(current_context(), client_id, form.version.data or 0, ends_on=ends_on)
            return _secret(scope, made)
        row = _row(scope, client_id)
    if not form.is_submitted():
        form.ends_on.data = last_possible_day(today_in_nl())
    if form.conflict or not form.is_submitted():
        form.version.data = row.version
    return render_template("admin/client_renew.html", form=form, row=row, scope=scope), form_status(form)


def _revoke(scope: Scope, client_id: int) -> ResponseReturnValue:
    row, form = _row(scope, client_id), VersionedForm()
    if form.validate_on_submit():
        with errors_on(form):
            clients.revoke(current_context(), client_id, form.version.data or 0)
            flash("De koppeling is ingetrokken. Zij werkt niet meer.")
            return redirect(scope.url("list"), 303)
        row = _row(scope, client_id)
    if form.conflict or not form.is_submitted():
        form.version.data = row.version
    return render_template("admin/client_revoke.html", form=form, row=row, scope=scope), form_status(form)


def _secret(scope: Scope, made: Made) -> ResponseReturnValue:
    """The one answer in which the secret stands."""
    return render_template(
        "admin/client_secret.html",
        client=made.client,
        secret=made.secret,
        scope=scope,
        scope_words=[label(ApiScope(each)) for each in made.client.scopes],
        onward=scope.url("list"),
    )


def _row(scope: Scope, client_id: int) -> ClientRow:
    """A client that can still be changed; 404 for any other."""
    row = queries.one_client(db.session, client_id, scope.organisation_id)
    if row is None or row.revoked_at is not None:
        abort(404)
    return row
