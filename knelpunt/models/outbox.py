"""Mail and events that go out, mail that comes in, the fixed texts of letters, the work that repeats, and the keys that
make a form count once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.post.incoming import IncomingReason, IncomingStatus, Settled
from knelpunt.models.base import Base, about, text_enum


class OutboxMail(Base):
    """One mail, written in the transaction of the act that causes it. Its Message-ID is fixed here.

    Personal data: address and text; purpose: delivery; address and text are emptied 30 days after sending.
    ``once_key`` makes a repeated reminder impossible. ``missed_at``: since when somebody of the desk or a ministry
    missed it, empty once an administrator settled that.
    """

    __tablename__ = "outbox"
    __personal__ = about(outbox="to_address body last_error account_id", nobody="message_id kind once_key subject")
    __table_args__ = (
        Index(
            "ix_outbox_waiting", "next_try_at", "id", postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL")
        ),
        Index("ix_outbox_missed", "id", postgresql_where=text("missed_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    to_address: Mapped[str | None]
    subject: Mapped[str]
    body: Mapped[str | None]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class EventSubscription(Base):
    """The system of an organisation that gets events, at one address that allowed it.

    The secret that events are signed with is sealed; the old one holds beside it for some days. ``failures``: how often
    in a row the address could not be reached; until ``next_try_at`` nothing goes there. ``busy_until``: until when a
    worker has it, and afterwards when its last try ended. Those columns are written by the worker, past the version of
    the row. ``client_id``: the system that made it, whose end is its end too. ``ends_on``: its last day when nobody
    manages the organisation; empty while somebody does.

    With ``zgw`` it is the case system of the organisation, in which its cases are mirrored: where that is and how its
    types are called (``domain.identity.zgw.Settings``). The secret is that of our token there.
    """

    __tablename__ = "event_subscriptions"
    __personal__ = about(
        api_client="url made_by_id ended_by_id", nobody="public_id covers sealed_secret old_sealed_secret zgw"
    )
    __table_args__ = (
        Index(
            "uq_event_subscriptions_one_mirror", "organisation_id", unique=True,
            postgresql_where=text("zgw IS NOT NULL AND ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("api_clients.id"), index=True)
    url: Mapped[str]
    covers: Mapped[list[str]]
    zgw: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sealed_secret: Mapped[str]
    old_sealed_secret: Mapped[str | None]
    old_until: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    allowed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    busy_until: Mapped[datetime | None]
    switched_off_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class OutboxEvent(Base):
    """One event for one subscription, written in the transaction of the act, as a mail is. Its id is fixed here.

    ``topic`` is what it is ordered by: of one case, an event waits until the ones before it are gone. ``data`` holds
    ids and addresses of this site only.
    """

    __tablename__ = "outbox_events"
    __personal__ = about(nobody="event_id kind subject topic data")
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        Index(
            "ix_outbox_events_waiting", "subscription_id", "next_try_at", "id",
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
        Index(
            "ix_outbox_events_order", "subscription_id", "topic", "id",
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("event_subscriptions.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    event_id: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    topic: Mapped[str]
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]


class EventTry(Base):
    """One try to hand over an event, or to ask whether events may be sent (without an event): how it went, no texts.

    ``detail``: what a case system found wrong, in codes (``domain.identity.zgw.detail_of``).
    """

    __tablename__ = "event_tries"
    __personal__ = about(nobody="outcome detail")
    __table_args__ = (Index("ix_event_tries_subscription", "subscription_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("event_subscriptions.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_events.id", ondelete="CASCADE"), index=True)
    tried_at: Mapped[datetime] = mapped_column(index=True)
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    outcome: Mapped[TryOutcome] = mapped_column(text_enum(TryOutcome))
    detail: Mapped[str | None]


class JobRun(Base):
    """One run of repeating work. The key (name and period) keeps several workers from doing it twice.

    ``failed_at``: a fault ended it; it is tried again until ``finished_at`` is there.
    """

    __tablename__ = "job_runs"
    __personal__ = about(nobody="name period")

    name: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


class JobProgress(Base):
    """How far the last run of long work is: ``done`` of ``total`` pieces, and which piece it is ``doing``."""

    __tablename__ = "job_progress"
    __personal__ = about(nobody="name doing")
    __table_args__ = (CheckConstraint("done BETWEEN 0 AND total", name="done"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    told_at: Mapped[datetime]
    done: Mapped[int]
    total: Mapped[int]
    doing: Mapped[str]


class RunningWorker(Base):
    """A worker that is at work, by the sign that it gives: the row goes when it ends in an orderly way."""

    __tablename__ = "running_workers"
    __personal__ = about(nobody="name version")

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Submission(Base):
    """One filled-in form, and where its answer led. A second click gets the answer of the first.

    ``key`` is a hash of the form's own key, of the address that it was sent to and of all that was filled in.
    """

    __tablename__ = "submissions"
    __personal__ = about(submissions="author key location")

    author: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    location: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class IncomingMail(Base):
    """One mail that came in. What the submitter wrote stands with the case, as ``Message``; here only until then.

    ``message_id`` is that of its sender: what arrives twice counts once. ``digest`` tells whether the content is the
    same too. ``arrived_at`` is when it came into the mailbox, which gives the day on which it was received.
    ``case_id`` of a mail that waits is the case that it seems to be about. ``asks_handler``: something was open with
    the submitter, and a person must say whether this is the answer; until then no term ends.

    Personal data: address, subject and text of what waits; emptied 30 days after somebody decided about it.
    """

    __tablename__ = "incoming_mails"
    __personal__ = about(
        incoming="from_address subject body refused_files decision_reason decided_by_id",
        nobody="message_id digest status reason",
    )
    __table_args__ = (
        Index("ix_incoming_mails_waiting", "id", postgresql_where=text("status = 'wacht'")),
        Index("ix_incoming_mails_asking", "case_id", postgresql_where=text("asks_handler")),
        CheckConstraint("(status = 'in_zaak') <= (case_id IS NOT NULL)", name="landed_has_case"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    arrived_at: Mapped[datetime] = mapped_column(index=True)
    taken_at: Mapped[datetime]
    status: Mapped[IncomingStatus] = mapped_column(text_enum(IncomingStatus))
    reason: Mapped[IncomingReason | None] = mapped_column(text_enum(IncomingReason))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    asks_handler: Mapped[bool] = mapped_column(default=False, server_default=false())
    refused_files: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    from_address: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decision_reason: Mapped[str | None]


class IncomingSource(Base):
    """A mail as it came in, byte for byte, apart from its row so that lists stay narrow. Gone on ``ends_on``; empty
    while somebody has to decide about it."""

    __tablename__ = "incoming_sources"

    mail_id: Mapped[int] = mapped_column(ForeignKey("incoming_mails.id", ondelete="CASCADE"), primary_key=True)
    raw: Mapped[bytes]
    ends_on: Mapped[date | None] = mapped_column(index=True)


class MailboxState(Base):
    """How it went with the mailbox: one row. ``polled_at`` keeps several workers from fetching at once."""

    __tablename__ = "mailbox_state"
    __personal__ = about(nobody="error")

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    polled_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]
    error: Mapped[str | None]


class DeliveryFailure(Base):
    """A mail about a case that did not reach anybody: given up here, or returned by another server.

    Somebody at the desk reaches the reader in another way and says how. ``gone_at`` of a mail that was not sent at all:
    since when nobody has the address.
    """

    __tablename__ = "delivery_failures"
    __personal__ = about(incoming="note settled_by_id", nobody="code outcome")
    __table_args__ = (
        Index("uq_delivery_failures_one_open", "mail_id", unique=True, postgresql_where=text("settled_at IS NULL")),
        Index("ix_delivery_failures_open", "case_id", "id", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    failed_at: Mapped[datetime]
    is_returned: Mapped[bool]
    code: Mapped[str | None]
    gone_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[Settled | None] = mapped_column(text_enum(Settled))
    note: Mapped[str | None]


class DigestItem(Base):
    """What a mail would have said to a submitter who chose one mail a week; gone once that mail is written.

    ``account_id``: for a colleague of an organisation, whose mail holds all cases; else it goes to the contact of the
    case. ``mailed_at``: of what may be taken back later only the text goes, so that who read it can be told. Personal
    data: the text.
    """

    __tablename__ = "digest_items"
    __personal__ = about(digest="subject body account_id", nobody="kind once_key")

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(index=True)
    mailed_at: Mapped[datetime | None]


class LetterVersion(Base):
    """One version of the fixed text of a letter in one language, for all cases or for one topic or outcome (empty: for
    all).

    Written by an administrator and used once a second person agreed. ``number`` counts from 2: version 1 ships with the
    site. ``legal`` comes below the letter, in legal words.
    """

    __tablename__ = "letter_versions"
    __personal__ = about(acts="written_by_id decided_by_id", nobody="kind language theme outcome plain legal remark")
    __table_args__ = (UniqueConstraint("kind", "language", "theme", "outcome", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
    theme: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    number: Mapped[int]
    plain: Mapped[str]
    legal: Mapped[str] = mapped_column(default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    is_agreed: Mapped[bool] = mapped_column(default=False, server_default=false())
    remark: Mapped[str | None]
