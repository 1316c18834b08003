"""What happens to a proposal that one administrator made and another decides about: the button, and why not."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from flask import request

from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.extensions import db
from knelpunt.web.shared.forms.forms import BaseForm

Status = TypeVar("Status", bound=StrEnum)
PROPOSED = "Het voorstel is bewaard. Een andere beheerder bekijkt het; tot dan verandert er niets."
PICK = "Kies wat er met het voorstel gebeurt."


def decided(form: BaseForm, acts: Mapping[Status, Callable[[], Status]]) -> Status | None:
    """Do what the button ``besluit`` says; None when the form says why not, with nothing half-saved.

    Args:
        acts: what each value of the button does; it gives where the proposal stands then.
    """
    wanted = request.form.get("besluit", "")
    act = next((act for status, act in acts.items() if status == wanted), None)
    if act is None:
        form.form_errors = [PICK]
        return None
    try:
        return act()
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
