"""Questions to ministries through the services: several at once, answers that differ, time, silence and the end."""

from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.consultations import LINK_HOLDS_AFTER, MOST_LINKS, LinkState, link_state
from knelpunt.domain.errors import DomainError, PermissionDenied, TransitionNotAllowed
from knelpunt.domain.vocabulary import CaseStatus, ConsultationStatus, EventKind, RoomAnswer
from knelpunt.models import ClockPeriod, Consultation, Disagreement, Event, MinistryContact, OutboxMail
from knelpunt.queries.consultations.waiting import for_head
from knelpunt.services.accounts import leave
from knelpunt.services.cases import resolution
from knelpunt.services.consultations import address_book, answering, asking
from knelpunt.services.core import events
from knelpunt.services.jobs import upkeep
from knelpunt.services.submitters import reactions as submitter
from tests.support.desk import FILING

OFFICIAL, COLLEAGUE = "jansen@bouw.example", "de.vries@bouw.example"
SUBMITTER = FILING["contact_email"]


def events_of(session, case):
    return list(session.scalars(select(Event).where(Event.case_id == case.id).order_by(Event.number)))


def runs_of(session, case, clock):
    found = select(ClockPeriod).where(ClockPeriod.case_id == case.id, ClockPeriod.clock == clock)
    return session.scalars(found.order_by(ClockPeriod.id)).all()


def test_the_case_comes_back_with_the_last_answer_and_each_question_has_its_own_term(session, desk, ministries):
    case = desk.bring("in_behandeling")
    solution_due = case.due_on
    first = ministries.ask(case)
    desk.later(5)
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    assert (first.due_on, second.due_on) == (date(2026, 11, 17), date(2026, 11, 23))  # 22 November is a Sunday
    assert (case.status, case.due_clock, case.due_on) == (CaseStatus.WITH_MINISTRY, Clock.K3, first.due_on)
    desk.later(1)
    ministries.answer(first)
    assert (case.status, case.due_on) == (CaseStatus.WITH_MINISTRY, second.due_on)
    assert [run.stopped_on for run in runs_of(session, case, Clock.K3)] == [date(2026, 11, 9), None]
    ministries.answer(second)
    assert (case.status, case.due_clock, case.due_on) == (CaseStatus.IN_HANDLING, Clock.K4, solution_due)
    assert [run.stopped_on for run in runs_of(session, case, Clock.K4)] == [None], "K4 never stood still"
    answered = [each for each in events_of(session, case) if each.kind == EventKind.CONSULTATION_ANSWERED]
    assert [(each.status_before, each.status) for each in answered] == [
        (None, CaseStatus.WITH_MINISTRY),
        (CaseStatus.WITH_MINISTRY, CaseStatus.IN_HANDLING),
    ]
    told = [kind for kind in ministries.mails_to(SUBMITTER) if "ministerie" in kind]
    assert told == ["ministerie_gevraagd"] * 2 + ["ministerie_klaar"] * 2


def test_nothing_of_the_file_goes_out_and_no_name_enters_the_events(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    answering.hand_on(ministries.official(ministries.link_of(consultation)), COLLEAGUE)
    mails = session.scalars(select(OutboxMail).where(OutboxMail.to_address.in_([OFFICIAL, COLLEAGUE]))).all()
    assert len(mails) == 2
    for mail in mails:
        for private in (case.title, FILING["description"], SUBMITTER):
            assert private not in mail.subject + (mail.body or "")
    kept = " ".join(str(each.data) for each in events_of(session, case))
    assert "@" not in kept
    assert "Jansen" not in kept


@pytest.mark.parametrize("field", ["question", "article"])
def test_what_points_at_a_person_does_not_go_to_a_ministry(desk, ministries, field):
    case = desk.bring("in_behandeling")
    case.may_share = True
    with pytest.raises(DomainError, match="Haal dit weg") as refused:
        ministries.ask(case, **{field: f"Mag dit voor {SUBMITTER}?"})
    assert refused.value.field == field
    assert case.status is CaseStatus.IN_HANDLING


def test_a_verdict_with_a_name_in_it_stays_at_the_desk(desk, ministries):
    case = desk.bring("in_behandeling")
    case.may_share = True
    assert ministries.ask(case).verdict_plain == case.verdict_plain
    case.verdict_plain = f"Beste {SUBMITTER}, het mag."
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    assert (second.verdict, second.verdict_plain) == (case.verdict, None)


def test_without_leave_to_share_no_ministry_hears_which_case_it_is(session, desk, ministries):
    case = desk.bring("in_behandeling")
    box = ministries.contact("postbus@bouw.example", is_fallback=True)
    with pytest.raises(DomainError, match="nummer van de zaak"):
        ministries.ask(case, question=f"Zie {case.reference}.")
    consultation = ministries.ask(case)
    assert (consultation.verdict, consultation.verdict_plain) == (None, None)
    desk.later(16)
    ministries.run_timers()
    mails = session.scalars(select(OutboxMail).where(OutboxMail.to_address.in_([OFFICIAL, box.email]))).all()
    assert {mail.kind for mail in mails} >= {"raadpleging_gevraagd", "raadplegingen_overzicht"}
    for mail in mails:
        assert case.reference not in mail.subject + (mail.body or "")
        assert f"vraag {consultation.id}" in mail.subject + (mail.body or "")


def test_no_proposal_and_no_closing_while_a_question_is_open(desk, ministries):
    case = desk.bring("in_behandeling")
    ministries.ask(case)
    for attempt in (desk.ask_proposal, desk.ask_closing):
        with pytest.raises(TransitionNotAllowed):
            attempt(case)
    assert case.status is CaseStatus.WITH_MINISTRY


def test_two_ministries_that_do_not_agree_are_put_to_the_head_who_decides(session, desk, make, ministries):
    case = desk.bring("in_behandeling")
    head = make.head_of_desk(organisation=desk.ministry)
    first = ministries.ask(case)
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    ministries.answer(first, RoomAnswer.ROOM, "Lid 2 laat het toe.")
    ministries.answer(second, RoomAnswer.NO_ROOM, "De richtlijn verbiedt het.")
    found = session.scalars(select(Disagreement)).one()
    assert (found.first_id, found.second_id, found.decided_at) == (first.id, second.id, None)
    assert ministries.mails_to(head.email) == ["raadpleging_nieuws"]
    with pytest.raises(TransitionNotAllowed, match="spreken elkaar tegen"):
        desk.ask_proposal(case)
    decide = {"decision": RoomAnswer.ROOM, "reason": "Het tweede lid is later gekomen."}
    with pytest.raises(PermissionDenied):
        asking.decide_disagreement(desk.context(desk.handler), case.reference, case.version, **decide)
    with pytest.raises(DomainError, match="waarom"):
        asking.decide_disagreement(
            desk.context(head), case.reference, case.version, decision=RoomAnswer.ROOM, reason=" "
        )
    asking.decide_disagreement(desk.context(head), case.reference, case.version, **decide)
    assert (found.decision, found.reason, found.decided_by_id) == (RoomAnswer.ROOM, decide["reason"], head.id)
    desk.ask_proposal(case)


def test_another_disagreement_is_put_to_the_head_while_one_waits_and_both_are_decided(
    session, desk, make, ministries, client_as
):
    case = desk.bring("in_behandeling")
    head = make.head_of_desk(organisation=desk.ministry)
    other = ministries.another()
    for article in ("Proefwet, artikel 12", "Proefwet, artikel 13"):
        first = ministries.ask(case, article=article)
        second = ministries.ask(case, "bakker@natuur.example", other, article=article)
        ministries.answer(first, RoomAnswer.ROOM, "Dat mag.")
        ministries.answer(second, RoomAnswer.NO_ROOM, "Dat mag niet.")
    one, two = session.scalars(select(Disagreement).order_by(Disagreement.id)).all()
    assert (two.first_id, two.second_id, two.decided_at) == (first.id, second.id, None)
    assert ministries.mails_to(head.email) == ["raadpleging_nieuws"] * 2
    told = session.scalars(
        select(Event).where(Event.kind == EventKind.MINISTRIES_DISAGREED).order_by(Event.number)
    ).all()
    assert [each.data["verschil"] for each in told] == [one.id, two.id]
    session.commit()
    client = client_as(head)
    assert client.get("/vandaag").get_data(as_text=True).count("ministeries spreken elkaar tegen sinds") == 1
    page = client.get(f"/zaken/{case.reference}/verschil-beslissen").get_data(as_text=True)
    assert "wacht nog een verschil" in page
    assert "artikel 12" in page
    assert "artikel 13" not in page
    case_page = client.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "over Proefwet, artikel 12." in case_page
    assert "over Proefwet, artikel 13." in case_page
    assert case_page.count("Beslis over dit verschil") == 1

    decide = {"decision": RoomAnswer.ROOM, "reason": "Het tweede lid is later gekomen."}
    asking.decide_disagreement(desk.context(head), case.reference, case.version, **decide)
    assert (one.decided_by_id, two.decided_by_id) == (head.id, None)
    with pytest.raises(TransitionNotAllowed, match="spreken elkaar tegen"):
        desk.ask_proposal(case)
    asking.decide_disagreement(desk.context(head), case.reference, case.version, **decide)
    desk.ask_proposal(case)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Proefwet, artikel 5.1", "Proefwet art. 5.1"), ("Proefwet Art. 5.1 lid 2", "proefwet artikel 5.1, tweede lid")],
)
def test_ministries_disagree_about_one_rule_however_it_is_written(session, desk, ministries, one, other):
    case = desk.bring("in_behandeling")
    ministries.answer(ministries.ask(case, article=one), RoomAnswer.ROOM, "Dat mag.")
    asked = ministries.ask(case, "bakker@natuur.example", ministries.another(), article=other)
    ministries.answer(asked, RoomAnswer.NO_ROOM, "Dat mag niet.")
    assert session.scalars(select(Disagreement)).one().second_id == asked.id


@pytest.mark.parametrize("is_own_case", [False, True])
def test_the_handler_hears_what_the_head_decides_unless_it_is_one_person(session, desk, make, ministries, is_own_case):
    case = desk.bring("in_behandeling")
    head = make.head_of_desk(organisation=desk.ministry)
    ministries.answer(ministries.ask(case), RoomAnswer.ROOM, "Lid 2 laat het toe.")
    other = ministries.ask(case, "bakker@natuur.example", ministries.another())
    ministries.answer(other, RoomAnswer.NO_ROOM, "De richtlijn verbiedt het.")
    if is_own_case:
        case.handler_id = head.id
        session.flush()
    heard = select(OutboxMail.account_id).where(OutboxMail.kind == "raadpleging_nieuws").order_by(OutboxMail.id)
    before = session.scalars(heard).all()
    asking.decide_disagreement(
        desk.context(head), case.reference, case.version, decision=RoomAnswer.ROOM, reason="Later gekomen."
    )
    assert session.scalars(heard).all() == [*before, *([] if is_own_case else [desk.handler.id])]


def test_one_ministry_and_another_rule_and_an_earlier_round_are_no_disagreement(session, desk, ministries):
    case = desk.bring("in_behandeling")
    other = ministries.another()
    old = ministries.ask(case)
    ministries.answer(old, RoomAnswer.NO_ROOM, "De richtlijn verbiedt het.")
    ministries.answer(ministries.ask(case, "de.vries@bouw.example"), RoomAnswer.ROOM, "Bij nader inzien wel.")
    elsewhere = ministries.ask(case, "bakker@natuur.example", other, article="Proefwet, artikel 13")
    ministries.answer(elsewhere, RoomAnswer.ROOM, "Dit artikel wel.")
    desk.later(1)
    events.record(desk.context(desk.handler), EventKind.REOPENED, case=case, data={})
    desk.later(1)
    ministries.answer(ministries.ask(case, "bakker@natuur.example", other), RoomAnswer.ROOM, "Nu wel.")
    assert session.scalars(select(Disagreement)).all() == []


def test_the_head_sees_what_is_open_first_and_what_was_noted_for_a_week(session, desk, ministries):
    noted, silent = desk.bring("in_behandeling"), desk.bring("in_behandeling")
    first = ministries.ask(noted)
    ministries.ask(silent)
    desk.later(20)
    ministries.run_timers()
    asking.note_unanswered(desk.context(desk.handler), noted.reference, noted.version, first.id)
    today = desk.system.today
    assert [row.reference for row in for_head(session, today).silent] == [silent.reference, noted.reference]
    assert [row.reference for row in for_head(session, today + timedelta(days=7)).silent] == [silent.reference]


@pytest.mark.parametrize("rooms", [(RoomAnswer.ROOM, RoomAnswer.ROOM), (RoomAnswer.OTHER, RoomAnswer.NO_ROOM)])
def test_answers_that_can_both_be_followed_are_no_disagreement(session, desk, ministries, rooms):
    case = desk.bring("in_behandeling")
    asked = [ministries.ask(case), ministries.ask(case, "bakker@natuur.example", ministries.another())]
    for consultation, room in zip(asked, rooms, strict=True):
        ministries.answer(consultation, room)
    assert session.scalars(select(Disagreement)).all() == []


def test_a_question_that_is_not_theirs_comes_back_with_whom_to_ask(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    answering.send_back(ministries.official(ministries.link_of(consultation)), "Vraag het aan Natuur.")
    assert (consultation.status, consultation.answer) == (ConsultationStatus.NOT_THEIRS, "Vraag het aan Natuur.")
    assert case.status is CaseStatus.IN_HANDLING
    assert "raadpleging_nieuws" in ministries.mails_to(desk.handler.email)


def test_a_question_is_handed_on_within_the_ministry_and_the_old_link_ends(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    old = ministries.link_of(consultation)
    for address in ("iemand@elders.example", "iemand@sub.bouw.example", "iemand@bouw.example.org", "geen adres"):
        with pytest.raises(DomainError) as refused:
            answering.hand_on(ministries.official(old), address)
        assert refused.value.field == "email"
    answering.hand_on(ministries.official(old), "De.Vries@BOUW.example")
    new = ministries.link_of(consultation)
    assert new.id != old.id
    with pytest.raises(DomainError, match="doorgegeven"):
        answering.answer(ministries.official(old), RoomAnswer.ROOM, "Te laat.")
    assert consultation.status is ConsultationStatus.OPEN
    answering.answer(ministries.official(new), RoomAnswer.NO_ROOM, "Nee.")
    assert consultation.room is RoomAnswer.NO_ROOM


def test_an_address_of_another_ministry_does_not_count_as_within(desk, ministries):
    ministries.contact("bakker@natuur.example", ministries.another())
    consultation = ministries.ask(desk.bring("in_behandeling"))
    with pytest.raises(DomainError, match="niet van uw ministerie"):
        answering.hand_on(ministries.official(ministries.link_of(consultation)), "bakker@natuur.example")


def test_handing_on_has_an_end(desk, ministries):
    consultation = ministries.ask(desk.bring("in_behandeling"))
    for number in range(MOST_LINKS):
        answering.hand_on(ministries.official(ministries.link_of(consultation)), f"collega{number}@bouw.example")
    with pytest.raises(DomainError, match="al vaak doorgegeven"):
        answering.hand_on(ministries.official(ministries.link_of(consultation)), "nog.een@bouw.example")


def test_more_time_holds_once_the_handler_gives_it(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    official = ministries.official(ministries.link_of(consultation))
    with pytest.raises(DomainError, match="na de laatste dag"):
        answering.ask_more_time(official, consultation.due_on, "Vakantie.")
    answering.ask_more_time(official, date(2026, 11, 28), "Wij wachten op een uitspraak.")  # a Saturday
    assert (consultation.due_on, case.due_on) == (date(2026, 11, 17), date(2026, 11, 17)), "it is a wish"
    asking.decide_more_time(
        desk.context(desk.handler),
        case.reference,
        case.version,
        consultation.id,
        is_given=True,
        until=date(2026, 11, 28),
    )
    moved = date(2026, 11, 30)
    (run,) = runs_of(session, case, Clock.K3)
    assert (consultation.due_on, run.due_on, case.due_on) == (moved, moved, moved)
    assert consultation.more_time_until is None
    decided = events_of(session, case)[-1]
    assert (decided.kind, decided.data["uiterlijk"]) == (EventKind.MORE_TIME_DECIDED, "2026-11-30")
    assert ministries.mails_to(OFFICIAL)[-1] == "raadpleging_meer_tijd"


def test_more_time_that_is_refused_moves_nothing(desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    answering.ask_more_time(ministries.official(ministries.link_of(consultation)), date(2026, 12, 1), "Druk.")
    context = desk.context(desk.handler)
    asking.decide_more_time(context, case.reference, case.version, consultation.id, is_given=False, until=None)
    assert (consultation.due_on, consultation.more_time_until) == (date(2026, 11, 17), None)
    with pytest.raises(DomainError, match="geen meer tijd gevraagd"):
        asking.decide_more_time(context, case.reference, case.version, consultation.id, is_given=False, until=None)


def test_reminders_silence_and_what_the_desk_notes(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)  # 3 November, until the 17th
    seen = []
    for _day in range(16):
        desk.later(1)
        ministries.run_timers()
        ministries.run_timers()
        seen.append((desk.today, len(ministries.mails_to(OFFICIAL))))
        if desk.today == date(2026, 11, 17):
            with pytest.raises(DomainError, match="kan nog antwoorden tot en met"):
                asking.note_unanswered(desk.context(desk.handler), case.reference, case.version, consultation.id)
            assert consultation.raised_on is None, "the last day is in time"
    reminded = [day for (day, count), (_, before) in zip(seen, [(None, 1), *seen], strict=False) if count > before]
    assert reminded == [date(2026, 11, 10), date(2026, 11, 15)]
    raised = [each for each in events_of(session, case) if each.kind == EventKind.CONSULTATION_RAISED]
    assert [each.happened_on for each in raised] == [date(2026, 11, 18)], "once"
    assert (case.status, consultation.status) == (CaseStatus.WITH_MINISTRY, ConsultationStatus.OPEN)
    assert ministries.mails_to(desk.handler.email).count("raadpleging_nieuws") == 1
    asking.note_unanswered(desk.context(desk.handler), case.reference, case.version, consultation.id)
    assert (case.status, consultation.status) == (CaseStatus.IN_HANDLING, ConsultationStatus.UNANSWERED)
    with pytest.raises(DomainError, match="al beantwoord of niet meer nodig"):
        ministries.answer(consultation)
    assert not [each for each in events_of(session, case) if each.kind == EventKind.CONSULTATION_ANSWERED]


@pytest.mark.parametrize("worker_came_by", [True, False])
def test_each_head_hears_once_that_a_ministry_kept_silent(desk, make, ministries, worker_came_by):
    heads = [make.head_of_desk(), make.head_of_desk()]
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    desk.later(15)
    if worker_came_by:
        ministries.run_timers()
    asking.note_unanswered(desk.context(desk.handler), case.reference, case.version, consultation.id)
    ministries.run_timers()
    assert [ministries.mails_to(head.email).count("raadpleging_nieuws") for head in heads] == [1, 1]


def news(ministries, account):
    return ministries.mails_to(account.email).count("raadpleging_nieuws")


def test_a_head_who_stands_in_for_the_handler_hears_once_that_a_ministry_kept_silent(desk, make, ministries):
    cover, other = make.head_of_desk(organisation=desk.ministry), make.head_of_desk(organisation=desk.ministry)
    ministries.ask(desk.bring("in_behandeling"))
    desk.later(15)
    leave.register(
        desk.context(desk.handler),
        account_id=desk.handler.id,
        covered_by_id=cover.id,
        first_day=desk.today,
        last_day=desk.today + timedelta(days=4),
    )
    ministries.run_timers()
    assert (news(ministries, cover), news(ministries, other)) == (1, 1)


def test_a_head_who_handles_a_case_hears_once_when_who_stands_in_has_left(session, desk, make, ministries):
    head, cover = make.head_of_desk(organisation=desk.ministry), make.head_of_desk(organisation=desk.ministry)
    case = desk.bring("in_behandeling")
    case.handler_id = head.id
    ministries.ask(case)
    desk.later(15)
    leave.register(
        desk.context(head),
        account_id=head.id,
        covered_by_id=cover.id,
        first_day=desk.today,
        last_day=desk.today + timedelta(days=4),
    )
    cover.is_active = False
    session.flush()
    ministries.run_timers()
    assert (news(ministries, head), news(ministries, cover)) == (1, 0)


def test_a_head_who_handles_the_case_hears_that_two_ministries_do_not_agree(session, desk, make, ministries):
    head = make.head_of_desk(organisation=desk.ministry)
    case = desk.bring("in_behandeling")
    first = ministries.ask(case)
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    case.handler_id = head.id
    session.flush()
    ministries.answer(first, RoomAnswer.ROOM, "Lid 2 laat het toe.")
    ministries.answer(second, RoomAnswer.NO_ROOM, "De richtlijn verbiedt het.")
    told = select(OutboxMail.body).where(OutboxMail.to_address == head.email)
    assert sum("tegenspreken" in body for body in session.scalars(told)) == 1


def test_an_answer_in_a_case_whose_handler_left_is_told_to_the_head(desk, make, ministries):
    head = make.head_of_desk(organisation=desk.ministry)
    asked = ministries.ask(desk.bring("in_behandeling"))
    desk.handler.is_active = False
    desk.session.flush()
    ministries.answer(asked)
    assert news(ministries, head) == 1


def test_an_answer_after_the_term_counts_until_the_link_ends(desk, ministries):
    case = desk.bring("in_behandeling")
    first = ministries.ask(case)
    second = ministries.ask(case, "bakker@natuur.example", ministries.another())
    desk.later(14 + 28)
    ministries.answer(first)
    assert first.status is ConsultationStatus.ANSWERED
    desk.later(1)
    with pytest.raises(DomainError, match="voorbij"):
        ministries.answer(second)


def test_an_answer_can_be_read_back_no_longer_than_it_could_be_given(desk, ministries):
    consultation = ministries.ask(desk.bring("in_behandeling"))
    ministries.answer(consultation)
    ended = consultation.ended_on
    state = partial(link_state, consultation.status, consultation.due_on, ended, is_revoked=False)
    assert state(ended + LINK_HOLDS_AFTER) is LinkState.DONE
    assert state(ended + LINK_HOLDS_AFTER + timedelta(days=1)) is LinkState.EXPIRED


def test_withdrawing_ends_what_was_asked_and_says_so(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    submitter.withdraw(desk.follower(case), case.reference, "", erase_contact=True)
    assert (case.status, consultation.status) == (CaseStatus.WITHDRAWN, ConsultationStatus.ENDED)
    waits = select(OutboxMail.kind).where(OutboxMail.to_address == OFFICIAL, OutboxMail.gave_up_at.is_(None))
    assert session.scalars(waits.order_by(OutboxMail.id)).all()[-1] == "raadpleging_niet_meer_nodig", (
        "though the contact was erased"
    )
    with pytest.raises(DomainError, match="ingetrokken"):
        ministries.answer(consultation)
    desk.later(20)
    ministries.run_timers()
    assert ministries.mails_to(OFFICIAL)[-1] == "raadpleging_niet_meer_nodig"


def test_a_question_to_a_wrong_address_is_taken_back(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    link = ministries.link_of(consultation)
    asking.take_back(desk.context(desk.handler), case.reference, case.version, consultation.id)
    assert (case.status, consultation.status) == (CaseStatus.IN_HANDLING, ConsultationStatus.ENDED)
    assert [run.stopped_on for run in runs_of(session, case, Clock.K3)] == [consultation.ended_on]
    with pytest.raises(DomainError, match="geen antwoord meer nodig"):
        answering.answer(ministries.official(link), RoomAnswer.ROOM, "Toch.")
    assert ministries.mails_to(OFFICIAL)[-1] == "raadpleging_niet_meer_nodig"
    told = session.scalars(select(OutboxMail).where(OutboxMail.to_address == SUBMITTER).order_by(OutboxMail.id)).all()
    assert "Wij trokken onze vraag in" in told[-1].subject
    desk.ask_proposal(case)


def test_the_handler_hears_that_who_was_asked_left_the_address_book(session, desk, make, ministries):
    consultation = ministries.ask(desk.bring("in_behandeling"))
    before = ministries.mails_to(desk.handler.email).count("raadpleging_nieuws")
    contact = session.get_one(MinistryContact, consultation.contact_id)
    address_book.remove(desk.context(make.administrator()), contact.id, contact.version)
    assert ministries.mails_to(desk.handler.email).count("raadpleging_nieuws") == before + 1


def test_a_list_of_what_waits_goes_to_the_box_once_in_fourteen_days(session, desk, ministries):
    box = ministries.contact("postbus@bouw.example", is_fallback=True).email
    case = desk.bring("in_behandeling")
    case.may_share = True
    ministries.ask(case)
    ministries.run_timers()
    days = []
    for _day in range(45):
        desk.later(1)
        before = len(ministries.mails_to(box))
        ministries.run_timers()
        ministries.run_timers()
        if len(ministries.mails_to(box)) > before:
            days.append(desk.today)
    assert len(days) == 3
    assert {day.weekday() for day in days} == {0}
    assert {later - day for day, later in pairwise(days)} == {timedelta(days=14)}
    bodies = session.scalars(select(OutboxMail.body).where(OutboxMail.to_address == box)).all()
    assert all(case.reference in body and "/raadplegen/" not in body for body in bodies)


def test_addresses_are_emptied_a_month_after_a_question_is_over(session, desk, ministries):
    case = desk.bring("in_behandeling")
    consultation = ministries.ask(case)
    link = ministries.link_of(consultation)
    ministries.answer(consultation)
    session.flush()
    for days, email in ((30, OFFICIAL), (1, None)):
        desk.later(days)
        upkeep.sweep_tables(session, desk.now)
        session.refresh(link)
        assert link.email == email


def test_the_question_is_of_this_case(session, desk, make, ministries):
    case, other = desk.bring("in_behandeling"), desk.bring("in_behandeling")
    theirs = ministries.ask(other)
    desk.later(20)
    ministries.ask(case)
    with pytest.raises(DomainError):
        asking.note_unanswered(desk.context(desk.handler), case.reference, case.version, theirs.id)
    assert session.get_one(Consultation, theirs.id).status is ConsultationStatus.OPEN


def test_a_reopened_case_can_be_asked_about_again(desk, ministries):
    case = desk.bring("in_behandeling")
    ministries.answer(ministries.ask(case))
    desk.propose(case)
    desk.close(case)
    resolution.reopen(desk.context(desk.handler), case.reference, case.version, "De regel is veranderd.")
    ministries.ask(case)
    assert case.status is CaseStatus.WITH_MINISTRY
