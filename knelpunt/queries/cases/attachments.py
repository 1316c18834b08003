"""The files of a case or a draft, and whose they are."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.permissions import Actor, Permission, Relation
from knelpunt.models import Attachment, Case, Draft


def of_draft(session: Session, draft_id: int) -> list[Attachment]:
    """The files of a draft, oldest first; the caller asks whether the draft is the actor's."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.draft_id == draft_id, Attachment.removed_at.is_(None))
            .order_by(Attachment.id)
        )
    )


def of_case(session: Session, case_id: int) -> list[Attachment]:
    """The files that the submitter of a case may have, oldest first; the caller asks whether it is the actor's."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.case_id == case_id, Attachment.removed_at.is_(None), Attachment.consultation_id.is_(None))
            .order_by(Attachment.id)
        )
    )


def find_for(session: Session, actor: Actor, attachment_id: int) -> Attachment | None:
    """One file, when this actor may see the case, or belongs to the organisation whose draft it is; else None."""
    if not 0 < attachment_id < 2**63:
        return None
    row = session.execute(
        select(Attachment, Case.id, Case.organisation_id, Draft.organisation_id)
        .outerjoin(Case, Case.id == Attachment.case_id)
        .outerjoin(Draft, Draft.id == Attachment.draft_id)
        .where(Attachment.id == attachment_id, Attachment.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    attachment, case_id, case_organisation_id, draft_organisation_id = row
    if case_id is not None:
        relation = actor.relation_to(case_id, case_organisation_id)
        is_for_desk = attachment.consultation_id is not None
        may_see = relation is Relation.STAFF or (relation is not Relation.NONE and not is_for_desk)
    else:
        may_see = (
            draft_organisation_id is not None
            and actor.organisation_id == draft_organisation_id
            and actor.can(Permission.EDIT_DRAFT)
        )
    return attachment if may_see else None


def bytes_of_visitors(session: Session) -> int:
    """How many bytes the files take up that lie with drafts of visitors without an account."""
    size = session.scalar(
        select(func.sum(Attachment.size))
        .join(Draft, Draft.id == Attachment.draft_id)
        .where(Draft.organisation_id.is_(None), Draft.author_id.is_(None), Attachment.removed_at.is_(None))
    )
    return int(size or 0)


def count_of(
    session: Session, *, case_id: int | None = None, draft_id: int | None = None, consultation_id: int | None = None
) -> int:
    """How many files a case or a draft holds; of a case those of one answer of a ministry, or all others."""
    owner = Attachment.case_id == case_id if case_id is not None else Attachment.draft_id == draft_id
    answers = Attachment.consultation_id.is_not_distinct_from(consultation_id)
    return session.scalar(select(func.count()).where(owner, answers, Attachment.removed_at.is_(None))) or 0
