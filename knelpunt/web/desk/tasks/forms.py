"""The forms of tasks and checklists."""

from collections.abc import Iterable

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from knelpunt.domain.vocabulary import Theme
from knelpunt.services.collaboration.tasks import NOT_FOR_ONE, For
from knelpunt.web.desk.case.view import STEP_PAGES
from knelpunt.web.desk.steps.forms import NeededAtTimes
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


class _What:
    words = TextAreaField(
        "Wat moet er gebeuren?",
        _WORDS,
        description="Alleen het loket leest dit. De indiener ziet het nooit.",
        render_kw={"rows": 3},
    )


class _WhichList:
    checklist_id = IdField("Welke checklist?", [Chosen("Kies een checklist.")])


class _ForWhom:
    """A colleague, or else a team; a desk without teams is not asked for one."""

    assignee_id = IdField("Wie doet het?", [NeededAtTimes()])
    team_id = IdField(
        "Of welk team?", [NeededAtTimes()], description="Kies dan geen collega. Iedereen in het team hoort van de taak."
    )

    def validate_assignee_id(self, field: IdField) -> None:
        """One of the two, and not both."""
        team = getattr(self, "team_id", None)
        if (field.data is None) is (team is None or team.data is None):
            raise ValidationError(NOT_FOR_ONE if team is not None else "Kies wie de taak doet.")

    def offer(self, colleagues: Iterable[tuple[int, str]], teams: Iterable[tuple[int, str]]) -> None:
        """Who can be chosen."""
        self.assignee_id.offer(colleagues)
        self.team_id.offer(teams)
        if len(self.team_id.choices) < 2:
            del self.team_id

    @property
    def given_to(self) -> For:
        """Who was chosen."""
        team = getattr(self, "team_id", None)
        return For(self.assignee_id.data, None if team is None else team.data)


class TaskForm(_What, _ForWhom, BaseForm):
    due_on = DayField("Voor welke dag?", [Optional()])


class ChangedTaskForm(_What, _ForWhom, VersionedForm):
    due_on = DayField("Voor welke dag?", [Optional()])


class SetOutForm(_WhichList, _ForWhom, BaseForm):
    """Whose tasks the lines of a checklist become."""


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
