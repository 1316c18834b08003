"""Which ruimtewijzers wait for a legal review, and by whom: one rule, for the page of a guide and for who is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from knelpunt.domain.guides import track as steps
from knelpunt.models import Guide, GuideVersion

NEEDED: Mapping[str, str] = {
    "short_answer": "het korte antwoord",
    "room": "de ruimte",
    "who_decides": "wie beslist",
    "rules": "een regel",
    "sources": "een bron",
}
"""What a reader cannot do without, so that nothing is reviewed before it is there: fields of a version, in words."""
_LISTS = frozenset({"rules", "sources"})
_guides = Guide.__table__.c
_versions = GuideVersion.__table__.c


@dataclass(frozen=True, slots=True)
class GuideToReview:
    """A guide of which the version in hand waits for a second person."""

    slug: str
    question: str
    written_at: datetime


def is_author(written_by_id: int | None, account_id: int | None) -> bool:
    """Whether this account wrote the version, and so is no second person."""
    return written_by_id is not None and written_by_id == account_id


def not_written_by(account_id: int | None) -> ColumnElement[bool]:
    """The opposite of ``is_author`` as a condition on versions."""
    return or_(_versions.written_by_id.is_(None), _versions.written_by_id != account_id)


def waits_for_review() -> ColumnElement[bool]:
    """Whether the version in hand waits for a review; a condition on guides joined with their latest version.

    A text that was given back waits for its writer first, and so does a draft that was made of a case and that nobody
    has written in yet.
    """
    is_given_back = and_(_versions.review_remark.is_not(None), _versions.written_at < _guides.updated_at)
    is_only_begun = and_(_guides.case_id.is_not(None), _guides.version == 1)
    return and_(
        _guides.status.in_(sorted(steps.REVIEW.sources)),
        _versions.published_on.is_(None),
        _versions.reviewed_on.is_(None),
        *(func.jsonb_array_length(_versions[n]) > 0 if n in _LISTS else _versions[n] != "" for n in NEEDED),
        not_(is_given_back),
        not_(is_only_begun),
    )


def to_review(account_id: int | None) -> Select[Any]:
    """The statement for what waits for a review that this account may give, the longest waiting first: the columns of
    ``GuideToReview``, and the id of the guide."""
    return (
        select(_guides.slug, _versions.question, _versions.written_at, _guides.id)
        .select_from(Guide.__table__)
        .join(GuideVersion.__table__, and_(_versions.guide_id == _guides.id, _versions.number == _guides.latest_number))
        .where(waits_for_review(), not_written_by(account_id))
        .order_by(_versions.written_at, _guides.id)
    )
