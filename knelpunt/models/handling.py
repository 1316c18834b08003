"""What the desk does with a case: provisions weighed, ministries asked, reviews, proposals, messages, letters, and the
public text."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, false, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from knelpunt.domain.vocabulary import (
    AftercareAnswer,
    AssessmentRole,
    ConsentSource,
    ConsultationStatus,
    MessageKind,
    ProposalStatus,
    ReferralStatus,
    Result,
    ReviewStatus,
    RoomAnswer,
    SecondLookOutcome,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.models.base import Base, about, text_enum

_IN_USE = "ended_on IS NULL"


class Assessment(Base):
    """Toets: a case against a provision on a date.

    History names a law and an article that may not be in the catalogue; then ``provision_id`` is empty and
    ``article`` holds the words of the source. ``basis`` tells where the link comes from.
    """

    __tablename__ = "assessments"
    __personal__ = about(desk_words="reasoning", acts="author_id", nobody="article role basis")
    __table_args__ = (Index("ix_assessments_law_case", "law_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    article: Mapped[str | None]
    role: Mapped[AssessmentRole] = mapped_column(text_enum(AssessmentRole))
    on_date: Mapped[date]
    reasoning: Mapped[str]
    basis: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Review(Base):
    """A step that waits for a second person. ``payload`` is what the first person filled in for it.

    ``pass_reason``: why what was found of people may stand in the public text all the same, by the second person.
    """

    __tablename__ = "reviews"
    __personal__ = about(
        desk_words="payload remark pass_reason",
        acts="requested_by_id decided_by_id",
        nobody="step status",
    )
    __table_args__ = (
        Index("uq_reviews_one_open", "case_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_reviews_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    step: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[ReviewStatus] = mapped_column(text_enum(ReviewStatus), default=ReviewStatus.OPEN)
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str | None]
    pass_reason: Mapped[str | None]


class SecondLook(Base):
    """A closed case that another handler looks at again (heroverweging).

    ``points`` are what the submitter says was missed, or the reason of the head of desk; ``answers`` stand in the same
    order. ``requested_on`` is the legal day (Europe/Amsterdam) from which clock K8 counts. ``ended_on`` without an
    outcome: the case was withdrawn. ``closing_handler_id`` handled the case before, ``closing_reviewer_id`` agreed that
    it was closed; neither may be the second handler.
    """

    __tablename__ = "second_looks"
    __personal__ = about(
        story="points",
        desk_words="answers reason",
        acts="closing_handler_id closing_reviewer_id",
        nobody="outcome",
    )
    __table_args__ = (
        Index("uq_second_looks_one_open", "case_id", unique=True, postgresql_where=text("ended_on IS NULL")),
        Index("ix_second_looks_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    by_submitter: Mapped[bool]
    points: Mapped[list[str]]
    requested_on: Mapped[date]
    requested_at: Mapped[datetime]
    closing_handler_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closing_reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    named_on: Mapped[date | None]
    outcome: Mapped[SecondLookOutcome | None] = mapped_column(text_enum(SecondLookOutcome))
    answers: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    reason: Mapped[str | None]
    ended_on: Mapped[date | None]


class Aftercare(Base):
    """The question whether a project went ahead, some months after its case was closed, and the answer.

    One for each run of clock K9, so that nobody is asked twice. The link in the mail is made from ``public_id`` and
    ``nonce``. ``asks_reopening``: the project is stuck and the submitter wants the desk to go on; ``settled_on`` is the
    day on which the desk opened the case again or said why not.
    """

    __tablename__ = "aftercare"
    __personal__ = about(aftercare="public_id nonce words", nobody="answer")
    __table_args__ = (
        Index("ix_aftercare_case", "case_id", "id"),
        Index("ix_aftercare_to_settle", "id", postgresql_where=text("asks_reopening AND settled_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    period_id: Mapped[int] = mapped_column(ForeignKey("clock_periods.id", ondelete="CASCADE"), unique=True)
    months: Mapped[int]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_on: Mapped[date]
    answer: Mapped[AftercareAnswer | None] = mapped_column(text_enum(AftercareAnswer))
    words: Mapped[str | None]
    answered_on: Mapped[date | None] = mapped_column(index=True)
    asks_reopening: Mapped[bool] = mapped_column(default=False, server_default=false())
    settled_on: Mapped[date | None]


class Proposal(Base):
    """What the desk proposes to the submitter, and the reaction."""

    __tablename__ = "proposals"
    __personal__ = about(story="reaction", desk_words="text legal_basis conditions who_acts", nobody="status")
    __table_args__ = (Index("ix_proposals_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    text: Mapped[str]
    legal_basis: Mapped[str]
    legal_date: Mapped[date]
    conditions: Mapped[str]
    who_acts: Mapped[str]
    act_by: Mapped[date]
    status: Mapped[ProposalStatus] = mapped_column(text_enum(ProposalStatus))
    sent_on: Mapped[date | None]
    reacted_on: Mapped[date | None]
    reaction: Mapped[str | None]


class Message(Base):
    """One message between desk and submitter, seen by both. A question has a term in which an answer is expected."""

    __tablename__ = "messages"
    __personal__ = about(story="body why", acts="author_id", nobody="kind")
    __table_args__ = (Index("ix_messages_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(text_enum(MessageKind))
    from_desk: Mapped[bool]
    body: Mapped[str]
    why: Mapped[str | None]
    answer_by: Mapped[date | None]
    answered_on: Mapped[date | None]
    lapsed_on: Mapped[date | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]


class Note(Base):
    """An internal note: staff only, never shown or sent to a submitter."""

    __tablename__ = "notes"
    __personal__ = about(desk_words="body", acts="author_id")
    __table_args__ = (Index("ix_notes_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    body: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    written_at: Mapped[datetime]


class PublicText(Base):
    """A text of its own, written for the public; the file itself is never anonymised.

    ``shown`` is what went along with it to the submitter: see ``shown_beside``. ``passed`` lists the finds of personal
    details that a second person let stand: field, kind, start, end, and a fingerprint of the words. ``objection`` waits
    for the desk until the text is laid there anew, or ``kept_back_on`` says when the desk let it rest.
    """

    __tablename__ = "public_texts"
    __personal__ = about(
        story="objection",
        desk_words="title question answer next_step",
        acts="written_by_id reviewed_by_id",
        nobody="shown passed",
    )
    __table_args__ = (
        Index(
            "ix_public_texts_objected",
            "case_id",
            postgresql_where=text("objection IS NOT NULL AND kept_back_on IS NULL"),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    next_step: Mapped[str | None]
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    preview_on: Mapped[date | None]
    object_by: Mapped[date | None]
    objection: Mapped[str | None]
    kept_back_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    shown: Mapped[dict[str, Any] | None]
    passed: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


HAS_ANSWER_SQL = f"verdict <> '{Verdict.UNDECIDED}' AND result IS NOT NULL"
"""A public case has a verdict and a result: lists and their indexes say it in the same SQL."""


def _answered_index(column: str) -> Index:
    """For the list of answers that is narrowed to one value, the latest first: counting and choosing the rows of a page
    read the index only, and not the texts beside it."""
    return Index(
        f"ix_published_cases_answered_{column}",
        column,
        text("published_on DESC"),
        text("case_id DESC"),
        postgresql_where=text(f"withdrawn_on IS NULL AND {HAS_ANSWER_SQL}"),
    )


class PublishedCase(Base):
    """What the public may read of one case: chosen fields, copied at publication. A withdrawn one keeps a tombstone.

    ``joined_municipalities`` are the names of those that filed along. ``provisions`` is a list of
    {law, title, article, role, instrument, on_date} as it stood at publication. ``corrections`` tells of each change
    afterwards on which day it was made, and what changed: {on, what}.
    """

    __tablename__ = "published_cases"
    __personal__ = about(
        public_text="title question answer next_step withdrawn_reason corrections terms",
        nobody=(
            "reference verdict result theme submitter_kind municipality_then joined_municipalities provisions "
            "source_url source_title"
        ),
    )
    __table_args__ = (
        Index("ix_published_cases_recent", text("published_on DESC"), text("case_id DESC")),
        _answered_index("theme"),
        _answered_index("verdict"),
        _answered_index("province_id"),
        _answered_index("main_law_id"),
        Index("ix_published_cases_terms", "terms", postgresql_using="gin"),
        # For the cases that name a rule, or two rules together.
        Index(
            "ix_published_cases_provisions",
            "provisions",
            postgresql_using="gin",
            postgresql_ops={"provisions": "jsonb_path_ops"},
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    reference: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    result: Mapped[Result | None] = mapped_column(text_enum(Result))
    next_step: Mapped[str | None]
    theme: Mapped[Theme] = mapped_column(text_enum(Theme))
    submitter_kind: Mapped[SubmitterKind] = mapped_column(text_enum(SubmitterKind))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipalities.id"), index=True)
    municipality_then: Mapped[str | None]
    joined_municipalities: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    province_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"), index=True)
    main_law_id: Mapped[int | None] = mapped_column(ForeignKey("laws.id"), index=True)
    provisions: Mapped[list[dict[str, Any]]]
    law_date: Mapped[date]
    filed_on: Mapped[date]
    closed_on: Mapped[date | None]
    published_on: Mapped[date]
    corrected_on: Mapped[date | None]
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default=text("'[]'::jsonb"))
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None]
    source_url: Mapped[str | None]
    source_title: Mapped[str | None]
    updated_at: Mapped[datetime]
    terms: Mapped[str] = mapped_column(TSVECTOR)


class SimilarCases(Base):
    """Which published cases are like one that is public, the most alike first, and when that is to be found again.

    ``others`` is None as long as nobody found it for the text as it is now.
    """

    __tablename__ = "similar_cases"
    # With the number behind it: a whole import is due at one instant.
    __table_args__ = (Index("ix_similar_cases_due", "due_at", "case_id"),)

    case_id: Mapped[int] = mapped_column(
        ForeignKey("published_cases.case_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    others: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    due_at: Mapped[datetime]


class AddressChange(Base):
    """A new contact address of one case, until its owner opens the link in the mail to it. Personal data."""

    __tablename__ = "address_changes"
    __personal__ = about(new_address="email", nobody="public_id nonce")

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    asked_at: Mapped[datetime]


class Letter(Base):
    """A message to somebody without an e-mail address, to be printed or told by telephone.

    ``sent_on`` is the day (Europe/Amsterdam) on which somebody at the desk did so; ``dropped_at`` says that it never
    will be, because the contact was erased or the desk took back what it says. Personal data: the text, emptied when
    the contact is erased.
    """

    __tablename__ = "letters"
    __personal__ = about(acts="sent_by_id", letters="body", nobody="kind once_key subject")
    __table_args__ = (
        Index(
            "ix_letters_waiting",
            "written_at",
            "id",
            postgresql_where=text("sent_on IS NULL AND dropped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    once_key: Mapped[str | None] = mapped_column(unique=True)
    subject: Mapped[str]
    body: Mapped[str | None]
    written_at: Mapped[datetime]
    sent_on: Mapped[date | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    dropped_at: Mapped[datetime | None]


class MinistryContact(Base):
    """Somebody at a ministry whom the desk can ask, or with ``is_fallback`` the box of that ministry.

    ``ended_on``: taken out of the address book. Personal data: name and email; emptied a month after that.
    ``changed_at``: since when name and email are what they are; public texts are compared with them again.
    """

    __tablename__ = "ministry_contacts"
    __personal__ = about(officials="name email")
    __table_args__ = (
        Index("uq_ministry_contacts_address", "ministry_id", "email", unique=True, postgresql_where=text(_IN_USE)),
        Index(
            "uq_ministry_contacts_fallback",
            "ministry_id",
            unique=True,
            postgresql_where=text(f"is_fallback AND {_IN_USE}"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ministry_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str | None]
    email: Mapped[str | None]
    is_fallback: Mapped[bool]
    ended_on: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the shape that SQLAlchemy prescribes


class Consultation(Base):
    """One question to a ministry, with the run of clock K3 that belongs to it.

    ``article`` is what the question is about in words, also where it is a provision. ``answer`` holds the reasons, or
    whom to ask instead. ``more_time_until`` is a wish that waits for a decision. Days are days in Europe/Amsterdam.
    The verdict is what the official may read of it, as it was when the question went out.
    """

    __tablename__ = "consultations"
    __personal__ = about(
        ministry_words="question article verdict_plain answer more_time_reason asked_by_id",
        nobody="status room verdict",
    )
    __table_args__ = (
        Index("ix_consultations_case", "case_id", "id"),
        Index("ix_consultations_open", "due_on", "id", postgresql_where=text("status = 'open'")),
        CheckConstraint("(status = 'beantwoord') <= (room IS NOT NULL)", name="answer_has_room"),
        CheckConstraint("(status = 'open') OR (ended_on IS NOT NULL)", name="over_has_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    ministry_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("ministry_contacts.id"), index=True)
    period_id: Mapped[int | None] = mapped_column(ForeignKey("clock_periods.id"))
    status: Mapped[ConsultationStatus] = mapped_column(text_enum(ConsultationStatus), default=ConsultationStatus.OPEN)
    question: Mapped[str]
    article: Mapped[str]
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    law_on: Mapped[date]
    verdict: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    verdict_plain: Mapped[str | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    room: Mapped[RoomAnswer | None] = mapped_column(text_enum(RoomAnswer))
    answer: Mapped[str | None]
    ended_on: Mapped[date | None]
    more_time_until: Mapped[date | None]
    more_time_reason: Mapped[str | None]
    raised_on: Mapped[date | None]


class ConsultationLink(Base):
    """The secret link by which somebody at a ministry answers one question; a revoked one was handed on.

    Personal data: the address; emptied a month after the question or the link is over.
    """

    __tablename__ = "consultation_links"
    __personal__ = about(officials="email public_id nonce")

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"), index=True)
    email: Mapped[str | None]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Disagreement(Base):
    """Two ministries that do not agree whether there is room, until the head of the desk decides, with a reason.

    Several may wait in one case; the head decides the oldest first.
    """

    __tablename__ = "disagreements"
    __personal__ = about(ministry_words="reason decided_by_id", nobody="decision")
    __table_args__ = (Index("ix_disagreements_open", "case_id", postgresql_where=text("decided_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    noticed_at: Mapped[datetime]
    decision: Mapped[RoomAnswer | None] = mapped_column(text_enum(RoomAnswer))
    reason: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class Referral(Base):
    """A case offered to another organisation, which takes it over or not. The case stays where it is until it does.

    ``consent``: how the submitter agreed to sharing; empty while that is asked. ``answer_by`` is the last day for the
    receiver. ``contact`` is how the submitter reaches the new door, in the words of the receiver. Personal data: the
    address and the name of the receiver; emptied a month after the offer is over, but for ``contact``.
    """

    __tablename__ = "referrals"
    __personal__ = about(
        referral="receiver_name receiver_email reason contact refusal asked_by_id public_id nonce",
        nobody="status consent organisation",
    )
    __table_args__ = (
        Index(
            "uq_referrals_one_open",
            "case_id",
            unique=True,
            postgresql_where=text("status IN ('toestemming_gevraagd', 'aangeboden')"),
        ),
        CheckConstraint(
            "(status IN ('toestemming_gevraagd', 'aangeboden')) <= (answer_by IS NOT NULL)", name="offer_has_day"
        ),
        CheckConstraint("(status = 'overgenomen') <= (contact IS NOT NULL)", name="taken_has_contact"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    status: Mapped[ReferralStatus] = mapped_column(text_enum(ReferralStatus))
    consent: Mapped[ConsentSource | None] = mapped_column(text_enum(ConsentSource))
    organisation: Mapped[str]
    receiver_name: Mapped[str | None]
    receiver_email: Mapped[str | None]
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    answer_by: Mapped[date | None]
    ended_on: Mapped[date | None]
    contact: Mapped[str | None]
    refusal: Mapped[str | None]
    public_id: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[str]
