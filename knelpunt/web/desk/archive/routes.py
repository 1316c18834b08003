"""How long a case that is over is kept: another category, and keeping it longer than that."""

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.archive.retention import REASON_MAX_CHARACTERS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import HoldGround
from knelpunt.extensions import db
from knelpunt.queries.archive import categories
from knelpunt.services.archive import lists, retention
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import Lines, StepPage, step_page
from knelpunt.web.shared.forms.form_page import FormT, filled_in
from knelpunt.web.shared.forms.forms import VersionedForm, choices
from knelpunt.web.shared.forms.hold_form import HoldForm
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


class _HoldPage(StepPage[FormT]):
    """A page about keeping the case longer than its category says."""

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.file.retention is not None else (Missing(retention.NOT_OVER, None),)

    @property
    def stands_now(self) -> Lines:
        kept = self.file.retention
        if kept is None or kept.hold_until is None or kept.hold_ground is None:
            return [("Blijft langer bewaard", "nee")]
        return [
            ("Blijft tot en met", date_in_words(kept.hold_until)),
            ("Reden", label(kept.hold_ground)),
            ("Toelichting", kept.hold_reason),
        ]


@step_page("bewaren", Permission.MANAGE_ARCHIVE)
class HoldCase(_HoldPage[HoldForm]):
    """Keep the case until a day, whether it stands on a list of the archive or not."""

    form_class = HoldForm
    title = "Zaak langer bewaren"
    lead = "De zaak wordt niet vernietigd of overgebracht zolang dat nodig is. Van een lijst gaat zij af."
    button = "Bewaar de zaak langer"
    done = "De zaak blijft bewaard."

    def prefill(self) -> None:
        kept = self.file.retention
        if kept is not None and kept.hold_until is not None:
            self.form.ground.data, self.form.reason.data = kept.hold_ground, kept.hold_reason
            self.form.until.data = kept.hold_until

    def act(self) -> None:
        form = self.form
        lists.hold(
            self.context,
            self.reference,
            form.version.data,
            ground=HoldGround(form.ground.data),
            until=filled_in(form.until.data),
            reason=form.reason.data,
        )


@step_page("bewaren/opheffen", Permission.MANAGE_ARCHIVE)
class LiftHold(_HoldPage[VersionedForm]):
    """The case need not be kept longer any more."""

    form_class = VersionedForm
    title = "Niet langer bewaren"
    lead = "Voor de zaak geldt weer de termijn van haar bewaarcategorie. Is die voorbij, dan komt zij op een lijst."
    button = "Bewaar de zaak niet langer"
    done = "Voor de zaak geldt weer de gewone bewaartermijn."

    def act(self) -> None:
        lists.lift_hold(self.context, self.reference, self.form.version.data)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        kept = self.file.retention
        if kept is not None and kept.hold_until is None:
            return (Missing(lists.NOT_HELD, None),)
        return super().blocked_by
