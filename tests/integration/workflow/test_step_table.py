"""Every step of the workflow × every state × each fact that is missing, through the services.

The expectation stands in ``tests/support/step_table.py``; a step that is not in it fails the build.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow
from knelpunt.domain.filing.rules import FilingIncomplete
from knelpunt.domain.vocabulary import CaseStatus, ProposalStatus, Result, ReviewStatus, Role, Verdict
from knelpunt.models import BottleneckCase, Draft, Message, Proposal, Review
from knelpunt.services.cases.workflow import advance
from knelpunt.services.filing import intake
from knelpunt.services.submitters import reactions as submitter
from tests.support import step_table as table
from tests.support.desk import FILED_AT
from tests.support.rights import VISITOR
from tests.support.stage import MISSING, MUNICIPALITY, PLACES, RESIDENT, Place, Stage, World
from tests.support.step_checks import (
    AFTER_FILING,
    REVIEWED,
    Changes,
    check_asked,
    check_taken,
    ends_in,
    name_of,
    passes_by,
    places,
    plain,
    refusal,
)
from tests.support.step_table import CALENDAR, FOLLOWER, STEPS, TODAY, Run, Step, november

S, C = CaseStatus, Clock
ONE_DAY = timedelta(days=1)
SAME_FACTS = ({table.NO_RULE_NAMED, table.NO_PROVISION}, {table.VERDICT_UNDECIDED, table.VERDICT_LOST})


def test_every_step_is_in_the_table_and_the_table_has_no_other():
    assert Counter(step.name for step in workflow.TRANSITIONS) == Counter(
        step.name for step in STEPS if not step.is_beside
    )


@pytest.mark.parametrize("place", PLACES, ids=name_of)
@pytest.mark.parametrize("step", AFTER_FILING, ids=name_of)
def test_a_step_starts_where_the_table_says_and_does_what_it_says(world, step, place):
    if place.status not in step.starts_in:
        check_refused_here(world, step, place)
        return
    for whose in (RESIDENT, MUNICIPALITY) if place == places(step)[0] else (RESIDENT,):
        with world.attempt(whose) as stage:
            stage.prepare(step, place)
            taker = by = stage.taker(step)
            changes = Changes(stage)
            asked = stage.take(step)
            if step.second:
                check_asked(changes, step, taker)
                by, changes = stage.second(step), Changes(stage)
                stage.agree(asked, by)
            check_taken(changes, step, place, taker, by)


def check_refused_here(world: World, step: Step, place: Place) -> None:
    with world.attempt() as stage:
        stage.prepare(step, place)
        if step.party == "calendar":  # it passes by without a word
            passes_by(stage, step)
            context, case = stage.context(CALENDAR), stage.case
            if step is table.ARCHIVE:
                why = refusal(stage, lambda: advance(context, case, workflow.ARCHIVE))
            else:
                row = workflow.SUPPLEMENT_LAPSED
                why = refusal(stage, lambda: submitter.resume_from_supplement(context, case, row, data={}))
        else:
            why = refusal(stage, lambda: stage.take(step))
        is_over = place.status in {CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED}
        assert why == ((is_over and step.refused_when_over) or step.refused_with)
    if step.second:
        with world.attempt() as stage:  # it fitted when it was asked
            stage.prepare(step, places(step)[0])
            review = stage.take(step)
            stage.move(place)
            assert refusal(stage, lambda: stage.agree(review, stage.second(step))) == step.refused_with


@pytest.mark.parametrize("missing", [*MISSING], ids=lambda sentence: sentence.split(".")[0])
@pytest.mark.parametrize("step", AFTER_FILING, ids=name_of)
def test_a_step_needs_what_the_table_says_and_nothing_else(world, step, missing):
    if missing not in step.needs and any({missing, *step.needs} >= fact for fact in SAME_FACTS):
        return
    with world.attempt() as stage:
        stage.prepare(step, places(step)[0])
        stage.take_away(missing)
        if missing in step.needs and step.party == "calendar":  # it passes by without a word
            passes_by(stage, step)
        elif missing in step.needs:
            assert refusal(stage, lambda: stage.take(step)) == missing
        else:
            stage.take_whole(step)
            assert stage.case.status == ends_in(step, places(step)[0])
    if step.second and missing in step.needs and missing not in (table.REVIEW_OPEN, table.NO_PROVISION):
        with world.attempt() as stage:  # it was there when it was asked
            stage.prepare(step, places(step)[0])
            review = stage.take(step)
            stage.take_away(missing)
            assert refusal(stage, lambda: stage.agree(review, stage.second(step))) == missing


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.UNDECIDED])
def test_a_case_is_closed_with_a_verdict_that_still_fits_and_room_may_stand_in_a_ruimtewijzer(world, verdict):
    with world.attempt() as stage:
        stage.prepare(table.CLOSE, Place(S.PROPOSED))
        stage.withdraw_assessments()
        stage.set(verdict=verdict)
        if verdict.is_bridgeable or verdict is Verdict.NOT_A_RULE:
            stage.take_whole(table.CLOSE)
        else:
            assert refusal(stage, lambda: stage.take(table.CLOSE)) == table.VERDICT_LOST


@pytest.mark.parametrize("verdict", Verdict)
def test_a_proposal_names_the_room_or_the_rule_that_its_verdict_speaks_of(world, verdict):
    for linked, verdicts in table.VERDICTS_THAT_FIT.items():
        with world.attempt() as stage:
            stage.prepare(table.PROPOSE, Place(S.IN_HANDLING))
            stage.set(verdict=verdict)
            stage.withdraw_assessments()
            stage.link(*linked.split())
            if verdict is Verdict.UNDECIDED:
                assert refusal(stage, lambda: stage.take(table.PROPOSE)) == table.VERDICT_UNDECIDED
            elif verdict in verdicts:
                stage.take_whole(table.PROPOSE)
            else:
                assert refusal(stage, lambda: stage.take(table.PROPOSE)) == table.NO_RULE_NAMED


@pytest.mark.parametrize("status", [None, *ProposalStatus])
def test_a_case_closes_after_a_reaction_or_when_the_time_to_react_is_over(world, status):
    for last_day in (TODAY - ONE_DAY, TODAY, None):
        with world.attempt() as stage:
            stage.prepare(table.CLOSE, Place(S.PROPOSED))
            stage.session.execute(delete(Proposal))
            if status is not None:
                stage.add_proposal(status)
            stage.set(due_on=last_day, due_clock=None if last_day is None else C.K5)
            is_over = status is ProposalStatus.SENT and last_day == TODAY - ONE_DAY
            if status is not ProposalStatus.ACCEPTED and not is_over:
                assert refusal(stage, lambda: stage.take(table.CLOSE)) == table.NOT_ANSWERED
                continue
            stage.take_whole(table.CLOSE)
            left = ProposalStatus.LAPSED if is_over else ProposalStatus.ACCEPTED
            assert stage.session.scalars(select(Proposal.status)).one() is left


WRONGLY_FILLED_IN = (
    (table.REQUEST_SUPPLEMENT, {"answer_by": november(20)}, "Geef de indiener ten minste 10 werkdagen."),
    (table.REQUEST_SUPPLEMENT, {"answer_by": date(2027, 2, 4)}, "Kies een dag binnen 60 werkdagen."),
    (table.RECEIVE_SUPPLEMENT, {"body": " "}, "Schrijf iets op."),
    (table.START_HANDLING, {"lead_ministry_id": None}, "Kies het ministerie dat voorop gaat."),
    *(
        (
            table.ANSWER_WITH_GUIDE,
            {"verdict": Verdict(code)},
            "Kies een oordeel dat zegt dat er ruimte is: V1, V2, V3 of V4.",
        )
        for code in ("V0", "V5", "V6", "V7", "V8", "V9")
    ),
    (table.ANSWER_WITH_GUIDE, {"guide_id": 0}, "Kies een ruimtewijzer die openbaar is."),
    (table.PROPOSE, {"act_by": TODAY}, "Kies een dag in de toekomst."),
    (table.REFUSE_PROPOSAL, {"reason": " "}, "Schrijf op waarom het voorstel niet werkt."),
    (table.CLOSE, {"result": Result.WITHDRAWN}, "Dit resultaat kan hier niet."),
    (table.CLOSE, {"result": Result.LINKED_TO_BOTTLENECK}, "Dit resultaat kan hier niet."),
    (table.REFER, {"contact": " "}, "Schrijf op hoe de indiener u bereikt."),
    (table.CONSULT, {"contact_id": 0}, "Kies iemand uit het adresboek."),
    (table.CONSULT, {"assessment_id": 0}, "Kies een bepaling van deze zaak."),
    (table.CONSULTATION_ANSWERED, {"reasons": " "}, "Leg uit waarom."),
    (table.CONSULTATION_RETURNED, {"whom": " "}, "Schrijf op wie het loket kan vragen."),
    (table.REOPEN, {"reason": " "}, "Schrijf op waarom de zaak opnieuw open gaat."),
    (table.ASK_SECOND_LOOK, {"points": [" ", None]}, "Schrijf op wat wij hebben gemist of verkeerd zagen."),
    (
        table.ASK_SECOND_LOOK,
        {"points": ["Nog een."] * 6},
        "Noem ten hoogste vijf punten. Neem samen wat bij elkaar hoort.",
    ),
    (table.START_SECOND_LOOK, {"handler_id": 0}, "Kies iemand die zaken kan behandelen."),
    (table.KEEP_OUTCOME, {"answers": [" "]}, "Beantwoord elk punt."),
    (table.CHANGE_OUTCOME, {"reason": " "}, "Schrijf op waarom dit de uitkomst is."),
)


@pytest.mark.parametrize(("step", "filled_in", "sentence"), WRONGLY_FILLED_IN)
def test_what_is_filled_in_must_be_right(world, step, filled_in, sentence):
    with world.attempt() as stage:
        stage.prepare(step, places(step)[0])
        assert refusal(stage, lambda: stage.take(step, **filled_in)) == sentence


@pytest.mark.parametrize("link", [None, LinkStatus.PROPOSED, LinkStatus.REFUSED])
def test_a_case_closes_only_under_a_rule_whose_owner_has_it(world, link):
    def change(stage: Stage) -> None:
        rows = BottleneckCase.case_id == stage.case_id
        stage.session.execute(
            delete(BottleneckCase).where(rows)
            if link is None
            else update(BottleneckCase).where(rows).values(status=link)
        )
        stage.session.expire_all()

    with world.attempt() as stage:
        stage.prepare(table.CLOSE_LINKED, Place(S.IN_HANDLING))
        change(stage)
        why = refusal(stage, lambda: stage.take(table.CLOSE_LINKED))
        assert why == table.RULE_NOT_ACCEPTED
    with world.attempt() as stage:
        stage.prepare(table.CLOSE_LINKED, Place(S.IN_HANDLING))
        review = stage.take(table.CLOSE_LINKED)
        change(stage)
        why = refusal(stage, lambda: stage.agree(review))
        assert why == table.RULE_NOT_ACCEPTED


# --- other ways in which clocks go


FRIDAY = november(6)
TOLD = (
    replace(
        table.RECEIVE_SUPPLEMENT,
        resumes_after=FRIDAY,
        next_due=table.RESUMED_ON_FRIDAY,
        columns={**table.RECEIVE_SUPPLEMENT.columns, "messages.answered_on": FRIDAY},
        mails=(("antwoord_ontvangen", "submitter"),),
    ),
    replace(
        table.ACCEPT_PROPOSAL,
        stopped_on=FRIDAY,
        starts=(Run(C.CLOSING, FRIDAY, 10, "werkdagen", november(20)),),
        next_due={S.PROPOSED: (C.CLOSING, november(20))},
        columns={**table.ACCEPT_PROPOSAL.columns, "proposals.reacted_on": FRIDAY},
        mails=(("voorstel_aanvaard", "submitter"),),
    ),
    replace(
        table.REFUSE_PROPOSAL,
        stopped_on=FRIDAY,
        starts=(Run(C.K4, FRIDAY, 69, "dagen", date(2027, 1, 14)),),
        next_due={S.IN_HANDLING: (C.K4, date(2027, 1, 14))},
        columns={**table.REFUSE_PROPOSAL.columns, "proposals.reacted_on": FRIDAY},
        mails=(("voorstel_niet_aanvaard", "submitter"),),
    ),
    replace(
        table.ASK_SECOND_LOOK,
        stopped_on=FRIDAY,
        starts=(Run(C.K8, FRIDAY, 6, "weken", date(2026, 12, 18)),),
        next_due={S.RECONSIDERATION: (C.K8, date(2026, 12, 18))},
        rows={"second_looks": {"points": table.POINTS, "requested_on": FRIDAY}},
    ),
)


@pytest.mark.parametrize("told", TOLD, ids=name_of)
def test_what_was_told_counts_from_the_day_on_which_it_was(world, told):
    step = next(step for step in STEPS if step.name == told.name)
    for place in places(step):
        for whose in (RESIDENT, MUNICIPALITY):
            with world.attempt(whose) as stage:
                stage.prepare(step, place)
                changes = Changes(stage)
                stage.write_down(step, Role.HANDLER, FRIDAY)
                check_taken(changes, told, place, Role.HANDLER, Role.HANDLER)
                assert changes.events[0].data["ontvangen_op"] == "2026-11-06"


@pytest.mark.parametrize(
    ("earlier", "again"),
    [
        (Run(C.K4, date(2026, 8, 31), 10, "weken", november(9), FRIDAY), Run(C.K4, TODAY, 14, "dagen", november(23))),
        (
            Run(C.K4, date(2026, 8, 17), 10, "weken", date(2026, 10, 26), FRIDAY),
            Run(C.K4, TODAY, 14, "dagen", november(23)),
        ),
        (None, table.K4_NOW),
    ],
    ids=["nearly over", "late", "answered out of triage"],
)
def test_after_a_refusal_there_are_two_weeks_at_least_and_a_whole_term_where_none_had_begun(world, earlier, again):
    with world.attempt() as stage:
        stage.prepare(table.REFUSE_PROPOSAL, Place(S.PROPOSED), with_clocks=False)
        stage.runs_before = [*table.PROPER[S.PROPOSED], *([earlier] if earlier else [])]
        stage.add_runs(stage.runs_before)
        changes = Changes(stage)
        stage.take(table.REFUSE_PROPOSAL)
        expected = replace(table.REFUSE_PROPOSAL, starts=(again,), next_due={S.IN_HANDLING: (C.K4, again.due)})
        check_taken(changes, expected, Place(S.PROPOSED), FOLLOWER, FOLLOWER)


def test_an_answer_on_the_day_of_the_question_leaves_every_clock_as_it_was(world):
    for place in places(table.REQUEST_SUPPLEMENT):
        with world.attempt() as stage:
            stage.prepare(table.REQUEST_SUPPLEMENT, place)
            before = {run.clock: run.due for run in stage.runs_before}
            stage.take(table.REQUEST_SUPPLEMENT)
            stage.question_id = stage.session.scalars(select(Message.id)).one()
            stage.take(table.RECEIVE_SUPPLEMENT)
            stage.session.flush()
            after = stage.runs()
            assert {run.clock: run.due for run in after} == before
            assert {run.still for run in after if run.still} == {(TODAY + ONE_DAY, TODAY)}


@pytest.mark.parametrize("waiting", REVIEWED, ids=name_of)
def test_what_waits_for_a_second_person_ends_when_the_submitter_moves_the_case(world, waiting):
    place = places(waiting)[0]
    for step in (table.WITHDRAW, table.REFUSE_PROPOSAL):
        if place.status not in step.starts_in:
            continue
        with world.attempt() as stage:
            stage.prepare(waiting, place)
            review = stage.take(waiting)
            if step is table.REFUSE_PROPOSAL:
                stage.session.execute(update(Proposal).values(status=ProposalStatus.SENT))
                stage.session.expire_all()
            stage.take(step)
            stage.session.flush()
            assert stage.session.get_one(Review, review.id, populate_existing=True).status is ReviewStatus.CANCELLED
            left = set(stage.session.scalars(select(Proposal.status)))
            asked = {"proposals"} & waiting.asked.keys()
            assert (ProposalStatus.DROPPED in left) == bool(asked)
            refusal(stage, partial(stage.agree, review))


# --- filing


@pytest.mark.parametrize("whose", [RESIDENT, MUNICIPALITY])
def test_filing_starts_a_case(world, whose):
    owner = VISITOR if whose == RESIDENT else Role.FILER
    with world.attempt(whose) as stage:
        draft = stage.draft(owner)
        changes = Changes(stage)
        case = intake.file_case(stage.context(owner, FILED_AT), draft.key, draft.version)
        stage.session.flush()
        stage.case_id = case.id
        rows = stage.rows()
        filed = rows["cases", f"[{case.id}]"]
        (event,) = changes.events
        actor = stage.world.actors[owner]
        assert (event.kind, event.actor_kind, event.actor_id) == ("ingediend", actor.kind, actor.account_id)
        assert (event.case_id, event.status_before, event.status) == (case.id, S.DRAFT, S.SUBMITTED)
        wanted = {
            "status": "ingediend",
            "verdict": "V0",
            "publication": "intern",
            "filed_on": november(3),
            "law_date": november(3),
        }
        wanted |= {"due_clock": "K1", "due_on": november(10), "may_publish": True, "may_share": False}
        wanted |= dict.fromkeys(("result", "handler_id", "in_scope", "closed_on", "suspended_until"))
        assert {name: filed[name] for name in wanted} == plain(wanted)
        assert ("contacts", f"[{case.id}]") in rows or whose == MUNICIPALITY
        assert sorted(stage.runs(), key=repr) == sorted(table.FILE.starts, key=repr)
        assert changes.mails == [*table.FILE.mails]
        assert stage.session.scalar(select(Draft.id).where(Draft.id == draft.id)) is None
        assert (
            refusal(stage, lambda: intake.file_case(stage.context(owner), draft.key, draft.version)) == table.NO_DRAFT
        )


@pytest.mark.parametrize("name", table.FILE.asks)
def test_a_case_that_is_not_complete_is_not_filed(world, name):
    with world.attempt() as stage:
        draft = stage.draft(VISITOR, **{name: ""})
        with pytest.raises(FilingIncomplete) as incomplete:
            intake.file_case(stage.context(VISITOR), draft.key, draft.version)
        assert incomplete.value.problems == {name: table.FILE.asks[name]}
