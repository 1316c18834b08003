"""What two people do to a rule bottleneck at the same moment; on real connections."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus, BottleneckStep, LinkStatus
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, TransitionNotAllowed, VersionConflict
from knelpunt.domain.links import Links
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import VISITOR, Actor
from knelpunt.domain.vocabulary import ActorKind, AssessmentRole, CaseStatus, Role
from knelpunt.extensions import db
from knelpunt.models import (
    Account,
    Bottleneck,
    BottleneckCase,
    BottleneckFollower,
    BottleneckProposal,
    Case,
    LawChange,
    LawChangeTouch,
    OutboxMail,
)
from knelpunt.queries.bottlenecks.bottlenecks import goes_on_as
from knelpunt.services import accounts
from knelpunt.services.bottlenecks import follow as bottleneck_follow
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import reviews as reviews_of_rules
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.cases import reviews, triage
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.services.laws import changes as law_changes
from knelpunt.services.worklist import leaving
from tests.support.desk import Desk
from tests.support.factories import Factory

LINKS = Links("http://localhost", "k" * 32)


@pytest.fixture
def desk(own_database):
    """A desk whose rows all connections see."""
    with db.new_session() as session:
        yield Desk(session, Factory(session))


def by(session: Session, account: Account) -> Context:
    actor = Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)
    return Context(session, actor, datetime.now(UTC), LINKS)


def signalled(desk: Desk, title: str, provision_id: int | None = None) -> Bottleneck:
    made = bottlenecks.signal(
        desk.context(desk.triager),
        title=title,
        problem="Deze regel knelt.",
        provisions=[(provision_id or desk.make.provision(desk.law).id, AssessmentRole.BLOCKS)],
        body="Wij zoeken het uit.",
    )
    desk.session.commit()
    return made


def in_analysis(desk: Desk, head: Account) -> Bottleneck:
    made, owner = signalled(desk, "De regel"), desk.make.account(Role.BOTTLENECK_OWNER)
    bottlenecks.analyse(
        desk.context(head),
        made.reference,
        made.version,
        ministry_id=desk.ministry.id,
        owner_id=owner.id,
        news=News("Wij zoeken het uit."),
    )
    desk.session.commit()
    return made


def keep(context: Context, found: Bottleneck) -> None:
    """End it: the rule stays as it is."""
    kept = BottleneckChoice.KEPT
    bottlenecks.choose(
        context, found.reference, found.version, choice=kept, reason="Veiligheid.", news=News("Zo blijft het.")
    )


def put_under(session: Session, account: Account, case: Case, found: Bottleneck) -> None:
    bottleneck_links.propose_link(by(session, account), case.reference, case.version, found.reference)


def until_one_waits(session: Session) -> None:
    """Until some connection to this database waits for a lock of another."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(500):
        if session.scalar(waiting):
            return
        session.rollback()
        time.sleep(0.02)
    raise AssertionError("nobody waited")


def at_once(works: list[Callable[[Session], object]]) -> list[DomainError]:
    """Do these at the same moment, each in a transaction of its own; the errors that stopped some of them."""
    barrier = Barrier(len(works))

    def one(work: Callable[[Session], object]) -> DomainError | None:
        with db.new_session() as session:
            barrier.wait()
            try:
                work(session)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error
            return None

    with ThreadPoolExecutor(len(works)) as pool:
        return [error for error in pool.map(one, works) if error is not None]


def test_two_that_are_merged_into_each_other_at_once_do_not_become_a_circle(desk):
    head = desk.make.head_of_desk()
    for number in range(6):
        one, other = signalled(desk, f"Regel {number}"), signalled(desk, f"Dezelfde regel {number}")
        pairs = ((one.reference, one.version, other.reference), (other.reference, other.version, one.reference))
        refused = at_once(
            [
                lambda session, pair=pair: bottlenecks.merge(
                    by(session, head), pair[0], pair[1], into=pair[2], news=News("Samen.")
                )
                for pair in pairs
            ]
        )
        assert len(refused) == 1
        with db.new_session() as session:
            assert goes_on_as(session, one.id) == goes_on_as(session, other.id)
    with db.new_session() as session:
        assert events.verify(session).fault is None


def test_of_several_corrections_at_once_one_stands_and_the_others_hear_so(desk):
    head = desk.make.head_of_desk()
    for number in range(6):
        found = signalled(desk, f"Regel {number}")
        texts = [f"Zo staat het nu, volgens {letter}." for letter in "abc"]
        refused = at_once(
            [
                lambda session, words=words, found=found: reviews_of_rules.take_step(
                    by(session, head), found.reference, found.version, BottleneckStep.CORRECT,
                    Filled(problem=words, change="Een woord."),
                )
                for words in texts
            ]
        )  # fmt: skip
        assert [type(error) for error in refused] == [VersionConflict] * 2
        with db.new_session() as session:
            now = session.get_one(Bottleneck, found.id)
            assert now.problem in texts
            assert len(now.corrections) == 1


def test_a_case_is_taken_in_or_refused_and_not_both(desk):
    head = desk.make.head_of_desk()
    found, case = signalled(desk, "De regel"), desk.bring("in_behandeling")
    bottleneck_links.propose_link(desk.context(desk.handler), case.reference, case.version, found.reference)
    desk.session.commit()
    refused = at_once(
        [
            lambda session, accepted=accepted: bottleneck_links.decide_link(
                by(session, head), found.reference, case.reference, accepted=accepted, reason="Past niet."
            )
            for accepted in (True, False)
        ]
    )
    assert ["al besloten" in error.message for error in refused] == [True]
    with db.new_session() as session:
        assert session.get_one(BottleneckCase, (found.id, case.id)).status is not LinkStatus.PROPOSED
        assert events.verify(session).fault is None


def test_a_case_does_not_come_under_a_rule_that_ends_at_that_moment(desk):
    head = desk.make.head_of_desk()
    found, case = in_analysis(desk, head), desk.bring("in_behandeling")
    desk.session.commit()
    with db.new_session() as ending, ThreadPoolExecutor(1) as pool:
        keep(by(ending, head), found)
        linking = pool.submit(at_once, [lambda session: put_under(session, head, case, found)])
        with db.new_session() as watching:
            until_one_waits(watching)
        ending.commit()
        (refused,) = linking.result(20)
    assert refused.field == "bottleneck"
    with db.new_session() as session:
        assert session.get(BottleneckCase, (found.id, case.id)) is None
        assert events.verify(session).fault is None


def test_closing_under_a_rule_and_news_about_it_do_not_wait_for_each_other(desk):
    head = desk.make.head_of_desk()
    for _ in range(4):
        found, case = in_analysis(desk, head), desk.bring("in_behandeling")
        put_under(desk.session, head, case, found)
        desk.write_public_text(case)
        review = bottleneck_links.request_linked_closing(
            desk.context(desk.handler),
            case.reference,
            case.version,
            bottleneck_reference=found.reference,
            reason="De regel zelf moet veranderen.",
            next_step="U hoort van ons.",
        )
        desk.session.commit()
        refused = at_once(
            [
                lambda session, case=case, review=review: reviews.approve(
                    by(session, desk.reviewer), case.reference, review.id
                ),
                lambda session, found=found: keep(by(session, head), found),
            ]
        )
        with db.new_session() as session:
            is_closed = session.get_one(Case, case.id).status is CaseStatus.CLOSED
            assert [type(error) for error in refused] == ([] if is_closed else [TransitionNotAllowed])
            assert session.get_one(Bottleneck, found.id).status is BottleneckStatus.JUSTIFIED
    with db.new_session() as session:
        assert events.verify(session).fault is None


def test_news_waits_for_a_case_without_keeping_others_from_what_they_do(desk):
    head = desk.make.head_of_desk()
    found, case = in_analysis(desk, head), desk.bring("in_behandeling")
    put_under(desk.session, head, case, found)
    desk.session.commit()
    with db.new_session() as working, ThreadPoolExecutor(1) as pool:
        working.execute(select(Case.id).where(Case.id == case.id).with_for_update())
        telling = pool.submit(at_once, [lambda session: keep(by(session, head), found)])
        with db.new_session() as watching:
            until_one_waits(watching)
        working.execute(text("SET LOCAL lock_timeout = '5s'"))
        triage.add_note(by(working, desk.handler), case.reference, "Gebeld.")
        working.commit()
        assert telling.result(20) == []
    with db.new_session() as session:
        assert session.scalar(select(func.count()).where(OutboxMail.kind == MailKind.BOTTLENECK_NEWS)) == 1
        assert events.verify(session).fault is None


def test_nobody_confirms_to_follow_a_rule_that_ends_at_that_moment(desk):
    head = desk.make.head_of_desk()
    found = in_analysis(desk, head)

    def visit(session: Session) -> Context:
        return Context(session, VISITOR, datetime.now(UTC), LINKS)

    with db.new_session() as session:
        ticket = accounts.count_link(session, "volger@straat.example", "192.0.2.7", datetime.now(UTC))
        bottleneck_follow.ask_to_follow(visit(session), found.reference, "volger@straat.example", ticket)
        session.commit()
        follower = session.scalars(select(BottleneckFollower)).one()
        token = LINKS.token(BOTTLENECKS.purpose, follower.public_id, follower.nonce)
    with db.new_session() as ending, ThreadPoolExecutor(1) as pool:
        keep(by(ending, head), found)
        confirming = pool.submit(at_once, [lambda session: bottleneck_follow.confirm_following(visit(session), token)])
        with db.new_session() as watching:
            until_one_waits(watching)
        ending.commit()
        (refused,) = confirming.result(20)
    assert refused.message == bottleneck_follow.NO_MORE_NEWS
    with db.new_session() as session:
        assert session.scalars(select(BottleneckFollower)).one().confirmed_at is None


def test_two_about_one_rule_come_into_force_without_waiting_for_each_other(desk):
    head, rule = desk.make.head_of_desk(), desk.make.provision().id
    pair = [signalled(desk, title, rule) for title in ("De regel", "Dezelfde regel")]
    with db.new_session() as first, db.new_session() as second, ThreadPoolExecutor(2) as pool:
        sessions = (first, second)
        opened = [
            bottlenecks.open_bottleneck(by(session, head), each.reference, each.version)
            for session, each in zip(sessions, pair, strict=True)
        ]

        def solve(session: Session, found: Bottleneck) -> None:
            found.solving_provision_id, found.in_force_on = rule, nl_day(datetime.now(UTC))
            law_changes.note_solved(by(session, head), found, "De regel geeft ruimte.", None)
            session.commit()

        for solving in [pool.submit(solve, *each) for each in zip(sessions, opened, strict=True)]:
            solving.result(20)
    with db.new_session() as session:
        touched = session.scalars(select(LawChangeTouch.bottleneck_id).where(LawChangeTouch.bottleneck_id.is_not(None)))
        assert sorted(touched) == sorted(each.id for each in pair)


def test_an_address_that_asks_twice_at_once_follows_once_also_when_it_stops_at_that_moment(desk):
    found = signalled(desk, "De regel")

    def ask(session: Session, address: str = "volger@straat.example") -> None:
        context = Context(session, VISITOR, datetime.now(UTC), LINKS)
        ticket = accounts.count_link(session, address, "192.0.2.7", context.now)
        bottleneck_follow.ask_to_follow(context, found.reference, address, ticket)

    refused = at_once([ask] * 5)
    assert len(refused) == 2
    with db.new_session() as session:
        assert session.scalar(select(func.count()).select_from(BottleneckFollower)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 3
    with db.new_session() as stopping, ThreadPoolExecutor(1) as pool:
        follower = stopping.scalars(select(BottleneckFollower).with_for_update()).one()
        follower.email = "ander@straat.example"
        stopping.commit()
        stopping.execute(select(BottleneckFollower.id).with_for_update())
        asking = pool.submit(at_once, [lambda session: ask(session, follower.email)])
        with db.new_session() as watching:
            until_one_waits(watching)
        stopping.delete(follower)
        stopping.commit()
        assert asking.result(20) == []
        assert stopping.scalars(select(BottleneckFollower.email)).all() == ["ander@straat.example"]


def test_of_two_who_ask_and_two_who_agree_at_once_one_comes_through(desk):
    head = desk.make.head_of_desk()
    found = in_analysis(desk, head)
    found.status, found.choice = BottleneckStatus.IN_PREPARATION, BottleneckChoice.PRACTICE
    rule, others = desk.make.provision().id, [desk.make.reviewer() for _ in range(2)]
    desk.session.commit()
    filled = Filled(body="Het kan nu.", provision_id=rule, in_force_on=nl_day(datetime.now(UTC)))
    step, version = BottleneckStep.BRING_INTO_FORCE, found.version

    def ask(session: Session) -> None:
        reviews_of_rules.ask(by(session, head), found.reference, version, step, filled)

    assert len(at_once([ask, ask])) == 1
    with db.new_session() as session:
        asked = session.scalars(select(BottleneckProposal.id)).one()
    refused = at_once(
        [lambda session, each=each: reviews_of_rules.approve(by(session, each), asked) for each in others]
    )
    assert [type(error) for error in refused] == [VersionConflict]
    with db.new_session() as session:
        assert session.get_one(Bottleneck, found.id).status is BottleneckStatus.IN_FORCE
        assert session.scalar(select(func.count()).select_from(LawChange)) == 1
        assert events.verify(session).fault is None


@pytest.mark.parametrize("leave", ["close", "another role"])
def test_an_account_that_is_closed_at_the_same_moment_does_not_become_the_owner(desk, leave):
    head, admin = desk.make.head_of_desk(), desk.make.administrator()
    found, owner = in_analysis(desk, head), desk.make.account(Role.BOTTLENECK_OWNER)
    desk.session.commit()

    def name_owner() -> DomainError | None:
        with db.new_session() as session:
            try:
                bottlenecks.give_to(
                    by(session, head), found.reference, found.version, ministry_id=desk.ministry.id, owner_id=owner.id
                )
                session.commit()
            except DomainError as error:
                return error
            return None

    with ThreadPoolExecutor(1) as pool, db.new_session() as session:
        if leave == "close":
            leaving.close_account(by(session, admin), owner.id, owner.version, None)
        else:
            leaving.change_role(by(session, admin), owner.id, owner.version, Role.REVIEWER, None)
        session.flush()
        named = pool.submit(name_owner)
        until_one_waits(desk.session)
        session.commit()
        refused = named.result(timeout=20)
    assert refused is not None
    assert refused.field == "owner_id"
    desk.session.expire_all()
    assert desk.session.get_one(Bottleneck, found.id).owner_id != owner.id
