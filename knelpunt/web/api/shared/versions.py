"""The version of one thing in the API: who changes a thing says by If-Match which version he saw."""

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired


def mark_version(response: Response, version: int) -> Response:
    """Give an answer the strong mark of the version of a row, for who wants to change it."""
    response.set_etag(f"v{version}")
    return response


def require_match(version: int) -> None:
    """Ask that this request names the version of a row that it changes, and that it is the one that is there.

    Raises:
        PreconditionRequired: it names none.
        PreconditionFailed: it names another one.
    """
    if "If-Match" not in request.headers:
        raise PreconditionRequired()
    if not request.if_match.is_strong(f"v{version}"):
        raise PreconditionFailed()
