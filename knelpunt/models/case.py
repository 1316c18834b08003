"""The case (knelpunt), the contact of its submitter, how cases belong together and how long they are kept, and acts on
several at once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.vocabulary import (
    OPEN_STATUSES,
    BulkKind,
    BulkOutcome,
    CaseLinkKind,
    CaseStatus,
    CategoryStatus,
    Channel,
    DisposalStatus,
    Disposition,
    HoldGround,
    ListedStatus,
    Priority,
    PublicationStatus,
    Reach,
    Result,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models.base import Base, about, text_enum


def _day_of_filing(context: Any) -> date:
    """What stands in ``last_event_on`` until something else happens."""
    filed_on: date = context.get_current_parameters()["filed_on"]
    return filed_on


def _list_index(name: str, *columns: str) -> Index:
    """For a list that starts with the last change; status and verdict ride along, so that counting and choosing the
    rows of a page read the index only."""
    return Index(
        f"ix_cases_{name}",
        *columns,
        text("updated_at DESC"),
        text("id DESC"),
        postgresql_include=["status", "verdict"],
    )


_IS_OPEN = "status IN ({})".format(", ".join(f"'{status.value}'" for status in sorted(OPEN_STATUSES)))
"""The few cases that the desk has on its hands, however many there are in all; in SQL."""
IS_WAITING = (
    f"status IN ('{CaseStatus.AWAITING_SUPPLEMENT}', '{CaseStatus.PROPOSED}')"
    f" AND (status = '{CaseStatus.AWAITING_SUPPLEMENT}' OR due_clock <> '{Clock.CLOSING}')"
)
"""A case waits for its submitter: the list and its index say it in the same SQL. A proposal waits as long as its own
clock runs; once the submitter has reacted, the desk is to close the case."""
IS_OWN = f"channel <> '{Channel.IMPORT}'"
"""A case came in at the desk itself; its first day and the index say it in the same SQL."""


class Case(Base):
    """One case. State, result, verdict, suspension and publication are five independent sides.

    ``filed_on`` and ``closed_on`` are days in Europe/Amsterdam; ``law_date`` is the day by whose law it is judged.
    ``first_handler_id`` handled it before the second look that goes on; empty in any other state.
    ``due_on``/``due_clock`` repeat the running clock's due date for lists; empty while that clock is suspended.
    ``last_event_on``: the last day on which something happened, for lists of what lies silent.
    ``import_undone_on``: the import that it came from was undone: it never counts in a figure.
    ``archived_on``: the day on which its words were destroyed or handed to an archive; from then on nothing changes.
    """

    __tablename__ = "cases"
    __personal__ = about(
        story="title description goal place rule_words tried involved wanted language",
        desk_words="no_provision_reason verdict_plain verdict_legal result_reason next_step priority_reason",
        acts="author_id handler_id first_handler_id",
        nobody=(
            "reference status status_before_supplement result verdict publication theme submitter_kind "
            "municipality_then level route due_clock priority channel archived_as import_key source_url "
            "source_title source_note draft_key"
        ),
    )
    __table_args__ = (
        _list_index("recent"),
        _list_index("status_recent", "status"),
        _list_index("law_recent", "main_law_id"),
        _list_index("municipality_recent", "municipality_id"),
        _list_index("handler_recent", "handler_id"),
        _list_index("organisation_recent", "organisation_id"),
        _list_index("verdict_recent", "verdict"),
        _list_index("publication_recent", "publication"),
        _list_index("province_recent", "province_id"),
        Index(
            "ix_cases_open_handler",
            "handler_id",
            text("updated_at DESC"),
            text("id DESC"),
            postgresql_where=text(_IS_OPEN),
            # What the dashboard and the tabs of the work list count open cases by.
            postgresql_include=[
                "status",
                "filed_on",
                "due_on",
                "last_event_on",
                "verdict",
                "main_law_id",
                "province_id",
                "municipality_id",
            ],
        ),
        Index("ix_cases_open_law", "main_law_id", "id", postgresql_where=text(_IS_OPEN)),
        Index("ix_cases_open_province", "province_id", "id", postgresql_where=text(_IS_OPEN)),
        Index("ix_cases_open_silent", "last_event_on", "id", postgresql_where=text(_IS_OPEN)),
        Index("ix_cases_waiting", "id", postgresql_where=text(IS_WAITING)),
        Index("ix_cases_open_due", "due_on", "id", postgresql_where=text(f"due_on IS NOT NULL AND {_IS_OPEN}")),
        # By due date, either way, with the cases without one last; on one day what has priority comes first.
        Index("ix_cases_due_first", text("coalesce(due_on, 'infinity'::date)"), "priority", "id"),
        Index("ix_cases_due_last", text("coalesce(due_on, '-infinity'::date)"), "priority", "id"),
        Index(
            "ix_cases_open_due_first",
            text("coalesce(due_on, 'infinity'::date)"),
            "priority",
            "id",
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_cases_filed", text("filed_on DESC"), text("id DESC")),
        Index("ix_cases_import_undone", "id", postgresql_where=text("import_undone_on IS NOT NULL")),
        Index("ix_cases_own_filed", "filed_on", postgresql_where=text(IS_OWN)),
        CheckConstraint("(status = 'afgesloten') <= (result IS NOT NULL)", name="closed_has_result"),
        CheckConstraint("(archived_on IS NULL) = (archived_as IS NULL)", name="archived_how"),
        CheckConstraint("priority <> 'hoog' OR priority_reason IS NOT NULL", name="priority_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    status: Mapped[CaseStatus] = mapped_column(text_enum(CaseStatus))
    status_before_supplement: Mapped[str | None]
    result: Mapped[Result | None] = mapped_column(text_enum(Result))
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict), default=Verdict.UNDECIDED)
    publication: Mapped[PublicationStatus] = mapped_column(
        text_enum(PublicationStatus), default=PublicationStatus.INTERNAL
    )

    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
    title: Mapped[str]
    description: Mapped[str]
    goal: Mapped[str | None]
    place: Mapped[str | None]
    rule_words: Mapped[str | None]
    tried: Mapped[str | None]
    involved: Mapped[str | None]
    wanted: Mapped[str | None]
    theme: Mapped[Theme] = mapped_column(text_enum(Theme))
    refused_on: Mapped[date | None]
    rule_is_unknown: Mapped[bool] = mapped_column(default=False, server_default=false())
    law_date: Mapped[date]

    submitter_kind: Mapped[SubmitterKind] = mapped_column(text_enum(SubmitterKind))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"))
    municipality_then: Mapped[str | None]
    province_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"))
    may_share: Mapped[bool] = mapped_column(default=False)
    may_publish: Mapped[bool] = mapped_column(default=False)

    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    first_handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    in_scope: Mapped[bool | None]
    level: Mapped[RuleLevel | None] = mapped_column(text_enum(RuleLevel))
    route: Mapped[Route | None] = mapped_column(text_enum(Route))
    lead_ministry_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    main_law_id: Mapped[int | None] = mapped_column(ForeignKey("laws.id"))
    no_provision_reason: Mapped[str | None]
    verdict_plain: Mapped[str | None]
    verdict_legal: Mapped[str | None]
    result_reason: Mapped[str | None]
    next_step: Mapped[str | None]
    got_no_reaction: Mapped[bool] = mapped_column(default=False)

    priority: Mapped[Priority] = mapped_column(
        text_enum(Priority), default=Priority.NORMAL, server_default=Priority.NORMAL.value
    )
    priority_reason: Mapped[str | None]
    due_on: Mapped[date | None]
    due_clock: Mapped[Clock | None] = mapped_column(text_enum(Clock))
    suspended_until: Mapped[date | None]

    channel: Mapped[Channel] = mapped_column(text_enum(Channel))
    import_key: Mapped[str | None] = mapped_column(unique=True)
    source_url: Mapped[str | None]
    source_title: Mapped[str | None]
    source_note: Mapped[str | None]
    import_undone_on: Mapped[date | None]
    draft_key: Mapped[str | None] = mapped_column(unique=True)

    filed_at: Mapped[datetime]
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    archived_on: Mapped[date | None]
    archived_as: Mapped[Disposition | None] = mapped_column(text_enum(Disposition))
    updated_at: Mapped[datetime]
    last_event_on: Mapped[date] = mapped_column(default=_day_of_filing, server_default=func.current_date())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class CaseSearch(Base):
    """The search terms of a case, apart from it, so that lists stay narrow."""

    __tablename__ = "case_search"
    __personal__ = about(story="terms")
    __table_args__ = (Index("ix_case_search_terms", "terms", postgresql_using="gin"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    terms: Mapped[str] = mapped_column(TSVECTOR)


class CaseNumber(Base):
    """The last number handed out in a year; its row lock orders simultaneous filings."""

    __tablename__ = "case_numbers"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Contact(Base):
    """How to reach the submitter of one case. Personal data; purpose: handling this case (public task, AVG art. 6
    lid 1 onder e); erased on request or on ``ends_on``. Opening it is an event.

    ``undelivered_at``: when a mail to this address was given up. ``gone_at``: since when the address is known not to
    exist, so that mails wait with a person. ``mail_choice``: empty is everything.
    """

    __tablename__ = "contacts"
    __personal__ = about(contact="name email phone postal_address", nobody="purpose mail_choice")
    __table_args__ = (Index("ix_contacts_email_lower", text("lower(email)")),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    postal_address: Mapped[str | None]
    mail_choice: Mapped[MailChoice | None] = mapped_column(text_enum(MailChoice))
    purpose: Mapped[str]
    ends_on: Mapped[date] = mapped_column(index=True)
    verified_at: Mapped[datetime | None]
    undelivered_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class FollowLink(Base):
    """The secret link by which somebody without an account follows one case.

    The token in the address is made from ``public_id`` and ``nonce`` with the server's key, so that it can be put in
    a later mail without being stored.
    """

    __tablename__ = "follow_links"
    __personal__ = about(follow_links="public_id nonce")

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Draft(Base):
    """A case that is still being written (state *concept*): no number, no clock; purged whole after 90 days.

    ``data`` holds what was typed, by field name, checked only at filing.
    """

    __tablename__ = "drafts"
    __personal__ = about(draft="data author_id updated_by_id language", nobody="key kind")
    __table_args__ = (Index("ix_drafts_updated_at", "updated_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[SubmitterKind] = mapped_column(text_enum(SubmitterKind))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    data: Mapped[dict[str, str]] = mapped_column()
    language: Mapped[str] = mapped_column(default=DUTCH.code, server_default=DUTCH.code)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    has_co_signer: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class RetentionCategory(Base):
    """How long cases of one kind are kept, and what happens then: one wording of a line of the selection list.

    ``code`` stays the same when the wording changes. ``years`` count from the day on which a case ended.
    ``source_checked_on``: when somebody read the source; until then nothing is destroyed on this ground.
    ``public_text_stays``: the page of a published case outlives its file. Shipped ones were proposed by nobody.
    """

    __tablename__ = "retention_categories"
    __personal__ = about(acts="proposed_by_id decided_by_id", nobody="code name holds disposition source status remark")
    __table_args__ = (
        CheckConstraint("years BETWEEN 1 AND 100", name="years"),
        CheckConstraint("decided_by_id <> proposed_by_id", name="two_people"),
        Index("uq_retention_categories_proposed", "code", unique=True, postgresql_where=text("status = 'voorgesteld'")),
        Index("ix_retention_categories_code", "code", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    holds: Mapped[str]
    years: Mapped[int]
    disposition: Mapped[Disposition] = mapped_column(text_enum(Disposition))
    public_text_stays: Mapped[bool]
    source: Mapped[str]
    source_checked_on: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    status: Mapped[CategoryStatus] = mapped_column(text_enum(CategoryStatus))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class Retention(Base):
    """Until when a case that is over is kept, and by which category. Gone when the case is opened again.

    ``reason``: why somebody chose another category than the usual one. ``hold_until``: the last day on which the case
    is kept although its term is over. Both reasons go with the words of the case.
    """

    __tablename__ = "retentions"
    __personal__ = about(desk_words="reason hold_reason", acts="chosen_by_id held_by_id", nobody="hold_ground")
    __table_args__ = (
        Index("ix_retentions_action", "action_on", "case_id"),
        CheckConstraint("(hold_until IS NULL) = (hold_ground IS NULL)", name="hold_has_ground"),
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    category_id: Mapped[int] = mapped_column(ForeignKey("retention_categories.id"), index=True)
    ended_on: Mapped[date]
    action_on: Mapped[date]
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reason: Mapped[str | None]
    hold_ground: Mapped[HoldGround | None] = mapped_column(text_enum(HoldGround))
    hold_until: Mapped[date | None]
    hold_reason: Mapped[str | None]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


class DisposalList(Base):
    """Cases whose term of keeping is over, to be destroyed or transferred together once two people agreed.

    ``digest`` is the SHA-256 over what went, as the certificate states it. ``receipt_…`` is for a transfer: how the
    archive said that it has the package whose manifest has the hash ``package_hash``.
    """

    __tablename__ = "disposal_lists"
    __personal__ = about(
        acts="first_by_id second_by_id received_by_id",
        nobody="disposition status receipt_reference package_hash digest",
    )
    __table_args__ = (
        CheckConstraint("second_by_id <> first_by_id", name="two_people"),
        CheckConstraint("(status IN ('bevestigd', 'uitgevoerd')) <= (second_by_id IS NOT NULL)", name="confirmed_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    disposition: Mapped[Disposition] = mapped_column(text_enum(Disposition))
    status: Mapped[DisposalStatus] = mapped_column(text_enum(DisposalStatus), default=DisposalStatus.OPEN)
    made_on: Mapped[date]
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    first_at: Mapped[datetime | None]
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    second_at: Mapped[datetime | None]
    receipt_reference: Mapped[str | None]
    receipt_on: Mapped[date | None]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    package_hash: Mapped[str | None]
    done_at: Mapped[datetime | None]
    digest: Mapped[str | None]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class DisposalCase(Base):
    """One case on such a list. ``counts`` says how much of each kind went, ``digest`` is the SHA-256 over it."""

    __tablename__ = "disposal_cases"
    __personal__ = about(acts="taken_off_by_id", nobody="status ground counts digest")
    __table_args__ = (
        UniqueConstraint("list_id", "case_id"),
        Index("uq_disposal_cases_one_live", "case_id", unique=True, postgresql_where=text("status = 'op_de_lijst'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("disposal_lists.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("retention_categories.id"))
    ended_on: Mapped[date]
    action_on: Mapped[date]
    status: Mapped[ListedStatus] = mapped_column(text_enum(ListedStatus), default=ListedStatus.LISTED)
    taken_off_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    taken_off_on: Mapped[date | None]
    ground: Mapped[HoldGround | None] = mapped_column(text_enum(HoldGround))
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    digest: Mapped[str | None]


class Attachment(Base):
    """A file with a draft or a case. The stored name is random; the shown name is data.

    ``consultation_id``: it came from a ministry with its answer, and is for the desk alone.
    """

    __tablename__ = "attachments"
    __personal__ = about(
        attachments="shown_name author_id removed_reason",
        acts="removed_by_id",
        nobody="stored_name media_type sha256",
    )
    __table_args__ = (CheckConstraint("num_nonnulls(case_id, draft_id) = 1", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), index=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    stored_name: Mapped[str] = mapped_column(unique=True)
    shown_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    removed_reason: Mapped[str | None]


class CaseLink(Base):
    """One link between two cases: ``case_id`` is the later one for a follow-up, a part that was split off, or a
    duplicate; else the one with the lower number."""

    __tablename__ = "case_links"
    __personal__ = about(acts="linked_by_id", nobody="kind")
    __table_args__ = (CheckConstraint("case_id <> other_id", name="two_cases"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    kind: Mapped[CaseLinkKind] = mapped_column(text_enum(CaseLinkKind))
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    linked_at: Mapped[datetime]


class Label(Base):
    """A word by which the desk finds cases back; for the desk alone. One that ended stays on the cases that have it."""

    __tablename__ = "labels"
    __personal__ = about(work_layout="made_by_id", nobody="name")
    __table_args__ = (Index("uq_labels_name", text("lower(name)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CaseLabel(Base):
    """A label on a case."""

    __tablename__ = "case_labels"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id"), primary_key=True, index=True)


class BulkAct(Base):
    """One act on several cases, from its preview on. Which column says what is done depends on ``kind``.

    ``body`` is the message, or why. ``finished_at`` is emptied when it is undone, and filled when that is done.
    """

    __tablename__ = "bulk_acts"
    __personal__ = about(bulk="author_id handler_id body", nobody="kind priority")
    __table_args__ = (
        Index("ix_bulk_acts_at_work", "id", postgresql_where=text("confirmed_at IS NOT NULL AND finished_at IS NULL")),
        CheckConstraint("(kind = 'toewijzen') <= (handler_id IS NOT NULL)", name="assign_has_handler"),
        CheckConstraint("(kind = 'label') <= (label_id IS NOT NULL)", name="label_has_label"),
        CheckConstraint("(kind = 'koppelen') <= (bottleneck_id IS NOT NULL)", name="link_has_bottleneck"),
        CheckConstraint("(kind = 'prioriteit') <= (priority IS NOT NULL)", name="priority_has_priority"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BulkKind] = mapped_column(text_enum(BulkKind))
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    label_id: Mapped[int | None] = mapped_column(ForeignKey("labels.id"))
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    priority: Mapped[Priority | None] = mapped_column(text_enum(Priority))
    body: Mapped[str | None]
    prepared_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BulkCase(Base):
    """One case of an act on several: its version in the preview, or why it is left out there, and what became of it.

    ``reach`` is how its submitter hears of it, where somebody does.

    The columns that end on ``_before`` hold what the act changed, to put it back. ``version_after`` is the version that
    the act left; a case with another one has moved on since, and is not put back.
    """

    __tablename__ = "bulk_cases"
    __personal__ = about(
        desk_words="reason_before",
        bulk="handler_before_id",
        nobody="left_out reach outcome remark priority_before undo_outcome undo_remark",
    )

    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_acts.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, index=True)
    place: Mapped[int]
    version: Mapped[int]
    left_out: Mapped[str | None]
    reach: Mapped[Reach | None] = mapped_column(text_enum(Reach))
    outcome: Mapped[BulkOutcome | None] = mapped_column(text_enum(BulkOutcome))
    remark: Mapped[str | None]
    version_after: Mapped[int | None]
    handler_before_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    priority_before: Mapped[Priority | None] = mapped_column(text_enum(Priority, "priority_before"))
    reason_before: Mapped[str | None]
    undo_outcome: Mapped[BulkOutcome | None] = mapped_column(text_enum(BulkOutcome, "undo_outcome"))
    undo_remark: Mapped[str | None]
