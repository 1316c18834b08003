"""Where a system of an organisation gets a token for its secret: OAuth 2 client credentials (RFC 6749, section 4.4)."""

import math
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, InvalidScopeError, OAuth2Request, scope_to_list
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Blueprint, Request, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.accounts import LOGIN_PER_ACCOUNT
from knelpunt.domain.errors import NotFound
from knelpunt.domain.identity.clients import TOKEN_TERM, can_be_client_id
from knelpunt.domain.permissions import ApiScope
from knelpunt.extensions import csrf, db
from knelpunt.queries.accounts import clients as queries
from knelpunt.queries.accounts.clients import KnownClient
from knelpunt.services import accounts
from knelpunt.services.accounts.identity import clients
from knelpunt.web.shared.requests.access import current_context, now_utc, public, today_in_nl

bp = Blueprint("api_token", __name__)
ADDRESS = "/api/v1/token"
METHODS = ("client_secret_basic", "client_secret_post")


class _Client(ClientMixin):
    """A client as Authlib asks of it."""

    def __init__(self, row: KnownClient) -> None:
        self.row = row

    def get_client_id(self) -> str:
        return self.row.client_id

    def check_client_secret(self, client_secret: str) -> bool:
        return clients.is_secret(self.row.secret_hash, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint == "token" and method in METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == ClientCredentialsGrant.GRANT_TYPE)

    def get_allowed_scope(self, scope: str | None) -> str:
        """All that it may, or the part that it asks for; asking for more is refused, not cut."""
        held = [each.value for each in self.row.scopes]
        wanted = scope_to_list(scope) if scope else held
        if not wanted or not set(wanted) <= set(held):
            raise InvalidScopeError
        return " ".join(each for each in held if each in wanted)


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _TokenRequest(FlaskOAuth2Request):
    """A request of which the proxy before the site, or a developer's own machine, says whether it came by TLS."""

    def __init__(self, asked: Request) -> None:
        OAuth2Request.__init__(self, asked.method, f"https://knelpunt.invalid{ADDRESS}", headers=asked.headers)
        self._request = asked
        self.payload = FlaskOAuth2Payload(asked)


class _Server(AuthorizationServer):
    def create_oauth2_request(self, _request: Any) -> _TokenRequest:
        return _TokenRequest(request)


def _find(client_id: str) -> _Client | None:
    row = queries.known_client(db.session, client_id, today_in_nl())
    return _Client(row) if row is not None else None


def _new_token(client: _Client, scope: str, **_more: Any) -> str:
    row, scopes = client.row, [ApiScope(each) for each in scope.split()]
    return clients.give_token(current_context(), row.id, row.secret_hash, scopes, g.client_ticket)


def _server() -> _Server:
    server = _Server()
    server.init_app(_Settings(), query_client=_find, save_token=lambda _token, _request: None)
    server.register_grant(_Grant)
    return server


class _Settings:
    """What Authlib reads of an application."""

    config = {  # noqa: RUF012 - as Flask has it
        "OAUTH2_ACCESS_TOKEN_GENERATOR": _new_token,
        "OAUTH2_TOKEN_EXPIRES_IN": {ClientCredentialsGrant.GRANT_TYPE: int(TOKEN_TERM.total_seconds())},
    }


_SERVER = _server()


@bp.route(ADDRESS, methods=["POST"])
@csrf.exempt
@public
def token() -> ResponseReturnValue:
    """A token, good for half an hour. A wrong secret is counted as a wrong password is."""
    named = _named_client()
    if named is None:
        return _refused("invalid_client", 401)
    # Counted in a transaction of its own: an answer that rolls back must not forget the attempt.
    ticket = g.client_ticket = accounts.count_client(db.session, named, request.remote_addr or "", now_utc())
    db.session.commit()
    if not ticket.allowed:
        answer = _refused("temporarily_unavailable", 429)
        answer.headers["Retry-After"] = str(math.ceil(LOGIN_PER_ACCOUNT.period.total_seconds()))
        return answer
    try:
        response: Response = _SERVER.create_token_response()
    except NotFound:
        db.session.rollback()
        return _refused("invalid_client", 401)
    if response.status_code >= 400:
        db.session.rollback()
        # A key that is not there and a wrong secret are told alike.
        return _refused("invalid_client", 401) if response.status_code == 401 else response
    db.session.commit()
    return response


def _named_client() -> str | None:
    """Who this request says it is; None when it says so in no way that can be read, or in two ways.

    What is counted must be what is tried: a second name in the form would be tried after the first one in the header.
    """
    named = request.form.get("client_id")
    if "Authorization" in request.headers:
        try:
            shown = request.authorization
        except ValueError:  # letters that no base64 has
            return None
        by_header = shown.username if shown is not None and shown.type == "basic" else None
        if "client_secret" in request.form or named not in (None, by_header):
            return None
        named = by_header
    return named if named and can_be_client_id(named) else None


def _refused(error: str, status: int) -> Response:
    """A refusal in the form that RFC 6749 gives it."""
    answer = jsonify(error=error)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Knelpunt"'
    return answer
