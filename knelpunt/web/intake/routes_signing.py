"""A second person signs a filing: asking, reading and signing, sending back, and the rule of an organisation."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.filing.pointed_rules import day_of_law
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import VISITOR, Permission
from knelpunt.domain.vocabulary import CoSignatureStatus
from knelpunt.extensions import db
from knelpunt.queries.cases import attachments
from knelpunt.queries.core.reference import reference
from knelpunt.queries.filing import co_signatures
from knelpunt.queries.filing.co_signatures import AskedByLink, Signing
from knelpunt.services import accounts
from knelpunt.services.filing import co_signing
from knelpunt.services.filing.signatures import PURPOSE
from knelpunt.web.intake import municipalities, rule_picker
from knelpunt.web.intake.blueprint import bp
from knelpunt.web.intake.drafts import OpenDraft, open_for_organisation, open_here
from knelpunt.web.intake.forms import AskByMailForm, AskColleagueForm, SendBackForm, SignatureRuleForm
from knelpunt.web.intake.steps import parts_of
from knelpunt.web.shared.forms.forms import ButtonForm, VersionedForm
from knelpunt.web.shared.requests.access import act_as, by_link, current_actor, current_context, now_utc, requires
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/melden/<string:key>/meetekenen", methods=["GET", "POST"])
@by_link
@commits
def ask_to_sign(key: str) -> ResponseReturnValue:
    """Ask a colleague, or somebody beside a resident, to sign."""
    draft = open_here(key)
    return _ask_colleague(draft) if draft.by_organisation else _ask_by_mail(draft)


def _ask_colleague(draft: OpenDraft) -> ResponseReturnValue:
    form = AskColleagueForm()
    _offer_colleagues(draft, form)
    if is_sent(form):
        with errors_on(form):
            co_signing.ask_colleague(draft.context, draft.row.key, form.signer.data or 0)
            flash(_("Uw collega krijgt een mail met de vraag om te tekenen."))
            return redirect(url_for("intake.check", key=draft.row.key) + "#meetekenen")
    return _ask_page(draft, form)


def _ask_by_mail(draft: OpenDraft) -> ResponseReturnValue:
    form = AskByMailForm()
    if is_sent(form):
        # Counted in a transaction of its own: an answer that rolls back must not forget the attempt.
        db.session.rollback()
        ticket = accounts.count_link(db.session, form.email.data or "", request.remote_addr or "", now_utc())
        db.session.commit()
        with errors_on(form):
            signature = co_signing.ask_by_mail(
                draft.context,
                draft.row.key,
                name=form.name.data or "",
                email=form.email.data or "",
                filing_waits=bool(form.filing_waits.data),
                ticket=ticket,
            )
            flash(_("De link is verstuurd.") if signature.filing_waits else _("De link gaat mee zodra u verstuurt."))
            return redirect(url_for("intake.check", key=draft.row.key) + "#meetekenen")
    return _ask_page(draft, form)


def _offer_colleagues(draft: OpenDraft, form: AskColleagueForm) -> None:
    organisation_id = draft.row.organisation_id or 0
    form.signer.offer(co_signatures.colleagues(db.session, organisation_id, draft.context.actor.account_id))


def _ask_form(draft: OpenDraft) -> AskColleagueForm | AskByMailForm:
    """The form of the page, empty."""
    if not draft.by_organisation:
        return AskByMailForm(formdata=None)
    form = AskColleagueForm(formdata=None)
    _offer_colleagues(draft, form)
    return form


def _ask_page(
    draft: OpenDraft, form: AskColleagueForm | AskByMailForm, failed: ButtonForm | None = None
) -> tuple[str, int]:
    """The page on which somebody is asked. ``failed`` is the button that stops asking, when it could not be used."""
    return render_template(
        "intake/ask_to_sign.html",
        form=form,
        failed=failed,
        draft=draft.row,
        signing=co_signatures.of_draft(db.session, draft.row.id),
        is_alone="signer" in form and len(form.signer.choices) < 2,
    ), form_status(form if failed is None else failed)


@bp.route("/melden/<string:key>/meetekenen/intrekken", methods=["POST"])
@by_link
@commits
def stop_asking(key: str) -> ResponseReturnValue:
    """Nobody has to sign any more."""
    draft = open_here(key)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            co_signing.take_back(draft.context, key)
            flash(_("Er wordt niemand meer gevraagd om mee te tekenen."))
            return redirect(url_for("intake.check", key=key) + "#meetekenen")
    return _ask_page(draft, _ask_form(draft), form)


@bp.route("/melden/<string:key>/ondertekenen", methods=["GET", "POST"])
@by_link
@commits
def sign(key: str) -> ResponseReturnValue:
    """A colleague reads everything, and signs."""
    draft = open_for_organisation(key)
    form = VersionedForm()
    if is_sent(form):
        with errors_on(form):
            co_signing.sign(draft.context, key, form.version.data or 0)
            flash(_("U hebt getekend. Een ander verstuurt de melding."))
            return redirect(url_for("intake.sign", key=key))
    if form.conflict:
        draft = open_for_organisation(key)
    signing = co_signatures.of_draft(db.session, draft.row.id)
    form.version.data = draft.row.version
    return render_template(
        "intake/sign.html",
        form=form,
        draft=draft.row,
        signing=signing,
        is_asked=_is_asked(draft, signing),
        parts=parts_of(draft.row.data, by_organisation=True),
        files=attachments.of_draft(db.session, draft.row.id),
        rules=rule_picker.chosen_in(draft.row, draft.context.today),
        law_day=day_of_law(draft.row.data, draft.context.today),
    ), form_status(form)


@bp.route("/melden/<string:key>/terugsturen", methods=["GET", "POST"])
@by_link
@commits
def send_back(key: str) -> ResponseReturnValue:
    """A colleague does not sign, and says why."""
    draft = open_for_organisation(key)
    form = SendBackForm()
    if is_sent(form):
        with errors_on(form):
            co_signing.send_back(draft.context, key, form.reason.data or "")
            flash(_("U hebt de melding teruggestuurd, met uw reden."))
            return redirect(url_for("intake.sign", key=key))
    signing = co_signatures.of_draft(db.session, draft.row.id)
    form.version.data = draft.row.version
    return render_template(
        "intake/send_back.html", form=form, draft=draft.row, is_asked=_is_asked(draft, signing)
    ), form_status(form)


def _is_asked(draft: OpenDraft, signing: Signing) -> bool:
    last = signing.last
    return last is not None and last.is_asked and last.signer_id == draft.context.actor.account_id


@bp.route("/meetekenen/<string:token>", methods=["GET", "POST"])
@by_link
@commits
def sign_by_link(token: str) -> ResponseReturnValue:
    """Somebody beside a resident reads the filing, and signs."""
    return _by_link(token, is_signed=True)


@bp.route("/meetekenen/<string:token>/niet", methods=["GET", "POST"])
@by_link
@commits
def refuse_by_link(token: str) -> ResponseReturnValue:
    """Somebody beside a resident does not sign."""
    return _by_link(token, is_signed=False)


def _by_link(token: str, *, is_signed: bool) -> ResponseReturnValue:
    asked = _asked(token)
    form = VersionedForm() if is_signed else SendBackForm()
    if is_sent(form):
        with errors_on(form):
            reason = "" if is_signed else form.reason.data or ""
            co_signing.answer_by_link(
                act_as(VISITOR), asked.id, form.version.data or 0, is_signed=is_signed, reason=reason
            )
            return redirect(url_for("intake.sign_by_link", token=token))
    if form.conflict:
        asked = _asked(token)
    form.version.data = asked.draft_version or 0
    return render_template(
        "intake/sign_by_link.html" if is_signed else "intake/refuse_by_link.html",
        form=form,
        asked=asked,
        token=token,
        place=municipalities.words(reference(db.session), asked.data.get("municipality_id", "")),
    ), form_status(form)


def _asked(token: str) -> AskedByLink:
    """What the link is about.

    Raises:
        NotFound: the link is wrong, or nobody is asked by it any more.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    asked = co_signatures.asked_by_link(db.session, public_id) if public_id is not None else None
    if (
        asked is None
        or public_id is None
        or asked.status is CoSignatureStatus.VOID
        or not links.matches(token, PURPOSE, public_id, asked.nonce)
    ):
        raise NotFound(_("Deze link werkt niet meer. Misschien is de melding gewijzigd."))
    return asked


@bp.route("/onze-organisatie/meetekenen", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
@commits
def signature_rule() -> ResponseReturnValue:
    """Whether the own organisation files nothing without a second signature."""
    form = SignatureRuleForm()
    organisation = reference(db.session).organisations[current_actor().organisation_id or 0]
    if is_sent(form):
        with errors_on(form):
            co_signing.set_requirement(current_context(), is_required=bool(form.is_required.data))
            flash(_("Uw keuze is bewaard."))
            return redirect(url_for("intake.signature_rule"))
    elif request.method == "GET":
        form.is_required.data = organisation.needs_co_signature
    return render_template("intake/signature_rule.html", form=form, organisation=organisation.name), form_status(form)
