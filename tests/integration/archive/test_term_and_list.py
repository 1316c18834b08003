"""A case that is over gets its end date, comes on a list on that day, and leaves it when it goes on or is held."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.vocabulary import (
    CaseStatus,
    Channel,
    DisposalStatus,
    Disposition,
    EventKind,
    HoldGround,
    ListedStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Role,
)
from knelpunt.models import (
    Aftercare,
    ClockPeriod,
    DisposalCase,
    DisposalList,
    Event,
    PublicText,
    Retention,
    Review,
)
from knelpunt.services.archive import categories, lists, retention
from knelpunt.services.archive.categories import Wording
from knelpunt.services.cases import resolution, triage
from tests.support.archive import A_DAY, CLOSED_ON, ENDS_ON, Archive, confirm_list
from tests.support.desk import Desk


@pytest.fixture
def archive(session, make, app):
    return Archive(Desk(session, make), app.config["FILE_STORE"]).on(date(2026, 11, 24))


def listed(archive, status=ListedStatus.LISTED):
    return list(
        archive.session.scalars(
            select(DisposalCase.case_id).where(DisposalCase.status == status).order_by(DisposalCase.case_id)
        )
    )


def the_list(archive) -> DisposalList:
    return archive.session.scalars(select(DisposalList).order_by(DisposalList.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("status", "result", "code", "last"),
    [
        (CaseStatus.CLOSED, Result.WITH_ONTHEFFING, "antwoord", date(2036, 3, 2)),
        (CaseStatus.CLOSED, Result.LINKED_TO_BOTTLENECK, "regelknelpunt", date(2046, 3, 2)),
        (CaseStatus.WITHDRAWN, Result.WITHDRAWN, "ingetrokken", date(2028, 3, 2)),
        (CaseStatus.REFERRED, Result.OUT_OF_REACH, "overgedragen", date(2031, 3, 2)),
    ],
)
def test_a_case_gets_the_category_of_its_ending_and_a_day(archive, status, result, code, last):
    case = archive.case(status=status, result=result)
    archive.run()
    kept = archive.session.get_one(Retention, case.id)
    assert (archive.category(code).id, kept.ended_on, kept.action_on) == (kept.category_id, CLOSED_ON, last)
    event = archive.session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (event.kind, event.data) == (EventKind.RETENTION_SET, {"categorie": code, "bewaren_tot": last.isoformat()})
    archive.run()
    assert archive.session.scalars(select(Event).where(Event.case_id == case.id)).one()


@pytest.mark.parametrize("clock", [Clock.K6, Clock.K8, Clock.K9])
def test_a_case_of_which_something_runs_has_no_day_yet(archive, clock):
    case = archive.case()
    run = ClockPeriod(case_id=case.id, clock=clock, started_on=CLOSED_ON, length=6, unit=Unit.WEEKS, due_on=ENDS_ON)
    archive.make.add(run)
    archive.run()
    assert archive.session.get(Retention, case.id) is None
    run.stopped_on = archive.desk.today
    archive.run()
    assert archive.session.get(Retention, case.id) is not None


def test_open_cases_and_history_from_public_sources_get_no_day(archive):
    cases = [archive.make.case(CaseStatus.IN_HANDLING), archive.case(channel=Channel.IMPORT)]
    archive.run()
    assert [archive.session.get(Retention, case.id) for case in cases] == [None, None]


def test_a_case_comes_on_the_list_on_its_day_and_not_a_day_earlier(archive):
    case = archive.case()
    archive.run()
    archive.on(ENDS_ON - A_DAY).run()
    assert listed(archive) == []
    archive.on(ENDS_ON).run()
    archive.run()
    assert listed(archive) == [case.id]
    assert (the_list(archive).disposition, the_list(archive).status) == (Disposition.DESTROY, DisposalStatus.OPEN)


def test_a_case_that_is_opened_again_leaves_the_list_and_has_no_day(archive):
    case = archive.case(handler_id=archive.desk.handler.id)
    archive.run()
    archive.on(ENDS_ON).run()
    resolution.reopen(archive.by(archive.desk.handler), case.reference, case.version, "De regel is veranderd.")
    archive.session.flush()
    assert listed(archive) == []
    assert archive.session.scalar(select(Retention.case_id).where(Retention.case_id == case.id)) is None
    archive.run()
    assert listed(archive) == []


def begin_preview(archive, case):
    case.publication = PublicationStatus.PREVIEW
    return lambda: setattr(case, "publication", PublicationStatus.INTERNAL)


def begin_objection(archive, case):
    texts = {"title": "Tuin", "question": "Mag dat?", "answer": "Ja.", "objection": "Niet zo."}
    text = archive.make.add(PublicText(case_id=case.id, **texts))
    return lambda: setattr(text, "kept_back_on", archive.desk.today)


def begin_review(archive, case):
    asked = {"step": EventKind.PUBLIC_TEXT_SAVED, "payload": {}, "requested_by_id": archive.desk.handler.id}
    review = archive.make.add(Review(case_id=case.id, requested_at=archive.desk.now, **asked))
    return lambda: setattr(review, "status", ReviewStatus.APPROVED)


def begin_wish(archive, case):
    run = ClockPeriod(
        case_id=case.id, clock=Clock.K9, started_on=CLOSED_ON, length=12, unit=Unit.MONTHS, stopped_on=ENDS_ON
    )
    period = archive.make.add(run)
    keys = {"public_id": "x" * 20, "nonce": "y" * 20, "period_id": period.id}
    row = Aftercare(case_id=case.id, months=12, asked_on=CLOSED_ON, asks_reopening=True, **keys)
    archive.make.add(row)
    return lambda: setattr(row, "settled_on", archive.desk.today)


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize("begin", [begin_preview, begin_objection, begin_review, begin_wish])
def test_a_case_in_which_something_began_since_keeps_its_words_until_that_is_over(archive, begin, is_confirmed):
    case = archive.case(handler_id=archive.desk.handler.id)
    archive.check_sources()
    archive.run()
    archive.on(ENDS_ON)
    if is_confirmed:
        archive.run()
        confirm_list(archive)
    end = begin(archive, case)
    archive.session.flush()

    archive.run()
    assert (listed(archive), case.archived_on) == ([case.id] if is_confirmed else [], None)
    end()
    archive.session.flush()
    archive.run()
    assert listed(archive) == ([] if is_confirmed else [case.id])
    assert (case.archived_on is not None) is is_confirmed


def test_the_desk_chooses_another_category_with_a_reason(archive):
    case = archive.case(status=CaseStatus.WITHDRAWN, result=Result.WITHDRAWN)
    archive.run()
    by = archive.by(archive.desk.handler)
    for reason, code, field in ((" ", "antwoord", "reason"), ("Het leerde ons veel.", "x", "code")):
        with pytest.raises(DomainError) as refused:
            retention.choose_category(by, case.reference, case.version, code, reason)
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        retention.choose_category(
            archive.by(archive.desk.reviewer), case.reference, case.version, "antwoord", "Het leerde ons veel."
        )
    kept = retention.choose_category(by, case.reference, case.version, "antwoord", "Het leerde ons veel.")
    assert (kept.action_on, kept.reason, kept.chosen_by_id) == (ENDS_ON, "Het leerde ons veel.", by.actor.account_id)


def test_a_case_is_held_until_a_day_and_comes_back_after_it(archive):
    case = archive.case()
    archive.run()
    archive.check_sources()
    archive.on(ENDS_ON).run()
    each, until = the_list(archive), ENDS_ON + timedelta(days=90)
    hold = {"ground": HoldGround.WOO_REQUEST, "until": until, "reason": "Verzoek 12 loopt."}
    for wrong, field in (({"until": ENDS_ON}, "until"), ({"reason": " "}, "reason")):
        with pytest.raises(DomainError) as refused:
            lists.take_off(archive.by(archive.head), each.id, case.reference, each.version, **{**hold, **wrong})
        assert refused.value.field == field
    with pytest.raises(NotFound):
        other = archive.case(closed_on=date(2030, 1, 1))
        lists.take_off(archive.by(archive.head), each.id, other.reference, each.version, **hold)
    lists.take_off(archive.by(archive.admin), each.id, case.reference, each.version, **hold)
    archive.on(until).run()
    assert (listed(archive), case.archived_on) == ([], None)
    archive.on(until + A_DAY).run()
    assert listed(archive) == [case.id]
    assert archive.session.get_one(Retention, case.id).hold_reason is None


def test_a_case_is_held_from_its_own_page_before_it_comes_on_a_list(archive):
    case = archive.case()
    archive.run()
    archive.check_sources()
    until = ENDS_ON + timedelta(days=90)
    given = {"ground": HoldGround.WOO_REQUEST, "until": until, "reason": "Verzoek 12 loopt."}
    archive.on(ENDS_ON - A_DAY)
    with pytest.raises(PermissionDenied):
        lists.hold(archive.by(archive.desk.handler), case.reference, case.version, **given)
    with pytest.raises(VersionConflict):
        lists.hold(archive.by(archive.head), case.reference, case.version + 1, **given)
    lists.hold(archive.by(archive.head), case.reference, case.version, **given)
    archive.on(ENDS_ON).run()
    assert listed(archive) == []
    lists.lift_hold(archive.by(archive.head), case.reference, case.version)
    with pytest.raises(DomainError, match="niet langer bewaard"):
        lists.lift_hold(archive.by(archive.head), case.reference, case.version)
    archive.run()
    assert listed(archive) == [case.id]
    lists.hold(archive.by(archive.head), case.reference, case.version, **given)
    assert (listed(archive), listed(archive, ListedStatus.TAKEN_OFF)) == ([], [case.id])
    kinds = archive.session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()
    assert kinds[-4:] == [
        EventKind.CASE_HELD, EventKind.HOLD_LIFTED, EventKind.DISPOSAL_LISTED, EventKind.CASE_HELD,
    ]  # fmt: skip


def test_a_case_that_is_not_over_cannot_be_held(archive):
    case = archive.make.case(status=CaseStatus.IN_TRIAGE)
    with pytest.raises(DomainError, match="nog niet voorbij"):
        lists.hold(
            archive.by(archive.head), case.reference, case.version, ground=HoldGround.WOO_REQUEST,
            until=archive.desk.today + A_DAY, reason="Verzoek 12 loopt.",
        )  # fmt: skip


def test_two_different_people_confirm_a_list(archive):
    case = archive.case()
    archive.run()
    archive.on(ENDS_ON).run()
    each = the_list(archive)
    with pytest.raises(DomainError, match="Zoek eerst de bron na van: Beantwoorde meldingen"):
        lists.confirm(archive.by(archive.head), each.id, each.version)
    archive.check_sources()
    archive.run()
    each = the_list(archive)
    for account in (archive.desk.handler, archive.desk.reviewer, archive.make.account(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            lists.confirm(archive.by(account), each.id, each.version)
    assert lists.confirm(archive.by(archive.head), each.id, each.version) is DisposalStatus.CONFIRMED_ONCE
    archive.session.flush()
    with pytest.raises(PermissionDenied, match="Een ander moet haar ook bevestigen"):
        lists.confirm(archive.by(archive.head), each.id, each.version)
    with pytest.raises(VersionConflict):
        lists.confirm(archive.by(archive.admin), each.id, each.version - 1)
    archive.run()
    assert case.archived_on is None
    later = archive.case(reference="KNP-2025-later")
    archive.run()
    archive.run()
    assert archive.session.scalar(select(DisposalCase.list_id).where(DisposalCase.case_id == later.id)) != each.id
    assert lists.confirm(archive.by(archive.admin), each.id, each.version) is DisposalStatus.CONFIRMED
    archive.run()
    assert (case.status, case.archived_on, case.archived_as) == (CaseStatus.ARCHIVED, ENDS_ON, Disposition.DESTROY)
    assert later.archived_on is None


def test_a_list_that_is_given_back_needs_two_people_again(archive):
    archive.case()
    archive.run()
    archive.check_sources()
    archive.on(ENDS_ON).run()
    each = the_list(archive)
    lists.confirm(archive.by(archive.head), each.id, each.version)
    archive.session.flush()
    lists.give_back(archive.by(archive.admin), each.id, each.version)
    archive.session.flush()
    assert (each.status, each.first_by_id) == (DisposalStatus.OPEN, None)
    assert lists.confirm(archive.by(archive.admin), each.id, each.version) is DisposalStatus.CONFIRMED_ONCE


def test_one_proposes_a_wording_and_another_decides_after_which_cases_follow_it(archive):
    case = archive.case()
    archive.run()
    old = archive.category("antwoord")
    wording = Wording(
        old.name, old.holds, 7, Disposition.DESTROY, True, "Selectielijst, 4.1", archive.desk.today, date(2020, 1, 1)
    )
    made = categories.propose(archive.by(archive.admin), "antwoord", wording)
    with pytest.raises(DomainError, match="Er wacht al een voorstel"):
        categories.propose(archive.by(archive.head), "antwoord", wording)
    with pytest.raises(PermissionDenied, match="Een ander beslist erover"):
        categories.decide(archive.by(archive.admin), made.id, made.version, accepted=True, remark="")
    assert archive.session.get_one(Retention, case.id).action_on == ENDS_ON
    categories.decide(archive.by(archive.other_admin), made.id, made.version, accepted=True, remark="")
    archive.session.expire_all()
    assert archive.session.get_one(Retention, case.id).action_on == date(2033, 3, 2)
    assert old.valid_to == date(2019, 12, 31)


def test_nothing_about_an_archived_case_changes_any_more(archive):
    case = archive.case(handler_id=archive.desk.handler.id, archived_on=ENDS_ON, archived_as=Disposition.DESTROY)
    by = archive.by(archive.desk.handler)
    for act in (
        lambda: triage.add_note(by, case.reference, "Nog iets."),
        lambda: triage.send_message(by, case.reference, "Nog iets."),
        lambda: resolution.reopen(by, case.reference, case.version, "Toch weer."),
    ):
        with pytest.raises(TransitionNotAllowed, match="De zaak is gearchiveerd"):
            act()
