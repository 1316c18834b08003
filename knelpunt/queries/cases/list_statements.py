"""The statements behind the lists of cases, one per shape of list, each made once.

Building a statement of this size costs a page more than running it, so values are parameters and the statement is kept.
"""

from dataclasses import dataclass, replace
from enum import StrEnum, auto
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    all_,
    and_,
    any_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import OPEN_STATUSES, CaseStatus, ReferralStatus
from knelpunt.models import (
    Assessment,
    Case,
    CaseLabel,
    CaseSearch,
    Law,
    PointedRule,
    Provision,
    Referral,
    Review,
)
from knelpunt.models.case import IS_WAITING
from knelpunt.queries.core.cases import visible_to

Statement = Select[*tuple[Any, ...]]

# The columns of the table, not of the mapped class: a list wants no objects, and these are half the work.
_c = Case.__table__.c
_search = CaseSearch.__table__.c
_review = Review.__table__.c
_assessment = Assessment.__table__.c
_label = CaseLabel.__table__.c
_referral = Referral.__table__.c


class WorkList(StrEnum):
    """The work lists of the desk; stored nowhere, used in addresses."""

    MINE = "mijn"
    TEAM = "team"
    COVERED = "waarneming"
    UNASSIGNED = "niet-toegewezen"
    REVIEW = "te-toetsen"
    WAITING = "wacht-op-indiener"
    NEARLY_LATE = "bijna-te-laat"
    LATE = "te-laat"
    SILENT = "stil"
    OWNERLESS = "zonder-eigenaar"
    OPEN = "open"
    ALL = "alle"


class CaseSort(StrEnum):
    """By what a list is ordered; the number of the case decides between equals."""

    UPDATED = "gewijzigd"
    FILED = "ingediend"
    DUE = "uiterste-datum"
    NUMBER = "nummer"


class Words(StrEnum):
    """How the words of a search are looked for."""

    NONE = auto()
    FEW = auto()
    MANY = auto()


class Reading(StrEnum):
    """From where a page is read."""

    FIRST = auto()
    AFTER = auto()
    BEFORE = auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """All about a list that decides the text of its statement. ``scope``: whose cases; None for staff, who see all."""

    scope: Actor | None
    worklist: WorkList
    filters: tuple[str, ...]
    words: Words
    sort: CaseSort
    descending: bool
    reading: Reading = Reading.FIRST

    @property
    def down(self) -> bool:
        """Whether the rows are read from the highest on."""
        return self.descending is not (self.reading is Reading.BEFORE)

    @property
    def is_what_was_found(self) -> bool:
        """Whether the list holds exactly the cases that a search found, so that they are counted already."""
        return (
            self.words is not Words.NONE and self.scope is None and self.worklist is WorkList.ALL and not self.filters
        )


def _names_both(rule_id: Any, rules: Any, name: str) -> ColumnElement[bool]:
    """That the toetsen of a case that stand name two rules, given by their keys."""
    key = rules.__table__.c.key
    those = (
        select(_assessment.case_id)
        .join_from(Assessment.__table__, rules.__table__, rules.__table__.c.id == rule_id)
        .where(_assessment.withdrawn_at.is_(None), key == any_(bindparam(name, type_=ARRAY(String))))
        .group_by(_assessment.case_id)
        .having(func.count(key.distinct()) == literal_column("2"))
    )
    return _c.id.in_(those)


FILTERS: dict[str, ColumnElement[bool]] = {
    "status": _c.status == bindparam("status", type_=_c.status.type),
    "verdict": _c.verdict == bindparam("verdict", type_=_c.verdict.type),
    "result": _c.result == bindparam("result", type_=_c.result.type),
    "publication": _c.publication == bindparam("publication", type_=_c.publication.type),
    "submitter_kind": _c.submitter_kind == bindparam("submitter_kind", type_=_c.submitter_kind.type),
    "theme": _c.theme == bindparam("theme", type_=_c.theme.type),
    "law_id": _c.main_law_id == bindparam("law_id", type_=BigInteger),
    "municipality_id": _c.municipality_id == bindparam("municipality_id", type_=BigInteger),
    "municipality_ids": _c.municipality_id == any_(bindparam("municipality_ids", type_=ARRAY(BigInteger))),
    "province_id": _c.province_id == bindparam("province_id", type_=BigInteger),
    "priority": _c.priority == bindparam("priority", type_=_c.priority.type),
    "label_id": _c.id.in_(select(_label.case_id).where(_label.label_id == bindparam("label_id", type_=BigInteger))),
    "team": _c.handler_id == any_(bindparam("team", type_=ARRAY(BigInteger))),
    "handler_id": _c.handler_id == bindparam("handler_id", type_=BigInteger),
    "filed_from": _c.filed_on >= bindparam("filed_from", type_=Date),
    "filed_to": _c.filed_on <= bindparam("filed_to", type_=Date),
    "laws_together": _names_both(_assessment.law_id, Law, "laws_together"),
    "provisions_together": _names_both(_assessment.provision_id, Provision, "provisions_together"),
}
"""By the name of the field of ``CaseFilter`` that holds the value."""

# In the text of the statement, so that the planner knows that the indexes on open cases hold them all.
_IS_OPEN = _c.status.in_(bindparam("open_statuses", sorted(OPEN_STATUSES), expanding=True, literal_execute=True))
_TODAY = bindparam("today", type_=Date)


_HAS_NO_OWNER = and_(
    _c.status.not_in([CaseStatus.SUBMITTED, CaseStatus.IN_TRIAGE]) | _c.handler_id.is_not(None),
    func.coalesce(_c.handler_id != all_(bindparam("able", type_=ARRAY(BigInteger))), literal_column("true")),
)


def is_ownerless() -> ColumnElement[bool]:
    """An open case beyond triage without a handler, or whose handler can handle nothing any more; the parameter
    ``able`` holds who can. What still has to be divided stands in the list of what nobody has."""
    return and_(_IS_OPEN, _HAS_NO_OWNER)


# As text, so that the planner knows that the indexes on cases that wait and on open offers hold them all.
IS_ASKED_TO_SHARE = text(f"referrals.status = '{ReferralStatus.CONSENT_ASKED}'")
# As arrays, so that a narrowed list looks those few cases up instead of passing all that it was narrowed to.
_WAITING = func.array(
    union_all(
        select(Case.__table__.alias("waiting").c.id).where(text(IS_WAITING)),
        select(_referral.case_id).where(IS_ASKED_TO_SHARE),
    ).scalar_subquery(),
    type_=ARRAY(BigInteger),
)
_OPEN_REVIEWS = func.array(
    select(_review.case_id).where(text("reviews.status = 'open'")).scalar_subquery(), type_=ARRAY(BigInteger)
)

OF_OPEN: dict[WorkList, tuple[ColumnElement[bool], ...]] = {
    WorkList.MINE: (_c.handler_id == bindparam("me", type_=BigInteger),),
    WorkList.TEAM: (_c.handler_id == any_(bindparam("my_team", type_=ARRAY(BigInteger))),),
    WorkList.COVERED: (_c.handler_id == any_(bindparam("covered", type_=ARRAY(BigInteger))),),
    WorkList.UNASSIGNED: (_c.handler_id.is_(None),),
    WorkList.NEARLY_LATE: (_c.due_on >= _TODAY, _c.due_on <= bindparam("soon", type_=Date)),
    WorkList.LATE: (_c.due_on < _TODAY,),
    WorkList.SILENT: (_c.last_event_on < bindparam("silent_since", type_=Date),),
    WorkList.OWNERLESS: (_HAS_NO_OWNER,),
    WorkList.OPEN: (),
}
"""Which of the open cases a list holds."""
_WORKLISTS: dict[WorkList, tuple[ColumnElement[bool], ...]] = {
    **{worklist: (*which, _IS_OPEN) for worklist, which in OF_OPEN.items()},
    WorkList.REVIEW: (_c.id == any_(_OPEN_REVIEWS),),
    WorkList.WAITING: (_c.id == any_(_WAITING),),
    WorkList.ALL: (),
}
_DATED_WORKLISTS = frozenset({WorkList.NEARLY_LATE, WorkList.LATE})
"""Lists in which every case has a due date."""

# A case without a due date comes last, whichever way the list runs. By direction: is it descending?
NO_DATE = {False: "infinity", True: "-infinity"}
_DUE_OR_LAST = {
    descending: func.coalesce(_c.due_on, literal_column(f"'{none}'::date", Date))
    for descending, none in NO_DATE.items()
}


def _matches(words: ColumnElement[str]) -> ColumnElement[bool]:
    return _search.terms.op("@@")(func.to_tsquery(literal_column("'simple'"), words))


# A function of the database (step 0125), which looks in the index of words: to read the words of every case takes ten
# times as long as the planner thinks.
_hits = func.cases_with_words(
    bindparam("words", type_=String), bindparam("limit", type_=Integer), type_=BigInteger
).column_valued("hits")
HITS = select(func.count(), func.coalesce(cast(func.array_agg(_hits), String), literal_column("'{}'")))
"""How many cases hold the words, and which, up to a limit: as one text, which goes back to the database as it came."""

_WORDS: dict[Words, tuple[ColumnElement[bool], ...]] = {
    Words.NONE: (),
    # What was found, or the words themselves, stand in the text of the statement, because how many cases there are
    # decides how best to go about it; the planner takes ten for a parameter.
    Words.FEW: (_c.id == any_(cast(bindparam("found", type_=String, literal_execute=True), ARRAY(BigInteger))),),
    Words.MANY: (
        exists().where(_search.case_id == _c.id, _matches(bindparam("words", type_=String, literal_execute=True))),
    ),
}

LABELS = "labels"
"""A column that is no column of the case: the ids of its labels, for the desk alone."""
_NO_LABELS = literal_column("'{}'::bigint[]", ARRAY(BigInteger)).label(LABELS)
_LABELS = func.array(
    select(_label.label_id).where(_label.case_id == _c.id).correlate(Case.__table__).scalar_subquery(),
    type_=ARRAY(BigInteger),
).label(LABELS)
ASKED_TO_SHARE = "is_asked_to_share"
"""A column that is no column of the case: whether its submitter is asked if it may be shared, for the submitter's lists
alone."""
_NOT_ASKED = literal_column("false", Boolean).label(ASKED_TO_SHARE)
_ASKED = exists().where(_referral.case_id == _c.id, IS_ASKED_TO_SHARE).correlate(Case.__table__).label(ASKED_TO_SHARE)
POINTED_RULES = "pointed_rules"
"""A column that is no column of the case: the rules that its submitter points at, in words."""
_law, _provision, _pointed = Law.__table__.c, Provision.__table__.c, PointedRule.__table__.c
_POINTED_RULES = case(
    (_c.rule_is_unknown, literal_column("'weet ik niet'")),
    else_=select(
        func.string_agg(
            _law.citation_title
            + func.coalesce(literal_column("', '") + _provision.article, literal_column("''"))
            + literal_column("' op '")
            + cast(_pointed.on_date, String),
            aggregate_order_by(literal_column("'; '"), _pointed.id),
        )
    )
    .select_from(PointedRule.__table__.join(Law.__table__, _law.id == _pointed.law_id))
    .outerjoin(Provision.__table__, _provision.id == _pointed.provision_id)
    .where(_pointed.case_id == _c.id)
    .correlate(Case.__table__)
    .scalar_subquery(),
).label(POINTED_RULES)


def _whose(scope: Actor, worklist: WorkList) -> Actor:
    """Whose cases a list holds. A case that waits for its submitter waits for the one that filed it, and not for those
    that file along."""
    return replace(scope, joined_case_ids=frozenset()) if worklist is WorkList.WAITING else scope


def _where(shape: Shape) -> list[ColumnElement[bool]]:
    """What the rows of a list must meet, sight of them first."""
    found = [] if shape.scope is None else [visible_to(_whose(shape.scope, shape.worklist))]
    found += _WORKLISTS[shape.worklist]
    found += [FILTERS[name] if name in FILTERS else false() for name in shape.filters]
    found += _WORDS[shape.words]
    return found


def _keys(shape: Shape) -> tuple[Any, ...]:
    match shape.sort:
        case CaseSort.UPDATED:
            return (_c.updated_at, _c.id)
        case CaseSort.FILED:
            return (_c.filed_on, _c.id)
        case CaseSort.DUE:
            due = _c.due_on if shape.worklist in _DATED_WORKLISTS else _DUE_OR_LAST[shape.descending]
            return (due, _c.priority, _c.id)
        case CaseSort.NUMBER:
            return (_c.reference,)


def _beyond(shape: Shape, keys: tuple[Any, ...]) -> ColumnElement[bool]:
    """That a row lies past a position, in the direction of reading."""
    # A due date comes as text: infinity is a date to the database, but not to Python.
    place = cast(bindparam("place", type_=String), Date) if shape.sort is CaseSort.DUE else None
    here = bindparam("place", type_=keys[0].type) if place is None else place
    if len(keys) == 1:
        return keys[0] < here if shape.down else keys[0] > here
    second = [bindparam("place_priority", type_=keys[1].type)] if len(keys) == 3 else []
    row, position = tuple_(*keys), tuple_(here, *second, bindparam("place_id", type_=BigInteger))
    return row < position if shape.down else row > position


@lru_cache(maxsize=512)
def count_statement(shape: Shape, limit: int) -> Statement:
    """How many rows a list has, counted no further than the limit."""
    counted = select(_c.id).where(*_where(shape)).limit(limit).subquery()
    return select(func.count()).select_from(counted)


@lru_cache(maxsize=512)
def counts_statement(shape: Shape, worklists: tuple[WorkList, ...], limit: int) -> Statement:
    """How many rows each of these lists has under the filters of a list, no more than the limit.

    One pass over what is open counts all lists of open cases: to plan a statement for each costs more than to run it.
    The parameter ``open_statuses`` narrows what is open to one status, instead of the filter for it.
    """
    together = OF_OPEN if shape.scope is None else {}
    counted = {
        each: func.least(func.count().filter(and_(true(), *together[each])), literal_column(str(limit))).label(each)
        for each in worklists
        if each in together
    }
    by_itself = {
        each: count_statement(replace(shape, worklist=each), limit).scalar_subquery().label(each)
        for each in worklists
        if each not in together
    }
    statement = select(*((counted | by_itself)[each] for each in worklists))
    others = tuple(each for each in shape.filters if each != "status")
    is_open = _where(replace(shape, worklist=WorkList.OPEN, filters=others))
    return statement.where(*is_open) if counted else statement


@lru_cache(maxsize=512)
def rows_statement(shape: Shape, columns: tuple[str, ...], count_limit: int | None) -> Statement:
    """The rows of a list in its order, with its capped count as the last column when there is a limit for it.

    With ``count_limit`` it is one page, of as many rows as the parameter ``rows`` says; without, it is all of them.
    A list of what few words found, without filters, is counted already: as many as there were.
    """
    keys = _keys(shape)
    order = [key.desc() if shape.down else key.asc() for key in keys]
    is_for_desk = shape.scope is None
    made = {
        POINTED_RULES: _POINTED_RULES,
        LABELS: _LABELS if is_for_desk else _NO_LABELS,
        ASKED_TO_SHARE: _NOT_ASKED if is_for_desk else _ASKED,
    }
    chosen = [made[name] if name in made else _c[name] for name in columns]
    if count_limit is None:
        return select(*chosen).where(*_where(shape)).order_by(*order)
    where = _where(shape)
    if shape.reading is not Reading.FIRST:
        where.append(_beyond(shape, keys))
    # Which rows first, by what stands in the index alone, and only then those rows: the planner takes the newest cases
    # for as likely to be closed as old ones, and reads hundreds of them to find a page of closed ones.
    names = [f"key_{place}" for place in range(len(keys))]
    labelled = [key.label(name) for key, name in zip(keys, names, strict=True)]
    page = select(_c.id, *labelled).where(*where).order_by(*order).limit(bindparam("rows", type_=Integer))
    found = page.subquery("page")
    counted = bindparam("found_count", type_=Integer)
    total = counted if shape.is_what_was_found else count_statement(shape, count_limit).scalar_subquery()
    return (
        select(*chosen, total)
        .join_from(found, Case.__table__, _c.id == found.c.id)
        .order_by(*(found.c[name].desc() if shape.down else found.c[name].asc() for name in names))
    )
