"""The priority and the labels of one case."""

from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OPEN_STATUSES, Priority
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases.triage import CASE_IS_OVER
from knelpunt.services.worklist import marks
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import Lines, StepPage, step_page
from knelpunt.web.desk.worklist.forms import CaseLabelsForm, CasePriorityForm
from knelpunt.web.shared.forms.forms import choices
from knelpunt.web.shared.labels.labels import label


@step_page("prioriteit", Permission.HANDLE_CASE)
class SetPriority(StepPage[CasePriorityForm]):
    """Let a case go before others, or no longer."""

    form_class = CasePriorityForm
    title = "Prioriteit wijzigen"
    lead = "Hoge prioriteit gaat voor bij zaken die op dezelfde dag klaar moeten. De indiener ziet het niet."
    button = "Bewaar de prioriteit"
    done = "De prioriteit is gewijzigd."

    def prefill(self) -> None:
        now = self.case.priority
        self.form.priority.data = Priority.NORMAL if now is Priority.HIGH else Priority.HIGH

    def act(self) -> None:
        form = self.form
        marks.set_priority(self.context, self.reference, form.version.data, form.priority.data, form.body.data)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return () if self.case.status in OPEN_STATUSES else (Missing(CASE_IS_OVER, None),)

    @property
    def stands_now(self) -> Lines:
        return [("Prioriteit", label(self.case.priority)), ("Waarom", self.case.priority_reason)]


@step_page("labels", Permission.HANDLE_CASE)
class SetLabels(StepPage[CaseLabelsForm]):
    """Which labels the case has; one out of use that it has can be taken off, and then comes back no more."""

    form_class = CaseLabelsForm
    title = "Labels van de zaak"
    lead = "Met een label vindt het loket zaken terug. De indiener ziet labels nooit."
    button = "Bewaar de labels"
    done = "De labels zijn bewaard."

    @property
    def offered(self) -> list[tuple[int, str]]:
        return sorted({*small_tables(db.session).label_options, *self.file.labels}, key=lambda each: each[1].lower())

    def offer(self) -> None:
        self.form.label_ids.choices = choices(self.offered)

    def prefill(self) -> None:
        self.form.label_ids.data = [id_ for id_, _name in self.file.labels]

    def act(self) -> None:
        form = self.form
        marks.set_labels(self.context, self.reference, form.version.data, form.label_ids.data or ())

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        if not self.offered:
            return (Missing("Er zijn nog geen labels. Het hoofd van het loket maakt ze.", None),)
        return ()

    @property
    def stands_now(self) -> Lines:
        return [("Labels", ", ".join(name for _id, name in self.file.labels) or "geen")]
