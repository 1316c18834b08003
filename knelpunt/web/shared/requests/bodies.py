"""What a request may carry: a form or nothing; what its button means; and by which mark the same form, filled in alike,
is known again.

A view of the API says by ``@takes`` what it reads instead of a form.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text

Meaning = TypeVar("Meaning")
View = TypeVar("View", bound=Callable[..., Any])
NO_BUTTON = Text("Kies een van de knoppen op de pagina.")
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def takes(*types: str) -> Callable[[View], View]:
    """This view reads a body of one of these types, and no form."""

    def mark(view: View) -> View:
        view.takes = frozenset(types)  # type: ignore[attr-defined]
        return view

    return mark


_NOT_CONTENT = frozenset({"csrf_token", "submission_key"})


def pressed(name: str, meanings: Mapping[str, Meaning], otherwise: str = NO_BUTTON) -> Meaning:
    """What a button of the page means. Raises DomainError, with ``otherwise``, for one that is not there."""
    value = request.form.get(name, "")
    if value not in meanings:
        raise DomainError(otherwise)
    return meanings[value]


def key_of_content(key: str) -> str:
    """The submission key of this request, bound to its address and to everything that was filled in.

    After the browser's Back a form is sent with the key that it had. Filled in alike it is a second click; with other
    words, another file or at another address it is a submission of its own, and must not get the first one's answer.
    """
    parts: list[tuple[str, ...]] = [(key, request.full_path)]
    parts += [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_CONTENT]
    for name, upload in request.files.items(multi=True):
        content = hashlib.file_digest(upload.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        upload.stream.seek(0)
        parts.append((name, upload.filename or "", content))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _refuse_other_bodies() -> None:
    """Refuse whatever the view does not take, before anything reads it: JSON and XML where a form belongs.

    Who may not come here, or asks for what is not there, has been told so already: this hook runs after that one.
    """
    if request.method not in WITH_BODY or request.endpoint is None:
        return
    if request.mimetype in getattr(current_app.view_functions[request.endpoint], "takes", FORM_TYPES):
        return
    is_empty = not request.content_length and "chunked" not in request.headers.get("Transfer-Encoding", "").lower()
    if request.mimetype or not is_empty:
        abort(415)


def init_app(app: Flask) -> None:
    app.before_request(_refuse_other_bodies)
