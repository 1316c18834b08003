"""What can be done with a draft beside filling it in: going on elsewhere, its files, throwing it away, sharing it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.filing import drafts
from knelpunt.services import accounts
from knelpunt.services.cases import attachments
from knelpunt.services.filing import draft_terms, intake
from knelpunt.services.submitters import links
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.drafts import open_here
from knelpunt.web.intake.forms import MailLinkForm
from knelpunt.web.shared.forms.forms import ButtonForm, VersionedForm
from knelpunt.web.shared.pages.files import download, remove_upload
from knelpunt.web.shared.pages.languages import canonical
from knelpunt.web.shared.requests.access import by_link, current_actor, now_utc, requires
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/melden/organisatie")
@requires(Permission.EDIT_DRAFT)
def shared_drafts() -> ResponseReturnValue:
    """The drafts of one's own organisation."""
    actor = current_actor()
    lines = drafts.of_organisation(db.session, actor.organisation_id) if actor.organisation_id is not None else []
    return render_template("intake/drafts.html", lines=lines, may_file=actor.can(Permission.FILE_CASE))


@bp.route("/melden/<string:key>/bewaard", methods=["GET", "POST"])
@by_link
@commits
def saved(key: str) -> ResponseReturnValue:
    """It is kept; here is the link to go on, also by mail."""
    draft = open_here(key)
    form = MailLinkForm()
    if is_sent(form):
        # Counted in a transaction of its own: an answer that rolls back must not forget the attempt.
        db.session.rollback()
        ticket = accounts.count_link(db.session, form.email.data or "", request.remote_addr or "", now_utc())
        db.session.commit()
        with errors_on(form):
            links.mail_draft_link(draft.context, key, form.email.data or "", ticket)
            flash(_("De link is verstuurd. Kijk ook bij de ongewenste mail."))
            return redirect(url_for("intake.saved", key=key))
    elif request.method == "GET":
        form.email.data = draft.row.data.get("contact_email", "")
    return render_template(
        "intake/saved.html",
        form=form,
        draft=draft.row,
        link=canonical(url_for("intake.resume", key=key)),
        purge_on=draft_terms.purge_day(db.session, draft.row.updated_at),
    ), form_status(form)


@bp.route("/melden/<string:key>/weggooien", methods=["GET", "POST"])
@by_link
@commits
def discard(key: str) -> ResponseReturnValue:
    """Throw the draft away, after asking."""
    draft = open_here(key)
    form = VersionedForm()
    if is_sent(form):
        with errors_on(form):
            intake.discard_draft(draft.context, key, form.version.data or 0)
            flash(_("Uw concept is weggegooid."))
            return redirect(url_for("intake.shared_drafts" if draft.by_organisation else "intake.choose"))
    form.version.data = (open_here(key) if form.conflict else draft).row.version
    return render_template("intake/discard.html", form=form, draft=draft.row), form_status(form)


@bp.route("/melden/<string:key>/bijlagen/<id:attachment_id>")
@by_link
def draft_file(key: str, attachment_id: int) -> ResponseReturnValue:
    draft = open_here(key)
    row = intake.open_draft(draft.context, key)
    return download(attachments.attachment_of_draft(db.session, row, attachment_id))


@bp.route("/melden/<string:key>/bijlagen/<id:attachment_id>/verwijderen", methods=["GET", "POST"])
@by_link
@commits
def remove_file(key: str, attachment_id: int) -> ResponseReturnValue:
    """Take a file out of the draft, after asking."""
    draft = open_here(key)
    row = intake.open_draft(draft.context, key)
    attachment = attachments.attachment_of_draft(db.session, row, attachment_id)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            remove_upload(draft.context, row, attachment_id)
            flash(_("%(shown_name)s is verwijderd.", shown_name=attachment.shown_name))
            return redirect(url_for("intake.step", key=key, slug="belemmering") + "#bestanden")
    return render_template("intake/remove_file.html", form=form, key=key, file=attachment), form_status(form)
