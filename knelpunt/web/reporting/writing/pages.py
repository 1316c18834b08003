"""What the pages about the text of a quarter have in common: the text in the address, and how it is drawn."""

from functools import cached_property
from typing import Any

from flask import render_template

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.writing import Section
from knelpunt.domain.quarters.track import STATUS_TEXTS, TRANSITIONS, QuarterStatus, QuarterStep
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.reporting.routes_sealing import QuarterPage
from knelpunt.web.reporting.writing.drawing import Drawing
from knelpunt.web.reporting.writing.written import Written, written_of


def open_written(quarter: str, *, is_begun: bool = True) -> Written:
    """The text of the quarter in an address.

    Raises:
        NotFound: it is no quarter, is not sealed, or nobody began its text.
    """
    found = written_of(db.session, quarter_named(quarter))
    if is_begun and found.text is None:
        raise NotFound()
    return found


def quarter_named(text: str) -> Quarter:
    """The quarter in an address.

    Raises:
        NotFound: there is none.
    """
    try:
        return Quarter.parse(text)
    except ValueError:
        raise NotFound() from None


def section_named(name: str) -> Section:
    """The section in an address.

    Raises:
        NotFound: there is none.
    """
    try:
        return Section(name)
    except ValueError:
        raise NotFound() from None


def show(template: str, written: Written, **values: Any) -> str:
    """A page about a text."""
    return render_template(f"reporting/writing/{template}", **drawn(written), **values)


def drawn(written: Written) -> dict[str, Any]:
    """What every such page draws with."""
    return {
        "written": written,
        "quarter": written.quarter,
        "steps": QuarterStep,
        "track": TRANSITIONS,
        "statuses": QuarterStatus,
        "status_texts": STATUS_TEXTS,
        "draw": Drawing(reference(db.session)),
    }


class TextPage(QuarterPage):
    """A page with one form about a text; its subject is the text."""

    template = "reporting/writing/form.html"
    step: QuarterStep
    """The step that it takes; where that does not fit, the page does not exist."""

    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}/tekst"

    @cached_property
    def written(self) -> Written:
        found = open_written(self.quarter)
        if not found.may(self.step):
            raise NotFound()
        return found

    def read(self) -> Any:
        return self.written

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), **drawn(self.written)}
