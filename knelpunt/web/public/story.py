"""What happened in public with a case, from the published record only."""

from dataclasses import dataclass
from datetime import date

from knelpunt.queries.public.published import PublicCase
from knelpunt.web.shared.texts import _

FIRST_KNOWN_YEAR = 2010
"""Of history before this year even the year of a case is not known (docs/import.md)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. ``day`` is None when only ``year`` is known; ``kind`` is that of the timeline."""

    title: str
    day: date | None
    year: str = ""
    kind: str = "step"


def year_of(case: PublicCase) -> str:
    """The year of a case from history, as far as it is known; empty for a case of the desk's own."""
    return str(case.filed_on.year) if case.source_url and case.filed_on.year >= FIRST_KNOWN_YEAR else ""


def story_of(case: PublicCase) -> list[Moment]:
    """The moments in the order in which they happened. Of history no more than the year is told."""
    story = []
    if case.source_url:
        if year_of(case):
            story.append(Moment(_("Dit speelde, voor er een loket was"), None, year_of(case)))
    else:
        story.append(Moment(_("Gemeld bij het loket"), case.filed_on))
        if case.closed_on:
            story.append(Moment(_("Beantwoord en afgesloten"), case.closed_on, kind="end"))
    story.append(Moment(_("Openbaar gemaakt"), case.published_on, kind="message"))
    if case.corrected_on:
        story.append(Moment(_("Tekst verbeterd"), case.corrected_on, kind="note"))
    if case.withdrawn_on:
        story.append(Moment(_("Openbare tekst ingetrokken"), case.withdrawn_on, kind="end"))
    return story
