"""Lets a form that outlived its session come back filled in, with one more click to send it."""

from flask import Blueprint, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from knelpunt.domain.errors import DomainError
from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, access_of
from knelpunt.web.shared.requests.errors import STALE_FORM, error_response
from knelpunt.web.shared.texts import lazy_gettext

SEND_AGAIN = lazy_gettext("De pagina stond lang open. Uw tekst staat er nog. Verstuur haar nog een keer.")


def is_sent(form: FlaskForm) -> bool:
    """Whether the form was posted and is well-formed; the words for a form that stood open too long are set here."""
    if request.method != "POST":
        return False
    if form.validate():
        return True
    if "csrf_token" in form and form.csrf_token.errors:
        form.csrf_token.errors = [SEND_AGAIN]
    return False


def keep_typed(blueprint: Blueprint) -> None:
    """For pages whose secret is in their address: after a lost session show the form again with what was typed.

    Every view of the blueprint asks ``is_sent``, which refuses the stale form, so nothing is done without the second
    click. Pages behind a log-in get the general error page, which also shows what was typed.
    """

    @blueprint.errorhandler(CSRFError)
    def show_again(_error: CSRFError) -> ResponseReturnValue:
        view = current_app.view_functions[request.endpoint or ""]
        if access_of(view) not in (PUBLIC, BY_LINK):
            return error_response(400, STALE_FORM)
        try:
            response: Response = make_response(view(**(request.view_args or {})))
        except (DomainError, HTTPException) as refusal:  # an error inside an error handler would be a 500
            return current_app.make_response(current_app.handle_user_exception(refusal))
        if response.status_code == 422:
            response.status_code = 400
        return response
