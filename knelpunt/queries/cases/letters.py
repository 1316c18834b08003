"""Messages on paper or by telephone: what waits to be sent, and one to print."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, bindparam, exists, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day, start_of_nl_day
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.post.letters import HANDLER_TOLD_AFTER, why_not_to_send, written_by
from knelpunt.domain.vocabulary import MessageKind
from knelpunt.models import Case, Contact, Letter, Message

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One message in the list. ``by_post``: there is a postal address; else it is told by telephone."""

    id: int
    kind: str
    reference: str
    written_at: datetime
    sent_on: date | None
    handler_id: int | None
    by_post: bool

    @property
    def written_on(self) -> date:
        """The day in Europe/Amsterdam."""
        return nl_day(self.written_at)

    @property
    def what(self) -> str:
        """The kind of message, in words."""
        return MailKind(self.kind).label


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One message as it is printed or read out, with where it goes."""

    id: int
    reference: str
    subject: str
    body: str | None
    written_at: datetime
    sent_on: date | None
    dropped_at: datetime | None
    name: str | None
    postal_address: str | None
    phone: str | None
    has_contact: bool
    first_handler_id: int | None
    language: str

    @property
    def why_not_to_send(self) -> str:
        """In words, of one that did not go; empty when it is still to be sent."""
        return why_not_to_send(self.body, self.dropped_at)


WAITS = (Letter.sent_on.is_(None), Letter.dropped_at.is_(None))
"""The conditions on a letter that still has to be sent."""


def waiting(session: Session, actor: Actor, *, sent: bool, before: int | None = None) -> list[LetterRow]:
    """Messages that wait, the oldest first; or those that went, the latest first. At most a page and one more.

    Args:
        before: the id of the last message of the page before.
    """
    if not actor.can(Permission.HANDLE_CASE):
        return []
    order = Letter.id.desc() if sent else Letter.id.asc()
    statement = (
        select(
            Letter.id,
            Letter.kind,
            Case.reference,
            Letter.written_at,
            Letter.sent_on,
            Case.handler_id,
            func.coalesce(Contact.postal_address, "") != "",
        )
        .join(Case, Case.id == Letter.case_id)
        .outerjoin(Contact, Contact.case_id == Letter.case_id)
        .where(*((Letter.sent_on.is_not(None),) if sent else WAITS))
        .order_by(order)
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        statement = statement.where(Letter.id < before if sent else Letter.id > before)
    return [LetterRow(*row) for row in session.execute(statement)]


def count_statement() -> Select[int]:
    """How many messages wait to be sent, as a statement."""
    return select(func.count()).select_from(Letter).where(*WAITS)


def lying_statement() -> Select[int]:
    """How many of them lie here for too long, as a statement; the parameter ``lying_before`` holds since when."""
    return count_statement().where(Letter.written_at < bindparam("lying_before", type_=Letter.written_at.type))


def lying_before(today: date) -> datetime:
    """What was written before this moment lies here for too long."""
    return start_of_nl_day(written_by(today, HANDLER_TOLD_AFTER) + timedelta(days=1))


def lying(today: date, since: date) -> Select[int]:
    """Which of them lie here for too long, but for those from before a day."""
    return (
        select(Letter.id)
        .where(*WAITS, Letter.written_at < lying_before(today), Letter.written_at >= start_of_nl_day(since))
        .order_by(Letter.id)
    )


def one(session: Session, letter_id: int) -> LetterPage | None:
    """One message with its address; the caller asks whether the actor may see it, and records that it was opened."""
    if not 0 < letter_id < 2**63:
        return None
    row = session.execute(
        select(
            Letter.id,
            Case.reference,
            Letter.subject,
            Letter.body,
            Letter.written_at,
            Letter.sent_on,
            Letter.dropped_at,
            Contact.name,
            Contact.postal_address,
            Contact.phone,
            Contact.case_id.is_not(None) & Contact.erased_at.is_(None),
            Case.first_handler_id,
            Case.language,
        )
        .join(Case, Case.id == Letter.case_id)
        .outerjoin(Contact, Contact.case_id == Letter.case_id)
        .where(Letter.id == letter_id)
    ).one_or_none()
    return LetterPage(*list(row)) if row is not None else None


def unsent(case_id: SQLColumnExpression[int], kind: MailKind) -> ColumnElement[bool]:
    """Whether a message of this kind about a case still waits to be sent, as SQL: then no term may end."""
    return exists().where(Letter.case_id == case_id, Letter.kind == kind.value, *WAITS)


def has_unsent(session: Session, case_id: int, kind: MailKind) -> bool:
    """Whether a message of this kind about this case still waits to be sent."""
    waits = exists().where(Letter.case_id == case_id, Letter.kind == kind.value, *WAITS)
    return session.scalar(select(waits)) is True


def reached_on(session: Session, case_id: int, kind: MailKind, written_on: date) -> date:
    """The day on which a message of that day reached the submitter: a letter, that on which it was posted."""
    posted = select(func.max(Letter.sent_on)).where(
        Letter.case_id == case_id, Letter.kind == kind.value, Letter.sent_on > written_on
    )
    return session.scalar(posted) or written_on


def question_to_answer(session: Session, case_id: int) -> Message | None:
    """The question that an answer is about: the one whose term runs, else the last one if nobody answered it."""
    question = session.scalars(
        select(Message)
        .where(Message.case_id == case_id, Message.kind == MessageKind.QUESTION)
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    return question if question is not None and question.answered_on is None else None


def open_question(session: Session, case_id: int) -> Message | None:
    """The question of this case whose term runs."""
    return session.scalars(
        select(Message).where(
            Message.case_id == case_id,
            Message.kind == MessageKind.QUESTION,
            Message.answered_on.is_(None),
            Message.lapsed_on.is_(None),
        )
    ).first()
