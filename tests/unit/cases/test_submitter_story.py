"""The story that a submitter reads: complete over every list, honest about dates, silent about the inside."""

from datetime import UTC, date, datetime, timedelta

import pytest

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.event_words import EVENTS, TOLD_TO_SUBMITTER
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    EventKind,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    Theme,
    Verdict,
)
from knelpunt.queries.cases.submitter_rows import (
    CaseFacts,
    ClockRow,
    FileRow,
    MessageRow,
    ProposalRow,
    StoryEvent,
    SubmitterPage,
    TextRow,
)
from knelpunt.web.cases import participation, timeline

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
INSIDE = {
    EventKind.IMPORT_UNDONE,
    EventKind.CONSULTATION_HANDED_ON,
    EventKind.CONSULTATION_FILE_ADDED,
    EventKind.MORE_TIME_ASKED,
    EventKind.MORE_TIME_DECIDED,
    EventKind.CONSULTATION_RAISED,
    EventKind.MINISTRIES_DISAGREED,
    EventKind.DISAGREEMENT_DECIDED,
    EventKind.BOTTLENECK_LINKED,
    EventKind.BOTTLENECK_UNLINKED,
    EventKind.BOTTLENECK_LINK_DECIDED,
    EventKind.LAW_CHANGE_NOTED,
    EventKind.CASE_LINKED,
    EventKind.CASE_UNLINKED,
    EventKind.CASE_SPLIT,
    EventKind.HANDLER_ASSIGNED,
    EventKind.LABEL_ADDED,
    EventKind.LABEL_REMOVED,
    EventKind.PRIORITY_SET,
    EventKind.SCOPE_ANSWERED,
    EventKind.PROVISION_LINKED,
    EventKind.PROVISION_UNLINKED,
    EventKind.SUGGESTION_CONFIRMED,
    EventKind.SUGGESTION_REFUSED,
    EventKind.SUGGESTION_RESTORED,
    EventKind.REVIEW_REQUESTED,
    EventKind.REVIEW_APPROVED,
    EventKind.REVIEW_RETURNED,
    EventKind.REVIEW_CANCELLED,
    EventKind.CONTEST_ENDED,
    EventKind.AFTERCARE_SKIPPED,
    EventKind.MAIL_IS_NO_ANSWER,
    EventKind.MAIL_FAILED,
    EventKind.FAILURE_SETTLED,
    EventKind.ADDRESS_GONE,
    EventKind.ADDRESS_USED_AGAIN,
    EventKind.DISPOSAL_HELD,
    EventKind.CASE_HELD,
    EventKind.HOLD_LIFTED,
    EventKind.DISPOSAL_LISTED,
    EventKind.RETENTION_CHOSEN,
    EventKind.RETENTION_SET,
    EventKind.TASK_ADDED,
    EventKind.TASK_CHANGED,
    EventKind.TASK_DONE,
    EventKind.TASK_REOPENED,
    EventKind.NOTE_ADDED,
    EventKind.CONTACT_OPENED,
    EventKind.PUBLIC_TEXT_SAVED,
}


def case(**columns):
    values = dict.fromkeys(CaseFacts.__slots__)
    values |= {
        "id": 1,
        "reference": "KNP-2026-00001",
        "status": CaseStatus.SUBMITTED,
        "verdict": Verdict.UNDECIDED,
        "publication": PublicationStatus.INTERNAL,
        "title": "Proef",
        "description": "Proef",
        "theme": Theme.OTHER,
        "law_date": TODAY,
        "filed_at": NOW,
        "filed_on": TODAY,
        "may_share": False,
        "may_publish": False,
        "got_no_reaction": False,
    }
    return CaseFacts(**{**values, **columns})


def page(facts=None, **parts):
    values = {
        "case": facts or case(),
        "handler": None,
        "author": None,
        "published_on": None,
        "is_reachable": True,
        "is_address_verified": True,
        "has_contact": True,
        "mail_choice": MailChoice.ALL,
        "events": (),
        "messages": (),
        "proposals": (),
        "all_files": (),
        "clocks": (),
        "public_text": None,
    }
    return SubmitterPage(**{**values, **parts})


@pytest.mark.parametrize(
    ("organisation", "parts", "is_participant", "ending"),
    [
        (None, {}, False, "U krijgt een mail met de reden en de volgende stap."),
        (
            5,
            {"is_reachable": False, "has_contact": False},
            False,
            "U krijgt een mail met de reden en de volgende stap.",
        ),
        (None, {"is_reachable": False}, False, "U hoort de reden en de volgende stap per brief of telefoon."),
        (None, {"is_reachable": False, "has_contact": False}, False, "U leest hier de reden en de volgende stap."),
        (5, {}, True, "U leest hier de reden en de volgende stap."),
    ],
)
def test_the_way_says_how_its_end_is_told_for_this_case(organisation, parts, is_participant, ending):
    open_case, closed = case(organisation_id=organisation), case(status=CaseStatus.CLOSED, closed_on=TODAY)
    assert timeline.progress(page(open_case, **parts), is_participant=is_participant)[-1] == (
        "Afgesloten",
        "todo",
        ending,
    )
    assert timeline.progress(page(closed, **parts))[-1] == ("Afgesloten", "now", "dinsdag 24 november 2026")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (ProposalStatus.SENT, "U leest ons voorstel, en zegt of het helpt."),
        (ProposalStatus.ACCEPTED, "U nam ons voorstel aan."),
        (ProposalStatus.LAPSED, "Wij kregen geen reactie op ons voorstel."),
    ],
)
def test_the_way_does_not_ask_again_what_was_answered(status, says):
    proposed = case(status=CaseStatus.PROPOSED)
    steps = timeline.progress(page(proposed, proposals=(proposal(status),), events=(event(EventKind.PROPOSED),)))
    assert steps[3] == ("Voorstel", "now", f"Sinds dinsdag 24 november 2026. {says}")


def event(kind, number=1, by_submitter=True, **data):
    return StoryEvent(number, NOW, TODAY, kind, ActorKind.SUBMITTER_LINK, data, by_submitter)


def proposal(status=ProposalStatus.SENT, **columns):
    values = {"id": 7, "text": "Vraag een vergunning aan.", "legal_basis": "Ow", "legal_date": TODAY, "conditions": "",
              "who_acts": "U", "act_by": TODAY, "status": status, "sent_on": TODAY, "reacted_on": None,
              "reaction": None}  # fmt: skip
    return ProposalRow(**{**values, **columns})


def question(**columns):
    values = {"id": 3, "kind": MessageKind.QUESTION, "from_desk": True, "body": "Welk plan?", "why": None,
              "answer_by": date(2026, 12, 8), "answered_on": None, "lapsed_on": None, "written_at": NOW}  # fmt: skip
    return MessageRow(**{**values, **columns})


def test_every_act_is_told_or_belongs_to_the_desk():
    assert set(EVENTS) == set(EventKind)
    assert set(EventKind) - TOLD_TO_SUBMITTER == INSIDE


@pytest.mark.parametrize("kind", sorted(TOLD_TO_SUBMITTER))
def test_every_act_has_its_words(kind):
    entries = timeline.entries(page(events=(event(kind),)))
    assert [each.title for each in entries] == [EVENTS[kind].submitter]


@pytest.mark.parametrize("status", [each for each in CaseStatus if each is not CaseStatus.DRAFT])
def test_every_state_has_a_place_and_a_turn(status):
    shown = page(case(status=status, status_before_supplement="in_triage", due_on=TODAY))
    assert [state for _, state, _ in timeline.progress(shown)].count("now") == 1
    assert timeline.turn(shown, TODAY).who in {timeline.YOU, timeline.DESK, timeline.OVER}


def test_a_promise_is_told_with_its_date_and_a_broken_one_as_broken():
    kept = timeline.turn(page(case(due_on=TODAY)), TODAY)
    assert kept.lines == ("Een medewerker reageert uiterlijk op dinsdag 24 november 2026.",)
    broken = timeline.turn(page(case(due_on=TODAY - timedelta(days=1))), TODAY)
    assert broken.lines[0].startswith("Wij zijn te laat")


def test_while_a_question_is_open_the_submitter_is_at_turn():
    waiting = page(
        case(status=CaseStatus.AWAITING_SUPPLEMENT, status_before_supplement="in_behandeling"), messages=(question(),)
    )
    turn = timeline.turn(waiting, TODAY)
    assert turn.who == timeline.YOU
    assert "dinsdag 8 december 2026" in turn.lines[0]
    assert ("In behandeling", "now", "") in timeline.progress(waiting)


@pytest.mark.parametrize("columns", [{"answered_on": TODAY}, {"lapsed_on": TODAY}])
def test_a_question_that_is_over_is_not_open(columns):
    assert page(messages=(question(**columns),)).open_question is None


@pytest.mark.parametrize(
    ("status", "who"),
    [
        (ProposalStatus.SENT, timeline.YOU),
        (ProposalStatus.ACCEPTED, timeline.DESK),
        (ProposalStatus.LAPSED, timeline.DESK),
    ],
)
def test_after_a_proposal_the_turn_follows_the_reaction(status, who):
    shown = page(case(status=CaseStatus.PROPOSED, due_on=TODAY), proposals=(proposal(status),))
    assert timeline.turn(shown, TODAY).who == who
    assert shown.proposal_waits is (status is ProposalStatus.SENT)


def test_a_closed_case_with_a_text_to_read_asks_for_a_reaction_until_it_was_given():
    closed = case(status=CaseStatus.CLOSED, publication=PublicationStatus.PREVIEW)
    text = TextRow("Titel", "Vraag", "Antwoord", "Volgende stap", None, TODAY, None, 1)
    assert timeline.turn(page(closed, public_text=text), TODAY).who == timeline.YOU
    agreed = TextRow("Titel", "Vraag", "Antwoord", "Volgende stap", None, TODAY, TODAY, 1)
    assert timeline.turn(page(closed, public_text=agreed), TODAY).who == timeline.OVER


def test_each_act_shows_the_words_that_belong_to_it():
    shown = page(
        events=(
            event(EventKind.ADDITION_RECEIVED, 1, bericht=3),
            event(EventKind.PROPOSED, 2, voorstel=7),
            event(EventKind.PROPOSAL_REFUSED, 3, voorstel=7),
            event(EventKind.ATTACHMENT_ADDED, 4, attachment_id=9),
            event(EventKind.ATTACHMENT_ADDED, 5, by_submitter=False, attachment_id=99),
            event(EventKind.MESSAGE_SENT, 6, bericht=404),
        ),
        messages=(question(kind=MessageKind.ADDITION, body="Nieuws"),),
        proposals=(proposal(ProposalStatus.REFUSED, reaction="Te duur"),),
        all_files=(FileRow(9, "plan.pdf", 10, NOW),),
    )
    assert [(each.title, each.text) for each in timeline.entries(shown)] == [
        (EVENTS[EventKind.MESSAGE_SENT].submitter, ""),
        (timeline.FILE_FROM_DESK, ""),
        (EVENTS[EventKind.ATTACHMENT_ADDED].submitter, "plan.pdf"),
        (EVENTS[EventKind.PROPOSAL_REFUSED].submitter, "Te duur"),
        (EVENTS[EventKind.PROPOSED].submitter, "Vraag een vergunning aan."),
        (EVENTS[EventKind.ADDITION_RECEIVED].submitter, "Nieuws"),
    ]


def test_what_was_filed_is_shown_without_empty_answers():
    entries = dict(timeline.facts(page(case(place="Kerkweg", refused_on=date(2026, 9, 1), may_publish=True))))
    assert entries["Plaats"] == "Kerkweg"
    assert entries["Afwijzing of besluit van"] == "dinsdag 1 september 2026"
    assert entries["Een openbare tekst zonder namen"] == "Ja, dat mag"
    assert "Wat zou helpen" not in entries


def test_the_way_says_when_each_step_was_and_what_the_next_ones_bring():
    shown = page(
        case=case(status=CaseStatus.IN_HANDLING),
        events=(
            event(EventKind.FILED, 1),
            event(EventKind.TAKEN_IN, 2),
            event(EventKind.HANDLING_STARTED, 3, by_submitter=False),
        ),
    )
    entries = {words: (state, text) for words, state, text in timeline.progress(shown)}
    assert entries["In beoordeling"] == ("done", "dinsdag 24 november 2026")
    assert entries["In behandeling"] == ("now", "Sinds dinsdag 24 november 2026. Wij zoeken een oplossing.")
    assert entries["Voorstel"] == ("todo", "U leest ons voorstel, en zegt of het helpt.")


def test_a_file_that_was_taken_away_is_told_with_the_reason():
    gone = FileRow(9, "plan.pdf", 10, NOW, NOW, "Er stond een naam in.")
    shown = page(all_files=(gone,), events=(event(EventKind.ATTACHMENT_REMOVED, 4, False, attachment_id=9),))
    (entries,) = timeline.entries(shown)
    assert (entries.title, entries.text) == ("Het loket verwijderde een bestand", "plan.pdf. Er stond een naam in.")
    assert shown.files == ()


@pytest.mark.parametrize(
    ("shown", "title", "line"),
    [
        (
            page(case(status=CaseStatus.AWAITING_SUPPLEMENT), messages=(question(),), lead="Zwolle"),
            "Zwolle is aan zet",
            "Zwolle antwoordt uiterlijk op dinsdag 8 december 2026.",
        ),
        (
            page(case(status=CaseStatus.PROPOSED, due_on=TODAY), proposals=(proposal(),), lead="Zwolle"),
            "Zwolle is aan zet",
            "Zwolle laat uiterlijk op dinsdag 24 november 2026 weten of ons voorstel helpt.",
        ),
        (
            page(case(status=CaseStatus.PROPOSED), proposals=(proposal(ProposalStatus.ACCEPTED),), lead="Zwolle"),
            "Het loket is aan zet",
            "Wij sluiten de melding af. U leest hier hoe.",
        ),
        (
            page(
                case(status=CaseStatus.CLOSED, publication=PublicationStatus.PREVIEW),
                public_text=TextRow("Titel", "Vraag", "Antwoord", "Volgende stap", None, TODAY, None, 1),
                lead="Zwolle",
            ),
            "Zwolle kan reageren op de openbare tekst",
            "De melding is afgesloten. U kunt de tekst hier lezen.",
        ),
        (
            page(case(status=CaseStatus.CLOSED), clocks=(ClockRow(Clock.K6, TODAY),), lead="Zwolle"),
            "De melding is afgesloten",
            "Zwolle kan tot en met dinsdag 24 november 2026 een heroverweging vragen.",
        ),
    ],
)
def test_who_files_along_never_has_a_turn(shown, title, line):
    turn = participation.turn(shown, TODAY)
    assert (turn.title, turn.lines[0]) == (title, line)
    assert turn.who != timeline.YOU


@pytest.mark.parametrize("kind", sorted(TOLD_TO_SUBMITTER))
def test_who_files_along_reads_of_no_act_as_its_own(kind):
    (entries,) = participation.entries(page(events=(event(kind, gemeente=5),), lead="Zwolle"), municipality_id=5)
    about_an_address = {EventKind.ADDRESS_VERIFIED, EventKind.ADDRESS_CHANGE_ASKED, EventKind.ADDRESS_CHANGED,
                        EventKind.ADDRESS_CORRECTED, EventKind.MAIL_CHOSEN}  # fmt: skip
    if kind not in about_an_address:  # those are of a case without an organisation
        assert not {"U", "u", "uw"} & set(entries.title.split())
