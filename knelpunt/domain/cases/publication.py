"""What may happen to the public text of a case, as data: one table for the services, the buttons and the tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from typing import Any, Protocol

from knelpunt.domain.cases.workflow import MISSING, Requirement
from knelpunt.domain.vocabulary import (
    AssessmentRole,
    CaseStatus,
    PublicationStatus,
    Result,
    SubmitterKind,
    Theme,
    Verdict,
)

S = PublicationStatus
FIELDS = {
    "title": "de titel",
    "question": "de vraag",
    "answer": "het antwoord",
    "next_step": "de volgende stap",
    "change": "wat er is gewijzigd",
    "rules": "de gekoppelde regels",
    "source_title": "de naam van de bron",
    "municipality_then": "de gemeente van toen",
}
"""What people wrote of a public text, in words."""
OVER = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED})


class TextRequirement(StrEnum):
    """A fact about the case and its text that must hold before a step."""

    WRITTEN = auto()
    CASE_OVER = auto()
    MAY_BE_PUBLIC = auto()
    REVIEWED = auto()
    NOT_REVIEWED = auto()
    NO_OPEN_REVIEW = auto()
    SHOWN_AS_IT_IS = auto()
    OBJECTED = auto()


LACKING = {
    TextRequirement.WRITTEN: "Er is nog geen openbare tekst.",
    TextRequirement.CASE_OVER: "Publiceren kan pas als de zaak is afgesloten.",
    TextRequirement.MAY_BE_PUBLIC: "De indiener vindt het niet goed dat er iets over deze melding openbaar wordt.",
    TextRequirement.REVIEWED: "Laat de tekst eerst door een tweede persoon toetsen.",
    TextRequirement.NOT_REVIEWED: "Deze tekst is al getoetst.",
    TextRequirement.NO_OPEN_REVIEW: MISSING[Requirement.NO_OPEN_REVIEW],
    TextRequirement.SHOWN_AS_IT_IS: (
        "Na de inzage is er iets veranderd dat bij de tekst komt te staan. Dat kan het oordeel zijn, het resultaat, "
        "het onderwerp, een regel of een gemeente. Stop de inzage en leg de tekst opnieuw voor: de indiener moet zien "
        "wat er openbaar wordt."
    ),
    TextRequirement.OBJECTED: "Er wacht geen bezwaar van de indiener tegen deze tekst.",
}
"""What is lacking, in the words that the screen shows."""


class Objectable(Protocol):
    """What is read of a public text: a row of the table, or of a page."""

    @property
    def objection(self) -> str | None: ...
    @property
    def kept_back_on(self) -> date | None: ...


def objection_waits(text: Objectable | None) -> bool:
    """Whether the submitter objected, and the desk did not decide about that yet."""
    return text is not None and text.objection is not None and text.kept_back_on is None


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Where a public text stands. ``is_reviewed``: a second person agreed to these very words. ``is_shown_as_it_is``:
    the submitter saw all of what would become public. ``is_objected``: see ``objection_waits``."""

    status: CaseStatus
    publication: PublicationStatus
    may_publish: bool
    is_written: bool
    is_reviewed: bool
    has_open_review: bool
    is_shown_as_it_is: bool
    is_objected: bool = False

    def holds(self, requirement: TextRequirement) -> bool:
        return {
            TextRequirement.WRITTEN: self.is_written,
            TextRequirement.CASE_OVER: self.status in OVER,
            TextRequirement.MAY_BE_PUBLIC: self.may_publish,
            TextRequirement.REVIEWED: self.is_reviewed,
            TextRequirement.NOT_REVIEWED: not self.is_reviewed,
            TextRequirement.NO_OPEN_REVIEW: not self.has_open_review,
            TextRequirement.SHOWN_AS_IT_IS: self.is_shown_as_it_is,
            TextRequirement.OBJECTED: self.is_objected,
        }[requirement]


@dataclass(frozen=True, slots=True)
class TextStep:
    """One step: where the text may be, what is said where it is not, and what must hold."""

    sources: frozenset[PublicationStatus]
    elsewhere: str
    requires: tuple[TextRequirement, ...] = ()

    def obstacle(self, facts: TextFacts) -> str | None:
        """The first thing in the way, in Dutch; None when the step can be taken."""
        if facts.publication not in self.sources:
            return self.elsewhere
        return next((LACKING[each] for each in self.requires if not facts.holds(each)), None)


R = TextRequirement
WRITE = TextStep(frozenset(S) - {S.PREVIEW}, "De tekst ligt nu ter inzage bij de indiener.", (R.NO_OPEN_REVIEW,))
REVIEW = TextStep(WRITE.sources, WRITE.elsewhere, (R.WRITTEN, R.CASE_OVER, R.NO_OPEN_REVIEW, R.NOT_REVIEWED))
START_PREVIEW = TextStep(
    frozenset({S.INTERNAL}),
    "De tekst ligt al ter inzage, of is al openbaar.",
    (R.WRITTEN, R.CASE_OVER, R.MAY_BE_PUBLIC, R.NO_OPEN_REVIEW, R.REVIEWED),
)
PUBLISH = TextStep(
    frozenset({S.PREVIEW}), "Leg de tekst eerst ter inzage bij de indiener.", (R.WRITTEN, R.SHOWN_AS_IT_IS)
)
STOP_PREVIEW = TextStep(frozenset({S.PREVIEW}), "De tekst ligt niet ter inzage.")
KEEP_BACK = TextStep(START_PREVIEW.sources, START_PREVIEW.elsewhere, (R.WRITTEN, R.OBJECTED))
WITHDRAW = TextStep(frozenset({S.PUBLIC}), "Deze zaak is niet openbaar.")


CAN_STILL_OBJECT = "De indiener kan nog bezwaar maken tegen de tekst."


def may_still_object(agreed_on: date | None, object_by: date | None, today: date) -> bool:
    """Whether the submitter, who reads the text before it becomes public, has neither agreed nor let the time pass."""
    return agreed_on is None and (object_by is None or today <= object_by)


class WeighedProvision(Protocol):
    """A provision weighed in a case, as a row of the database or of a page."""

    @property
    def law_key(self) -> str: ...
    @property
    def law_title(self) -> str: ...
    @property
    def provision_key(self) -> str | None: ...
    @property
    def article(self) -> str | None: ...
    @property
    def instrument(self) -> str | None: ...
    @property
    def role(self) -> AssessmentRole: ...
    @property
    def on_date(self) -> date: ...


class CaseToShow(Protocol):
    """The sides of a case that go public with its text, as a row to act on or as the columns that a page has read."""

    @property
    def verdict(self) -> Verdict: ...
    @property
    def result(self) -> Result | None: ...
    @property
    def theme(self) -> Theme: ...
    @property
    def submitter_kind(self) -> SubmitterKind: ...
    @property
    def municipality_id(self) -> int | None: ...
    @property
    def municipality_then(self) -> str | None: ...
    @property
    def filed_on(self) -> date: ...
    @property
    def closed_on(self) -> date | None: ...


def shown_beside(case: CaseToShow, joined: Iterable[int], weighed: Iterable[WeighedProvision]) -> dict[str, Any]:
    """What goes public beside the text: the submitter sees it in the preview, and it is published as it was then. The
    provisions are without reasoning or author.

    Args:
        joined: the municipalities that file along.
    """
    return {
        "verdict": case.verdict.value,
        "result": case.result.value if case.result else None,
        "theme": case.theme.value,
        "submitter_kind": case.submitter_kind.value,
        "municipality": case.municipality_id,
        "municipality_then": case.municipality_then,
        "joined": sorted(joined),
        "filed_on": case.filed_on.isoformat(),
        "closed_on": case.closed_on.isoformat() if case.closed_on else None,
        "provisions": [
            {
                "law": row.law_key,
                "title": row.law_title,
                "provision": row.provision_key,
                "article": row.article,
                "instrument": row.instrument,
                "role": row.role.value,
                "on_date": row.on_date.isoformat(),
            }
            for row in weighed
        ],
    }


def is_as_shown(shown: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Whether what the submitter saw beside the text is what would go public now. What an earlier release did not show
    yet cannot have changed."""
    return shown is None or all(now.get(name) == value for name, value in shown.items())
