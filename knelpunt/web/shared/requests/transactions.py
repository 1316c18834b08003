"""One transaction a request: committed once when the answer is good, rolled back otherwise."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Form

from knelpunt.domain.errors import DomainError, Refusals, TooManyAttempts, VersionConflict
from knelpunt.extensions import db
from knelpunt.services.core import submissions
from knelpunt.web.shared.problems import is_asked
from knelpunt.web.shared.requests.access import author_key, now_utc
from knelpunt.web.shared.requests.bodies import key_of_content
from knelpunt.web.shared.requests.errors import say_retry_after
from knelpunt.web.shared.texts import lazy_gettext, said

_KEY = re.compile(r"[0-9a-f]{32}")
SAID_ON_FORM = frozenset({422, 429, 503, 507})
"""What a broken rule answers with beside its field, with all that was typed. Any other status is a page of its own."""
CHANGED_MEANWHILE = lazy_gettext(
    "Iemand anders heeft dit intussen gewijzigd. Hieronder staat wat u schreef; erboven "
    "staat hoe het nu is. Controleer het en verstuur opnieuw."
)


def commits(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Commit when the answer is below 400, before it goes out. A form that arrives twice, filled in alike, gets the
    first answer."""

    @wraps(view)
    def in_transaction(**values: Any) -> ResponseReturnValue:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return view(**values)
        key = request.form.get("submission_key", "")
        once = _KEY.fullmatch(key) is not None and not is_asked()  # the API has keys of its own, and no session
        if once:
            key = key_of_content(key)
            earlier = submissions.claim(db.session, author_key(), key, now_utc())
            if earlier is not None:
                db.session.rollback()
                return redirect(earlier, 303)
        response = make_response(view(**values))
        if response.status_code >= 400:
            db.session.rollback()
            return response
        if once and response.location:
            submissions.remember(db.session, author_key(), key, response.location)
        db.session.commit()
        return response

    return in_transaction


@contextmanager
def errors_on(form: Form) -> Iterator[None]:
    """Turn a broken rule into a message on the form, with nothing half-saved.

    A version conflict marks the form with ``conflict``, so that the page can show both texts. Errors that say that
    somebody may not be here at all (403, 404) go on to their own pages.
    """
    try:
        yield
    except (StaleDataError, VersionConflict):
        db.session.rollback()
        form.conflict = True
        form.form_errors = [*form.form_errors, CHANGED_MEANWHILE]
    except DomainError as error:
        if error.status not in SAID_ON_FORM:
            raise
        db.session.rollback()
        form.refusal_status = error.status
        if isinstance(error, TooManyAttempts):
            say_retry_after(error.retry_after)
        if error.field and error.field in form:
            field = form[error.field]
            field.errors = [
                *field.errors,
                *map(said, error.messages if isinstance(error, Refusals) else (error.message,)),
            ]
        else:
            form.form_errors = [*form.form_errors, said(error.message)]


def form_status(form: Form) -> int:
    """The status of a page that shows this form: 409 after a conflict, that of the rule that was broken, 422 with
    other errors, else 200."""
    if getattr(form, "conflict", False):
        return 409
    if not (form.errors or form.form_errors):
        return 200
    status: int = getattr(form, "refusal_status", 422)
    return status


def keep_so_far() -> None:
    """Commit what is saved by now, although the answer will say that the rest was refused: texts without their files.

    The key of the form stays without an answer, so that the same form can be sent once more.
    """
    db.session.commit()
