"""The forms of the work list: views, acts on several cases at once, labels, and teams."""

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.vocabulary import Priority
from knelpunt.services.worklist import groups, views
from knelpunt.web.desk.steps.forms import LONG_TEXT, SHORT_TEXT
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    CheckboxGroupField,
    Chosen,
    EnumRadioField,
    IdField,
    VersionedForm,
)


def _most(most: int) -> Length:
    return Length(max=most, message=f"Maak de tekst korter: ten hoogste {most} tekens.")


class _ViewFields:
    name = StringField("Naam", [InputRequired("Vul een naam in."), _most(views.LONGEST_NAME)])
    is_shared = BooleanField(
        "Deel deze weergave met collega’s",
        description="Iedereen bij het loket kan haar dan openen. U en het hoofd van het loket kunnen haar wijzigen.",
    )


class NewViewForm(_ViewFields, BaseForm):
    is_start = BooleanField("Begin hier na het inloggen")


class ChangeViewForm(_ViewFields, VersionedForm):
    takes_list = BooleanField("Bewaar de lijst zoals u haar net zag, met haar filters en volgorde")


class AssignForm(BaseForm):
    handler_id = IdField(
        "Behandelaar",
        [Chosen("Kies een behandelaar.")],
        description="Achter elke naam staat hoeveel open zaken die collega heeft.",
    )


class LabelForm(BaseForm):
    label_id = IdField("Label", [Chosen("Kies een label.")], description="Alleen het loket ziet labels.")


class LinkForm(BaseForm):
    bottleneck = SelectField("Regelknelpunt", [InputRequired("Kies een regelknelpunt.")], validate_choice=False)
    body = TextAreaField(
        "Waarom horen deze zaken daar?",
        [_most(LONG_TEXT)],
        description="Nodig voor een zaak die geen wet met het regelknelpunt deelt. Zonder reden doet die niet mee.",
        render_kw={"rows": 3},
    )


class _PriorityFields:
    priority = EnumRadioField("Prioriteit", [Chosen("Kies een prioriteit.")], kind=Priority)
    body = TextAreaField(
        "Waarom?",
        [DataRequired("Schrijf op waarom."), _most(SHORT_TEXT)],
        description="De reden wordt een interne notitie bij de zaak.",
        render_kw={"rows": 3},
    )


class PriorityForm(_PriorityFields, BaseForm):
    """For several cases at once."""


class CasePriorityForm(_PriorityFields, VersionedForm):
    """For one case."""


class CaseLabelsForm(VersionedForm):
    label_ids = CheckboxGroupField(
        "Labels", coerce=int, description="Alleen het loket ziet labels. Het hoofd van het loket maakt ze."
    )


class MessageForm(BaseForm):
    body = TextAreaField(
        "Bericht",
        [DataRequired("Schrijf een bericht."), _most(LONG_TEXT)],
        description="Elke indiener leest dezelfde tekst. Schrijf dus niets over één zaak.",
        render_kw={"rows": 8},
    )


class NameForm(BaseForm):
    """A name for a new label or team."""

    name = StringField("Naam", [InputRequired("Vul een naam in."), _most(groups.LONGEST_NAME)])
