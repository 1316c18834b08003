"""What stands in the way of sealing a quarter, and what was sealed."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.figures.ledger import unknown_to
from knelpunt.domain.figures.sealing import LATER_IS_SEALED, Check, SealingStatus, digest, previous_first
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    CaseStatus,
    Channel,
    ConsultationStatus,
    PublicationStatus,
    ReferralStatus,
    Verdict,
)
from knelpunt.models import (
    Case,
    Consultation,
    DefinitionAgreement,
    Event,
    MinistryReply,
    QuarterErratum,
    QuarterSeal,
    QuarterSealing,
    Referral,
)
from knelpunt.queries.figures.afterwards import Afterwards
from knelpunt.queries.figures.counts import QuarterFigures
from knelpunt.queries.figures.editions import first_own_quarter
from knelpunt.queries.figures.ledger import QuarterReport, compared, report_of, two_years_to
from knelpunt.queries.figures.series import QuarterCount

Value = TypeVar("Value")
SILENT_AFTER = timedelta(days=30)
SHOWN = 50
"""So many cases a check names; the number is of all."""


class _Read(Generic[Value]):
    """What was worked out from seals, kept in this process by their checksum: a seal never changes, and of a text with
    another checksum nothing is kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[str, Value] = {}

    def get(self, sha256: str) -> Value | None:
        return self._found.get(sha256)

    def keep(self, sha256: str, text: str, value: Value) -> None:
        if digest(text) != sha256:
            return
        while len(self._found) >= self._most:
            self._found.pop(next(iter(self._found)), None)
        self._found[sha256] = value


_REPORTS: _Read[QuarterReport] = _Read(6)
_COUNTS: _Read[QuarterCount] = _Read(64)


@dataclass(frozen=True, slots=True)
class Found:
    """The cases that a check finds: how many, and the first of them by reference."""

    check: Check
    count: int
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed quarter with its corrections; ``report`` holds the figures as they were sealed."""

    quarter: Quarter
    text: str
    sha256: str
    sealed_at: datetime
    asked_by_id: int | None
    sealed_by_id: int | None
    errata: tuple[QuarterErratum, ...]

    @property
    def is_reconstructed(self) -> bool:
        """Whether nobody sealed it: it was put together after the fact."""
        return self.sealed_by_id is None

    @property
    def content(self) -> dict[str, Any]:
        """What the text holds."""
        held: dict[str, Any] = json.loads(self.text)
        return held

    @property
    def report(self) -> QuarterReport:
        found = _REPORTS.get(self.sha256)
        if found is None:
            found = report_of(self.content)
            _REPORTS.keep(self.sha256, self.text, found)
        return found


def checks(session: Session, quarter: Quarter, today: date) -> list[Found]:
    """What each check finds, one statement each."""
    return [_found(session, check, quarter, today) for check in Check]


def _found(session: Session, check: Check, quarter: Quarter, today: date) -> Found:
    rows = session.execute(_cases(check, quarter, today).add_columns(func.count().over()).limit(SHOWN)).all()
    return Found(check, rows[0][1] if rows else 0, tuple(row[0] for row in rows))


def _cases(check: Check, quarter: Quarter, today: date) -> Select[str]:
    cases = select(Case.reference).order_by(Case.reference)
    is_open = Case.status.in_(sorted(OPEN_STATUSES))
    in_quarter = Case.closed_on.between(quarter.first_day, quarter.last_day)
    is_closed = Case.status == CaseStatus.CLOSED
    is_own = Case.channel != Channel.IMPORT
    match check:
        case Check.NO_OWNER:
            return cases.where(is_open, Case.handler_id.is_(None), Case.filed_on <= quarter.last_day)
        case Check.NO_VERDICT:
            return cases.where(is_closed, in_quarter, is_own, Case.verdict == Verdict.UNDECIDED)
        case Check.CONSULTATION_LATE:
            late = select(Consultation.id).where(
                Consultation.case_id == Case.id,
                Consultation.status == ConsultationStatus.OPEN,
                Consultation.due_on < today,
            )
            return cases.where(is_open, late.exists())
        case Check.NO_CONSENT:
            asked = select(Referral.id).where(
                Referral.case_id == Case.id, Referral.status == ReferralStatus.CONSENT_ASKED
            )
            untold = and_(is_closed, in_quarter, is_own, ~Case.may_publish)
            return cases.where(or_(untold, and_(is_open, Case.filed_on <= quarter.last_day, asked.exists())))
        case Check.NOT_PUBLIC:
            not_yet = Case.publication.in_([PublicationStatus.INTERNAL, PublicationStatus.PREVIEW])
            return cases.where(is_closed, in_quarter, is_own, Case.may_publish, not_yet)
        case Check.SILENT:
            last = select(func.max(Event.happened_on)).where(Event.case_id == Case.id).scalar_subquery()
            return cases.where(is_open, last < today - SILENT_AFTER)


def beside_sealed(session: Session, report: QuarterReport) -> QuarterReport:
    """A report whose comparisons are those that were sealed, where they were; in one statement, and one
    more for seals that this process did not read yet."""
    quarter = report.now.span.quarter
    _now, before, year = compared(quarter)
    counts, reports = _as_sealed(session, two_years_to(quarter), quarter.previous(), {before, year})
    as_it_was, a_year_ago = reports.get(before), reports.get(year)
    return replace(
        report,
        before=_with_later_splits(as_it_was, report.before) if as_it_was else report.before,
        after_before=_with_later_effects(as_it_was, report.after_before) if as_it_was else report.after_before,
        year=_with_later_splits(a_year_ago, report.year) if a_year_ago else report.year,
        quarters=[counts.get(each.quarter, each) for each in report.quarters],
    )


def _with_later_effects(as_it_was: QuarterReport, now: Afterwards) -> Afterwards:
    """What came after closing as it was sealed, with what second looks changed as now where the seal tells nothing."""
    return as_it_was.after if as_it_was.after.effects is not None else replace(as_it_was.after, effects=now.effects)


def _with_later_splits(as_it_was: QuarterReport, now: QuarterFigures | None) -> QuarterFigures:
    """The figures of a quarter as they were sealed, split as now by what the rules of that seal did not know yet."""
    later = unknown_to(as_it_was.version)
    if now is None or not later:
        return as_it_was.now
    counts = {
        figure: replace(
            count, by={**count.by, **{split: sides for split, sides in now.counts[figure].by.items() if split in later}}
        )
        for figure, count in as_it_was.now.counts.items()
    }
    return replace(as_it_was.now, counts=counts)


def _as_sealed(
    session: Session, first: Quarter, last: Quarter, whole: Collection[Quarter]
) -> tuple[dict[Quarter, QuarterCount], dict[Quarter, QuarterReport]]:
    """The counts of the quarters that were sealed, from the first to the last, and the reports of the asked ones."""
    between = QuarterSeal.quarter.between(first.first_day, last.first_day)
    rows = session.execute(select(QuarterSeal.quarter, QuarterSeal.sha256).where(between))
    sums = {quarter_of(day): sha256 for day, sha256 in rows}
    counts = {quarter: count for quarter, sha256 in sums.items() if (count := _COUNTS.get(sha256))}
    reports = {quarter: told for quarter in whole if (told := _REPORTS.get(sums.get(quarter, "")))}
    unread = [quarter for quarter in sums if quarter not in counts or (quarter in whole and quarter not in reports)]
    if not unread:
        return counts, reports
    days = [quarter.first_day for quarter in unread]
    for day, text in session.execute(
        select(QuarterSeal.quarter, QuarterSeal.content).where(QuarterSeal.quarter.in_(days))
    ):
        quarter, content = quarter_of(day), json.loads(text)
        counts[quarter] = QuarterCount(quarter, *content["kwartalen"][-1][1:])
        _COUNTS.keep(sums[quarter], text, counts[quarter])
        if quarter in whole:
            reports[quarter] = report_of(content)
            _REPORTS.keep(sums[quarter], text, reports[quarter])
    return counts, reports


def seal_of(session: Session, quarter: Quarter) -> Seal | None:
    """The seal of a quarter, if it has one."""
    row = session.get(QuarterSeal, quarter.first_day)
    if row is None:
        return None
    errata = session.scalars(
        select(QuarterErratum).where(QuarterErratum.quarter == row.quarter).order_by(QuarterErratum.number)
    ).all()
    return Seal(
        quarter,
        row.content,
        row.sha256,
        row.sealed_at,
        row.asked_by_id,
        row.sealed_by_id,
        tuple(errata),
    )


def out_of_order(session: Session, quarter: Quarter) -> Text | None:
    """Why a quarter is not the next to be sealed; None when it is."""
    first, previous = first_own_quarter(session), quarter.previous()
    if (first is None or quarter < first) and comes_after_a_later(session, quarter):
        return LATER_IS_SEALED
    if first is None or quarter <= first or session.get(QuarterSeal, previous.first_day) is not None:
        return None
    return previous_first(previous)


def comes_after_a_later(session: Session, quarter: Quarter) -> bool:
    """Whether two persons sealed a later quarter before this one: a case on paper turned up that is older than the
    first quarter of the desk.

    What an edition hides is chosen with all that was published before it. This one would come in between, so that it
    tells the totals of the country alone, which are told of every quarter anyway.
    """
    own = select(QuarterSeal.sealed_at).where(QuarterSeal.quarter == quarter.first_day).scalar_subquery()
    later = select(QuarterSeal.quarter).where(
        QuarterSeal.quarter > quarter.first_day,
        ~QuarterSeal.is_reconstructed,
        func.coalesce(QuarterSeal.sealed_at < own, True),
    )
    return session.scalar(later.limit(1)) is not None


def asked(session: Session, quarter: Quarter) -> QuarterSealing | None:
    """The request to seal a quarter that waits for a second person."""
    return session.scalar(
        select(QuarterSealing).where(
            QuarterSealing.quarter == quarter.first_day, QuarterSealing.status == SealingStatus.ASKED
        )
    )


def last_returned(session: Session, quarter: Quarter) -> QuarterSealing | None:
    """The last request that was given back, with why."""
    return session.scalar(
        select(QuarterSealing)
        .where(QuarterSealing.quarter == quarter.first_day, QuarterSealing.status == SealingStatus.RETURNED)
        .order_by(QuarterSealing.id.desc())
        .limit(1)
    )


def sealed_days(session: Session) -> dict[date, datetime]:
    """Which quarters are sealed, by first day, and when."""
    return dict(session.execute(select(QuarterSeal.quarter, QuarterSeal.sealed_at)).all())


def agreements(session: Session, figure: str | None = None) -> list[DefinitionAgreement]:
    """Who agreed to the definitions, or to one of them, as it holds now; the newest version first."""
    found = select(DefinitionAgreement).where(DefinitionAgreement.ended_on.is_(None))
    if figure is not None:
        found = found.where(DefinitionAgreement.figure == figure)
    order = (DefinitionAgreement.figure, DefinitionAgreement.version.desc(), DefinitionAgreement.partner)
    return list(session.scalars(found.order_by(*order)))


def agreement(session: Session, agreement_id: int) -> DefinitionAgreement | None:
    """One that holds now."""
    found = session.get(DefinitionAgreement, agreement_id)
    return found if found is not None and found.ended_on is None else None


def ministry_replies(session: Session, quarter: Quarter) -> dict[int, MinistryReply]:
    """The last reply of each ministry about its number in a quarter, unless it took that back."""
    rows = session.scalars(
        select(MinistryReply).where(MinistryReply.quarter == quarter.first_day).order_by(MinistryReply.id)
    )
    last = {row.ministry_id: row for row in rows}
    return {ministry_id: row for ministry_id, row in last.items() if row.words}


def replies_of(session: Session, ministry_id: int) -> list[MinistryReply]:
    """What one ministry said of its numbers, the last of each quarter that it did not take back, the newest first."""
    rows = session.scalars(
        select(MinistryReply).where(MinistryReply.ministry_id == ministry_id).order_by(MinistryReply.id)
    )
    last = {row.quarter: row for row in rows}
    return [last[quarter] for quarter in sorted(last, reverse=True) if last[quarter].words]
