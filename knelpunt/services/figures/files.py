"""The forms of a public quarter as files: asked for in the act that changes what is public, made by the worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.figures.sealing import ENDED_TOO_OFTEN, FILE_FORMS, MOST_TRIES, FileStatus
from knelpunt.domain.permissions import Permission
from knelpunt.models import QuarterEdition, QuarterFile
from knelpunt.services.core.context import Context

BEGUN_FOR = timedelta(minutes=5)
"""After so long work that was begun and not done is begun again: its maker was ended."""
_ORDER = case({form: place for place, form in enumerate(FILE_FORMS)}, value=QuarterFile.form)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was made. ``source`` is the digest of what it was made from."""

    content: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a form."""

    quarter: Quarter
    form: str
    error: Exception | None = None


def ask(context: Context, quarter: Quarter) -> None:
    """Let every form of a quarter be made anew, because what is public of it changed."""
    fresh = {
        "status": FileStatus.ASKED,
        "asked_at": context.now,
        "begun_at": None,
        "done_at": None,
        "tries": 0,
        "reason": None,
        "content": None,
    }
    context.session.flush()
    rows = insert(QuarterFile).values([{"quarter": quarter.first_day, "form": form, **fresh} for form in FILE_FORMS])
    context.session.execute(rows.on_conflict_do_update(index_elements=["quarter", "form"], set_=fresh))


def ask_again(context: Context, quarter: Quarter) -> None:
    """Let somebody who seals quarters have the forms of one made again.

    Raises:
        PermissionDenied: the actor seals no quarters.
        NotFound: nothing of the quarter is public.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    if context.session.get(QuarterEdition, quarter.first_day) is None:
        raise NotFound()
    ask(context, quarter)


def begin(session: Session, now: datetime) -> bool:
    """Begin with what was asked for; False when there is nothing, or another worker is at it. The caller commits.

    What was begun too often is given up.
    """
    waits = (
        QuarterFile.status == FileStatus.ASKED,
        or_(QuarterFile.begun_at.is_(None), QuarterFile.begun_at < now - BEGUN_FOR),
    )
    if session.scalar(select(QuarterFile.form).where(*waits).limit(1)) is None:
        return False
    session.execute(
        update(QuarterFile)
        .where(*waits, QuarterFile.tries >= MOST_TRIES)
        .values(status=FileStatus.FAILED, reason=str(ENDED_TOO_OFTEN), done_at=now)
    )
    begun = session.scalars(
        update(QuarterFile).where(*waits).values(begun_at=now, tries=QuarterFile.tries + 1).returning(QuarterFile.form)
    )
    return bool(begun.all())


def make(
    session: Session,
    make_form: Callable[[Quarter, str], Form],
    clock: Callable[[], datetime],
    commit: Callable[[], None],
) -> Iterator[Made]:
    """Make what was begun, the newest quarter first, one transaction a form.

    A form that cannot be made holds up no other; who seals quarters reads why.

    Yields:
        each form once it is kept, or its fault is.
    """
    todo = session.execute(
        select(QuarterFile.quarter, QuarterFile.form, QuarterFile.asked_at)
        .where(QuarterFile.status == FileStatus.ASKED, QuarterFile.begun_at.is_not(None))
        .order_by(QuarterFile.quarter.desc(), _ORDER)
    ).all()
    for day, form, asked_at in todo:
        quarter, error = quarter_of(day), None
        try:
            made = make_form(quarter, form)
        except Exception as fault:  # whatever it is, the others are made
            session.rollback()
            error = fault
            values: dict[str, Any] = {"status": FileStatus.FAILED, "reason": _in_words(fault)}
        else:
            values = {"status": FileStatus.READY, "content": made.content, "source": made.source}
        is_same = (QuarterFile.quarter == day, QuarterFile.form == form, QuarterFile.asked_at == asked_at)
        session.execute(update(QuarterFile).where(*is_same).values(**values, done_at=clock()))
        commit()
        yield Made(quarter, form, error)


def _in_words(fault: Exception) -> str:
    if isinstance(fault, DomainError):
        return str(fault.message)
    first = str(fault).partition("\n")[0][:200]
    return f"{type(fault).__name__}: {first}" if first else type(fault).__name__
