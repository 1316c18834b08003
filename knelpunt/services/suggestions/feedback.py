"""What people say of suggestions: only a person's confirmation makes a toets, and a refusal of a rule says why."""

import re

from sqlalchemy import select

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.history.records import COLLECTIVE_KEYS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import OPEN_STATUSES, AssessmentRole, EventKind
from knelpunt.models import Assessment, Case, Law, Provision, SuggestionFeedback
from knelpunt.services.cases import assessments
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

_WORD = re.compile(r"\w+")
HIGHEST_RANK = 1_000
ALREADY_SAID = "Over deze suggestie is bij deze zaak al iets gezegd."
WORDS_OF_THE_SYSTEM = "Dit zijn alleen de woorden van het systeem. Schrijf zelf wat deze bepaling in deze zaak doet."


def confirm_provision(
    context: Context,
    reference: str,
    version: int,
    provision_id: int,
    role: AssessmentRole,
    reasoning: str,
    *,
    rank: int,
    explanation: str = "",
) -> Assessment:
    """Make a toets out of a suggestion, in the words of a person.

    Args:
        rank: the place in which it was shown, 1 for the first.
        explanation: what the system said of it; a reasoning that is nothing but a piece of that is refused.
    Raises:
        DomainError: on ``reasoning``, for that; and whatever ``assessments.link_provision`` raises.
    """
    if _plain(reasoning) and _plain(reasoning) in _plain(explanation):
        raise DomainError(WORDS_OF_THE_SYSTEM, field="reasoning")
    assessment = assessments.link_provision(context, reference, version, provision_id, role, reasoning)
    earlier = _standing(context, assessment.case_id, assessment.law_id, provision_id)
    if earlier is not None:
        earlier.withdrawn_at = context.now
        context.session.flush()
    context.session.add(
        SuggestionFeedback(
            case_id=assessment.case_id,
            law_id=assessment.law_id,
            provision_id=provision_id,
            assessment_id=assessment.id,
            rank=_rank(rank),
            decision=SuggestionDecision.CONFIRMED,
            decided_by_id=context.actor.account_id,
            decided_at=context.now,
        )
    )
    return assessment


def confirm_answer(context: Context, reference: str, law_id: int, *, rank: int) -> None:
    """Say that no law is in the way but a local or European rule, or no rule at all. It makes no toets.

    Raises:
        NotFound: it is none of these answers.
        DomainError: the case is over, or this was said already.
    """
    case = _case(context, reference)
    key = context.session.scalar(select(Law.key).where(Law.id == law_id))
    if key not in COLLECTIVE_KEYS:
        raise NotFound()
    _say(context, case, law_id, None, rank, SuggestionDecision.CONFIRMED, None)


def refuse(
    context: Context, reference: str, law_id: int, provision_id: int | None, reason: RefusalReason, *, rank: int
) -> None:
    """Say that a suggested provision, or a law as a whole, does not fit, and why.

    Raises:
        NotFound: there is no such law or provision.
        DomainError: the case is over, or this was said already.
    """
    case = _case(context, reference)
    if provision_id is None:
        known = context.session.scalar(select(Law.id).where(Law.id == law_id))
    else:
        known = context.session.scalar(
            select(Provision.id).where(Provision.id == provision_id, Provision.law_id == law_id)
        )
    if known is None:
        raise NotFound()
    _say(context, case, law_id, provision_id, rank, SuggestionDecision.REFUSED, reason)


def choose_situation(context: Context, reference: str, situation: str, *, rank: int) -> None:
    """Say which situation a case is. One that was chosen before is given up; the ranking follows at once.

    Args:
        rank: the place in which it was shown; one that was picked from the list of all has the last.
    Raises:
        NotFound: there is no such situation.
        DomainError: the case is over, or this was said already.
    """
    _say_of_situation(context, reference, situation, rank, SuggestionDecision.CONFIRMED)


def refuse_situation(context: Context, reference: str, situation: str, *, rank: int) -> None:
    """Say that a case is not this situation. Raises as ``choose_situation`` does."""
    _say_of_situation(context, reference, situation, rank, SuggestionDecision.REFUSED)


def take_back(context: Context, reference: str, feedback_id: int) -> None:
    """Take back what was said of a suggestion; a toets that was made stays.

    Raises:
        NotFound: nothing of the kind stands with this case.
    """
    case = _case(context, reference)
    row = context.session.scalar(
        select(SuggestionFeedback)
        .where(
            SuggestionFeedback.id == feedback_id,
            SuggestionFeedback.case_id == case.id,
            SuggestionFeedback.withdrawn_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise NotFound()
    row.withdrawn_at = context.now
    events.record(context, EventKind.SUGGESTION_RESTORED, case=case, data=_data(row))


def _case(context: Context, reference: str) -> Case:
    may_triage = context.actor.can(Permission.TRIAGE_CASE)
    case = open_case(context, reference, Permission.TRIAGE_CASE if may_triage else Permission.HANDLE_CASE)
    if case.status not in OPEN_STATUSES:
        raise DomainError(assessments.CASE_IS_OVER)
    return case


def _say_of_situation(
    context: Context, reference: str, situation: str, rank: int, decision: SuggestionDecision
) -> None:
    case = _case(context, reference)
    if situation not in shipped_matcher().by_key:
        raise NotFound()
    standing = context.session.scalars(
        select(SuggestionFeedback).where(
            SuggestionFeedback.case_id == case.id,
            SuggestionFeedback.situation.is_not(None),
            SuggestionFeedback.withdrawn_at.is_(None),
        )
    ).all()
    if any(row.situation == situation and row.decision is decision for row in standing):
        raise DomainError(ALREADY_SAID)
    for row in standing:
        is_given_up = decision is SuggestionDecision.CONFIRMED and row.decision is SuggestionDecision.CONFIRMED
        if row.situation == situation or is_given_up:
            row.withdrawn_at = context.now
    context.session.flush()
    _add(
        context,
        case,
        SuggestionFeedback(
            case_id=case.id,
            situation=situation,
            rank=_rank(rank),
            decision=decision,
            decided_by_id=context.actor.account_id,
            decided_at=context.now,
        ),
    )


def _say(
    context: Context,
    case: Case,
    law_id: int,
    provision_id: int | None,
    rank: int,
    decision: SuggestionDecision,
    reason: RefusalReason | None,
) -> None:
    if _standing(context, case.id, law_id, provision_id) is not None:
        raise DomainError(ALREADY_SAID)
    row = SuggestionFeedback(
        case_id=case.id,
        law_id=law_id,
        provision_id=provision_id,
        rank=_rank(rank),
        decision=decision,
        reason=reason,
        decided_by_id=context.actor.account_id,
        decided_at=context.now,
    )
    _add(context, case, row)


def _add(context: Context, case: Case, row: SuggestionFeedback) -> None:
    context.session.add(row)
    context.session.flush()
    is_confirmed = row.decision is SuggestionDecision.CONFIRMED
    kind = EventKind.SUGGESTION_CONFIRMED if is_confirmed else EventKind.SUGGESTION_REFUSED
    events.record(context, kind, case=case, data=_data(row))


def _standing(context: Context, case_id: int, law_id: int, provision_id: int | None) -> SuggestionFeedback | None:
    return context.session.scalar(
        select(SuggestionFeedback).where(
            SuggestionFeedback.case_id == case_id,
            SuggestionFeedback.law_id == law_id,
            SuggestionFeedback.provision_id.is_not_distinct_from(provision_id),
            SuggestionFeedback.withdrawn_at.is_(None),
        )
    )


def _rank(rank: int) -> int:
    return max(1, min(rank, HIGHEST_RANK))


def _data(row: SuggestionFeedback) -> dict[str, object]:
    return {
        "suggestie": row.id,
        "wet": row.law_id,
        "bepaling": row.provision_id,
        "situatie": row.situation,
        "plaats": row.rank,
        "reden": row.reason.value if row.reason else None,
    }


def _plain(text: str) -> str:
    """The words of a text, without what stands between them."""
    return " ".join(_WORD.findall(text.casefold()))
