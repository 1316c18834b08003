"""The public text of a case: written, read by a second person and by the submitter, published, withdrawn."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import publication as steps
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import in_words
from knelpunt.domain.vocabulary import PublicationStatus
from knelpunt.queries.cases.page_rows import CaseFile, PublicTextRow
from knelpunt.services.cases import publication
from knelpunt.services.cases.redaction import REVIEW_AGAIN
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import ConfirmForm, PublicTextForm, ReviewTextForm, WithdrawPublicationForm
from knelpunt.web.desk.steps.page import carried_out, done, read_file, show_step
from knelpunt.web.desk.steps.routes_redaction import text_finds
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits


@bp.route("/zaken/<string:reference>/openbare-tekst", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def public_text(reference: str) -> ResponseReturnValue:
    form = PublicTextForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: publication.save_public_text(
            current_context(),
            reference,
            form.version.data,
            title=form.title.data,
            question=form.question.data,
            answer=form.answer.data,
            next_step=form.next_step.data or "",
        ),
    ):
        file = read_file(reference)
        if file.public_text is None or not text_finds(file, file.public_text):
            return done(reference, "De openbare tekst is bewaard.")
        flash("De openbare tekst is bewaard. Kijk nog naar wat is gemarkeerd.", "info")
        return redirect(url_for("desk.text_beside_file", reference=reference), 303)
    file = read_file(reference)
    text = file.public_text
    if text is not None and not form.is_submitted():
        form.title.data, form.question.data, form.answer.data = text.title, text.question, text.answer
        form.next_step.data = text.next_step or ""
    return show_step(
        file,
        form,
        title="Openbare tekst",
        lead="Deze tekst staat los van het dossier. Een tweede persoon en de indiener lezen hem eerst.",
        button="Bewaar de tekst",
        template="desk/public_text.html",
        blocked_by=_lacking(file, steps.WRITE),
        stands_now=_fields(text) if text else [],
        told=in_words(text_finds(file, text), steps.FIELDS) if text else [],
    )


@bp.route("/zaken/<string:reference>/tekst-toetsen", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def review_text(reference: str) -> ResponseReturnValue:
    form = ReviewTextForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: publication.request_text_review(
            current_context(), reference, form.version.data, change=form.change.data or ""
        ),
    ):
        return done(reference, "De tekst ligt nu bij een tweede persoon.")
    file = read_file(reference)
    if file.case.publication is PublicationStatus.PUBLIC:
        lead = (
            "Een tweede persoon leest de wijziging. Is die akkoord, dan staat zij meteen op de openbare pagina, met de "
            "dag en met wat er is gewijzigd."
        )
    else:
        lead = "Een tweede persoon leest de tekst. Daarna kan die ter inzage naar de indiener."
        del form.change
    return _confirm(
        file,
        form,
        steps.REVIEW,
        title="Openbare tekst laten toetsen",
        lead=lead,
        button="Leg voor aan een tweede persoon",
        may_be_passed=True,
    )


@bp.route("/zaken/<string:reference>/ter-inzage", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def preview(reference: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: publication.start_preview(current_context(), reference, form.version.data)
    ):
        return done(reference, "De tekst ligt ter inzage bij de indiener.")
    return _confirm(
        read_file(reference),
        form,
        steps.START_PREVIEW,
        title="Openbare tekst ter inzage leggen",
        lead="De indiener krijgt de tekst te lezen en heeft 10 werkdagen om te zeggen wat er anders moet.",
        button="Leg de tekst ter inzage",
    )


@bp.route("/zaken/<string:reference>/inzage-stoppen", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def stop_preview(reference: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: publication.stop_preview(current_context(), reference, form.version.data)
    ):
        return done(reference, "De inzage is gestopt. U kunt de tekst aanpassen en opnieuw ter inzage leggen.")
    return _confirm(
        read_file(reference),
        form,
        steps.STOP_PREVIEW,
        title="Inzage stoppen",
        lead="De indiener ziet de tekst dan niet meer. Leg hem daarna opnieuw ter inzage.",
        button="Stop de inzage",
        may_be_passed=True,
    )


@bp.route("/zaken/<string:reference>/publiceren", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def publish(reference: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: publication.publish(current_context(), reference, form.version.data)
    ):
        return done(reference, "De tekst is openbaar.")
    file = read_file(reference)
    text = file.public_text
    if text is not None and text.agreed_on is not None:
        lead = f"De indiener is akkoord sinds {full_date(text.agreed_on)}."
    elif text is not None and text.object_by is not None:
        lead = f"De indiener kan bezwaar maken tot en met {full_date(text.object_by)}."
    else:
        lead = None
    return _confirm(file, form, steps.PUBLISH, title="Openbaar maken", lead=lead, button="Maak de tekst openbaar")


@bp.route("/zaken/<string:reference>/publicatie-intrekken", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def withdraw_publication(reference: str) -> ResponseReturnValue:
    form = WithdrawPublicationForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: publication.withdraw_publication(current_context(), reference, form.version.data, form.reason.data),
    ):
        return done(reference, "De publicatie is ingetrokken.")
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Publicatie intrekken",
        lead="De tekst verdwijnt van de openbare pagina. Op die plaats staat voortaan alleen de reden.",
        button="Trek de publicatie in",
        stands_now=[("Publicatie", label(file.case.publication))],
    )


def _confirm(
    file: CaseFile,
    form: VersionedForm,
    step: steps.TextStep,
    *,
    title: str,
    lead: str | None,
    button: str,
    may_be_passed: bool = False,
) -> ResponseReturnValue:
    """A page with the text and one button. What points at a person stands in the way, unless the step leads to somebody
    who may let it stand."""
    found = text_finds(file, file.public_text) if file.public_text else ()
    lacking = _lacking(file, step)
    if found and not lacking and not may_be_passed:
        lacking = [Missing(words, "openbare-tekst") for words in in_words(found, steps.FIELDS)]
        lacking.append(Missing(REVIEW_AGAIN, None))
    return show_step(
        file,
        form,
        title=title,
        lead=lead,
        button=button,
        template="desk/confirm_text.html",
        blocked_by=lacking,
        stands_now=[("Publicatie", label(file.case.publication))],
        told=in_words(found, steps.FIELDS),
    )


def _fields(text: PublicTextRow) -> list[tuple[str, str | None]]:
    return [
        ("Titel", text.title),
        ("De vraag", text.question),
        ("Het antwoord", text.answer),
        ("De volgende stap", text.next_step),
    ]


def _lacking(file: CaseFile, step: steps.TextStep) -> list[Missing]:
    facts = file.text_facts
    obstacle = step.obstacle(facts)
    where = "toetsing" if facts.has_open_review else None if facts.is_written else "openbare-tekst"
    return [Missing(obstacle, where)] if obstacle else []
