"""Writes down what a submitter told the desk: the act of the submitter, with the one who typed it as its author."""

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.replies import OnBehalf, Reaction
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ConsentSource
from knelpunt.queries.cases import letters
from knelpunt.services.core.context import Context
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import reactions as submitter
from knelpunt.services.submitters import second_look
from knelpunt.services.submitters.on_behalf import day_of, kept, open_for, with_name

WORDS_MISSING = "Schrijf op wat de indiener zei of schreef."
NO_QUESTION = "Er staat geen vraag open bij de indiener."


def write_down(context: Context, reference: str, reaction: Reaction, body: str, on_behalf: OnBehalf) -> None:
    """Do for the submitter what he or she told the desk; the event says for whom, by which channel, on which day.

    Raises:
        NotFound: no such case.
        DomainError: the reaction does not fit the case, the day cannot be right, there is nobody to write down for, or
            the words are missing. For accepting a proposal and for sharing they may be left out.
        VersionConflict: the case changed since it was read.
    """
    context.actor.require(Permission.HANDLE_CASE)
    on_behalf = with_name(context, on_behalf)
    if reaction is Reaction.ACCEPT:
        submitter.accept_proposal(context, reference, on_behalf=on_behalf, remark=body)
        return
    if reaction in (Reaction.SHARE, Reaction.NOT_SHARE):
        _answer_sharing(context, reference, body, on_behalf, is_allowed=reaction is Reaction.SHARE)
        return
    if not body.strip():
        raise DomainError(WORDS_MISSING, field="body")
    match reaction:
        case Reaction.ANSWER:
            _answer(context, reference, body, on_behalf)
        case Reaction.REFUSE:
            submitter.refuse_proposal(context, reference, body, on_behalf=on_behalf)
        case Reaction.OBJECT:
            submitter.object_to_text(context, reference, body, on_behalf=on_behalf)
        case Reaction.SECOND_LOOK:
            second_look.ask(context, reference, body.splitlines(), field="body", on_behalf=on_behalf)
        case Reaction.ADD:
            submitter.add(context, reference, body, on_behalf=on_behalf)


def _answer_sharing(context: Context, reference: str, body: str, on_behalf: OnBehalf, *, is_allowed: bool) -> None:
    """What the submitter said about sharing; any words beside it are an addition to the case."""
    case = open_for(context, reference, on_behalf)
    referral = offers.asked_in(context, case)
    day_of(context, on_behalf, nl_day(referral.asked_at))
    if body.strip():
        submitter.add(context, reference, body, on_behalf=on_behalf)
    consent = ConsentSource(on_behalf.channel.value) if is_allowed else None
    offers.settle_sharing(context, case, referral, consent, kept(on_behalf))


def _answer(context: Context, reference: str, body: str, on_behalf: OnBehalf) -> None:
    question = letters.question_to_answer(context.session, open_for(context, reference, on_behalf).id)
    if question is None:
        raise DomainError(NO_QUESTION)
    submitter.answer(context, reference, question.id, body, on_behalf=on_behalf)
