"""Writes down what a submitter told the desk: the act of the submitter, with the one who typed it as its author."""

from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.replies import Reaction, Told
from knelpunt.queries import letters
from knelpunt.services import submitter
from knelpunt.services.act import Act
from knelpunt.services.told import open_for, with_name

WORDS_MISSING = "Schrijf op wat de indiener zei of schreef."
NO_QUESTION = "Er staat geen vraag open bij de indiener."


def write_down(act: Act, reference: str, reaction: Reaction, body: str, told: Told) -> None:
    """Do for the submitter what he or she told the desk; the event says for whom, by which channel, on which day.

    Raises:
        NotFound: no such case.
        DomainError: the reaction does not fit the case, the day cannot be right, there is nobody to write down for, or
            the words are missing. Only for accepting a proposal they may be left out.
        VersionConflict: the case changed since it was read.
    """
    act.actor.require(Permission.HANDLE_CASE)
    told = with_name(act, told)
    if reaction is Reaction.ACCEPT:
        submitter.accept_proposal(act, reference, told=told, remark=body)
        return
    if not body.strip():
        raise DomainError(WORDS_MISSING, field="body")
    match reaction:
        case Reaction.ANSWER:
            _answer(act, reference, body, told)
        case Reaction.REFUSE:
            submitter.refuse_proposal(act, reference, body, told=told)
        case Reaction.OBJECT:
            submitter.object_to_text(act, reference, body, told=told)
        case Reaction.ADD:
            submitter.add(act, reference, body, told=told)


def _answer(act: Act, reference: str, body: str, told: Told) -> None:
    question = letters.open_question(act.session, open_for(act, reference, told).id)
    if question is None:
        raise DomainError(NO_QUESTION)
    submitter.answer(act, reference, question.id, body, told=told)
