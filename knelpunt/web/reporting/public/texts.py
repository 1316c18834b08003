"""The text that was presented with a quarter, with the figures that everybody may read and no others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knelpunt.adapters.markup import written
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import Dimension
from knelpunt.domain.figures.edition import Edition
from knelpunt.domain.figures.writing import Block, Chart, FigureTable, Map, Paragraph, Run, WrittenSection
from knelpunt.queries.quarters import commitments, texts
from knelpunt.web.reporting.writing.placed import placed_of

NOT_SPLIT = "er zijn te weinig zaken om te splitsen."


@dataclass(frozen=True, slots=True)
class PublicText:
    """The sections of a presented text, and the number of its paper in parliament, once there is one."""

    sections: tuple[WrittenSection, ...]
    paper: str


def presented(session: Session, quarter: Quarter, edition: Edition) -> PublicText | None:
    """The text of a quarter as everybody reads it; None until it is presented."""
    return all_presented(session, {quarter: edition}).get(quarter)


def all_presented(session: Session, public: Mapping[Quarter, Edition]) -> dict[Quarter, PublicText]:
    """Those of all these quarters that were presented, in as many statements as for one. Their lists were kept when
    they were approved."""
    told = {}
    for quarter, (row, sources) in texts.presented_of(session, public).items():
        placed = commitments.with_lists(session, placed_of(public[quarter]), quarter, row.frozen)
        told[quarter] = PublicText(in_document(written(sources, placed)), row.paper or "")
    return told


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
