"""Choosing another retention category for a case that is over."""

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.archive.retention import REASON_MAX_CHARACTERS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.extensions import db
from knelpunt.queries.archive import categories
from knelpunt.services.archive import retention
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import Lines, StepPage, step_page
from knelpunt.web.shared.forms.forms import VersionedForm, choices
from knelpunt.web.shared.labels.labels import label


class CategoryForm(VersionedForm):
    code = SelectField("Bewaarcategorie", [InputRequired("Kies een categorie.")], choices=[])
    reason = TextAreaField(
        "Waarom past deze categorie beter?",
        [
            DataRequired("Schrijf op waarom deze categorie past."),
            Length(max=REASON_MAX_CHARACTERS, message="Maak de tekst korter."),
        ],
        render_kw={"rows": 4},
    )


@step_page("bewaarcategorie", Permission.HANDLE_CASE)
class ChooseCategory(StepPage[CategoryForm]):
    form_class = CategoryForm
    title = "Een andere bewaarcategorie kiezen"
    lead = (
        "De categorie bepaalt hoe lang de zaak wordt bewaard, en wat er daarna gebeurt. Kies alleen een andere als de "
        "gewone niet past."
    )
    button = "Leg de categorie vast"
    done = "De bewaarcategorie is gewijzigd."

    def offer(self) -> None:
        kept = self.file.retention
        rows = categories.in_force(db.session, kept.ended_on) if kept is not None else []
        self.form.code.choices = choices(
            [
                ("", "Maak een keuze"),
                *((row.code, f"{row.name}: {row.years} jaar, daarna {label(row.disposition).lower()}") for row in rows),
            ]
        )

    def act(self) -> None:
        form = self.form
        retention.choose_category(self.context, self.reference, form.version.data, form.code.data, form.reason.data)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.retention is not None else (Missing(retention.NOT_OVER, None),)

    @property
    def stands_now(self) -> Lines:
        kept = self.file.retention
        if kept is None:
            return []
        return [("Bewaarcategorie", kept.category), ("Bewaren tot", date_in_words(kept.action_on))]


def _words(row: categories.CategoryRow) -> str:
    return f"{row.name}: {row.years} jaar, daarna {label(row.disposition).lower()}"
