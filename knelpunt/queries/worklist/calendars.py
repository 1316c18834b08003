"""The terms that stand in somebody's calendar, and whose calendar a secret address opens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, String, literal, select, union_all
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.leave import covered_by
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    ActorKind,
    CaseStatus,
    PublicationStatus,
    ReferralStatus,
)
from knelpunt.models import (
    Account,
    CalendarAddress,
    Case,
    ClockPeriod,
    ClockSuspension,
    PublicText,
    Referral,
)
from knelpunt.queries.core.cases import joined_cases, visible_to
from knelpunt.queries.core.reference import reference

MOST_TERMS = 500
OF_THE_DESK = frozenset({Clock.K1, Clock.K2, Clock.K3, Clock.K4, Clock.K5, Clock.K8, Clock.CLOSING})
OF_SUBMITTERS = OF_THE_DESK | {Clock.K6}


@dataclass(frozen=True, slots=True)
class Term:
    """The last day of something in one case; ``number`` tells terms of one kind apart."""

    reference: str
    changed_at: datetime
    clock: Clock
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose calendar it is, and what the secret part of its address is made of."""

    actor: Actor
    nonce: str


def address_of(session: Session, account_id: int) -> CalendarAddress | None:
    """The address of somebody's calendar, when there is one."""
    return session.get(CalendarAddress, account_id)


def holder_of(session: Session, public_id: str) -> Holder | None:
    """The account with this calendar; None when there is none, or the account is closed."""
    row = session.execute(
        select(
            Account.id,
            Account.role,
            Account.organisation_id,
            CalendarAddress.nonce,
            joined_cases(Account.organisation_id).label("joined"),
        )
        .join(Account, Account.id == CalendarAddress.account_id)
        .where(CalendarAddress.public_id == public_id, Account.is_active)
    ).one_or_none()
    if row is None:
        return None
    cases = frozenset(row.joined or ())
    return Holder(Actor(ActorKind.ACCOUNT, row.id, row.role, row.organisation_id, joined_case_ids=cases), row.nonce)


def terms_for(session: Session, actor: Actor, today: date) -> list[Term]:
    """The running terms in the cases of an actor, the nearest first: for somebody at the desk in what he or she
    handles, also for a colleague who is away; for others in the cases that are theirs to see."""
    whose, clocks = visible_to(actor), OF_SUBMITTERS
    if actor.can(Permission.HANDLE_CASE):
        me = actor.account_id or 0
        handlers = {me, *covered_by(reference(session).leaves, me, today)}
        whose, clocks = Case.handler_id.in_(sorted(handlers)) & Case.status.in_(sorted(OPEN_STATUSES)), OF_THE_DESK
    rows = session.execute(_terms(whose, clocks))
    return [Term(row.reference, row.updated_at, Clock(row.clock), row.day, row.number) for row in rows]


def _terms(whose: ColumnElement[bool], clocks: Iterable[Clock]) -> CompoundSelect[Any]:
    stands_still = select(ClockSuspension.id).where(
        ClockSuspension.period_id == ClockPeriod.id, ClockSuspension.until_day.is_(None)
    )
    number = literal(0, Integer)
    found = union_all(
        select(
            Case.reference,
            Case.updated_at,
            ClockPeriod.clock.cast(String).label("clock"),
            ClockPeriod.due_on.label("day"),
            ClockPeriod.id.label("number"),
        )
        .join(ClockPeriod, ClockPeriod.case_id == Case.id)
        .where(
            whose,
            ClockPeriod.clock.in_(sorted(clocks)),
            ClockPeriod.stopped_on.is_(None),
            ClockPeriod.due_on.is_not(None),
            ~stands_still.exists(),
        ),
        select(Case.reference, Case.updated_at, literal(Clock.SUPPLEMENT.value), Case.suspended_until, number).where(
            whose, Case.status == CaseStatus.AWAITING_SUPPLEMENT, Case.suspended_until.is_not(None)
        ),
        select(Case.reference, Case.updated_at, literal(Clock.PREVIEW.value), PublicText.object_by, number)
        .join(PublicText, PublicText.case_id == Case.id)
        .where(whose, Case.publication == PublicationStatus.PREVIEW, PublicText.object_by.is_not(None)),
        select(Case.reference, Case.updated_at, literal(Clock.SHARING.value), Referral.answer_by, Referral.id)
        .join(Referral, Referral.case_id == Case.id)
        .where(whose, Referral.status == ReferralStatus.CONSENT_ASKED, Referral.answer_by.is_not(None)),
    )
    return found.order_by("day", "reference", "clock", "number").limit(MOST_TERMS)
