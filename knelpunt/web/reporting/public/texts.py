"""The text that was presented with a quarter, with the figures that everybody may read and no others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension
from knelpunt.domain.figures.edition import Edition
from knelpunt.domain.figures.writing import Block, Chart, FigureTable, Map, Paragraph, Run, WrittenSection
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.queries.quarters import texts
from knelpunt.web.reporting.writing.written import written_of

NOT_SPLIT = "er zijn te weinig zaken om te splitsen."


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
    return PublicText(in_document(written_of(session, quarter, edition).sections), row.paper or "")


def in_document(sections: Iterable[WrittenSection]) -> tuple[WrittenSection, ...]:
    """The sections as a document has them: without those in which there is nothing to show."""
    shown = (replace(each, blocks=tuple(_shown(each.blocks))) for each in sections)
    return tuple(each for each in shown if each.blocks)


def _shown(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without those in which there is nothing to show; of a split that is not told it says so."""
    for block in blocks:
        match block:
            case FigureTable() if block.content is None or not block.content.rows:
                if block.content and block.name in frozenset(Dimension):
                    yield Paragraph((Run(f"{block.content.title}: {NOT_SPLIT}"),), block.line)
            case Chart() | Map() if block.content is None or not block.content.labels:
                continue
            case _:
                yield block
