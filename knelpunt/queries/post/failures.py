"""Mails about cases that reached nobody, until somebody reached the reader in another way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case as when
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.post.incoming import why_not_delivered
from knelpunt.models import Account, Case, Contact, DeliveryFailure, OutboxMail
from knelpunt.queries.accounts.accounts import answering_account

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FailedCase:
    """A case of which mails reached nobody. ``has_phone``, ``has_postal``: how the submitter can be reached."""

    case_id: int
    reference: str
    title: str
    handler_id: int | None
    count: int
    last_at: datetime
    has_phone: bool
    has_postal: bool

    @property
    def other_way(self) -> str:
        """How the submitter can be reached besides, in words."""
        ways = [words for words, is_there in (("telefoon", self.has_phone), ("brief", self.has_postal)) if is_there]
        return " of ".join(ways) or "niet bekend"


@dataclass(frozen=True, slots=True)
class FailedMail:
    """One mail that reached nobody. ``code`` is what the other server answered; ``gone_at``: since when nobody has the
    address, of a mail that was not sent."""

    kind: str
    subject: str
    failed_at: datetime
    is_returned: bool
    code: str | None
    gone_at: datetime | None
    has_text: bool
    error: str | None

    @property
    def why(self) -> str:
        """Why it reached nobody, in words."""
        return why_not_delivered(self.code, None if self.is_returned else self.error)

    @property
    def what(self) -> str:
        """The kind of mail, in words."""
        return MailKind(self.kind).label


def list_cases(session: Session, actor: Actor, *, after: int | None = None) -> list[FailedCase]:
    """The cases with mails that reached nobody, by number of the case; at most a page and one more."""
    if not actor.can(Permission.HANDLE_CASE):
        return []
    statement = (
        select(
            Case.id,
            Case.reference,
            Case.title,
            Case.handler_id,
            func.count(DeliveryFailure.id),
            func.max(DeliveryFailure.failed_at),
            func.coalesce(Contact.phone, "") != "",
            func.coalesce(Contact.postal_address, "") != "",
        )
        .join(Case, Case.id == DeliveryFailure.case_id)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(DeliveryFailure.settled_at.is_(None))
        .group_by(Case.id, Contact.phone, Contact.postal_address)
        .order_by(Case.id)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        statement = statement.where(Case.id > after)
    return [FailedCase(*row) for row in session.execute(statement)]


def of_case(session: Session, case_id: int) -> list[FailedMail]:
    """The mails about one case that reached nobody and were not settled; the caller asks who may see it."""
    rows = session.execute(
        select(
            OutboxMail.kind,
            OutboxMail.subject,
            DeliveryFailure.failed_at,
            DeliveryFailure.is_returned,
            DeliveryFailure.code,
            DeliveryFailure.gone_at,
            OutboxMail.body.is_not(None),
            OutboxMail.last_error,
        )
        .join(OutboxMail, OutboxMail.id == DeliveryFailure.mail_id)
        .where(DeliveryFailure.case_id == case_id, DeliveryFailure.settled_at.is_(None))
        .order_by(DeliveryFailure.id)
    )
    return [FailedMail(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class GoneAddress:
    """Where mails about a case went, until nobody had that address any more."""

    address: str
    since: datetime


def gone_address(session: Session, case_id: int) -> GoneAddress | None:
    """The address of the submitter when it is known not to exist: of the contact, or of who answers for the
    organisation."""
    is_of_contact = Contact.gone_at.is_not(None)
    row = session.execute(
        select(
            when((is_of_contact, Contact.email), else_=Account.email), func.coalesce(Contact.gone_at, Account.gone_at)
        )
        .select_from(Case)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .outerjoin(Account, Account.id == answering_account(Case.organisation_id, Case.author_id))
        .where(Case.id == case_id, is_of_contact | Account.gone_at.is_not(None))
    ).one_or_none()
    return GoneAddress(*row) if row is not None else None


def ways_to_reach(session: Session, case_id: int) -> tuple[bool, bool]:
    """Whether a telephone number and a postal address stand with the case."""
    row = session.execute(select(Contact.phone, Contact.postal_address).where(Contact.case_id == case_id)).first()
    return (bool(row.phone), bool(row.postal_address)) if row is not None else (False, False)
