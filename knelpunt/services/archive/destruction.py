"""Takes the words of a case away for good, and leaves what figures are counted from.

``REMOVED``, ``EMPTIED`` and ``KEPT`` name every table that hangs on a case; a test compares them with the models, so
that a new table cannot be forgotten.
"""

from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Table, delete, select, update

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.archive.retention import WHAT_HAPPENED
from knelpunt.domain.vocabulary import Disposition, Priority, PublicationStatus
from knelpunt.models import (
    AddressChange,
    Aftercare,
    Assessment,
    Attachment,
    Base,
    BottleneckCase,
    BulkCase,
    Case,
    CaseLabel,
    CaseLink,
    CaseParticipant,
    CasePoint,
    CasePresence,
    CaseSearch,
    ClockPeriod,
    ClockSuspension,
    CommitmentCase,
    Consultation,
    ConsultationLink,
    Contact,
    CoSignature,
    DeliveryFailure,
    DigestItem,
    Disagreement,
    DisposalCase,
    Event,
    FigureFact,
    FollowLink,
    Guide,
    ImportRow,
    IncomingMail,
    LawChangeTouch,
    Letter,
    MergerException,
    Message,
    Note,
    Notification,
    OutboxEvent,
    OutboxMail,
    PointedRule,
    PrivacyPlace,
    PrivacyRequest,
    Proposal,
    PublicText,
    PublishedCase,
    Referral,
    Retention,
    RetentionCategory,
    Review,
    SecondLook,
    SuggestionFeedback,
    Task,
)
from knelpunt.queries.archive import contents
from knelpunt.queries.core import cases
from knelpunt.services.cases import attachments, published_record
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch

REMOVED: tuple[type[Base], ...] = (
    CaseSearch,
    CasePoint,
    Contact,
    AddressChange,
    Note,
    Message,
    Letter,
    Review,
    Proposal,
    PublicText,
    CaseLabel,
    Task,
    CasePresence,
    DeliveryFailure,
    DigestItem,
    ImportRow,
    IncomingMail,
    Notification,
    OutboxEvent,
    PrivacyPlace,
)
"""No figure is counted from their rows."""
EMPTIED: dict[type[Base], dict[str, Any]] = {
    Assessment: {"reasoning": ""},
    Consultation: {
        "question": "",
        "article": "",
        "verdict_plain": None,
        "answer": None,
        "more_time_reason": None,
    },
    Disagreement: {"reason": None},
    SecondLook: {"points": [], "answers": [], "reason": None},
    Aftercare: {"words": None},
    Referral: {
        "organisation": "",
        "receiver_name": None,
        "receiver_email": None,
        "reason": "",
        "refusal": None,
    },
    BottleneckCase: {"why": None, "reason": None, "passed": [], "pass_reason": None, "found_at": None},
    CoSignature: {"name": None, "email": None, "public_id": None, "nonce": None, "reason": None},
    CaseParticipant: {"email": None},
    BulkCase: {"remark": None, "undo_remark": None, "reason_before": None},
    OutboxMail: {"to_address": None, "subject": "", "body": None, "last_error": None},
    Retention: {"reason": None, "hold_reason": None},
}
"""Their rows stay, for the figures or as proof of what was done; their words go."""
WORDS_OF_A_CASE = (
    "goal",
    "place",
    "rule_words",
    "tried",
    "involved",
    "wanted",
    "no_provision_reason",
    "verdict_plain",
    "verdict_legal",
    "result_reason",
    "next_step",
    "priority_reason",
    "source_url",
    "source_title",
    "source_note",
    "draft_key",
)
KEPT: dict[type[Base], str] = {
    Event: "numbers and days only; the chain must stay whole",
    ClockPeriod: "days only",
    FigureFact: "the figures themselves",
    FollowLink: "it tells who holds it that the case is gone",
    PointedRule: "numbers of laws",
    CaseLink: "numbers of cases",
    CommitmentCase: "numbers only",
    LawChangeTouch: "numbers and days",
    MergerException: "numbers only",
    SuggestionFeedback: "numbers, and words of a closed list",
    Guide: "a text of its own, without the case",
    PrivacyRequest: "a request has a term of its own",
    DisposalCase: "the certificate is made of it",
}
TERM_OVER = "De termijn waarin wij deze zaak bewaren is voorbij."
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken away: how much of each kind, the SHA-256 over it, and whether a public text went too."""

    counts: dict[str, int]
    digest: str
    is_text_gone: bool = False


def take_words_away(context: Context, files: FileStore, case: Case, category: RetentionCategory) -> Gone:
    """Empty a case in the caller's transaction; its files go after the commit. The case is locked."""
    session = context.session
    cases.hold_mails(session, [case.id])  # before the contact goes
    held = contents.read_contents(session, case.id)
    gone = Gone(contents.counts_of(held), contents.digest_of(held))
    attachments.remove_all_of_case(session, files, case)
    for model in REMOVED:
        table = _table(model)
        session.execute(delete(table).where(table.c.case_id == case.id))
    for model, values in EMPTIED.items():
        table = _table(model)
        session.execute(update(table).where(table.c.case_id == case.id).values(**values))
    session.execute(
        update(Referral).where(Referral.case_id == case.id, Referral.contact.is_not(None)).values(contact=""),
        execution_options=_QUIETLY,
    )
    of_case = select(Consultation.id).where(Consultation.case_id == case.id)
    session.execute(
        update(ConsultationLink).where(ConsultationLink.consultation_id.in_(of_case)).values(email=None),
        execution_options=_QUIETLY,
    )
    periods = select(ClockPeriod.id).where(ClockPeriod.case_id == case.id)
    session.execute(
        update(ClockSuspension).where(ClockSuspension.period_id.in_(periods)).values(reason=""),
        execution_options=_QUIETLY,
    )
    # Mails to others than the submitter are about no case, but for the number in their subject.
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.subject.contains(case.reference, autoescape=True), OutboxMail.sent_at.is_not(None))
        .values(to_address=None, subject="", body=None, last_error=None),
        execution_options=_QUIETLY,
    )
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.case_id == case.id, OutboxMail.sent_at.is_(None), OutboxMail.gave_up_at.is_(None))
        .values(gave_up_at=context.now),
        execution_options=_QUIETLY,
    )
    is_text_gone = _take_public_text_away(context, case, category)
    case.title = str(WHAT_HAPPENED[category.disposition])
    case.description = ""
    case.priority = Priority.NORMAL  # what is urgent has a reason, and that goes
    for name in WORDS_OF_A_CASE:
        setattr(case, name, None)
    session.flush()
    return replace(gone, is_text_gone=is_text_gone)


def _take_public_text_away(context: Context, case: Case, category: RetentionCategory) -> bool:
    """Leave a tombstone, unless the category says that the public text outlives the file. Whether everybody could read
    it until now."""
    published = context.session.get(PublishedCase, case.id, populate_existing=True)
    if published is None or (category.public_text_stays and published.withdrawn_on is None):
        return False
    was_public = published.withdrawn_on is None
    published_record.empty(published)
    published_record.forget_similar(context, case.id)
    published.withdrawn_on = published.withdrawn_on or context.today
    published.withdrawn_reason = TERM_OVER
    published.updated_at = context.now
    case.publication = PublicationStatus.WITHDRAWN
    touch(context.session)
    return was_public


def mark_archived(context: Context, case: Case, disposition: Disposition) -> None:
    """From now on nothing about the case changes any more."""
    case.archived_on, case.archived_as = context.today, disposition


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


_BY_HAND: tuple[type[Base], ...] = (Attachment, Case, PublishedCase, ConsultationLink, ClockSuspension)
COVERED: frozenset[str] = frozenset(_table(model).name for model in (*REMOVED, *EMPTIED, *KEPT, *_BY_HAND))
"""Every table that was thought of."""
