"""Which language a request speaks: Dutch, or the one whose code its address begins with (decision 8).

``/en/wetten`` is ``/wetten`` in English: the same view, the same rights. Only pages for everybody, filing, and the
pages behind a follow link speak other languages; under a prefix every other address does not exist.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, current_app, has_request_context, request
from werkzeug.routing import Rule

from knelpunt.domain.languages import DUTCH, OTHERS, Language
from knelpunt.web.shared.access import BY_LINK, PUBLIC, access_of

_CODE = "knelpunt.language"
_BY_CODE = {language.code: language for language in OTHERS}
_FILE = re.compile(r"\.\w{2,5}$")
PARTS = frozenset({"public", "laws", "intake", "cases"})
"""The parts of the site that speak every language, for who has no account; filing does for accounts too."""

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class LanguagePrefix:
    """Takes the language off the front of an address, before the address is looked up."""

    def __init__(self, app: WsgiApp) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        code = path[1:3]
        if code in _BY_CODE and path[3:4] in ("", "/"):
            environ[_CODE] = code
            environ["PATH_INFO"] = path[3:] or "/"
        return self.app(environ, start_response)


def current_language() -> Language:
    """The language of this request; outside a request Dutch."""
    if not has_request_context():
        return DUTCH
    return _BY_CODE.get(request.environ.get(_CODE, ""), DUTCH)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What exists in every language: the views, and the first parts of their addresses."""

    endpoints: frozenset[str]
    first_parts: frozenset[str]


def spoken(app: Flask) -> Spoken:
    """What of this application exists in every language; found in its own map of addresses, once."""
    found: Spoken | None = app.extensions.get(_CODE)
    if found is None:
        rules = [rule for rule in app.url_map.iter_rules() if _is_spoken(app, rule)]
        found = Spoken(frozenset(rule.endpoint for rule in rules), frozenset(rule.rule.split("/")[1] for rule in rules))
        app.extensions[_CODE] = found
    return found


def _is_spoken(app: Flask, rule: Rule) -> bool:
    part = rule.endpoint.partition(".")[0]
    if part not in PARTS or _FILE.search(rule.rule):
        return False
    return part == "intake" or access_of(app.view_functions.get(rule.endpoint)) in (PUBLIC, BY_LINK)


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
    if page.split("/")[1] not in spoken(current_app).first_parts or _FILE.search(page):
        return path
    return f"/{language.code}{path}"


def page_links() -> list[tuple[Language, str]]:
    """This page in every language, with its address; nothing where it is Dutch only."""
    if request.endpoint not in spoken(current_app).endpoints:
        return []
    path = request.full_path.rstrip("?") if request.query_string else request.path
    return [(language, to_language(path, language)) for language in (DUTCH, *OTHERS)]


def alternates() -> list[tuple[str, str]]:
    """For search engines: (hreflang, whole address) of this page in each language, and where to go otherwise."""
    links = page_links()
    if not links or access_of(current_app.view_functions.get(request.endpoint or "")) != PUBLIC:
        return []
    base = current_app.config["KNELPUNT"].base_url
    return [*((language.code, base + path) for language, path in links), ("x-default", base + links[0][1])]


def _refuse_dutch_only() -> None:
    if _CODE in request.environ and request.endpoint not in spoken(current_app).endpoints:
        abort(404)


def _mark_answer(response: Response) -> Response:
    """Say in which language the answer is, and go on in it after a form was sent."""
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = current_language().code
    if _CODE in request.environ and "Location" in response.headers:
        response.headers["Location"] = to_language(response.headers["Location"], current_language())
    return response


def init_app(app: Flask) -> None:
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_refuse_dutch_only)
    app.after_request(_mark_answer)
    app.jinja_env.globals.update(page_links=page_links, alternates=alternates, language=DUTCH)
