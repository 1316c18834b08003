"""What a request may carry: a form or nothing."""

from flask import Flask, abort, request

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def _refuse_other_bodies() -> None:
    """Refuse JSON, XML and whatever else is no form, before anything reads it.

    Who may not come here, or asks for what is not there, has been told so already: this hook runs after that one.
    """
    if request.method not in WITH_BODY or request.endpoint is None or request.mimetype in FORM_TYPES:
        return
    is_empty = not request.content_length and "chunked" not in request.headers.get("Transfer-Encoding", "").lower()
    if request.mimetype or not is_empty:
        abort(415)


def init_app(app: Flask) -> None:
    app.before_request(_refuse_other_bodies)
