"""What the step pages have in common: one form, the case above it, what stands in the way, and the way back."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.cases.requirements import met
from knelpunt.domain.cases.workflow import Transition
from knelpunt.domain.errors import DomainError
from knelpunt.extensions import db
from knelpunt.queries.cases.page import read_case_file
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.services.cases.workflow import HANDLED_IT_FIRST
from knelpunt.web.desk.case.view import Missing, is_kept_out, missing_for, running_term
from knelpunt.web.shared.forms.forms import BaseForm, VersionedForm
from knelpunt.web.shared.requests.access import current_actor, today_in_nl
from knelpunt.web.shared.requests.transactions import errors_on, form_status

Value = TypeVar("Value")

NOT_HERE = "Deze stap past niet bij waar de zaak nu staat."


def case_address(reference: str) -> str:
    """The page of a case."""
    return url_for("desk.case_page", reference=reference)


def done(reference: str, words: str) -> ResponseReturnValue:
    """Back to the case, which says what was done."""
    flash(words)
    return redirect(case_address(reference), 303)


def carried_out(form: BaseForm, step: Callable[[], Any]) -> bool:
    """Whether the act succeeded; when it did not, the form says why and nothing of it is kept."""
    with errors_on(form):
        step()
    return form_status(form) == 200


def filled_in(value: Value | None) -> Value:
    """What the form's own checks made sure of: a value that is there."""
    if value is None:
        raise ValueError("a required field of a valid form is empty")
    return value


def read_file(reference: str) -> CaseFile:
    """The case as this actor may read it. Raises NotFound."""
    return read_case_file(db.session, current_actor(), reference)


def message_to(file: CaseFile) -> str:
    """In which form a message reaches the submitter of this case; without contact data it stands on no more than the
    page of the case."""
    if file.case.organisation_id is not None or file.has_email:
        return "een mail"
    return "een brief of een telefoontje" if file.has_contact else "geen bericht: er zijn geen contactgegevens"


def obstacles(file: CaseFile, step: Transition) -> tuple[Missing, ...]:
    """What stands in the way of a step of the workflow, apart from what its own page asks."""
    try:
        step.check_from(file.case.status)
    except DomainError as error:
        return (Missing(error.message, None),)
    return missing_for(step, met(file.case, file.findings, today_in_nl()))


def show_step(
    file: CaseFile,
    form: BaseForm,
    *,
    title: str,
    button: str,
    template: str = "desk/step.html",
    lead: str | None = None,
    blocked_by: Iterable[Missing] = (),
    stands_now: Iterable[tuple[str, str | None]] = (),
    takes_files: bool = False,
    **values: Any,
) -> ResponseReturnValue:
    """The page of a step. After a conflict it shows what stands now above what was written, ready to be sent again.

    Args:
        blocked_by: what is missing; then there is no form.
        stands_now: name and present value of what the form changes, for the page after a conflict.
    """
    if isinstance(form, VersionedForm) and (form.conflict or not form.is_submitted()):
        form.version.data = file.case.version
    if is_kept_out(file.case, current_actor()):
        blocked_by = (Missing(HANDLED_IT_FIRST, None),)
    page = render_template(
        template,
        file=file,
        case=file.case,
        term=running_term(file, today_in_nl()),
        form=form,
        title=title,
        button=button,
        lead=lead,
        blocked_by=tuple(blocked_by),
        stands_now=tuple(stands_now),
        takes_files=takes_files,
        case_path=case_address(file.case.reference),
        **values,
    )
    return page, form_status(form)
