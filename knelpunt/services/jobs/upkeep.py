"""Work that repeats: claimed once a period by one of the workers, and the sweeping that no page asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, literal, null, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONPATH, insert
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.identity.clients import NAME_KEPT
from knelpunt.domain.identity.subscriptions import EVENTS_KEPT
from knelpunt.domain.links import UNCONFIRMED_DAYS
from knelpunt.models import (
    AccountToken,
    AddressChange,
    ApiClient,
    ApiToken,
    BulkAct,
    CaseParticipant,
    CasePoint,
    CasePresence,
    Consultation,
    ConsultationLink,
    CoSignature,
    DeliveryFailure,
    Event,
    EventSubscription,
    EventTry,
    ImportRow,
    ImportRun,
    Invitation,
    JobRun,
    LoginAttempt,
    LoginSession,
    MinistryContact,
    Notification,
    OutboxEvent,
    OutboxMail,
    QuarterCommentRequest,
    Referral,
    RunningWorker,
    SpentMark,
    Submission,
    Subscription,
    Upload,
    UsageCount,
)
from knelpunt.services.collaboration.presence import SHOWN_FOR
from knelpunt.services.post import polling
from knelpunt.services.submitters.addresses import CONFIRM_TERM

LEASE = timedelta(minutes=15)
_ASKED_BEFORE = literal("$[*] ? (@.on < $day)").cast(JSONPATH)
_ASKED_SINCE = literal("$[*] ? (@.on >= $day)").cast(JSONPATH)
SUBMISSIONS_KEPT = timedelta(days=30)
ATTEMPTS_KEPT = timedelta(days=1)
COUNTS_KEPT = timedelta(days=2)
SIGNS_KEPT = timedelta(days=30)
MAILS_KEPT = timedelta(days=30)
RUNS_KEPT = timedelta(days=90)
BULK_KEPT = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(days=1)
PREVIEWS_KEPT = timedelta(days=1)


def claim(session: Session, name: str, period: str, now: datetime) -> bool:
    """Claim the work of one period; False when it is done, or another worker is at it.

    Who claims it must commit, do the work, and ``finish`` it. Work that was not finished (a killed worker, a fault) can
    be claimed again after a quarter of an hour.
    """
    row = insert(JobRun).values(name=name, period=period, started_at=now)
    claimed = session.scalar(
        row.on_conflict_do_update(
            index_elements=["name", "period"],
            set_={"started_at": now},
            where=JobRun.finished_at.is_(None) & (JobRun.started_at < now - LEASE),
        ).returning(JobRun.name)
    )
    return claimed is not None


def unclaimed(session: Session, periods: Mapping[str, str], now: datetime) -> set[str]:
    """Which of these jobs ``claim`` would give for these periods: one question about them all, that writes nothing."""
    held = select(JobRun.name).where(
        tuple_(JobRun.name, JobRun.period).in_(periods.items()),
        or_(JobRun.finished_at.is_not(None), JobRun.started_at >= now - LEASE),
    )
    return set(periods) - set(session.scalars(held))


def finish(session: Session, name: str, period: str, now: datetime) -> None:
    """Mark the work of one period as done."""
    session.execute(update(JobRun).where(JobRun.name == name, JobRun.period == period).values(finished_at=now))


def note_failure(session: Session, name: str, period: str, now: datetime) -> None:
    """Mark the work of one period as failed, for who looks after the installation; it is claimed again later."""
    session.execute(update(JobRun).where(JobRun.name == name, JobRun.period == period).values(failed_at=now))


def give_sign(session: Session, worker: str, version: str, started_at: datetime, now: datetime) -> None:
    """Let a worker say that it is there. Those that have been silent for a day were not ended in an orderly way."""
    row = insert(RunningWorker).values(name=worker, version=version, started_at=started_at, seen_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))
    session.execute(delete(RunningWorker).where(RunningWorker.seen_at < now - FORGOTTEN_AFTER))


def sign_off(session: Session, worker: str) -> None:
    """Let a worker say that it ends, so that nobody misses it."""
    session.execute(delete(RunningWorker).where(RunningWorker.name == worker))


def sweep_tables(session: Session, now: datetime) -> dict[str, int]:
    """Remove what has done its work; empty mails and invitations 30 days after their end. How many rows of each."""
    still_asked = func.jsonb_build_object("day", (nl_day(now) - timedelta(days=UNCONFIRMED_DAYS)).isoformat())
    counts = {
        "submissions": delete(Submission).where(Submission.created_at < now - SUBMISSIONS_KEPT),
        "address_changes": delete(AddressChange).where(AddressChange.asked_at < now - CONFIRM_TERM),
        "notifications": delete(Notification).where(Notification.ends_on < nl_day(now)),
        "case_presences": delete(CasePresence).where(CasePresence.seen_at < now - SHOWN_FOR),
        "login_attempts": delete(LoginAttempt).where(LoginAttempt.at < now - ATTEMPTS_KEPT),
        "spent_marks": delete(SpentMark).where(SpentMark.spent_at < now - ATTEMPTS_KEPT),
        "uploads": delete(Upload).where(Upload.ends_at < now),  # their pieces go as files without a row
        "usage_counts": delete(UsageCount).where(UsageCount.period_start < now - COUNTS_KEPT),
        "login_sessions": delete(LoginSession).where(LoginSession.last_seen_at < now - SIGNS_KEPT),
        "account_tokens": delete(AccountToken).where(AccountToken.expires_at < now - SIGNS_KEPT),
        "api_tokens": delete(ApiToken).where(ApiToken.expires_at < now),
        "api_clients_emptied": update(ApiClient)
        .where(
            or_(ApiClient.revoked_at < now - NAME_KEPT, ApiClient.ends_on < nl_day(now - NAME_KEPT)),
            ApiClient.name != "",
        )
        .values(name=""),
        "outbox_events": delete(OutboxEvent).where(OutboxEvent.created_at < now - EVENTS_KEPT),
        "event_tries": delete(EventTry).where(EventTry.tried_at < now - EVENTS_KEPT),
        "event_subscriptions_emptied": update(EventSubscription)
        .where(EventSubscription.ended_at < now - NAME_KEPT, EventSubscription.url != "")
        .values(url="", zgw=null()),
        "asked_topics_emptied": update(Subscription)
        .where(func.jsonb_path_exists(Subscription.questions, _ASKED_BEFORE, still_asked))
        .values(questions=func.jsonb_path_query_array(Subscription.questions, _ASKED_SINCE, still_asked)),
        "invitations_emptied": update(Invitation)
        .where(Invitation.expires_at < now - SIGNS_KEPT, Invitation.email.is_not(None))
        .values(email=None, name=None),
        "case_points": delete(CasePoint).where(CasePoint.ends_on < nl_day(now)),
        "participants_emptied": update(CaseParticipant)
        .where(CaseParticipant.ends_on < nl_day(now), CaseParticipant.email.is_not(None))
        .values(email=None),
        "co_signers_emptied": update(CoSignature)
        .where(CoSignature.ends_on < nl_day(now), CoSignature.public_id.is_not(None))
        .values(name=None, email=None, public_id=None, nonce=None),
        "ministry_contacts_emptied": update(MinistryContact)
        .where(MinistryContact.ended_on < nl_day(now - SIGNS_KEPT), MinistryContact.email.is_not(None))
        .values(name=None, email=None, changed_at=now),
        "referrals_emptied": update(Referral)
        .where(Referral.ended_on < nl_day(now - SIGNS_KEPT), Referral.receiver_email.is_not(None))
        .values(receiver_name=None, receiver_email=None),
        "consultation_links_emptied": update(ConsultationLink)
        .where(
            ConsultationLink.email.is_not(None),
            or_(
                ConsultationLink.revoked_at < now - SIGNS_KEPT,
                ConsultationLink.consultation_id.in_(
                    select(Consultation.id).where(Consultation.ended_on < nl_day(now - SIGNS_KEPT))
                ),
            ),
        )
        .values(email=None),
        "quarter_commenters_emptied": update(QuarterCommentRequest)
        .where(QuarterCommentRequest.due_on < nl_day(now - SIGNS_KEPT), QuarterCommentRequest.email.is_not(None))
        .values(email=None),
        "bulk_acts": delete(BulkAct).where(
            or_(
                BulkAct.prepared_at < now - BULK_KEPT,
                BulkAct.confirmed_at.is_(None) & (BulkAct.prepared_at < now - PREVIEWS_KEPT),
            )
        ),
        "import_rows": delete(ImportRow).where(
            ImportRow.run_id.in_(select(ImportRun.id).where(ImportRun.ends_on < nl_day(now)))
        ),
        "import_runs_emptied": update(ImportRun)
        .where(ImportRun.ends_on < nl_day(now), or_(ImportRun.stored_name.is_not(None), ImportRun.shown_name != ""))
        .values(stored_name=None, shown_name=""),
        "job_runs": delete(JobRun).where(
            JobRun.started_at < now - RUNS_KEPT,
            JobRun.period.not_like("versie %"),  # done once, and never again
        ),
        "mails_emptied": update(OutboxMail)
        .where(
            or_(OutboxMail.sent_at < now - MAILS_KEPT, OutboxMail.gave_up_at < now - MAILS_KEPT),
            or_(OutboxMail.to_address.is_not(None), OutboxMail.body.is_not(None), OutboxMail.last_error.is_not(None)),
        )
        .values(to_address=None, body=None, last_error=None),
        "failures_emptied": update(DeliveryFailure)
        .where(DeliveryFailure.settled_at < now - MAILS_KEPT, DeliveryFailure.note.is_not(None))
        .values(note=None),
    }
    swept = {name: cast(CursorResult[Any], session.execute(each)).rowcount for name, each in counts.items()}
    return {**swept, **polling.sweep(session, now)}


def last_event(session: Session) -> tuple[int, str]:
    """The number and hash of the last event (0 and nothing when there is none), to be noted outside the database."""
    row = session.execute(select(Event.number, Event.hash).order_by(Event.number.desc()).limit(1)).first()
    return (row.number, row.hash) if row else (0, "")
