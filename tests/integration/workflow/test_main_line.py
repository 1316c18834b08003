"""The main line of a case, step by step, with what each step needs and does."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.vocabulary import (
    CaseStatus,
    EventKind,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Route,
    RuleLevel,
    Verdict,
)
from knelpunt.models import (
    AddressChange,
    Assessment,
    CasePoint,
    ClockPeriod,
    Contact,
    CoSignature,
    Event,
    Law,
    Message,
    OutboxMail,
    Proposal,
    PublicText,
    PublishedCase,
    Review,
)
from knelpunt.services.cases import assessments, publication, resolution, reviews, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import CLOSING, PROPOSAL
from tests.support.factories import Factory


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
    assert periods(session, case)[-3:] == [
        (Clock.K6, date(2026, 11, 9), date(2026, 12, 21), None),
        (Clock.K9, date(2026, 11, 9), date(2027, 2, 9), None),
        (Clock.K9, date(2026, 11, 9), date(2027, 11, 9), None),
    ]
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    published = session.get(PublishedCase, case.id)
    assert (published.title, published.withdrawn_on) == ("Buurthuis in een oude school", None)
    assert [item["role"] for item in published.provisions] == ["biedt_ruimte"]
    assert mails(session, case) == [
        "ontvangstbevestiging", "zaak_toegewezen", "behandelaar", "oordeel", "voorstel", "voorstel_aanvaard",
        "reactie_indiener", "afgesloten", "ter_inzage", "reactie_indiener", "gepubliceerd",
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
    for account in (desk.reviewer, make.handler(is_active=False)):
        with pytest.raises(DomainError) as refused:
            triage.assign(desk.context(desk.triager), case.reference, case.version, account.id)
        assert refused.value.field == "handler_id"


def test_the_only_head_of_desk_becomes_no_handler(desk, make, case_in):
    case, context = case_in("ingediend"), desk.context(desk.triager)
    head = make.head_of_desk(organisation=desk.ministry)
    with pytest.raises(DomainError, match="enige hoofd") as refused:
        triage.assign(context, case.reference, case.version, head.id)
    assert refused.value.field == "handler_id"
    other = make.head_of_desk(organisation=desk.ministry)
    triage.assign(context, case.reference, case.version, head.id)
    triage.set_scope(context, case.reference, case.version, in_scope=True, reason="")
    other.is_active = False
    with pytest.raises(DomainError, match="enige hoofd"):
        triage.take_in(context, case.reference, case.version)


def test_the_second_person_is_neither_who_asked_nor_the_handler(session, desk, make, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    head = make.head_of_desk(organisation=desk.ministry)
    desk.triager = head
    review = desk.ask_verdict(case)
    with pytest.raises(PermissionDenied):
        reviews.approve(desk.context(head), case.reference, review.id)
    reviews.cancel(desk.context(head), case.reference, review.id)
    make.head_of_desk(organisation=desk.ministry)
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
    taken_back = desk.weigh(case)
    assessments.withdraw_assessment(desk.context(desk.triager), case.reference, taken_back.id, case.version)
    with pytest.raises(DomainError) as refused:
        desk.ask_verdict(case, Verdict.UNDECIDED)
    assert refused.value.field == "no_provision_reason"


@pytest.mark.parametrize(
    ("level", "lead"),
    [(RuleLevel.STATE, None), (RuleLevel.EU, None), (RuleLevel.MUNICIPALITY, Factory.organisation)],
    ids=["a rule of the State", "a rule of the EU", "a municipality in the lead"],
)
def test_a_rule_of_the_state_or_the_eu_has_a_ministry_in_the_lead(desk, make, case_in, level, lead):
    case = case_in("in_triage")
    desk.weigh(case)
    wanted = VerdictDecision(
        Verdict.NATIONAL_RULE, plain="Het mag niet.", legal="Verboden.", level=level, route=Route.ONTHEFFING,
        lead_ministry_id=lead(make).id if lead else None,
    )  # fmt: skip
    with pytest.raises(DomainError) as refused:
        triage.request_handling(desk.context(desk.triager), case.reference, case.version, wanted)
    assert refused.value.field == "lead_ministry_id"


@pytest.mark.parametrize("status", ["in_behandeling", "voorstel"])
def test_another_verdict_holds_once_a_second_person_agrees(session, desk, case_in, status):
    case = case_in(status)
    wanted = VerdictDecision(
        Verdict.STRICT_PRACTICE, plain="Het kan gewoon.", legal="Artikel 5.", level=RuleLevel.MUNICIPALITY,
        route=Route.OWN_POWER,
    )  # fmt: skip
    review = triage.request_verdict_change(desk.context(desk.handler), case.reference, case.version, wanted)
    assert case.verdict is Verdict.BY_ONTHEFFING_OR_EXPERIMENT
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    assert (case.status, case.verdict, case.verdict_plain) == (status, Verdict.STRICT_PRACTICE, "Het kan gewoon.")
    assert mails(session, case)[-1] == "oordeel_gewijzigd"


def test_only_who_asked_for_a_step_takes_it_back(desk, case_in):
    case = case_in("in_triage")
    desk.weigh(case)
    review = desk.ask_verdict(case)
    with pytest.raises(PermissionDenied, match="Alleen wie de toetsing vroeg"):
        reviews.cancel(desk.context(desk.handler), case.reference, review.id)
    assert review.status is ReviewStatus.OPEN


def test_a_proposal_that_is_given_back_can_be_written_anew(session, desk, case_in):
    case = case_in("in_behandeling")
    review = desk.ask_proposal(case)
    reviews.give_back(desk.context(desk.reviewer), case.reference, review.id, "Noem de voorwaarden.")
    desk.propose(case)
    statuses = session.scalars(select(Proposal.status).where(Proposal.case_id == case.id).order_by(Proposal.id)).all()
    assert statuses == [ProposalStatus.DROPPED, ProposalStatus.SENT]


@pytest.mark.parametrize(("days", "is_refused"), [(0, True), (1, False)])
def test_who_acts_on_a_proposal_has_time_until_after_today(desk, case_in, days, is_refused):
    case = case_in("in_behandeling")
    given = {**PROPOSAL, "legal_date": case.law_date, "act_by": nl_day(desk.now) + timedelta(days=days)}
    with pytest.raises(DomainError) if is_refused else nullcontext():
        resolution.request_proposal(desk.context(desk.handler), case.reference, case.version, **given)


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
    desk.later(14)
    assert case.due_on == nl_day(desk.now), "the last day itself is still the submitter's"
    with pytest.raises(TransitionNotAllowed, match="nog niet gereageerd"):
        desk.ask_closing(case)
    review = desk.later(1).ask_closing(case)
    assert case.status is CaseStatus.PROPOSED, "a second person has to agree"
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    assert case.status is CaseStatus.CLOSED
    assert session.scalars(select(Proposal.status).where(Proposal.case_id == case.id)).one() is ProposalStatus.LAPSED


@pytest.mark.parametrize("result", [Result.WITHDRAWN, Result.LINKED_TO_BOTTLENECK])
def test_the_desk_does_not_close_with_the_result_of_another(desk, case_in, result):
    case = case_in("voorstel")
    submitter.accept_proposal(desk.follower(case), case.reference)
    desk.write_public_text(case)
    closing = {**CLOSING, "result": result}
    with pytest.raises(DomainError) as refused:
        resolution.request_closing(desk.context(desk.handler), case.reference, case.version, **closing)
    assert refused.value.field == "result"


def test_a_closed_case_keeps_its_contact_until_after_the_question_of_a_year_later(session, case_in):
    case = case_in("afgesloten")
    assert session.get(Contact, case.id).ends_on == case.closed_on + timedelta(days=400)


def test_a_late_refusal_cancels_the_closing_that_waits(session, desk, case_in):
    case = case_in("voorstel")
    desk.write_public_text(case)
    desk.later(20)
    review = desk.ask_closing(case)
    submitter.refuse_proposal(desk.follower(case), case.reference, "Toch niet.")
    assert session.get(Review, review.id).status is ReviewStatus.CANCELLED
    assert case.status is CaseStatus.IN_HANDLING


def test_withdrawing_cancels_the_step_that_waits_and_its_proposal(session, desk, case_in):
    case = case_in("in_behandeling")
    review = desk.ask_proposal(case)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=False)
    assert review.status is ReviewStatus.CANCELLED
    assert session.scalars(select(Proposal.status).where(Proposal.case_id == case.id)).all() == [ProposalStatus.DROPPED]


def test_withdrawing_with_erasure_leaves_no_address_anywhere(session, desk, case_in):
    case = case_in("in_triage")
    beside = {"email": "buur@proef.example", "name": "Buur", "public_id": "buur", "nonce": "n"}
    session.add_all(
        [
            CasePoint(case_id=case.id, point="52.37308, 4.89259", ends_on=date(2029, 1, 1)),
            AddressChange(
                case_id=case.id, email="nieuw@proef.example", public_id="nieuw", nonce="n", asked_at=desk.now
            ),
            CoSignature(case_id=case.id, asked_at=desk.now, filing_waits=False, **beside),
        ]
    )
    session.flush()
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=True)
    contact = session.get(Contact, case.id)
    assert (contact.email, contact.name, contact.phone) == (None, None, None)
    assert session.scalars(select(CasePoint.point)).all() + session.scalars(select(AddressChange.email)).all() == []
    signature = session.execute(select(*(getattr(CoSignature, name) for name in beside))).one()
    assert list(signature) == [None] * len(beside)
    left = session.execute(
        select(OutboxMail.kind, OutboxMail.account_id)
        .where(OutboxMail.case_id == case.id, OutboxMail.to_address.is_not(None))
        .order_by(OutboxMail.id)
    ).all()
    assert [tuple(row) for row in left] == [("ingetrokken", None), ("reactie_indiener", desk.handler.id)]


def test_an_objection_brings_the_text_back_and_forbids_publication(session, desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    submitter.object_to_text(desk.follower(case), case.reference, "Toch niet: de straat staat erin.")
    assert (case.publication, session.get(PublicText, case.id).agreed_on) == (PublicationStatus.INTERNAL, None)
    with pytest.raises(DomainError, match="ter inzage"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    desk.write_public_text(case)
    with pytest.raises(DomainError, match="tweede persoon"):
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    review = publication.request_text_review(desk.context(desk.handler), case.reference, case.version)
    reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    text = session.get(PublicText, case.id)
    assert (text.object_by, text.objection) == (date(2026, 11, 17), None)


def test_what_was_weighed_and_taken_back_is_not_published(session, desk, case_in):
    case = case_in("voorstel")
    kept, taken_back = session.scalars(select(Assessment).where(Assessment.case_id == case.id)).one(), desk.weigh(case)
    assessments.withdraw_assessment(desk.context(desk.handler), case.reference, taken_back.id, case.version)
    desk.close(case)
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    published = publication.publish(desk.context(desk.handler), case.reference, case.version)
    assert [one["law"] for one in published.provisions] == [session.get_one(Law, kept.law_id).key]


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


def test_the_text_of_a_case_that_opened_again_goes_back_to_the_desk(desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    desk.later(20)
    with pytest.raises(DomainError, match="eerst ter inzage"):
        publication.publish(desk.context(desk.handler), case.reference, case.version)
    with pytest.raises(DomainError, match="pas als de zaak is afgesloten"):
        publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    desk.write_public_text(case)


def test_who_agreed_to_a_text_did_not_agree_to_the_next(session, desk, case_in):
    case = case_in("afgesloten")
    publication.start_preview(desk.context(desk.handler), case.reference, case.version)
    submitter.agree_to_text(desk.follower(case), case.reference)
    publication.publish(desk.context(desk.handler), case.reference, case.version)
    desk.write_public_text(case)
    text = session.get(PublicText, case.id)
    assert (text.agreed_on, text.reviewed_by_id) == (None, None)


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


def test_a_verdict_that_does_not_fit_what_is_linked_is_refused_when_asked_and_when_agreed_to(session, desk, case_in):
    case = case_in("in_triage")
    room = desk.weigh(case)
    with pytest.raises(DomainError, match="Bij V8 horen ten minste twee") as refused:
        desk.ask_verdict(case, Verdict.STACKED_RULES)
    assert refused.value.field == "verdict"
    review = desk.ask_verdict(case, Verdict.OWN_AUTHORITY)
    room.withdrawn_at = desk.now
    session.flush()

    with pytest.raises(TransitionNotAllowed, match="die ruimte biedt"):
        reviews.approve(desk.context(desk.reviewer), case.reference, review.id)
