"""Reads everything that the staff page of one case shows, in one statement.

The statement is made once, of columns of tables, and gives its rows as JSON: a page of this kind is opened all day, and
building the statement, making objects or joining the names of colleagues would each cost more than the reading itself.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, String, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.deadlines import Suspension
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    Channel,
    CoSignatureStatus,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models import (
    Assessment,
    Attachment,
    Base,
    Case,
    CaseParticipant,
    CasePoint,
    ClockPeriod,
    ClockSuspension,
    Contact,
    CoSignature,
    Event,
    Message,
    Note,
    PointedRule,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    Review,
)
from knelpunt.queries.cases.page_rows import (
    AssessmentRow,
    AttachmentRow,
    CaseFacts,
    CaseFile,
    ClockRow,
    CoSignatureRow,
    EventRow,
    MessageRow,
    NoteRow,
    ParticipantRow,
    PointedRuleRow,
    ProposalRow,
    PublicTextRow,
    ReviewRow,
)
from knelpunt.queries.core.cases import is_reference
from knelpunt.queries.core.reference import UNKNOWN_NAME, Reference
from knelpunt.queries.core.reference import reference as small_tables

Row = TypeVar("Row")
Columns = Iterable[ColumnElement[Any]]


def _columns(model: type[Base], names: str) -> list[ColumnElement[Any]]:
    return [model.__table__.c[name] for name in names.split()]


_cases = Case.__table__.c
_published = PublishedCase.__table__.c
_contacts = Contact.__table__.c
_assessments = Assessment.__table__
_provisions = Provision.__table__
_points = CasePoint.__table__.c
_pointed = PointedRule.__table__
_periods = ClockPeriod.__table__.c
_texts = PublicText.__table__.c

_case = (
    select(
        *(_cases[name] for name in CaseFacts.__slots__),
        _published.published_on.label("published_on"),
        _published.withdrawn_on.label("publication_withdrawn_on"),
        (_contacts.case_id.is_not(None) & _contacts.erased_at.is_(None)).label("has_contact"),
        _contacts.verified_at.is_not(None).label("is_address_verified"),
        _contacts.email.is_not(None).label("has_email"),
        _contacts.undelivered_at.label("undelivered_at"),
    )
    .select_from(Case.__table__)
    .outerjoin(PublishedCase.__table__, _published.case_id == _cases.id)
    .outerjoin(Contact.__table__, _contacts.case_id == _cases.id)
    .where(_cases.reference == bindparam("reference", type_=String))
    .subquery("case_row")
)


def _as_list(statement: Select[*tuple[Any, ...]], name: str, of: FromClause) -> ColumnElement[Any]:
    """The rows of a small list as one JSON value."""
    rows = statement.correlate(of).subquery(name)
    listed = func.coalesce(func.json_agg(literal_column(name)), literal_column("'[]'::json"))
    return select(listed).select_from(rows).scalar_subquery()


def _list_of(model: type[Base], names: str, *more: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The rows of one table that belong to the case, in the order in which they came."""
    table = model.__table__
    order = table.c.number if model is Event else next(iter(table.primary_key))
    statement = select(*_columns(model, names), *more).where(table.c.case_id == _case.c.id).order_by(order)
    return _as_list(statement, name, _case)


_SUSPENSIONS = _as_list(
    select(*_columns(ClockSuspension, "from_day until_day reason"))
    .where(ClockSuspension.__table__.c.period_id == _periods.id)
    .order_by(ClockSuspension.__table__.c.id),
    "suspension_rows",
    ClockPeriod.__table__,
).label("suspensions")

_STATEMENT = select(
    func.row_to_json(literal_column("case_row")),
    _as_list(
        select(
            *_columns(Assessment, "id law_id role on_date reasoning basis author_id made_at"),
            func.coalesce(_provisions.c.article, _assessments.c.article).label("article"),
            _provisions.c.key.label("provision_key"),
            *_columns(Provision, "instrument valid_from valid_to"),
        )
        .select_from(_assessments)
        .outerjoin(_provisions, _provisions.c.id == _assessments.c.provision_id)
        .where(_assessments.c.case_id == _case.c.id, _assessments.c.withdrawn_at.is_(None))
        .order_by(_assessments.c.id),
        "assessment_rows",
        _case,
    ),
    _as_list(
        select(
            *_columns(PointedRule, "law_id provision_id on_date"),
            _provisions.c.key.label("provision_key"),
            *_columns(Provision, "article instrument"),
        )
        .select_from(_pointed)
        .outerjoin(_provisions, _provisions.c.id == _pointed.c.provision_id)
        .where(_pointed.c.case_id == _case.c.id)
        .order_by(_pointed.c.id),
        "pointed_rows",
        _case,
    ),
    _list_of(
        CoSignature,
        "status answered_at",
        CoSignature.__table__.c.signer_id.is_not(None).label("is_colleague"),
        name="signature_rows",
    ),
    _list_of(CaseParticipant, "municipality_id organisation_id status", name="participant_rows"),
    select(_points.point).where(_points.case_id == _case.c.id).correlate(_case).scalar_subquery(),
    _list_of(
        Message,
        "id kind from_desk body why answer_by answered_on lapsed_on author_id written_at",
        name="message_rows",
    ),
    _list_of(Note, "id body author_id written_at", name="note_rows"),
    _list_of(
        Event,
        "number recorded_at happened_on kind actor_kind actor_id status_before status verdict result data",
        name="event_rows",
    ),
    _list_of(ClockPeriod, "id clock started_on length unit due_on stopped_on", _SUSPENSIONS, name="clock_rows"),
    _list_of(
        Review,
        "id step payload status requested_by_id requested_at decided_by_id decided_at remark",
        name="review_rows",
    ),
    _list_of(
        Proposal,
        "id text legal_basis legal_date conditions who_acts act_by status sent_on reacted_on reaction",
        name="proposal_rows",
    ),
    _list_of(Attachment, "id shown_name media_type size created_at removed_at removed_reason", name="attachment_rows"),
    _list_of(
        PublicText,
        "title question answer preview_on object_by objection agreed_on version",
        _texts.reviewed_by_id.is_not(None).label("is_reviewed"),
        name="public_text_rows",
    ),
).select_from(_case)


def read_case_file(session: Session, actor: Actor, reference: str) -> CaseFile:
    """One case with all that belongs to it, but without contact data.

    Raises:
        NotFound: there is no such case, or this actor may not know of it.
    """
    if not is_reference(reference):
        raise NotFound()
    row = session.execute(_STATEMENT, {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound()
    (
        case,
        assessments,
        pointed,
        signed,
        participants,
        point,
        messages,
        notes,
        events,
        clocks,
        reviews,
        proposals,
        attachments,
        public_texts,
    ) = row
    actor.require_sight_of(case["id"], case["organisation_id"])
    names = small_tables(session)
    published_on, withdrawn_on = _day(case.pop("published_on")), _day(case.pop("publication_withdrawn_on"))
    has_contact = case.pop("has_contact")
    is_address_verified = case.pop("is_address_verified")
    has_email = case.pop("has_email")
    undelivered_at = case.pop("undelivered_at")
    (facts,) = _read(CaseFacts, [case], _CASE)
    return CaseFile(
        case=facts,
        organisation=names.organisation_names.get(facts.organisation_id or 0),
        handler=names.staff_names.get(facts.handler_id or 0),
        lead_ministry=names.ministry_names.get(facts.lead_ministry_id or 0),
        published_on=published_on,
        publication_withdrawn_on=withdrawn_on,
        has_contact=has_contact,
        is_address_verified=is_address_verified,
        has_email=has_email,
        undelivered_on=nl_day(datetime.fromisoformat(undelivered_at)) if undelivered_at else None,
        assessments=_read(
            AssessmentRow, _with_laws(_named(assessments, names, author="author_id"), names), _ASSESSMENT
        ),
        pointed_rules=_read(PointedRuleRow, _with_laws(pointed, names), {"on_date": _DAY}),
        participants=_read(ParticipantRow, participants, {"status": ParticipantStatus}),
        point=point,
        co_signatures=_read(CoSignatureRow, signed, {"status": CoSignatureStatus, "answered_at": _INSTANT}),
        messages=_read(MessageRow, _named(messages, names, author="author_id"), _MESSAGE),
        notes=_read(NoteRow, _named(notes, names, author="author_id"), {"written_at": _INSTANT}),
        events=_read(EventRow, _named(events, names, actor="actor_id"), _EVENT),
        clocks=_read(ClockRow, clocks, _CLOCK),
        reviews=_read(ReviewRow, _reviewers(reviews, names), _REVIEW),
        proposals=_read(ProposalRow, proposals, _PROPOSAL),
        all_attachments=_read(AttachmentRow, attachments, {"created_at": _INSTANT, "removed_at": _INSTANT}),
        public_text=next(iter(_read(PublicTextRow, public_texts, _PUBLIC_TEXT)), None),
    )


# --- from JSON: days, instants and closed lists come as text, people and laws by number

_DAY = date.fromisoformat
_INSTANT = datetime.fromisoformat
Converters = dict[str, Callable[[Any], Any]]
JsonRows = list[dict[str, Any]]

_CASE: Converters = {
    "status": CaseStatus,
    "result": Result,
    "verdict": Verdict,
    "publication": PublicationStatus,
    "theme": Theme,
    "refused_on": _DAY,
    "law_date": _DAY,
    "submitter_kind": SubmitterKind,
    "level": RuleLevel,
    "route": Route,
    "due_on": _DAY,
    "due_clock": Clock,
    "suspended_until": _DAY,
    "channel": Channel,
    "filed_at": _INSTANT,
    "filed_on": _DAY,
    "closed_on": _DAY,
    "updated_at": _INSTANT,
}
_ASSESSMENT: Converters = {
    "valid_from": _DAY,
    "valid_to": _DAY,
    "role": AssessmentRole,
    "on_date": _DAY,
    "made_at": _INSTANT,
}
_MESSAGE: Converters = {
    "kind": MessageKind,
    "answer_by": _DAY,
    "answered_on": _DAY,
    "lapsed_on": _DAY,
    "written_at": _INSTANT,
}
_EVENT: Converters = {
    "recorded_at": _INSTANT,
    "happened_on": _DAY,
    "actor_kind": ActorKind,
    "status_before": CaseStatus,
    "status": CaseStatus,
    "verdict": Verdict,
    "result": Result,
}
_CLOCK: Converters = {
    "clock": Clock,
    "started_on": _DAY,
    "unit": Unit,
    "due_on": _DAY,
    "stopped_on": _DAY,
    "suspensions": lambda rows: _read(Suspension, rows, {"from_day": _DAY, "until_day": _DAY}),
}
_REVIEW: Converters = {"status": ReviewStatus, "requested_at": _INSTANT, "decided_at": _INSTANT}
_PROPOSAL: Converters = {
    "legal_date": _DAY,
    "act_by": _DAY,
    "status": ProposalStatus,
    "sent_on": _DAY,
    "reacted_on": _DAY,
}
_PUBLIC_TEXT: Converters = {"preview_on": _DAY, "object_by": _DAY, "agreed_on": _DAY}


def _read(row_class: type[Row], rows: JsonRows, converters: Converters) -> tuple[Row, ...]:
    for row in rows:
        for name, convert in converters.items():
            if row[name] is not None:
                row[name] = convert(row[name])
    return tuple(row_class(**row) for row in rows)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _named(rows: JsonRows, names: Reference, **columns: str) -> JsonRows:
    """The rows with the names of colleagues instead of the numbers of their accounts; others stay without a name."""
    for row in rows:
        for name, column in columns.items():
            row[name] = names.staff_names.get(row.pop(column))
    return rows


def _reviewers(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        row["requested_by"] = names.staff_names[row["requested_by_id"]]
        row["decided_by"] = names.staff_names.get(row.pop("decided_by_id"))
    return rows


def _with_laws(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        law = names.laws.get(row["law_id"])
        row["law_key"], row["law_title"] = (law.key, law.citation_title) if law else ("", UNKNOWN_NAME)
    return rows
