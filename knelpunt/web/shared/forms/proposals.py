"""What happens to a proposal that one administrator made and another decides about: the button, and why not."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.extensions import db
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.requests.bodies import pressed

Status = TypeVar("Status", bound=StrEnum)
PROPOSED = "Het voorstel is bewaard. Een andere beheerder bekijkt het; tot dan verandert er niets."
PICK = "Kies wat er met het voorstel gebeurt."


def decided(form: BaseForm, acts: Mapping[str, Callable[[], Status]]) -> Status | None:
    """Do what the button ``besluit`` says; None when the form says why not, with nothing half-saved.

    Args:
        acts: what each value of the button does; it gives where the proposal stands then.
    """
    try:
        return pressed("besluit", acts, PICK)()
    except VersionConflict as error:
        db.session.rollback()
        form.conflict = True
        form.form_errors = [error.message]
    except DomainError as error:
        if error.status != 422:
            raise
        db.session.rollback()
        if error.field is not None and error.field in form:
            form[error.field].errors = [error.message]
        else:
            form.form_errors = [error.message]
    return None
