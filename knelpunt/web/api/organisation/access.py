"""Who a system of an organisation is, what its token opens, and how an act that it sends twice is done once."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

from flask import Response, after_this_request, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from knelpunt.domain.errors import DomainError
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.permissions import SCOPE_WORDS, VISITOR, Actor, ApiScope
from knelpunt.domain.texts import Text
from knelpunt.extensions import db
from knelpunt.services.accounts.identity import clients
from knelpunt.services.core import submissions
from knelpunt.services.core.context import Context
from knelpunt.web.api.organisation.token import ADDRESS
from knelpunt.web.api.shared.fields import Schema, text
from knelpunt.web.api.shared.limits import count_address, limit
from knelpunt.web.api.shared.resources import HEADERS, Resource
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.requests.access import act_as, by_client, now_utc
from knelpunt.web.shared.requests.bodies import FORM_TYPES, key_of_content
from knelpunt.web.shared.requests.transactions import commits
from knelpunt.web.shared.texts import _, lazy_gettext

SCHEME = "koppeling"
ERRORS = (401, 403)
ACT_ERRORS = (*ERRORS, 409, 413, 415, 422)
"""How an act that carries a body may be refused."""
KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 255
View = Callable[..., Any]
_KEY_MISSING = lazy_gettext("Stuur een eigen kenmerk mee. Zo doen wij hetzelfde nooit twee keer.")
_KEY_REUSED = Text("Dit kenmerk hoort bij een ander verzoek. Stuur een nieuw kenmerk mee.")


class _ScopeMissing(Forbidden):
    """The token is good, and opens something else."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self.scope = scope
        self.detail = _("Hiervoor heeft uw token het recht ‘%(scope)s’ nodig.", scope=scope.value)

    def get_headers(self, *rest: Any, **more: Any) -> list[tuple[str, str]]:
        """With the scope that would open this, as RFC 6750 has it."""
        shown = WWWAuthenticate("bearer", {"error": "insufficient_scope", "scope": self.scope.value})
        return [*super().get_headers(*rest, **more), ("WWW-Authenticate", shown.to_header())]


def security_scheme(base_url: str) -> dict[str, Any]:
    """How a system gets in, for the contract."""
    scopes = {scope.value: str(words) for scope, words in SCOPE_WORDS.items()}
    return {
        "type": "oauth2",
        "description": "Een beheerder van uw organisatie maakt een koppeling. Haar sleutel geeft een token.",
        "flows": {"clientCredentials": {"tokenUrl": f"{base_url}{ADDRESS}", "scopes": scopes}},
    }


def endpoint(resource: Resource, rule: str, scope: ApiScope, method: str = "GET") -> Callable[[View], View]:
    """Put a view at an address, for systems with this scope; what it changes is committed once, when the answer is
    good."""

    def put(view: View) -> View:
        served: View = commits(view) if method != "GET" else _marked(view)
        served = resource.doc(security=[{SCHEME: [scope.value]}])(served)
        served = by_client(partial(_let_in, scope))(served)
        return resource.route(rule, methods=[method])(served)

    return put


def empties(
    resource: Resource, about: str, errors: tuple[int, ...] = (), more: Mapping[str, Any] = MappingProxyType({})
) -> Callable[[View], View]:
    """The view answers with nothing: what it was asked for is done. ``more`` are headers that the answer has."""

    def decorate(view: View) -> View:
        answered: View = resource.response(204, headers={**HEADERS, **more}, description=about)(view)
        return resource.documented(answered, about, (*ERRORS, *errors))

    return decorate


def produces(*types: str) -> Callable[[View], View]:
    """The view answers with something else than JSON."""

    def mark(view: View) -> View:
        view.produces = types  # type: ignore[attr-defined]
        return view

    return mark


def client() -> Actor:
    """The system that asks, as an actor."""
    actor: Actor = g.api_client
    return actor


def context() -> Context:
    """An act by it, now. Mails about what it files are in Dutch: it reads answers in any language, people get mails."""
    return replace(act_as(client()), language=DUTCH.code)


def once(act: Callable[[], str]) -> str:
    """Do an act unless this system did it before with the same key; gives the mark of what was made.

    The key is bound to the address and to what is sent: with something else it is a mistake, which is told.

    Raises:
        InvalidInput: there is no key, or one that cannot be kept.
        DomainError: the key was used for something else.
    """
    key = request.headers.get(KEY_HEADER, "")
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput(Fault("header", KEY_HEADER, _KEY_MISSING))
    author, kept = f"client:{client().client_id}", hashlib.sha256(key.encode()).hexdigest()
    body = b"" if request.mimetype in FORM_TYPES else request.get_data()
    content = key_of_content(hashlib.sha256(body).hexdigest())
    earlier = submissions.claim(db.session, author, kept, now_utc())
    if earlier is not None:
        before, _blank, made = earlier.partition(" ")
        if before != content:
            raise DomainError(_KEY_REUSED)
        return made
    made = act()
    submissions.remember(db.session, author, kept, f"{content} {made}")
    return made


class _OnceHeaders(Schema):
    """The mark by which a request that is sent twice is known again."""

    key = text(KEY_HEADER, "Een eigen kenmerk van dit verzoek, zoals een UUID.", longest=LONGEST_KEY, required=True)


class _VersionHeaders(Schema):
    """Which version is changed."""

    version = text("If-Match", "De ETag die u het laatst kreeg. Zonder If-Match krijgt u 428.")


def keyed(resource: Resource) -> Callable[[View], View]:
    """The view does something ``once``: its request carries a key."""
    return with_headers(resource, _OnceHeaders)


def versioned(resource: Resource) -> Callable[[View], View]:
    """The view changes one version: its request says which."""
    return with_headers(resource, _VersionHeaders)


def with_headers(resource: Resource, schema: type[Schema]) -> Callable[[View], View]:
    """The requests of the view carry these headers, which it reads itself."""

    def decorate(view: View) -> View:
        @wraps(view)
        def without(_headers: Any, *args: Any, **values: Any) -> Any:
            return view(*args, **values)

        read: View = resource.arguments(schema, location="headers")(without)
        return read

    return decorate


def says_where(path: str) -> None:
    """Let this answer say where what was made can be found."""
    base_url: str = current_app.config["KNELPUNT"].base_url

    @after_this_request
    def add(response: Response) -> Response:
        if response.status_code == 201:
            response.headers["Location"] = f"{base_url}{path}"
        return response


@contextmanager
def fields_named(names: Mapping[str, str]) -> Iterator[None]:
    """Let a broken rule name the property of the API in place of the field of the form."""
    try:
        yield
    except DomainError as error:
        if error.field is not None:
            error.field = names.get(error.field, error.field)
        raise


def _let_in(scope: ApiScope) -> None:
    shown = request.headers.get("Authorization", "")
    kind, _blank, token = shown.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", {"realm": "Knelpunt"}))
    actor = clients.actor_with(act_as(VISITOR), token.strip())
    if actor is None:
        count_address()
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", {"realm": "Knelpunt", "error": "invalid_token"}))
    g.api_client = actor
    limit("client", str(actor.client_id), current_app.config["KNELPUNT"].api_requests_per_minute)
    if scope not in actor.scopes:
        raise _ScopeMissing(scope)


def _marked(view: View) -> View:
    """Give what is read a mark, so that who has it already need not get it again."""

    def mark(response: Response) -> Response:
        if response.status_code == 200 and not response.is_streamed and not response.direct_passthrough:
            if "ETag" not in response.headers:
                response.add_etag()
            response.make_conditional(request)
        return response

    @wraps(view)
    def read(*args: Any, **values: Any) -> Any:
        answer = view(*args, **values)
        after_this_request(mark)  # behind the mark that the view itself may give
        return answer

    return read
