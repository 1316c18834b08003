"""Makes the draft of a ruimtewijzer from a closed case, in one step."""

from typing import Any

from sqlalchemy import select

from knelpunt.domain.errors import DomainError
from knelpunt.domain.guides.track import GuideAudience, GuideText
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import AssessmentRole, Theme
from knelpunt.models import Guide, Provision
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.guides.desk import CaseForGuide
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides

NOT_OVER = "Een ruimtewijzer maakt u van een afgesloten zaak met een openbare tekst."


def draft_from_case(context: Context, reference: str) -> Guide:
    """Begin a guide with what was written for the public, the proposal and the confirmed rules of a case.

    Of the file only the proposal enters it, which was written for one submitter: the writer makes it general, and a
    second person looks at it before it is public. A second time gives the guide that was made the first time.

    Raises:
        DomainError: the case is not over, or has no public text.
        NotFound: there is no such case.
        PermissionDenied: the actor may not write guides.
    """
    open_case(context, reference, Permission.EDIT_GUIDE)
    case = guide_desk.case_for_guide(context.session, reference)
    if case is None:
        raise DomainError(NOT_OVER)
    earlier = context.session.scalar(
        select(Guide).where(Guide.case_id == case.case_id).order_by(Guide.id).limit(1).with_for_update()
    )
    return earlier or guides.create(context, _text(context, case), case_id=case.case_id)


def _text(context: Context, case: CaseForGuide) -> GuideText:
    return GuideText(
        question=case.question,
        short_answer=case.answer,
        room=case.proposal or case.answer,
        conditions=case.conditions,
        who_decides=case.who_acts,
        model_text="",
        theme=Theme.OTHER if case.theme is Theme.UNKNOWN else case.theme,  # a page has one; its author chooses
        room_type=_room_type(context, case),
        audiences=(GuideAudience.RESIDENTS, GuideAudience.MUNICIPALITIES),
        confidence=Confidence.PARTLY,
        confidence_note="",  # what the writer must do stands beside the fields: anything here would become public
        valid_from=case.law_date,
        valid_to=None,
        rules=case.rules,
        examples=_examples(context, case),
        sources=_sources(context, case),
    )


def _sources(context: Context, case: CaseForGuide) -> list[dict[str, Any]]:
    """Where the case came from, else its public page; a case without one is named nowhere."""
    if case.source_url:
        return [{"title": case.source_title or case.source_url, "url": case.source_url, "read": "full"}]
    if not case.is_public:
        return []
    link = context.links.to(f"/knelpunten/{case.reference}")
    return [{"title": case.source_title or f"Knelpunt {case.reference}", "url": link, "read": "full"}]


def _examples(context: Context, case: CaseForGuide) -> list[dict[str, Any]]:
    """Where it was asked, once that may be known; whether the project went ahead is for somebody to find out."""
    if not case.is_public or case.place is None:
        return []
    return [
        {
            "place": case.place,
            "municipality": case.municipality_code,
            "year": str(case.closed_on.year) if case.closed_on else "",
            "what": case.title.replace("|", "/"),
            "outcome": None,
            "url": context.links.to(f"/knelpunten/{case.reference}"),
        }
    ]


def _room_type(context: Context, case: CaseForGuide) -> RoomType:
    """The lightest kind of room that the confirmed rules offer."""
    keys = [rule["provision"] for rule in case.rules if rule["role"] == AssessmentRole.OFFERS_ROOM]
    found = context.session.scalar(
        select(Provision.room_type)
        .where(Provision.key.in_([key for key in keys if key]))
        .order_by(Provision.room_order, Provision.id)
        .limit(1)
    )
    return RoomType(found) if found else RoomType.WITHIN_RULES
