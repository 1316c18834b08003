"""Messages on paper or by telephone: that one was sent, and that no term rests on one that was not. And mails that may
be an answer: that none is asked for any more."""

from datetime import date

from sqlalchemy import select, update

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.deadlines import Suspension
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_working_days, working_days_between
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.letters import why_not_to_send
from knelpunt.domain.vocabulary import EventKind, PublicationStatus, ReferralStatus
from knelpunt.models import Case, IncomingMail, Letter, PublicText, Referral
from knelpunt.queries.cases import letters
from knelpunt.queries.core import cases
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context

WAITED = "brief nog niet verstuurd"
REMINDS = "herinnering-reactie:"
REMINDS_OF_PROPOSAL = f"{REMINDS}voorstel:"
"""How the key of a reminder begins, and that of one about a proposal."""
_CLOCKS = {MailKind.PROPOSAL: Clock.K5, MailKind.CLOSED: Clock.K6, MailKind.SECOND_LOOK_OUTCOME: Clock.K6}
"""The term of the submitter that starts with a letter of this kind, if it runs."""


def mark_sent(context: Context, letter_id: int, sent_on: date) -> Case:
    """Somebody at the desk posted the letter, or told it by telephone. The submitter's term counts from that day.

    Args:
        sent_on: from the day on which it was written to today (Europe/Amsterdam).
    Raises:
        NotFound: no such letter.
        PermissionDenied: the actor handled the case that somebody else looks at again now.
        DomainError: it was marked before, is not to be sent any more, or the day cannot be right.
    """
    context.actor.require(Permission.HANDLE_CASE)
    letter = context.session.get(Letter, letter_id) if 0 < letter_id < 2**63 else None
    if letter is None:
        raise NotFound()
    case = cases.get_by_id_for_update(context.session, letter.case_id)
    context.actor.refuse_first_handler(case.first_handler_id)
    context.session.refresh(letter)
    if letter.sent_on is not None:
        raise DomainError("Dit bericht stond al als verstuurd.")
    if reason := why_not_to_send(letter.body, letter.dropped_at):
        raise DomainError(reason)
    written_on = nl_day(letter.written_at)
    if not written_on <= sent_on <= context.today:
        raise DomainError(
            "Vul een dag in vanaf de dag waarop het bericht is geschreven, tot en met vandaag.", field="sent_on"
        )
    letter.sent_on, letter.sent_by_id = sent_on, context.actor.account_id
    data: dict[str, object] = {"brief": letter.id, "verstuurd_op": sent_on.isoformat()}
    if sent_on > written_on:
        data |= _move_term(context, case, MailKind(letter.kind), written_on, sent_on)
    events.record(context, EventKind.LETTER_SENT, case=case, data=data)
    return case


def drop_waiting(context: Context, case: Case, kind: MailKind, *, key: str = "") -> bool:
    """Take what still waits of a kind out of the list: it is not true any more. Says whether there was any.

    Args:
        key: how the key begins of what goes out of the list, where the kind is about other things as well.
    """
    waits = [Letter.case_id == case.id, Letter.kind == kind.value, *letters.WAITS]
    if key:
        waits.append(Letter.once_key.startswith(key, autoescape=True))
    context.session.flush()
    dropped = update(Letter).where(*waits).values(dropped_at=context.now).returning(Letter.id)
    return bool(context.session.scalars(dropped).all())


def drop_about_silence(context: Context, case: Case) -> None:
    """The submitter reacted to the proposal, or the case ended: nobody need read any more that we wait, or waited."""
    drop_waiting(context, case, MailKind.PROPOSAL_LAPSED)
    drop_waiting(context, case, MailKind.REACTION_REMINDER, key=REMINDS_OF_PROPOSAL)


def ask_of_no_mail(context: Context, case: Case) -> None:
    """What the submitter owed came in, or is owed no more: of no mail need anybody say whether it is the answer."""
    asks = (IncomingMail.case_id == case.id, IncomingMail.asks_handler)
    context.session.execute(update(IncomingMail).where(*asks).values(asks_handler=False))


def _move_term(context: Context, case: Case, kind: MailKind, written_on: date, sent_on: date) -> dict[str, object]:
    """Give back the working days that the letter lay here; what moved, for the event."""
    if kind is MailKind.QUESTION:
        question = letters.open_question(context.session, case.id)
        if question is not None and question.answer_by is not None:
            question.answer_by = _as_long_from(sent_on, written_on, question.answer_by)
            case.suspended_until = question.answer_by
            return {"vraag": question.id, "antwoord_uiterlijk": question.answer_by.isoformat()}
    if kind is MailKind.PREVIEW and case.publication is PublicationStatus.PREVIEW:
        text = context.session.get(PublicText, case.id)
        if text is not None and text.object_by is not None:
            text.object_by = _as_long_from(sent_on, written_on, text.object_by)
            return {"bezwaar_uiterlijk": text.object_by.isoformat()}
    if kind is MailKind.SHARING_ASKED:
        asked = context.session.scalar(
            select(Referral).where(Referral.case_id == case.id, Referral.status == ReferralStatus.CONSENT_ASKED)
        )
        if asked is not None and asked.answer_by is not None:
            asked.answer_by = _as_long_from(sent_on, written_on, asked.answer_by)
            return {"overdracht": asked.id, "antwoord_uiterlijk": asked.answer_by.isoformat()}
    if kind in _CLOCKS:
        suspension = Suspension.after_request(written_on, WAITED, ended_on=sent_on)
        return {"klokken": clocks.leave_out(context, case, _CLOCKS[kind], suspension)}
    return {}


def _as_long_from(sent_on: date, written_on: date, last_day: date) -> date:
    """The last day that leaves as many working days from the sending as it left from the writing."""
    return add_working_days(sent_on, working_days_between(written_on, last_day))
