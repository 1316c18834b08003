"""Step 6: a case that belongs at another door is handed over warm: with consent, and only once that door opens."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlalchemy import Select, and_, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import is_ordinary_day
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.cases.referrals import WAITING, OfferState, offer_state
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import ConsentSource, EventKind, ReferralStatus, Result
from knelpunt.models import Account, Case, Contact, Referral
from knelpunt.queries.cases import letters
from knelpunt.queries.core import cases
from knelpunt.services.cases.workflow import CONTACT_KEPT_AFTER_CLOSING, advance, check, open_case
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText
from knelpunt.services.referrals import mail_texts as texts

REMINDED_BEFORE = timedelta(days=2)
PURPOSE = "overnemen"
"""What a token is for by which another organisation takes a case over."""
NO_OFFER = "Deze zaak is nu aan niemand aangeboden."
OVER = "Dit aanbod geldt niet meer. De zaak is weer bij het loket."
OTHER_QUESTION = Text("Wij vragen u intussen iets anders. Lees dat eerst.")
NOT_ASKED = Text("Wij vragen u nu niet of wij uw melding mogen delen.")
NOBODY_TO_ASK = "Wij kunnen deze indiener niet bereiken. Vragen of delen mag, kan dus niet."
_WITH_A_TERM = frozenset({EventKind.SHARING_ASKED, EventKind.REFERRAL_OFFERED, EventKind.SHARING_ALLOWED})
NEXT_STEP = "U kunt terecht bij {organisation}. {contact}"


def offer(
    context: Context,
    reference: str,
    version: int,
    *,
    organisation: str,
    receiver_name: str,
    receiver_email: str,
    reason: str,
    consent: ConsentSource,
) -> Referral:
    """Offer a case to another organisation; without consent yet, the submitter is asked for it first.

    The submitter hears who wants to hand it over, where and why. The case stays where it is, and its clocks run.

    Args:
        consent: how the submitter agreed; ``ASKED`` when that is still to be asked on the page of the case.
    Raises:
        TransitionNotAllowed: the case is past triage, has no handler, or something else waits.
        DomainError: on the field that is wrong.
    """
    case = open_case(context, reference, Permission.TRIAGE_CASE, version=version)
    check(context, case, steps.REFER)
    if waiting_in(context, case) is not None:
        raise DomainError("De zaak is al aan een andere instantie aangeboden.")
    for field, value in (("organisation", organisation), ("receiver_name", receiver_name), ("reason", reason)):
        if not value.strip():
            raise DomainError("Vul dit in.", field=field)
    try:
        address = messages.checked_address(receiver_email)
    except DomainError as error:
        raise DomainError(error.message, field="receiver_email") from None
    must_ask = consent is ConsentSource.ON_PAGE
    if must_ask and not messages.can_reach(context, case):
        raise DomainError(NOBODY_TO_ASK, field="consent")
    answer_by = _last_day(context, case, Clock.SHARING if must_ask else Clock.REFERRAL)
    referral = Referral(
        case_id=case.id,
        status=ReferralStatus.CONSENT_ASKED if must_ask else ReferralStatus.OFFERED,
        consent=None if must_ask else consent,
        organisation=" ".join(organisation.split()),
        receiver_name=" ".join(receiver_name.split()),
        receiver_email=address,
        reason=reason.strip(),
        asked_by_id=context.actor.account_id,
        asked_at=context.now,
        answer_by=answer_by,
        public_id=new_public_id(),
        nonce=new_nonce(),
    )
    context.session.add(referral)
    context.session.flush()
    case.updated_at = context.now
    kind = EventKind.SHARING_ASKED if must_ask else EventKind.REFERRAL_OFFERED
    _record(context, case, referral, kind)
    _tell_submitter(context, case, referral, answer_by)
    if not must_ask:
        _ask_receiver(context, case, referral)
    return referral


def _last_day(context: Context, case: Case, clock: Clock) -> date:
    """The last day to say whether the case may be shared, or to take it over; after that it stays at the desk."""
    return clocks.last_day(context.session, clock, case.filed_on, context.today)


def answer_sharing(context: Context, reference: str, *, is_allowed: bool, seen: int | None = None) -> None:
    """The submitter says whether the case may be shared; with a yes it is offered, with a no it stays.

    Args:
        seen: which question was read, when that is told.
    Raises:
        DomainError: nothing was asked.
        VersionConflict: it is about another organisation since.
    """
    case = open_case(context, reference, Permission.ANSWER_AS_SUBMITTER)
    asked = asked_in(context, case)
    if seen is not None and seen != asked.id:
        raise VersionConflict(OTHER_QUESTION)
    settle_sharing(context, case, asked, ConsentSource.ON_PAGE if is_allowed else None)


def settle_sharing(
    context: Context, case: Case, referral: Referral, consent: ConsentSource | None, kept: Mapping[str, object] = {}
) -> None:
    """Keep what the submitter answered: with a yes the case is offered, and where the desk wrote that down the
    submitter hears so; with a no it stays.

    Args:
        consent: how the submitter agreed; None for a no.
        kept: what the event keeps of a reaction that the desk wrote down.
    """
    case.updated_at = context.now
    if consent is not None:
        referral.status, referral.consent = ReferralStatus.OFFERED, consent
        referral.answer_by = _last_day(context, case, Clock.REFERRAL)
        _record(context, case, referral, EventKind.SHARING_ALLOWED, kept)
        if consent is not ConsentSource.ON_PAGE:
            _tell_submitter(context, case, referral, referral.answer_by)
        _ask_receiver(context, case, referral)
    else:
        _end(context, referral, ReferralStatus.NOT_SHARED)
        _record(context, case, referral, EventKind.SHARING_REFUSED, kept)
    _tell_handler(context, case, "geen toestemming om te delen" if consent is None else "toestemming om te delen")


def asked_in(context: Context, case: Case) -> Referral:
    """The offer for which the submitter is asked whether the case may be shared.

    Raises:
        DomainError: nothing is asked.
    """
    referral = waiting_in(context, case)
    if referral is None or referral.status is not ReferralStatus.CONSENT_ASKED:
        raise DomainError(NOT_ASKED)
    return referral


def take_back(context: Context, reference: str, version: int) -> None:
    """The desk keeps the case after all; whoever was asked hears so."""
    case = open_case(context, reference, Permission.TRIAGE_CASE, version=version)
    referral = waiting_in(context, case)
    if referral is None:
        raise DomainError(NO_OFFER)
    _stop(context, case, referral)
    _record(context, case, referral, EventKind.REFERRAL_ENDED)
    _tell_stays(context, case, referral)


def end_waiting(context: Context, case: Case) -> None:
    """The case is over, or nobody can be reached about it any more: an offer that waits ends, and whoever was asked
    hears so."""
    referral = waiting_in(context, case)
    if referral is not None:
        _stop(context, case, referral)


def accept(context: Context, contact: str) -> None:
    """The other organisation takes the case over: the submitter hears where to go, and the case ends here.

    Raises:
        NotFound, DomainError: as ``_held``; or the contact is missing (field ``contact``).
    """
    referral, case = _held(context)
    check(context, case, steps.REFER)
    if not contact.strip():
        raise DomainError("Schrijf op hoe de indiener u bereikt.", field="contact")
    referral.contact = contact.strip()
    _end(context, referral, ReferralStatus.TAKEN)
    case.result, case.closed_on = Result.OUT_OF_REACH, context.today
    case.result_reason = referral.reason
    case.next_step = NEXT_STEP.format(organisation=referral.organisation, contact=referral.contact)
    person = context.session.get(Contact, case.id)
    if person is not None:
        person.ends_on = min(person.ends_on, context.today + CONTACT_KEPT_AFTER_CLOSING)
    advance(context, case, steps.REFER, data={"overdracht": referral.id})
    messages.notify_submitter(
        context,
        case,
        texts.handed_over(organisation=referral.organisation, contact=referral.contact, reason=referral.reason),
    )
    _tell_handler(context, case, "een andere instantie nam de zaak over")
    joint_mail.tell_participants(context, case, MailKind.REFERRED)


def refuse(context: Context, why: str) -> None:
    """The other organisation does not take the case: it stays with the desk, and the submitter hears so.

    Raises:
        NotFound, DomainError: as ``_held``; or the reason is missing (field ``refusal``).
    """
    referral, case = _held(context)
    if not why.strip():
        raise DomainError("Schrijf op waarom niet.", field="refusal")
    referral.refusal = why.strip()
    _end(context, referral, ReferralStatus.REFUSED)
    case.updated_at = context.now
    _record(context, case, referral, EventKind.REFERRAL_REFUSED)
    _tell_stays(context, case, referral)
    _tell_handler(context, case, "een andere instantie neemt de zaak niet over")


def waiting_in(context: Context, case: Case) -> Referral | None:
    """The offer of this case that waits for consent or for the other organisation."""
    return context.session.scalar(
        select(Referral).where(Referral.case_id == case.id, Referral.status.in_(sorted(WAITING)))
    )


# --- by the calendar


def unanswered(context: Context) -> Select[int]:
    """The offers, and the questions whether a case may be shared, whose time is over."""
    asked_by_letter = and_(
        Referral.status == ReferralStatus.CONSENT_ASKED, letters.unsent(Referral.case_id, MailKind.SHARING_ASKED)
    )
    return (
        select(Referral.id)
        .where(Referral.status.in_(sorted(WAITING)), Referral.answer_by < context.today, ~asked_by_letter)
        .order_by(Referral.id)
    )


def bring_back(context: Context, referral_id: int) -> None:
    """Nobody took the case over in time, or said that it may be shared: it is with the desk again, and the handler and
    the submitter hear so."""
    referral = context.session.get_one(Referral, referral_id)
    case = cases.get_by_id_for_update(context.session, referral.case_id)
    context.session.refresh(referral)
    is_over = referral.answer_by is not None and referral.answer_by < context.today
    if referral.status not in WAITING or not is_over:
        return
    was_offered = referral.status is ReferralStatus.OFFERED
    _end(context, referral, ReferralStatus.LAPSED if was_offered else ReferralStatus.NOT_SHARED)
    case.updated_at = context.now
    _record(context, case, referral, EventKind.REFERRAL_LAPSED if was_offered else EventKind.SHARING_LAPSED)
    _tell_stays(context, case, referral)
    silent = "een andere instantie reageerde" if was_offered else "de indiener reageerde"
    _tell_handler(context, case, f"{silent} niet op tijd")


# --- what they share


def _held(context: Context) -> tuple[Referral, Case]:
    """The offer of the actor's link with its case, locked and read afresh.

    Raises:
        PermissionDenied: the actor came by no such link.
        NotFound: the offer is gone.
        DomainError: it is over.
    """
    context.actor.require(Permission.ANSWER_REFERRAL)
    referral = context.session.get(Referral, context.actor.referral_id or 0)
    if referral is None:
        raise NotFound()
    case = cases.get_by_id_for_update(context.session, referral.case_id)
    context.session.refresh(referral)
    state = offer_state(referral.status, referral.answer_by, referral.ended_on, context.today)
    if state is not OfferState.OPEN:
        raise DomainError(OVER)
    return referral, case


def path_of(context: Context, referral: Referral) -> str:
    """The address by which the other organisation answers, on this site."""
    return f"/overnemen/{context.links.token(PURPOSE, referral.public_id, referral.nonce)}"


def reminder_day(answer_by: date) -> date:
    """When an organisation that did not answer is reminded: two days before the last, or on the working day before."""
    day = answer_by - REMINDED_BEFORE
    while not is_ordinary_day(day):
        day -= timedelta(days=1)
    return day


def remind_receiver(context: Context, case: Case, referral: Referral) -> None:
    """Ask once more, in the same words each time that the worker comes by; only the first mail is written."""
    _mail_receiver(
        context,
        case,
        referral,
        MailKind.REFERRAL_REMINDER,
        texts.reminder,
        once_key=f"overdracht-herinnering:{referral.id}",
    )


def _ask_receiver(context: Context, case: Case, referral: Referral) -> None:
    _mail_receiver(context, case, referral, MailKind.REFERRAL_ASKED, texts.asked)


def _mail_receiver(
    context: Context,
    case: Case,
    referral: Referral,
    kind: MailKind,
    write: Callable[[texts.Offer], MailText],
    *,
    once_key: str | None = None,
) -> None:
    """Apart from the mails about the case to its submitter, so that it goes out also when the contact is erased."""
    if referral.receiver_email is None or referral.answer_by is None:
        return
    about = texts.Offer(
        case.reference, referral.organisation, referral.answer_by, context.links.to(path_of(context, referral))
    )
    messages.queue_text(context, kind, referral.receiver_email, write(about), once_key=once_key)


def _stop(context: Context, case: Case, referral: Referral) -> None:
    was_offered = referral.status is ReferralStatus.OFFERED
    _end(context, referral, ReferralStatus.ENDED)
    if was_offered:
        _mail_receiver(context, case, referral, MailKind.REFERRAL_OVER, texts.no_longer_offered)


def _end(context: Context, referral: Referral, status: ReferralStatus) -> None:
    referral.status, referral.ended_on = status, context.today
    context.session.flush()


def _record(context: Context, case: Case, referral: Referral, kind: EventKind, kept: Mapping[str, object] = {}) -> None:
    data: dict[str, object] = {"overdracht": referral.id, **kept}
    if referral.answer_by is not None and kind in _WITH_A_TERM:
        data |= {"antwoord_uiterlijk": referral.answer_by.isoformat()}
    events.record(context, kind, case=case, data=data)


def _tell_submitter(context: Context, case: Case, referral: Referral, answer_by: date) -> None:
    """Tell why and where the case is offered, or ask whether it may be."""
    handler = context.session.get_one(Account, case.handler_id)
    write = texts.consent_asked if referral.status is ReferralStatus.CONSENT_ASKED else texts.offered
    mail = write(organisation=referral.organisation, reason=referral.reason, handler=handler.name, answer_by=answer_by)
    messages.notify_submitter(context, case, mail)


def _tell_stays(context: Context, case: Case, referral: Referral) -> None:
    mail = texts.stays(organisation=referral.organisation, ended_as=referral.status)
    messages.notify_submitter(context, case, mail)


def _tell_handler(context: Context, case: Case, what: str) -> None:
    messages.notify_colleague(context, case, texts.referral_news(what=what), case.handler_id)
