"""What belongs to a case: linked cases, cases like it with the words they share, and splitting one in two."""

from flask import render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.errors import NotFound
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import CaseLinkKind
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference as reference_tables
from knelpunt.queries.search import related as queries
from knelpunt.services.cases import related
from knelpunt.services.search import answers
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.steps.page import StepPage, back_to_case, carried_out, case_address, read_file, step_page
from knelpunt.web.shared.forms.forms import Chosen, EnumField, VersionedForm
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, form_status

LONG_TEXT = 20_000


class RelatedForm(VersionedForm):
    other = StringField(
        "Nummer van de andere zaak", [DataRequired("Vul het nummer van de andere zaak in."), Length(max=40)]
    )
    kind = EnumField(
        "Hoe horen de zaken bij elkaar?",
        [Chosen("Kies hoe de zaken bij elkaar horen.")],
        kind=CaseLinkKind,
        members=related.KINDS_BY_HAND,
    )


class SplitForm(VersionedForm):
    title = StringField("Titel van het nieuwe deel", [DataRequired("Geef het nieuwe deel een titel."), Length(max=150)])
    description = TextAreaField(
        "Waar gaat dit deel over?",
        [
            DataRequired("Schrijf op waar het nieuwe deel over gaat."),
            Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens."),
        ],
        description="De indiener leest dit. Neem de woorden van de indiener over.",
        render_kw={"rows": 8},
    )


@bp.get("/zaken/<string:reference>/samenhang")
@requires(Permission.READ_CASES)
def related_cases(reference: str) -> ResponseReturnValue:
    """Linked cases and cases like it."""
    return _page(reference, RelatedForm())


@bp.post("/zaken/<string:reference>/samenhang")
@requires(Permission.HANDLE_CASE)
@commits
def link_case(reference: str) -> ResponseReturnValue:
    """Link another case to this one."""
    form = RelatedForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: related.link(current_context(), reference, form.version.data, form.other.data or "", form.kind.data),
    ):
        return back_to_case(reference, f"De zaken {reference} en {(form.other.data or '').strip()} zijn gekoppeld.")
    return _page(reference, form)


def _page(reference: str, form: RelatedForm) -> ResponseReturnValue:
    file = read_file(reference)
    if form.conflict or not form.is_submitted():
        form.version.data = file.case.version
    ideas = answers.read(db.session, f"{file.case.title}\n{file.case.description}", DUTCH, today_in_nl()).queries
    page = render_template(
        "desk/related.html",
        case=file.case,
        case_path=case_address(reference),
        form=form,
        linked=queries.related_cases(db.session, file.case.id),
        like=related.files_like(db.session, current_actor(), file.case, ideas),
        municipality_names=reference_tables(db.session).municipality_names,
        may_link=current_actor().can(Permission.HANDLE_CASE),
    )
    return page, form_status(form)


@step_page("samenhang/<string:other_reference>/losmaken", Permission.HANDLE_CASE)
class UnlinkCase(StepPage[VersionedForm]):
    other_reference: str
    form_class = VersionedForm
    title = "Zaken loskoppelen"
    button = "Koppel los"
    done = "De zaken zijn losgekoppeld."

    def act(self) -> None:
        related.unlink(self.context, self.reference, self.form.version.data, self.other_reference)

    @property
    def lead(self) -> str:
        linked = {each.reference for each in queries.related_cases(db.session, self.case.id)}
        if self.other_reference not in linked:
            raise NotFound()
        return f"De zaken {self.reference} en {self.other_reference} horen daarna niet meer bij elkaar."


@step_page("splitsen", Permission.HANDLE_CASE)
class SplitCase(StepPage[SplitForm]):
    form_class = SplitForm
    title = "Zaak splitsen"
    lead = "Doe dit als een melding over twee dingen gaat. Het deel wordt een eigen zaak van dezelfde indiener."
    button = "Maak er een eigen zaak van"
    done = "Het nieuwe deel is een eigen zaak. De indiener krijgt bericht."

    def act(self) -> None:
        form = self.form
        related.split(
            self.context,
            self.reference,
            form.version.data,
            title=form.title.data,
            description=form.description.data,
        )
