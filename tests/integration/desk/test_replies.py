"""What a submitter says by telephone or letter: written down by the desk, as the submitter's, with its true author."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.replies import OnBehalf, Reaction, ReplyChannel
from knelpunt.domain.cases.workflow import TRANSITIONS, WITHDRAW, Party
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    EventKind,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
)
from knelpunt.models import (
    Case,
    ClockPeriod,
    Contact,
    Event,
    FollowLink,
    Letter,
    Message,
    Organisation,
    OutboxMail,
    Proposal,
    PublicText,
)
from knelpunt.services.cases import publication, reviews, triage
from knelpunt.services.filing import intake
from knelpunt.services.mail import letters
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import replies
from tests.support.desk import FILING
from tests.support.forms import fill

ADDRESS = {"contact_address": "Kerkweg 1\n1234 AB Ergens"}
WORDS = "Het oude omgevingsplan geldt nog."


@pytest.fixture
def paper(desk):
    """A case of somebody without an e-mail address, filed at the desk ten days before today."""
    desk.now = datetime.now(UTC) - timedelta(days=10)
    context = desk.context(desk.triager)
    data = {"municipality_id": str(desk.make.municipality().id), **FILING, "contact_email": "", **ADDRESS}
    draft = intake.create_draft_at_desk(context, data)
    case = intake.file_case(context, draft.key, draft.version)
    desk.take_in(case)
    return case


def ask(desk, case):
    triage.request_supplement(
        desk.context(desk.handler), case.reference, case.version, question="Welk plan geldt?", why="Dat telt.",
        answer_by=nl_day(desk.now) + timedelta(days=28),
    )  # fmt: skip
    return desk.session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION)).one()


def propose(desk, case):
    desk.weigh(case)
    desk.start_handling(case)
    desk.propose(case)
    return desk.session.scalars(select(Proposal).where(Proposal.case_id == case.id)).one()


def told(desk, case, channel=ReplyChannel.TELEPHONE, days_ago=0):
    desk.session.refresh(case)
    return OnBehalf(channel, nl_day(desk.now) - timedelta(days=days_ago), case.version)


def event(session, case, kind):
    return session.scalars(select(Event).where(Event.case_id == case.id, Event.kind == kind)).one()


def letter(session, case, kind):
    return session.scalars(select(Letter).where(Letter.case_id == case.id, Letter.kind == kind)).one()


def form(client, case, **typed):
    path = f"/zaken/{case.reference}/reactie-opschrijven"
    return client.post(path, data=fill(client.get(path), "body", **typed))


def test_an_answer_by_telephone_is_the_submitters_and_says_who_typed_it(session, desk, paper, client_as):
    question = ask(desk, paper)
    staff = client_as(desk.triager)
    page = staff.get(f"/zaken/{paper.reference}/reactie-opschrijven").get_data(as_text=True)
    assert "Welk plan geldt?" in page
    today = nl_day(datetime.now(UTC))
    answer = form(staff, paper, channel="telefoon", reaction="antwoord", body=WORDS, received_on=today.isoformat())
    assert answer.status_code == 303
    session.refresh(paper)
    session.refresh(question)
    assert (paper.status, question.answered_on) == (CaseStatus.IN_TRIAGE, today)
    message = session.scalars(select(Message).where(Message.kind == MessageKind.ANSWER)).one()
    assert (message.from_desk, message.body, message.author_id) == (False, WORDS, desk.triager.id)
    kept = event(session, paper, EventKind.SUPPLEMENT_RECEIVED)
    assert (kept.actor_kind, kept.actor_id) == (ActorKind.ACCOUNT, desk.triager.id)
    assert {name: kept.data[name] for name in ("namens", "kanaal", "ontvangen_op")} == {
        "namens": "indiener", "kanaal": "telefoon", "ontvangen_op": today.isoformat(),
    }  # fmt: skip
    shown = staff.get(f"/zaken/{paper.reference}").get_data(as_text=True)
    assert "Opgeschreven voor de indiener, die dit per telefoon liet weten op" in shown
    assert f"opgeschreven door {desk.triager.name}" in shown


def test_the_page_offers_an_answer_that_was_here_before_the_question_lapsed(session, desk, paper, client_as):
    question = ask(desk, paper)
    question.written_at -= timedelta(days=40)
    question.lapsed_on = question.answer_by = nl_day(datetime.now(UTC)) - timedelta(days=1)
    paper.status, paper.status_before_supplement, paper.suspended_until = CaseStatus.IN_TRIAGE, None, None
    session.flush()
    staff = client_as(desk.triager)
    page = staff.get(f"/zaken/{paper.reference}/reactie-opschrijven").get_data(as_text=True)
    assert "Welk plan geldt?" in page
    late = {"channel": "brief", "reaction": "antwoord", "body": WORDS}
    refused = form(staff, paper, **late, received_on=nl_day(datetime.now(UTC)).isoformat())
    assert refused.status_code == 422
    assert "De tijd om te antwoorden liep tot en met" in refused.get_data(as_text=True)
    answer = form(staff, paper, **late, received_on=question.answer_by.isoformat())
    assert answer.status_code == 303
    shown = staff.get(f"/zaken/{paper.reference}").get_data(as_text=True)
    assert "Antwoord was op tijd binnen" in shown


def test_the_submitter_reads_on_paper_what_was_written_down(session, desk, paper):
    ask(desk, paper)
    desk.later(3)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ANSWER, WORDS, told(desk, paper))
    body = letter(session, paper, MailKind.ANSWER_RECEIVED).body
    assert "U gaf dit per telefoon door op" in body
    assert WORDS in body
    assert "Klopt dit niet? Laat het ons meteen weten." in body
    to_handler = select(OutboxMail.kind).where(OutboxMail.case_id == paper.id, OutboxMail.account_id == desk.handler.id)
    mailed = select(OutboxMail.kind).where(OutboxMail.case_id == paper.id)
    assert session.scalars(mailed).all() == session.scalars(to_handler).all()


def test_the_handler_hears_what_a_colleague_wrote_down_and_not_what_he_wrote_himself(session, desk, paper):
    mails = select(OutboxMail.account_id).where(OutboxMail.kind == MailKind.SUBMITTER_REACTED)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ADD, WORDS, told(desk, paper))
    assert session.scalars(mails).all() == []
    replies.write_down(desk.context(desk.triager), paper.reference, Reaction.ADD, WORDS, told(desk, paper))
    assert session.scalars(mails).all() == [desk.handler.id]
    assert paper.status is CaseStatus.IN_TRIAGE


def test_a_letter_that_lay_here_counts_from_the_day_it_came_in(session, desk, paper):
    question = ask(desk, paper)
    asked = nl_day(desk.now)
    desk.later(6)
    replies.write_down(
        desk.context(desk.handler), paper.reference, Reaction.ANSWER, WORDS, told(desk, paper, ReplyChannel.LETTER, 4)
    )
    session.refresh(question)
    assert question.answered_on == asked + timedelta(days=2)
    clock = session.scalars(select(ClockPeriod).where(ClockPeriod.case_id == paper.id, ClockPeriod.clock == Clock.K2))
    (suspension,) = clock.one().suspensions
    assert (suspension.from_day, suspension.until_day) == (asked + timedelta(days=1), asked + timedelta(days=2))
    assert event(session, paper, EventKind.SUPPLEMENT_RECEIVED).happened_on == nl_day(desk.now)


@pytest.mark.parametrize("days_ago", [-1, 9])
def test_a_day_before_the_question_or_after_today_is_refused(session, desk, paper, days_ago):
    question = ask(desk, paper)
    desk.later(6)
    with pytest.raises(DomainError, match="Vul een dag in van"):
        replies.write_down(
            desk.context(desk.handler), paper.reference, Reaction.ANSWER, WORDS, told(desk, paper, days_ago=days_ago)
        )
    assert question.answered_on is None


def test_a_proposal_is_accepted_by_letter_and_then_closed_by_two_people(session, desk, paper, client_as):
    proposal = propose(desk, paper)
    letters.mark_sent(desk.context(desk.handler), letter(session, paper, MailKind.PROPOSAL).id, nl_day(desk.now))
    desk.later(5)
    accepted = told(desk, paper, ReplyChannel.LETTER, 2)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ACCEPT, "", accepted)
    assert (proposal.status, proposal.reacted_on) == (ProposalStatus.ACCEPTED, accepted.received_on)
    k5 = session.scalars(select(ClockPeriod).where(ClockPeriod.case_id == paper.id, ClockPeriod.clock == Clock.K5))
    assert k5.one().stopped_on == accepted.received_on
    assert event(session, paper, EventKind.PROPOSAL_ACCEPTED).data["kanaal"] == "brief"
    assert "U gaf dit per brief door" in letter(session, paper, MailKind.PROPOSAL_ACCEPTED).body
    with pytest.raises(DomainError):
        replies.write_down(
            desk.context(desk.handler), paper.reference, Reaction.REFUSE, "Toch niet.", told(desk, paper)
        )
    desk.write_public_text(paper)
    desk.ask_closing(paper)
    page = client_as(desk.reviewer).get(f"/zaken/{paper.reference}").get_data(as_text=True)
    assert "die dit per brief liet weten op" in page


def test_a_reaction_before_the_letter_was_marked_as_sent_can_be_written_down(session, desk, paper):
    proposal = propose(desk, paper)
    desk.later(5)
    letters.mark_sent(desk.context(desk.handler), letter(session, paper, MailKind.PROPOSAL).id, nl_day(desk.now))
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ACCEPT, "", told(desk, paper, days_ago=3))
    assert proposal.status is ProposalStatus.ACCEPTED
    k5 = session.scalars(select(ClockPeriod).where(ClockPeriod.case_id == paper.id, ClockPeriod.clock == Clock.K5))
    assert k5.one().stopped_on == nl_day(desk.now) - timedelta(days=3)


def test_a_proposal_is_refused_by_telephone_with_the_reason(session, desk, paper, client_as):
    proposal = propose(desk, paper)
    staff = client_as(desk.handler)
    today = nl_day(datetime.now(UTC)).isoformat()
    missing = form(staff, paper, channel="telefoon", reaction="voorstel_helpt_niet", body="", received_on=today)
    assert missing.status_code == 422
    assert "Schrijf op wat de indiener zei of schreef." in missing.get_data(as_text=True)
    done = form(staff, paper, channel="telefoon", reaction="voorstel_helpt_niet", body="Te duur.", received_on=today)
    assert done.status_code == 303
    session.refresh(paper)
    session.refresh(proposal)
    assert (paper.status, proposal.status, proposal.reaction) == (
        CaseStatus.IN_HANDLING, ProposalStatus.REFUSED, "Te duur.",
    )  # fmt: skip
    assert event(session, paper, EventKind.PROPOSAL_REFUSED).actor_id == desk.handler.id


def test_the_time_for_another_proposal_counts_from_the_day_of_the_refusal(session, desk, paper):
    proposal = propose(desk, paper)
    desk.later(5)
    letters.mark_sent(desk.context(desk.handler), letter(session, paper, MailKind.PROPOSAL).id, nl_day(desk.now))
    replies.write_down(
        desk.context(desk.handler), paper.reference, Reaction.REFUSE, "Te duur.", told(desk, paper, days_ago=3)
    )
    refused_on = nl_day(desk.now) - timedelta(days=3)
    runs = session.scalars(
        select(ClockPeriod)
        .where(ClockPeriod.case_id == paper.id, ClockPeriod.clock == Clock.K4)
        .order_by(ClockPeriod.id)
    ).all()
    assert (proposal.reacted_on, runs[-1].started_on, len(runs)) == (refused_on, refused_on, 2)
    assert paper.due_on == runs[-1].due_on


def test_an_objection_by_telephone_keeps_the_text_from_being_published(session, desk, paper):
    propose(desk, paper)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ACCEPT, "Fijn.", told(desk, paper))
    desk.write_public_text(paper)
    reviews.approve(desk.context(desk.reviewer), paper.reference, desk.ask_closing(paper).id)
    publication.start_preview(desk.context(desk.handler), paper.reference, paper.version)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.OBJECT, "Mijn straat staat erin.",
                       told(desk, paper))  # fmt: skip
    text = session.get_one(PublicText, paper.id)
    assert (text.objection, paper.publication) == ("Mijn straat staat erin.", PublicationStatus.INTERNAL)
    assert event(session, paper, EventKind.TEXT_OBJECTED).data["namens"] == "indiener"


def test_the_follow_page_tells_it_as_it_was_in_both_languages(session, desk, paper, client, app):
    ask(desk, paper)
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ANSWER, WORDS, told(desk, paper))
    link = session.scalars(select(FollowLink).where(FollowLink.case_id == paper.id)).one()
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")
    page = client.get(path).get_data(as_text=True)
    assert "U gaf antwoord (per telefoon, opgeschreven door het loket)" in page
    assert WORDS in page
    assert desk.handler.name not in page.split("Wat er gebeurde")[-1]
    assert "(by telephone, written down by the desk)" in client.get(f"/en{path}").get_data(as_text=True)


def test_two_people_do_not_write_down_over_each_other(session, desk, paper, client_as):
    ask(desk, paper)
    staff = client_as(desk.triager)
    path = f"/zaken/{paper.reference}/reactie-opschrijven"
    typed = fill(staff.get(path), "body", channel="telefoon", reaction="antwoord", body="Mijn versie.")
    replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ANSWER, WORDS, told(desk, paper))
    second = staff.post(path, data=typed)
    assert second.status_code == 409
    assert "Mijn versie." in second.get_data(as_text=True)
    with pytest.raises(VersionConflict):
        replies.write_down(
            desk.context(desk.handler), paper.reference, Reaction.ADD, WORDS,
            OnBehalf(ReplyChannel.TELEPHONE, nl_day(desk.now), paper.version - 1),
        )  # fmt: skip


def test_nothing_is_written_down_for_whoever_is_gone(session, desk, paper, client_as):
    staff = client_as(desk.handler)
    submitter.erase_contact_data(desk.follower(paper), paper, session.get_one(Contact, paper.id))
    with pytest.raises(DomainError, match="geen contactgegevens"):
        replies.write_down(desk.context(desk.handler), paper.reference, Reaction.ADD, WORDS, told(desk, paper))
    assert staff.get(f"/zaken/{paper.reference}/reactie-opschrijven").status_code == 404


@pytest.fixture
def municipal(desk):
    """A case of a municipality in triage, and a colleague of the one who filed it."""
    desk.now = datetime.now(UTC) - timedelta(days=10)
    filer = desk.make.filer(name="Femke Filer")
    data = {"municipality_id": str(desk.make.municipality().id), **FILING, "mandate": "ja"}
    draft = intake.create_draft(desk.context(filer), data)
    case = intake.file_case(desk.context(filer), draft.key, draft.version)
    desk.take_in(case)
    return case, desk.make.organisation_admin(desk.session.get(Organisation, filer.organisation_id), name="Gijs Gebeld")


def said_by(account, told_):
    return replace(told_, said_by_id=account.id)


def test_a_municipality_that_phones_is_written_down_as_its_own_answer(session, desk, municipal, client_as):
    case, colleague = municipal
    question = ask(desk, case)
    today = nl_day(datetime.now(UTC))
    staff = client_as(desk.triager)
    assert "reactie-opschrijven" in staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    typed = {"channel": "telefoon", "reaction": "antwoord", "body": WORDS, "received_on": today.isoformat()}
    nobody = form(staff, case, **typed)
    assert nobody.status_code == 422 and "Kies de collega die dit liet weten." in nobody.get_data(as_text=True)
    assert form(staff, case, **typed, said_by_id=str(colleague.id)).status_code == 303
    session.refresh(question)
    session.refresh(case)
    assert (question.answered_on, case.status) == (today, CaseStatus.IN_TRIAGE)
    kept = event(session, case, EventKind.SUPPLEMENT_RECEIVED)
    assert (kept.actor_kind, kept.actor_id) == (ActorKind.ACCOUNT, desk.triager.id)
    assert (kept.data["namens"], kept.data["kanaal"], kept.data["gezegd_door"]) == (
        "indiener", "telefoon", colleague.id,
    )  # fmt: skip
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ANSWER_RECEIVED)).one()
    assert (mail.account_id, mail.case_id) == (case.author_id, case.id)
    assert f"Gijs Gebeld gaf dit per telefoon door op {date_in_words(today)}." in mail.body and WORDS in mail.body
    assert session.scalars(
        select(OutboxMail.account_id).where(OutboxMail.kind == MailKind.SUBMITTER_REACTED)
    ).all() == [desk.handler.id]
    page = staff.get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Opgeschreven voor Gijs Gebeld, die dit per telefoon liet weten op" in page
    own = client_as(colleague).get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert "U gaf antwoord (per telefoon, opgeschreven door het loket)" in own and WORDS in own


def test_a_municipality_accepts_and_refuses_a_proposal_by_letter(session, desk, municipal):
    case, colleague = municipal
    proposal = propose(desk, case)
    by_letter = said_by(colleague, told(desk, case, ReplyChannel.LETTER))
    with pytest.raises(DomainError, match="Vul een dag in van"):
        replies.write_down(
            desk.context(desk.handler), case.reference, Reaction.ACCEPT, "",
            replace(by_letter, received_on=nl_day(desk.now) - timedelta(days=3)),
        )  # fmt: skip
    replies.write_down(desk.context(desk.handler), case.reference, Reaction.REFUSE, "Te duur.", by_letter)
    assert (proposal.status, case.status) == (ProposalStatus.REFUSED, CaseStatus.IN_HANDLING)
    with pytest.raises(VersionConflict):
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.ACCEPT, "", by_letter)
    again = said_by(colleague, told(desk, case, ReplyChannel.LETTER))
    with pytest.raises(DomainError):
        replies.write_down(desk.context(desk.handler), case.reference, Reaction.ACCEPT, "", again)
    kinds = select(OutboxMail.kind).where(OutboxMail.case_id == case.id, OutboxMail.account_id == case.author_id)
    assert session.scalars(kinds.order_by(OutboxMail.id.desc())).first() == MailKind.PROPOSAL_REFUSED


def test_only_a_colleague_who_may_answer_can_have_told_it(session, desk, municipal, make, client_as):
    case, colleague = municipal
    organisation = session.get(Organisation, colleague.organisation_id)
    others = [make.member(organisation), make.filer(organisation, is_active=False), make.filer(), desk.handler]
    staff = client_as(desk.handler)
    typed = {"channel": "telefoon", "reaction": "toevoeging", "body": WORDS}
    for other in others:
        with pytest.raises(DomainError) as refused:
            replies.write_down(
                desk.context(desk.handler), case.reference, Reaction.ADD, WORDS, said_by(other, told(desk, case))
            )
        assert refused.value.field == "said_by_id"
        assert form(staff, case, **typed, said_by_id=str(other.id)).status_code == 422
    for nonsense in ("0", "9" * 30, "x", "\x00"):
        assert form(staff, case, **typed, said_by_id=nonsense).status_code == 422
    with pytest.raises(PermissionDenied):
        replies.write_down(
            desk.context(colleague), case.reference, Reaction.ADD, WORDS, said_by(colleague, told(desk, case))
        )
    assert session.scalar(select(func.count()).where(Event.kind == EventKind.ADDITION_RECEIVED)) == 0


def test_nobody_of_an_organisation_told_something_for_a_resident(desk, paper, make):
    with pytest.raises(DomainError, match="geen organisatie"):
        replies.write_down(
            desk.context(desk.handler), paper.reference, Reaction.ADD, WORDS, said_by(make.filer(), told(desk, paper))
        )


def test_an_organisation_without_an_account_cannot_be_written_down_for(session, desk, make, client_as):
    case = make.case(organisation_id=make.organisation().id, handler_id=desk.handler.id)
    path = f"/zaken/{case.reference}/reactie-opschrijven"
    staff = client_as(desk.handler)
    page = staff.get(path).get_data(as_text=True)
    assert "heeft geen account meer dat voor haar mag antwoorden" in page and "<textarea" not in page
    typed = {"channel": "telefoon", "reaction": "toevoeging", "body": WORDS, "version": str(case.version)}
    assert staff.post(path, data=typed).status_code == 422


@pytest.mark.parametrize("reaction", [Reaction.ANSWER, Reaction.ACCEPT, Reaction.REFUSE, Reaction.OBJECT])
def test_a_reaction_to_what_was_not_asked_changes_nothing(session, desk, paper, reaction):
    events = select(func.count()).select_from(Event).where(Event.case_id == paper.id)
    before = session.scalar(events)
    with pytest.raises(DomainError):
        replies.write_down(desk.context(desk.handler), paper.reference, reaction, WORDS, told(desk, paper))
    assert session.scalar(events) == before
    assert session.get_one(Case, paper.id).status is CaseStatus.IN_TRIAGE


def test_only_who_handles_cases_writes_down(desk, paper):
    reviewer = desk.context(desk.reviewer)
    with pytest.raises(PermissionDenied):
        replies.write_down(reviewer, paper.reference, Reaction.ADD, WORDS, told(desk, paper))
    with pytest.raises((PermissionDenied, NotFound)):
        replies.write_down(desk.follower(paper), paper.reference, Reaction.ADD, WORDS, told(desk, paper))


def test_the_desk_never_withdraws_for_the_submitter(desk, paper):
    assert {step.name for step in TRANSITIONS if step.on_behalf} == {
        EventKind.SUPPLEMENT_RECEIVED, EventKind.PROPOSAL_REFUSED, EventKind.SECOND_LOOK_ASKED,
    }  # fmt: skip
    assert all(step.party is Party.SUBMITTER for step in TRANSITIONS if step.on_behalf)
    assert all(step.on_behalf in (None, Permission.HANDLE_CASE) for step in TRANSITIONS)
    with pytest.raises(PermissionDenied, match="alleen de indiener zelf"):
        _ = WITHDRAW.permission_on_behalf
    for account in (desk.handler, desk.triager, desk.reviewer, desk.make.head_of_desk()):
        with pytest.raises(PermissionDenied):
            submitter.withdraw(desk.context(account), paper.reference, "", erase_contact=False)


def test_what_is_missing_is_said_at_once_and_an_accepted_proposal_needs_no_words(desk, paper, client_as):
    staff = client_as(desk.handler)
    empty = form(staff, paper, reaction="toevoeging")
    assert empty.status_code == 422
    page = empty.get_data(as_text=True)
    assert "Kies hoe het binnenkwam." in page and "Schrijf op wat de indiener zei of schreef." in page
    assert "mag dit leeg blijven" not in page
    propose(desk, paper)
    assert "mag dit leeg blijven" in staff.get(f"/zaken/{paper.reference}/reactie-opschrijven").get_data(as_text=True)
    assert form(staff, paper, channel="balie", reaction="voorstel_helpt").status_code == 303


@pytest.mark.parametrize(
    "field",
    [{"received_on": "99999-01-01"}, {"received_on": "1899-01-01"}, {"reaction": "intrekken"}, {"channel": "duif"},
     {"body": "a\0b"}, {"body": "x" * 10_001}, {"version": "9" * 30}],
)  # fmt: skip
def test_what_no_form_sends_is_refused(desk, paper, client_as, field):
    ask(desk, paper)
    staff = client_as(desk.handler)
    typed = {"channel": "telefoon", "reaction": "antwoord", "body": WORDS, **field}
    assert form(staff, paper, **typed).status_code in (409, 422)
