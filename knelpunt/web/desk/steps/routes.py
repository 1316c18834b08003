"""The steps of triage and handling, each a page with a form: who, whether, what is missing, verdict, proposal, end."""

from dataclasses import fields

from flask.typing import ResponseReturnValue

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFacts, CaseFile
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import resolution, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import JUDGED, Missing
from knelpunt.web.desk.steps.forms import (
    AssignForm,
    ClosingForm,
    ProposalForm,
    ScopeForm,
    SupplementForm,
    TakeInForm,
    VerdictForm,
)
from knelpunt.web.desk.steps.page import (
    NOT_HERE,
    carried_out,
    done,
    filled_in,
    message_to,
    obstacles,
    read_file,
    show_step,
)
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits

FOR_REVIEW = "Het ligt nu bij een tweede persoon. Zodra die akkoord is, gaat de zaak verder."
ASK_REVIEW = "Leg voor aan een tweede persoon"


@bp.route("/zaken/<string:reference>/toewijzen", methods=["GET", "POST"])
@requires(Permission.ASSIGN_CASE)
@commits
def assign(reference: str) -> ResponseReturnValue:
    form = AssignForm()
    form.handler_id.offer(small_tables(db.session).handler_options)
    if form.validate_on_submit() and carried_out(
        form, lambda: triage.assign(current_context(), reference, form.version.data, form.handler_id.data)
    ):
        return done(reference, "De behandelaar is aangewezen.")
    file = read_file(reference)
    if not form.is_submitted():
        form.handler_id.data = current_actor().account_id if file.case.handler_id is None else None
    return show_step(
        file,
        form,
        title="Behandelaar aanwijzen",
        lead=f"Nu behandelt {file.handler} de zaak." if file.handler else "Nog niemand behandelt de zaak.",
        button="Wijs aan",
        stands_now=[("Behandelaar", file.handler or "niemand")],
    )


@bp.route("/zaken/<string:reference>/binnen-bereik", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def scope(reference: str) -> ResponseReturnValue:
    form = ScopeForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: triage.set_scope(
            current_context(), reference, form.version.data, form.in_scope.data, form.reason.data or ""
        ),
    ):
        return done(reference, "Vastgelegd.")
    file = read_file(reference)
    if not form.is_submitted():
        form.in_scope.data = file.case.in_scope
    return show_step(
        file,
        form,
        title="Vastleggen of de melding hier hoort",
        button="Leg vast",
        stands_now=[("Hoort hier", _yes_no(file.case.in_scope))],
    )


@bp.route("/zaken/<string:reference>/in-triage", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def take_in(reference: str) -> ResponseReturnValue:
    form = TakeInForm()
    form.handler_id.offer(small_tables(db.session).handler_options)
    if form.validate_on_submit() and carried_out(form, lambda: _take_in(reference, form)):
        return done(reference, "De zaak is in beoordeling. De indiener krijgt bericht wie de zaak behandelt.")
    file = read_file(reference)
    case = file.case
    if not form.is_submitted():
        form.handler_id.data = case.handler_id or current_actor().account_id
        form.in_scope.data = case.in_scope
    return show_step(
        file,
        form,
        title="In beoordeling nemen",
        lead="De indiener krijgt bericht wie de zaak behandelt. De termijn voor de eerste reactie stopt, "
        "die voor het oordeel begint.",
        button="Neem in beoordeling",
        blocked_by=obstacles(file, steps.TAKE_IN),
        stands_now=[("Behandelaar", file.handler or "niemand"), ("Hoort hier", _yes_no(case.in_scope))],
    )


def _take_in(reference: str, form: TakeInForm) -> None:
    """Settle who handles the case and whether it belongs here where that changed, then take it in: one transaction."""
    context = current_context()
    case = cases.get_by_reference(db.session, reference)
    version = form.version.data
    if form.handler_id.data != case.handler_id and context.actor.can(Permission.ASSIGN_CASE):
        triage.assign(context, reference, version, form.handler_id.data)
        version = case.version
    if form.in_scope.data is not case.in_scope or form.reason.data:
        triage.set_scope(context, reference, version, form.in_scope.data, form.reason.data or "")
        version = case.version
    triage.take_in(context, reference, version)


@bp.route("/zaken/<string:reference>/aanvulling", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def supplement(reference: str) -> ResponseReturnValue:
    form = SupplementForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: triage.request_supplement(
            current_context(),
            reference,
            form.version.data,
            question=form.question.data,
            why=form.why.data,
            answer_by=filled_in(form.answer_by.data),
        ),
    ):
        return done(reference, "De vraag is verstuurd. De termijn van het loket staat stil vanaf morgen.")
    file = read_file(reference)
    if not form.is_submitted():
        form.answer_by.data = triage.earliest_answer_day(
            current_context(), cases.get_by_reference(db.session, reference)
        )
    return show_step(
        file,
        form,
        title="Aanvulling vragen",
        lead=f"De indiener krijgt {message_to(file)} met uw vraag. Wij sturen twee herinneringen: halverwege "
        "en twee dagen voor het einde.",
        button="Verstuur de vraag",
        blocked_by=obstacles(file, steps.REQUEST_SUPPLEMENT),
        stands_now=_state_now(file.case),
    )


@bp.route("/zaken/<string:reference>/behandeling-starten", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE)
@commits
def start_handling(reference: str) -> ResponseReturnValue:
    form = VerdictForm()
    form.lead_ministry_id.offer(small_tables(db.session).ministry_options)
    if form.validate_on_submit() and carried_out(
        form, lambda: triage.request_handling(current_context(), reference, form.version.data, _verdict(form))
    ):
        return done(reference, FOR_REVIEW)
    file = read_file(reference)
    _prefill_verdict(form, file)
    return show_step(
        file,
        form,
        title="Oordeel geven en behandeling starten",
        lead="Een tweede persoon toetst het oordeel. Daarna krijgt de indiener het te lezen.",
        button=ASK_REVIEW,
        template="desk/verdict.html",
        blocked_by=obstacles(file, steps.START_HANDLING),
        stands_now=_verdict_now(file.case),
    )


@bp.route("/zaken/<string:reference>/oordeel-wijzigen", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def change_verdict(reference: str) -> ResponseReturnValue:
    form = VerdictForm()
    form.lead_ministry_id.offer(small_tables(db.session).ministry_options)
    if form.validate_on_submit() and carried_out(
        form, lambda: triage.request_verdict_change(current_context(), reference, form.version.data, _verdict(form))
    ):
        return done(reference, FOR_REVIEW)
    file = read_file(reference)
    _prefill_verdict(form, file)
    return show_step(
        file,
        form,
        title="Oordeel wijzigen",
        lead="Een tweede persoon toetst het nieuwe oordeel. Daarna krijgt de indiener het te lezen.",
        button=ASK_REVIEW,
        template="desk/verdict.html",
        blocked_by=_unless(file, file.case.status in JUDGED),
        stands_now=_verdict_now(file.case),
    )


@bp.route("/zaken/<string:reference>/voorstel", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def proposal(reference: str) -> ResponseReturnValue:
    form = ProposalForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: resolution.request_proposal(
            current_context(),
            reference,
            form.version.data,
            text=form.text.data,
            legal_basis=form.legal_basis.data,
            legal_date=filled_in(form.legal_date.data),
            conditions=form.conditions.data,
            who_acts=form.who_acts.data,
            act_by=filled_in(form.act_by.data),
        ),
    ):
        return done(reference, FOR_REVIEW)
    file = read_file(reference)
    if not form.is_submitted():
        form.legal_date.data = file.case.law_date
        if file.proposals:
            form.process(None, obj=file.proposals[-1])
    return show_step(
        file,
        form,
        title="Voorstel doen",
        lead="Een tweede persoon toetst het voorstel. Daarna heeft de indiener 10 werkdagen om te reageren.",
        button=ASK_REVIEW,
        blocked_by=obstacles(file, steps.PROPOSE),
        stands_now=_state_now(file.case),
    )


@bp.route("/zaken/<string:reference>/afsluiten", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def close(reference: str) -> ResponseReturnValue:
    form = ClosingForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: resolution.request_closing(
            current_context(),
            reference,
            form.version.data,
            result=form.result.data,
            reason=form.reason.data,
            next_step=form.next_step.data,
        ),
    ):
        return done(reference, FOR_REVIEW)
    file = read_file(reference)
    return show_step(
        file,
        form,
        title="Zaak afsluiten",
        lead="Een tweede persoon toetst het resultaat en de openbare tekst. "
        f"Daarna krijgt de indiener {message_to(file)}.",
        button=ASK_REVIEW,
        blocked_by=obstacles(file, steps.CLOSE),
        stands_now=_state_now(file.case),
    )


def _verdict(form: VerdictForm) -> VerdictDecision:
    return VerdictDecision(**{field.name: form[field.name].data for field in fields(VerdictDecision)})


def _prefill_verdict(form: VerdictForm, file: CaseFile) -> None:
    if not form.is_submitted():
        case = file.case
        form.process(None, obj=case, plain=case.verdict_plain, legal=case.verdict_legal)


def _unless(file: CaseFile, fits: bool) -> list[Missing]:
    """What stands in the way of an act that is no step of the workflow: the state, or a review that is open."""
    if not fits:
        return [Missing(NOT_HERE, None)]
    if file.open_review is not None:
        return [Missing("Er wacht al een stap op een tweede persoon.", "toetsing")]
    return []


def _verdict_now(case: CaseFacts) -> list[tuple[str, str | None]]:
    return [
        ("Oordeel", f"{case.verdict.value} {label(case.verdict)}"),
        ("In gewone woorden", case.verdict_plain),
        ("In juridische woorden", case.verdict_legal),
    ]


def _state_now(case: CaseFacts) -> list[tuple[str, str | None]]:
    return [
        ("Staat", label(case.status)),
        ("Oordeel", f"{case.verdict.value} {label(case.verdict)}"),
        ("Laatst gewijzigd", full_date(case.updated_at)),
    ]


def _yes_no(answer: bool | None) -> str:
    return {True: "ja", False: "nee", None: "nog niet vastgelegd"}[answer]
