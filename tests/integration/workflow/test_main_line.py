"""The main line of a case, step by step, with what each step needs and does."""

from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Verdict,
)
from knelpunt.models import (
    ClockPeriod,
    Contact,
    Event,
    Message,
    OutboxMail,
    Proposal,
    PublicText,
    PublishedCase,
    Review,
)
from knelpunt.services.cases import publication, reviews, triage
from knelpunt.services.submitters import reactions as submitter


def kinds(session, case):
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)))


def mails(session, case):
    return list(session.scalars(select(OutboxMail.kind).where(OutboxMail.case_id == case.id).order_by(OutboxMail.id)))


def periods(session, case):
    rows = session.scalars(select(ClockPeriod).where(ClockPeriod.case_id == case.id).order_by(ClockPeriod.id))
    return [(row.clock, row.started_on, row.due_on, row.stopped_on) for row in rows]


def test_a_case_goes_from_filing_to_the_public_record(session, desk):
    case = desk.file()
    assert case.reference == f"KNP-2026-{int(case.reference[-5:]):05d}"
    assert periods(session, case) == [
        (Clock.K0, date(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 3)),
        (Clock.K1, date(2026, 11, 3), date(2026, 11, 10), None),
    ]
    desk.later(1).take_in(case)
    assert (case.status, case.due_on, case.due_clock) == (CaseStatus.IN_TRIAGE, date(2026, 11, 18), Clock.K2)
    desk.weigh(case)
    desk.later(1).start_handling(case)
    assert (case.status, case.verdict) == (CaseStatus.IN_HANDLING, Verdict.BY_ONTHEFFING_OR_EXPERIMENT)
    assert (case.due_on, case.due_clock) == (date(2027, 1, 14), Clock.K4)
    desk.later(1).propose(case)
    assert (case.status, case.due_on, case.due_clock) == (CaseStatus.PROPOSED, date(2026, 11, 20), Clock.K5)
    desk.later(3).close(case)
    assert (case.status, case.result, case.closed_on) == (
        CaseStatus.CLOSED,
        Result.WITH_ONTHEFFING,
        date(2026, 11, 9),
    )
    assert case.due_on is None
    assert periods(session, case)[-1] == (Clock.K6, date(2026, 11, 9), date(2026, 12, 21), None)
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    published = session.get(PublishedCase, case.id)
    assert (published.title, published.withdrawn_on) == ("Buurthuis in een oude school", None)
    assert [item["role"] for item in published.provisions] == ["biedt_ruimte"]
    assert mails(session, case) == [
        "ontvangstbevestiging", "behandelaar", "oordeel", "voorstel", "voorstel_aanvaard", "reactie_indiener",
        "afgesloten", "ter_inzage", "gepubliceerd",
    ]  # fmt: skip
    assert [kind for kind in kinds(session, case) if "toetsing" not in kind] == [
        EventKind.FILED, EventKind.HANDLER_ASSIGNED, EventKind.SCOPE_ANSWERED, EventKind.TAKEN_IN,
        EventKind.HANDLING_STARTED, EventKind.PROPOSED, EventKind.PROPOSAL_ACCEPTED, EventKind.PUBLIC_TEXT_SAVED,
        EventKind.CLOSED, EventKind.PREVIEW_STARTED, EventKind.TEXT_AGREED, EventKind.PUBLISHED,
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["ingediend", "in_triage", "in_behandeling", "voorstel", "afgesloten"])
def test_the_events_of_a_case_end_in_its_state(session, case_in, status):
    case = case_in(status)
    steps = session.execute(
        select(Event.status_before, Event.status)
        .where(Event.case_id == case.id, Event.status_before.is_not(None))
        .order_by(Event.number)
    ).all()
    here = CaseStatus.DRAFT
    for before, after in steps:
        assert before is here
        here = after
    assert here is case.status


def test_taking_in_needs_a_handler_and_an_answer_about_scope(session, desk):
    case = desk.file()
    with pytest.raises(TransitionNotAllowed, match=r"Wijs eerst een behandelaar aan\. Leg eerst vast"):
        triage.take_in(desk.context(desk.triager), case.reference, case.version)
    assert case.status is CaseStatus.SUBMITTED


def test_a_step_on_an_old_version_is_a_conflict(desk):
    case = desk.file()
    seen = case.version
    triage.set_scope(desk.context(desk.triager), case.reference, seen, in_scope=True, reason="")
    with pytest.raises(VersionConflict):
        triage.assign(desk.context(desk.triager), case.reference, seen, desk.handler.id)


def test_a_handler_cannot_be_somebody_who_may_not_handle(desk, make):
    case = desk.file()
    with pytest.raises(DomainError) as refused:
        triage.assign(desk.context(desk.triager), case.reference, case.version, desk.reviewer.id)
    assert refused.value.field == "handler_id"


def test_the_second_person_is_neither_who_asked_nor_the_handler(session, desk, make, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    head = make.head_of_desk(organisation=desk.ministry)
    desk.triager = head
    review = desk.ask_verdict(case)
    with pytest.raises(PermissionDenied):
        reviews.approve(desk.context(head), case.reference, review.id)
    reviews.cancel(desk.context(head), case.reference, review.id)
    triage.assign(desk.context(head), case.reference, case.version, head.id)
    desk.triager = make.triager(organisation=desk.ministry)
    review = desk.ask_verdict(case)
    with pytest.raises(PermissionDenied):
        reviews.approve(desk.context(head), case.reference, review.id)
    assert (case.status, review.status) == (CaseStatus.IN_TRIAGE, ReviewStatus.OPEN)


def test_a_returned_verdict_changes_nothing_and_can_be_asked_again(session, desk, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    reviews.give_back(desk.context(desk.reviewer), case.reference, review.id, "De motivering mist een datum.")
    assert (case.status, case.verdict) == (CaseStatus.IN_TRIAGE, Verdict.UNDECIDED)
    with pytest.raises(DomainError, match="al besloten"):
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    desk.start_handling(case)
    assert case.status is CaseStatus.IN_HANDLING


def test_a_verdict_without_provision_needs_a_reason(desk, case_in):
    case = case_in("in_triage")
    with pytest.raises(DomainError) as refused:
        desk.ask_verdict(case, Verdict.UNDECIDED)
    assert refused.value.field == "no_provision_reason"


def test_one_review_at_a_time(desk, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    desk.ask_verdict(case)
    with pytest.raises(TransitionNotAllowed, match="tweede persoon"):
        desk.ask_verdict(case)


def test_no_proposal_while_the_verdict_is_undecided(desk, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    desk.start_handling(case, Verdict.UNDECIDED)
    with pytest.raises(TransitionNotAllowed, match="nog onbeslist"):
        desk.ask_proposal(case)


@pytest.mark.parametrize(
    ("verdict", "role"),
    [
        (Verdict.PERCEIVED, AssessmentRole.BLOCKS),
        (Verdict.NATIONAL_RULE, AssessmentRole.OFFERS_ROOM),
    ],
)
def test_a_bridgeable_verdict_names_the_room_and_an_actual_one_the_rule(desk, case_in, verdict, role):
    case = case_in("in_triage")
    desk.weigh(case, role)
    desk.start_handling(case, verdict)
    with pytest.raises(TransitionNotAllowed, match="hoort een bepaling met een datum"):
        desk.ask_proposal(case)


def test_a_refused_proposal_gives_what_was_left_and_at_least_two_weeks(session, desk, case_in):
    case = case_in("in_behandeling")
    desk.later(65).propose(case)
    desk.later(2)
    submitter.refuse_proposal(desk.follower(case), case.reference, "De gemeente werkt niet mee.")
    assert case.status is CaseStatus.IN_HANDLING
    clock, started, due, stopped = periods(session, case)[-1]
    assert (clock, started, due, stopped) == (Clock.K4, date(2027, 1, 9), date(2027, 1, 25), None)
    assert (case.due_on, case.due_clock) == (due, Clock.K4)
    proposal = session.scalars(select(Proposal).where(Proposal.case_id == case.id)).one()
    assert (proposal.status, proposal.reaction) == (ProposalStatus.REFUSED, "De gemeente werkt niet mee.")


def test_closing_waits_for_the_submitter_or_the_end_of_the_term(session, desk, case_in):
    case = case_in("voorstel")
    desk.write_public_text(case)
    with pytest.raises(TransitionNotAllowed, match="nog niet gereageerd"):
        desk.ask_closing(case)
    desk.later(20)
    review = desk.ask_closing(case)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    assert case.status is CaseStatus.CLOSED
    assert session.scalars(select(Proposal.status).where(Proposal.case_id == case.id)).one() is ProposalStatus.LAPSED


def test_closing_needs_a_public_text(desk, case_in):
    case = case_in("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    with pytest.raises(TransitionNotAllowed, match="openbare tekst"):
        desk.ask_closing(case)


def test_a_late_refusal_cancels_the_closing_that_waits(session, desk, case_in):
    case = case_in("voorstel")
    desk.write_public_text(case)
    desk.later(20)
    review = desk.ask_closing(case)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Toch niet.")
    assert session.get(Review, review.id).status is ReviewStatus.CANCELLED
    assert case.status is CaseStatus.IN_HANDLING


@pytest.mark.parametrize("status", ["ingediend", "in_triage", "in_behandeling", "voorstel"])
def test_the_submitter_withdraws_from_any_open_state(session, desk, case_in, status):
    case = case_in(status)
    submitter.withdraw(desk.follower(case), case.reference, "Wij stoppen.", erase_contact=False)
    assert (case.status, case.result) == (CaseStatus.WITHDRAWN, Result.WITHDRAWN)
    assert all(stopped is not None for *_, stopped in periods(session, case))
    assert session.get(Contact, case.id).email == "initiatief@proef.example"


def test_staff_cannot_withdraw_for_the_submitter(desk, case_in):
    case = case_in("in_triage")
    for account in (desk.triager, desk.handler, desk.reviewer):
        with pytest.raises(PermissionDenied):
            submitter.withdraw(desk.context(account), case.reference, "", erase_contact=False)
    assert case.status is CaseStatus.IN_TRIAGE


def test_withdrawing_with_erasure_leaves_no_address_anywhere(session, desk, case_in):
    case = case_in("in_triage")
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=True)
    contact = session.get(Contact, case.id)
    assert (contact.email, contact.name, contact.phone) == (None, None, None)
    left = session.scalars(
        select(OutboxMail.kind).where(OutboxMail.case_id == case.id, OutboxMail.to_address.is_not(None))
    ).all()
    assert left == ["ingetrokken"]


def test_a_follower_of_another_case_finds_nothing(desk, case_in):
    mine, other = case_in("voorstel"), desk.file()
    with pytest.raises(NotFound):
        submitter.accept_proposal(desk.follower(other), mine.reference)
    assert mine.status is CaseStatus.PROPOSED


def test_an_objection_brings_the_text_back_and_forbids_publication(session, desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.object_to_text(desk.follower(case), case.reference, "De straat staat erin.")
    assert case.publication is PublicationStatus.INTERNAL
    with pytest.raises(DomainError, match="ter inzage"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    desk.write_public_text(case)
    with pytest.raises(DomainError, match="tweede persoon"):
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    review = publication.request_text_review(desk.context(desk.handler), case.reference, case.version)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    assert session.get(PublicText, case.id).object_by == date(2026, 11, 17)


def test_publication_waits_ten_working_days_for_an_objection(desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    desk.later(14)
    with pytest.raises(DomainError, match="nog bezwaar"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    desk.later(1)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    assert case.publication is PublicationStatus.PUBLIC


def test_nothing_is_published_without_consent(desk):
    case = desk.file(may_publish="nee")
    desk.take_in(case)
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    desk.close(case)
    with pytest.raises(DomainError, match="vindt het niet goed"):
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)


def test_a_withdrawn_publication_keeps_a_tombstone(session, desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    publication.withdraw_publication(
        desk.context(desk.handler), case.reference, case.version, "Verzoek van de indiener."
    )
    published = session.get(PublishedCase, case.id)
    assert (published.withdrawn_reason, case.publication) == (
        "Verzoek van de indiener.",
        PublicationStatus.WITHDRAWN,
    )


def test_opening_the_contact_is_an_event(session, desk):
    case = desk.file()
    contact = triage.open_contact(desk.context(desk.handler), case.reference)
    assert contact.email == "initiatief@proef.example"
    assert kinds(session, case)[-1] == EventKind.CONTACT_OPENED


def test_a_note_is_no_message(session, desk):
    case = desk.file()
    triage.add_note(desk.context(desk.handler), case.reference, "Intern: let op de termijn.")
    assert session.scalars(select(Message).where(Message.case_id == case.id)).all() == []
    assert mails(session, case) == ["ontvangstbevestiging"]
