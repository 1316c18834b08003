"""The toets: finding a rule that held on the day of the case, linking it, and taking a link back."""

from functools import cached_property
from typing import Any

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
from knelpunt.web.desk.steps.forms import LinkArticleForm, LinkProvisionForm
from knelpunt.web.desk.steps.page import Lines, StepPage, case_address, read_file, step_page, unless
from knelpunt.web.desk.steps.provision_search import asked_provisions, find_provisions
from knelpunt.web.shared.forms.form_page import FormT
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.requests.access import requires

ALLOWED = (Permission.TRIAGE_CASE, Permission.HANDLE_CASE)


@bp.route("/zaken/<string:reference>/toets")
@requires(*ALLOWED)
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
        blocked_by=why_not_linkable(file),
        case_path=case_address(reference),
        path=request.path,
    )
    return page, 422 if found.asked.error else 200


def why_not_linkable(file: CaseFile) -> tuple[Missing, ...]:
    """Why no rule can be linked to this case now."""
    return unless(file.case.status in OPEN_STATUSES, "Deze zaak is niet meer open.", file)


class AssessmentPage(StepPage[FormT]):
    """A page about the rules that are linked to a case."""

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return why_not_linkable(self.file)

    @property
    def stands_now(self) -> Lines:
        return [(row.law_title, row.article) for row in self.file.assessments]


@step_page("toets/<id:provision_id>", *ALLOWED)
class LinkProvision(AssessmentPage[LinkProvisionForm]):
    """Link one provision. One that did not hold is refused here already, with what did hold instead."""

    provision_id: int
    form_class = LinkProvisionForm
    title = "Bepaling koppelen"
    button = "Koppel deze bepaling"
    done = "De regel is gekoppeld."
    template = "desk/link_provision.html"

    @cached_property
    def provision(self) -> laws.ProvisionSummary:
        return laws.provision_on(db.session, self.provision_id, self.case.law_date)

    def act(self) -> None:
        form = self.form
        assessments.link_provision(
            self.context, self.reference, form.version.data, self.provision_id, form.role.data, form.reasoning.data
        )

    def shown(self) -> dict[str, Any]:
        on, is_linkable = self.case.law_date, self.provision.is_linkable
        instead = () if is_linkable else laws.alternatives(db.session, self.provision_id, on)
        return super().shown() | {"provision": self.provision, "instead": instead}


@step_page("toets/andere-regel", *ALLOWED)
class LinkArticle(AssessmentPage[LinkArticleForm]):
    """Link a rule that the catalogue has no provision for."""

    form_class = LinkArticleForm
    title = "Andere regel koppelen"
    button = "Koppel deze regel"
    done = "De regel is gekoppeld."

    def offer(self) -> None:
        in_force = laws.laws_in_force(db.session, self.case.law_date)
        self.form.law_id.offer((law.id, law.citation_title) for law in in_force)

    def act(self) -> None:
        form = self.form
        assessments.link_article(
            self.context,
            self.reference,
            form.version.data,
            form.law_id.data,
            form.article.data,
            form.role.data,
            form.reasoning.data,
        )

    @property
    def lead(self) -> str:
        return f"De lijst heeft de wetten die golden op {date_in_words(self.case.law_date)}."


@step_page("toets/losmaken/<id:assessment_id>", *ALLOWED)
class Unlink(AssessmentPage[VersionedForm]):
    assessment_id: int
    form_class = VersionedForm
    title = "Regel loskoppelen"
    button = "Koppel deze regel los"
    done = "De regel is losgekoppeld."

    def act(self) -> None:
        assessments.withdraw_assessment(self.context, self.reference, self.assessment_id, self.form.version.data)

    @property
    def lead(self) -> str:
        row = next((each for each in self.file.assessments if each.id == self.assessment_id), None)
        if row is None:
            raise NotFound()
        rule = f"{row.law_title}{', ' + row.article if row.article else ''}"
        return f"{rule}. De koppeling blijft in het dossier bewaard als losgekoppeld."
