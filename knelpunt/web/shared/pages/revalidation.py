"""Public pages that a browser, reader or search engine has already are answered 304: not read again, not made again.

The mark of a page (its ETag) is made of what the page is made of: the code and settings, the day, the language, its
address, and one statement that asks the version of all that is public. So a text that was corrected, withdrawn or
erased is never confirmed. Pages with a form that is sent have no mark, since each form has a key of its own; and who
has a session with this site is never answered by one.
"""

import hashlib
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, session

from config import PROJECT_DIR, TEMPLATE_DIR
from knelpunt.extensions import db
from knelpunt.queries.core.reference import version_of_public_pages
from knelpunt.web.shared.pages.assets import fingerprint
from knelpunt.web.shared.pages.caching import period
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.requests.request_language import current_language


class Shows(Enum):
    """What a page is made of besides the code."""

    NOTHING = auto()
    TEXTS = auto()
    FIGURES = auto()
    """Texts, and numbers that may be some minutes old."""


PAGES: dict[str, Shows] = {
    "api_contract.openapi_document": Shows.NOTHING,
    "api_definitions.definition": Shows.NOTHING,
    "api_definitions.definition_list": Shows.NOTHING,
    "public.accessibility": Shows.NOTHING,
    "public.algorithm_json": Shows.NOTHING,
    "public.algorithm_register": Shows.NOTHING,
    "public.contact": Shows.NOTHING,
    "public.cookies": Shows.NOTHING,
    "public.developers": Shows.NOTHING,
    "public.report_weakness": Shows.NOTHING,
    "public.robots": Shows.NOTHING,
    "public.security": Shows.NOTHING,
    "public.what": Shows.NOTHING,
    "quarter_files.woo_index": Shows.NOTHING,
    "reporting.definitions": Shows.NOTHING,
    "api_cases.case": Shows.TEXTS,
    "api_cases.case_list": Shows.TEXTS,
    "api_guides.guide": Shows.TEXTS,
    "api_guides.guide_list": Shows.TEXTS,
    "api_laws.law": Shows.TEXTS,
    "api_laws.law_list": Shows.TEXTS,
    "api_laws.provision": Shows.TEXTS,
    "api_laws.wording": Shows.TEXTS,
    "api_municipalities.municipality": Shows.TEXTS,
    "api_municipalities.municipality_list": Shows.TEXTS,
    "bottlenecks.feed": Shows.TEXTS,
    "bottlenecks.sitemap": Shows.TEXTS,
    "embedding.guide": Shows.TEXTS,
    "guides.guide_feed": Shows.TEXTS,
    "guides.guide_list": Shows.TEXTS,
    "guides.guide_page": Shows.TEXTS,
    "guides.guide_sitemap": Shows.TEXTS,
    "guides.guide_version": Shows.TEXTS,
    "laws.law_list": Shows.TEXTS,
    "laws.wording_linked": Shows.TEXTS,
    "public.case_page": Shows.TEXTS,
    "public.case_rules": Shows.TEXTS,
    "public.feed": Shows.TEXTS,
    "public.guides_json": Shows.TEXTS,
    "public.guides_linked": Shows.TEXTS,
    "public.laws_csv": Shows.TEXTS,
    "public.laws_json": Shows.TEXTS,
    "public.how": Shows.TEXTS,
    "public.records_csv": Shows.TEXTS,
    "public.records_json": Shows.TEXTS,
    "public.sitemap": Shows.TEXTS,
    "public.sitemap_cases": Shows.TEXTS,
    "public.sitemap_pages": Shows.TEXTS,
    "public.who": Shows.TEXTS,
    "public.wordings_json": Shows.TEXTS,
    "public.wordings_linked": Shows.TEXTS,
    "reporting.definition": Shows.TEXTS,
    "reporting.ministries": Shows.TEXTS,
    "alerts.feed": Shows.FIGURES,
    "api_bottlenecks.bottleneck": Shows.FIGURES,
    "api_bottlenecks.bottleneck_list": Shows.FIGURES,
    "api_quarters.period": Shows.FIGURES,
    "api_quarters.quarter_list": Shows.FIGURES,
    "bottlenecks.feed_of_one": Shows.FIGURES,
    "bottlenecks.index": Shows.FIGURES,
    "bottlenecks.page": Shows.FIGURES,
    "bottlenecks.waiting": Shows.FIGURES,
    "laws.law": Shows.FIGURES,
    "laws.provision": Shows.FIGURES,
    "laws.stacked": Shows.FIGURES,
    "laws.wording": Shows.FIGURES,
    "public.bottlenecks_csv": Shows.FIGURES,
    "public.bottlenecks_json": Shows.FIGURES,
    "public.case_list": Shows.FIGURES,
    "public.home": Shows.FIGURES,
    "public.privacy": Shows.FIGURES,
    "public.promises": Shows.FIGURES,
    "quarter_files.feed": Shows.FIGURES,
    "quarter_files.sitemap": Shows.FIGURES,
    "quarter_files.woo_sitemap": Shows.FIGURES,
    "reporting.as_form": Shows.FIGURES,
    "reporting.index": Shows.FIGURES,
    "reporting.ministry": Shows.FIGURES,
    "reporting.show": Shows.FIGURES,
    "reporting.split": Shows.FIGURES,
}
"""The pages that are confirmed. A test compares the tables that they read with those whose changes are noticed."""
_SHOWN_DOCS = PROJECT_DIR / "docs" / "api"
"""Documents of which pages show parts."""
_CODE = frozenset({".csv", ".html", ".json", ".md", ".mo", ".po", ".py", ".txt", ".typ", ".xml", ".yaml"})

_OF_ONE_SERVER: dict[str, Any] = {
    "clamd_host": None,
    "database_read_url": None,
    "clamd_port": 0,
    "clamd_socket": None,
    "data_dir": Path(),
    "faults_dsn": None,
    "host": "",
    "metrics_dir": None,
    "metrics_host": "",
    "metrics_port": 0,
    "oidc_file": None,
    "port": 0,
    "traces_url": None,
    "web_processes": 0,
    "web_threads": 0,
}
"""Settings of which no page tells, and that may differ between servers of one site: a page has one mark on all."""


def _build(app: Flask) -> str:
    """A short hash over all that a page is made with: another one after an upgrade, and after a change of settings."""
    settings = replace(app.config["KNELPUNT"], **_OF_ONE_SERVER)
    code = (fingerprint(folder, _CODE) for folder in (TEMPLATE_DIR, Path(app.root_path), _SHOWN_DOCS))
    return hashlib.sha256("\n".join((repr(settings), app.config["ASSETS_BUILD"], *code)).encode()).hexdigest()[:16]


def _is_for_anybody() -> bool:
    """Whether one of these pages is asked by who has no session."""
    if request.endpoint not in PAGES or request.method not in ("GET", "HEAD"):
        return False
    ours: str = current_app.config["SESSION_COOKIE_NAME"]
    return not any(name.startswith(ours) for name in request.cookies)


def _mark() -> str | None:
    """The mark of this page as it is now; None for a page without one, and for who has a session."""
    if not _is_for_anybody():
        return None
    shows = PAGES[request.endpoint or ""]
    parts = [current_app.config["PAGES_BUILD"], current_language().code, request.full_path, str(today_in_nl())]
    if shows is not Shows.NOTHING:
        parts.append(version_of_public_pages(db.session))
    if shows is Shows.FIGURES:
        parts.append(str(period()))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _confirm() -> Response | None:
    """Answer 304 to who shows the mark of the page as it is. The mark is read before the page, so never newer."""
    mark = g.page_mark = _mark()
    known = request.if_none_match
    if mark is None or known.star_tag or not known.contains_weak(mark):
        return None
    return _marked(Response(status=304), mark)


def _add_mark(response: Response) -> Response:
    mark = g.get("page_mark")
    if mark is None or response.status_code != 200 or "ETag" in response.headers:
        return response
    if session.modified or "Set-Cookie" in response.headers:
        return response  # it was made for one person after all
    return _marked(response, mark)


def _marked(response: Response, mark: str) -> Response:
    response.set_etag(mark, weak=True)  # the same page may go out compressed
    response.vary.add("Cookie")
    return response


def init_app(app: Flask) -> None:
    app.config["PAGES_BUILD"] = _build(app)
    db.may_lag = _is_for_anybody
    app.before_request(_confirm)
    app.after_request(_add_mark)
