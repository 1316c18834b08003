"""The version of the API, and of one thing in it: who changes a thing says by If-Match which version he saw."""

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

API_VERSION = "1.0.0"
MAJOR = "v1"
BASE = f"/api/{MAJOR}"


def mark_version(response: Response, version: int) -> Response:
    """Give an answer the strong mark of the version of a row, for who wants to change it."""
    response.set_etag(f"v{version}")
    return response


def version_to_change() -> int:
    """The version that this request says it changes.

    Raises:
        PreconditionRequired: it says none.
        PreconditionFailed: what it says was never a mark of ours.
    """
    if "If-Match" not in request.headers:
        raise PreconditionRequired()
    for tag in request.if_match.as_set():
        number = tag.removeprefix("v")
        if tag.startswith("v") and number.isascii() and number.isdecimal() and len(number) < 10:
            return int(number)
    raise PreconditionFailed()


def require_match(version: int) -> None:
    """Raises PreconditionFailed when this request saw another version of a row, and PreconditionRequired for none."""
    if version_to_change() != version:
        raise PreconditionFailed()
