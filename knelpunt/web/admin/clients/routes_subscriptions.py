"""Subscriptions to events: ``/onze-organisatie/koppelingen/abonnementen``, for who manages an organisation."""

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.identity.subscriptions import (
    COVERS_WORDS,
    OUTCOME_WORDS,
    URL_MAX_CHARACTERS,
    Covers,
    State,
    TryOutcome,
)
from knelpunt.domain.identity.zgw import DOCUMENT, ON_THE_WAY, key_of, reason_in
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Result
from knelpunt.extensions import db
from knelpunt.installation import target_of
from knelpunt.queries.accounts import subscriptions as queries
from knelpunt.queries.accounts.subscriptions import SubscriptionRow
from knelpunt.services.mail import subscriptions
from knelpunt.services.mail.subscriptions import Made, host_of
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.forms.forms import BaseForm, CheckboxGroupField, VersionedForm, choices
from knelpunt.web.shared.labels.labels import lazy_label
from knelpunt.web.shared.pages.list_filters import ListFilters, members
from knelpunt.web.shared.requests.access import asks_who, current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import said

BASE = "/onze-organisatie/koppelingen/abonnementen"
STATE_LOOKS = {
    "wacht": ("wait", "Wacht op toestemming"),
    "werkt": ("ok", "Werkt"),
    "hapert": ("danger", "Hapert"),
    "uit": ("muted", "Staat uit"),
}


TYPE_LABELS = {
    **{key_of(each): lazy_label(each) for each in (*ON_THE_WAY, *Result)},
    DOCUMENT: "Type voor berichten en bijlagen",
}
"""For what a type of a case system can be chosen, as its form says it."""


def reason_of(detail: str) -> str:
    """Why a case system could not take something, in a sentence without its stop."""
    words, about = reason_in(detail)
    return f"{said(words)}: {', '.join(str(TYPE_LABELS.get(each, each)) for each in about)}" if about else said(words)


class SubscriptionForm(BaseForm):
    """A new subscription."""

    url = StringField(
        "Adres van uw systeem",
        description="Begint met https://. Uw systeem zegt zelf dat het onze berichten wil.",
        validators=[InputRequired("Vul een adres in."), Length(max=URL_MAX_CHARACTERS)],
    )
    covers = CheckboxGroupField(
        "Waarover wilt u bericht?", choices=choices((each.value, words) for each, words in COVERS_WORDS.items())
    )


@bp.route("/beheer/koppelingen/abonnementen")
@requires(Permission.MANAGE_ACCOUNTS)
def all_subscriptions() -> ResponseReturnValue:
    """The subscriptions of all organisations, and how each stands; nothing is changed here."""
    asked = ListFilters.of_request()
    words = {State(name): told for name, (_look, told) in STATE_LOOKS.items()}
    state = asked.choice("stand", members(words, words.__getitem__))
    after = asked.place("na")
    rows = queries.all_subscriptions(db.session, state, after)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "admin/subscriptions.html",
        rows=shown,
        state=state,
        state_options=[(each.value, told) for each, told in words.items()],
        chips=asked.chips(),
        is_narrowed=bool(state or after),
        looks=STATE_LOOKS,
        covers_words=COVERS_WORDS,
        host_of=host_of,
        first_href=asked.address() if after else None,
        next_href=asked.address(na=shown[-1].row.id) if more else None,
    )


@bp.route(f"{BASE}/nieuw", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@asks_who
@commits
def own_subscriptions_make() -> ResponseReturnValue:
    """Make a subscription; its secret is shown once, in the answer."""
    form = SubscriptionForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = subscriptions.make(
                current_context(),
                current_app.config["SEALER"],
                target_of(current_app.config["KNELPUNT"]),
                url=form.url.data or "",
                covers=[Covers(each) for each in form.covers.data or ()],
            )
            return _secret(made)
    return render_template("admin/subscription_make.html", form=form), form_status(form)


@bp.route(f"{BASE}/<id:subscription_id>")
@requires(Permission.MANAGE_SUBSCRIPTIONS)
def own_subscription(subscription_id: int) -> ResponseReturnValue:
    """How it goes with one subscription, and its last tries."""
    row, asked = _row(subscription_id), ListFilters.of_request()
    outcome = asked.choice("uitkomst", members(TryOutcome, OUTCOME_WORDS.__getitem__))
    after = asked.place("na")
    tries = queries.list_tries(db.session, row.id, outcome=outcome, after=after)
    shown, more = tries[: queries.PAGE_SIZE], len(tries) > queries.PAGE_SIZE
    return render_template(
        "admin/subscription.html",
        row=row,
        host=host_of(row.url),
        tries=shown,
        looks=STATE_LOOKS,
        covers_words=COVERS_WORDS,
        outcome_words=OUTCOME_WORDS,
        reason_of=reason_of,
        outcome=outcome,
        outcome_options=[(each.value, words) for each, words in OUTCOME_WORDS.items()],
        chips=asked.chips(),
        is_narrowed=bool(outcome or after),
        form=VersionedForm(formdata=None, version=row.version),
        first_href=asked.address() if after else None,
        next_href=asked.address(na=shown[-1].id) if more else None,
    )


@bp.route(f"{BASE}/<id:subscription_id>/proef", methods=["POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@commits
def own_subscription_test(subscription_id: int) -> ResponseReturnValue:
    """Send an event in which nothing happened."""
    subscriptions.send_test(current_context(), subscription_id)
    return _back_told(
        subscription_id,
        "Het proefbericht gaat er nu uit. Laad de pagina zo opnieuw om te zien of het aankwam.",
        "Uw systeem gaf nog geen toestemming. Zodra het die geeft, gaat het proefbericht eruit.",
    )


@bp.route(f"{BASE}/<id:subscription_id>/opnieuw/<id:outbox_event_id>", methods=["POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@commits
def own_subscription_again(subscription_id: int, outbox_event_id: int) -> ResponseReturnValue:
    """Send an event once more."""
    subscriptions.send_again(current_context(), subscription_id, outbox_event_id)
    if _row(subscription_id).is_mirror:
        flash("De zaak gaat opnieuw naar uw zaaksysteem. Laad de pagina zo opnieuw om te zien hoe dat ging.")
        return _back(subscription_id)
    return _back_told(
        subscription_id,
        "Het bericht gaat er opnieuw uit, met hetzelfde nummer.",
        "Uw systeem gaf nog geen toestemming. Zodra het die geeft, gaat het bericht er opnieuw uit.",
    )


@bp.route(f"{BASE}/<id:subscription_id>/aan", methods=["POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@commits
def own_subscription_on(subscription_id: int) -> ResponseReturnValue:
    """Go on where it stopped."""
    version = request.form.get("version", 0, type=int)
    subscriptions.switch_on(current_context(), subscription_id, version)
    if _row(subscription_id).is_mirror:
        flash("Het doorgeven staat weer aan. Wij proberen eerst de verbinding. Daarna sturen wij wat wachtte.")
        return _back(subscription_id)
    flash("Het abonnement staat weer aan. Wij vragen uw systeem om toestemming. Daarna sturen wij wat wachtte.")
    return _back(subscription_id)


@bp.route(f"{BASE}/<id:subscription_id>/vernieuwen", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@asks_who
@commits
def own_subscription_renew(subscription_id: int) -> ResponseReturnValue:
    """Give it a new secret, which is shown once, in the answer."""
    row, form = _row(subscription_id), VersionedForm()
    if row.is_mirror:  # there the other side gives the secret
        abort(404)
    if form.validate_on_submit():
        with errors_on(form):
            context, sealer = current_context(), current_app.config["SEALER"]
            return _secret(subscriptions.renew(context, sealer, subscription_id, form.version.data or 0))
        row = _row(subscription_id)
    return _asked("admin/subscription_renew.html", row, form)


@bp.route(f"{BASE}/<id:subscription_id>/stoppen", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@asks_who
@commits
def own_subscription_end(subscription_id: int) -> ResponseReturnValue:
    """Send nothing more to this address."""
    row, form = _row(subscription_id), VersionedForm()
    if form.validate_on_submit():
        with errors_on(form):
            subscriptions.end(current_context(), subscription_id, form.version.data or 0)
            flash(
                "Het doorgeven is gestopt. Wat in uw zaaksysteem staat, blijft daar."
                if row.is_mirror
                else "Het abonnement is gestopt. Wij sturen niets meer naar dit adres."
            )
            return redirect(url_for("admin.own_clients_list"), 303)
        row = _row(subscription_id)
    return _asked("admin/subscription_end.html", row, form)


def _asked(template: str, row: SubscriptionRow, form: VersionedForm) -> ResponseReturnValue:
    if form.conflict or not form.is_submitted():
        form.version.data = row.version
    shown = render_template(template, form=form, row=row, host=host_of(row.url), looks=STATE_LOOKS)
    return shown, form_status(form)


def _secret(made: Made) -> ResponseReturnValue:
    """The one answer in which the secret stands."""
    return render_template(
        "admin/subscription_secret.html", made=made, host=host_of(made.subscription.url), looks=STATE_LOOKS
    )


def _back_told(subscription_id: int, goes: str, waits: str) -> ResponseReturnValue:
    """Back to the subscription, with what happens now that its address gave permission, or has not yet."""
    flash(goes if _row(subscription_id).allowed_at is not None else waits)
    return _back(subscription_id)


def _back(subscription_id: int) -> ResponseReturnValue:
    return redirect(url_for("admin.own_subscription", subscription_id=subscription_id), 303)


def _row(subscription_id: int) -> SubscriptionRow:
    """A subscription of the own organisation that goes on; 404 for any other."""
    row = queries.one_subscription(db.session, current_actor().organisation_id, number=subscription_id)
    if row is None:
        abort(404)
    return row
