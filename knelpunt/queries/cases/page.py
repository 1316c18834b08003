"""Reads everything that the staff page of one case shows, in one statement.

The statement is made once, of columns of tables, and gives its rows as JSON: a page of this kind is opened all day, and
building the statement, making objects or joining the names of colleagues would each cost more than the reading itself.
"""

from datetime import date, datetime

from msgspec import convert
from sqlalchemy import String, bindparam, exists, func, literal_column, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.deadlines import Suspension
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ListedStatus
from knelpunt.models import (
    Account,
    Aftercare,
    Assessment,
    Attachment,
    Case,
    CaseLabel,
    CaseParticipant,
    CasePoint,
    CasePresence,
    ClockPeriod,
    ClockSuspension,
    Consultation,
    ConsultationLink,
    Contact,
    CoSignature,
    DeliveryFailure,
    Disagreement,
    DisposalCase,
    Event,
    IncomingMail,
    Law,
    Message,
    MinistryContact,
    Note,
    NoteMention,
    PointedRule,
    Proposal,
    Provision,
    PublicText,
    PublishedCase,
    Referral,
    Retention,
    RetentionCategory,
    Review,
    SecondLook,
    Task,
)
from knelpunt.queries.accounts.accounts import answering_account
from knelpunt.queries.cases.handling import under_running_rule
from knelpunt.queries.cases.page_rows import (
    AssessmentRow,
    AttachmentRow,
    CaseFacts,
    CaseFile,
    ClockRow,
    ConsultationRow,
    CoSignatureRow,
    DisagreementRow,
    EventRow,
    MailedRow,
    MessageRow,
    NoteRow,
    ParticipantRow,
    PointedRuleRow,
    PresenceRow,
    ProposalRow,
    PublicTextRow,
    ReferralRow,
    RetentionRow,
    ReviewRow,
    TaskRow,
)
from knelpunt.queries.cases.submitter_rows import AftercareRow, SecondLookRow
from knelpunt.queries.core.cases import is_reference
from knelpunt.queries.core.json_rows import JsonRows, as_list, columns, list_of, read_rows
from knelpunt.queries.core.reference import UNKNOWN_NAME, Reference
from knelpunt.queries.core.reference import reference as small_tables

_cases = Case.__table__.c
_published = PublishedCase.__table__.c
_contacts = Contact.__table__.c
_assessments = Assessment.__table__
_provisions = Provision.__table__
_points = CasePoint.__table__.c
_pointed = PointedRule.__table__
_periods = ClockPeriod.__table__.c
_laws = Law.__table__.c
_texts = PublicText.__table__.c
_mentions = NoteMention.__table__.c
_tasks = Task.__table__.c
_consultations = Consultation.__table__
_links = ConsultationLink.__table__.c
_retentions = Retention.__table__.c
_categories = RetentionCategory.__table__.c
_listed = DisposalCase.__table__.c
_failures = DeliveryFailure.__table__.c
_answering = Account.__table__.alias("answering")
_LAW = ("law_key", "law_title")
"""Filled from the small tables."""

_case = (
    select(
        *columns(CaseFacts, Case),
        _published.published_on.label("published_on"),
        _published.withdrawn_on.label("publication_withdrawn_on"),
        (_contacts.case_id.is_not(None) & _contacts.erased_at.is_(None)).label("has_contact"),
        _contacts.verified_at.is_not(None).label("is_address_verified"),
        _contacts.email.is_not(None).label("has_email"),
        _contacts.undelivered_at.label("undelivered_at"),
        func.coalesce(_contacts.gone_at, _answering.c.gone_at).label("gone_at"),
        select(_failures.id)
        .where(_failures.case_id == _cases.id, _failures.settled_at.is_(None))
        .correlate(Case.__table__)
        .exists()
        .label("has_failure"),
        under_running_rule(_cases.id).label("is_under_rule"),
    )
    .select_from(Case.__table__)
    .outerjoin(PublishedCase.__table__, _published.case_id == _cases.id)
    .outerjoin(Contact.__table__, _contacts.case_id == _cases.id)
    .outerjoin(_answering, _answering.c.id == answering_account(Case.organisation_id, Case.author_id))
    .where(_cases.reference == bindparam("reference", type_=String))
    .subquery("case_row")
)


_suspensions = as_list(
    select(*columns(Suspension, ClockSuspension))
    .where(ClockSuspension.__table__.c.period_id == _periods.id)
    .order_by(ClockSuspension.__table__.c.id),
    ClockPeriod.__table__,
    "suspension_rows",
)

_mentioned = (
    select(func.coalesce(func.json_agg(_mentions.account_id), literal_column("'[]'::json")))
    .where(_mentions.note_id == Note.__table__.c.id)
    .correlate(Note.__table__)
    .scalar_subquery()
)

_labels = (
    select(func.json_agg(CaseLabel.__table__.c.label_id))
    .where(CaseLabel.__table__.c.case_id == _case.c.id)
    .correlate(_case)
    .scalar_subquery()
)

_STATEMENT = select(
    func.row_to_json(literal_column("case_row")),
    _labels,
    as_list(
        select(
            *columns(
                AssessmentRow,
                Assessment,
                (*_LAW, "law_kind"),
                author=_assessments.c.author_id,
                provision_key=_provisions.c.key,
                article=func.coalesce(_provisions.c.article, _assessments.c.article),
                **{name: _provisions.c[name] for name in ("instrument", "valid_from", "valid_to")},
            )
        )
        .select_from(_assessments)
        .outerjoin(_provisions, _provisions.c.id == _assessments.c.provision_id)
        .where(_assessments.c.case_id == _case.c.id, _assessments.c.withdrawn_at.is_(None))
        .order_by(_assessments.c.id),
        _case,
        "assessment_rows",
    ),
    as_list(
        select(
            *columns(
                PointedRuleRow,
                PointedRule,
                _LAW,
                provision_key=_provisions.c.key,
                article=_provisions.c.article,
                instrument=_provisions.c.instrument,
            )
        )
        .select_from(_pointed)
        .outerjoin(_provisions, _provisions.c.id == _pointed.c.provision_id)
        .where(_pointed.c.case_id == _case.c.id)
        .order_by(_pointed.c.id),
        _case,
        "pointed_rows",
    ),
    list_of(CoSignatureRow, CoSignature, _case, is_colleague=CoSignature.__table__.c.signer_id.is_not(None)),
    list_of(ParticipantRow, CaseParticipant, _case),
    select(_points.point).where(_points.case_id == _case.c.id).correlate(_case).scalar_subquery(),
    list_of(MessageRow, Message, _case, author=Message.__table__.c.author_id),
    list_of(MailedRow, IncomingMail, _case, IncomingMail.__table__.c.asks_handler),
    list_of(NoteRow, Note, _case, author=Note.__table__.c.author_id, mentioned=_mentioned),
    list_of(EventRow, Event, _case, actor=Event.__table__.c.actor_id),
    list_of(ClockRow, ClockPeriod, _case, suspensions=_suspensions),
    list_of(
        ReviewRow,
        Review,
        _case,
        requested_by=Review.__table__.c.requested_by_id,
        decided_by=Review.__table__.c.decided_by_id,
    ),
    list_of(ProposalRow, Proposal, _case),
    list_of(AttachmentRow, Attachment, _case),
    list_of(PublicTextRow, PublicText, _case, is_reviewed=_texts.reviewed_by_id.is_not(None)),
    as_list(
        select(
            *columns(
                ConsultationRow,
                Consultation,
                (),
                ministry=_consultations.c.ministry_id,
                official=MinistryContact.__table__.c.name,
                asked_by=_consultations.c.asked_by_id,
                law_key=_laws.key,
                provision_key=_provisions.c.key,
                is_handed_on=exists().where(
                    _links.consultation_id == _consultations.c.id, _links.revoked_at.is_not(None)
                ),
            )
        )
        .select_from(_consultations)
        .join(MinistryContact.__table__, MinistryContact.__table__.c.id == _consultations.c.contact_id)
        .outerjoin(_provisions, _provisions.c.id == _consultations.c.provision_id)
        .outerjoin(Law.__table__, _laws.id == _provisions.c.law_id)
        .where(_consultations.c.case_id == _case.c.id)
        .order_by(_consultations.c.id),
        _case,
        "consultation_rows",
    ),
    list_of(DisagreementRow, Disagreement, _case, decided_by=Disagreement.__table__.c.decided_by_id),
    list_of(ReferralRow, Referral, _case, asked_by=Referral.__table__.c.asked_by_id),
    list_of(SecondLookRow, SecondLook, _case),
    list_of(AftercareRow, Aftercare, _case),
    as_list(
        select(
            *columns(
                RetentionRow,
                Retention,
                (),
                category=_categories.name,
                years=_categories.years,
                disposition=_categories.disposition,
                chosen_by=_retentions.chosen_by_id,
                list_id=select(_listed.list_id)
                .where(_listed.case_id == _retentions.case_id, _listed.status == ListedStatus.LISTED)
                .scalar_subquery(),
            )
        )
        .join_from(Retention.__table__, RetentionCategory.__table__, _categories.id == _retentions.category_id)
        .where(_retentions.case_id == _case.c.id),
        _case,
        "retention_rows",
    ),
    list_of(TaskRow, Task, _case, assignee=_tasks.assignee_id, made_by=_tasks.made_by_id, done_by=_tasks.done_by_id),
    list_of(PresenceRow, CasePresence, _case),
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
        labels,
        assessments,
        pointed,
        signed,
        participants,
        point,
        messages,
        mailed,
        notes,
        events,
        clocks,
        reviews,
        proposals,
        attachments,
        public_texts,
        consultations,
        disagreements,
        referrals,
        looks,
        aftercare,
        kept,
        tasks,
        presences,
    ) = row
    actor.require_sight_of(case["id"], case["organisation_id"])
    names = small_tables(session)
    published_on, withdrawn_on = _day(case.pop("published_on")), _day(case.pop("publication_withdrawn_on"))
    has_contact = case.pop("has_contact")
    is_address_verified = case.pop("is_address_verified")
    has_email = case.pop("has_email")
    undelivered_on, gone_on = (_day_of(case.pop(name)) for name in ("undelivered_at", "gone_at"))
    has_failure = case.pop("has_failure")
    is_under_rule = case.pop("is_under_rule")
    facts = convert(case, CaseFacts)
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
        undelivered_on=undelivered_on,
        gone_on=gone_on,
        has_failure=has_failure,
        is_under_rule=is_under_rule,
        labels=tuple(sorted(((id_, names.label_names[id_]) for id_ in labels or ()), key=lambda each: each[1].lower())),
        assessments=read_rows(
            AssessmentRow, _with_kinds(_with_laws(_named(assessments, names, "author"), names), names)
        ),
        pointed_rules=read_rows(PointedRuleRow, _with_laws(pointed, names)),
        participants=read_rows(ParticipantRow, participants),
        point=point,
        co_signatures=read_rows(CoSignatureRow, signed),
        messages=read_rows(MessageRow, _named(messages, names, "author")),
        mailed=read_rows(MailedRow, mailed),
        notes=read_rows(NoteRow, _with_mentioned(_named(notes, names, "author"), names)),
        events=read_rows(EventRow, _named(events, names, "actor")),
        clocks=read_rows(ClockRow, clocks),
        reviews=read_rows(ReviewRow, _named(reviews, names, "requested_by", "decided_by")),
        proposals=read_rows(ProposalRow, proposals),
        all_attachments=read_rows(AttachmentRow, attachments),
        public_text=next(iter(read_rows(PublicTextRow, public_texts)), None),
        consultations=read_rows(ConsultationRow, _with_ministries(_named(consultations, names, "asked_by"), names)),
        disagreements=read_rows(DisagreementRow, _named(disagreements, names, "decided_by")),
        referrals=read_rows(ReferralRow, _named(referrals, names, "asked_by")),
        second_looks=read_rows(SecondLookRow, looks),
        aftercare=read_rows(AftercareRow, aftercare),
        retention=next(iter(read_rows(RetentionRow, _named(kept, names, "chosen_by"))), None),
        tasks=read_rows(TaskRow, _with_teams(_named(tasks, names, "assignee", "made_by", "done_by"), names)),
        presences=read_rows(PresenceRow, presences),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day_of(moment: str | None) -> date | None:
    """The day in the Netherlands of a moment."""
    return None if moment is None else nl_day(datetime.fromisoformat(moment))


def _named(rows: JsonRows, names: Reference, *columns: str) -> JsonRows:
    """The rows with the names of colleagues instead of the numbers of their accounts; others stay without a name."""
    for row in rows:
        for column in columns:
            row[column] = names.staff_names.get(row[column])
    return rows


def _with_mentioned(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        row["mentioned"] = [names.staff_names[account_id] for account_id in row["mentioned"]]
    return rows


def _with_teams(rows: JsonRows, names: Reference) -> JsonRows:
    teams = dict(names.team_options)
    for row in rows:
        if row["team_id"] is not None:
            row["assignee"] = f"Team {teams.get(row['team_id'], UNKNOWN_NAME)}"
    return rows


def _with_ministries(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        row["ministry"] = names.ministry_names[row["ministry"]]
    return rows


def _with_kinds(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        law = names.laws.get(row["law_id"])
        row["law_kind"] = law.kind if law else ""
    return rows


def _with_laws(rows: JsonRows, names: Reference) -> JsonRows:
    for row in rows:
        law = names.laws.get(row["law_id"])
        row["law_key"], row["law_title"] = (law.key, law.citation_title) if law else ("", UNKNOWN_NAME)
    return rows
