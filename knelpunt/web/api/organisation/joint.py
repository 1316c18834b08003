"""Filing together: what a municipality is asked by another one, and whether it joins (decision 0009)."""

from typing import Any

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import ApiScope
from knelpunt.domain.vocabulary import ParticipantStatus, Theme
from knelpunt.extensions import db
from knelpunt.queries.cases import participants
from knelpunt.queries.cases.participants import JointQuestion
from knelpunt.queries.core.reference import reference
from knelpunt.services.filing import joint_filing
from knelpunt.web.api.organisation.access import ACT_ERRORS, ERRORS, client, context, endpoint, keyed, once
from knelpunt.web.api.public.named import CODE
from knelpunt.web.api.shared.fields import Schema, choice, flag, moment, number, text
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.shared.requests.bodies import takes

joint = Resource("api_joint", "/samenmeldingen", "Samen melden", "De vraag van een andere gemeente om mee te melden.")


class JointShown(Schema):
    """The question to file along. It tells of the case what somebody needs in order to answer."""

    id = number("id", "Nummer van de vraag.")
    status = choice("stand", ParticipantStatus, "Of uw gemeente meedoet.")
    lead = text("gevraagdDoor", "Wie de melding indiende.")
    lead_code = text("gevraagdDoorCode", CODE, nullable=True)
    reference = text("nummer", "Nummer van de zaak.")
    title = text("titel", "Het project in één zin.")
    theme = choice("thema", Theme, "Waar het over gaat.")
    asked_at = moment("gevraagdOp", "Wanneer uw gemeente is gevraagd.")


class JointReaction(Schema):
    """Whether the municipality files along."""

    joins = flag("doetMee", "Of uw gemeente mee meldt. Namens uw gemeente: u mag dat later wijzigen.", required=True)


@endpoint(joint, "", ApiScope.FILING)
@joint.lists(JointShown, ListQuery, about="De vragen om mee te melden die nog open staan.", errors=ERRORS)
def joint_list(asked: dict[str, Any]) -> Page:
    """What the municipality was asked and did not answer, the oldest first."""
    found = participants.open_questions(db.session, client().organisation_id or 0)
    return piece_of([_shown(each) for each in found], asked)


@endpoint(joint, "/<id:participant_id>", ApiScope.FILING)
@joint.gives(JointShown, about="Eén vraag om mee te melden.", errors=ERRORS)
def joint_question(participant_id: int) -> dict[str, Any]:
    """One question, answered or not."""
    return _shown(_own(participant_id))


@endpoint(joint, "/<id:participant_id>/antwoorden", ApiScope.FILING, "POST")
@takes(JSON)
@joint.gives(JointShown, about="Meld mee, of niet. Stoppen kan ook.", status=201, errors=ACT_ERRORS, has_mark=False)
@keyed(joint)
@joint.arguments(JointReaction, location="json")
def answer_joint_question(asked: dict[str, Any], participant_id: int) -> dict[str, Any]:
    """Join, or decline; who joined may stop."""
    _own(participant_id)

    def answer() -> str:
        joint_filing.answer(context(), participant_id, joins=asked["joins"])
        return str(participant_id)

    return _shown(_own(int(once(answer))))


def _own(participant_id: int) -> JointQuestion:
    """A question to the municipality of the organisation that asks."""
    found = participants.question(db.session, participant_id, client().organisation_id or 0)
    if found is None:
        raise NotFound()
    return found


def _shown(row: JointQuestion) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in JointShown._declared_fields if name != "lead_code"}
    return {**plain, "lead_code": reference(db.session).organisation_code(row.lead_id)}
