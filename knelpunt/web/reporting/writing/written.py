"""The text of a quarter with all that its pages need: the report of its seal, what may be placed, and its sections."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from knelpunt.adapters.markup import written
from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.definitions import Dimension, Figure
from knelpunt.domain.figures.edition import Edition
from knelpunt.domain.figures.writing import Placed, Problem, Section, WrittenSection, runs_of
from knelpunt.domain.quarters.findings import Counts, Side, Told
from knelpunt.domain.quarters.track import QuarterStatus, QuarterStep, may
from knelpunt.models import QuarterSection, QuarterText
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.quarters import commitments, texts
from knelpunt.web.reporting import report as reports
from knelpunt.web.reporting.public.making import public_edition
from knelpunt.web.reporting.report import Report, make_report
from knelpunt.web.reporting.writing.placed import placed_of, side_name


@dataclass(frozen=True)
class Written:
    """The text of one sealed quarter as it is now; ``text`` is None until somebody begins it."""

    session: Session
    quarter: Quarter
    text: QuarterText | None
    edition: Edition

    @property
    def status(self) -> QuarterStatus:
        return QuarterStatus.SEALED if self.text is None else self.text.status

    @property
    def waits(self) -> bool:
        """Whether it lies before a second person."""
        return self.status is QuarterStatus.WRITING and self.text is not None and self.text.asked_at is not None

    def may(self, step: QuarterStep) -> bool:
        """Whether a step fits where it is, for a button."""
        return may(step, self.status, waits=self.waits)

    @cached_property
    def report(self) -> Report:
        """The figures of the seal, and those of the quarter before."""
        return make_report(self.session, Span.of(self.quarter, self.quarter.last_day))

    @cached_property
    def figures(self) -> Placed:
        """The figures of the seal by name, as everybody may read them."""
        return placed_of(self.edition)

    @cached_property
    def placed(self) -> Placed:
        """All that can be placed."""
        frozen = self.text.frozen if self.text is not None else None
        return commitments.with_lists(self.session, self.figures, self.quarter, frozen)

    @cached_property
    def rows(self) -> dict[Section, QuarterSection]:
        return texts.sections_of(self.session, self.quarter)

    @cached_property
    def sections(self) -> tuple[WrittenSection, ...]:
        """Every section with the values of the seal."""
        return written({key.value: row.source for key, row in self.rows.items()}, self.placed)

    def is_told(self, section: Section, source: str) -> bool:
        """Whether every figure that a source places is told as a number."""
        named = [run.figure for run in runs_of(self.shown(section, source).blocks) if run.figure is not None]
        return all(name in self.placed.figures and self.placed.figures[name].is_told for name in named)

    def shown(self, section: Section, source: str) -> WrittenSection:
        """One section as it would be with this source."""
        return next(each for each in written({section.value: source}, self.placed) if each.key is section)

    @property
    def problems(self) -> list[tuple[WrittenSection, Problem]]:
        return [(section, problem) for section in self.sections for problem in section.problems]


def written_of(session: Session, quarter: Quarter, edition: Edition | None = None) -> Written:
    """The text of a quarter.

    Args:
        edition: what is public of the quarter, where that was read already.
    Raises:
        NotFound: the quarter is not sealed.
    """
    public = edition or public_edition(session, quarter)
    if public is None:
        raise NotFound()
    return Written(session, quarter, texts.text_of(session, quarter), public)


def told_of(report: Report) -> Told:
    """What the rules of the proposed sentences look at."""
    by_name = {table.dimension: table for table in report.tables}
    rules = report.pressing
    durations = report.durations[0]
    return Told(
        quarters=tuple(Counts(each.received, each.handled, each.open) for each in report.quarters),
        laws=_sides(by_name[Dimension.LAW]),
        provinces=_sides(by_name[Dimension.PROVINCE]),
        median=durations.now.median,
        median_before=durations.before.median,
        measured=durations.now.cases,
        measured_before=durations.before.cases,
        stopped=sum(row.now.stopped for row in report.late),
        late=sum(row.now.stopped_late + row.now.running_late for row in report.late),
        pressing=rules[0].words if rules else "",
        pressing_places=rules[0].municipalities if rules else 0,
    )


def _sides(table: reports.Table) -> tuple[Side, ...]:
    """The sides that have a name, with what was received of each."""
    return tuple(
        Side(row.words, cell.now, side_name(cell.figure.value, table.dimension.value, row.words))
        for row in table.rows
        for cell in row.cells
        if cell.figure is Figure.RECEIVED and row.value != reports.address_value(None)
    )
