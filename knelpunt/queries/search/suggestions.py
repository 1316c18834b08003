"""What suggestions read: the catalogue as the database has it, judged cases that share words, and what was said.

The number of candidates is cut off, so that the work does not grow with the number of cases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import AssessmentRole, SubmitterKind, Verdict
from knelpunt.models import Account, Assessment, Case, CaseSearch, Law, Provision, SuggestionFeedback
from knelpunt.queries.search.candidates import EVERY_CASE, newest_with_two, query_for_two

CANDIDATES = 80
LOOKED_AT = 240
"""So many of the newest cases that share words are looked at for judged ones, before anything else is read of them."""
NEWEST_FIELD = "situations"
"""Entries without it were written before suggestions read the catalogue."""
REAL_CASES_SET = "real-cases/"
"""What the import keys begin with of the real cases that ship with the project, which are examples already."""


@dataclass(slots=True)
class JudgedCase:
    """A case that somebody weighed, and all that was said of it. Laws and provisions by id."""

    case_id: int
    reference: str
    title: str
    law_date: date
    submitter_kind: SubmitterKind
    verdict: Verdict
    terms: frozenset[str]
    room: list[int] = field(default_factory=list)
    blocking: list[int] = field(default_factory=list)
    provisions: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    refused: list[tuple[int, RefusalReason]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """What somebody said of one suggestion at one case, and still holds."""

    id: int
    law_id: int | None
    provision_id: int | None
    situation: str | None
    rank: int
    decision: SuggestionDecision
    reason: RefusalReason | None
    decided_by: str | None
    decided_at: datetime


def catalogue_fields(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fields of every law and every provision, in the order of the catalogue.

    An entry that left the catalogue stays in the database with the fields of its time; it is not suggested.
    """
    laws = session.scalars(select(Law.details).where(Law.details.has_key(NEWEST_FIELD)).order_by(Law.position, Law.id))
    provisions = session.scalars(
        select(Provision.details)
        .join(Law)
        .where(Law.details.has_key(NEWEST_FIELD), Provision.details.has_key(NEWEST_FIELD))
        .order_by(Law.position, Law.id, Provision.position, Provision.id)
    )
    return list(laws), list(provisions)


def ids_by_key(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The ids of laws and of provisions by their key."""
    laws = session.execute(select(Law.key, Law.id).order_by(Law.id))
    provisions = session.execute(select(Provision.key, Provision.id).order_by(Provision.id))
    return {row.key: row.id for row in laws}, {row.key: row.id for row in provisions}


def _is_judged() -> ColumnElement[bool]:
    """Whether somebody weighed a case, or confirmed an answer for it."""
    weighed = exists().where(Assessment.case_id == Case.id, Assessment.withdrawn_at.is_(None))
    answered = exists().where(
        SuggestionFeedback.case_id == Case.id,
        SuggestionFeedback.withdrawn_at.is_(None),
        SuggestionFeedback.decision == SuggestionDecision.CONFIRMED,
        SuggestionFeedback.law_id.is_not(None),
    )
    return or_(weighed, answered)


def _candidates(*, is_common: bool) -> Select[*tuple[Any, ...]]:
    newest = newest_with_two(EVERY_CASE, LOOKED_AT, is_common=is_common).subquery("newest")
    return (
        select(
            Case.id,
            Case.reference,
            Case.title,
            Case.law_date,
            Case.submitter_kind,
            Case.verdict,
            func.tsvector_to_array(CaseSearch.terms, type_=ARRAY(String)).label("terms"),
        )
        .join(newest, newest.c.id == Case.id)
        .join(CaseSearch, CaseSearch.case_id == Case.id)
        .where(
            Case.id != bindparam("case_id", type_=BigInteger),
            or_(Case.import_key.is_(None), ~Case.import_key.startswith(REAL_CASES_SET)),
            _is_judged(),
        )
        .order_by(Case.id.desc())
        .limit(CANDIDATES)
    )


_OF_RARE_WORDS, _OF_COMMON_WORDS = _candidates(is_common=False), _candidates(is_common=True)


def judged_like(session: Session, words: Sequence[str], *, case_id: int = 0) -> tuple[JudgedCase, ...]:
    """Judged cases that share two of these words, in four statements; the real cases that ship are left out.

    Args:
        words: small queries, one per word, the most telling first.
        case_id: the case itself, which does not count.
    """
    if not words:
        return ()
    query, is_common = query_for_two(session, EVERY_CASE, words, LOOKED_AT)
    rows = session.execute(_OF_COMMON_WORDS if is_common else _OF_RARE_WORDS, {**query, "case_id": case_id}).all()
    found = {
        row.id: JudgedCase(
            row.id, row.reference, row.title, row.law_date, row.submitter_kind, row.verdict, frozenset(row.terms)
        )
        for row in sorted(rows, key=lambda row: row.id)
    }
    if found:
        _add_assessments(session, found)
        _add_feedback(session, found)
    return tuple(found.values())


def _add_assessments(session: Session, found: dict[int, JudgedCase]) -> None:
    rows = session.execute(
        select(Assessment.case_id, Assessment.role, Assessment.law_id, Assessment.provision_id)
        .where(Assessment.case_id.in_(list(found)), Assessment.withdrawn_at.is_(None))
        .order_by(Assessment.id)
    )
    for case_id, role, law_id, provision_id in rows:
        case = found[case_id]
        (case.room if role is AssessmentRole.OFFERS_ROOM else case.blocking).append(law_id)
        if provision_id is not None:
            case.provisions.append(provision_id)


def _add_feedback(session: Session, found: dict[int, JudgedCase]) -> None:
    rows = session.execute(
        select(
            SuggestionFeedback.case_id,
            SuggestionFeedback.law_id,
            SuggestionFeedback.provision_id,
            SuggestionFeedback.decision,
            SuggestionFeedback.reason,
        )
        .where(SuggestionFeedback.case_id.in_(list(found)), SuggestionFeedback.withdrawn_at.is_(None))
        .order_by(SuggestionFeedback.id)
    )
    for case_id, law_id, provision_id, decision, reason in rows:
        if provision_id is not None or law_id is None:
            continue
        if decision is SuggestionDecision.CONFIRMED:
            found[case_id].answers.append(law_id)
        elif reason is not None:
            found[case_id].refused.append((law_id, reason))


def numbers_of_real_cases(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The numbers under which real cases that ship with the project stand in the register, by their key."""
    wanted = [REAL_CASES_SET + key for key in keys]
    rows = session.execute(select(Case.import_key, Case.reference).where(Case.import_key.in_(wanted)))
    return {key.removeprefix(REAL_CASES_SET): reference for key, reference in rows if key is not None}


def key_of_case(session: Session, case_id: int) -> str | None:
    """The key of a case that is one of the real cases that ship with the project."""
    key = session.scalar(select(Case.import_key).where(Case.id == case_id))
    return key.removeprefix(REAL_CASES_SET) if key is not None and key.startswith(REAL_CASES_SET) else None


def situations_said(session: Session, case_id: int) -> tuple[str | None, frozenset[str]]:
    """The situation that somebody chose for a case, and those that were refused."""
    rows = session.execute(
        select(SuggestionFeedback.situation, SuggestionFeedback.decision).where(
            SuggestionFeedback.case_id == case_id,
            SuggestionFeedback.withdrawn_at.is_(None),
            SuggestionFeedback.situation.is_not(None),
        )
    ).all()
    chosen = next((row.situation for row in rows if row.decision is SuggestionDecision.CONFIRMED), None)
    return chosen, frozenset(row.situation for row in rows if row.decision is SuggestionDecision.REFUSED)


def feedback_on(session: Session, case_id: int) -> tuple[FeedbackRow, ...]:
    """What was said of the suggestions at a case and still holds, in the order in which it was said."""
    rows = session.execute(
        select(
            SuggestionFeedback.id,
            SuggestionFeedback.law_id,
            SuggestionFeedback.provision_id,
            SuggestionFeedback.situation,
            SuggestionFeedback.rank,
            SuggestionFeedback.decision,
            SuggestionFeedback.reason,
            Account.name,
            SuggestionFeedback.decided_at,
        )
        .outerjoin(Account, Account.id == SuggestionFeedback.decided_by_id)
        .where(SuggestionFeedback.case_id == case_id, SuggestionFeedback.withdrawn_at.is_(None))
        .order_by(SuggestionFeedback.id)
    )
    return tuple(FeedbackRow(*row) for row in rows)
