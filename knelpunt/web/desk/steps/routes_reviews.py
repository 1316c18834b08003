"""What waits for a second person: read whole, agreed to, given back, or taken back by who asked for it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases.publication import FIELDS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import in_words
from knelpunt.domain.vocabulary import EventKind, Result
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFile, ReviewRow
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import reviews
from knelpunt.services.cases.decisions import VerdictDecision, decision_in
from knelpunt.services.cases.redaction import TEXT_STEPS
from knelpunt.services.cases.second_looks import SecondLookDecision
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import running_term
from knelpunt.web.desk.steps.forms import ReviewForm
from knelpunt.web.desk.steps.page import Lines, back_to_case, carried_out, case_address, read_file
from knelpunt.web.desk.steps.routes_redaction import text_fields, text_finds
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, form_status

AGREE, GIVE_BACK, TAKE_BACK = "akkoord", "teruggeven", "intrekken"
_DONE = {
    AGREE: "U bent akkoord. De stap is gezet.",
    GIVE_BACK: "De stap is teruggegeven, met uw opmerking.",
    TAKE_BACK: "De toetsing is ingetrokken.",
}


@bp.route("/zaken/<string:reference>/toetsing", methods=["GET", "POST"])
@requires(Permission.REVIEW_CASE, Permission.HANDLE_CASE)
@commits
def review(reference: str) -> ResponseReturnValue:
    form = ReviewForm()
    decision = request.form.get("besluit", "")
    if (
        decision in _DONE
        and form.validate_on_submit()
        and carried_out(form, lambda: _decide(decision, reference, form))
    ):
        return back_to_case(reference, _DONE[decision])
    file = read_file(reference)
    waiting = file.open_review
    if waiting is None:
        if request.method == "GET":
            flash("Er wacht geen stap meer op een tweede persoon.", "info")
            return redirect(case_address(reference))
        form.form_errors = form.form_errors or ["Over deze stap is al besloten."]
    elif not form.is_submitted():
        form.review_id.data = waiting.id
    actor = current_actor()
    why_not = (
        reviews.why_not_second(db.session, file.case.id, file.case.handler_id, waiting, actor.account_id, today_in_nl())
        if waiting
        else None
    )
    told = in_words(text_finds(file, waiting), FIELDS) if waiting and waiting.step in TEXT_STEPS else []
    if not told:
        del form.pass_reason
    page = render_template(
        "desk/review.html",
        file=file,
        case=file.case,
        term=running_term(file, today_in_nl()),
        form=form,
        waiting=waiting,
        what=reviews.STEP_WORDS[EventKind(waiting.step)] if waiting else "",
        lines=_lines(file, waiting, small_tables(db.session)) if waiting else [],
        may_decide=waiting is not None and actor.can(Permission.REVIEW_CASE) and why_not is None,
        may_review=actor.can(Permission.REVIEW_CASE),
        may_take_back=waiting is not None and waiting.requested_by_id == actor.account_id,
        why_not=why_not,
        case_path=case_address(reference),
        told=told,
    )
    return page, form_status(form)


def _decide(decision: str, reference: str, form: ReviewForm) -> None:
    context, review_id, remark = current_context(), form.review_id.data, form.remark.data or ""
    if decision == AGREE:
        reviews.approve(context, reference, review_id, remark, form.pass_reason.data or "")
    elif decision == GIVE_BACK:
        reviews.give_back(context, reference, review_id, remark)
    else:
        reviews.cancel(context, reference, review_id)


def _lines(file: CaseFile, waiting: ReviewRow, names: Reference) -> Lines:
    """Everything that the first person filled in for the step, in words."""
    match waiting.step:
        case EventKind.HANDLING_STARTED | EventKind.VERDICT_CHANGED:
            return _verdict_lines(waiting, names)
        case EventKind.ANSWERED_WITH_GUIDE:
            return _verdict_lines(waiting, names) + _proposal_lines(file, waiting)
        case EventKind.PROPOSED:
            return _proposal_lines(file, waiting)
        case EventKind.SECOND_LOOK_KEPT | EventKind.SECOND_LOOK_CHANGED:
            return _second_look_lines(file, waiting)
        case EventKind.CLOSED | EventKind.CLOSED_LINKED:
            return _closing_lines(waiting) + _text_lines(file, waiting)
        case _:
            return _text_lines(file, waiting)


def _verdict_lines(waiting: ReviewRow, names: Reference) -> Lines:
    given = decision_in(waiting.payload, VerdictDecision)
    ministry = given.lead_ministry_id
    return [
        ("Oordeel", f"{given.verdict.value} {label(given.verdict)}"),
        ("In gewone woorden", given.plain),
        ("In juridische woorden", given.legal),
        ("Wie erover gaat", label(given.level)),
        ("Hoe het verder gaat", label(given.route)),
        ("Ministerie dat voorop gaat", names.ministry_names[ministry] if ministry else "geen"),
        ("Waarom er geen bepaling bij hoort", given.no_provision_reason),
    ]


def _proposal_lines(file: CaseFile, waiting: ReviewRow) -> Lines:
    proposal = next(each for each in file.proposals if each.id == waiting.payload["proposal_id"])
    return [
        ("Voorstel", proposal.text),
        ("Juridische grondslag", proposal.legal_basis),
        ("Wet zoals die gold op", full_date(proposal.legal_date)),
        ("Voorwaarden", proposal.conditions),
        ("Wie iets doet", proposal.who_acts),
        ("Voor wanneer", full_date(proposal.act_by)),
    ]


def _closing_lines(waiting: ReviewRow) -> Lines:
    given = waiting.payload
    return [
        ("Resultaat", label(Result(given.get("result", Result.LINKED_TO_BOTTLENECK)))),
        ("Reden", given["reason"]),
        ("Volgende stap", given["next_step"]),
        ("Waarom de zaak bij dit regelknelpunt hoort", given.get("why")),
    ]


def _second_look_lines(file: CaseFile, waiting: ReviewRow) -> Lines:
    given = decision_in(waiting.payload, SecondLookDecision)
    look = next(each for each in file.second_looks if each.id == given.second_look_id)
    lines: Lines = [("Uitkomst", label(given.outcome))]
    for number, (point, answer) in enumerate(zip(look.points, given.answers, strict=True), start=1):
        lines += [(f"Punt {number}", point), (f"Antwoord op punt {number}", answer)]
    return [*lines, ("Reden", given.reason)]


def _text_lines(file: CaseFile, waiting: ReviewRow) -> Lines:
    text = file.public_text
    if text is None:
        return []
    fields = text_fields(file, waiting)
    return [
        ("Titel van de openbare tekst", text.title),
        ("Openbare tekst: de vraag", text.question),
        ("Openbare tekst: het antwoord", text.answer),
        ("Openbare tekst: de volgende stap", fields["next_step"]),
        ("Openbare tekst: wat er is gewijzigd", fields["change"]),
        ("Openbare tekst: gekoppelde regels die geen bepaling uit de lijst zijn", fields["rules"]),
    ]
