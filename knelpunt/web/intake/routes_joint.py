"""Naming the municipalities that are asked to file along with a draft."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.filing.joint_filing import read_partners
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.services.filing import joint_filing
from knelpunt.web.intake import municipalities
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.drafts import OpenDraft, open_for_organisation, remember
from knelpunt.web.intake.forms import PartnerForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import by_link
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/melden/<string:key>/samen", methods=["GET", "POST"])
@by_link
@commits
def partners(key: str) -> ResponseReturnValue:
    """Which municipalities are asked, and one more."""
    draft = _of_municipality(key)
    form = PartnerForm()
    if is_sent(form):
        with errors_on(form):
            names = reference(db.session)
            kept = municipalities.read(names, form.municipality.data or "").kept
            named = int(kept) if kept.isdecimal() and len(kept) < 10 else None
            saved = joint_filing.name_partner(draft.context, key, named, form.email.data or "")
            remember(saved.key, saved.version)
            flash(
                _(
                    "%(municipality)s wordt gevraagd zodra u verstuurt.",
                    municipality=names.municipality_names[named or 0],
                )
            )
            return redirect(url_for("intake.partners", key=key))
    return _page(draft, form)


def _page(draft: OpenDraft, form: PartnerForm, failed: ButtonForm | None = None) -> tuple[str, int]:
    """The municipalities that are asked. ``failed`` is a button of this page that could not be used."""
    names = reference(db.session)
    return render_template(
        "intake/partners.html",
        form=form,
        failed=failed,
        button_form=ButtonForm(formdata=None),
        draft=draft.row,
        named=[
            (each.municipality_id, names.municipality_names[each.municipality_id], each.email)
            for each in read_partners(draft.row.data.get("partners", ""))
        ],
        municipality_names=[words for _, words in names.municipality_options],
    ), form_status(form if failed is None else failed)


@bp.route("/melden/<string:key>/samen/<id:municipality_id>/weg", methods=["POST"])
@by_link
@commits
def drop_partner(key: str, municipality_id: int) -> ResponseReturnValue:
    """Ask a municipality no more."""
    draft = _of_municipality(key)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            saved = joint_filing.drop_partner(draft.context, key, municipality_id)
            remember(saved.key, saved.version)
            return redirect(url_for("intake.partners", key=key))
    return _page(draft, PartnerForm(formdata=None), form)


def _of_municipality(key: str) -> OpenDraft:
    draft = open_for_organisation(key)
    if draft.row.kind is not SubmitterKind.MUNICIPALITY:
        raise NotFound()
    return draft
