"""Two administrators change a term: from a day to come, for cases filed from that day, and a load does not undo it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from knelpunt.adapters.files import reference as files
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.term_changes import TermChangeStatus, TermEvent, fingerprint
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole, CaseStatus, ConsentSource, Role
from knelpunt.extensions import db
from knelpunt.models import ClockPeriod, Event, Referral, TermChange, TermRule
from knelpunt.queries.laws.term_rules import every_term, terms_of
from knelpunt.services.bottlenecks import track
from knelpunt.services.cases import triage
from knelpunt.services.core.context import Context
from knelpunt.services.laws import term_changes
from knelpunt.services.laws.reference import load_reference
from knelpunt.services.laws.term_changes import Wanted
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import FILED_AT, Desk
from tests.support.factories import Factory

FROM = date(2026, 11, 10)
"""A week after the first case of a desk is filed."""


def act_of(session, account, now=FILED_AT):
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    return Context(session, actor, now, Links("http://localhost", "k" * 32))


@pytest.fixture
def proposer(session, make):
    return act_of(session, make.administrator())


@pytest.fixture
def decider(session, make):
    return act_of(session, make.administrator())


def proposed(context, clock=Clock.K2, *, place=0, length=15, unit=Unit.WORKING_DAYS, from_day=FROM, reason="Te kort."):
    rows = every_term(context.session, clock)[clock]
    row = sorted((each for each in rows if each.term.holds_on(context.today)), key=lambda each: each.term.length)[place]
    digest = fingerprint(each.term for each in rows)
    return term_changes.propose(context, row.id, Wanted(length, unit, from_day, reason), base_digest=digest)


def lengths(session, clock, day):
    return [(term.length, term.unit) for term in terms_of(session, day)[clock]]


def test_a_term_changes_on_its_day_and_what_was_filed_before_keeps_the_old_one(session, make, proposer, decider):
    desk = Desk(session, make)
    early = desk.file()
    change = proposed(proposer)
    assert lengths(session, Clock.K2, FROM) == [(10, Unit.WORKING_DAYS)]
    term_changes.approve(decider, change.id)
    assert lengths(session, Clock.K2, FROM - timedelta(days=1)) == [(10, Unit.WORKING_DAYS)]
    assert lengths(session, Clock.K2, FROM) == [(15, Unit.WORKING_DAYS)]

    late = desk.later(7).file()
    for case, expected in ((early, 10), (late, 15)):
        desk.take_in(case)
        run = select(ClockPeriod.length).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == Clock.K2)
        assert session.scalar(run) == expected
        assert case.status is CaseStatus.IN_TRIAGE
    events = select(Event.kind).where(Event.subject == "termijn:K2").order_by(Event.number)
    assert session.scalars(events).all() == [TermEvent.PROPOSED, TermEvent.APPROVED]


def test_a_question_and_a_preview_follow_a_term_in_weeks(session, make, proposer, decider):
    for clock in (Clock.SUPPLEMENT, Clock.PREVIEW):
        change = proposed(proposer, clock, length=3, unit=Unit.WEEKS)
        term_changes.approve(decider, change.id)
    desk = Desk(session, make).later(7)
    case = desk.file()
    desk.take_in(case)
    assert triage.earliest_answer_day(desk.context(desk.handler), case) == date(2026, 12, 1)
    question = {"question": "Welk plan?", "why": "Dat telt.", "answer_by": date(2026, 11, 30)}
    with pytest.raises(DomainError, match="ten minste 3 weken"):
        triage.request_supplement(desk.context(desk.handler), case.reference, case.version, **question)


def test_naming_a_ministry_taking_over_and_time_after_a_refusal_follow_their_terms(session, make, proposer, decider):
    wanted = {
        Clock.SHARING: (3, Unit.WORKING_DAYS),
        Clock.REFERRAL: (2, Unit.WORKING_DAYS),
        Clock.AFTER_REFUSAL: (4, Unit.WEEKS),
        Clock.OWNER: (2, Unit.WEEKS),
    }
    for clock, (length, unit) in wanted.items():
        term_changes.approve(decider, proposed(proposer, clock, length=length, unit=unit).id)
    desk = Desk(session, make)
    early = desk.bring("in_triage")
    desk.later(7)
    late = desk.bring("in_triage")
    refused = desk.bring("in_behandeling")

    def offered(case, consent):
        return offers.offer(
            desk.context(desk.triager), case.reference, case.version, organisation="Woonloket", receiver_name="Balie",
            receiver_email="balie@woonloket.example", reason="De gemeente beslist.", consent=consent,
        ).answer_by  # fmt: skip

    assert offered(early, ConsentSource.TELEPHONE) == date(2026, 11, 17)
    assert offered(late, ConsentSource.ON_PAGE) == date(2026, 11, 13)
    offers.answer_sharing(desk.follower(late), late.reference, is_allowed=True)
    assert session.scalar(select(Referral.answer_by).where(Referral.case_id == late.id)) == date(2026, 11, 12)
    desk.later(63).propose(refused)
    submitter.refuse_proposal(desk.follower(refused), refused.reference, "Dat werkt niet.")
    assert (refused.due_clock, refused.due_on) == (Clock.K4, date(2027, 2, 9))
    made = track.signal(
        desk.context(desk.triager), title="Een regel", problem="Hij knelt.", body="Het loket zoekt dit uit.",
        provisions=[(make.provision(desk.law).id, AssessmentRole.BLOCKS)],
    )  # fmt: skip
    assert made.owner_due_on == date(2027, 1, 26)


def test_who_proposed_a_change_takes_it_back(proposer):
    change = proposed(proposer)
    assert term_changes.withdraw(proposer, change.id).status is TermChangeStatus.WITHDRAWN


def test_four_eyes_and_only_administrators(session, make, proposer, decider):
    change = proposed(proposer)
    for act in (term_changes.approve, lambda context, id_: term_changes.refuse(context, id_, "Nee.")):
        with pytest.raises(PermissionDenied):
            act(proposer, change.id)
        for role in (Role.HEAD_OF_DESK, Role.AUDITOR, Role.REVIEWER):
            with pytest.raises(PermissionDenied):
                act(act_of(session, make.account(role)), change.id)
    with pytest.raises(PermissionDenied):
        proposed(act_of(session, make.head_of_desk()), Clock.K4)
    with pytest.raises(PermissionDenied):
        term_changes.withdraw(decider, change.id)
    with pytest.raises(DomainError) as refused:
        term_changes.refuse(decider, change.id, " ")
    assert refused.value.field == "note"
    term_changes.refuse(decider, change.id, "Eerst overleggen.")
    assert (change.status, change.note) == (TermChangeStatus.REFUSED, "Eerst overleggen.")
    with pytest.raises(VersionConflict):
        term_changes.approve(decider, change.id)
    assert lengths(session, Clock.K2, FROM) == [(10, Unit.WORKING_DAYS)]
    with pytest.raises(NotFound):
        term_changes.approve(decider, change.id + 1000)
    again = proposed(proposer)
    again.status, again.decided_by_id, again.decided_at = (
        TermChangeStatus.APPROVED, again.proposed_by_id, proposer.now,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="four_eyes"), session.begin_nested():
        session.flush()


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"from_day": date(2026, 11, 3)}, "from_day"),
        ({"from_day": date(2020, 1, 1)}, "from_day"),
        ({"from_day": date(2031, 1, 1)}, "from_day"),
        ({"length": 0}, "length"),
        ({"length": -3}, "length"),
        ({"length": 261}, "length"),
        ({"length": 10}, "length"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"clock": Clock.K0, "length": 2}, None),
        ({"clock": Clock.K9, "unit": Unit.WEEKS}, "unit"),
        ({"clock": Clock.K9, "unit": Unit.MONTHS, "length": 12}, "length"),
        ({"clock": Clock.K9, "place": 1, "unit": Unit.MONTHS, "length": 3}, "length"),
    ],
)
def test_what_cannot_be_a_term_is_refused_beside_its_field(session, proposer, wanted, field):
    with pytest.raises(DomainError) as refused:
        proposed(proposer, **wanted)
    assert refused.value.field == field
    assert session.scalars(select(TermChange)).all() == []


def test_one_proposal_a_clock_and_none_over_a_change_that_was_not_seen(session, proposer, decider):
    change = proposed(proposer)
    with pytest.raises(DomainError, match="wacht al een voorstel"):
        proposed(decider, length=20)
    rows = every_term(session, Clock.K2)[Clock.K2]
    old = fingerprint(each.term for each in rows)
    term_changes.approve(decider, change.id)
    with pytest.raises(VersionConflict):
        term_changes.propose(proposer, rows[0].id, Wanted(20, Unit.WORKING_DAYS, FROM, "Langer."), base_digest=old)


def test_a_change_whose_day_has_come_is_not_approved_any_more(session, make, proposer, decider):
    change = proposed(proposer)
    late = act_of(session, make.administrator(), FILED_AT + timedelta(days=7))
    with pytest.raises(DomainError, match="voorbij"):
        term_changes.approve(late, change.id)
    term_changes.refuse(late, change.id, "Te laat.")
    assert change.status is TermChangeStatus.REFUSED


def test_what_was_planned_for_the_same_day_is_replaced_and_a_later_plan_stays(session, proposer, decider):
    later = proposed(proposer, length=20, from_day=date(2027, 3, 1))
    term_changes.approve(decider, later.id)
    between = proposed(proposer, length=15)
    term_changes.approve(decider, between.id)
    again = proposed(proposer, length=10)
    term_changes.approve(decider, again.id)
    days = (date(2026, 11, 9), FROM, date(2027, 2, 28), date(2027, 3, 1))
    assert [lengths(session, Clock.K2, day)[0][0] for day in days] == [10, 10, 10, 20]
    rows = session.scalars(select(TermRule).where(TermRule.clock == Clock.K2).order_by(TermRule.valid_from)).all()
    assert [(row.valid_from, row.valid_to) for row in rows] == [
        (date(2013, 11, 1), date(2026, 11, 9)),
        (FROM, date(2027, 2, 28)),
        (date(2027, 3, 1), None),
    ]


def test_each_of_the_two_times_of_aftercare_changes_by_itself(session, proposer, decider):
    change = proposed(proposer, Clock.K9, place=0, length=4, unit=Unit.MONTHS)
    term_changes.approve(decider, change.id)
    assert [length for length, _ in lengths(session, Clock.K9, FROM)] == [4, 12]
    assert [length for length, _ in lengths(session, Clock.K9, FROM - timedelta(days=1))] == [3, 12]


def test_a_load_keeps_what_the_site_has_until_the_file_says_the_same(session, proposer, decider, monkeypatch):
    term_changes.approve(decider, proposed(proposer).id)
    report = load_reference(session)
    assert (report.terms_ahead, report.counts["termijnen"].written) == (["K2"], 0)
    assert lengths(session, Clock.K2, FROM) == [(15, Unit.WORKING_DAYS)]

    others = [term for term in files.terms() if term.clock is not Clock.K2]
    same = [row.term for row in every_term(session, Clock.K2)[Clock.K2]]
    monkeypatch.setattr(files, "terms", lambda: [*others, *same])
    assert load_reference(session).terms_ahead == []
    assert not any(row.is_ahead for row in every_term(session, Clock.K2)[Clock.K2])


def test_of_two_who_approve_or_propose_at_once_one_comes_through(own_database):
    with db.new_session() as session:
        make = Factory(session)
        accounts = [make.administrator() for _ in range(4)]
        session.commit()
        ids = [(each.id, each.role, each.organisation_id) for each in accounts]

    def context_of(session, number):
        id_, role, organisation_id = ids[number]
        actor = Actor(ActorKind.ACCOUNT, id_, role, organisation_id)
        return Context(session, actor, datetime.now(UTC), Links("http://localhost", "k" * 32))

    def at_once(*acts):
        barrier = Barrier(len(acts))

        def run(act):
            with db.new_session() as session:
                barrier.wait(10)
                try:
                    act(session)
                except DomainError as error:
                    return error
                session.commit()
                return None

        with ThreadPoolExecutor(len(acts)) as pool:
            return [error for error in pool.map(run, acts) if error is not None]

    day = nl_day(datetime.now(UTC)) + timedelta(days=30)
    refused = at_once(
        lambda session: proposed(context_of(session, 0), from_day=day),
        lambda session: proposed(context_of(session, 1), from_day=day, length=18),
    )
    assert len(refused) == 1
    with db.new_session() as session:
        change_id = session.scalars(select(TermChange.id)).one()
    refused = at_once(
        lambda session: term_changes.approve(context_of(session, 2), change_id),
        lambda session: term_changes.approve(context_of(session, 3), change_id),
    )
    assert [type(error) for error in refused] == [VersionConflict]
    with db.new_session() as session:
        assert len(session.scalars(select(TermRule).where(TermRule.clock == Clock.K2)).all()) == 2
