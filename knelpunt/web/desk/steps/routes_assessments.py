"""The toets: finding a rule that held on the day of the case, linking it, and taking a link back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import OPEN_STATUSES
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.laws import catalogue as laws
from knelpunt.services.cases import assessments
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.forms import ConfirmForm, LinkArticleForm, LinkProvisionForm
from knelpunt.web.desk.steps.page import carried_out, case_address, done, read_file, show_step
from knelpunt.web.desk.steps.provision_search import asked_provisions, find_provisions
from knelpunt.web.shared.requests.access import current_context, requires
from knelpunt.web.shared.requests.transactions import commits

LINKED = "De regel is gekoppeld."


@bp.route("/zaken/<string:reference>/toets")
@requires(Permission.TRIAGE_CASE, Permission.HANDLE_CASE)
def assess(reference: str) -> ResponseReturnValue:
    """Choose a provision: all that held on the day of the case, or those that the search finds."""
    file = read_file(reference)
    found = find_provisions(db.session, asked_provisions(file.case.law_date))
    page = render_template(
        "desk/assess.html",
        file=file,
        case=file.case,
        asked=found.asked,
        found=found,
        chips=found.chips(request.path),
        blocked_by=_blocked(file),
        case_path=case_address(reference),
        path=request.path,
    )
    return page, 422 if found.asked.error else 200


@bp.route("/zaken/<string:reference>/toets/<id:provision_id>", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE, Permission.HANDLE_CASE)
@commits
def link_provision(reference: str, provision_id: int) -> ResponseReturnValue:
    """Link one provision. One that did not hold is refused here already, with what did hold instead."""
    file = read_file(reference)
    form = LinkProvisionForm()
    provision = laws.provision_on(db.session, provision_id, file.case.law_date)
    if form.validate_on_submit() and carried_out(
        form,
        lambda: assessments.link_provision(
            current_context(), reference, form.version.data, provision_id, form.role.data, form.reasoning.data
        ),
    ):
        return done(reference, LINKED)
    instead = () if provision.is_linkable else laws.alternatives(db.session, provision_id, file.case.law_date)
    return show_step(
        read_file(reference),
        form,
        title="Bepaling koppelen",
        button="Koppel deze bepaling",
        template="desk/link_provision.html",
        blocked_by=_blocked(file),
        stands_now=_linked_now(file),
        provision=provision,
        instead=instead,
    )


@bp.route("/zaken/<string:reference>/toets/andere-regel", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE, Permission.HANDLE_CASE)
@commits
def link_article(reference: str) -> ResponseReturnValue:
    """Link a rule that the catalogue has no provision for."""
    file = read_file(reference)
    form = LinkArticleForm()
    form.law_id.offer((law.id, law.citation_title) for law in laws.laws_in_force(db.session, file.case.law_date))
    if form.validate_on_submit() and carried_out(
        form,
        lambda: assessments.link_article(
            current_context(),
            reference,
            form.version.data,
            form.law_id.data,
            form.article.data,
            form.role.data,
            form.reasoning.data,
        ),
    ):
        return done(reference, LINKED)
    return show_step(
        read_file(reference),
        form,
        title="Andere regel koppelen",
        lead=f"De lijst heeft de wetten die golden op {date_in_words(file.case.law_date)}.",
        button="Koppel deze regel",
        blocked_by=_blocked(file),
        stands_now=_linked_now(file),
    )


@bp.route("/zaken/<string:reference>/toets/losmaken/<id:assessment_id>", methods=["GET", "POST"])
@requires(Permission.TRIAGE_CASE, Permission.HANDLE_CASE)
@commits
def unlink(reference: str, assessment_id: int) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: assessments.withdraw_assessment(current_context(), reference, assessment_id, form.version.data),
    ):
        return done(reference, "De regel is losgekoppeld.")
    file = read_file(reference)
    row = next((each for each in file.assessments if each.id == assessment_id), None)
    if row is None:
        raise NotFound()
    return show_step(
        file,
        form,
        title="Regel loskoppelen",
        lead=f"{row.law_title}{', ' + row.article if row.article else ''}. De koppeling blijft in het dossier bewaard "
        "als losgekoppeld.",
        button="Koppel deze regel los",
        blocked_by=_blocked(file),
        stands_now=_linked_now(file),
    )


def _blocked(file: CaseFile) -> list[Missing]:
    if file.case.status not in OPEN_STATUSES:
        return [Missing("Deze zaak is niet meer open.", None)]
    if file.open_review is not None:
        return [Missing("Er wacht al een stap op een tweede persoon.", "toetsing")]
    return []


def _linked_now(file: CaseFile) -> list[tuple[str, str | None]]:
    return [(row.law_title, row.article) for row in file.assessments]
