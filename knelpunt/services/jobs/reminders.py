"""Reminders before a term of somebody else ends, and word to the desk once it has: no case waits in silence.

Half-way and two days before the end, each once, as for a question; nothing while the letter about it lies here.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, or_, select

from knelpunt.domain.bottlenecks import DECIDED_WITHIN, NEWS_WARNED_BEFORE, OPEN
from knelpunt.domain.calendar import deadlines
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.calendar.working_days import add_working_days, day_longer_ago, reminder_days, working_days_between
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.post.incoming import IncomingStatus
from knelpunt.domain.post.letters import HEADS_TOLD_AFTER, why_not_to_send
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    MessageKind,
    ProposalStatus,
    PublicationStatus,
    ReferralStatus,
)
from knelpunt.models import (
    Account,
    Bottleneck,
    Case,
    ClockPeriod,
    IncomingMail,
    Letter,
    Message,
    Proposal,
    PublicText,
    Referral,
)
from knelpunt.queries.accounts.accounts import active_heads
from knelpunt.queries.bottlenecks import proposals
from knelpunt.queries.cases import handling, letters
from knelpunt.queries.core import cases
from knelpunt.queries.post import incoming
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks import redaction
from knelpunt.services.bottlenecks.mail_texts import late_at_bottleneck, owner_to_name
from knelpunt.services.cases.mail_texts import reminders as texts
from knelpunt.services.core import clocks, notifications
from knelpunt.services.core.context import Context
from knelpunt.services.mail import letters as post
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import CaseMail, MailText
from knelpunt.services.post import incoming as taking_in
from knelpunt.services.referrals import offers
from knelpunt.services.submitters.mail_texts import submitter_reacted

LAST_DAYS = timedelta(days=2)
"""From so long before the end a reminder is the last one."""
OF_THE_DESK = frozenset({Clock.K1, Clock.K2, Clock.K4, Clock.K8, Clock.CLOSING})
"""Clocks that the desk itself has to keep."""
LYING_TOLD_WITHIN = timedelta(days=30)
TOLD_AGAIN_AFTER = 10
"""Working days after which what a mail holds is told again."""
TOLD_WITHIN = timedelta(days=7)
"""A worker that was away for longer does not tell any more that a clock went by; the page of the head does."""


@dataclass(frozen=True, slots=True)
class Term:
    """What somebody was asked, and when it reached them: the days are legal days (Europe/Amsterdam)."""

    key: str
    began: date
    ends: date


def _passed(context: Context, term: Term) -> date | None:
    """The day of the last reminder that is due by now; one that was missed goes out with the next run."""
    days = [day for day in reminder_days(term.began, term.ends) if day <= context.today]
    return days[-1] if days and context.today <= term.ends else None


def _remind(context: Context, case: Case, term: Term, waits_for: texts.WaitsFor) -> None:
    day = _passed(context, term)
    if day is None:
        return
    is_last = term.ends - day <= LAST_DAYS
    moment = term.ends.isoformat() if is_last else "halverwege"
    messages.notify_submitter(
        context,
        case,
        texts.reaction_reminder(waits_for=waits_for, until=term.ends, is_last=is_last),
        once_key=f"{post.REMINDS}{term.key}:{moment}",
    )


# --- a term of the desk


def late_clocks(context: Context) -> Select[int]:
    """Runs of a clock of the desk that went past their last day in the last week."""
    return (
        select(ClockPeriod.id)
        .where(
            ClockPeriod.clock.in_(sorted(OF_THE_DESK)),
            ClockPeriod.stopped_on.is_(None),
            ClockPeriod.due_on.between(context.today - TOLD_WITHIN, context.today - timedelta(days=1)),
        )
        .order_by(ClockPeriod.id)
    )


def tell_of_late_clock(context: Context, period_id: int) -> None:
    """Who handles the case, or stands in, and each head of desk hear once that a term went by."""
    case_id = context.session.scalars(select(ClockPeriod.case_id).where(ClockPeriod.id == period_id)).one()
    case = cases.get_by_id_for_update(context.session, case_id)
    run = context.session.get_one(ClockPeriod, period_id, populate_existing=True)
    if run.stopped_on is not None or run.due_on is None or run.due_on >= context.today:
        return
    mail = texts.clock_over(clock=run.clock, due_on=run.due_on)
    key = f"loket-te-laat:{run.id}:{run.due_on.isoformat()}"
    told = _tell_handler(context, case, mail, f"{key}:behandelaar")
    messages.notify_heads(context, case, mail, but=told, once_key=key)


# --- a message on paper or by telephone, and a mail that may be the answer


def lying_letters(context: Context) -> Select[int]:
    """Messages of the last weeks that somebody should have sent some working days ago."""
    return letters.lying(context.today, context.today - LYING_TOLD_WITHIN)


def tell_of_letter(context: Context, letter_id: int) -> None:
    """Who handles the case hears once that a message lies here yet; each head of desk does some days later, or at once
    where nobody handles it."""
    case_id = context.session.scalars(select(Letter.case_id).where(Letter.id == letter_id)).one()
    case = cases.get_by_id_for_update(context.session, case_id)
    letter = context.session.get_one(Letter, letter_id, populate_existing=True)
    if letter.sent_on is not None or why_not_to_send(letter.body, letter.dropped_at):
        return
    written_on = nl_day(letter.written_at)
    mail = texts.letter_lies(kind=MailKind(letter.kind), written_on=written_on)
    _raise(context, case, mail, written_on, once_key=f"brief-ligt:{letter.id}")


def asking_mails(context: Context) -> Select[int]:
    """Mails that may be the answer a case waits for, and of which nobody said so for some days."""
    return incoming.asking_long(context.today)


def tell_of_asking_mail(context: Context, mail_id: int) -> None:
    """The same for a mail that holds a term until somebody says whether it is the answer; and again every two weeks,
    since no clock tells of what is held."""
    case_id = context.session.scalars(select(IncomingMail.case_id).where(IncomingMail.id == mail_id)).one()
    if case_id is None:
        return
    case = cases.get_by_id_for_update(context.session, case_id)
    row = context.session.get_one(IncomingMail, mail_id, populate_existing=True)
    if not row.asks_handler:
        return
    if case.status not in OPEN_STATUSES and not taking_in.is_something_open(context, case, row.arrived_at):
        row.asks_handler = False  # the case is over, and waits for no answer any more
        return
    is_in_case = row.status is not IncomingStatus.WAITING
    mail = texts.mail_asks(arrived_on=nl_day(row.arrived_at), is_in_case=is_in_case)
    since = nl_day(row.decided_at or row.arrived_at)
    times = working_days_between(since, context.today) // TOLD_AGAIN_AFTER
    key = f"mail-vraagt:{row.id}{'' if is_in_case else ':wacht'}"
    _raise(context, case, mail, since, once_key=f"{key}:{times}" if times else key)


def _raise(context: Context, case: Case, mail: CaseMail, since: date, *, once_key: str) -> None:
    told = _tell_handler(context, case, mail, f"{once_key}:behandelaar")
    if not told or add_working_days(since, HEADS_TOLD_AFTER) < context.today:
        messages.notify_heads(context, case, mail, but=told, once_key=once_key)


def _tell_handler(context: Context, case: Case, mail: CaseMail, once_key: str) -> tuple[int, ...]:
    """Tell who handles a case, or stands in today, once; who was told, also where another stands in by now."""
    told = notifications.told(context, case, once_key)
    if told or case.handler_id is None:
        return told
    messages.notify_colleague(context, case, mail, case.handler_id, once_key=once_key)
    return notifications.told(context, case, once_key)


# --- a proposal


def open_proposals(context: Context) -> Select[int]:
    """Cases with a proposal to which the submitter did not react yet."""
    return (
        select(Case.id)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(
            Case.status == CaseStatus.PROPOSED,
            Case.due_clock == Clock.K5,
            Case.due_on >= context.today,
            Proposal.status == ProposalStatus.SENT,
            ~letters.unsent(Case.id, MailKind.PROPOSAL),
            ~incoming.asks_handler(Case.id),
        )
        .order_by(Case.id)
    )


def remind_of_proposal(context: Context, case_id: int) -> None:
    """Not while the term stands still on request."""
    case = cases.get_by_id_for_update(context.session, case_id)
    if incoming.mail_asks(context.session, case_id):
        return
    proposal = handling.latest_proposal(context.session, case_id)
    run = next((each for each in clocks.running(context.session, case) if each.clock is Clock.K5), None)
    if proposal is None or proposal.status is not ProposalStatus.SENT or run is None or run.due_on is None:
        return
    if not deadlines.is_suspended(clocks.run_of(run), context.today):
        began = letters.reached_on(context.session, case.id, MailKind.PROPOSAL, run.started_on)
        term = Term(f"voorstel:{proposal.id}", began, run.due_on)
        _remind(context, case, term, texts.WaitsFor.PROPOSAL)


def tell_desk_of_silence(context: Context, case: Case, proposal: Proposal) -> None:
    """The time to react to a proposal went by: the handler hears that the desk is to decide, and by when."""
    by = f" De laatste dag om af te sluiten is {date_in_words(case.due_on)}." if case.due_on else ""
    messages.notify_handler(
        context,
        case,
        texts.term_over(
            what="De indiener reageerde niet op het voorstel. De tijd daarvoor is voorbij.",
            next_act=f"Sluit de zaak af, of neem zelf contact op met de indiener.{by}",
        ),
        once_key=f"loket:voorstel-geen-reactie:{proposal.id}",
    )


# --- a public text


def _previews() -> Select[int]:
    return (
        select(PublicText.case_id)
        .join(Case, Case.id == PublicText.case_id)
        .where(
            Case.publication == PublicationStatus.PREVIEW,
            PublicText.agreed_on.is_(None),
            ~letters.unsent(Case.id, MailKind.PREVIEW),
            ~incoming.asks_handler(Case.id),
        )
        .order_by(PublicText.case_id)
    )


def open_previews(context: Context) -> Select[int]:
    """Cases whose text lies before the submitter, who can still object."""
    return _previews().where(PublicText.object_by >= context.today)


def remind_of_preview(context: Context, case_id: int) -> None:
    case, text = _in_preview(context, case_id)
    if text is not None and text.preview_on is not None and text.object_by is not None:
        began = letters.reached_on(context.session, case.id, MailKind.PREVIEW, text.preview_on)
        term = Term(f"inzage:{case.id}:{text.preview_on.isoformat()}", began, text.object_by)
        _remind(context, case, term, texts.WaitsFor.PREVIEW)


def ended_previews(context: Context) -> Select[int]:
    """Cases whose submitter did not object in time."""
    return _previews().where(PublicText.object_by < context.today)


def tell_preview_over(context: Context, case_id: int) -> None:
    """The handler hears that the text may be published now, and some days later each head of desk that nobody did so.
    It is not published by itself."""
    case, text = _in_preview(context, case_id)
    if text is None or text.preview_on is None or text.object_by is None or text.object_by >= context.today:
        return
    mail = texts.term_over(
        what="De indiener maakte geen bezwaar tegen de openbare tekst. De tijd daarvoor is voorbij.",
        next_act="Publiceer de tekst, of stop de inzage.",
    )
    key = f"loket:inzage-voorbij:{case.id}:{text.preview_on.isoformat()}:{text.object_by.isoformat()}"
    told = notifications.told(context, case, key)
    if not told:
        messages.notify_handler(context, case, mail, once_key=key)
        told = notifications.told(context, case, key)
    is_old = context.today - text.object_by > LYING_TOLD_WITHIN
    if not is_old and add_working_days(text.object_by, HEADS_TOLD_AFTER) < context.today:
        messages.notify_heads(context, case, mail, but=told, once_key=f"{key}:hoofd")


def waiting_objections(context: Context) -> Select[int]:
    """Cases of which the submitter objected to the public text in the last weeks, until that is settled."""
    since = start_of_nl_day(context.today - LYING_TOLD_WITHIN)
    said = select(Message.case_id).where(Message.kind == MessageKind.OBJECTION, Message.written_at >= since)
    return select(Case.id).where(handling.objection_waits(), Case.id.in_(said)).order_by(Case.id)


def tell_of_objection(context: Context, case_id: int) -> None:
    """Some working days after an objection each head of desk hears, and the handler once more, that nobody laid the
    text before the submitter anew, or said that it will not be made public."""
    case = cases.get_by_id_for_update(context.session, case_id)
    waits = select(Case.id).where(Case.id == case_id, handling.objection_waits())
    if context.session.scalar(waits) is None:
        return
    last = select(Message).where(Message.case_id == case_id, Message.kind == MessageKind.OBJECTION)
    message = context.session.scalars(last.order_by(Message.id.desc()).limit(1)).first()
    if message is None:
        return
    said_on = nl_day(message.written_at)
    if add_working_days(said_on, HEADS_TOLD_AFTER) >= context.today:
        return
    day = date_in_words(said_on)
    mail = submitter_reacted(what=f"bezwaar tegen de openbare tekst, van {day}. Daarover is nog niets beslist")
    key = f"loket:bezwaar-wacht:{message.id}"
    told = _tell_handler(context, case, mail, f"{key}:behandelaar")
    messages.notify_heads(context, case, mail, but=told, once_key=key)


def _in_preview(context: Context, case_id: int) -> tuple[Case, PublicText | None]:
    case = cases.get_by_id_for_update(context.session, case_id)
    text = context.session.get_one(PublicText, case_id, populate_existing=True)
    waits = case.publication is PublicationStatus.PREVIEW and text.agreed_on is None
    waits = waits and not incoming.mail_asks(context.session, case_id)
    return case, text if waits else None


# --- another door


def open_offers(context: Context) -> Select[int]:
    """Offers, and questions whether a case may be shared, whose time still runs."""
    return (
        select(Referral.id)
        .where(
            Referral.answer_by >= context.today,
            or_(
                Referral.status == ReferralStatus.OFFERED,
                (Referral.status == ReferralStatus.CONSENT_ASKED)
                & ~letters.unsent(Referral.case_id, MailKind.SHARING_ASKED),
            ),
        )
        .order_by(Referral.id)
    )


def remind_of_offer(context: Context, referral_id: int) -> None:
    """The submitter twice, as with other terms; the other organisation once, for it has five working days."""
    referral = context.session.get_one(Referral, referral_id)
    case = cases.get_by_id_for_update(context.session, referral.case_id)
    context.session.refresh(referral)
    if referral.answer_by is None:
        return
    if referral.status is ReferralStatus.CONSENT_ASKED:
        began = letters.reached_on(context.session, case.id, MailKind.SHARING_ASKED, nl_day(referral.asked_at))
        term = Term(f"delen:{referral.id}", began, referral.answer_by)
        _remind(context, case, term, texts.WaitsFor.SHARING)
    elif referral.status is ReferralStatus.OFFERED and offers.reminder_day(referral.answer_by) <= context.today:
        offers.remind_receiver(context, case, referral)


# --- a rule bottleneck


def bottlenecks_of_nobody(context: Context) -> Select[int]:
    """Rule bottlenecks for which no ministry was named, two weeks before the time for that is over; and those of which
    the news is late, or whose owner is not there any more."""
    can_act = Account.role.in_(roles_with(Permission.MOVE_BOTTLENECK))
    is_there = select(Account.id).where(Account.id == Bottleneck.owner_id, Account.is_active, can_act).exists()
    return (
        select(Bottleneck.id)
        .where(
            Bottleneck.status.in_(sorted(OPEN)),
            or_(
                Bottleneck.owner_id.is_(None),
                Bottleneck.news_due_on < context.today,
                (Bottleneck.news_due_on <= context.today + NEWS_WARNED_BEFORE) & ~is_there,
            ),
        )
        .order_by(Bottleneck.id)
    )


def tell_heads_of_bottleneck(context: Context, bottleneck_id: int) -> None:
    """Each head of desk hears once for each term that comes near or is over."""
    found = context.session.get_one(Bottleneck, bottleneck_id, populate_existing=True)
    page = bottleneck_mail.page_of(context, found)
    last_day = found.owner_due_on
    if found.owner_id is None and last_day - NEWS_WARNED_BEFORE <= context.today:
        is_late = last_day < context.today
        text = owner_to_name(reference=found.reference, title=found.title, last_day=last_day, page=page)
        _mail_heads(context, f"eigenaar:{found.id}:{'te-laat' if is_late else 'nadert'}", text)
    due = found.news_due_on
    has_left = (
        found.owner_id is not None
        and bottleneck_mail.acting_owner(context, found) is None
        and due is not None
        and due <= context.today + NEWS_WARNED_BEFORE
    )
    if due is not None and (due < context.today or has_left):
        late = late_at_bottleneck(reference=found.reference, title=found.title, news_due_on=due, page=page)
        _mail_heads(context, f"nieuws:{found.id}:{due.isoformat()}", late)


def cases_waiting_long(context: Context) -> Select[int]:
    """Rule bottlenecks with a case about which somebody should have decided by now."""
    first_in_time = day_longer_ago(context.today, DECIDED_WITHIN) + timedelta(days=1)
    return proposals.waiting_since_before(start_of_nl_day(first_in_time))


def tell_of_waiting_cases(context: Context, bottleneck_id: int) -> None:
    """Who decides about the cases of a bottleneck, and each head of desk, hear that one waits past its last day; again
    every two weeks. Where nobody may decide, who can change that hears it too."""
    found = context.session.get_one(Bottleneck, bottleneck_id, populate_existing=True)
    waiting = proposals.waiting_links(context.session, bottleneck_id)
    if not waiting:
        return
    since = nl_day(waiting[0].found_at or waiting[0].linked_at)
    waited = working_days_between(since, context.today)
    if waited <= DECIDED_WITHIN:
        return
    moment = f"{since.isoformat()}:{(waited - 1) // TOLD_AGAIN_AFTER}"
    bottleneck_mail.tell_cases_wait(context, found, since, moment)
    for linked_by_id in dict.fromkeys(each.linked_by_id for each in waiting):
        if bottleneck_mail.who_decides(context, found, besides=linked_by_id):
            continue
        # Who put a case there may decide too, unless what is public points at somebody round it.
        theirs = (each for each in waiting if each.linked_by_id == linked_by_id)
        if not bottleneck_mail.who_decides(context, found) or any(
            redaction.standing_of_link(context.session, each).found for each in theirs
        ):
            bottleneck_mail.tell_nobody_decides(context, found, linked_by_id, moment)


def _mail_heads(context: Context, what: str, text: MailText) -> None:
    for head in active_heads(context.session):
        messages.queue_text(
            context,
            MailKind.BOTTLENECK_REMINDER,
            head.email,
            text,
            account_id=head.id,
            once_key=f"hoofd:regelknelpunt:{what}:{head.id}",
        )
