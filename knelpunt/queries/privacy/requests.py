"""Requests about personal data: the list, one of them, and the places that were found for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from knelpunt.domain.privacy.register import BY_KEY
from knelpunt.domain.privacy.requests import (
    OPEN_REQUESTS,
    Ground,
    PlaceDecision,
    RequestChannel,
    RequestKind,
    RequestStatus,
)
from knelpunt.domain.texts import Text
from knelpunt.models import Case, PrivacyPlace, PrivacyRequest
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy.export import Part
from knelpunt.queries.privacy.places import Shown

PAGE_SIZE = 25
PLACES_PAGE_SIZE = 20
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


def one(session: Session, request_id: int) -> PrivacyRequest | None:
    """One request."""
    return session.get(PrivacyRequest, request_id, populate_existing=True)


def reference_of(session: Session, case_id: int | None) -> str | None:
    """The number of the case that a request came from."""
    return session.scalar(select(Case.reference).where(Case.id == case_id)) if case_id is not None else None


def counts_of(session: Session, request_id: int) -> Mapping[PlaceDecision, int]:
    """How many places of a request have each decision."""
    rows = session.execute(
        select(PrivacyPlace.decision, func.count())
        .where(PrivacyPlace.request_id == request_id)
        .group_by(PrivacyPlace.decision)
    ).all()
    return {row.decision: row[1] for row in rows}


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


def mentions(session: Session, request_id: int) -> Iterator[Part]:
    """The words round each place in which the person is named, for that person: not those about somebody else."""
    after: int | None = None
    while rows := places_of(session, request_id, None, after):
        told = [
            {"soort": each.place.kind, "tekst": f"{each.shown.before}{each.shown.words}{each.shown.after}",
             "zaak": each.reference}
            for each in rows
            if each.shown is not None and each.place.ground is not Ground.OTHER_PERSON
        ]  # fmt: skip
        if told:
            yield Part(MENTIONED, REQUEST.purpose, REQUEST.term, PrivacyPlace.__tablename__, told)
        after = rows[-1].place.id
