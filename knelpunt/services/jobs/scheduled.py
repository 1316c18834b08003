"""What happens by the calendar: reminders, terms that lapse, and data whose time is over.

A timer only states what is a fact: that no answer came, never that one did.
"""

from collections.abc import Callable
from functools import partial

from sqlalchemy import Select, delete, select

from knelpunt.domain.bottlenecks import NEWS_WARNED_BEFORE
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import reminder_days
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind, ProposalStatus
from knelpunt.models import Bottleneck, Case, ClockPeriod, Contact, Draft, Message, Proposal
from knelpunt.queries.cases import letters
from knelpunt.queries.core import cases
from knelpunt.queries.post import incoming
from knelpunt.services.accounts import mergers
from knelpunt.services.accounts.identity import clients
from knelpunt.services.alerts import topics
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks import redaction as bottleneck_names
from knelpunt.services.cases import resolution
from knelpunt.services.cases.mail_texts import steps as texts
from knelpunt.services.collaboration import notifications
from knelpunt.services.consultations import timers as consultation_timers
from knelpunt.services.core import clocks, due, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import draft_terms
from knelpunt.services.filing.mail_texts import draft_warning
from knelpunt.services.guides import timers as guide_timers
from knelpunt.services.guides.following import BOTTLENECKS, GUIDES, TOPICS
from knelpunt.services.jobs import reminders
from knelpunt.services.mail import messages, subscriptions
from knelpunt.services.post import digests
from knelpunt.services.privacy import answers as privacy_answers
from knelpunt.services.privacy import erasing
from knelpunt.services.quarters import commitments
from knelpunt.services.quarters import timers as quarter_timers
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import aftercare
from knelpunt.services.submitters.reactions import erase_contact_data, resume_from_supplement


def run_due(context: Context, commit: Callable[[], None], go_on: Callable[[], bool] = lambda: True) -> int:
    """Do everything that is due now, as ``due.carry_out`` does; the number of things that were looked at.

    A worker that is killed leaves nothing half-done; every handler looks again after it has the lock, so that a second
    worker finds nothing left.
    """
    work: due.Work = (
        (mergers.due, mergers.carry_out),
        (_lapsed_questions, _lapse_question),
        (_open_questions, _remind_of_question),
        (_lapsed_proposals, _end_time_to_react),
        (reminders.late_clocks, reminders.tell_of_late_clock),
        (reminders.lying_letters, reminders.tell_of_letter),
        (reminders.asking_mails, reminders.tell_of_asking_mail),
        (reminders.open_proposals, reminders.remind_of_proposal),
        (reminders.open_previews, reminders.remind_of_preview),
        (reminders.ended_previews, reminders.tell_preview_over),
        (reminders.waiting_objections, reminders.tell_of_objection),
        (reminders.open_offers, reminders.remind_of_offer),
        (offers.unanswered, offers.bring_back),
        (consultation_timers.silent, consultation_timers.raise_to_head),
        (consultation_timers.due_reminders, consultation_timers.remind),
        (consultation_timers.boxes, consultation_timers.send_list),
        (quarter_timers.open_requests, quarter_timers.remind),
        (quarter_timers.due_days, quarter_timers.remind_of_day),
        (quarter_timers.due_commitments, quarter_timers.remind_of_commitment),
        (aftercare.due_questions, aftercare.ask_when_due),
        (_contest_windows_over, _end_contest_window),
        (_contacts_to_erase, _erase_contact),
        (privacy_answers.delivered, privacy_answers.note_delivered),
        (privacy_answers.waiting, privacy_answers.remind),
        (privacy_answers.to_forget, privacy_answers.forget),
        (erasing.closed_accounts, erasing.empty_when_closed),
        (clients.ending, clients.warn),
        (subscriptions.unmanaged, subscriptions.warn_unmanaged),
        (subscriptions.orphans, subscriptions.end_orphan),
        (_drafts_to_warn, _warn_about_draft),
        (_drafts_to_purge, _purge_draft),
        (guide_timers.due_guides, guide_timers.ask_recheck_when_due),
        (guide_timers.due_claims, guide_timers.ask_about_claim),
        (guide_timers.open_claims, guide_timers.ask_again_about_claim),
        (digests.due, digests.send),
        (GUIDES.ended, GUIDES.end),
        (BOTTLENECKS.ended, BOTTLENECKS.end),
        (TOPICS.ended, TOPICS.end),
        (_bottlenecks_owing_news, _remind_owner),
        (bottleneck_names.to_look_at, bottleneck_names.look_again),
        (commitments.to_look_at, commitments.look_again),
        (reminders.bottlenecks_of_nobody, reminders.tell_heads_of_bottleneck),
        (reminders.cases_waiting_long, reminders.tell_of_waiting_cases),
        (notifications.due_tasks, notifications.tell_due),
        (notifications.due_digests, notifications.send_digest),
        # The longest work, for whom an hour matters least, keeps nothing behind it waiting.
        (topics.due, partial(topics.tell, found={})),
    )
    return due.carry_out(context, work, commit, go_on)


def _open_question_ids() -> Select[int]:
    return (
        select(Message.id)
        .join(Case, Case.id == Message.case_id)
        .where(
            Message.kind == MessageKind.QUESTION,
            Message.answered_on.is_(None),
            Message.lapsed_on.is_(None),
            Case.status == CaseStatus.AWAITING_SUPPLEMENT,
            ~letters.unsent(Message.case_id, MailKind.QUESTION),
            ~incoming.asks_handler(Message.case_id),
        )
        .order_by(Message.id)
    )


def _lapsed_questions(context: Context) -> Select[int]:
    return _open_question_ids().where(Message.answer_by < context.today)


def _open_questions(context: Context) -> Select[int]:
    return _open_question_ids().where(Message.answer_by >= context.today)


def _lapse_question(context: Context, message_id: int) -> None:
    """Step 5, on lapse: the clocks ran again from the day after the term ended."""
    question, case = _locked_question(context, message_id)
    answer_by = question.answer_by
    still = context.session.scalar(_lapsed_questions(context).where(Message.id == message_id))
    if still is None or answer_by is None:
        return
    question.lapsed_on = answer_by
    resume_from_supplement(context, case, steps.SUPPLEMENT_LAPSED, data={"vraag": question.id}, resumes_on=answer_by)
    messages.notify_submitter(
        context,
        case,
        texts.no_reaction(answer_by=answer_by, next_date=case.due_on),
        once_key=f"geen-reactie:{question.id}",
    )


def _remind_of_question(context: Context, message_id: int) -> None:
    """Remind half-way and two days before the end, each once; a reminder that was missed goes out with the next run.
    Half-way of the time that the submitter has: of a letter, from the day on which it was posted."""
    question, case = _locked_question(context, message_id)
    still = context.session.scalar(_open_questions(context).where(Message.id == message_id))
    if still is None or question.answer_by is None:
        return
    asked_on = letters.reached_on(context.session, case.id, MailKind.QUESTION, nl_day(question.written_at))
    passed = [day for day in reminder_days(asked_on, question.answer_by) if day <= context.today]
    if not passed:
        return
    is_last = (question.answer_by - passed[-1]).days <= 2
    reminder = texts.reminder_last if is_last else texts.reminder_halfway
    messages.notify_submitter(
        context,
        case,
        reminder(question=question.body, answer_by=question.answer_by),
        once_key=f"herinnering:{question.id}:{passed[-1].isoformat()}",
    )


def _locked_question(context: Context, message_id: int) -> tuple[Message, Case]:
    question = context.session.get_one(Message, message_id)
    case = cases.get_by_id_for_update(context.session, question.case_id)
    context.session.refresh(question)
    return question, case


def _lapsed_proposals(context: Context) -> Select[int]:
    return (
        select(Case.id)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(
            Case.status == CaseStatus.PROPOSED,
            Case.due_clock == Clock.K5,
            Case.due_on < context.today,
            Proposal.status == ProposalStatus.SENT,
            ~letters.unsent(Case.id, MailKind.PROPOSAL),
            ~incoming.asks_handler(Case.id),
        )
        .order_by(Case.id)
    )


def _end_time_to_react(context: Context, case_id: int) -> None:
    """The term to react is over, and the desk hears that it is to decide. Looks again at all of it behind the lock: a
    mail may have come in since."""
    case = cases.get_by_id_for_update(context.session, case_id)
    if context.session.scalar(_lapsed_proposals(context).where(Case.id == case_id)) is None:
        return
    proposal = resolution.end_time_to_react(context, case)
    if proposal is not None:
        reminders.tell_desk_of_silence(context, case, proposal)


def _contest_windows_over(context: Context) -> Select[int]:
    """Runs of clock K6 whose last day is over, but for cases of which the letter that tells it still lies here."""
    return (
        select(ClockPeriod.id)
        .join(Case, Case.id == ClockPeriod.case_id)
        .where(
            ClockPeriod.clock == Clock.K6,
            ClockPeriod.stopped_on.is_(None),
            ClockPeriod.due_on < context.today,
            Case.status == CaseStatus.CLOSED,
            ~letters.unsent(Case.id, MailKind.CLOSED),
            ~letters.unsent(Case.id, MailKind.SECOND_LOOK_OUTCOME),
        )
        .order_by(ClockPeriod.id)
    )


def _end_contest_window(context: Context, period_id: int) -> None:
    """The time to ask for a second look went by: clock K6 stopped on its last day."""
    period = context.session.get_one(ClockPeriod, period_id)
    case = cases.get_by_id_for_update(context.session, period.case_id)
    context.session.refresh(period)
    if period.stopped_on is not None or period.due_on is None or period.due_on >= context.today:
        return
    effects = clocks.stop(context, case, Clock.K6, on=period.due_on, only=period.id)
    events.record(context, EventKind.CONTEST_ENDED, case=case, data={"klokken": effects})


def _contacts_to_erase(context: Context) -> Select[int]:
    return (
        select(Contact.case_id)
        .where(Contact.ends_on < context.today, Contact.erased_at.is_(None))
        .order_by(Contact.case_id)
    )


def _erase_contact(context: Context, case_id: int) -> None:
    case = cases.get_by_id_for_update(context.session, case_id)
    contact = context.session.get_one(Contact, case_id, populate_existing=True)
    if contact.erased_at is None:
        erase_contact_data(context, case, contact)


def _drafts_to_warn(context: Context) -> Select[int]:
    return (
        select(Draft.id)
        .where(draft_terms.is_older_than(context, draft_terms.WARNED), Draft.warned_at.is_(None))
        .order_by(Draft.id)
    )


def _warn_about_draft(context: Context, draft_id: int) -> None:
    """Warn a citizen who left an address; colleagues of an organisation see it in their list of drafts."""
    draft = context.session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.warned_at is not None:
        return
    updated_at = draft.updated_at
    draft.warned_at = context.now
    address = draft.data.get("contact_email", "")
    if draft.organisation_id is None and messages.is_address(address):
        messages.queue_text(
            context,
            MailKind.DRAFT_WARNING,
            address,
            draft_warning(
                url=context.links.to(f"{prefix_of(draft.language)}/melden/{draft.key}"),
                purge_on=draft_terms.purge_day(context.session, updated_at),
            ),
            once_key=f"concept:{draft.id}:{updated_at.isoformat()}",
            language=draft.language,
        )


def _drafts_to_purge(context: Context) -> Select[int]:
    return select(Draft.id).where(draft_terms.is_older_than(context, draft_terms.PURGED)).order_by(Draft.id)


def _purge_draft(context: Context, draft_id: int) -> None:
    context.session.execute(
        delete(Draft).where(Draft.id == draft_id, draft_terms.is_older_than(context, draft_terms.PURGED))
    )


def _bottlenecks_owing_news(context: Context) -> Select[int]:
    return (
        select(Bottleneck.id)
        .where(Bottleneck.news_due_on <= context.today + NEWS_WARNED_BEFORE, Bottleneck.owner_id.is_not(None))
        .order_by(Bottleneck.id)
    )


def _remind_owner(context: Context, bottleneck_id: int) -> None:
    """Ask the owner for news before clock K7 ends; once for each end of the clock."""
    bottleneck_mail.remind_owner(context, context.session.get_one(Bottleneck, bottleneck_id, populate_existing=True))
