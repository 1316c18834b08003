"""What a submitter may see of the own case, in one statement: no notes, reviews, or names behind the desk's acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.accounts import masked_address
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import NotFound
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    CoSignatureStatus,
    EventKind,
    MessageKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
)
from knelpunt.models import (
    Account,
    Attachment,
    Case,
    CaseParticipant,
    CasePoint,
    ClockPeriod,
    Contact,
    CoSignature,
    Event,
    FollowLink,
    Law,
    Message,
    Organisation,
    PointedRule,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    ReferenceVersion,
)
from knelpunt.queries.cases.submitter_rows import (
    SHOWN_EVENTS,
    CaseFacts,
    ClockRow,
    CoSignerRow,
    FileRow,
    MessageRow,
    ParticipantRow,
    ProposalRow,
    RuleRow,
    StoryEvent,
    SubmitterPage,
    TextRow,
)
from knelpunt.queries.core.cases import is_reference
from knelpunt.queries.core.reference import SESSION_KEY

Row = TypeVar("Row")

_PREVIEWED = (PublicationStatus.PREVIEW, PublicationStatus.PUBLIC)
_REACHED = (ProposalStatus.SENT, ProposalStatus.ACCEPTED, ProposalStatus.REFUSED, ProposalStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class LinkRow:
    case_id: int
    reference: str
    nonce: str


_cases, _links = Case.__table__.c, FollowLink.__table__.c
_LINK = (
    select(
        _cases.id,
        _cases.reference,
        _links.nonce,
        # Comes along, so that ``queries.core.reference`` need not ask for it.
        select(ReferenceVersion.__table__.c.version).scalar_subquery(),
    )
    .join_from(Case.__table__, FollowLink.__table__, _cases.id == _links.case_id)
    .where(_links.public_id == bindparam("public_id"), _links.revoked_at.is_(None))
)


def link_with(session: Session, public_id: str) -> LinkRow | None:
    """The follow link with this public number, unless it was revoked."""
    row = session.execute(_LINK, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    *columns, session.info[SESSION_KEY] = row
    return LinkRow(*columns)


def cases_of_address(session: Session, email: str, limit: int) -> list[Case]:
    """The latest cases that were filed without an account from this address, given in small letters."""
    return list(
        session.scalars(
            select(Case)
            .join(Contact, Contact.case_id == Case.id)
            .where(
                func.lower(Contact.email) == email.replace("\x00", ""),
                Contact.erased_at.is_(None),
                Case.organisation_id.is_(None),
            )
            .order_by(Case.filed_at.desc(), Case.id.desc())
            .limit(limit)
        )
    )


_COLUMNS = tuple(getattr(Case, name) for name in CaseFacts.__slots__)
_Handler = aliased(Account)
_Author = aliased(Account)
_CoSigner = aliased(Account)


def _listed(statement: Select[*tuple[Any, ...]], name: str) -> ScalarSelect[Any]:
    """The rows of a small list as one JSON value, so that the whole page costs one statement."""
    rows = statement.correlate(Case).subquery(name)
    listed = func.coalesce(func.json_agg(literal_column(name)), literal_column("'[]'::json"))
    return select(listed).select_from(rows).scalar_subquery()


_PARTS = (
    _listed(
        select(
            Event.number,
            Event.recorded_at,
            Event.happened_on,
            Event.kind,
            Event.actor_kind,
            func.coalesce(
                (Event.actor_kind != ActorKind.SYSTEM)
                & ((Event.actor_kind != ActorKind.ACCOUNT) | (Account.organisation_id == Case.organisation_id)),
                False,
            ).label("by_submitter"),
            Event.data,
        )
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.case_id == Case.id, Event.kind.in_(sorted(kind.value for kind in SHOWN_EVENTS)))
        .order_by(Event.number),
        "event_rows",
    ),
    _listed(
        select(*(getattr(Message, name) for name in MessageRow.__slots__))
        .where(Message.case_id == Case.id)
        .order_by(Message.id),
        "message_rows",
    ),
    _listed(
        select(*(getattr(Proposal, name) for name in ProposalRow.__slots__))
        .where(Proposal.case_id == Case.id, Proposal.status.in_(_REACHED), Proposal.sent_on.is_not(None))
        .order_by(Proposal.id),
        "proposal_rows",
    ),
    _listed(
        select(*(getattr(Attachment, name) for name in FileRow.__slots__))
        .where(Attachment.case_id == Case.id)
        .order_by(Attachment.id),
        "file_rows",
    ),
    _listed(
        select(ClockPeriod.clock, ClockPeriod.due_on)
        .where(ClockPeriod.case_id == Case.id, ClockPeriod.stopped_on.is_(None))
        .order_by(ClockPeriod.id),
        "clock_rows",
    ),
    _listed(
        select(*(getattr(PublicText, name) for name in TextRow.__slots__)).where(
            PublicText.case_id == Case.id, Case.publication.in_(_PREVIEWED)
        ),
        "text_rows",
    ),
    _listed(
        select(Law.citation_title.label("law_title"), Provision.article, PointedRule.on_date)
        .join_from(PointedRule, Law, Law.id == PointedRule.law_id)
        .outerjoin(Provision, Provision.id == PointedRule.provision_id)
        .where(PointedRule.case_id == Case.id)
        .order_by(PointedRule.id),
        "rule_rows",
    ),
    _listed(
        select(CoSignature.status, _CoSigner.name, CoSignature.answered_at)
        .outerjoin(_CoSigner, _CoSigner.id == CoSignature.signer_id)
        .where(CoSignature.case_id == Case.id)
        .order_by(CoSignature.id),
        "signer_rows",
    ),
    _listed(
        select(CaseParticipant.id, CaseParticipant.municipality_id, CaseParticipant.status)
        .where(CaseParticipant.case_id == Case.id)
        .order_by(CaseParticipant.id),
        "participant_rows",
    ),
    select(CasePoint.point).where(CasePoint.case_id == Case.id).correlate(Case).scalar_subquery(),
    select(Organisation.name).where(Organisation.id == Case.organisation_id).correlate(Case).scalar_subquery(),
)
_NAMES = (
    _Handler.name,
    _Author.name,
    PublishedCase.published_on,
    Contact.email,
    Contact.verified_at.is_not(None),
    Contact.case_id.is_not(None) & Contact.erased_at.is_(None),
    Contact.mail_choice,
)
_STATEMENT = (
    select(*_COLUMNS, *_NAMES, *_PARTS)
    .select_from(Case)
    .outerjoin(_Handler, (_Handler.id == Case.handler_id) & (Case.status != CaseStatus.SUBMITTED))
    .outerjoin(_Author, _Author.id == Case.author_id)
    .outerjoin(PublishedCase, (PublishedCase.case_id == Case.id) & PublishedCase.withdrawn_on.is_(None))
    .outerjoin(Contact, Contact.case_id == Case.id)
    .where(Case.reference == bindparam("reference"))
)


def read_page(session: Session, actor: Actor, reference: str) -> SubmitterPage:
    """One case for the holder of its follow link, or for an account of the organisation that filed it.

    Raises:
        NotFound: there is no such case, or this actor may not know of it.
    """
    if not is_reference(reference):
        raise NotFound()
    row = session.execute(_STATEMENT, {"reference": reference}).one_or_none()
    if row is None:
        raise NotFound()
    case = CaseFacts(*row[: len(_COLUMNS)])
    actor.require_sight_of(case.id, case.organisation_id)
    parts_at = len(_COLUMNS) + len(_NAMES)
    handler, author, published_on, email, is_verified, has_contact, mail_choice = row[len(_COLUMNS) : parts_at]
    events, messages, proposals, files, clocks, texts, rules, signers, participants, point, lead = row[parts_at:]
    return SubmitterPage(
        case=case,
        handler=handler,
        author=author,
        published_on=published_on,
        is_reachable=email is not None,
        masked_address=masked_address(email),
        is_address_verified=is_verified,
        has_contact=has_contact,
        mail_choice=mail_choice or MailChoice.ALL,
        events=_read(StoryEvent, events, recorded_at=_INSTANT, happened_on=_DAY, kind=EventKind,
                     actor_kind=ActorKind),
        messages=_read(MessageRow, messages, kind=MessageKind, answer_by=_DAY, answered_on=_DAY, lapsed_on=_DAY,
                       written_at=_INSTANT),
        proposals=_read(ProposalRow, proposals, legal_date=_DAY, act_by=_DAY, status=ProposalStatus, sent_on=_DAY,
                        reacted_on=_DAY),
        all_files=_read(FileRow, files, created_at=_INSTANT, removed_at=_INSTANT),
        clocks=_read(ClockRow, clocks, clock=Clock, due_on=_DAY),
        public_text=next(iter(_read(TextRow, texts, object_by=_DAY, agreed_on=_DAY)), None),
        rules=_read(RuleRow, rules, on_date=_DAY),
        participants=_read(ParticipantRow, participants, status=ParticipantStatus),
        point=point,
        lead=lead,
        co_signers=_read(CoSignerRow, signers, status=CoSignatureStatus, answered_at=_INSTANT),
    )  # fmt: skip


_DAY = date.fromisoformat
_INSTANT = datetime.fromisoformat


def _read(row_class: type[Row], rows: list[dict[str, Any]], **converters: Callable[[Any], Any]) -> tuple[Row, ...]:
    """Rows that came as JSON, with days, instants and closed lists made of their texts."""
    for row in rows:
        for name, convert in converters.items():
            if row[name] is not None:
                row[name] = convert(row[name])
    return tuple(row_class(**row) for row in rows)
