"""The pages of the law catalogue. They only read, and are for everybody."""

import json
import re
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.laws.dates import Standing, incomplete_in_words
from knelpunt.domain.laws.schema import LawKind, RoomType
from knelpunt.extensions import db
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import LINKABLE, LawPage, LawSummary
from knelpunt.queries.laws.stacking import StackedRule, StackFilter
from knelpunt.queries.laws.wordings import ProvisionPage
from knelpunt.web.laws import routes_stacking
from knelpunt.web.laws.blueprint import bp
from knelpunt.web.laws.filters import ROOM_SLUGS, DayFilter, LawFilters, read_day
from knelpunt.web.laws.kept_pairs import pairs_with
from knelpunt.web.laws.sentences import BASIS, law_sentence, provision_sentence, text_href, text_links
from knelpunt.web.laws.stacking import cases_address
from knelpunt.web.laws.story import story_of
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.open_data.json_files import JSON_LD, licensed
from knelpunt.web.shared.open_data.legislation import CONTEXT, as_legislation, law_as_legislation
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.shared.texts import said

__all__ = ["bp", "routes_stacking"]

_DAY = re.compile(r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
DEPARTURES = (RoomType.ONTHEFFING, RoomType.AREA, RoomType.EXPERIMENT)
"""Kinds of room that depart from a rule: of these a page says it when no conditions or no longest time were found."""
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@bp.app_template_filter("datum_zoals_bekend")
def date_as_known(text: str) -> str:
    """A date of the catalogue, which may be a year or a month only: "juli 2019"."""
    return said(incomplete_in_words(text))


@bp.app_template_filter("datums_in_woorden")
def dates_in_words(text: str) -> str:
    """A text of the catalogue in which days like 2026-07-01 are written out: "1 juli 2026"."""
    return _DAY.sub(lambda found: incomplete_in_words(found.group()), text)


@bp.route("/wetten")
@public
def law_list() -> ResponseReturnValue:
    """All laws on a day, and what a search finds in them."""
    day = read_day()
    domains = laws.list_domains(db.session)
    filters = LawFilters(request.args, url_for("laws.law_list"), domains, day)
    found = laws.list_laws(
        db.session,
        day.on,
        words=filters.search,
        domain=filters.domain,
        room_type=filters.room_type,
        held_only=filters.held_only,
    )
    dated = [law for law in found if law.kind is not LawKind.COLLECTIVE]
    page = render_template(
        "laws/list.html",
        day=day,
        filters=filters,
        found=found,
        rooms=list(RoomType),
        room_options=[(slug, label(room)) for slug, room in ROOM_SLUGS.items()],
        domain_options=[(domain, domain[0].upper() + domain[1:]) for domain in domains],
        law_count=len(dated),
        held_count=sum(law.standing is Standing.HELD for law in dated),
        parts=_parts(found),
        chips=filters.chips(),
        Standing=Standing,
    )
    return page, 422 if filters.errors else day.status


@bp.route("/wetten/<string:law_key>")
@public
def law(law_key: str) -> ResponseReturnValue:
    """One law on a day, with its provisions."""
    day = read_day()
    page = laws.law_page(db.session, _checked(law_key), day.on)
    html = render_template(
        "laws/law.html",
        day=day,
        law=page,
        standing_sentence=law_sentence(page, day),
        text_href=text_href(page.bwb_id, page.standing, day.on) if page.bwb_id else None,
        together=_together(page.key),
        story=story_of(page, day.today),
        linked=_law_data(page),
        Standing=Standing,
    )
    return html, day.status


@bp.route("/wetten/<string:law_key>/<string:provision_key>")
@public
def provision(law_key: str, provision_key: str) -> ResponseReturnValue:
    """One provision on a day: what it allows, who decides, and what came before and after it."""
    day = read_day()
    page = laws.provision_page(db.session, _checked(law_key), _checked(provision_key), day.on)
    return _provision_page(page, day), day.status


@bp.route("/wetten/<string:law_key>/<string:provision_key>/<string:wording>")
@public
def wording(law_key: str, provision_key: str, wording: str) -> ResponseReturnValue:
    """One wording of a provision, at the address that it keeps: its first day, or ``begin``."""
    own = laws.one_wording(db.session, _checked(law_key), _checked(provision_key), wording)
    on = own.valid_from or own.valid_to or own.read_on or today_in_nl()
    page = laws.provision_page(db.session, law_key, provision_key, on)
    return _provision_page(page, DayFilter(on, today_in_nl(), is_chosen=True))


@bp.route("/wetten/<string:law_key>/<string:provision_key>/<string:wording>.jsonld")
@public
def wording_linked(law_key: str, provision_key: str, wording: str) -> ResponseReturnValue:
    """The same wording as linked data."""
    own = laws.one_wording(db.session, _checked(law_key), _checked(provision_key), wording)
    found = as_legislation(own, current_app.config["LINKS"].base_url, today_in_nl())
    text = json.dumps({"@context": CONTEXT, **found}, ensure_ascii=False, indent=1)
    return licensed(Response(text, content_type=JSON_LD))


def _provision_page(page: ProvisionPage, day: DayFilter) -> str:
    return render_template(
        "laws/provision.html",
        day=day,
        page=page,
        standing_sentence=provision_sentence(page, day),
        is_departure=page.provision.room_type in DEPARTURES,
        Standing=Standing,
        basis_sentence=BASIS.get(page.details.get("validity_basis", ""), ""),
        rooms=list(RoomType),
        day_text=text_links(page, day.on) if page.provision.is_linkable else None,
        linked=[as_legislation(page.wording, current_app.config["LINKS"].base_url, day.today)] if page.wording else [],
    )


def _law_data(page: LawPage) -> list[dict[str, Any]]:
    """A law as linked data; nothing for a name of many rules."""
    if page.kind is LawKind.COLLECTIVE:
        return []
    base_url, held = current_app.config["LINKS"].base_url, (page.in_force_from, page.in_force_to)
    return [law_as_legislation(page.key, page.citation_title, page.bwb_id, base_url, held)]


def _together(law_key: str) -> list[tuple[StackedRule, int, str]]:
    """The laws that published cases name most together with one: each with how many cases, and their address."""
    wanted = StackFilter(law_key=law_key)
    return [
        (
            pair.second if pair.first.key == law_key else pair.first,
            pair.cases,
            cases_address(wanted, pair, for_staff=False),
        )
        for pair in pairs_with(law_key)
    ]


def _parts(found: tuple[LawSummary, ...]) -> dict[str, list[LawSummary]]:
    """The list in four parts: in force with its room worked out, in force without, not in force, collective names."""
    parts: dict[str, list[LawSummary]] = {"worked_out": [], "in_force": [], "not_in_force": [], "collective": []}
    for law in found:
        if law.kind is LawKind.COLLECTIVE:
            parts["collective"].append(law)
        elif law.standing not in LINKABLE:
            parts["not_in_force"].append(law)
        else:
            parts["worked_out" if law.provision_count else "in_force"].append(law)
    return parts


def _checked(key: str) -> str:
    if _KEY.fullmatch(key) is None:
        raise NotFound(laws.NO_PAGE)
    return key
