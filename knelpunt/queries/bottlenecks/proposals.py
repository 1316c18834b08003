"""Steps of rule bottlenecks that wait for a second person, or were decided; and cases under one that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.bottlenecks import (
    DECIDED_WITHIN,
    OPEN,
    STEP_WORDS,
    BottleneckProposalStatus,
    BottleneckStep,
    LinkStatus,
)
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.calendar.working_days import add_working_days
from knelpunt.models import Account, Bottleneck, BottleneckCase, BottleneckProposal, Case

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BottleneckProposalRow:
    """One step that waits or waited. ``reference`` and ``title`` are empty for the signal of a new bottleneck."""

    id: int
    bottleneck_id: int | None
    reference: str | None
    title: str | None
    step: BottleneckStep
    payload: dict[str, Any]
    status: BottleneckProposalStatus
    proposed_by_id: int
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    pass_reason: str | None

    @property
    def words(self) -> str:
        """What is asked, in a sentence."""
        return STEP_WORDS[self.step]

    @property
    def name(self) -> str:
        """What people call it in a list."""
        return self.title or str(self.payload.get("title") or "Nieuw regelknelpunt")


def one(session: Session, proposal_id: int) -> BottleneckProposalRow | None:
    """One proposal."""
    rows = _rows(session, BottleneckProposal.id == proposal_id)
    return rows[0] if rows else None


def waiting_of(session: Session, bottleneck_id: int) -> BottleneckProposalRow | None:
    """What waits for a second person at a bottleneck; never more than one."""
    rows = _rows(session, BottleneckProposal.bottleneck_id == bottleneck_id, _IS_OPEN)
    return rows[0] if rows else None


def to_review(session: Session, account_id: int | None) -> list[BottleneckProposalRow]:
    """What this account can decide about as a second person, the longest waiting first."""
    return _rows(session, _IS_OPEN, BottleneckProposal.proposed_by_id != (account_id or 0))


def asked_by(session: Session, account_id: int | None) -> list[BottleneckProposalRow]:
    """What this account asked for and waits, and what came back to it and was not asked again since."""
    again = aliased(BottleneckProposal)
    newer = (
        select(again.id)
        .where(
            again.bottleneck_id.is_not_distinct_from(BottleneckProposal.bottleneck_id), again.id > BottleneckProposal.id
        )
        .exists()
    )
    came_back = (BottleneckProposal.status == BottleneckProposalStatus.RETURNED) & ~newer
    return _rows(session, BottleneckProposal.proposed_by_id == (account_id or 0), _IS_OPEN | came_back)


@dataclass(frozen=True, slots=True)
class CaseToDecide:
    """A case that somebody put under a rule bottleneck, and its owner has not taken in yet; or one that was taken in,
    and since ``found_at`` something public points at people round it that nobody let stand."""

    reference: str
    title: str
    municipality_id: int | None
    bottleneck: str
    bottleneck_title: str
    why: str | None
    linked_at: datetime
    found_at: datetime | None

    @property
    def decide_by(self) -> date:
        """The last day to decide; a day later the heads of the desk hear of it."""
        return add_working_days(nl_day(self.found_at or self.linked_at), DECIDED_WITHIN)


_WAITS = BottleneckCase.found_at.is_not(None) | (
    (BottleneckCase.status == LinkStatus.PROPOSED) & Bottleneck.status.in_(sorted(OPEN))
)
_SINCE = func.coalesce(BottleneckCase.found_at, BottleneckCase.linked_at)


def waiting_since_before(moment: datetime) -> Select[int]:
    """The rule bottlenecks with a case about which nobody decided since before this moment."""
    return (
        select(Bottleneck.id)
        .join(BottleneckCase, BottleneckCase.bottleneck_id == Bottleneck.id)
        .where(_WAITS, moment > _SINCE)
        .distinct()
        .order_by(Bottleneck.id)
    )


def waiting_links(session: Session, bottleneck_id: int) -> Sequence[BottleneckCase]:
    """The cases that wait under one bottleneck, the longest waiting first."""
    return session.scalars(
        select(BottleneckCase)
        .join(Bottleneck, Bottleneck.id == BottleneckCase.bottleneck_id)
        .where(_WAITS, Bottleneck.id == bottleneck_id)
        .order_by(_SINCE, BottleneckCase.case_id)
    ).all()


def cases_to_decide(session: Session, owner_id: int | None) -> list[CaseToDecide]:
    """The cases that wait for this owner, or for any when None; the longest waiting first."""
    columns: tuple[Any, ...] = (
        Case.reference,
        Case.title,
        Case.municipality_id,
        Bottleneck.reference,
        Bottleneck.title,
        BottleneckCase.why,
        BottleneckCase.linked_at,
        BottleneckCase.found_at,
    )
    statement = (
        select(*columns)
        .join(BottleneckCase, BottleneckCase.case_id == Case.id)
        .join(Bottleneck, Bottleneck.id == BottleneckCase.bottleneck_id)
        .where(_WAITS)
        .order_by(BottleneckCase.linked_at, Case.id)
        .limit(MOST_SHOWN)
    )
    if owner_id is not None:
        statement = statement.where(Bottleneck.owner_id == owner_id)
    return [CaseToDecide(*row) for row in session.execute(statement)]


_IS_OPEN: ColumnElement[bool] = BottleneckProposal.status == BottleneckProposalStatus.OPEN


def _rows(session: Session, *which: ColumnElement[bool]) -> list[BottleneckProposalRow]:
    proposer, decider = aliased(Account), aliased(Account)
    columns: tuple[Any, ...] = (
        BottleneckProposal.id,
        BottleneckProposal.bottleneck_id,
        Bottleneck.reference,
        Bottleneck.title,
        BottleneckProposal.step,
        BottleneckProposal.payload,
        BottleneckProposal.status,
        BottleneckProposal.proposed_by_id,
        proposer.name,
        BottleneckProposal.proposed_at,
        decider.name,
        BottleneckProposal.decided_at,
        BottleneckProposal.note,
        BottleneckProposal.pass_reason,
    )
    rows = session.execute(
        select(*columns)
        .join(proposer, proposer.id == BottleneckProposal.proposed_by_id)
        .outerjoin(decider, decider.id == BottleneckProposal.decided_by_id)
        .outerjoin(Bottleneck, Bottleneck.id == BottleneckProposal.bottleneck_id)
        .where(*which)
        .order_by(BottleneckProposal.id)
        .limit(MOST_SHOWN)
    )
    return [BottleneckProposalRow(*row) for row in rows]
