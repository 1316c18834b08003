"""The forms of tasks and checklists."""

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from knelpunt.domain.vocabulary import Theme
from knelpunt.web.desk.case.view import STEP_PAGES
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    Chosen,
    DayField,
    EnumField,
    HiddenIntegerField,
    IdField,
    VersionedForm,
    choices,
)

LONGEST = 500
LONGEST_NAME = 100
MOST_DAYS = 250
_WORDS = [
    DataRequired("Schrijf op wat er moet gebeuren."),
    Length(max=LONGEST, message=f"Gebruik niet meer dan {LONGEST} tekens."),
]
_WHO = [Chosen("Kies wie de taak doet.")]


class TaskForm(BaseForm):
    words = TextAreaField(
        "Wat moet er gebeuren?",
        _WORDS,
        description="Alleen het loket leest dit. De indiener ziet het nooit.",
        render_kw={"rows": 3},
    )
    assignee_id = IdField("Wie doet het?", _WHO)
    due_on = DayField("Voor welke dag?", [Optional()])


class ChangedTaskForm(VersionedForm):
    words = TextAreaField("Wat moet er gebeuren?", _WORDS, render_kw={"rows": 3})
    assignee_id = IdField("Wie doet het?", _WHO)
    due_on = DayField("Voor welke dag?", [Optional()])


class SetOutForm(BaseForm):
    checklist_id = IdField("Welke checklist?", [Chosen("Kies een checklist.")])
    assignee_id = IdField("Wie doet de taken?", _WHO, description="U kunt elke taak daarna aan een ander geven.")


class ChecklistForm(BaseForm):
    version = HiddenIntegerField()
    name = StringField(
        "Naam",
        [DataRequired("Geef de checklist een naam."), Length(max=LONGEST_NAME, message="Maak de naam korter.")],
        description="Bijvoorbeeld: voor het sluiten.",
    )
    step = SelectField(
        "Bij welke stap?",
        choices=choices(
            [("", "Geen vaste stap"), *((kind.value, words) for kind, (_slug, words) in STEP_PAGES.items())]
        ),
        description="Op de pagina van die stap staat dan een link naar de checklist.",
    )
    theme = EnumField("Over welk onderwerp?", kind=Theme, blank="Elk onderwerp")
    lines = TextAreaField(
        "Taken, elk op een eigen regel", [DataRequired("Schrijf ten minste één taak op.")], render_kw={"rows": 8}
    )
    working_days = IntegerField(
        "Binnen hoeveel werkdagen?",
        [Optional(), NumberRange(1, MOST_DAYS, message=f"Vul een getal in van 1 tot en met {MOST_DAYS}.")],
        description="Mag leeg blijven. De taken hebben dan geen dag.",
    )
