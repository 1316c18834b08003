"""Requests about personal data: the list, one of them, and the places that were found for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_, union
from sqlalchemy.orm import Session

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.privacy.register import BY_KEY
from knelpunt.domain.privacy.requests import (
    OPEN_REQUESTS,
    WARNED_BEFORE,
    PlaceDecision,
    Receipt,
    RequestChannel,
    RequestKind,
    RequestStatus,
)
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import ParticipantStatus, ReferralStatus
from knelpunt.models import (
    Account,
    Case,
    CaseParticipant,
    Consultation,
    EventSubscription,
    Municipality,
    Organisation,
    OutboxMail,
    PrivacyPlace,
    PrivacyRequest,
    Referral,
)
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy.export import Part, without_links
from knelpunt.queries.privacy.places import AROUND, Shown

LETTER_PRESSES_AFTER = timedelta(days=21)
PAGE_SIZE = 25
PLACES_PAGE_SIZE = 20
WORDS_ALONE = frozenset(
    {
        "accounts", "address_changes", "bottleneck_followers", "contacts", "co_signatures", "digest_items", "drafts",
        "guide_followers", "incoming_mails", "invitations", "letters", "notifications", "outbox",
        "subscriptions",
    }
)  # fmt: skip
"""Tables of which a row is about one person, or was written to one."""
CHANGED_SINCE = "[deze tekst is intussen gewijzigd]"
"""Stands where the words of a place stood, in a copy that is made once more after the answer."""
MENTIONED = Text("Plekken waarin u wordt genoemd")
REQUEST = BY_KEY["privacy_request"]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request without a word of who asked."""

    id: int
    kind: RequestKind
    channel: RequestChannel
    status: RequestStatus
    received_on: date
    due_on: date
    decided_at: datetime | None
    answered_on: date | None
    forgotten_on: date | None

    def is_late(self, today: date) -> bool:
        return self.decided_at is None and self.due_on < today


def list_requests(
    session: Session, *, is_open: bool, kind: RequestKind | None, after: int | None = None
) -> list[RequestRow]:
    """Open requests, the soonest due first; or those that are over, the newest first. One more than a page."""
    columns = [getattr(PrivacyRequest, name) for name in RequestRow.__dataclass_fields__]
    statement = select(*columns)
    if kind is not None:
        statement = statement.where(PrivacyRequest.kind == kind)
    place = tuple_(PrivacyRequest.due_on, PrivacyRequest.id)
    begin = select(PrivacyRequest.due_on, PrivacyRequest.id).where(PrivacyRequest.id == after).scalar_subquery()
    if is_open:
        statement = statement.where(PrivacyRequest.status.in_(OPEN_REQUESTS))
        statement = statement.order_by(PrivacyRequest.due_on, PrivacyRequest.id)
        if after is not None:
            statement = statement.where(place > begin)
    else:
        statement = statement.where(PrivacyRequest.decided_at.is_not(None)).order_by(PrivacyRequest.id.desc())
        if after is not None:
            statement = statement.where(PrivacyRequest.id < after)
    return [RequestRow(*row) for row in session.execute(statement.limit(PAGE_SIZE + 1)).all()]


def mail_key(kind: MailKind, request_id: Any) -> Any:
    """By which the mail of this kind about a request is found again."""
    if isinstance(request_id, int):
        return f"{kind.value}:{request_id}"
    return func.concat(f"{kind.value}:", request_id)


def mailed(kind: MailKind, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is a mail of this kind about a request."""
    return exists().where(OutboxMail.once_key == mail_key(kind, PrivacyRequest.id), *where)


def owes_answer() -> ColumnElement[bool]:
    """Whether it was decided and the answer did not go out yet; not where nobody knows any more to whom."""
    return and_(
        PrivacyRequest.decided_at.is_not(None),
        PrivacyRequest.answered_on.is_(None),
        PrivacyRequest.forgotten_on.is_(None),
    )


def owes_copy() -> ColumnElement[bool]:
    """Whether somebody sends a copy of the data with the answer."""
    return and_(PrivacyRequest.kind == RequestKind.ACCESS, PrivacyRequest.status == RequestStatus.DONE)


def owes_reason() -> ColumnElement[bool]:
    """Whether it was not told yet why it takes longer."""
    return and_(
        PrivacyRequest.extended_reason.is_not(None),
        PrivacyRequest.extension_told_on.is_(None),
        PrivacyRequest.decided_at.is_(None),
    )


def is_near(due: date, today: date) -> bool:
    """Whether a last day is near or over."""
    return due <= today + WARNED_BEFORE


def extension_due_from(received_on: date) -> date:
    """From when a letter about the extension is pressing: the person must have it within the first month."""
    return received_on + LETTER_PRESSES_AFTER


def waits(today: date) -> ColumnElement[bool]:
    """Which requests wait for somebody: the last day is near or over, or a letter must go out. What a mail is still
    under way for does not."""
    under_way = OutboxMail.gave_up_at.is_(None)
    return or_(
        and_(PrivacyRequest.decided_at.is_(None), PrivacyRequest.due_on <= today + WARNED_BEFORE),
        and_(owes_answer(), or_(owes_copy(), ~mailed(MailKind.PRIVACY_ANSWERED, under_way))),
        and_(owes_reason(), ~mailed(MailKind.PRIVACY_EXTENDED, under_way)),
    )


def is_under_way(session: Session, row: PrivacyRequest) -> bool:
    """Whether a mail that tells the answer, or before that why it takes longer, waits to be sent or went out."""
    kind = MailKind.PRIVACY_ANSWERED if row.decided_at else MailKind.PRIVACY_EXTENDED
    mail = exists().where(OutboxMail.once_key == mail_key(kind, row.id), OutboxMail.gave_up_at.is_(None))
    return bool(session.scalar(select(mail)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for somebody; ``owes_letter``: not for a decision, but for a letter or copy."""

    id: int
    kind: RequestKind
    due_on: date
    owes_letter: bool


def waiting(session: Session, today: date, limit: int) -> tuple[list[Waiting], int]:
    """Those that wait, the soonest due first, and how many there are."""
    is_near_now = and_(PrivacyRequest.decided_at.is_(None), PrivacyRequest.due_on <= today + WARNED_BEFORE)
    rows = session.execute(
        select(PrivacyRequest.id, PrivacyRequest.kind, PrivacyRequest.due_on, ~is_near_now, func.count().over())
        .where(waits(today))
        .order_by(PrivacyRequest.due_on, PrivacyRequest.id)
        .limit(limit)
    ).all()
    return [Waiting(*row[:4]) for row in rows], rows[0][4] if rows else 0


def one(session: Session, request_id: int) -> PrivacyRequest | None:
    """One request."""
    return session.get(PrivacyRequest, request_id, populate_existing=True)


def reference_of(session: Session, case_id: int | None) -> str | None:
    """The number of the case that a request came from."""
    return session.scalar(select(Case.reference).where(Case.id == case_id)) if case_id is not None else None


def account_shown(session: Session, row: PrivacyRequest) -> str:
    """Name and address of the account to which a request is tied, until it is forgotten who asked."""
    if row.account_id is None or row.forgotten_on is not None:
        return ""
    name, email = session.execute(select(Account.name, Account.email).where(Account.id == row.account_id)).one()
    return f"{name}, {email}"


def counts_of(session: Session, request_id: int) -> Mapping[PlaceDecision, int]:
    """How many places of a request have each decision."""
    rows = session.execute(
        select(PrivacyPlace.decision, func.count())
        .where(PrivacyPlace.request_id == request_id)
        .group_by(PrivacyPlace.decision)
    ).all()
    return {row.decision: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who got what stands in a case, beside its submitter and the desk."""

    reference: str
    name: str
    how: Receipt


def recipients(session: Session, request_id: int) -> list[Recipient]:
    """To whom cases in which the person was found were given, who must hear what is taken away (AVG art. 19)."""
    found = Case.id.in_(
        select(PrivacyPlace.case_id).where(PrivacyPlace.request_id == request_id, PrivacyPlace.case_id.is_not(None))
    )
    rows = session.execute(
        union(
            select(Case.reference, Referral.organisation.label("name"), literal(Receipt.TOOK_OVER.value).label("how"))
            .join(Case, Case.id == Referral.case_id)
            .where(found, Referral.status == ReferralStatus.TAKEN),
            select(Case.reference, Organisation.name, literal(Receipt.ASKED.value))
            .select_from(Consultation)
            .join(Case, Case.id == Consultation.case_id)
            .join(Organisation, Organisation.id == Consultation.ministry_id)
            .where(found),
            select(Case.reference, Municipality.name, literal(Receipt.FILES_ALONG.value))
            .select_from(CaseParticipant)
            .join(Case, Case.id == CaseParticipant.case_id)
            .join(Municipality, Municipality.id == CaseParticipant.municipality_id)
            .where(found, CaseParticipant.status == ParticipantStatus.JOINED),
            select(Case.reference, Organisation.name, literal(Receipt.OWN_SYSTEM.value))
            .select_from(EventSubscription)
            .join(Case, Case.organisation_id == EventSubscription.organisation_id)
            .join(Organisation, Organisation.id == EventSubscription.organisation_id)
            .where(found, EventSubscription.zgw.is_not(None)),
        ).order_by("reference", "name", "how")
    )
    return [Recipient(reference, name, Receipt(how)) for reference, name, how in rows]


def _told(place: PrivacyPlace, shown: Shown) -> str:
    if place.table_name in WORDS_ALONE:
        return shown.words
    before = shown.before if len(shown.before) < AROUND else shown.before.partition(" ")[2]
    return without_links(f"{before}{shown.words}{shown.after}")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """One place with the words around it; None: it is a file, or other words stand there by now."""

    place: PrivacyPlace
    reference: str | None
    shown: Shown | None


def places_of(
    session: Session, request_id: int, decision: PlaceDecision | None, after: int | None = None
) -> list[FoundPlace]:
    """The places of a request in the order in which they were found. One more than a page."""
    statement = (
        select(PrivacyPlace, Case.reference)
        .outerjoin(Case, Case.id == PrivacyPlace.case_id)
        .where(PrivacyPlace.request_id == request_id)
        .order_by(PrivacyPlace.id)
        .limit(PLACES_PAGE_SIZE + 1)
    )
    if decision is not None:
        statement = statement.where(PrivacyPlace.decision == decision)
    if after is not None:
        statement = statement.where(PrivacyPlace.id > after)
    rows = session.execute(statement).all()
    values = places.read_values(session, [place for place, _reference in rows])
    return [
        FoundPlace(place, reference, places.shown(values.get(place.id), place) if place.id in values else None)
        for place, reference in rows
    ]


def is_changed(session: Session, request_id: int) -> bool:
    """Whether other words stand by now in a place that goes along with the copy: somebody must look again."""
    after: int | None = None
    while rows := places_of(session, request_id, PlaceDecision.GIVE, after):
        if any(each.shown is None and each.place.column_name != places.CONTENT for each in rows):
            return True
        after = rows[-1].place.id
    return False


def mentions(session: Session, request_id: int) -> Iterator[Part]:
    """The words round each place of which somebody decided that it goes along, for that person.

    Of a row that is about one person only the words themselves: what else stands there is told elsewhere, or not for
    this person. No links, and no number of a case of somebody else. Where other words stand by now that is told.
    """
    own = places.own_cases(session, session.get_one(PrivacyRequest, request_id))
    after: int | None = None
    while rows := places_of(session, request_id, PlaceDecision.GIVE, after):
        told = [
            {"soort": each.place.kind, "tekst": _told(each.place, each.shown) if each.shown else CHANGED_SINCE}
            | ({"zaak": str(each.reference)} if each.place.case_id in own else {})
            for each in rows
            if each.place.column_name != places.CONTENT
        ]
        if told:
            yield Part(MENTIONED, REQUEST.purpose, REQUEST.term, PrivacyPlace.__tablename__, told)
        after = rows[-1].place.id
