"""The pages about the desk: what it is, how it works, who decides, and what people may expect of the site."""

from dataclasses import dataclass

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.accounts import DEVICE_COOKIE
from knelpunt.domain.bottlenecks import (
    OPEN,
    RULES,
    TRACKS,
    BottleneckChoice,
    BottleneckStatus,
    BottleneckStep,
)
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.figures.promises import PROMISES
from knelpunt.domain.permissions import Permission
from knelpunt.domain.privacy.register import REGISTER
from knelpunt.domain.vocabulary import KNOWN_THEMES, Verdict
from knelpunt.extensions import db
from knelpunt.queries.archive import categories
from knelpunt.queries.core.reference import reference, version_of_public_pages
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.guides import published as published_guides
from knelpunt.queries.guides.published import GuideFilter, GuideRow
from knelpunt.queries.laws.term_rules import terms_of
from knelpunt.queries.public import published
from knelpunt.queries.public.files import KEPT, all_files, lasting_name, newest_of_each
from knelpunt.queries.public.rules import deciders
from knelpunt.web.public import counts, pages, way_of_working
from knelpunt.web.public.accessibility import KNOWN_FAULTS, MADE_ON, NOT_TESTED, TESTED
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.routes_cases import LIST_PATH
from knelpunt.web.shared.charts.figure_charts import figure_trends
from knelpunt.web.shared.charts.tile_map import tile_map
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.open_data.data_sets import CHANGES, FORMAT, all_data_sets, as_schema_org, made_files
from knelpunt.web.shared.open_data.json_files import CC0
from knelpunt.web.shared.open_data.schema_org import base_url, service
from knelpunt.web.shared.pages.caching import cached_for_minutes
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl


@bp.route(pages.WHAT.path)
@public
def what() -> ResponseReturnValue:
    return _page("what", pages.WHAT, verdicts=[verdict for verdict in Verdict if verdict is not Verdict.UNDECIDED])


@bp.route(pages.HOW.path)
@public
def how() -> ResponseReturnValue:
    """The states and the clocks, from the tables that the system itself works with."""
    return _page(
        "how",
        pages.HOW,
        main_line=way_of_working.main_line(),
        states=way_of_working.states(),
        clocks=way_of_working.clocks_in_use(),
        rule_places=places(),
        rule_ways=ways(),
        news_clock=Clock.K7,
        owner_clock=Clock.OWNER,
        terms=terms_of(db.session, today_in_nl()),
    )


@bp.route(pages.WHO.path)
@public
def who() -> ResponseReturnValue:
    """Who decides about what, from the law catalogue of today."""
    today = today_in_nl()
    return _page("who", pages.WHO, deciders=deciders(db.session, today), today=today)


@bp.route(pages.PROMISES.path)
@public
def promises() -> ResponseReturnValue:
    """What the site promises, and how often it was kept. Staff can go on to the cases in which it was not."""
    today = today_in_nl()
    quarter = quarter_of(today)
    may_read = current_actor().can(Permission.READ_FIGURES) and current_actor().can(Permission.READ_CASES)
    last = counts.told_of(Span.of(quarter.previous(), today))
    return _page(
        "promises",
        pages.PROMISES,
        promises=PROMISES,
        kept=counts.kept_in(Span.of(quarter, today)),
        before=last.kept,
        last=last,
        quarter=quarter,
        today=today,
        terms=terms_of(db.session, today),
        silence=counts.silent(),
        may_read=may_read,
        cases_href=f"/kwartalen/{quarter}/beloften" if may_read else None,
    )


@bp.route("/over/op-tijd")
@public
def in_time() -> ResponseReturnValue:
    """Where the page stood that is now a part of the one about promises."""
    return redirect(url_for("public.promises"), 301)


@bp.route(pages.OPEN_DATA.path)
@public
def open_data() -> ResponseReturnValue:
    """All that can be fetched as a whole, and what each column is."""
    files = all_files(db.session)
    return _page(
        "open_data",
        pages.OPEN_DATA,
        data_sets=all_data_sets(),
        files=files,
        newest=newest_of_each(files),
        lasting=lasting_name(files[0].name) if files else None,
        format=FORMAT,
        changes=CHANGES,
        kept_days=KEPT.days,
        linked=as_schema_org(made_files(files), base_url()),
        license_href=CC0,
    )


@bp.route(pages.CONTACT.path)
@public
def contact() -> ResponseReturnValue:
    return _page("contact", pages.CONTACT)


@bp.route(pages.PRIVACY.path)
@public
def privacy() -> ResponseReturnValue:
    """What is kept of people, from the register that a test compares with the tables."""
    kept, config = categories.in_force(db.session, today_in_nl()), current_app.config["KNELPUNT"]
    return _page(
        "privacy",
        pages.PRIVACY,
        register=REGISTER,
        categories=kept,
        controller=config.controller,
        officer=config.data_officer,
        officer_email=config.data_officer_email,
        is_demo=config.is_demo,
    )


@bp.route(pages.COOKIES.path)
@public
def cookies() -> ResponseReturnValue:
    name = current_app.config["SESSION_COOKIE_NAME"]
    return _page("cookies", pages.COOKIES, cookie_name=name, device_cookie_name=name + DEVICE_COOKIE)


@bp.route(pages.SECURITY.path)
@public
def report_weakness() -> ResponseReturnValue:
    """How somebody who found a weakness reports it; security.txt says the same to programs."""
    contact = current_app.config["KNELPUNT"].security_contact
    return _page("security", pages.SECURITY, contact_href=contact, is_demo_contact=contact.endswith(".example"))


@bp.route(pages.ACCESSIBILITY.path)
@public
def accessibility() -> ResponseReturnValue:
    """The accessibility statement, with the parts that the Dutch decree on digital accessibility asks for."""
    return _page(
        "accessibility",
        pages.ACCESSIBILITY,
        tested=TESTED,
        not_tested=NOT_TESTED,
        known_faults=KNOWN_FAULTS,
        made_on=MADE_ON,
    )


def _page(template: str, page: pages.Page, **values: object) -> str:
    config = current_app.config["KNELPUNT"]
    return render_template(
        f"public/about/{template}.html",
        page=page,
        contact_email=config.contact_email,
        is_demo_address=config.contact_email.endswith(".example"),
        base_url=config.base_url,
        **values,
    )


@dataclass(frozen=True, slots=True)
class Move:
    """What can happen in a state: where it leads (None: it stays there), and what has to be told with it."""

    leads_to: BottleneckStatus | None
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One state with what can come next; ``owes_news`` while followers must hear in time how it stands."""

    status: BottleneckStatus
    owes_news: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """What can be chosen, and the states that follow from the choice, as words."""

    choice: BottleneckChoice
    stations: tuple[str, ...]


def places() -> list[Place]:
    """Every state of the track, in the order in which a bottleneck meets them."""
    return [_place(status) for status in BottleneckStatus]


def ways() -> list[Way]:
    """The way of each choice, from where they part."""
    shared = len([status for status in zip(*TRACKS.values(), strict=False) if len(set(status)) == 1])
    return [Way(choice, tuple(label(status) for status in track[shared:])) for choice, track in TRACKS.items()]


def _place(status: BottleneckStatus) -> Place:
    onward = [rule for rule in RULES if status in rule.sources and rule.step is not BottleneckStep.ERRATUM]
    moves = tuple(Move(rule.target, rule.asks) for rule in onward)
    return Place(status, status in OPEN, moves)


@cached_for_minutes
def _newest_guides(version: str) -> tuple[GuideRow, ...]:
    return published_guides.list_guides(db.session, GuideFilter()).rows[: published.RECENT]


@bp.route("/")
@public
def home() -> ResponseReturnValue:
    guides = _newest_guides(version_of_public_pages(db.session))
    names = reference(db.session)
    quarter = counts.quarter_so_far()
    return render_template(
        "public/home.html",
        linked=[service(base_url())],
        guides=guides,
        themes=KNOWN_THEMES,
        recent=published.recent_answers(db.session),
        municipality_names=names.municipality_names,
        municipality_options=names.municipality_options,
        quarter=quarter,
        trends=figure_trends(quarter.quarters, is_running=True),
        map=tile_map(names, counts.places(), f"{LIST_PATH}?gemeente={{}}".format),
    )
