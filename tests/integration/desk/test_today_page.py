"""What waits for one person today: the own cases and no other's, and nothing that this person may not do."""

from datetime import timedelta

import pytest
from sqlalchemy import func

from knelpunt.domain.bottlenecks import BottleneckStatus, LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind, ReviewStatus, Role
from knelpunt.models import Bottleneck, BottleneckCase, Message, PublicText, Review
from knelpunt.queries.figures.dashboards import day_of
from knelpunt.services.cases import reviews
from knelpunt.services.guides import editing as guides
from tests.support.desk import Desk
from tests.support.guides import text as guide_text
from tests.support.page import parse_page
from tests.support.statements import counted


@pytest.fixture
def ask_review(make):
    def ask(case, account):
        return make.add(
            Review(
                case_id=case.id,
                step="afgesloten",
                payload={},
                status=ReviewStatus.OPEN,
                requested_by_id=account.id,
                requested_at=make.now,
            )
        )

    return ask


@pytest.fixture
def write(make):
    def add(case, *, from_desk=False, days_ago=0):
        at = make.now - timedelta(days=days_ago)
        values = {"case_id": case.id, "kind": MessageKind.ADDITION, "body": "Nog iets.", "written_at": at}
        return make.add(Message(**values, from_desk=from_desk))

    return add


def names(rows):
    return {row.reference for row in rows}


def test_due_are_the_own_cases_within_three_working_days(make, session):
    me = make.handler()
    soon = add_working_days(make.today, 3)
    mine = [
        make.case(CaseStatus.IN_HANDLING, handler_id=me.id, due_on=day, due_clock=Clock.K4)
        for day in (make.today - timedelta(days=9), make.today, soon)
    ]
    make.case(CaseStatus.IN_HANDLING, handler_id=me.id, due_on=soon + timedelta(days=1), due_clock=Clock.K4)
    make.case(CaseStatus.IN_HANDLING, handler_id=make.handler().id, due_on=make.today, due_clock=Clock.K4)
    make.case(CaseStatus.IN_HANDLING, handler_id=me.id)
    due = day_of(session, make.actor(me), make.today).due
    assert [row.reference for row in due] == [case.reference for case in mine]


def test_a_case_of_nobody_shows_how_long_its_term_runs(make, client_as):
    make.case(CaseStatus.SUBMITTED, due_on=make.today - timedelta(days=30), due_clock=Clock.K1)
    text = client_as(make.triager()).get("/vandaag").get_data(as_text=True)
    assert text.index("Nog van niemand") < text.index("te laat") < text.index("Termijnen die aflopen")


def test_reactions_are_what_submitters_wrote_since_yesterday_in_the_own_cases(make, session, write):
    me = make.handler()
    written, desk, old = (make.case(CaseStatus.IN_HANDLING, handler_id=me.id) for _ in range(3))
    write(written)
    write(desk, from_desk=True)
    write(old, days_ago=3)
    write(make.case(CaseStatus.IN_HANDLING, handler_id=make.handler().id))
    assert names(day_of(session, make.actor(me), make.today).reactions) == {written.reference}


def test_a_reviewer_does_not_find_what_they_asked_or_handle_themselves(make, session, ask_review):
    head = make.head_of_desk()
    own, other = make.case(CaseStatus.IN_HANDLING), make.case(CaseStatus.IN_HANDLING)
    handled = make.case(CaseStatus.IN_HANDLING, handler_id=head.id)
    ask_review(own, head)
    for case in (other, handled):
        ask_review(case, make.handler())
    assert names(day_of(session, make.actor(head), make.today).reviews) == {other.reference}
    every = {own.reference, other.reference, handled.reference}
    assert names(day_of(session, make.actor(make.reviewer()), make.today).reviews) == every


def test_the_list_holds_a_review_for_exactly_those_whom_its_page_lets_decide(make, session, ask_review):
    """Closing under a rule bottleneck too: not for who put the case there, or took it in."""
    brought, took_in, other = (make.head_of_desk() for _ in range(3))
    everybody = (brought, took_in, other, make.head_of_desk(), make.reviewer())
    found, another = (
        make.add(
            Bottleneck(
                reference=f"RK-2026-{number}",
                title="Een regel",
                problem="Hij knelt.",
                status=BottleneckStatus.IN_ANALYSIS,
                signalled_on=make.today,
                owner_due_on=make.today + timedelta(days=30),
                terms=func.to_tsvector("simple", "regel"),
                updated_at=make.now,
            )
        )
        for number in ("0901", "0902")
    )
    expected = {each.id: set() for each in everybody}
    handler = make.handler()
    for step in (EventKind.CLOSED_LINKED, EventKind.CLOSED, EventKind.PROPOSED):
        for bottleneck in (found, another):
            case = make.case(CaseStatus.IN_HANDLING, handler_id=other.id if bottleneck is another else handler.id)
            make.add(
                BottleneckCase(
                    bottleneck_id=found.id,
                    case_id=case.id,
                    status=LinkStatus.ACCEPTED,
                    linked_by_id=brought.id,
                    linked_at=make.now,
                    decided_by_id=took_in.id,
                )
            )
            review = ask_review(case, handler)
            review.step, review.payload = step, {"bottleneck_id": bottleneck.id}
            session.flush()
            for each in everybody:
                if reviews.why_not_second(session, case.id, case.handler_id, review, each.id, make.today) is None:
                    expected[each.id].add(case.reference)
    assert [len(expected[each.id]) for each in everybody] == [5, 5, 3, 6, 6]
    for each in everybody:
        assert names(day_of(session, make.actor(each), make.today).reviews) == expected[each.id]


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        (Role.HANDLER, {"Termijnen die aflopen", "Reacties sinds gisteren"}),
        (Role.TRIAGER, {"Termijnen die aflopen", "Reacties sinds gisteren", "Nog van niemand"}),
        (Role.REVIEWER, {"Te toetsen"}),
        (Role.HEAD_OF_DESK, {"Termijnen die aflopen", "Reacties sinds gisteren", "Te toetsen", "Nog van niemand"}),
    ],
)
def test_each_role_sees_its_own_parts(make, client_as, ask_review, write, role, parts):
    me = make.account(role)
    new = make.case(title="Pas binnen")
    mine = make.case(CaseStatus.IN_HANDLING, handler_id=me.id, due_on=make.today, due_clock=Clock.K1, title="Bijna om")
    write(mine)
    ask_review(mine, make.handler())
    page = client_as(me).get("/vandaag").get_data(as_text=True)
    every = {"Termijnen die aflopen", "Reacties sinds gisteren", "Te toetsen", "Nog van niemand"}
    assert {words for words in every if words in page} == parts
    assert (new.title in page) == ("Nog van niemand" in parts)
    assert "vandaag" in page


def test_a_quiet_day_says_where_to_look(make, client_as):
    page = parse_page(client_as(make.head_of_desk()).get("/vandaag"))
    parts = ("Termijnen die aflopen", "Reacties sinds gisteren", "Te toetsen", "Nog van niemand")
    quiet = {name: page.one("region", name) for name in parts}
    assert all(part.all("link") and not part.all("listitem") for part in quiet.values())


def test_many_cases_take_as_many_statements_as_few(make, client_as, connection, ask_review, write):
    me = make.head_of_desk()
    client = client_as(me)

    def fill(many):
        for _ in range(many):
            case = make.case(CaseStatus.IN_HANDLING, handler_id=me.id, due_on=make.today, due_clock=Clock.K4)
            write(case)
            ask_review(case, make.handler())
            make.case()
            objected = make.case(CaseStatus.CLOSED, handler_id=me.id)
            texts = {"title": "Tuin", "question": "Mag dat?", "answer": "Ja.", "objection": "Niet zo."}
            make.add(PublicText(case_id=objected.id, **texts))
        client.get("/vandaag")
        with counted(connection) as sent:
            assert client.get("/vandaag").status_code == 200
        return len(sent)

    few = fill(1)
    assert fill(12) == few <= 12


def test_a_guide_calls_the_second_person_for_as_long_as_it_waits_for_one(make, session, client_as):
    writer, reviewer = make.head_of_desk(), make.reviewer()
    desk = Desk(session, make)
    begun = guides.create(desk.context(writer), guide_text(question="Mag een half verhaal?", sources=[]))
    whole = guides.create(desk.context(writer), guide_text())
    path = f"/loket/ruimtewijzers/{whole.slug}"

    def is_called(account):
        called = {row.slug for row in day_of(session, make.actor(account), make.today).guides}
        assert begun.slug not in called
        page = client_as(account)
        assert (whole.slug in called) == (f'href="{path}/toetsen"' in page.get("/vandaag").get_data(as_text=True))
        # The page of the guide offers the review to exactly those who are called.
        assert (whole.slug in called) == (f'href="{path}/toetsen"' in page.get(path).get_data(as_text=True))
        return whole.slug in called

    assert (is_called(writer), is_called(reviewer), is_called(make.handler())) == (False, True, False)
    desk.now += timedelta(hours=1)
    guides.give_back(desk.context(reviewer), whole.slug, whole.version, "Te stellig.")
    assert not is_called(reviewer)
    assert "De schrijver is nog bezig" in client_as(reviewer).get(path).get_data(as_text=True)
    desk.now += timedelta(hours=1)
    guides.save(desk.context(writer), whole.slug, whole.version, guide_text())
    assert is_called(reviewer)
    guides.review(desk.context(reviewer), whole.slug, whole.version)
    assert not is_called(reviewer)
    assert "De behandelaar of het hoofd van het loket maakt deze versie openbaar." in (
        client_as(reviewer).get(path).get_data(as_text=True)
    )


def test_what_waits_longest_for_a_second_person_stands_first(make, session, ask_review):
    desk, reviewer = Desk(session, make), make.reviewer()
    slugs, references = [], []
    for hours in (3, 1, 2):
        desk.now = make.now - timedelta(hours=hours)
        slugs.append(guides.create(desk.context(desk.handler), guide_text(question=f"Mag dit na {hours} uur?")).slug)
        case = make.case(CaseStatus.IN_HANDLING)
        ask_review(case, make.handler()).requested_at = desk.now
        references.append(case.reference)
    session.flush()
    day = day_of(session, make.actor(reviewer), make.today)
    assert [row.slug for row in day.guides] == [slugs[0], slugs[2], slugs[1]]
    assert [row.reference for row in day.reviews] == [references[0], references[2], references[1]]
    assert all(row.at is not None and row.status is CaseStatus.IN_HANDLING for row in day.reviews)
