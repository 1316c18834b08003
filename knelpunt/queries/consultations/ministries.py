"""What is with one ministry: its questions, the rules they are about, and the rule bottlenecks that it owns."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import MOVING, BottleneckStatus
from knelpunt.domain.vocabulary import ConsultationStatus
from knelpunt.models import Bottleneck, Case, Consultation, Law, Provision

SHOWN = 50
RULES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OwnedBottleneck:
    reference: str
    title: str
    status: BottleneckStatus
    signalled_on: date
    in_force_on: date | None
    news_due_on: date | None


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question that waits, for staff; ``asked_at`` is in UTC."""

    reference: str
    article: str
    asked_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A provision about which a ministry was asked, and how often."""

    law: str
    law_key: str
    provision_key: str
    instrument: str
    times: int


def bottlenecks_by_ministry(session: Session) -> dict[int, int]:
    """How many rule bottlenecks each ministry owns that have not moved yet."""
    rows = session.execute(
        select(Bottleneck.ministry_id, func.count())
        .where(Bottleneck.ministry_id.is_not(None), Bottleneck.status.in_(sorted(MOVING)))
        .group_by(Bottleneck.ministry_id)
    )
    return {ministry_id: count for ministry_id, count in rows if ministry_id is not None}


def owned_bottlenecks(session: Session, ministry_id: int) -> list[OwnedBottleneck]:
    """The rule bottlenecks that a ministry owns, the newest first."""
    columns = (Bottleneck.reference, Bottleneck.title, Bottleneck.status, Bottleneck.signalled_on)
    rows = session.execute(
        select(*columns, Bottleneck.in_force_on, Bottleneck.news_due_on)
        .where(Bottleneck.ministry_id == ministry_id, Bottleneck.status != BottleneckStatus.MERGED)
        .order_by(Bottleneck.signalled_on.desc(), Bottleneck.id.desc())
        .limit(SHOWN)
    )
    return [OwnedBottleneck(*row) for row in rows]


def waiting_questions(session: Session, ministry_id: int) -> list[WaitingQuestion]:
    """What waits for an answer of a ministry, what is due first on top."""
    rows = session.execute(
        select(Case.reference, Consultation.article, Consultation.asked_at, Consultation.due_on)
        .join(Case, Case.id == Consultation.case_id)
        .where(Consultation.ministry_id == ministry_id, Consultation.status == ConsultationStatus.OPEN)
        .order_by(Consultation.due_on, Consultation.id)
        .limit(SHOWN)
    )
    return [WaitingQuestion(*row) for row in rows]


def asked_rules(session: Session, ministry_id: int) -> list[AskedRule]:
    """The provisions about which a ministry was asked most."""
    times = func.count()
    rows = session.execute(
        select(Law.citation_title, Law.key, Provision.key, Provision.instrument, times)
        .select_from(Consultation)
        .join(Provision, Provision.id == Consultation.provision_id)
        .join(Law, Law.id == Provision.law_id)
        .where(Consultation.ministry_id == ministry_id)
        .group_by(Law.citation_title, Law.key, Provision.key, Provision.instrument, Provision.id)
        .order_by(times.desc(), Provision.id)
        .limit(RULES_SHOWN)
    )
    return [AskedRule(*row) for row in rows]
