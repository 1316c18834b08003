"""The rows that pages and services get from the law catalogue, each seen from one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select

from knelpunt.domain.laws.dates import Standing, period_in_words, standing
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.laws.wordings import sureness
from knelpunt.domain.texts import Text
from knelpunt.models import Law, Provision, ProvisionWording

LINKABLE = frozenset({Standing.HELD, Standing.UNCERTAIN})


def article_in_words(article: str) -> str:
    """The catalogue's article as part of a sentence: "artikel 15 lid 1"; a name instead of a number stays as it is."""
    return Text("artikel %(article)s", article=article) if article[:1].isdigit() else article


@dataclass(frozen=True, slots=True)
class LawLink:
    """Just enough of a law to name it, say when it was in force and point at it."""

    id: int
    key: str
    kind: LawKind
    citation_title: str
    abbreviation: str | None
    in_force_from: date | None
    in_force_to: date | None
    period: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ProvisionSummary:
    """One provision on a day: how it stood, whether the wording of that day was read, and how sure we are of it.

    ``period`` is when it held in words, no more exact than the catalogue has it.
    """

    id: int
    key: str
    law_id: int
    law_key: str
    law_title: str
    law_abbreviation: str | None
    law_domain: str
    law_from: date | None
    position: int
    article: str
    instrument: str
    room_type: RoomType
    valid_from: date | None
    valid_to: date | None
    period: str
    confidence: Confidence
    on: date
    standing: Standing
    is_wording_read: bool

    @property
    def is_linkable(self) -> bool:
        """Whether a case of this day may be linked to it: it held, or nobody knows that it did not."""
        return self.standing in LINKABLE

    @property
    def citation(self) -> Text:
        """How people refer to it: "Omgevingswet, artikel 23.3 lid 8"."""
        return Text("%(law)s, %(article)s", law=self.law_title, article=article_in_words(self.article))


@dataclass(frozen=True, slots=True)
class Followed:
    """A provision that no longer held on the day, or did not hold yet, with what did hold instead."""

    provision: ProvisionSummary
    instead: tuple[ProvisionSummary, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A provision that did hold on the day. ``is_through_law``: no line of provisions leads to it, only one of laws."""

    provision: ProvisionSummary
    is_through_law: bool


@dataclass(frozen=True, slots=True)
class LawSummary:
    """One law in the list: how it stood on the day, how many provisions it has and how many of them held.

    ``matches`` are the provisions that the words or the kind of room of the search found; ``words_had`` is how many of
    the words the law has, by itself or together with one of its provisions.
    """

    id: int
    key: str
    citation_title: str
    abbreviation: str | None
    kind: LawKind
    domain: str
    period: str
    confidence: Confidence
    standing: Standing
    provision_count: int
    held_count: int
    matches: tuple[ProvisionSummary, ...]
    words_had: int = 0


@dataclass(frozen=True, slots=True)
class LawPage:
    """One law on a day, its provisions sorted into what held, what was still to come and what had ended."""

    id: int
    key: str
    citation_title: str
    abbreviation: str | None
    bwb_id: str | None
    kind: LawKind
    domain: str
    ministry: str | None
    in_force_from: date | None
    in_force_to: date | None
    period: str
    confidence: Confidence
    standing: Standing
    details: dict[str, Any]
    before: tuple[LawLink, ...]
    after: tuple[LawLink, ...]
    held: tuple[ProvisionSummary, ...]
    uncertain: tuple[ProvisionSummary, ...]
    not_yet: tuple[Followed, ...]
    ended: tuple[Followed, ...]
    on: date


READ_DAYS = (
    select(func.range_agg(func.daterange(ProvisionWording.valid_from, ProvisionWording.valid_to, "[]")))
    .where(ProvisionWording.provision_id == Provision.id, ProvisionWording.read_on.is_not(None))
    .correlate(Provision)
    .scalar_subquery()
    .label("read_days")
)
"""The days of which the wording was read, together: one value, so that each row can be asked about a day of its own."""
PROVISION_COLUMNS: tuple[Any, ...] = (
    Provision.id,
    Provision.key,
    Provision.law_id,
    Law.key.label("law_key"),
    Law.citation_title.label("law_title"),
    Law.abbreviation.label("law_abbreviation"),
    Law.domain.label("law_domain"),
    Law.in_force_from.label("law_from"),
    Provision.position,
    Provision.article,
    Provision.instrument,
    Provision.room_type,
    Provision.valid_from,
    Provision.valid_to,
    Provision.start_is_known,
    Provision.end_is_known,
    READ_DAYS,
    Provision.confidence,
    Provision.details["valid_from"].astext.label("from_text"),
    Provision.details["valid_to"].astext.label("to_text"),
)
LAW_COLUMNS: tuple[Any, ...] = (
    Law.id,
    Law.key,
    Law.citation_title,
    Law.abbreviation,
    Law.kind,
    Law.domain,
    Law.in_force_from,
    Law.in_force_to,
    Law.status,
    Law.confidence,
    Law.details["in_force_from"].astext.label("from_text"),
    Law.details["in_force_to"].astext.label("to_text"),
)


def select_provisions(*more: Any) -> Select[Any]:
    """All provisions with the columns of a summary (and ``more``), in the order of the catalogue."""
    return (
        select(*PROVISION_COLUMNS, *more)
        .join(Law, Law.id == Provision.law_id)
        .order_by(Law.position, Law.id, Provision.position, Provision.id)
    )


def provision_summary(row: Row[Any], on: date) -> ProvisionSummary:
    is_read = any(on in days for days in row.read_days or ())
    return ProvisionSummary(
        id=row.id,
        key=row.key,
        law_id=row.law_id,
        law_key=row.law_key,
        law_title=row.law_title,
        law_abbreviation=row.law_abbreviation,
        law_domain=row.law_domain,
        law_from=row.law_from,
        position=row.position,
        article=row.article,
        instrument=row.instrument,
        room_type=RoomType(row.room_type),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        period=period_in_words(
            row.from_text or _written(row.valid_from),
            row.to_text or _written(row.valid_to),
            start_is_known=row.start_is_known,
            end_is_known=row.end_is_known,
            on=on,
        ),
        confidence=sureness(Confidence(row.confidence), is_read=is_read),
        on=on,
        standing=standing(
            row.valid_from,
            row.valid_to,
            on,
            start_is_known=row.start_is_known,
            end_is_known=row.end_is_known,
            law_from=row.law_from,
        ),
        is_wording_read=is_read,
    )


def law_standing(in_force_from: date | None, in_force_to: date | None, status: str, on: date) -> Standing:
    """How a law stood on a day. A start that was not looked up counts as long ago."""
    return standing(in_force_from, in_force_to, on, end_is_known=status != "onbekend")


def law_period(row: Any, on: date) -> str:
    """When a law was in force, in words, seen from a day."""
    return period_in_words(
        row.from_text or _written(row.in_force_from),
        row.to_text or _written(row.in_force_to),
        end_is_known=row.status != "onbekend",
        on=on,
    )


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def law_link(row: Row[Any], on: date) -> LawLink:
    return LawLink(
        id=row.id,
        key=row.key,
        kind=LawKind(row.kind),
        citation_title=row.citation_title,
        abbreviation=row.abbreviation,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        period=law_period(row, on),
        standing=law_standing(row.in_force_from, row.in_force_to, row.status, on),
    )


def by_standing(provisions: Iterable[ProvisionSummary], wanted: Standing) -> tuple[ProvisionSummary, ...]:
    return tuple(provision for provision in provisions if provision.standing is wanted)
