"""One page for each ministry: how it answers and which rules it owns, for everybody; what waits there, for staff."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import CONSULTED
from knelpunt.domain.figures.edition import Cell, Edition, in_words
from knelpunt.domain.figures.small_numbers import Mark
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.models import MinistryReply
from knelpunt.queries.consultations import ministries as queries
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures import editions, ledger, sealing
from knelpunt.queries.figures.counts import MinistryAnswers
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.public.making import CONSULTATION_COLUMNS, CONSULTATIONS
from knelpunt.web.shared.requests.access import current_actor, public, today_in_nl

QUARTERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Answered:
    """How a ministry answered in a quarter: the questions put to it, and the share in time as a reader may see it."""

    quarter: Quarter
    asked: Cell
    share: float | Mark | None
    is_running: bool = False


@bp.get("/ministeries")
@public
def ministries() -> ResponseReturnValue:
    """Every ministry of today, with how many rule bottlenecks it owns that have not moved yet."""
    names = reference(db.session)
    return render_template(
        "reporting/ministries.html",
        rows=names.ministry_options,
        owned=queries.bottlenecks_by_ministry(db.session),
    )


@bp.get("/ministeries/<id:ministry_id>")
@public
def ministry(ministry_id: int) -> ResponseReturnValue:
    found = reference(db.session).ministries.get(ministry_id)
    if found is None:
        raise NotFound()
    actor = current_actor()
    may_read = actor.can(Permission.READ_CASES) and actor.can(Permission.READ_FIGURES)
    return render_template(
        "reporting/ministry.html",
        ministry=found,
        definition=CONSULTED,
        quarters=_counted(ministry_id) if may_read else _told(ministry_id),
        in_words=in_words,
        replies=_replies(ministry_id, may_read=may_read),
        bottlenecks=queries.owned_bottlenecks(db.session, ministry_id),
        may_read=may_read,
        waiting=queries.waiting_questions(db.session, ministry_id) if may_read else [],
        rules=queries.asked_rules(db.session, ministry_id) if may_read else [],
        today=today_in_nl(),
    )


def _replies(ministry_id: int, *, may_read: bool) -> list[tuple[Quarter, MinistryReply]]:
    """What a ministry said of its numbers; to everybody only of numbers that everybody may see."""
    found = [(quarter_of(each.quarter), each) for each in sealing.replies_of(db.session, ministry_id)]
    if may_read or not found:
        return found
    told = {each.quarter for each in editions.public_quarters(db.session)}
    return [(quarter, reply) for quarter, reply in found if quarter in told]


def _counted(ministry_id: int) -> list[Answered]:
    """The last year as staff sees it: every number, up to today."""
    running = quarter_of(today_in_nl())
    quarters = [running.back(count) for count in range(QUARTERS_SHOWN)]
    return [
        Answered(quarter, answers.asked, answers.share_in_time, quarter == running)
        for quarter, answers in ledger.answers_of(db.session, ministry_id, quarters)
    ]


def _told(ministry_id: int) -> list[Answered]:
    """The last year as everybody sees it: what the editions tell, so that it gives away nothing that they hide."""
    public = [each.quarter for each in editions.public_quarters(db.session) if not each.is_reconstructed]
    kept = editions.kept_editions(db.session, public[:QUARTERS_SHOWN])
    return [_told_in(kept[quarter], quarter, ministry_id) for quarter in public[:QUARTERS_SHOWN] if quarter in kept]


def _told_in(edition: Edition, quarter: Quarter, ministry_id: int) -> Answered:
    """What an edition tells of a ministry. A share is told only where all its numbers are."""
    table = edition.table(CONSULTATIONS)
    cells = [table.cell(str(ministry_id), key) if table else None for key, _title in CONSULTATION_COLUMNS]
    asked, *ended = cells
    if any(isinstance(cell, Mark) for cell in cells):
        return Answered(quarter, asked or 0, Mark.KEPT_BACK)
    in_time, late, no_answer = (int(cell or 0) for cell in ended)
    return Answered(quarter, asked or 0, MinistryAnswers(0, in_time, late, no_answer).share_in_time)
