"""The dated law catalogue: laws, provisions, wordings, edits and changes, and what the desk says of suggestions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from knelpunt.domain.laws.changes import LawChangeKind, TextFindingStatus, TouchStatus
from knelpunt.domain.laws.edits import EditStatus, EntryKind
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.models.base import Base, about, text_enum


class Law(Base):
    """One law, decree or regulation, or a collective name for rules that have no place in the national register.

    ``details`` holds the descriptive fields of the catalogue as they stand there; ``case_keys`` the short names by
    which imported history refers to this law; ``search_text`` the words it is found by, in small letters without
    accents. ``is_ahead_of_file``: it was changed in the site, and the file does not say so yet.
    """

    __tablename__ = "laws"
    __personal__ = about(
        nobody=(
            "key citation_title abbreviation bwb_id kind domain ministry status confidence case_keys search_text "
            "details"
        ),
    )
    __table_args__ = (CheckConstraint("in_force_to >= in_force_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    citation_title: Mapped[str]
    abbreviation: Mapped[str | None]
    bwb_id: Mapped[str | None]
    kind: Mapped[str]
    domain: Mapped[str]
    ministry: Mapped[str | None]
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    status: Mapped[str]
    confidence: Mapped[str]
    case_keys: Mapped[list[str]]
    search_text: Mapped[str]
    details: Mapped[dict[str, Any]]
    is_ahead_of_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    provisions: Mapped[list["Provision"]] = relationship(
        back_populates="law", order_by="Provision.position", lazy="raise_on_sql"
    )


class Provision(Base):
    """One provision or instrument in one form. Days are legal days in the Netherlands, both ends included.

    An incomplete date in the catalogue ("2019-07") is stored generously: its first day as start, its last as end;
    ``details`` keeps the date as written. Where ``start_is_known`` is false the provision may have held before
    ``valid_from``; where ``end_is_known`` is false it may have ended although ``valid_to`` is empty.
    """

    __tablename__ = "provisions"
    __personal__ = about(nobody="key article instrument room_type confidence search_text details")
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"), index=True)
    position: Mapped[int]
    article: Mapped[str]
    instrument: Mapped[str]
    room_type: Mapped[str]
    room_order: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    start_is_known: Mapped[bool]
    end_is_known: Mapped[bool]
    confidence: Mapped[str]
    search_text: Mapped[str]
    details: Mapped[dict[str, Any]]
    is_ahead_of_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    law: Mapped[Law] = relationship(back_populates="provisions", lazy="raise_on_sql")


class ProvisionWording(Base):
    """One wording of a provision: its text from one day to another, both ends included; no two hold on one day.

    ``read_on`` is the first day of the text that was read (none: it was not), ``text_hash`` the fingerprint of the
    articles in it. ``details`` has what somebody may do under this wording, as the catalogue writes it.
    """

    __tablename__ = "provision_wordings"
    __personal__ = about(nobody="source text_hash staatsblad dossier confidence details")
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="period"),
        CheckConstraint("(read_on IS NULL) = (source IS NULL)", name="source"),
        ExcludeConstraint(
            (text("int8range(provision_id, provision_id, '[]')"), "&&"),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_provision_wordings_one_a_day",
            using="gist",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provisions.id", ondelete="CASCADE"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    read_on: Mapped[date | None]
    checked_through: Mapped[date | None]
    source: Mapped[str | None]
    text_hash: Mapped[str | None]
    staatsblad: Mapped[str | None]
    dossier: Mapped[str | None]
    confidence: Mapped[str]
    details: Mapped[dict[str, Any]]


class LawSuccession(Base):
    """Which law followed which. Keys, because a neighbour may not be in the catalogue itself."""

    __tablename__ = "law_successions"
    __personal__ = about(nobody="predecessor_key successor_key")

    predecessor_key: Mapped[str] = mapped_column(primary_key=True)
    successor_key: Mapped[str] = mapped_column(primary_key=True)


class ProvisionSuccession(Base):
    """Which provision followed which."""

    __tablename__ = "provision_successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"), primary_key=True, index=True)


class LawChange(Base):
    """One change in a law or a provision. ``on_day`` is the day from which it works, in Europe/Amsterdam, if known.

    It came from a new version of the catalogue, from a rule bottleneck that was solved, or a person wrote it down. An
    erratum on the bottleneck takes it back on ``taken_back_on``.
    """

    __tablename__ = "law_changes"
    __personal__ = about(acts="noticed_by_id", nobody="kind summary source_url")
    __table_args__ = (Index("ix_law_changes_recent", text("noticed_on DESC"), text("id DESC")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LawChangeKind] = mapped_column(text_enum(LawChangeKind))
    law_id: Mapped[int] = mapped_column(ForeignKey("laws.id"), index=True)
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"), index=True)
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id"))
    on_day: Mapped[date | None]
    summary: Mapped[str]
    source_url: Mapped[str | None]
    noticed_on: Mapped[date]
    noticed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    taken_back_on: Mapped[date | None]


class LawChangeTouch(Base):
    """A case, ruimtewijzer or rule bottleneck that a change may touch, until a person has said whether it does."""

    __tablename__ = "law_change_touches"
    __personal__ = about(acts="decided_by_id", nobody="status")
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, guide_id, bottleneck_id) = 1", name="one_subject"),
        Index("uq_law_change_touches_case", "change_id", "case_id", unique=True),
        Index("ix_law_change_touches_open", "change_id", "id", postgresql_where=text("status = 'te_beoordelen'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("law_changes.id", ondelete="CASCADE"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    guide_id: Mapped[int | None] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"))
    bottleneck_id: Mapped[int | None] = mapped_column(ForeignKey("bottlenecks.id", ondelete="CASCADE"))
    status: Mapped[TouchStatus] = mapped_column(text_enum(TouchStatus), default=TouchStatus.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]


class CatalogueEdit(Base):
    """One proposal for one law or provision, as the catalogue file writes it; never changed after its decision.

    ``before`` is empty for a new entry. ``base_digest`` is the fingerprint of the entry that it was written on: it is
    refused when the entry is another one by then. ``neighbour_keys`` are laws that were changed along, because both
    sides of a succession name each other. ``keeps_meaning``: it says the same in other words, and is no change of the
    law.
    """

    __tablename__ = "catalogue_edits"
    __personal__ = about(
        acts="proposed_by_id decided_by_id",
        nobody="kind key before after base_digest reason source_url status note neighbour_keys",
    )
    __table_args__ = (
        CheckConstraint("(status = 'voorgesteld') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "status IN ('voorgesteld', 'ingetrokken') OR decided_by_id <> proposed_by_id", name="four_eyes"
        ),
        Index("ix_catalogue_edits_entry", "kind", "key", "id"),
        Index(
            "uq_catalogue_edits_waiting", "kind", "key", unique=True, postgresql_where=text("status = 'voorgesteld'")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(text_enum(EntryKind))
    key: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]
    base_digest: Mapped[str]
    reason: Mapped[str]
    source_url: Mapped[str]
    status: Mapped[EditStatus] = mapped_column(text_enum(EditStatus), default=EditStatus.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    neighbour_keys: Mapped[list[str]] = mapped_column(default=list)
    keeps_meaning: Mapped[bool] = mapped_column(default=False, server_default=false())


class LawTextFinding(Base):
    """An article whose text in a newer copy is not the one that was read, until a person has looked at it.

    ``wording_from`` is the first day of the wording (none: an unknown one), ``text_from`` that of the newer text, where
    the copy says it. ``edit_id`` is the change of the catalogue that it led to, which a second person decides.
    """

    __tablename__ = "law_text_findings"
    __personal__ = about(acts="decided_by_id", nobody="read_hash found_hash source status note")
    __table_args__ = (
        UniqueConstraint("provision_id", "read_hash", "found_hash"),
        CheckConstraint("(status = 'te_bekijken') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(status = 'wijziging_gemaakt') = (edit_id IS NOT NULL)", name="edited"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provision_id: Mapped[int] = mapped_column(ForeignKey("provisions.id"))
    wording_from: Mapped[date | None]
    read_on: Mapped[date]
    read_hash: Mapped[str]
    found_hash: Mapped[str]
    text_from: Mapped[date | None]
    source: Mapped[str]
    found_on: Mapped[date]
    status: Mapped[TextFindingStatus] = mapped_column(text_enum(TextFindingStatus), default=TextFindingStatus.OPEN)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None]
    edit_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_edits.id"))


class SuggestionFeedback(Base):
    """One suggestion that somebody confirmed or refused: a provision, a law or other answer as a whole, or a situation.

    Only of a rule is asked why it does not fit: similar cases learn from that.

    ``rank`` is the place in which it was shown, 1 for the first. A confirmation of a provision goes with a toets
    (``assessment_id``); without that toets it counts no more. A refusal that was taken back has ``withdrawn_at``.
    """

    __tablename__ = "suggestion_feedback"
    __personal__ = about(acts="decided_by_id", nobody="decision reason situation")
    __table_args__ = (
        CheckConstraint(
            "(decision = 'afgewezen' AND situation IS NULL) = (reason IS NOT NULL)", name="refusal_has_reason"
        ),
        CheckConstraint(
            "(law_id IS NULL) <> (situation IS NULL) AND (provision_id IS NULL OR law_id IS NOT NULL)",
            name="rule_or_situation",
        ),
        Index(
            "uq_suggestion_feedback_situation",
            "case_id",
            "situation",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL AND situation IS NOT NULL"),
        ),
        Index(
            "uq_suggestion_feedback_standing",
            "case_id",
            "law_id",
            text("coalesce(provision_id, 0)"),
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    law_id: Mapped[int | None] = mapped_column(ForeignKey("laws.id"), index=True)
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("provisions.id"))
    situation: Mapped[str | None]
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id", ondelete="SET NULL"))
    rank: Mapped[int]
    decision: Mapped[SuggestionDecision] = mapped_column(text_enum(SuggestionDecision))
    reason: Mapped[RefusalReason | None] = mapped_column(text_enum(RefusalReason))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
