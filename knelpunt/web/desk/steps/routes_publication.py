"""The public text of a case: written, read by a second person and by the submitter, published, withdrawn."""

from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import publication as steps
from knelpunt.domain.permissions import Permission
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.services.cases import publication
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import ConfirmForm, PublicTextForm, WithdrawPublicationForm
from knelpunt.web.desk.steps.page import carried_out, done, read_file, show_step
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
        ),
    ):
        return done(reference, "De openbare tekst is bewaard.")
    file = read_file(reference)
    text = file.public_text
    if text is not None and not form.is_submitted():
        form.title.data, form.question.data, form.answer.data = text.title, text.question, text.answer
    return show_step(
        file,
        form,
        title="Openbare tekst",
        lead="Deze tekst staat los van het dossier. Een tweede persoon en de indiener lezen hem eerst.",
        button="Bewaar de tekst",
        template="desk/public_text.html",
        blocked_by=_lacking(file, steps.WRITE),
        stands_now=[("Titel", text.title), ("De vraag", text.question), ("Het antwoord", text.answer)] if text else [],
    )


@bp.route("/zaken/<string:reference>/tekst-toetsen", methods=["GET", "POST"])
@requires(Permission.PUBLISH_CASE)
@commits
def review_text(reference: str) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: publication.request_text_review(current_context(), reference, form.version.data)
    ):
        return done(reference, "De tekst ligt nu bij een tweede persoon.")
    return _confirm(
        read_file(reference),
        form,
        steps.REVIEW,
        title="Openbare tekst laten toetsen",
        lead="Een tweede persoon leest de tekst. Daarna kan die ter inzage naar de indiener.",
        button="Leg voor aan een tweede persoon",
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
    file: CaseFile, form: ConfirmForm, step: steps.TextStep, *, title: str, lead: str | None, button: str
) -> ResponseReturnValue:
    return show_step(
        file,
        form,
        title=title,
        lead=lead,
        button=button,
        template="desk/confirm_text.html",
        blocked_by=_lacking(file, step),
        stands_now=[("Publicatie", label(file.case.publication))],
    )


def _lacking(file: CaseFile, step: steps.TextStep) -> list[Missing]:
    facts = file.text_facts
    obstacle = step.obstacle(facts)
    where = "toetsing" if facts.has_open_review else None if facts.is_written else "openbare-tekst"
    return [Missing(obstacle, where)] if obstacle else []
