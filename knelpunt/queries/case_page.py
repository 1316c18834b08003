"""Reads everything that the staff page of one case shows, in one statement."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, Select, String, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.clocks import Clock, Unit
from knelpunt.domain.deadlines import Suspension
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseStatus,
    MessageKind,
    ProposalStatus,
    Result,
    ReviewStatus,
    Verdict,
)
from knelpunt.models import (
    Account,
    Assessment,
    Attachment,
    Base,
    Case,
    ClockPeriod,
    ClockSuspension,
    Contact,
    Event,
    Law,
    Message,
    Note,
    Organisation,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    Review,
)
from knelpunt.queries.case_rows import (
    AssessmentRow,
    AttachmentRow,
    CaseFacts,
    CaseFile,
    ClockRow,
    EventRow,
    MessageRow,
    NoteRow,
    ProposalRow,
    PublicTextRow,
    ReviewRow,
)
from knelpunt.queries.cases import is_reference

Row = TypeVar("Row")

_COLUMNS = tuple(getattr(Case, name) for name in CaseFacts.__slots__)
_Author = aliased(Account)
_Handler = aliased(Account)
_Requester = aliased(Account)
_Decider = aliased(Account)
_Ministry = aliased(Organisation)


def _listed(statement: Select[*tuple[Any, ...]], name: str, *, of: type[Base] = Case) -> ScalarSelect[Any]:
    """The rows of a small list as one JSON value, so that the whole page costs one statement."""
    rows = statement.correlate(of).subquery(name)
    listed = func.coalesce(func.json_agg(literal_column(name)), literal_column("'[]'::json"))
    return select(listed).select_from(rows).scalar_subquery()


_PARTS = (
    _listed(
        select(
            Assessment.id,
            Assessment.law_id,
            Law.key.label("law_key"),
            Law.citation_title.label("law_title"),
            Provision.key.label("provision_key"),
            func.coalesce(Provision.article, Assessment.article).label("article"),
            Provision.instrument,
            Provision.valid_from,
            Provision.valid_to,
            Assessment.role,
            Assessment.on_date,
            Assessment.reasoning,
            Assessment.basis,
            _Author.name.label("author"),
            Assessment.made_at,
        )
        .join(Law, Law.id == Assessment.law_id)
        .outerjoin(Provision, Provision.id == Assessment.provision_id)
        .outerjoin(_Author, _Author.id == Assessment.author_id)
        .where(Assessment.case_id == Case.id, Assessment.withdrawn_at.is_(None))
        .order_by(Assessment.id),
        "assessment_rows",
    ),
    _listed(
        select(
            Message.id,
            Message.kind,
            Message.from_desk,
            Message.body,
            Message.why,
            Message.answer_by,
            Message.answered_on,
            Message.lapsed_on,
            _Author.name.label("author"),
            Message.written_at,
        )
        .outerjoin(_Author, _Author.id == Message.author_id)
        .where(Message.case_id == Case.id)
        .order_by(Message.id),
        "message_rows",
    ),
    _listed(
        select(Note.id, Note.body, _Author.name.label("author"), Note.written_at)
        .join(_Author, _Author.id == Note.author_id)
        .where(Note.case_id == Case.id)
        .order_by(Note.id),
        "note_rows",
    ),
    _listed(
        select(
            Event.number,
            Event.recorded_at,
            Event.happened_on,
            Event.kind,
            Event.actor_kind,
            _Author.name.label("actor"),
            Event.status_before,
            Event.status,
            Event.verdict,
            Event.result,
            Event.data,
        )
        .outerjoin(_Author, _Author.id == Event.actor_id)
        .where(Event.case_id == Case.id)
        .order_by(Event.number),
        "event_rows",
    ),
    _listed(
        select(
            ClockPeriod.id,
            ClockPeriod.clock,
            ClockPeriod.started_on,
            ClockPeriod.length,
            ClockPeriod.unit,
            ClockPeriod.due_on,
            ClockPeriod.stopped_on,
            _listed(
                select(ClockSuspension.from_day, ClockSuspension.until_day, ClockSuspension.reason)
                .where(ClockSuspension.period_id == ClockPeriod.id)
                .order_by(ClockSuspension.id),
                "suspension_rows",
                of=ClockPeriod,
            ).label("suspensions"),
        )
        .where(ClockPeriod.case_id == Case.id)
        .order_by(ClockPeriod.id),
        "clock_rows",
    ),
    _listed(
        select(
            Review.id,
            Review.step,
            Review.payload,
            Review.status,
            Review.requested_by_id,
            _Requester.name.label("requested_by"),
            Review.requested_at,
            _Decider.name.label("decided_by"),
            Review.decided_at,
            Review.remark,
        )
        .join(_Requester, _Requester.id == Review.requested_by_id)
        .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
        .where(Review.case_id == Case.id)
        .order_by(Review.id),
        "review_rows",
    ),
    _listed(
        select(
            Proposal.id,
            Proposal.text,
            Proposal.legal_basis,
            Proposal.legal_date,
            Proposal.conditions,
            Proposal.who_acts,
            Proposal.act_by,
            Proposal.status,
            Proposal.sent_on,
            Proposal.reacted_on,
            Proposal.reaction,
        )
        .where(Proposal.case_id == Case.id)
        .order_by(Proposal.id),
        "proposal_rows",
    ),
    _listed(
        select(Attachment.id, Attachment.shown_name, Attachment.media_type, Attachment.size, Attachment.created_at)
        .where(Attachment.case_id == Case.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id),
        "attachment_rows",
    ),
    _listed(
        select(
            PublicText.title,
            PublicText.question,
            PublicText.answer,
            PublicText.preview_on,
            PublicText.object_by,
            PublicText.objection,
            PublicText.agreed_on,
            PublicText.reviewed_by_id.is_not(None).label("is_reviewed"),
            PublicText.version,
        ).where(PublicText.case_id == Case.id),
        "public_text_rows",
    ),
)

_NAMES = (
    Organisation.name,
    _Handler.name,
    _Ministry.name,
    PublishedCase.published_on,
    PublishedCase.withdrawn_on,
    Contact.case_id.is_not(None),
    Contact.erased_at.is_not(None),
)
_STATEMENT = (
    select(*_COLUMNS, *_NAMES, *_PARTS)
    .select_from(Case)
    .outerjoin(Organisation, Organisation.id == Case.organisation_id)
    .outerjoin(_Handler, _Handler.id == Case.handler_id)
    .outerjoin(_Ministry, _Ministry.id == Case.lead_ministry_id)
    .outerjoin(PublishedCase, PublishedCase.case_id == Case.id)
    .outerjoin(Contact, Contact.case_id == Case.id)
    .where(Case.reference == bindparam("reference", type_=String))
)
"""Made once: building a statement of this size costs more than running it."""


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
    actor.require_sight_of(row.id, row.organisation_id)
    parts_at = len(_COLUMNS) + len(_NAMES)
    assessments, messages, notes, events, clocks, reviews, proposals, attachments, public_texts = row[parts_at:]
    organisation, handler, ministry, published_on, withdrawn_on, has_contact, is_erased = row[len(_COLUMNS) : parts_at]
    return CaseFile(
        case=CaseFacts(*row[: len(_COLUMNS)]),
        organisation=organisation,
        handler=handler,
        lead_ministry=ministry,
        published_on=published_on,
        publication_withdrawn_on=withdrawn_on,
        has_contact=has_contact and not is_erased,
        assessments=_read(AssessmentRow, assessments, valid_from=_DAY, valid_to=_DAY, role=AssessmentRole,
                          on_date=_DAY, made_at=_INSTANT),
        messages=_read(MessageRow, messages, kind=MessageKind, answer_by=_DAY, answered_on=_DAY, lapsed_on=_DAY,
                       written_at=_INSTANT),
        notes=_read(NoteRow, notes, written_at=_INSTANT),
        events=_read(EventRow, events, recorded_at=_INSTANT, happened_on=_DAY, actor_kind=ActorKind,
                     status_before=CaseStatus, status=CaseStatus, verdict=Verdict, result=Result),
        clocks=_read(ClockRow, clocks, clock=Clock, started_on=_DAY, unit=Unit, due_on=_DAY, stopped_on=_DAY,
                     suspensions=_suspensions),
        reviews=_read(ReviewRow, reviews, status=ReviewStatus, requested_at=_INSTANT, decided_at=_INSTANT),
        proposals=_read(ProposalRow, proposals, legal_date=_DAY, act_by=_DAY, status=ProposalStatus, sent_on=_DAY,
                        reacted_on=_DAY),
        attachments=_read(AttachmentRow, attachments, created_at=_INSTANT),
        public_text=next(iter(_read(PublicTextRow, public_texts, preview_on=_DAY, object_by=_DAY, agreed_on=_DAY)),
                         None),
    )  # fmt: skip


_DAY = date.fromisoformat
_INSTANT = datetime.fromisoformat


def _suspensions(rows: list[dict[str, Any]]) -> tuple[Suspension, ...]:
    return _read(Suspension, rows, from_day=_DAY, until_day=_DAY)


def _read(row_class: type[Row], rows: list[dict[str, Any]], **converters: Callable[[Any], Any]) -> tuple[Row, ...]:
    """Rows that came as JSON, with days, instants and closed lists made of their texts."""
    for row in rows:
        for name, convert in converters.items():
            if row[name] is not None:
                row[name] = convert(row[name])
    return tuple(row_class(**row) for row in rows)
