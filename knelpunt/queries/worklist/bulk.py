"""Acts on several cases: how the cases stand for one, and the act as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, false, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import BulkKind, BulkOutcome, CaseStatus, Priority, Reach
from knelpunt.models import (
    Assessment,
    Bottleneck,
    BottleneckCase,
    BottleneckProvision,
    BulkAct,
    BulkCase,
    Case,
    CaseLabel,
    Provision,
)
from knelpunt.queries.core.cases import visible_to


@dataclass(frozen=True, slots=True)
class Standing:
    """How one case stands for an act on several."""

    id: int
    status: CaseStatus
    version: int
    handler_id: int | None
    first_handler_id: int | None
    priority: Priority
    has_label: bool
    is_linked: bool
    shares_law: bool


def standing_of(
    session: Session, actor: Actor, case_ids: Sequence[int], label_id: int | None, bottleneck_id: int | None
) -> list[Standing]:
    """The cases that this actor may know of, in the order given. ``label_id`` and ``bottleneck_id``: what is asked."""
    laws = (
        select(Provision.law_id)
        .join(BottleneckProvision, BottleneckProvision.provision_id == Provision.id)
        .where(BottleneckProvision.bottleneck_id == bottleneck_id)
    )
    is_linked = exists().where(
        BottleneckCase.case_id == Case.id,
        BottleneckCase.bottleneck_id == bottleneck_id,
        BottleneckCase.status != LinkStatus.REFUSED,
    )
    shares = exists().where(
        Assessment.case_id == Case.id, Assessment.withdrawn_at.is_(None), Assessment.law_id.in_(laws)
    )
    rows = session.execute(
        select(
            Case.id,
            Case.status,
            Case.version,
            Case.handler_id,
            Case.first_handler_id,
            Case.priority,
            exists().where(CaseLabel.case_id == Case.id, CaseLabel.label_id == label_id) if label_id else false(),
            is_linked if bottleneck_id else false(),
            shares if bottleneck_id else false(),
        ).where(Case.id.in_(case_ids), visible_to(actor))
    )
    found = {row[0]: Standing(*row) for row in rows}
    return [found[case_id] for case_id in dict.fromkeys(case_ids) if case_id in found]


def ids_of(session: Session, actor: Actor, references: Sequence[str]) -> list[int]:
    """The cases with these numbers that this actor may know of, in the order given."""
    rows = session.execute(select(Case.reference, Case.id).where(Case.reference.in_(references), visible_to(actor)))
    found = {row[0]: row[1] for row in rows}
    return [found[each] for each in dict.fromkeys(references) if each in found]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that was chosen for an act."""

    id: int
    reference: str
    title: str
    status: CaseStatus
    handler_id: int | None


def chosen(session: Session, actor: Actor, case_ids: Sequence[int]) -> list[Chosen]:
    """What was chosen, in the order given, as far as this actor may know of it."""
    rows = session.execute(
        select(Case.id, Case.reference, Case.title, Case.status, Case.handler_id).where(
            Case.id.in_(case_ids), visible_to(actor)
        )
    )
    found = {row[0]: Chosen(*row) for row in rows}
    return [found[case_id] for case_id in dict.fromkeys(case_ids) if case_id in found]


@dataclass(frozen=True, slots=True)
class ActRow:
    """One case of an act."""

    case_id: int
    reference: str
    title: str
    status: CaseStatus
    handler_id: int | None
    organisation_id: int | None
    has_changed: bool
    """Since the preview, while nothing was done yet."""
    left_out: str | None
    reach: Reach | None
    outcome: BulkOutcome | None
    remark: str | None
    undo_outcome: BulkOutcome | None
    undo_remark: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """An act on several cases, as its page shows it."""

    id: int
    kind: BulkKind
    handler_id: int | None
    label_id: int | None
    bottleneck_id: int | None
    bottleneck: str | None
    bottleneck_title: str | None
    priority: Priority | None
    body: str | None
    confirmed_at: datetime | None
    undone_at: datetime | None
    finished_at: datetime | None
    rows: tuple[ActRow, ...]

    @property
    def taking_part(self) -> list[ActRow]:
        return [row for row in self.rows if row.left_out is None]

    @property
    def left_out(self) -> list[ActRow]:
        return [row for row in self.rows if row.left_out is not None]

    @property
    def done(self) -> list[ActRow]:
        return [row for row in self.rows if row.outcome is BulkOutcome.DONE]

    @property
    def skipped(self) -> list[ActRow]:
        return [row for row in self.rows if row.outcome is BulkOutcome.SKIPPED]

    @property
    def put_back(self) -> list[ActRow]:
        return [row for row in self.rows if row.undo_outcome is BulkOutcome.DONE]

    @property
    def not_put_back(self) -> list[ActRow]:
        return [row for row in self.rows if row.undo_outcome is BulkOutcome.SKIPPED]

    @property
    def reached(self) -> dict[Reach, int]:
        """How many submitters hear of it in which way."""
        counts = dict.fromkeys(Reach, 0)
        for row in self.taking_part:
            if row.reach is not None:
                counts[row.reach] += 1
        return {reach: count for reach, count in counts.items() if count}


def act_of(session: Session, actor: Actor, bulk_id: int) -> Act:
    """One act of this actor. Two statements. Raises NotFound."""
    columns: tuple[Any, ...] = (
        BulkAct.id,
        BulkAct.kind,
        BulkAct.handler_id,
        BulkAct.label_id,
        BulkAct.bottleneck_id,
        Bottleneck.reference,
        Bottleneck.title,
        BulkAct.priority,
        BulkAct.body,
        BulkAct.confirmed_at,
        BulkAct.undone_at,
        BulkAct.finished_at,
    )
    head = session.execute(
        select(*columns)
        .outerjoin(Bottleneck, Bottleneck.id == BulkAct.bottleneck_id)
        .where(BulkAct.id == bulk_id, BulkAct.author_id == actor.account_id)
    ).first()
    if head is None:
        raise NotFound()
    rows = session.execute(
        select(
            Case.id,
            Case.reference,
            Case.title,
            Case.status,
            Case.handler_id,
            Case.organisation_id,
            (Case.version != BulkCase.version) & BulkCase.outcome.is_(None),
            BulkCase.left_out,
            BulkCase.reach,
            BulkCase.outcome,
            BulkCase.remark,
            BulkCase.undo_outcome,
            BulkCase.undo_remark,
        )
        .join(Case, Case.id == BulkCase.case_id)
        .where(BulkCase.bulk_id == bulk_id)
        .order_by(BulkCase.place)
    )
    return Act(*(*head, tuple(ActRow(*tuple(row)) for row in rows)))
