"""What everybody may read of the ruimtewijzers: versions that were published, by chosen columns, and nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session

from knelpunt.domain.errors import NotFound
from knelpunt.domain.guides.track import ANSWERING, READABLE, ClaimOutcome, GuideOrigin, GuideStatus, is_slug
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Guide, GuideClaim, GuideVersion
from knelpunt.queries.core.pieces import pieces

PAGE_SIZE = 20
FEED_LENGTH = 50
STRENGTHS = {"A": 1.0, "B": 0.5, "C": 0.75, "D": 0.3}
"""By the weight of a term: among the words by which people ask, in the rest, and the same as a part of a word."""
_guides = Guide.__table__.c
_versions = GuideVersion.__table__.c
_SIMPLE: ColumnElement[str] = literal_column("'simple'")
_WEIGHTS: ColumnElement[list[float]] = literal_column("'{0.1, 0.7, 0.3, 1}'::float4[]")
_SHOWN = and_(_versions.guide_id == _guides.id, _versions.number == _guides.published_number)


@dataclass(frozen=True, slots=True)
class GuideFilter:
    """What a visitor narrows the list to; ``words`` is a query for ``to_tsquery('simple', …)``.

    ``fitting`` are the ids of guides that answer what was typed: they stand first, and need not have all its words.
    """

    words: str | None = None
    theme: Theme | None = None
    law_key: str | None = None
    room_type: RoomType | None = None
    audience: str | None = None
    fitting: tuple[int, ...] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL, over guides with the version that everybody reads."""
        found: list[ColumnElement[bool]] = []
        if self.words is not None:
            query = func.to_tsquery(_SIMPLE, literal(self.words))
            found.append(or_(_guides.terms.op("@@")(query), _guides.id.in_(self.fitting)))
        if self.theme is not None:
            found.append(_versions.theme == self.theme)
        if self.room_type is not None:
            found.append(_versions.room_type == self.room_type)
        if self.law_key is not None:
            found.append(_versions.rules.op("@>")(literal([{"law": self.law_key}], JSONB)))
        if self.audience is not None:
            found.append(_versions.audiences.op("@>")(literal([self.audience], JSONB)))
        return found


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One guide in a list."""

    slug: str
    question: str
    short_answer: str
    theme: Theme
    room_type: RoomType
    confidence: Confidence
    status: GuideStatus
    published_on: date
    worked: int


@dataclass(frozen=True, slots=True)
class GuideList:
    rows: tuple[GuideRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One version of a guide, and how the guide stands now."""

    guide_id: int
    slug: str
    status: GuideStatus
    published_number: int
    review_due_on: date | None
    recheck_reason: str | None
    expired_on: date | None
    expired_reason: str | None
    number: int
    question: str
    short_answer: str
    room: str
    conditions: str
    who_decides: str
    model_text: str
    theme: Theme
    room_type: RoomType
    audiences: list[str]
    confidence: Confidence
    confidence_note: str
    valid_from: date | None
    valid_to: date | None
    rules: list[dict[str, Any]]
    examples: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    origin: GuideOrigin
    reviewed_on: date | None
    published_on: date

    @property
    def is_latest(self) -> bool:
        return self.number == self.published_number


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    number: int
    published_on: date


@dataclass(frozen=True, slots=True)
class Use:
    """A municipality that used the guide. ``outcome`` is None while nobody has asked yet how it went."""

    municipality_id: int
    claimed_on: date
    outcome: ClaimOutcome | None


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """What the feed tells of a guide."""

    slug: str
    question: str
    short_answer: str
    theme: Theme
    status: GuideStatus
    published_on: date
    updated_at: datetime


_worked = (
    select(func.count())
    .where(GuideClaim.guide_id == _guides.id, GuideClaim.outcome.in_([ClaimOutcome.WORKED, ClaimOutcome.PARTLY]))
    .correlate(Guide.__table__)
    .scalar_subquery()
)
_ROW = (
    _guides.slug,
    _versions.question,
    _versions.short_answer,
    _versions.theme,
    _versions.room_type,
    _versions.confidence,
    _guides.status,
    _versions.published_on,
)


def list_guides(session: Session, narrowed: GuideFilter, start: int = 0, most: int = PAGE_SIZE) -> GuideList:
    """Guides that answer something, the best match or else the newest first, in one statement.

    Args:
        start: how many come before.
    """
    order: list[Any] = [_versions.published_on.desc(), _versions.question, _guides.id]
    if narrowed.words is not None:
        query = func.to_tsquery(_SIMPLE, literal(narrowed.words))
        order.insert(0, func.ts_rank(_WEIGHTS, _guides.terms, query).desc())
    if narrowed.fitting:
        first = case({id_: place for place, id_ in enumerate(narrowed.fitting)}, value=_guides.id)
        order.insert(0, first.asc().nulls_last())
    found = session.execute(
        select(*_ROW, _worked, func.count().over())
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _SHOWN)
        .where(_guides.status.in_(ANSWERING), *narrowed.conditions())
        .order_by(*order)
        .limit(most)
        .offset(start)
    ).all()
    return GuideList(tuple(GuideRow(*row[:-1]) for row in found), found[0][-1] if found else 0)


def terms_of_guides(session: Session, terms: Sequence[str]) -> tuple[dict[int, str], list[tuple[int, str, float]]]:
    """All guides that answer, by their name in the address, and which have which of these terms, and how strongly.

    A term is strongest among the words by which people ask for a guide, and weaker as a part of a longer word.
    """
    wanted = bindparam("terms", list(terms), type_=ARRAY(String))
    lexeme = func.unnest(_guides.terms).table_valued("lexeme", "positions", "weights").render_derived(name="had")
    rows = session.execute(
        select(_guides.id, _guides.slug, lexeme.c.lexeme, cast(lexeme.c.weights, ARRAY(String)))
        .select_from(Guide.__table__.outerjoin(lexeme, lexeme.c.lexeme == func.any(wanted)))
        .where(_guides.status.in_(ANSWERING))
        .order_by(_guides.id)
    ).all()
    had = [(id_, term, max(STRENGTHS[weight] for weight in weights)) for id_, _, term, weights in rows if term]
    return {row.id: row.slug for row in rows}, had


def rows_of(session: Session, ids: Sequence[int]) -> tuple[GuideRow, ...]:
    """These guides as lines of a list, in this order; no statement when there are none."""
    if not ids:
        return ()
    places = case({guide_id: place for place, guide_id in enumerate(ids)}, value=_guides.id)
    rows = session.execute(
        select(*_ROW, _worked)
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _SHOWN)
        .where(_guides.id.in_(ids))
        .order_by(places, _guides.id)
    )
    return tuple(GuideRow(*row) for row in rows)


def questions_of(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """The question of each of these guides that everybody may read, by its name in the address."""
    rows = session.execute(
        select(_guides.slug, _versions.question)
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _SHOWN)
        .where(_guides.slug.in_(list(slugs)), _guides.status.in_(ANSWERING))
    )
    return {row.slug: row.question for row in rows}


def answering_options(session: Session, best: Sequence[str]) -> list[tuple[int, str]]:
    """Every guide that can answer, with its question: those with these names in the address first, in their order."""
    rows = session.execute(
        select(_guides.id, _guides.slug, _versions.question)
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _SHOWN)
        .where(_guides.status.in_(ANSWERING))
        .order_by(_versions.question, _guides.id)
    ).all()
    placed = sorted(rows, key=lambda row: best.index(row.slug) if row.slug in best else len(best))
    return [(row.id, row.question) for row in placed]


def read_guide(session: Session, slug: str, number: int | None = None) -> GuidePage:
    """The version that everybody reads, or an earlier one that was published, in one statement.

    Raises:
        NotFound: there is none, or it was never published.
    """
    if not is_slug(slug):
        raise NotFound()
    return _read(session, _guides.slug == slug, number)


def read_guide_by_id(session: Session, guide_id: int) -> GuidePage:
    """The version that everybody reads. Raises NotFound."""
    return _read(session, _guides.id == guide_id, None)


def all_guides(session: Session) -> Iterator[GuidePage]:
    """The published version of every guide that everybody may read, by its name in the address, a piece at a time."""
    return (GuidePage(*row) for rows in pieces(session, _pages(_SHOWN), _guides.slug) for row in rows)


def guides_with_all(session: Session) -> Iterator[tuple[GuidePage, list[PublishedVersion], list[Use]]]:
    """The same, each with its versions and who uses it; three statements for each piece."""
    for rows in pieces(session, _pages(_SHOWN), _guides.slug):
        ids = [row[0] for row in rows]
        versions, used = _versions_of(session, ids), _uses_of(session, ids)
        for row in rows:
            yield GuidePage(*row), versions[row[0]], used[row[0]]


def _read(session: Session, which: ColumnElement[bool], number: int | None) -> GuidePage:
    wanted = _versions.number == (_guides.published_number if number is None else number)
    row = session.execute(_pages(and_(_versions.guide_id == _guides.id, wanted)).where(which)).one_or_none()
    if row is None:
        raise NotFound()
    return GuidePage(*row)


def _pages(version: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _guides.id,
            *(_guides[name] for name in ("slug", "status", "published_number", "review_due_on", "recheck_reason")),
            *(_guides[name] for name in ("expired_on", "expired_reason")),
            *(_versions[name] for name in GuidePage.__slots__[8:]),
        )
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, version)
        .where(_guides.status.in_(READABLE), _versions.published_on.is_not(None))
    )


def published_versions(session: Session, guide_id: int) -> tuple[PublishedVersion, ...]:
    """Every version that was ever published, the newest first."""
    rows = session.execute(
        select(_versions.number, _versions.published_on)
        .where(_versions.guide_id == guide_id, _versions.published_on.is_not(None))
        .order_by(_versions.number.desc())
    )
    return tuple(PublishedVersion(*row) for row in rows)


def _versions_of(session: Session, ids: Sequence[int]) -> dict[int, list[PublishedVersion]]:
    """By the id of each guide, every version that was ever published, the newest first."""
    rows = session.execute(
        select(_versions.guide_id, _versions.number, _versions.published_on)
        .where(_versions.guide_id.in_(ids), _versions.published_on.is_not(None))
        .order_by(_versions.guide_id, _versions.number.desc())
    )
    found: dict[int, list[PublishedVersion]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(PublishedVersion(*row[1:]))
    return found


def uses(session: Session, guide_id: int) -> tuple[Use, ...]:
    """Which municipalities said that they use it, and how it went: never their project or their reasons."""
    rows = session.execute(
        select(GuideClaim.municipality_id, GuideClaim.claimed_on, GuideClaim.outcome)
        .where(GuideClaim.guide_id == guide_id)
        .order_by(GuideClaim.claimed_on.desc(), GuideClaim.id.desc())
    )
    return tuple(Use(*row) for row in rows)


def _uses_of(session: Session, ids: Sequence[int]) -> dict[int, list[Use]]:
    """By the id of each guide, which municipalities said that they use it, the latest first."""
    rows = session.execute(
        select(GuideClaim.guide_id, GuideClaim.municipality_id, GuideClaim.claimed_on, GuideClaim.outcome)
        .where(GuideClaim.guide_id.in_(ids))
        .order_by(GuideClaim.claimed_on.desc(), GuideClaim.id.desc())
    )
    found: dict[int, list[Use]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Use(*row[1:]))
    return found


def latest_entries(session: Session, narrowed: GuideFilter) -> list[GuideEntry]:
    """What changed last, for the feed; also what ended since."""
    rows = session.execute(
        select(
            _guides.slug,
            _versions.question,
            _versions.short_answer,
            _versions.theme,
            _guides.status,
            _versions.published_on,
            _guides.updated_at,
        )
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, _SHOWN)
        .where(_guides.status.in_(READABLE), *narrowed.conditions())
        .order_by(_guides.updated_at.desc(), _guides.id.desc())
        .limit(FEED_LENGTH)
    )
    return [GuideEntry(*row) for row in rows]


def sitemap_entries(session: Session) -> list[tuple[str, datetime]]:
    """The addresses of all guides that can be read, each with its last change."""
    rows = session.execute(
        select(_guides.slug, _guides.updated_at).where(_guides.status.in_(READABLE)).order_by(_guides.id)
    )
    return [(row.slug, row.updated_at) for row in rows]


def law_keys(session: Session) -> tuple[str, ...]:
    """The laws that some answering guide leans on, for the list to choose from."""
    rule = func.jsonb_array_elements(_versions.rules).table_valued("value", name="rule")
    rows = session.execute(
        select(rule.c.value.op("->>")("law"))
        .select_from(Guide.__table__.join(GuideVersion.__table__, _SHOWN).join(rule, literal(True)))
        .where(_guides.status.in_(ANSWERING))
        .distinct()
    )
    return tuple(sorted(row[0] for row in rows))
