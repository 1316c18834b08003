"""The signature of a second person, for the pages of a draft and for the one who signs by a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.vocabulary import CoSignatureStatus
from knelpunt.models import Account, Case, CoSignature, Draft, Organisation

_Signer, _Asker = aliased(Account), aliased(Account)


@dataclass(frozen=True, slots=True)
class CoSignatureRow:
    """The last signature that was asked under a draft. ``signer`` is a colleague's name, or what a resident typed."""

    id: int
    status: CoSignatureStatus
    signer_id: int | None
    signer: str | None
    asked_by: str | None
    asked_at: datetime
    answered_at: datetime | None
    reason: str | None
    filing_waits: bool

    @property
    def is_asked(self) -> bool:
        return self.status is CoSignatureStatus.ASKED

    @property
    def is_signed(self) -> bool:
        return self.status is CoSignatureStatus.SIGNED


@dataclass(frozen=True, slots=True)
class Signing:
    """How it stands with the second signature under a draft, whose organisation may never file without one."""

    is_required: bool
    has_co_signer: bool
    last: CoSignatureRow | None

    @property
    def filing_waits(self) -> bool:
        """Whether it cannot be filed yet."""
        if self.last is not None and self.has_co_signer:
            return self.last.filing_waits and not self.last.is_signed
        return self.is_required


@dataclass(frozen=True, slots=True)
class AskedByLink:
    """What somebody beside a resident is asked to sign: a draft, or the case that was made of it."""

    id: int
    nonce: str
    status: CoSignatureStatus
    filing_waits: bool
    draft_version: int | None
    reference: str | None
    data: Mapping[str, str]


def of_draft(session: Session, draft_id: int) -> Signing:
    """One statement."""
    row = session.execute(
        select(
            Organisation.needs_co_signature,
            Draft.has_co_signer,
            CoSignature.id,
            CoSignature.status,
            CoSignature.signer_id,
            _Signer.name,
            CoSignature.name,
            _Asker.name,
            CoSignature.asked_at,
            CoSignature.answered_at,
            CoSignature.reason,
            CoSignature.filing_waits,
        )
        .select_from(Draft)
        .outerjoin(Organisation, Organisation.id == Draft.organisation_id)
        .outerjoin(CoSignature, CoSignature.draft_id == Draft.id)
        .outerjoin(_Signer, _Signer.id == CoSignature.signer_id)
        .outerjoin(_Asker, _Asker.id == CoSignature.asked_by_id)
        .where(Draft.id == draft_id)
        .order_by(CoSignature.id.desc().nulls_last())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Signing(is_required=False, has_co_signer=False, last=None)
    needs, has, id_, status, signer_id, colleague, typed, *rest = row
    last = CoSignatureRow(id_, status, signer_id, colleague or typed, *rest) if id_ is not None else None
    return Signing(is_required=bool(needs), has_co_signer=has, last=last)


def colleagues(session: Session, organisation_id: int, but: int | None) -> list[tuple[int, str]]:
    """Everybody of an organisation who can sign, by id and name, but one."""
    rows = session.execute(
        select(Account.id, Account.name)
        .where(Account.organisation_id == organisation_id, Account.is_active, Account.id != (but or 0))
        .order_by(Account.name, Account.id)
    )
    return [(row.id, row.name) for row in rows]


def asked_by_link(session: Session, public_id: str) -> AskedByLink | None:
    """What the link with this public number is about; the caller checks its secret."""
    row = session.execute(
        select(CoSignature, Draft.version, Draft.data, Case)
        .outerjoin(Draft, Draft.id == CoSignature.draft_id)
        .outerjoin(Case, Case.id == CoSignature.case_id)
        .where(CoSignature.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    signature, version, data, case = row
    if case is not None:
        place = "" if case.municipality_id is None else str(case.municipality_id)
        data = {name: getattr(case, name) or "" for name in ("title", "goal", "place", "description")}
        data["municipality_id"] = place
    return AskedByLink(
        signature.id,
        signature.nonce or "",
        signature.status,
        signature.filing_waits,
        version,
        case.reference if case is not None else None,
        data,
    )
