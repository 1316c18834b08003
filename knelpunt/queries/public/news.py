"""What became public since a day about a topic: answered cases, ruimtewijzers, rules that moved, quarters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.guides.track import ANSWERING
from knelpunt.domain.quarters.track import QuarterStep
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import (
    Bottleneck,
    BottleneckNews,
    BottleneckProvision,
    Event,
    Guide,
    GuideVersion,
    Law,
    LawChange,
    Provision,
    PublishedCase,
)
from knelpunt.queries.bottlenecks.news import IS_MOVE
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.queries.public.published import FILTERS, HAS_ANSWER, PublicFilter

MOST = 100
"""So many of each kind are told at most; one more is found, so that who tells them knows that there are more."""
_cases = PublishedCase.__table__.c
_SIMPLE: ColumnElement[str] = literal_column("'simple'")


class NewsKind(StrEnum):
    """What is new, in the order in which it is told."""

    CASE = "antwoord"
    GUIDE = "ruimtewijzer"
    BOTTLENECK = "regelknelpunt"
    LAW = "wet"
    QUARTER = "kwartaal"


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody wants to hear of; without anything: all that is new.

    ``words`` is a query for ``to_tsquery('simple', …)``; ``municipality_ids`` are a municipality of today and those
    that went up in it. Only cases have a municipality, and rules have no theme: where one is asked for they are left
    out. What changed in a law itself is told to who asks for that law and nothing else.
    """

    theme: Theme | None = None
    law_id: int | None = None
    law_key: str | None = None
    municipality_ids: tuple[int, ...] = ()
    words: str | None = None

    @property
    def is_one_law(self) -> bool:
        return self.law_id is not None and self == Topic(law_id=self.law_id, law_key=self.law_key)

    @property
    def is_everything(self) -> bool:
        return self == Topic()


@dataclass(frozen=True, slots=True)
class News:
    """One new thing. ``key`` names it for ever; ``detail`` is the state to which a rule bottleneck moved, or what
    changed in a law."""

    key: str
    kind: NewsKind
    title: str
    path: str
    on: date
    updated_at: datetime
    text: str = ""
    detail: str = ""


def news(session: Session, topic: Topic, since: date) -> list[News]:
    """What became public on this day or later, by kind and then the newest first. Four statements at most."""
    found = _answers(session, topic, since)
    if not topic.municipality_ids:
        found += _guides(session, topic, since)
        if topic.theme is None:
            found += _moved(session, topic, since)
    if topic.is_one_law:
        found += _changed(session, topic, since)
    return found + _quarters(session, since) if topic.is_everything else found


def _answers(session: Session, topic: Topic, since: date) -> list[News]:
    narrowed = PublicFilter(
        words=topic.words,
        theme=topic.theme,
        law_id=topic.law_id,
        municipality_ids=list(topic.municipality_ids) or None,
    )
    rows = session.execute(
        select(*(_cases[name] for name in ("case_id", "reference", "title", "question", "published_on", "updated_at")))
        .where(
            _cases.withdrawn_on.is_(None),
            HAS_ANSWER,
            _cases.published_on >= since,
            *(FILTERS[name] for name in narrowed.values if name != "answered"),
        )
        .order_by(_cases.published_on.desc(), _cases.case_id.desc())
        .limit(MOST + 1),
        narrowed.values,
    )
    return [
        News(
            f"zaak:{row.case_id}",
            NewsKind.CASE,
            row.title,
            f"/knelpunten/{row.reference}",
            row.published_on,
            row.updated_at,
            row.question,
        )
        for row in rows
    ]


def _guides(session: Session, topic: Topic, since: date) -> list[News]:
    where: list[ColumnElement[bool]] = [Guide.status.in_(ANSWERING), GuideVersion.published_on >= since]
    if topic.words is not None:
        where.append(_has(Guide.terms, topic.words))
    if topic.theme is not None:
        where.append(GuideVersion.theme == topic.theme)
    if topic.law_id is not None:
        where.append(GuideVersion.rules.op("@>")(literal([{"law": topic.law_key}], JSONB)))
    rows = session.execute(
        select(
            Guide.id,
            Guide.slug,
            GuideVersion.number,
            GuideVersion.question,
            GuideVersion.short_answer,
            GuideVersion.published_on,
            Guide.updated_at,
        )
        .join(GuideVersion, and_(GuideVersion.guide_id == Guide.id, GuideVersion.number == Guide.published_number))
        .where(*where)
        .order_by(GuideVersion.published_on.desc(), Guide.id.desc())
        .limit(MOST + 1)
    )
    return [
        News(
            f"wijzer:{row.id}:{row.number}",
            NewsKind.GUIDE,
            row.question,
            f"/ruimtewijzers/{row.slug}",
            row.published_on,
            row.updated_at,
            row.short_answer,
        )
        for row in rows
    ]


def _moved(session: Session, topic: Topic, since: date) -> list[News]:
    """The messages with which a rule bottleneck came into another state."""
    told = select(
        BottleneckNews.id, BottleneckNews.bottleneck_id, BottleneckNews.status, BottleneckNews.body,
        BottleneckNews.on_day, BottleneckNews.written_at, IS_MOVE.label("moved"),
    ).subquery("told")  # fmt: skip
    where: list[ColumnElement[bool]] = [told.c.moved, told.c.on_day >= since]
    if topic.words is not None:
        where.append(_has(Bottleneck.terms, topic.words))
    if topic.law_id is not None:
        of_law = select(BottleneckProvision.bottleneck_id).join(Provision).where(Provision.law_id == topic.law_id)
        where.append(Bottleneck.id.in_(of_law))
    rows = session.execute(
        select(told, Bottleneck.reference, Bottleneck.title)
        .join(Bottleneck, Bottleneck.id == told.c.bottleneck_id)
        .where(*where)
        .order_by(told.c.id.desc())
        .limit(MOST + 1)
    )
    return [
        News(
            f"regel:{row.id}",
            NewsKind.BOTTLENECK,
            row.title,
            f"/regelknelpunten/{row.reference}#nieuws-{row.id}",
            row.on_day,
            row.written_at,
            row.body,
            row.status.value,
        )
        for row in rows
    ]


def _changed(session: Session, topic: Topic, since: date) -> list[News]:
    """What the catalogue has otherwise of a law than before. What a person wrote down is for the desk, and a rule
    bottleneck that was solved is told as such."""
    rows = session.execute(
        select(
            LawChange.id, LawChange.kind, LawChange.noticed_on, Law.key.label("law"), Law.citation_title,
            Provision.key.label("provision"), Provision.article, Provision.instrument,
        )
        .join(Law, Law.id == LawChange.law_id)
        .outerjoin(Provision, Provision.id == LawChange.provision_id)
        .where(
            LawChange.law_id == topic.law_id,
            LawChange.noticed_on >= since,
            LawChange.noticed_by_id.is_(None),
            LawChange.bottleneck_id.is_(None),
            LawChange.taken_back_on.is_(None),
        )
        .order_by(LawChange.noticed_on.desc(), LawChange.id.desc())
        .limit(MOST + 1)
    )  # fmt: skip
    return [
        News(
            f"wet:{row.id}",
            NewsKind.LAW,
            f"{row.citation_title}, {article_in_words(row.article)}" if row.provision else row.citation_title,
            f"/wetten/{row.law}/{row.provision}" if row.provision else f"/wetten/{row.law}",
            row.noticed_on,
            start_of_nl_day(row.noticed_on),
            row.instrument or "",
            row.kind.value,
        )
        for row in rows
    ]


def _quarters(session: Session, since: date) -> list[News]:
    """The quarters that were presented to the House."""
    rows: Sequence[Any] = session.execute(
        select(Event.subject, func.min(Event.recorded_at).label("at"))
        .where(Event.kind == QuarterStep.PRESENT, Event.recorded_at >= start_of_nl_day(since))
        .group_by(Event.subject)
        .order_by(func.min(Event.recorded_at).desc())
        .limit(MOST + 1)
    ).all()
    periods = [(row.subject.partition(":")[2], row.at) for row in rows]
    return [
        News(f"kwartaal:{period}", NewsKind.QUARTER, period, f"/kwartalen/{period}", nl_day(at), at)
        for period, at in periods
    ]


def _has(terms: Any, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = terms.op("@@")(func.to_tsquery(_SIMPLE, literal(words)))
    return found
