"""Which rules are named together in cases: pairs of laws, or of provisions, counted over cases.

The public reads the published records only; whoever may read every case gets the toetsen that stand. Both are one set
of (case, rule), and the same statement counts pairs in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, and_, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.vocabulary import Verdict
from knelpunt.models import Assessment, Case, Law, Provision, PublishedCase
from knelpunt.queries.laws.rows import article_in_words

SHOWN = 40
"""So many pairs stand on the page; the filters reach the others."""
OFTEN = 5
"""So many companions of one law stand on its own page."""


class RuleLevel(StrEnum):
    """What is paired, as it stands in an address."""

    LAWS = "wetten"
    PROVISIONS = "bepalingen"


@dataclass(frozen=True, slots=True)
class StackFilter:
    """What is counted. Years are years of filing, both ends included; ``law_key`` keeps the pairs with one law."""

    level: RuleLevel = RuleLevel.LAWS
    first_year: int | None = None
    last_year: int | None = None
    domain: str | None = None
    conflicts_only: bool = False
    law_key: str | None = None


@dataclass(frozen=True, slots=True)
class StackedRule:
    """One law, or one provision with the law that it stands in."""

    id: int
    key: str
    law_key: str
    law_title: str
    law_abbreviation: str | None
    article: str | None
    instrument: str | None

    @property
    def citation(self) -> str:
        """How people refer to it: "Omgevingswet, artikel 23.3 lid 8"."""
        return f"{self.law_title}, {article_in_words(self.article)}" if self.article else self.law_title

    @property
    def short(self) -> str:
        """A name for the head of a narrow column."""
        law = self.law_abbreviation or self.law_title
        return f"{law} {self.article}" if self.article else law


@dataclass(frozen=True, slots=True)
class RulePair:
    """Two rules that are named together in ``cases`` cases, of which ``conflicts`` were judged V8."""

    first: StackedRule
    second: StackedRule
    cases: int
    conflicts: int
    municipalities: int
    newest_reference: str
    newest_on: date


@dataclass(frozen=True, slots=True)
class Stacking:
    """The pairs with most cases first; ``total`` is how many pairs there are in all."""

    pairs: tuple[RulePair, ...]
    total: int


def public_stacking(session: Session, wanted: StackFilter, limit: int = SHOWN) -> Stacking:
    """Pairs in the published cases, in one statement; a withdrawn one no longer counts."""
    return _read(session, _pairs(_public_entries(wanted), wanted, limit))


def staff_stacking(session: Session, wanted: StackFilter, limit: int = SHOWN) -> Stacking:
    """Pairs in all cases, by the toetsen that stand, in one statement. For whoever may read every case."""
    return _read(session, _pairs(_staff_entries(wanted), wanted, limit))


def named_rules(session: Session, level: RuleLevel, keys: Sequence[str]) -> tuple[StackedRule, ...]:
    """The laws or provisions with these keys; one that the catalogue does not have is left out."""
    side = _Named("asked", level)
    rule = side.provision or side.law
    statement = select(*side.columns).select_from(rule)
    if side.provision is not None:
        statement = statement.join(side.law, side.law.id == side.provision.law_id)
    rows = session.execute(statement.where(rule.key.in_(keys)).order_by(rule.id))
    return tuple(StackedRule(*row) for row in rows)


def _public_entries(wanted: StackFilter) -> CTE:
    cases = PublishedCase.__table__.c
    name = "law" if wanted.level is RuleLevel.LAWS else "provision"
    rules: Any = Law if wanted.level is RuleLevel.LAWS else Provision
    entry = func.jsonb_array_elements(cases.provisions).table_valued("value", name="entry", joins_implicitly=True)
    key = cast(entry.c.value, JSONB)[name].astext
    statement = (
        select(*_of_case(cases, cases.case_id), rules.id.label("rule_id"))
        .select_from(PublishedCase.__table__)
        .join(entry, literal_column("true"))
        .join(rules, rules.key == key)
        .where(cases.withdrawn_on.is_(None), func.jsonb_array_length(cases.provisions) > 1, *_period(cases, wanted))
    )
    if wanted.law_key is not None and wanted.level is RuleLevel.LAWS:
        statement = statement.where(cases.provisions.contains([{"law": wanted.law_key}]))
    return _entries(statement)


def _staff_entries(wanted: StackFilter) -> CTE:
    cases, assessments = Case.__table__.c, Assessment.__table__.c
    rule_id = assessments.law_id if wanted.level is RuleLevel.LAWS else assessments.provision_id
    statement = (
        select(*_of_case(cases, cases.id), rule_id.label("rule_id"))
        .select_from(Case.__table__.join(Assessment.__table__, assessments.case_id == cases.id))
        .where(assessments.withdrawn_at.is_(None), rule_id.is_not(None), *_period(cases, wanted))
    )
    return _entries(statement)


def _of_case(cases: Any, case_id: Any) -> tuple[Any, ...]:
    return case_id.label("case_id"), cases.reference, cases.verdict, cases.municipality_id, cases.filed_on


def _entries(statement: Select[Any]) -> CTE:
    """Each rule counts once in a case, however often it was weighed there."""
    return statement.distinct().cte("entries").prefix_with("MATERIALIZED")


def _period(cases: Any, wanted: StackFilter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.first_year is not None:
        found.append(cases.filed_on >= date(wanted.first_year, 1, 1))
    if wanted.last_year is not None:
        found.append(cases.filed_on <= date(wanted.last_year, 12, 31))
    return found


def _pairs(entries: CTE, wanted: StackFilter, limit: int) -> Select[Any]:
    one, other = entries.alias("one"), entries.alias("other")
    is_conflict = one.c.verdict == Verdict.STACKED_RULES
    newest = aggregate_order_by(one.c.reference, one.c.filed_on.desc(), one.c.case_id.desc())
    counted = (
        select(
            one.c.rule_id.label("first_id"),
            other.c.rule_id.label("second_id"),
            func.count().label("cases"),
            func.count().filter(is_conflict).label("conflicts"),
            func.count(one.c.municipality_id.distinct()).label("municipalities"),
            func.array_agg(newest, type_=ARRAY(String))[1].label("newest_reference"),
            func.max(one.c.filed_on).label("newest_on"),
        )
        .join(other, and_(one.c.case_id == other.c.case_id, one.c.rule_id < other.c.rule_id))
        .group_by(one.c.rule_id, other.c.rule_id)
    )
    if wanted.conflicts_only:
        counted = counted.having(func.count().filter(is_conflict) > 0)
    pairs = counted.cte("pairs")
    first, second = (_Named(name, wanted.level) for name in ("first", "second"))
    statement = (
        select(
            *first.columns,
            *second.columns,
            pairs.c.cases,
            pairs.c.conflicts,
            pairs.c.municipalities,
            pairs.c.newest_reference,
            pairs.c.newest_on,
            func.count().over().label("total"),
        )
        .select_from(pairs)
        .where(first.law.key != NO_RULE, second.law.key != NO_RULE)
        .order_by(pairs.c.cases.desc(), pairs.c.conflicts.desc(), pairs.c.first_id, pairs.c.second_id)
        .limit(limit)
    )
    for side, rule_id in ((first, pairs.c.first_id), (second, pairs.c.second_id)):
        statement = side.joined(statement, rule_id)
    if wanted.domain is not None:
        statement = statement.where(or_(first.law.domain == wanted.domain, second.law.domain == wanted.domain))
    if wanted.law_key is not None:
        statement = statement.where(or_(first.law.key == wanted.law_key, second.law.key == wanted.law_key))
    return statement


class _Named:
    """One side of a pair, with its names from the catalogue."""

    def __init__(self, name: str, level: RuleLevel) -> None:
        self.law: Any = aliased(Law, name=f"{name}_law")
        self.provision: Any = aliased(Provision, name=f"{name}_provision") if level is RuleLevel.PROVISIONS else None
        rule, words = self.provision or self.law, literal_column("NULL", String)
        article, instrument = (self.provision.article, self.provision.instrument) if self.provision else (words, words)
        self.columns: tuple[Any, ...] = (
            rule.id.label(f"{name}_id"),
            rule.key.label(f"{name}_key"),
            self.law.key.label(f"{name}_law_key"),
            self.law.citation_title.label(f"{name}_title"),
            self.law.abbreviation.label(f"{name}_abbreviation"),
            article.label(f"{name}_article"),
            instrument.label(f"{name}_instrument"),
        )

    def joined(self, statement: Select[Any], rule_id: Any) -> Select[Any]:
        """The statement with this side of its pairs joined to it."""
        if self.provision is None:
            return statement.join(self.law, self.law.id == rule_id)
        return statement.join(self.provision, self.provision.id == rule_id).join(
            self.law, self.law.id == self.provision.law_id
        )


def _read(session: Session, statement: Select[Any]) -> Stacking:
    rows = session.execute(statement).all()
    names = len(StackedRule.__slots__)
    pairs = tuple(
        RulePair(StackedRule(*row[:names]), StackedRule(*row[names : 2 * names]), *row[2 * names : -1]) for row in rows
    )
    return Stacking(pairs, rows[0][-1] if rows else 0)
