"""Which cases belong to a case, and which are like it. For staff, who may read every case."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Integer, String, bindparam, func, literal_column, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import CaseLinkKind, CaseStatus, Result
from knelpunt.models import Bottleneck, Case, CaseLink, CaseSearch
from knelpunt.queries.core.cases import visible_to
from knelpunt.queries.search import results as search
from knelpunt.queries.search.alike import alike
from knelpunt.queries.search.candidates import EVERY_CASE, uncommon

SHOWN = 8
RARE = 6
"""A word that stands in more cases than this, the case itself among them, says too little by itself."""
_SIMPLE: ColumnElement[str] = literal_column("'simple'")


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


def similar_files(session: Session, actor: Actor, case_id: int, words: Sequence[str]) -> list[search.FoundCase]:
    """The cases that are most like a case, itself left out: open ones too. For staff, in four statements."""
    likes = alike(session, EVERY_CASE, words, SHOWN, without=[case_id])
    rows = session.execute(
        select(Case.id, Case.reference, Case.title, Case.description, Case.municipality_id)
        .where(Case.id.in_([one.case_id for one in likes]), visible_to(actor))
        .order_by(Case.id)
    )
    found = {row.id: search.FoundCase(*row[1:]) for row in rows}
    return [found[one.case_id] for one in likes if one.case_id in found]


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case of the same municipality, with the rare words that it shares."""

    found: search.FoundCase
    words: tuple[str, ...]


_asked = func.unnest(bindparam("words", type_=ARRAY(String))).table_valued("word").render_derived(name="asked")
_having = (
    select(
        CaseSearch.case_id.label("id"),
        _asked.c.word.label("word"),
        func.count().over(partition_by=_asked.c.word).label("cases"),
    )
    .select_from(_asked)
    .join(CaseSearch, CaseSearch.terms.op("@@")(func.to_tsquery(_SIMPLE, _asked.c.word)))
    .cte("having_word")
    .prefix_with("MATERIALIZED")
)
_NEAR = (
    select(
        Case.reference,
        Case.title,
        Case.description,
        Case.municipality_id,
        func.array_agg(_having.c.word, type_=ARRAY(String)),
    )
    .join(_having, _having.c.id == Case.id)
    .where(
        _having.c.cases <= RARE,
        Case.municipality_id == bindparam("municipality_id", type_=Integer),
        Case.id != bindparam("case_id", type_=BigInteger),
    )
    .group_by(Case.id)
    .order_by(func.count().desc(), Case.id.desc())
    .limit(SHOWN)
)


def near_files(
    session: Session, actor: Actor, case_id: int, municipality_id: int, words: Sequence[str]
) -> list[NearCase]:
    """The cases of a municipality that have one of these words, where hardly any other case has it; two statements.

    Args:
        words: small queries of one term each.
    """
    asked = uncommon(session, EVERY_CASE, words)
    if not asked:
        return []
    rows = session.execute(
        _NEAR.where(visible_to(actor)), {"words": asked, "municipality_id": municipality_id, "case_id": case_id}
    )
    return [
        NearCase(search.FoundCase(reference, title, text, place), tuple(had))
        for reference, title, text, place, had in rows
    ]
