"""What second looks changed: told when the case ends again, from acts and events alike, and in no older seal."""

from datetime import UTC, datetime

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.ledger import EFFECT, Effect, FactKind
from knelpunt.domain.figures.sealing import canonical, digest
from knelpunt.domain.vocabulary import Result, SecondLookOutcome, Verdict
from knelpunt.models import QuarterSeal
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.ledger import content_of, read_report, report_of
from knelpunt.queries.figures.quarter import all_differences, counted_report, quarter_report
from knelpunt.services.cases import resolution, reviews, second_looks
from knelpunt.services.figures import ledger
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look
from tests.support.desk import Desk
from tests.support.page import parse_page


@pytest.fixture
def desk(session, make):
    desk = Desk(session, make)
    desk.now = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
    return desk


def reopen(desk, case):
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")


def look_again(desk, case, outcome):
    """Asked by the submitter, decided with the head of desk; the second handler goes on with the case."""
    head, second = (made(organisation=desk.ministry) for made in (desk.make.head_of_desk, desk.make.handler))
    second_look.ask(desk.follower(case), case.reference, ["Er is nieuwe rechtspraak."])
    second_looks.name_handler(desk.context(head), case.reference, case.version, second.id)
    review = resolution.request_second_look_outcome(
        desk.context(second), case.reference, case.version, outcome=outcome, answers=["Gelezen."], reason="Daarom."
    )
    reviews.approve(desk.context(head), case.reference, review.id)
    desk.handler = second


def end_anew(desk, case, verdict=None, result=Result.WITH_ONTHEFFING):
    """Close a case that a second look opened, with this verdict and result."""
    if verdict is not None:
        case.verdict = verdict
        desk.session.flush()
    desk.propose(case)
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    review = desk.ask_closing(case, result=result)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)


def test_what_second_looks_changed_is_told_when_the_case_ends_again(session, desk, author, client_as):
    ends = [
        (Effect.NEITHER, {}),
        (Effect.VERDICT, {"verdict": Verdict.OWN_AUTHORITY}),
        (Effect.RESULT, {"result": Result.VIA_EXPERIMENT}),
        (Effect.BOTH, {"verdict": Verdict.OWN_AUTHORITY, "result": Result.VIA_EXPERIMENT}),
        (Effect.BOTH, {"verdict": Verdict.STRICT_PRACTICE, "result": Result.VIA_EXPERIMENT}),
    ]
    cases = []
    for number, (_effect, end) in enumerate(ends):
        case = desk.bring("afgesloten")
        look_again(desk, case, SecondLookOutcome.PARTLY if number % 2 else SecondLookOutcome.CHANGED)
        end_anew(desk, case, **end)
        cases.append(case)
    kept = desk.bring("afgesloten")
    look_again(desk, kept, SecondLookOutcome.KEPT)
    away = desk.bring("afgesloten")
    look_again(desk, away, SecondLookOutcome.CHANGED)
    submitter.withdraw(desk.follower(away), away.reference, "", erase_contact=False)
    still_open = desk.bring("afgesloten")
    look_again(desk, still_open, SecondLookOutcome.CHANGED)
    for other in (kept, cases[0]):  # a later end that no second look is behind tells nothing of one
        reopen(desk, other)
        end_anew(desk, other, verdict=Verdict.OWN_AUTHORITY)

    assert the_ledger_says_what_the_events_say(session, desk)
    span = Span.of(Quarter(2026, 1), desk.today)
    told = read_report(session, span).after
    assert told.effects == {Effect.NEITHER: 1, Effect.VERDICT: 1, Effect.RESULT: 1, Effect.BOTH: 2}
    assert counted_report(session, span).after == told
    page = parse_page(client_as(author).get("/kwartalen/2026-1/meer"))
    [href] = [href for words, href in page.links() if "wat=heroverweging_gevolg%3Aoordeel-en" in href]
    listed = parse_page(client_as(author).get(href)).one("table").records()
    assert {case.reference for case in cases[3:]} <= {value for row in listed for value in row.values()}


def the_ledger_says_what_the_events_say(session, desk):
    ledger.settle(session)
    return list(all_differences(session, desk.today)) == []


def test_a_seal_that_knew_no_effects_tells_none(session, desk, author, client_as):
    """What a seal did not count is left out, and not told as 0; beside a quarter that runs it stands as it is now."""
    case = desk.bring("afgesloten")
    look_again(desk, case, SecondLookOutcome.CHANGED)
    end_anew(desk, case, result=Result.VIA_EXPERIMENT)
    ledger.settle(session)
    quarter = Quarter(2026, 1)
    desk.later(100)
    content = content_of(session, quarter)
    assert report_of(content).after.effects[Effect.RESULT] == 1
    older = {
        **content, "regels": 3, "uitleg": {}, "totalen": [row for row in content["totalen"] if row[1] != EFFECT]
    }  # fmt: skip
    text_sealed = canonical(older)
    desk.make.add(
        QuarterSeal(
            quarter=quarter.first_day, content=text_sealed, sha256=digest(text_sealed), event_number=0,
            event_hash="0" * 64, asked_by_id=author.id, sealed_by_id=author.id, sealed_at=desk.now,
        )
    )  # fmt: skip

    was = report_of(older).after
    assert was.effects is None
    assert was.outcomes[SecondLookOutcome.CHANGED] == 1
    assert "alleen het resultaat veranderde" not in client_as(author).get(f"/kwartalen/{quarter}/meer").text
    now = quarter_report(session, Span.of(quarter.next(), desk.today))
    assert now.after_before.effects[Effect.RESULT] == 1
    assert content_of(session, quarter.next())["totalen"].count([FactKind.AFTER, EFFECT, Effect.RESULT.told, 0, 1, 0])
