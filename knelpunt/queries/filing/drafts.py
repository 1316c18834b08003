"""Cases that are still being written, and what became of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.accounts import masked_address
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.domain.vocabulary import ActorKind, ParticipantStatus, SubmitterKind
from knelpunt.models import Account, Attachment, Case, CaseParticipant, ClockPeriod, Contact, Draft, Event, Municipality

SHOWN_DRAFTS = 200
_KEY = re.compile(r"[0-9a-f]{32}")
_FILING_ROLES = roles_with(Permission.FILE_CASE)

IS_LINK_USED = or_(
    Contact.verified_at.is_not(None),
    exists().where(Event.case_id == Case.id, Event.actor_kind == ActorKind.SUBMITTER_LINK).correlate(Case),
)
"""Whether somebody confirmed the address of a case, or did anything by the link that went there."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as its own pages show it. ``updated_by`` is a colleague's name; empty for a citizen.

    A citizen's draft has an author only when the desk began it.
    """

    id: int
    key: str
    kind: SubmitterKind
    organisation_id: int | None
    author_id: int | None
    data: Mapping[str, str]
    version: int
    created_at: datetime
    updated_at: datetime
    updated_by: str | None

    @property
    def by_organisation(self) -> bool:
        return self.organisation_id is not None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line in the list of an organisation's drafts."""

    key: str
    title: str
    updated_at: datetime
    updated_by: str | None
    files: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receipt says. ``react_by`` is the last day for a first reaction by a person; empty when it stands
    still. ``partners`` are the municipalities that were asked to file along, each with its answer."""

    reference: str
    title: str
    organisation_id: int | None
    filed_at: datetime
    react_by: date | None
    masked_address: str
    is_link_used: bool
    files: int
    partners: tuple[tuple[str, ParticipantStatus], ...]

    @property
    def has_contact(self) -> bool:
        """Whether the confirmation went by mail."""
        return self.masked_address != ""


def is_key(text: str) -> bool:
    """Whether a text from an address can be the key of a draft; what cannot never reaches the database."""
    return _KEY.fullmatch(text) is not None


def find(session: Session, key: str) -> DraftRow | None:
    """The draft with this key, to read; the caller asks whether the actor may open it."""
    if not is_key(key):
        return None
    row = session.execute(
        select(
            Draft.id,
            Draft.key,
            Draft.kind,
            Draft.organisation_id,
            Draft.author_id,
            Draft.data,
            Draft.version,
            Draft.created_at,
            Draft.updated_at,
            Account.name,
        )
        .outerjoin(Account, Account.id == Draft.updated_by_id)
        .where(Draft.key == key)
    ).one_or_none()
    return DraftRow(*list(row)) if row is not None else None


def of_organisation(session: Session, organisation_id: int) -> list[DraftLine]:
    """The drafts that the colleagues of an organisation share, last edited first."""
    editor = aliased(Account)
    files = (
        select(func.count())
        .where(Attachment.draft_id == Draft.id, Attachment.removed_at.is_(None))
        .correlate(Draft)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Draft.key, Draft.data["title"].astext, Draft.updated_at, editor.name, files)
        .outerjoin(editor, editor.id == Draft.updated_by_id)
        .where(Draft.organisation_id == organisation_id)
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
        .limit(SHOWN_DRAFTS)
    )
    return [DraftLine(key, title or "", updated_at, name, count) for key, title, updated_at, name, count in rows]


def names_of_filers(session: Session, organisation_id: int) -> list[str]:
    """The colleagues who may file for their organisation."""
    return list(
        session.scalars(
            select(Account.name)
            .where(Account.organisation_id == organisation_id, Account.is_active, Account.role.in_(_FILING_ROLES))
            .order_by(Account.name, Account.id)
        )
    )


def receipt(session: Session, key: str) -> Receipt | None:
    """What was filed with this key; the caller asks whether the actor may see it."""
    if not is_key(key):
        return None
    react_by = (
        select(ClockPeriod.due_on)
        .where(ClockPeriod.case_id == Case.id, ClockPeriod.clock == Clock.K1)
        .order_by(ClockPeriod.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    files = (
        select(func.count())
        .where(Attachment.case_id == Case.id, Attachment.removed_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
    )
    partners = (
        select(
            func.json_agg(  # not for speed: a few names, and the page stays at one statement; nothing was measured
                aggregate_order_by(
                    func.json_build_array(Municipality.name, CaseParticipant.status), CaseParticipant.id.asc()
                )
            )
        )
        .join(Municipality, Municipality.id == CaseParticipant.municipality_id)
        .where(CaseParticipant.case_id == Case.id)
        .correlate(Case)
        .scalar_subquery()
    )
    row: Row[*tuple[Any, ...]] | None = session.execute(
        select(
            Case.reference,
            Case.title,
            Case.organisation_id,
            Case.filed_at,
            react_by,
            Contact.email,
            IS_LINK_USED,
            files,
            partners,
        )
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(Case.draft_key == key)
    ).one_or_none()
    if row is None:
        return None
    asked = tuple((name, ParticipantStatus(status)) for name, status in row[-1] or ())
    return Receipt(*(*row[:5], masked_address(row.email), *row[6:-1], asked))


def filings_since(session: Session, address: str, since: datetime) -> tuple[int, bool]:
    """How many cases were filed with this contact address since an instant (capitals make no other address), and
    whether its owner ever confirmed it."""
    is_confirmed = exists().where(func.lower(Contact.email) == address.lower(), Contact.verified_at.is_not(None))
    row = session.execute(
        select(func.count(), select(is_confirmed.correlate(None)).scalar_subquery())
        .select_from(Contact)
        .join(Case, Case.id == Contact.case_id)
        .where(
            func.lower(Contact.email) == address.lower(),
            Case.filed_on >= since.date(),  # by the index; the day in the Netherlands is never before that in UTC
            Case.filed_at > since,
        )
    ).one()
    return row[0], row[1]
