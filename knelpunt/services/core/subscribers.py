"""Writes events for the systems that subscribed to them, in the transaction of the act. The worker sends them later.

An organisation reads of its own cases what its page tells too, and so does one that files along; the public what a page
for everybody shows. An event holds ids and addresses of this site, and no words of anybody.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.identity.subscriptions import EVENTS_KEPT, TEST_TYPE, Covers, type_of
from knelpunt.domain.public_events import ANSWER, BOTTLENECK, IF_SAID, PUBLIC, QUARTER, public_id
from knelpunt.domain.public_events import Told as ToldToAll
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import (
    ApiClient,
    Bottleneck,
    Case,
    CaseParticipant,
    EventSubscription,
    Guide,
    Organisation,
    OutboxEvent,
)
from knelpunt.services.core.context import Context

API = "/api/v1"
SCHEMA = f"{API}/openapi.json#/components/schemas/EventData"
"""Where stands what the data of an event mean."""
OWN_NOUN = "zaak"
_OF_CASES: frozenset[str] = frozenset(kind for kind, told in EVENTS.items() if told.submitter is not None)
_JOINT_NOUN = "samenmelding"


_IS_JOINED = CaseParticipant.status == ParticipantStatus.JOINED
"""An organisation files along."""


@dataclass(frozen=True, slots=True)
class Hearers:
    """The subscriptions that an event is written for: of its own organisation, and to what is public."""

    own: list[int]
    public: list[int]


@dataclass(frozen=True, slots=True)
class _Told:
    """One event as it is told to all who subscribed to it."""

    event_id: str
    kind: str
    subject: str
    topic: str
    data: Mapping[str, Any]
    case_id: int | None = None


def going(now: datetime, today: date) -> ColumnElement[bool]:
    """Which subscriptions go on; joined with their organisation, and with the client that made them if one did."""
    return and_(
        EventSubscription.ended_at.is_(None),
        or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
        or_(EventSubscription.client_id.is_(None), ApiClient.ends_on >= today),
        or_(EventSubscription.switched_off_at.is_(None), EventSubscription.switched_off_at > now - EVENTS_KEPT),
    )


def who_hears(context: Context, kind: str, case: Case | None) -> Hearers:
    """The subscriptions that such an event is about; asked before the chain is taken, for which all others wait."""
    is_own = case is not None and case.organisation_id is not None and kind in _OF_CASES
    return Hearers(
        own=_subscribed(context, Covers.OWN, _follows(case)) if case is not None and is_own else [],
        public=_subscribed(context, Covers.PUBLIC) if _is_public(kind, case) else [],
    )


def who_hears_moved(context: Context, kind: str, cases: Sequence[Case], moved: Mapping[int, int]) -> dict[int, Hearers]:
    """The same for each of the cases that go to another organisation, in two statements however many there are.

    Args:
        moved: the organisation that each case goes to.
    """
    if kind not in _OF_CASES:
        return {}
    subscription = EventSubscription
    theirs = _going(context, Covers.OWN).add_columns(subscription.organisation_id)
    receiving = context.session.execute(theirs.where(subscription.organisation_id.in_(set(moved.values())))).all()
    along = (
        _going(context, Covers.OWN)
        .add_columns(CaseParticipant.case_id)
        .join(CaseParticipant, CaseParticipant.organisation_id == subscription.organisation_id)
        .where(_IS_JOINED, subscription.zgw.is_(None), CaseParticipant.case_id.in_([case.id for case in cases]))
    )
    of_organisation, of_case = defaultdict(list), defaultdict(list)
    for subscription_id, organisation_id in receiving:
        of_organisation[organisation_id].append(subscription_id)
    for subscription_id, case_id in context.session.execute(along):
        of_case[case_id].append(subscription_id)
    own = {case.id: sorted({*of_organisation[moved[case.id]], *of_case[case.id]}) for case in cases}
    return {case_id: Hearers(own=heard, public=[]) for case_id, heard in own.items() if heard}


def tell(
    context: Context,
    hearers: Hearers,
    kind: str,
    number: int,
    *,
    case: Case | None,
    subject: str | None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write the event with this number for every subscription that is about it."""
    if hearers.own and case is not None:
        _write(context, hearers.own, _of_case(context, case, kind, number))
    is_hidden = kind in IF_SAID and not (data or {}).get(IF_SAID[kind])
    told = _public(context, kind, number, case, subject) if hearers.public and not is_hidden else None
    if told is not None:
        _write(context, hearers.public, told)


def tell_test(context: Context, subscription: EventSubscription) -> None:
    """Write an event that says that nothing happened, to see whether it arrives."""
    page = context.links.to("/ontwikkelaars")
    number = str(uuid.uuid4())
    told = _Told(number, TEST_TYPE, "proef", f"proef:{number}", {"links": {"uitleg": page}})
    _write(context, [subscription.id], told)


def tell_joint(context: Context, row: CaseParticipant) -> None:
    """Write for the municipality that is asked to file along that it was asked, or what it answered. Before the event
    of the same act, for the chain of which all others wait."""
    answered = row.organisation_id
    theirs = Organisation.id == answered if answered else Organisation.municipality_id == row.municipality_id
    hearers = _subscribed(context, Covers.OWN, theirs & EventSubscription.zgw.is_(None))
    if not hearers:
        return
    page = context.links.to(f"/onze-zaken/samen/{row.id}")
    links = {_JOINT_NOUN: context.links.to(f"{API}/samenmeldingen/{row.id}"), "pagina": page}
    told = _Told(
        str(uuid.uuid4()),
        type_of(_JOINT_NOUN, row.status),
        str(row.id),
        f"{_JOINT_NOUN}:{row.id}",
        {_JOINT_NOUN: row.id, "links": links},
        row.case_id,
    )
    _write(context, hearers, told)


def _follows(case: Case) -> ColumnElement[bool]:
    """The subscriptions of who filed a case, and of those that file along; only of the first a case is mirrored."""
    joined = select(CaseParticipant.organisation_id).where(CaseParticipant.case_id == case.id, _IS_JOINED)
    along = EventSubscription.organisation_id.in_(joined) & EventSubscription.zgw.is_(None)
    return or_(EventSubscription.organisation_id == case.organisation_id, along)


def _going(context: Context, covers: Covers) -> Select[*tuple[Any, ...]]:
    """The subscriptions to which something of this kind goes now, the oldest first."""
    return (
        select(EventSubscription.id)
        .join(Organisation, Organisation.id == EventSubscription.organisation_id)
        .outerjoin(ApiClient, ApiClient.id == EventSubscription.client_id)
        .where(going(context.now, context.today), EventSubscription.covers.contains([covers.value]))
        .order_by(EventSubscription.id)
    )


def _subscribed(context: Context, covers: Covers, which: ColumnElement[bool] | None = None) -> list[int]:
    statement = _going(context, covers)
    return list(context.session.scalars(statement if which is None else statement.where(which)))


def _write(context: Context, subscription_ids: list[int], told: _Told) -> None:
    shared = {
        "case_id": told.case_id,
        "event_id": told.event_id,
        "kind": told.kind,
        "subject": told.subject,
        "topic": told.topic,
        "data": dict(told.data),
        "created_at": context.now,
        "next_try_at": context.now,
        "attempts": 0,
    }
    context.session.execute(insert(OutboxEvent), [{**shared, "subscription_id": each} for each in subscription_ids])


def _of_case(context: Context, case: Case, kind: str, number: int) -> _Told:
    links = {
        "zaak": context.links.to(f"{API}/zaken/{case.reference}"),
        "tijdlijn": context.links.to(f"{API}/zaken/{case.reference}/tijdlijn"),
        "pagina": context.links.to(f"/onze-zaken/{case.reference}"),
    }
    return _Told(
        str(number),
        type_of(OWN_NOUN, kind),
        case.reference,
        f"{OWN_NOUN}:{case.id}",
        {"zaak": case.reference, "gebeurtenis": number, "links": links},
        case.id,
    )


def _is_public(kind: str, case: Case | None) -> bool:
    told = PUBLIC.get(kind)
    return told is not None and (told.noun == ANSWER) == (case is not None)


def _public(context: Context, kind: str, number: int, case: Case | None, subject: str | None) -> _Told | None:
    told = PUBLIC[kind]
    if case is not None:
        return _open(context, told, number, case.reference, case.id)
    named = (subject or "").partition(":")[2]
    if told.noun == QUARTER:
        return _open(context, told, number, named)
    if told.noun == BOTTLENECK:
        name = _name(context, Bottleneck.reference, Bottleneck.id == int(named))
    else:
        name = _name(context, Guide.slug, and_(Guide.id == int(named), Guide.published_number.is_not(None)))
    return _open(context, told, number, name) if name else None


def _name(context: Context, column: InstrumentedAttribute[str], which: ColumnElement[bool]) -> str | None:
    return context.session.scalar(select(column).where(which))


def _open(context: Context, told: ToldToAll, number: int, name: str, case_id: int | None = None) -> _Told:
    data = {told.noun: name, "links": links_of(told, name, context.links.to)}
    return _Told(public_id(number), type_of(told.noun, told.word), name, f"{told.noun}:{name}", data, case_id)


def links_of(told: ToldToAll, name: str, to: Callable[[str], str]) -> dict[str, str]:
    """Where the rest is read of what everybody is told."""
    return {told.noun: to(f"{API}/{told.path}/{name}"), "pagina": to(f"/{told.path}/{name}")}
