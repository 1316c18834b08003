"""Tasks on a case: set out one or a whole checklist, change one, and say that it is done."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import TaskRow
from knelpunt.queries.collaboration import tasks as queries
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.collaboration import tasks
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import Missing
from knelpunt.web.desk.steps.page import Lines, StepPage, case_address, step_page
from knelpunt.web.desk.tasks.forms import ChangedTaskForm, SetOutForm, TaskForm
from knelpunt.web.shared.forms.form_page import FormT
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.transactions import commits


class TaskPage(StepPage[FormT]):
    """A page that sets out tasks."""

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return (Missing(tasks.CASE_IS_OVER, None),) if self.case.status in queries.OVER else ()

    @property
    def likely_assignee(self) -> int | None:
        """Who handles the case; while nobody does, who asks."""
        offered = {id_ for id_, _name in queries.assignees(db.session)}
        likely = (self.case.handler_id, current_actor().account_id)
        return next((each for each in likely if each in offered), None)


@step_page("taken/nieuw", Permission.WRITE_NOTE)
class AddTask(TaskPage[TaskForm]):
    """Set out one task."""

    form_class = TaskForm
    title = "Taak klaarzetten"
    lead = "Wie de taak krijgt, hoort dat. Is die collega weg, dan gaat het naar wie waarneemt."
    button = "Zet de taak klaar"
    done = "De taak staat klaar."

    def offer(self) -> None:
        self.form.offer(queries.assignees(db.session), small_tables(db.session).team_options)

    def prefill(self) -> None:
        self.form.assignee_id.data = self.likely_assignee

    def act(self) -> None:
        form = self.form
        tasks.add(
            self.context,
            self.reference,
            words=form.words.data or "",
            given_to=form.given_to,
            due_on=form.due_on.data,
        )


@step_page("taken/checklist", Permission.WRITE_NOTE)
class SetOutChecklist(TaskPage[SetOutForm]):
    """Set out the lines of a checklist as tasks."""

    form_class = SetOutForm
    title = "Checklist klaarzetten"
    lead = "Elke regel van de checklist wordt een taak bij deze zaak."
    button = "Zet de taken klaar"
    done = "De taken staan klaar."

    def offer(self) -> None:
        rows = queries.offered_for(db.session, self.case.theme)
        self.form.checklist_id.offer((each.id, f"{each.name} ({len(each.lines)})") for each in rows)
        self.form.offer(queries.assignees(db.session), small_tables(db.session).team_options)

    def prefill(self) -> None:
        self.form.checklist_id.data = number_in(request.args.get("kies", ""))
        self.form.assignee_id.data = self.likely_assignee

    def act(self) -> None:
        form = self.form
        tasks.add_checklist(self.context, self.reference, form.checklist_id.data, form.given_to)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        if len(self.form.checklist_id.choices) < 2:
            return (Missing("Er is nog geen checklist voor deze zaak. Het hoofd van het loket maakt die.", None),)
        return super().blocked_by


@step_page("taken/<id:task_id>", Permission.WRITE_NOTE)
class ChangeTask(StepPage[ChangedTaskForm]):
    """Change what a task says, who has it and by when."""

    task_id: int
    form_class = ChangedTaskForm
    title = "Taak wijzigen"
    lead = "Geeft u de taak aan een ander? Dan hoort die dat."
    button = "Bewaar de taak"
    done = "De taak is gewijzigd."

    @property
    def task(self) -> TaskRow:
        for each in self.file.tasks:
            if each.id == self.task_id:
                return each
        raise NotFound()

    @property
    def version(self) -> int:
        return self.task.version

    def offer(self) -> None:
        offered = queries.assignees(db.session)
        task = self.task
        if task.assignee_id and task.assignee and task.assignee_id not in {id_ for id_, _name in offered}:
            offered = [*offered, (task.assignee_id, task.assignee)]
        self.form.offer(offered, small_tables(db.session).team_options)

    def prefill(self) -> None:
        self.form.process(None, obj=self.task)

    def act(self) -> None:
        form = self.form
        tasks.change(
            self.context,
            self.reference,
            self.task_id,
            form.version.data,
            words=form.words.data or "",
            given_to=form.given_to,
            due_on=form.due_on.data,
        )

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return (Missing("Deze taak is al gedaan.", None),) if self.task.done_at is not None else ()

    @property
    def stands_now(self) -> Lines:
        task = self.task
        return [
            ("Taak", task.words),
            ("Wie", task.assignee),
            ("Voor welke dag", full_date(task.due_on) if task.due_on else None),
        ]

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"blocked_by": self.blocked_by}


@bp.route("/zaken/<string:reference>/taken/<id:task_id>/klaar", methods=["POST"])
@requires(Permission.WRITE_NOTE)
@commits
def task_done(reference: str, task_id: int) -> ResponseReturnValue:
    """Say that a task is done, or that it is not after all."""
    is_done = pressed("stand", {"klaar": True, "open": False})
    tasks.set_done(current_context(), reference, task_id, is_done=is_done)
    flash("De taak is klaar." if is_done else "De taak staat weer open.")
    return redirect(f"{case_address(reference)}#taken", 303)
