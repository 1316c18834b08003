"""The case system of an organisation, in which its cases are mirrored: ``/onze-organisatie/koppelingen/zaaksysteem``.

How it goes is told by the page of its subscription, on which it is also stopped and switched on again.
"""

from functools import cache

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.identity.subscriptions import URL_MAX_CHARACTERS
from knelpunt.domain.identity.zgw import (
    APIS,
    CLIENT_ID_MAX,
    MAY_FILL,
    MAY_FORCE,
    MAY_REOPEN,
    MAY_UNLOCK,
    ON_THE_WAY,
    SECRET_MAX,
    ZAAKTYPE_MAX,
    Settings,
    key_of,
    keys,
    kind_of,
    words_of,
)
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Result
from knelpunt.extensions import db
from knelpunt.installation import target_of
from knelpunt.queries.accounts import subscriptions as queries
from knelpunt.services.mail import zgw
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.admin.clients.routes_subscriptions import TYPE_LABELS
from knelpunt.web.shared.forms.forms import VersionedForm, choices
from knelpunt.web.shared.requests.access import asks_who, current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

BASE = "/onze-organisatie/koppelingen/zaaksysteem"
_ADDRESS = (InputRequired("Vul een adres in."), Length(max=URL_MAX_CHARACTERS))


class CaseSystemForm(VersionedForm):
    """Where the case system is, and who we are there; a choice of types follows once they were read."""

    zaken = StringField("Adres van de Zaken API", validators=_ADDRESS)
    documenten = StringField("Adres van de Documenten API", validators=_ADDRESS)
    catalogi = StringField("Adres van de Catalogi API", validators=_ADDRESS)
    client_id = StringField(
        "Client-id",
        description="Zo heet Knelpunt in uw zaaksysteem.",
        validators=[InputRequired("Vul de client-id in."), Length(max=CLIENT_ID_MAX)],
    )
    secret = PasswordField("Geheim", validators=[Length(max=SECRET_MAX)])
    rsin = StringField(
        "RSIN van uw organisatie", description="Negen cijfers.", validators=[InputRequired("Vul het RSIN in.")]
    )
    zaaktype = StringField(
        "Identificatie van het zaaktype",
        description="Dit staat bij het zaaktype in uw catalogus.",
        validators=[InputRequired("Vul de identificatie in."), Length(max=ZAAKTYPE_MAX)],
    )


@cache
def _form_class() -> type[CaseSystemForm]:
    """The form with a choice for each status, result and document."""
    fields = {key: SelectField(TYPE_LABELS[key], validate_choice=False) for key in keys()}
    return type("CaseSystemFormWithTypes", (CaseSystemForm,), fields)


@bp.route(BASE, methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@asks_who
@commits
def own_case_system() -> ResponseReturnValue:
    """Set where the cases of the organisation are mirrored."""
    row, form = queries.mirror_of(db.session, current_actor().organisation_id), _form_class()()
    if form.validate_on_submit():
        with errors_on(form):
            asked = zgw.Asked(
                addresses={name: form[name].data or "" for name in APIS},
                client_id=form.client_id.data or "",
                secret=form.secret.data or "",
                rsin=form.rsin.data or "",
                zaaktype=form.zaaktype.data or "",
                chosen={key: form[key].data or "" for key in keys()},
            )
            config = current_app.config
            saved = zgw.save(
                current_context(), config["SEALER"], target_of(config["KNELPUNT"]), asked, form.version.data or 0
            )
            flash("De instellingen zijn bewaard. Wij proberen de verbinding nu. Laad de pagina zo opnieuw.")
            return redirect(url_for("admin.own_subscription", subscription_id=saved.id), 303)
        row = queries.mirror_of(db.session, current_actor().organisation_id)
    settings = Settings(**row.zgw) if row is not None and row.zgw is not None else None
    if not form.is_submitted() and settings is not None:
        for name in (*APIS, "client_id", "rsin", "zaaktype"):
            form[name].data = getattr(settings, name)
        for key in keys():
            form[key].data = settings.chosen.get(key, "")
    if form.conflict or not form.is_submitted():
        form.version.data = row.version if row is not None else 0
    for key in keys():
        names = settings.offered.get(kind_of(key), ()) if settings is not None else ()
        form[key].choices = choices([("", f"Zoek op “{words_of(key)}”"), *((each, each) for each in names)])
    return (
        render_template(
            "admin/case_system.html",
            form=form,
            row=row,
            settings=settings,
            statuses=[key_of(each) for each in ON_THE_WAY],
            results=[key_of(each) for each in Result],
            may_reopen=MAY_REOPEN,
            may_force=MAY_FORCE,
            may_fill=MAY_FILL,
            may_unlock=MAY_UNLOCK,
        ),
        form_status(form),
    )


@bp.route(f"{BASE}/<id:mirror_id>/proberen", methods=["POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@commits
def own_case_system_try(mirror_id: int) -> ResponseReturnValue:
    """Have the worker ask whether the case system lets us in, and which types it has."""
    zgw.try_connection(current_context(), mirror_id)
    flash("Wij proberen de verbinding nu. Laad de pagina zo opnieuw om te zien hoe dat ging.")
    return redirect(url_for("admin.own_subscription", subscription_id=mirror_id), 303)


@bp.route(f"{BASE}/<id:mirror_id>/alles", methods=["POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS)
@commits
def own_case_system_again(mirror_id: int) -> ResponseReturnValue:
    """Bring every case up to date there, from the start."""
    zgw.begin_again(current_context(), mirror_id)
    flash("Alle zaken gaan opnieuw langs uw zaaksysteem. Wat daar al staat, maken wij niet nog eens.")
    return redirect(url_for("admin.own_subscription", subscription_id=mirror_id), 303)
