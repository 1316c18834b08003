"""What a submitter may see of the own case, in one statement: no notes, reviews, or names behind the desk's acts."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.accounts import masked_address
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.event_words import TOLD_TO_SUBMITTER
from knelpunt.domain.errors import NotFound
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import (
    ActorKind,
    CaseStatus,
    Disposition,
    ProposalStatus,
    PublicationStatus,
)
from knelpunt.models import (
    Account,
    Aftercare,
    Attachment,
    Case,
    CaseParticipant,
    CasePoint,
    ClockPeriod,
    Consultation,
    Contact,
    CoSignature,
    Event,
    FollowLink,
    Law,
    Message,
    Municipality,
    Organisation,
    PointedRule,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    ReferenceVersion,
    Referral,
    SecondLook,
)
from knelpunt.models.event import FOR_ORGANISATION
from knelpunt.queries.accounts.accounts import answering_account
from knelpunt.queries.cases.submitter_rows import (
    AftercareRow,
    CaseFacts,
    ClockRow,
    CoSignerRow,
    FileRow,
    MessageRow,
    MinistryRow,
    OfferRow,
    ParticipantRow,
    ProposalRow,
    RuleRow,
    SecondLookRow,
    StoryEvent,
    SubmitterPage,
    TextRow,
)
from knelpunt.queries.core.cases import is_reference
from knelpunt.queries.core.json_rows import as_list, columns, list_of, read_rows
from knelpunt.queries.core.reference import SESSION_KEY

_PREVIEWED = (PublicationStatus.PREVIEW, PublicationStatus.PUBLIC)
_REACHED = (ProposalStatus.SENT, ProposalStatus.ACCEPTED, ProposalStatus.REFUSED, ProposalStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class LinkRow:
    case_id: int
    reference: str
    nonce: str
    archived_on: date | None
    archived_as: Disposition | None


_cases, _links = Case.__table__.c, FollowLink.__table__.c
_LINK = (
    select(
        _cases.id,
        _cases.reference,
        _links.nonce,
        _cases.archived_on,
        _cases.archived_as,
        # Comes along, so that ``queries.core.reference`` need not ask for it.
        select(ReferenceVersion.__table__.c.version).scalar_subquery(),
    )
    .join_from(Case.__table__, FollowLink.__table__, _cases.id == _links.case_id)
    .where(
        _links.public_id == bindparam("public_id"), or_(_links.revoked_at.is_(None), _cases.archived_on.is_not(None))
    )
)


def link_with(session: Session, public_id: str) -> LinkRow | None:
    """The follow link with this public number, unless it was revoked; of an archived case even then."""
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


_COLUMNS = columns(CaseFacts, Case)
_case = Case.__table__
_Handler = aliased(Account)
_Author = aliased(Account)
_Answering = aliased(Account)
_CoSigner = aliased(Account)
_Ministry = aliased(Organisation)


_for = Event.data[FOR_ORGANISATION].as_integer()
_heir = aliased(Organisation)
_WENT_UP = (
    select(Organisation.id)
    .join(Municipality, Municipality.id == Organisation.municipality_id)
    .join(_heir, _heir.municipality_id == Municipality.successor_id)
    .where(_heir.id == Case.organisation_id)
    .correlate(Case)
)
"""The organisations that went up in that of the case: what they did stays an act of its submitter."""
_BY_SUBMITTER = case(
    (Event.actor_kind == ActorKind.ACCOUNT, Account.organisation_id == Case.organisation_id),
    (Event.actor_kind == ActorKind.CLIENT, (_for == Case.organisation_id) | _for.in_(_WENT_UP)),
    else_=Event.actor_kind.in_((ActorKind.SUBMITTER_LINK, ActorKind.VISITOR)),
)
"""Who files along acts with an account or a client of another organisation; who was asked for an answer, by a link."""
_PARTS = (
    as_list(
        select(
            *columns(
                StoryEvent,
                Event,
                by_submitter=func.coalesce(_BY_SUBMITTER | Event.data.has_key("per_mail"), False),
            )
        )
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.case_id == Case.id, Event.kind.in_(sorted(kind.value for kind in TOLD_TO_SUBMITTER)))
        .order_by(Event.number),
        _case,
        "event_rows",
    ),
    list_of(MessageRow, Message, _case),
    list_of(ProposalRow, Proposal, _case, Proposal.status.in_(_REACHED), Proposal.sent_on.is_not(None)),
    list_of(FileRow, Attachment, _case, Attachment.consultation_id.is_(None)),
    list_of(
        ClockRow,
        ClockPeriod,
        _case,
        (ClockPeriod.clock == Clock.K6) | ((ClockPeriod.clock == Clock.K4) & ClockPeriod.stopped_on.is_(None)),
    ),
    list_of(TextRow, PublicText, _case, Case.publication.in_(_PREVIEWED)),
    as_list(
        select(*columns(RuleRow, PointedRule, law_title=Law.citation_title, article=Provision.article))
        .join_from(PointedRule, Law, Law.id == PointedRule.law_id)
        .outerjoin(Provision, Provision.id == PointedRule.provision_id)
        .where(PointedRule.case_id == Case.id)
        .order_by(PointedRule.id),
        _case,
        "rule_rows",
    ),
    as_list(
        select(*columns(CoSignerRow, CoSignature, name=_CoSigner.name))
        .outerjoin(_CoSigner, _CoSigner.id == CoSignature.signer_id)
        .where(CoSignature.case_id == Case.id)
        .order_by(CoSignature.id),
        _case,
        "signer_rows",
    ),
    list_of(ParticipantRow, CaseParticipant, _case),
    as_list(
        select(*columns(MinistryRow, Consultation, (), ministry=_Ministry.name))
        .join(_Ministry, _Ministry.id == Consultation.ministry_id)
        .where(Consultation.case_id == Case.id)
        .order_by(Consultation.id),
        _case,
        "ministry_rows",
    ),
    list_of(OfferRow, Referral, _case),
    list_of(SecondLookRow, SecondLook, _case),
    list_of(AftercareRow, Aftercare, _case),
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
    func.coalesce(Contact.gone_at, _Answering.gone_at),
)
_STATEMENT = (
    select(*_COLUMNS, *_NAMES, *_PARTS)
    .select_from(Case)
    .outerjoin(_Handler, (_Handler.id == Case.handler_id) & (Case.status != CaseStatus.SUBMITTED))
    .outerjoin(_Author, _Author.id == Case.author_id)
    .outerjoin(PublishedCase, (PublishedCase.case_id == Case.id) & PublishedCase.withdrawn_on.is_(None))
    .outerjoin(Contact, Contact.case_id == Case.id)
    .outerjoin(_Answering, _Answering.id == answering_account(Case.organisation_id, Case.author_id))
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
    handler, author, published_on, email, is_verified, has_contact, mail_choice, gone_at = row[len(_COLUMNS) : parts_at]
    events, messages, proposals, files, clocks, texts, rules, signers, *others = row[parts_at:]
    participants, ministries, offers, looks, aftercare, point, lead = others
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
        gone_on=nl_day(gone_at) if gone_at else None,
        events=read_rows(StoryEvent, events),
        messages=read_rows(MessageRow, messages),
        proposals=read_rows(ProposalRow, proposals),
        all_files=read_rows(FileRow, files),
        clocks=read_rows(ClockRow, clocks),
        public_text=next(iter(read_rows(TextRow, texts)), None),
        rules=read_rows(RuleRow, rules),
        participants=read_rows(ParticipantRow, participants),
        ministries=read_rows(MinistryRow, ministries),
        offers=read_rows(OfferRow, offers),
        second_looks=read_rows(SecondLookRow, looks),
        aftercare=read_rows(AftercareRow, aftercare),
        point=point,
        lead=lead,
        co_signers=read_rows(CoSignerRow, signers),
    )
