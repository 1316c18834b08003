"""The text that was presented with a quarter, with the figures that everybody may read and no others."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.edition import Edition
from knelpunt.domain.figures.writing import WrittenSection
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.queries.quarters import texts
from knelpunt.web.reporting.writing.written import written_of


@dataclass(frozen=True, slots=True)
class PublicText:
    """The sections of a presented text, and the number of its paper in parliament, once there is one."""

    sections: tuple[WrittenSection, ...]
    paper: str


def presented(session: Session, quarter: Quarter, edition: Edition) -> PublicText | None:
    """The text of a quarter as everybody reads it; None until it is presented."""
    row = texts.text_of(session, quarter)
    if row is None or row.status is not QuarterStatus.PRESENTED:
        return None
    sections = written_of(session, quarter, edition).sections
    return PublicText(tuple(each for each in sections if each.blocks), row.paper or "")
