"""The wordings of provisions: that of a day, the story of an article, and how many of them were read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.dates import held_on, period_in_words
from knelpunt.domain.laws.schema import Confidence
from knelpunt.domain.laws.wordings import FROM_THE_BEGINNING, SAID
from knelpunt.domain.texts import Text
from knelpunt.models import Law, Provision, ProvisionWording
from knelpunt.queries.laws.rows import Alternative, LawLink, ProvisionSummary, provision_summary, select_provisions


@dataclass(frozen=True, slots=True)
class WordingRow:
    """One wording with its provision and law; ``says`` is what somebody may do under it."""

    provision_id: int
    provision_key: str
    instrument: str
    article: str
    law_key: str
    law_title: str
    bwb_id: str | None
    valid_from: date | None
    valid_to: date | None
    period: Text
    read_on: date | None
    checked_through: date | None
    source: str | None
    text_hash: str | None
    staatsblad: str | None
    dossier: str | None
    confidence: Confidence
    says: Mapping[str, Any]
    articles: tuple[str, ...]
    change: str | None
    why_not_read: str | None

    @property
    def is_read(self) -> bool:
        return self.read_on is not None

    @property
    def address(self) -> str:
        """What stands in its address after that of its provision: its first day."""
        return self.valid_from.isoformat() if self.valid_from else FROM_THE_BEGINNING

    def held_on(self, day: date) -> bool:
        """Whether it is the wording of this day."""
        return held_on(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    """One provision on a day, with its neighbours in time.

    Where no provision came before or after it, ``laws_before`` and ``laws_after`` are those of its law.
    ``details`` says what the wording of the day says; ``story`` has the wordings of the article from the oldest on.
    ``instead`` did hold on the day when this one did not.
    """

    provision: ProvisionSummary
    law: LawLink
    bwb_id: str | None
    details: dict[str, Any]
    wording: WordingRow | None
    story: tuple[WordingRow, ...]
    before: tuple[ProvisionSummary, ...]
    after: tuple[ProvisionSummary, ...]
    laws_before: tuple[LawLink, ...]
    laws_after: tuple[LawLink, ...]
    instead: tuple[Alternative, ...]

    @property
    def texts_read(self) -> str:
        """The days of the texts of this provision that were read, of its wordings or else as its file says."""
        days = {row.read_on for row in self.story if row.read_on and row.provision_key == self.provision.key}
        return ", ".join(day.isoformat() for day in sorted(days)) or self.details.get("text_version_read") or ""


def select_wordings() -> Select[Any]:
    """All wordings with their provision and law, in the order of the catalogue, the oldest of a provision first."""
    return (
        select(
            ProvisionWording,
            Provision.key.label("provision_key"),
            Provision.instrument,
            Provision.article,
            Provision.start_is_known,
            Provision.end_is_known,
            Provision.details["valid_to"].astext.label("to_text"),
            Provision.valid_to.label("provision_to"),
            Law.key.label("law_key"),
            Law.citation_title.label("law_title"),
            Law.bwb_id,
        )
        .join(Provision, Provision.id == ProvisionWording.provision_id)
        .join(Law, Law.id == Provision.law_id)
        .order_by(
            Law.position,
            Law.id,
            Provision.position,
            Provision.id,
            ProvisionWording.valid_from.nulls_first(),
            ProvisionWording.id,
        )
    )


def wording_row(row: Row[Any], on: date | None = None) -> WordingRow:
    """A wording; with ``on`` its period is told from that day."""
    one: ProvisionWording = row.ProvisionWording
    is_last = one.valid_to == row.provision_to
    start = one.details.get("valid_from") or (one.valid_from.isoformat() if one.valid_from else None)
    end = row.to_text if is_last else None
    return WordingRow(
        provision_id=one.provision_id,
        provision_key=row.provision_key,
        instrument=row.instrument,
        article=row.article,
        law_key=row.law_key,
        law_title=row.law_title,
        bwb_id=row.bwb_id,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        period=period_in_words(
            start,
            end or (one.valid_to.isoformat() if one.valid_to else None),
            start_is_known=row.start_is_known and one.valid_from is not None,
            end_is_known=row.end_is_known or not is_last,
            on=on,
        ),
        read_on=one.read_on,
        checked_through=one.checked_through,
        source=one.source,
        text_hash=one.text_hash,
        staatsblad=one.staatsblad,
        dossier=one.dossier,
        confidence=Confidence(one.confidence),
        says={name: one.details.get(name) for name in SAID},
        articles=tuple(one.details.get("articles") or ()),
        change=one.details.get("change"),
        why_not_read=one.details.get("why_not_read"),
    )


def wordings_of(session: Session, provision_ids: Iterable[int], on: date) -> tuple[WordingRow, ...]:
    """The wordings of these provisions from the oldest on, told from a day, in one statement."""
    rows = session.execute(select_wordings().where(ProvisionWording.provision_id.in_(sorted(provision_ids))))
    return tuple(sorted((wording_row(row, on) for row in rows), key=lambda one: one.valid_from or date.min))


def all_wordings(session: Session) -> Iterable[WordingRow]:
    """Every wording of the catalogue, in one statement."""
    return (wording_row(row) for row in session.execute(select_wordings()))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many provisions hold (or may hold) on a day, and of how many the wording of that day was read.

    ``verified`` are those read in whole, ``unread`` the wordings of that day that nobody read.
    """

    on: date
    provisions: int
    verified: int
    read: int
    unread: tuple[WordingRow, ...]
    wordings: int
    wordings_read: int

    @property
    def share(self) -> float:
        return self.verified / self.provisions if self.provisions else 0.0


def coverage(session: Session, on: date) -> Coverage:
    """What was read of what holds on a day; two statements."""
    standing_of = _standing(session, on)
    everything = list(all_wordings(session))
    wanted = [one for one in everything if standing_of.get(one.provision_id) and one.held_on(on)]
    counts = Counter((one.is_read, one.is_read and one.confidence is Confidence.VERIFIED) for one in wanted)
    return Coverage(
        on=on,
        provisions=sum(standing_of.values()),
        verified=counts[True, True],
        read=counts[True, True] + counts[True, False],
        unread=tuple(one for one in wanted if not one.is_read),
        wordings=len(everything),
        wordings_read=sum(one.is_read for one in everything),
    )


def _standing(session: Session, on: date) -> dict[int, bool]:
    found = (provision_summary(row, on) for row in session.execute(select_provisions()))
    return {one.id: True for one in found if one.is_linkable}
