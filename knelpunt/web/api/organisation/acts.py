"""What a submitter does on a case: messages, answers, reactions, withdrawal. Each answers with how the case stands."""

from collections.abc import Callable
from typing import Any

from knelpunt.domain.cases.second_looks import MOST_POINTS
from knelpunt.domain.filing.rules import TEXT_LENGTH
from knelpunt.domain.permissions import ApiScope
from knelpunt.domain.vocabulary import AftercareAnswer, MessageKind
from knelpunt.extensions import db
from knelpunt.queries.cases.submitter_page import read_page
from knelpunt.services.referrals import offers
from knelpunt.services.submitters import aftercare, second_look
from knelpunt.services.submitters import reactions as submitter
from knelpunt.web.api.organisation.access import (
    ACT_ERRORS,
    ERRORS,
    client,
    context,
    endpoint,
    fields_named,
    keyed,
    once,
)
from knelpunt.web.api.organisation.cases import OwnCase, Question, shown
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, moment, number, text, texts
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.shared.requests.bodies import takes

acts = Resource("api_acts", "/zaken", "Handelingen", "Wat u op een zaak doet: schrijven, antwoorden, intrekken.")


class Message(Question):
    """A message about a case, from the desk or from the organisation."""

    kind = choice("soort", MessageKind, "Wat voor bericht het is.")
    from_desk = flag("vanLoket", "Of het loket het schreef.")
    answered_on = day("beantwoordOp", "Wanneer u antwoordde.", nullable=True)
    lapsed_on = day("verlopenOp", "Wanneer de tijd om te antwoorden voorbij was.", nullable=True)
    written_at = moment("geschrevenOp", "Wanneer het is geschreven.")


class MessageInput(Schema):
    """Words for the desk."""

    body = text("tekst", "Wat u wilt zeggen.", required=True, longest=TEXT_LENGTH)


class ProposalReaction(Schema):
    """Whether a proposal helps."""

    proposal = number(
        "voorstel", "Nummer van het voorstel dat u las. Is er intussen een ander, dan krijgt u 409.", required=True
    )
    accepts = flag("akkoord", "Of het voorstel helpt.", required=True)
    reason = text("reden", "Waarom het niet werkt. Nodig als u niet akkoord bent.", longest=TEXT_LENGTH)


class TextReaction(Schema):
    """Whether a public text may appear as it is."""

    version = number(
        "versie", "Versie van de tekst die u las. Is er intussen een andere, dan krijgt u 409.", required=True
    )
    agrees = flag("akkoord", "Of de tekst zo openbaar mag worden.", required=True)
    objection = text("bezwaar", "Wat er anders moet. Nodig als u niet akkoord bent.", longest=TEXT_LENGTH)


class SharingReaction(Schema):
    """Whether a case may be shared with who can help better."""

    question = number(
        "deelvraag", "Nummer van de vraag die u las. Is er intussen een andere, dan krijgt u 409.", required=True
    )
    allows = flag("akkoord", "Of het loket de melding met die organisatie mag delen.", required=True)


class AftercareInput(Schema):
    """What became of the project."""

    given = choice("antwoord", AftercareAnswer, "Ging het project door?", required=True)
    words = text("toelichting", "Hoe het ging.", nullable=True, longest=TEXT_LENGTH)
    asks_reopening = flag("heropenen", "Of het loket verder moet gaan. Telt alleen als het project nog vastzit.")


class SecondLookInput(Schema):
    """What was missed."""

    points = texts(
        "punten", "Wat er volgens u niet klopt, per punt.", most=MOST_POINTS, longest=TEXT_LENGTH, required=True
    )


class WithdrawalInput(Schema):
    """The reason, when there is one to tell."""

    reason = text("reden", "Waarom u de melding intrekt.", nullable=True, longest=TEXT_LENGTH)


@endpoint(acts, "/<string:reference>/berichten", ApiScope.MESSAGES)
@acts.lists(Message, ListQuery, about="De berichten bij een zaak, het eerste eerst.", errors=ERRORS)
def message_list(asked: dict[str, Any], reference: str) -> Page:
    """What the desk and the organisation wrote to each other."""
    page = read_page(db.session, client(), reference)
    names = ["id", "kind", "from_desk", "body", "why", "answer_by", "answered_on", "lapsed_on", "written_at"]
    return piece_of([{name: getattr(each, name) for name in names} for each in page.messages], asked)


def act(
    rule: str, scope: ApiScope, schema: type[Schema], about: str
) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """An act on a case, done once; the answer is the case as it stands after it."""

    def put(does: Callable[..., None]) -> Callable[..., Any]:
        def view(asked: dict[str, Any], reference: str, **values: Any) -> dict[str, Any]:
            def carry_out() -> str:
                with fields_named({"body": "tekst", "reason": "reden", "objection": "bezwaar", "point_1": "punten"}):
                    does(asked, reference, **values)
                return reference

            return shown(once(carry_out))

        view.__name__, view.__doc__ = does.__name__, does.__doc__
        read = keyed(acts)(acts.arguments(schema, location="json")(view))
        given = acts.gives(OwnCase, about=about, status=201, errors=ACT_ERRORS, has_mark=False)(read)
        served: Callable[..., Any] = endpoint(acts, f"/<string:reference>{rule}", scope, "POST")(takes(JSON)(given))
        return served

    return put


@act("/berichten", ApiScope.MESSAGES, MessageInput, "Voeg een bericht toe aan een zaak.")
def add_message(asked: dict[str, Any], reference: str) -> None:
    """Add something to a case."""
    submitter.add(context(), reference, asked["body"])


@act("/berichten/<id:message_id>/antwoorden", ApiScope.ANSWERS, MessageInput, "Beantwoord een vraag van het loket.")
def answer_question(asked: dict[str, Any], reference: str, message_id: int) -> None:
    """Answer a question of the desk; its clocks run again."""
    submitter.answer(context(), reference, message_id, asked["body"])


@act("/voorstelreacties", ApiScope.ANSWERS, ProposalReaction, "Reageer op het voorstel van het loket.")
def react_to_proposal(asked: dict[str, Any], reference: str) -> None:
    """Accept a proposal, or say why it does not work."""
    if asked["accepts"]:
        submitter.accept_proposal(context(), reference, seen=asked["proposal"])
    else:
        submitter.refuse_proposal(context(), reference, asked.get("reason", ""), seen=asked["proposal"])


@act("/tekstreacties", ApiScope.ANSWERS, TextReaction, "Reageer op de tekst die openbaar wordt.")
def react_to_text(asked: dict[str, Any], reference: str) -> None:
    """Agree with the public text, or object to it."""
    if asked["agrees"]:
        submitter.agree_to_text(context(), reference, seen=asked["version"])
    else:
        submitter.object_to_text(context(), reference, asked.get("objection", ""), seen=asked["version"])


@act("/deelreacties", ApiScope.ANSWERS, SharingReaction, "Zeg of het loket de melding mag delen met een ander loket.")
def react_to_sharing(asked: dict[str, Any], reference: str) -> None:
    """Allow the desk to share a case with the organisation that it named, or not."""
    offers.answer_sharing(context(), reference, is_allowed=asked["allows"], seen=asked["question"])


@act("/nazorgvragen/<id:aftercare_id>/antwoorden", ApiScope.ANSWERS, AftercareInput, "Zeg of het project doorging.")
def answer_aftercare(asked: dict[str, Any], reference: str, aftercare_id: int) -> None:
    """Tell what became of the project; until the desk decided on it, a later answer replaces an earlier one."""
    aftercare.answer(
        context(),
        reference,
        aftercare_id,
        given=asked["given"],
        words=asked.get("words") or "",
        asks_reopening=asked.get("asks_reopening", False),
    )


@act("/heroverwegingen", ApiScope.ANSWERS, SecondLookInput, "Vraag dat een ander opnieuw kijkt.")
def ask_second_look(asked: dict[str, Any], reference: str) -> None:
    """Ask that somebody else looks at a closed case again."""
    second_look.ask(context(), reference, asked["points"])


@act("/intrekkingen", ApiScope.WITHDRAWAL, WithdrawalInput, "Trek een melding in.")
def withdraw_case(asked: dict[str, Any], reference: str) -> None:
    """Take a case back. An organisation left no contact data that could be erased with it."""
    submitter.withdraw(context(), reference, asked.get("reason") or "", erase_contact=False)
