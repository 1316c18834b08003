"""What everybody may read about rule bottlenecks: the list, what each waits for, and the page of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import OPEN, STEP_WORDS, BottleneckStatus, how_far, steps_from, way
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks import cases, proposals
from knelpunt.queries.bottlenecks import news as told
from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFacts
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws.catalogue import provision_on
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.services.bottlenecks.track import may_move
from knelpunt.web.bottlenecks import routes_feed, routes_follow, routes_reviews, routes_steps, routes_waiting
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.bottlenecks.filters import ORDER_WORDS, PHASE_WORDS, Filters
from knelpunt.web.bottlenecks.words import STEP_PAGES
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.list_filters import ListFilters
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl
from knelpunt.web.shared.texts import _

__all__ = ["bp", "routes_feed", "routes_follow", "routes_reviews", "routes_steps", "routes_waiting"]


@bp.route("/regelknelpunten")
@public
def index() -> ResponseReturnValue:
    """All rule bottlenecks, those with the latest news first."""
    names = reference(db.session)
    filters = Filters(names)
    rows, total = (
        ([], 0)
        if filters.matches_nothing
        else queries.list_bottlenecks(db.session, filters.wanted, filters.order, (filters.page - 1) * queries.PAGE_SIZE)
    )
    pages = -(-total // queries.PAGE_SIZE)
    return render_template(
        "bottlenecks/list.html",
        filters=filters,
        rows=rows,
        total=total,
        chips=filters.chips(),
        phase_options=[(phase.value, words) for phase, words in PHASE_WORDS.items()],
        order_options=[(order.value, words) for order, words in ORDER_WORDS.items()],
        law_options=names.law_options,
        ministry_options=names.ministry_options,
        ministry_names=names.ministry_names,
        first_href=filters.address() if filters.page > 1 else None,
        next_href=filters.address(pagina=filters.page + 1) if filters.page < pages else None,
        may_signal=current_actor().can(Permission.SIGNAL_BOTTLENECK),
        may_move=current_actor().can(Permission.MOVE_BOTTLENECK),
        today=today_in_nl(),
        moving=OPEN,
        how_far=how_far,
    )


@bp.route("/regelknelpunten/<string:bottleneck_number>")
@public
def page(bottleneck_number: str) -> ResponseReturnValue:
    """One rule bottleneck: where it is, what it waits for, what was told. Staff also see what they can do."""
    found = queries.bottleneck(db.session, bottleneck_number)
    names = reference(db.session)
    actor = current_actor()
    is_staff = actor.can(Permission.READ_CASES) or actor.can(Permission.MOVE_BOTTLENECK)
    mine = actor.can(Permission.MOVE_BOTTLENECK) and may_move(actor.role, actor.account_id, found.owner_id)
    provisions = queries.provisions_of(db.session, found)
    today = today_in_nl()
    may_read_step = mine or actor.can(Permission.REVIEW_BOTTLENECK)
    waiting_step = proposals.waiting_of(db.session, found.id) if may_read_step else None
    return render_template(
        "bottlenecks/page.html",
        found=found,
        way=way_of(found),
        waiting_step=waiting_step,
        waiting_words=STEP_WORDS[waiting_step.step] if waiting_step else "",
        news=_paged("nieuws", told.PAGE_SIZE, lambda number: told.news_of(db.session, found.id, number)),
        provisions=[(each, f"{each.law_title}, {article_in_words(each.article)}") for each in provisions],
        solved_by=provision_on(db.session, found.solving_provision_id, today) if found.solving_provision_id else None,
        published=_paged(
            "gevallen", cases.PUBLISHED_PAGE_SIZE, lambda number: cases.published_under(db.session, found.id, number)
        ),
        under=_paged("zaken", cases.PAGE_SIZE, lambda number: cases.cases_under(db.session, found.id, number))
        if mine or actor.can(Permission.READ_CASES)
        else None,
        steps=_step_pages(found) if mine else [],
        may_decide=mine,
        may_give=mine and routes_steps.has_owner(found),
        owner_due_on=found.owner_due_on if found.status is BottleneckStatus.SIGNALLED else None,
        ministry=names.ministry_names[found.ministry_id] if found.ministry_id else None,
        owner=names.staff_names[found.owner_id] if found.owner_id and is_staff else None,
        municipality_names=names.municipality_names,
        is_moving=found.status in OPEN,
        today=today,
    )


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list that is a part of a page, and the addresses of the pages before and after it."""

    rows: Sequence[Any]
    previous_href: str | None
    next_href: str | None


def _paged(name: str, size: int, read: Callable[[int], Sequence[Any]]) -> Paged:
    """The page of a list that the address asks for. ``name`` is the parameter and the id of its heading."""
    asked = ListFilters(request.args, request.path)
    rows = read(asked.read_page(name))
    before, after = (f"{href}#{name}" if href else None for href in asked.pages(more=len(rows) > size))
    return Paged(rows[:size], before, after)


def _step_pages(found: BottleneckFacts) -> list[tuple[str, str]]:
    rules = steps_from(found.status, found.choice)
    return [STEP_PAGES[rule.step] for rule in rules if rule.step in STEP_PAGES]


def way_of(found: BottleneckFacts) -> list[tuple[str, str, str]]:
    """The stations of the track as the component draws them: words, done, now or to do, and what is told beside it."""
    words = [(label(station), place.value, "") for station, place in way(found.status, found.choice)]
    if found.choice is None and found.status in OPEN:
        words.append((_("Daarna: wat er is gekozen"), "todo", ""))
    return words
