"""The rules of a case on two days: as they held on the day of its law, and what became of them by another day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.changes import LawChangeKind, TouchStatus
from knelpunt.domain.laws.dates import Standing, reachable
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Law, LawChange, LawChangeTouch, Provision
from knelpunt.queries.laws.catalogue import Catalogue, catalogue_on
from knelpunt.queries.laws.rows import LINKABLE, LawLink, ProvisionSummary, article_in_words


class Outcome(StrEnum):
    """What became of a rule between two days."""

    SAME = "zelfde"
    WIDENED = "verruimd"
    CHANGED = "gewijzigd"
    MOVED = "overgegaan"
    ENDED = "vervallen"
    BEGAN = "begonnen"
    NOT_YET = "nog_niet"
    UNCERTAIN = "onzeker"


@dataclass(frozen=True, slots=True)
class Weighed:
    """One rule that a case was weighed against, by the keys of the catalogue."""

    role: AssessmentRole
    law_key: str
    law_title: str
    provision_key: str | None
    article: str | None


@dataclass(frozen=True, slots=True)
class ComparedRule:
    """One weighed rule on both days. ``then`` and ``now`` are None for what the catalogue does not have.

    ``became`` holds on the later day in its place; ``became_laws`` are laws in force then, where no provision is
    known to follow; ``announced`` follows it, but holds only after that day. ``ended_on`` is its last day.
    """

    rule: Weighed
    outcome: Outcome
    then: Standing | None
    now: Standing | None
    provision: ProvisionSummary | None
    period: str
    ended_on: date | None
    became: tuple[ProvisionSummary, ...]
    became_laws: tuple[LawLink, ...]
    announced: tuple[ProvisionSummary, ...]
    duration_then: str
    duration_now: str

    @property
    def citation(self) -> str:
        if self.provision is not None:
            return self.provision.citation
        return f"{self.rule.law_title}, {article_in_words(self.rule.article)}" if self.rule.article else (
            self.rule.law_title
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rules of a case on two days. ``new_room`` follows them, and did not hold yet on the first day."""

    then: date
    now: date
    rules: tuple[ComparedRule, ...]
    new_room: tuple[ProvisionSummary, ...]


@dataclass(frozen=True, slots=True)
class TouchedBy:
    """A change of the law that may touch a case, and what a person decided about it."""

    change_id: int
    kind: LawChangeKind
    law_key: str
    law_title: str
    summary: str
    source_url: str | None
    on_day: date | None
    status: TouchStatus
    decided_at: Any


def compare_rules(session: Session, weighed: Iterable[Weighed], then: date, now: date) -> Comparison:
    """What the rules of a case were on one day and are on another; nine statements, however many rules there are."""
    rules = list(weighed)
    first, second = catalogue_on(session, then), catalogue_on(session, now)
    by_key = {one.key: one.id for one in second.provisions.values()}
    ids = {by_key[rule.provision_key] for rule in rules if rule.provision_key in by_key}
    followers = {id_: set(reachable(id_, lambda one: second.after.get(one, ()))) for id_ in ids}
    wanted = ids.union(*followers.values()) if ids else set()
    rows = session.execute(select(Provision.id, Provision.details).where(Provision.id.in_(sorted(wanted))))
    details: dict[int, Mapping[str, Any]] = {row.id: row.details for row in rows}
    compared = tuple(
        _provision(rule, by_key[rule.provision_key], first, second, followers, details)
        if rule.provision_key in by_key
        else _law(rule, first, second)
        for rule in rules
    )
    new = sorted(
        (
            second.provisions[id_]
            for id_ in wanted - ids
            if second.provisions[id_].is_linkable and first.provisions[id_].standing is Standing.NOT_YET
        ),
        key=lambda one: (one.room_type.order, one.law_title, one.position),
    )
    return Comparison(then, now, compared, tuple(new))


def touches_of_case(session: Session, case_id: int) -> tuple[TouchedBy, ...]:
    """The changes of the law that may touch a case, the latest first, in one statement. For staff."""
    rows = session.execute(
        select(
            LawChange.id,
            LawChange.kind,
            Law.key,
            Law.citation_title,
            LawChange.summary,
            LawChange.source_url,
            LawChange.on_day,
            LawChangeTouch.status,
            LawChangeTouch.decided_at,
        )
        .join(LawChange, LawChange.id == LawChangeTouch.change_id)
        .join(Law, Law.id == LawChange.law_id)
        .where(LawChangeTouch.case_id == case_id)
        .order_by(LawChange.noticed_on.desc(), LawChange.id.desc())
    )
    return tuple(TouchedBy(*row) for row in rows)


def _provision(
    rule: Weighed,
    id_: int,
    first: Catalogue,
    second: Catalogue,
    followers: Mapping[int, set[int]],
    details: Mapping[int, Mapping[str, Any]],
) -> ComparedRule:
    then, now = first.provisions[id_], second.provisions[id_]
    instead = second.alternatives(now) if now.standing is Standing.ENDED else ()
    became = tuple(one.provision for one in instead if not one.is_through_law)
    became_laws = second.law_alternatives(now.law_key) if now.standing is Standing.ENDED and not became else ()
    later = became[0].id if became else id_
    return ComparedRule(
        rule=rule,
        outcome=_outcome(then, now, became, became_laws, details),
        then=then.standing,
        now=now.standing,
        provision=then,
        period=then.period,
        ended_on=now.valid_to if now.standing is Standing.ENDED else None,
        became=became,
        became_laws=tuple(law for law in became_laws if law.key != now.law_key),
        announced=tuple(
            second.provisions[one]
            for one in sorted(followers[id_])
            if second.provisions[one].standing is Standing.NOT_YET
        ),
        duration_then=_duration(details.get(id_, {})),
        duration_now=_duration(details.get(later, {})),
    )


def _outcome(
    then: ProvisionSummary,
    now: ProvisionSummary,
    became: tuple[ProvisionSummary, ...],
    became_laws: tuple[LawLink, ...],
    details: Mapping[int, Mapping[str, Any]],
) -> Outcome:
    if now.standing is Standing.NOT_YET:
        return Outcome.NOT_YET
    if now.standing is Standing.UNCERTAIN:
        return Outcome.UNCERTAIN
    if now.standing is Standing.HELD:
        return Outcome.BEGAN if then.standing is Standing.NOT_YET else Outcome.SAME
    if not became:
        return Outcome.MOVED if any(law.key != now.law_key for law in became_laws) else Outcome.ENDED
    if all(one.law_key != now.law_key for one in became):
        return Outcome.MOVED
    before, after = _years(details.get(now.id, {})), _years(details.get(became[0].id, {}))
    return Outcome.WIDENED if before is not None and after is not None and after > before else Outcome.CHANGED


def _law(rule: Weighed, first: Catalogue, second: Catalogue) -> ComparedRule:
    """A law that was weighed as a whole, or one that the catalogue no longer has."""
    then, now = first.laws.get(rule.law_key), second.laws.get(rule.law_key)
    is_ended = now is not None and now.standing is Standing.ENDED
    laws = second.law_alternatives(rule.law_key) if is_ended else ()
    if now is None or now.standing is Standing.UNCERTAIN:
        outcome = Outcome.UNCERTAIN
    elif now.standing in LINKABLE:
        outcome = Outcome.BEGAN if then is not None and then.standing is Standing.NOT_YET else Outcome.SAME
    elif now.standing is Standing.NOT_YET:
        outcome = Outcome.NOT_YET
    else:
        outcome = Outcome.MOVED if laws else Outcome.ENDED
    return ComparedRule(
        rule=rule,
        outcome=outcome,
        then=then.standing if then else None,
        now=now.standing if now else None,
        provision=None,
        period=then.period if then else "",
        ended_on=now.in_force_to if now is not None and is_ended else None,
        became=(),
        became_laws=laws,
        announced=(),
        duration_then="",
        duration_now="",
    )


def _duration(details: Mapping[str, Any]) -> str:
    return ((details.get("max_duration") or {}).get("text") or "") if details else ""


def _years(details: Mapping[str, Any]) -> float | None:
    years = (details.get("max_duration") or {}).get("years")
    return float(years) if isinstance(years, int | float) else None
