"""Which language a request speaks: Dutch, or the one whose code its address begins with (decision 8).

``/en/wetten`` is ``/wetten`` in English: the same view, the same rights. Only pages for everybody, filing, and the
pages behind a follow link speak other languages; under a prefix every other address does not exist. The API has one
address for all languages, and speaks the one that its header Accept-Language asks for.
"""

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.routing import Map, Rule

from knelpunt.domain.languages import DUTCH, OTHERS, Language
from knelpunt.web.shared.problems import API
from knelpunt.web.shared.requests.access import BY_LINK, PUBLIC, access_of
from knelpunt.web.shared.requests.request_language import BY_CODE, current_language, current_translator, spoken_in

BY_HEADER = "knelpunt.language_by_header"
_KEPT_IN_PATH = "/:@!$&'()*+,;=~"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?%"
_ASCII = bytes(range(128))
_LINK = re.compile(r'\b(href|action|formaction)="(/[^"]*)"(?![^<>]*\shreflang=)')
"""A link or form of a page to this site, other than one that says of which language it is."""
_FILE = re.compile(r"\.\w{2,5}$")
PARTS = frozenset({"public", "laws", "intake", "cases", "guides", "bottlenecks", "search", "embedding", "alerts"})
"""The parts of the site that speak every language, for who has no account; filing does for accounts too."""

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class LanguagePrefix:
    """Takes the language off the front of an address, before the address is looked up.

    And quotes raw bytes behind its question mark, which Werkzeug reads as UTF-8 and browsers never send.
    """

    def __init__(self, app: WsgiApp) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=_ASCII)
        path = environ.get("PATH_INFO", "")
        if path.startswith(API):
            environ[BY_HEADER] = True
            with spoken_in(_preferred(environ.get("HTTP_ACCEPT_LANGUAGE", ""))):
                return self.app(environ, start_response)
        code = path[1:3]
        if code not in BY_CODE or path[3:4] not in ("", "/"):
            return self.app(environ, start_response)
        environ["PATH_INFO"] = path[3:] or "/"
        with spoken_in(BY_CODE[code]):
            return self.app(environ, start_response)


def _preferred(header: str) -> Language:
    """The language that a header Accept-Language likes best of those that are spoken here; Dutch where it has none."""
    code = parse_accept_header(header, LanguageAccept).best_match([DUTCH.code, *BY_CODE])
    return BY_CODE.get(code or "", DUTCH)


class Spoken:
    """What exists in every language: the views, and which addresses lead to one of them."""

    def __init__(self, addresses: Map, rules: list[Rule]) -> None:
        self.endpoints = frozenset(rule.endpoint for rule in rules)
        self.first_parts = frozenset(rule.rule.split("/")[1] for rule in rules)
        self._addresses = addresses.bind("localhost")
        self.has = lru_cache(2048)(self._has)

    def _has(self, page: str) -> bool:
        """Whether this address, without its query, is a page in every language."""
        if page.split("/")[1] not in self.first_parts or _FILE.search(page):
            return False
        for method in ("GET", "POST"):
            with suppress(HTTPException):
                return self._addresses.match(page, method)[0] in self.endpoints
        return False


def spoken(app: Flask) -> Spoken:
    """What of this application exists in every language; found in its own map of addresses, once."""
    found: Spoken | None = app.extensions.get("knelpunt.languages")
    if found is None:
        rules = [rule for rule in app.url_map.iter_rules() if _is_spoken(app, rule)]
        found = app.extensions["knelpunt.languages"] = Spoken(app.url_map, rules)
    return found


def _is_spoken(app: Flask, rule: Rule) -> bool:
    part = rule.endpoint.partition(".")[0]
    if part not in PARTS or _FILE.search(rule.rule):
        return False
    is_filing = part == "intake" and rule.rule.startswith("/melden/")
    return is_filing or access_of(app.view_functions.get(rule.endpoint)) in (PUBLIC, BY_LINK)


def to_language(path: str, language: Language) -> str:
    """An address of the site in a language: as it is when its page is Dutch only, or is a file.

    Takes an address from the root (``/wetten?op=2019-07-01``) or a whole one of this site.
    """
    if language is DUTCH:
        return path
    base: str = current_app.config["KNELPUNT"].base_url
    if path.startswith(f"{base}/"):
        return base + to_language(path[len(base) :], language)
    if not path.startswith("/") or path.startswith("//"):
        return path
    page = re.split(r"[?#]", path, maxsplit=1)[0]
    return f"/{language.code}{path}" if spoken(current_app).has(page) else path


def canonical(path: str) -> str:
    """The whole address of a page, in the language of this request."""
    return to_language(current_app.config["KNELPUNT"].base_url + path, current_language())


def page_links() -> list[tuple[Language, str]]:
    """This page in every language, with its address as it may stand in a link; nothing where it is Dutch only."""
    asked = request._get_current_object()  # type: ignore[attr-defined]  # each look through the proxy costs
    if asked.endpoint not in spoken(current_app).endpoints:
        return []
    path = quote(asked.path, safe=_KEPT_IN_PATH)
    if asked.query_string:
        path = f"{path}?{quote(asked.query_string, safe=_KEPT_IN_QUERY)}"
    return [(DUTCH, path), *((language, f"/{language.code}{path}") for language in OTHERS)]


def alternates(links: list[tuple[Language, str]]) -> list[tuple[str, str]]:
    """For search engines: (hreflang, whole address) of each of ``page_links``, and where to go otherwise.

    A page behind a secret link has none.
    """
    if not links or access_of(current_app.view_functions.get(request.endpoint or "")) != PUBLIC:
        return []
    base: str = current_app.config["KNELPUNT"].base_url
    return [*((language.code, base + path) for language, path in links), ("x-default", base + links[0][1])]


def canonical_address() -> str | None:
    """The whole address of a public page in its own language, without what narrows or turns it; None for others."""
    if access_of(current_app.view_functions.get(request.endpoint or "")) != PUBLIC:
        return None
    return canonical(quote(request.path, safe=_KEPT_IN_PATH))


def alternates_of(address: str) -> list[tuple[str, str]]:
    """The same for the whole address of any page."""
    found = [(language.code, to_language(address, language)) for language in (DUTCH, *OTHERS)]
    return [*found, ("x-default", address)]


def _refuse_dutch_only() -> None:
    if current_language() is DUTCH or request.endpoint in spoken(current_app).endpoints:
        return
    if request.environ.get(BY_HEADER) is None:
        abort(404)


def _mark_answer(response: Response) -> Response:
    """Say in which language the answer is, and let its links, and the way on after a form was sent, stay in it."""
    language = current_language()
    by_header = request.environ.get(BY_HEADER) is not None
    if response.mimetype == "text/html" or by_header:
        response.headers["Content-Language"] = language.code
    if by_header:
        response.vary.add("Accept-Language")
    if language is DUTCH or by_header:
        return response
    if "Location" in response.headers:
        response.headers["Location"] = to_language(response.headers["Location"], language)
    if response.mimetype == "text/html" and not response.is_streamed:
        response.set_data(_LINK.sub(_in_language, response.get_data(as_text=True)))
    return response


def _in_language(link: re.Match[str]) -> str:
    return f'{link[1]}="{to_language(link[2], current_language())}"'


def init_app(app: Flask) -> None:
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_refuse_dutch_only)
    app.after_request(_mark_answer)
    app.jinja_env.globals.update(
        page_links=page_links,
        alternates=alternates,
        canonical_address=canonical_address,
        alternates_of=alternates_of,
        current_language=current_language,
        script_texts=lambda: json.dumps(current_translator().script_texts, ensure_ascii=False),
    )
