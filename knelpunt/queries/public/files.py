"""The files of open data that were made: which may be fetched, and which have to go."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import BottleneckStep
from knelpunt.domain.privacy.requests import PrivacyEvent
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Event, OpenDataFile
from knelpunt.queries.core.reference import version_of_public_pages

KEPT = timedelta(days=30)
"""So long an old version stays, unless something in it was taken back."""
COLUMNS_VERSION = 2
"""Of the columns of all files together: one higher where a column comes, changes or goes, so that what was made before
is made anew. A test holds the columns to it."""
_DAY_AND_MARK = re.compile(r"-\d{4}-\d\d-\d\d-[0-9a-f]{8}(?=\.)")
TAKES_BACK = (
    EventKind.ARCHIVED,
    EventKind.PUBLICATION_CORRECTED,
    EventKind.PUBLICATION_WITHDRAWN,
    EventKind.DATA_TAKEN_AWAY,
    BottleneckStep.CORRECT,
    PrivacyEvent.DONE,
)
"""After one of these no file that was made before is given out any more: it may hold what is not public now."""


def last_event(session: Session) -> int:
    """The number of the last event. Events commit in the order of their numbers: what each up to this one did is
    there to be read, and what a later one did may not be."""
    return session.scalar(select(func.max(Event.number))) or 0


def last_taken_back(session: Session) -> int:
    """The number of the last event by which something that may have been public was changed or taken away."""
    return session.scalar(_last_taken_back()) or 0


def _last_taken_back() -> Select[int]:
    kinds = [str(each) for each in TAKES_BACK]
    return select(func.coalesce(func.max(Event.number), 0)).where(Event.kind.in_(kinds))


_IS_GIVEN_OUT = OpenDataFile.last_event >= _last_taken_back().scalar_subquery()


def all_files(session: Session) -> list[OpenDataFile]:
    """Every file that is there to be fetched, the newest first."""
    order = (OpenDataFile.made_at.desc(), OpenDataFile.data_set, OpenDataFile.form)
    return list(session.scalars(select(OpenDataFile).where(_IS_GIVEN_OUT).order_by(*order)))


def rows_there(session: Session) -> list[OpenDataFile]:
    """Every file that was made, the oldest first, also those that are not given out any more."""
    return list(session.scalars(select(OpenDataFile).order_by(OpenDataFile.made_at, OpenDataFile.name)))


def newest_of_each(files: Iterable[OpenDataFile]) -> dict[str, list[OpenDataFile]]:
    """Of each data set the files of its newest version."""
    found: dict[str, list[OpenDataFile]] = {}
    for file in files:
        held = found.setdefault(file.data_set, [])
        if not held or held[0].made_on == file.made_on:
            held.append(file)
    return found


def file_named(session: Session, name: str) -> OpenDataFile | None:
    """One of them by its name."""
    return session.scalar(select(OpenDataFile).where(_IS_GIVEN_OUT, OpenDataFile.name == name))


def lasting_name(name: str) -> str:
    """The name of a file without its day and mark: that of whichever is the newest."""
    return _DAY_AND_MARK.sub("", name)


def newest_named(session: Session, lasting: str) -> tuple[OpenDataFile | None, bool]:
    """The newest file with this lasting name, and whether any was made: when none may be given out now, the next round
    makes it again."""
    order = (OpenDataFile.made_at.desc(), OpenDataFile.name)
    rows = session.execute(select(OpenDataFile, _IS_GIVEN_OUT).order_by(*order)).all()
    alike = [(row, is_given_out) for row, is_given_out in rows if lasting_name(row.name) == lasting]
    return next((row for row, is_given_out in alike if is_given_out), None), bool(alike)


def is_newest(row: OpenDataFile, version: str) -> bool:
    """Whether a file tells what is public now, in the columns of now."""
    return row.public_version == version and row.columns_version == COLUMNS_VERSION


def is_due(session: Session, today: date, oldest: datetime) -> bool:
    """Whether there is something to make or to remove: what is public or its columns changed, was taken back, or is
    ``oldest``."""
    made = rows_there(session)
    version, since = version_of_public_pages(session), last_taken_back(session)
    newest = max((row.made_on for row in made), default=None)
    if newest is None or any(
        row.last_event < since or (row.made_at < oldest and row.made_on != newest) for row in made
    ):
        return True
    return all(not is_newest(row, version) for row in made) and all(row.made_on != today for row in made)
