"""Step 8, the fast lane: a case in triage is answered with a ruimtewijzer that fits, after a second person agrees."""

from datetime import timedelta

from sqlalchemy import select

from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.errors import DomainError
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.guides.track import ANSWERING
from knelpunt.domain.vocabulary import ProposalStatus, Route, RuleLevel, Verdict
from knelpunt.models import Case, Guide, GuideVersion, Proposal, Review
from knelpunt.services.cases import reviews
from knelpunt.services.cases.decisions import GuideAnswerDecision, payload_of
from knelpunt.services.cases.workflow import open_for_step
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides.mail import guide_url

ACT_WITHIN = timedelta(weeks=10)
BASIS_LENGTH = 250
NO_ROOM = "Kies een oordeel dat zegt dat er ruimte is: V1, V2, V3 of V4."
NOT_PUBLIC = "Kies een ruimtewijzer die openbaar is."


def request_guide_answer(
    context: Context, reference: str, version: int, *, guide_id: int, verdict: Verdict, plain: str, level: RuleLevel
) -> Review:
    """Step 8, first half: lay the verdict that there is room, with the page that shows it, before a second person.

    The submitter gets the page as a proposal, and says whether it helps.

    Raises:
        DomainError: the verdict offers no room, or the guide is not public.
    """
    case = open_for_step(context, reference, version, steps.ANSWER_WITH_GUIDE)
    if not verdict.is_bridgeable:
        raise DomainError(NO_ROOM, field="verdict")
    guide = context.session.scalar(select(Guide).where(Guide.id == guide_id, Guide.status.in_(ANSWERING)))
    if guide is None:
        raise DomainError(NOT_PUBLIC, field="guide_id")
    shown = guides.published_version(context.session, guide)
    proposal = _proposal(context, case, guide, shown)
    decision = GuideAnswerDecision(
        verdict=verdict,
        plain=plain,
        legal=_basis(shown),
        level=level,
        route=Route.EXPLAIN,
        guide_id=guide.id,
        proposal_id=proposal.id,
    )
    return reviews.request(context, case, EventKind.ANSWERED_WITH_GUIDE, payload_of(decision))


def _proposal(context: Context, case: Case, guide: Guide, shown: GuideVersion) -> Proposal:
    proposal = Proposal(
        case_id=case.id,
        text="\n\n".join(
            [
                "Er is al een antwoord dat bij uw plan past. Het staat in een ruimtewijzer:",
                shown.question,
                shown.short_answer,
                guide_url(context, guide.slug),
                "Helpt dit u? Neem het voorstel dan aan. Helpt het niet, schrijf dan waarom. Dan zoeken wij verder.",
            ]
        ),
        legal_basis=_basis(shown),
        legal_date=case.law_date,
        conditions=shown.conditions or "Zie de ruimtewijzer.",
        who_acts=shown.who_decides,
        act_by=context.today + ACT_WITHIN,
        status=ProposalStatus.IN_REVIEW,
    )
    context.session.add(proposal)
    context.session.flush()
    return proposal


def _basis(shown: GuideVersion) -> str:
    """The rules that the page leans on, each once, as far as they fit."""
    cited = dict.fromkeys(
        f"{rule['title']}, {rule['article']}" if rule.get("article") else str(rule["title"]) for rule in shown.rules
    )
    text = "; ".join(cited)
    return text if len(text) <= BASIS_LENGTH else f"{text[: BASIS_LENGTH - 1]}…"
