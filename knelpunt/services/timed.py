"""What happens by the calendar: reminders, terms that lapse, and data whose time is over.

A timer only states what is a fact: that no answer came, never that one did.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Select, delete, select

from knelpunt.domain import workflow as steps
from knelpunt.domain.bottlenecks import NEWS_WARNED_BEFORE
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.timezone import nl_day
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus
from knelpunt.domain.working_days import reminder_days
from knelpunt.models import Bottleneck, Case, Contact, Draft, Message, Proposal
from knelpunt.queries import cases, handling, letters
from knelpunt.services import bottleneck_mail, guide_timers, messages
from knelpunt.services.act import Act
from knelpunt.services.following import BOTTLENECKS, GUIDES
from knelpunt.services.mail_texts.accounts import draft_warning
from knelpunt.services.submitter import erase_contact_data, resume_from_supplement

DRAFT_WARNED_AFTER = timedelta(days=60)
DRAFT_PURGED_AFTER = timedelta(days=90)


def run_due(act: Act, commit: Callable[[], None]) -> int:
    """Do everything that is due now; the number of things that were looked at.

    Each thing is done in a transaction of its own, so that a worker that is killed leaves nothing half-done; every
    handler looks again after it has the lock, so that a second worker finds nothing left.

    Args:
        commit: called after each thing; ends its transaction.
    """
    work: tuple[tuple[Callable[[Act], Select[int]], Callable[[Act, int], None]], ...] = (
        (_lapsed_questions, _lapse_question),
        (_open_questions, _remind_of_question),
        (_lapsed_proposals, _tell_proposal_lapsed),
        (_contacts_to_erase, _erase_contact),
        (_drafts_to_warn, _warn_about_draft),
        (_drafts_to_purge, _purge_draft),
        (guide_timers.due_guides, guide_timers.ask_recheck_when_due),
        (guide_timers.due_claims, guide_timers.ask_about_claim),
        (GUIDES.ended, GUIDES.end),
        (BOTTLENECKS.ended, BOTTLENECKS.end),
        (_bottlenecks_owing_news, _remind_owner),
    )
    done = 0
    for find, handle in work:
        ids = act.session.scalars(find(act)).all()
        commit()
        for row_id in ids:
            handle(act, row_id)
            commit()
        done += len(ids)
    return done


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
        )
        .order_by(Message.id)
    )


def _lapsed_questions(act: Act) -> Select[int]:
    return _open_question_ids().where(Message.answer_by < act.today)


def _open_questions(act: Act) -> Select[int]:
    return _open_question_ids().where(Message.answer_by >= act.today)


def _lapse_question(act: Act, message_id: int) -> None:
    """Step 5, on lapse: the clocks ran again from the day after the term ended."""
    question, case = _locked_question(act, message_id)
    answer_by = question.answer_by
    if question.answered_on is not None or question.lapsed_on is not None or answer_by is None:
        return
    question.lapsed_on = answer_by
    resume_from_supplement(act, case, steps.SUPPLEMENT_LAPSED, data={"vraag": question.id}, resumes_on=answer_by)
    messages.notify_submitter(
        act,
        case,
        MailKind.NO_REACTION,
        once_key=f"geen-reactie:{question.id}",
        answer_by=answer_by,
        next_date=case.due_on,
    )


def _remind_of_question(act: Act, message_id: int) -> None:
    """Remind half-way and two days before the end, each once; a reminder that was missed goes out with the next run."""
    question, case = _locked_question(act, message_id)
    if question.answered_on is not None or question.answer_by is None:
        return
    passed = [day for day in reminder_days(nl_day(question.written_at), question.answer_by) if day <= act.today]
    if not passed:
        return
    is_last = (question.answer_by - passed[-1]).days <= 2
    messages.notify_submitter(
        act,
        case,
        MailKind.REMINDER_LAST if is_last else MailKind.REMINDER_HALFWAY,
        once_key=f"herinnering:{question.id}:{passed[-1].isoformat()}",
        question=question.body,
        answer_by=question.answer_by,
    )


def _locked_question(act: Act, message_id: int) -> tuple[Message, Case]:
    question = act.session.get_one(Message, message_id)
    case = cases.get_by_id_for_update(act.session, question.case_id)
    act.session.refresh(question)
    return question, case


def _lapsed_proposals(act: Act) -> Select[int]:
    return (
        select(Case.id)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(
            Case.status == CaseStatus.PROPOSED,
            Case.due_on < act.today,
            Proposal.status == ProposalStatus.SENT,
            ~letters.unsent(Case.id, MailKind.PROPOSAL),
        )
        .order_by(Case.id)
    )


def _tell_proposal_lapsed(act: Act, case_id: int) -> None:
    """Say that the term to react is over. Nothing is decided: a person closes the case, with a second one."""
    case = cases.get_by_id_for_update(act.session, case_id)
    proposal = handling.latest_proposal(act.session, case_id)
    if proposal is None or proposal.status is not ProposalStatus.SENT or case.due_on is None:
        return
    messages.notify_submitter(
        act,
        case,
        MailKind.PROPOSAL_LAPSED,
        once_key=f"voorstel-geen-reactie:{proposal.id}",
        react_by=case.due_on,
    )


def _contacts_to_erase(act: Act) -> Select[int]:
    return (
        select(Contact.case_id)
        .where(Contact.ends_on < act.today, Contact.erased_at.is_(None))
        .order_by(Contact.case_id)
    )


def _erase_contact(act: Act, case_id: int) -> None:
    case = cases.get_by_id_for_update(act.session, case_id)
    contact = act.session.get_one(Contact, case_id, populate_existing=True)
    if contact.erased_at is None:
        erase_contact_data(act, case, contact)


def _drafts_to_warn(act: Act) -> Select[int]:
    return (
        select(Draft.id)
        .where(Draft.updated_at < act.now - DRAFT_WARNED_AFTER, Draft.warned_at.is_(None))
        .order_by(Draft.id)
    )


def _warn_about_draft(act: Act, draft_id: int) -> None:
    """Warn a citizen who left an address; colleagues of an organisation see it in their list of drafts."""
    draft = act.session.get(Draft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.warned_at is not None:
        return
    updated_at = draft.updated_at
    draft.warned_at = act.now
    address = draft.data.get("contact_email", "")
    if draft.organisation_id is None and messages.is_address(address):
        messages.queue_text(
            act,
            MailKind.DRAFT_WARNING,
            address,
            draft_warning(
                url=act.links.to(f"{prefix_of(draft.language)}/melden/{draft.key}"),
                purge_on=nl_day(updated_at + DRAFT_PURGED_AFTER),
            ),
            once_key=f"concept:{draft.id}:{updated_at.isoformat()}",
            language=draft.language,
        )


def _drafts_to_purge(act: Act) -> Select[int]:
    return select(Draft.id).where(Draft.updated_at < act.now - DRAFT_PURGED_AFTER).order_by(Draft.id)


def _purge_draft(act: Act, draft_id: int) -> None:
    act.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.updated_at < act.now - DRAFT_PURGED_AFTER))


def _bottlenecks_owing_news(act: Act) -> Select[int]:
    return (
        select(Bottleneck.id)
        .where(Bottleneck.news_due_on <= act.today + NEWS_WARNED_BEFORE, Bottleneck.owner_id.is_not(None))
        .order_by(Bottleneck.id)
    )


def _remind_owner(act: Act, bottleneck_id: int) -> None:
    """Ask the owner for news before clock K7 ends; once for each end of the clock."""
    bottleneck_mail.remind_owner(act, act.session.get_one(Bottleneck, bottleneck_id, populate_existing=True))
