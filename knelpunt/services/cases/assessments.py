"""The toets: a case weighed against a rule that held on its day, and taken back again."""

from sqlalchemy import case as sql_case
from sqlalchemy import select

from knelpunt.domain.cases.grounds import why_not
from knelpunt.domain.errors import DomainError, NotFound, NotValidOnDate
from knelpunt.domain.laws.articles import article_key, article_named
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import OPEN_STATUSES, AssessmentRole, CaseStatus, EventKind
from knelpunt.models import Assessment, Case
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import LINKABLE, Alternative, LawLink, ProvisionSummary
from knelpunt.services.cases import reviews
from knelpunt.services.cases.workflow import grounds, open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

BY_DESK = "toets"
"""The ``basis`` of a link that the desk made; imported history has other words there."""
MOST_OFFERED = 5
LONGEST_ARTICLE = 200
CASE_IS_OVER = "Deze zaak is niet meer open."
_WHEN = {Standing.ENDED: "gold niet meer", Standing.NOT_YET: "gold nog niet"}
RESTS_ON_IT = (
    "De indiener heeft een voorstel met dit oordeel, en het oordeel steunt op deze regel. Koppel eerst een andere, of "
    "wijzig het oordeel in ‘nog onbeslist’."
)
LAST_PROVISION = (
    "Dit is de enige regel bij deze zaak, en het oordeel steunt erop. Koppel eerst een andere, of wijzig het oordeel "
    "in ‘nog onbeslist’."
)


def link_provision(
    context: Context, reference: str, version: int, provision_id: int, role: AssessmentRole, reasoning: str
) -> Assessment:
    """Link a provision of the catalogue that held on the day of the case.

    Raises:
        NotValidOnDate: it did not hold on that day; ``alternatives`` are the provisions that did.
        DomainError: the case is over, waits for a reviewer, or has this link already; the reasoning is missing.
    """
    case = _case_to_weigh(context, reference, version)
    try:
        provision = laws.provision_on(context.session, provision_id, case.law_date)
    except NotFound:
        raise DomainError("Kies een bepaling uit de lijst.", field="provision_id") from None
    if not provision.is_linkable:
        alternatives = laws.alternatives(context.session, provision_id, case.law_date)
        raise NotValidOnDate(
            _why_not(provision) + _offer(alternatives), field="provision_id", alternatives=alternatives
        )
    return _link(
        context, case, role, reasoning, law_id=provision.law_id, provision_id=provision_id, article=provision.article
    )


def link_article(
    context: Context, reference: str, version: int, law_id: int, article: str, role: AssessmentRole, reasoning: str
) -> Assessment:
    """Link a rule that is not a provision of the catalogue: an article of a law that was in force, or a local rule.

    Raises:
        NotValidOnDate: the law was not in force on the day of the case; ``alternatives`` are the laws that were.
        DomainError: as for ``link_provision``, or the article is missing.
    """
    case = _case_to_weigh(context, reference, version)
    article = article_named(article)
    if not article:
        raise DomainError("Noem het artikel of de regel.", field="article")
    if len(article) > LONGEST_ARTICLE:
        raise DomainError(f"Noem het artikel of de regel in ten hoogste {LONGEST_ARTICLE} tekens.", field="article")
    try:
        law = laws.law_on(context.session, law_id, case.law_date)
    except NotFound:
        raise DomainError("Kies een wet uit de lijst.", field="law_id") from None
    if law.key == NO_RULE:
        raise DomainError("Kies de wet of de soort regel waar het om gaat.", field="law_id")
    if law.standing not in LINKABLE:
        others = laws.law_alternatives(context.session, law.key, case.law_date)
        raise NotValidOnDate(_why_not_law(law, case) + _offer_laws(others), field="law_id", alternatives=others)
    return _link(context, case, role, reasoning, law_id=law_id, provision_id=None, article=article)


def withdraw_assessment(context: Context, reference: str, assessment_id: int, version: int) -> None:
    """Take a link back. It stays in the file as withdrawn.

    Raises:
        DomainError: the verdict of the case rests on this one link, or what was proposed does on what it says; the case
            is over or waits for a reviewer.
    """
    case = _case_to_weigh(context, reference, version)
    active = list(
        context.session.scalars(
            select(Assessment)
            .where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
            .order_by(Assessment.id)
        )
    )
    assessment = next((one for one in active if one.id == assessment_id), None)
    if assessment is None:
        raise DomainError("Deze regel is al losgekoppeld.")
    stands_in = case.status_before_supplement or case.status
    is_judged = stands_in not in (CaseStatus.SUBMITTED, CaseStatus.IN_TRIAGE)
    if len(active) == 1 and is_judged and not case.no_provision_reason:
        raise DomainError(LAST_PROVISION)
    did_fit = why_not(case.verdict, grounds(context.session, case.id)) is None
    with context.session.begin_nested():
        assessment.withdrawn_at = context.now
        _settle(context, case)
        if stands_in is CaseStatus.PROPOSED and did_fit and why_not(case.verdict, grounds(context.session, case.id)):
            raise DomainError(RESTS_ON_IT)
    events.record(context, EventKind.PROVISION_UNLINKED, case=case, data=_ids(assessment))


def _case_to_weigh(context: Context, reference: str, version: int) -> Case:
    may_triage = context.actor.can(Permission.TRIAGE_CASE)
    permission = Permission.TRIAGE_CASE if may_triage else Permission.HANDLE_CASE
    case = open_case(context, reference, permission, version=version)
    if case.status not in OPEN_STATUSES:
        raise DomainError(CASE_IS_OVER)
    reviews.require_none_open(context, case)
    return case


def _link(
    context: Context,
    case: Case,
    role: AssessmentRole,
    reasoning: str,
    *,
    law_id: int,
    provision_id: int | None,
    article: str,
) -> Assessment:
    reasoning = reasoning.strip()
    if not reasoning:
        raise DomainError("Leg uit wat deze regel in deze zaak doet.", field="reasoning")
    known = context.session.scalars(
        select(Assessment.article).where(
            Assessment.case_id == case.id,
            Assessment.law_id == law_id,
            Assessment.provision_id.is_not_distinct_from(provision_id),
            Assessment.role == role,
            Assessment.withdrawn_at.is_(None),
        )
    )
    if article_key(article) in {article_key(each or "") for each in known}:
        raise DomainError("Deze regel staat al bij deze zaak, met dezelfde rol.")
    assessment = Assessment(
        case_id=case.id,
        law_id=law_id,
        provision_id=provision_id,
        article=article,
        role=role,
        on_date=case.law_date,
        reasoning=reasoning,
        basis=BY_DESK,
        author_id=context.actor.account_id,
        made_at=context.now,
    )
    context.session.add(assessment)
    _settle(context, case)
    events.record(context, EventKind.PROVISION_LINKED, case=case, data=_ids(assessment))
    return assessment


def _settle(context: Context, case: Case) -> None:
    """Let the case count under the law that blocks it first, else the law that offers room first."""
    context.session.flush()
    blocking_first = sql_case((Assessment.role == AssessmentRole.BLOCKS, 0), else_=1)
    case.main_law_id = context.session.scalar(
        select(Assessment.law_id)
        .where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))
        .order_by(blocking_first, Assessment.id)
        .limit(1)
    )
    case.updated_at = context.now


def _ids(assessment: Assessment) -> dict[str, object]:
    return {
        "toets": assessment.id,
        "wet": assessment.law_id,
        "bepaling": assessment.provision_id,
        "rol": assessment.role.value,
        "op_datum": assessment.on_date.isoformat(),
    }


def _why_not(provision: ProvisionSummary) -> str:
    """Why it cannot be linked: when it did hold."""
    name = f"{provision.citation} ({provision.instrument})"
    return f"{name} {_WHEN[provision.standing]} op {date_in_words(provision.on)}. Geldig: {provision.period}."


def _why_not_law(law: LawLink, case: Case) -> str:
    name = f"De {law.citation_title}"
    return f"{name} {_WHEN[law.standing]} op {date_in_words(case.law_date)}. In werking: {law.period}."


def _offer(alternatives: tuple[Alternative, ...]) -> str:
    if not alternatives:
        return " De catalogus noemt geen bepaling die op die dag in de plaats gold."
    names = [f"{one.provision.citation} ({one.provision.instrument})" for one in alternatives[:MOST_OFFERED]]
    intro = "Uit de wetten ervoor of erna gold toen wel" if alternatives[0].is_through_law else "Op die dag gold wel"
    return f" {intro}: {'; '.join(names)}."


def _offer_laws(others: tuple[LawLink, ...]) -> str:
    return f" Op die dag gold wel: {', '.join(law.citation_title for law in others[:MOST_OFFERED])}." if others else ""
