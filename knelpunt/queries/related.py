"""Which cases belong to a case, and which are like it. For staff, who may read every case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case as sql_case
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import CaseLinkKind, CaseStatus, Result
from knelpunt.models import Bottleneck, Case, CaseLink
from knelpunt.queries import search
from knelpunt.queries.cases import visible_to

SHOWN = 8


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """A linked case. ``is_towards`` tells that the link leads from the case itself to this one."""

    reference: str
    title: str
    status: CaseStatus
    result: Result | None
    kind: CaseLinkKind
    is_towards: bool


def related_cases(session: Session, case_id: int) -> tuple[RelatedCase, ...]:
    """The cases that are linked to a case, the latest link first."""
    is_towards = CaseLink.case_id == case_id
    rows = session.execute(
        select(Case.reference, Case.title, Case.status, Case.result, CaseLink.kind, is_towards)
        .join(CaseLink, Case.id == sql_case((is_towards, CaseLink.other_id), else_=CaseLink.case_id))
        .where(or_(CaseLink.case_id == case_id, CaseLink.other_id == case_id))
        .order_by(CaseLink.linked_at.desc(), Case.id)
    )
    return tuple(RelatedCase(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class NamedPage:
    """Another case or a rule bottleneck, as a line of the file names it, with the address of its page."""

    path: str
    reference: str
    title: str


def named_cases(session: Session, actor: Actor, case_ids: Collection[int]) -> dict[int, NamedPage]:
    """Those of these cases that the actor may read, by id; no statement when there are none."""
    if not case_ids:
        return {}
    rows = session.execute(
        select(Case.id, Case.reference, Case.title)
        .where(Case.id.in_(sorted(case_ids)), visible_to(actor))
        .order_by(Case.id)
    )
    return {id_: NamedPage(f"/zaken/{reference}", reference, title) for id_, reference, title in rows}


def named_bottlenecks(session: Session, bottleneck_ids: Collection[int]) -> dict[int, NamedPage]:
    """These rule bottlenecks, which everybody may read, by id; no statement when there are none."""
    if not bottleneck_ids:
        return {}
    rows = session.execute(
        select(Bottleneck.id, Bottleneck.reference, Bottleneck.title)
        .where(Bottleneck.id.in_(sorted(bottleneck_ids)))
        .order_by(Bottleneck.id)
    )
    return {id_: NamedPage(f"/regelknelpunten/{reference}", reference, title) for id_, reference, title in rows}


def similar_files(session: Session, actor: Actor, reference: str, words: Sequence[str]) -> list[search.FoundCase]:
    """The cases that share most words with a case, itself left out."""
    found = search.permitted_cases(session, actor, words, SHOWN + 1)
    return [each for each in found if each.reference != reference][:SHOWN]
