"""What may happen to the public text of a case, as data: one table for the services, the buttons and the tests."""

from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.cases.workflow import MISSING, Requirement
from knelpunt.domain.vocabulary import CaseStatus, PublicationStatus

S = PublicationStatus
OVER = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.ARCHIVED})


class TextRequirement(StrEnum):
    """A fact about the case and its text that must hold before a step."""

    WRITTEN = auto()
    CASE_OVER = auto()
    MAY_BE_PUBLIC = auto()
    REVIEWED = auto()
    NOT_REVIEWED = auto()
    NO_OPEN_REVIEW = auto()


LACKING = {
    TextRequirement.WRITTEN: "Er is nog geen openbare tekst.",
    TextRequirement.CASE_OVER: "Publiceren kan pas als de zaak is afgesloten.",
    TextRequirement.MAY_BE_PUBLIC: "De indiener vindt het niet goed dat er iets over deze melding openbaar wordt.",
    TextRequirement.REVIEWED: "Laat de tekst eerst door een tweede persoon toetsen.",
    TextRequirement.NOT_REVIEWED: "Deze tekst is al getoetst.",
    TextRequirement.NO_OPEN_REVIEW: MISSING[Requirement.NO_OPEN_REVIEW],
}
"""What is lacking, in the words that the screen shows."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """Where a public text stands; ``is_reviewed`` says whether a second person agreed to these very words."""

    status: CaseStatus
    publication: PublicationStatus
    may_publish: bool
    is_written: bool
    is_reviewed: bool
    has_open_review: bool

    def holds(self, requirement: TextRequirement) -> bool:
        return {
            TextRequirement.WRITTEN: self.is_written,
            TextRequirement.CASE_OVER: self.status in OVER,
            TextRequirement.MAY_BE_PUBLIC: self.may_publish,
            TextRequirement.REVIEWED: self.is_reviewed,
            TextRequirement.NOT_REVIEWED: not self.is_reviewed,
            TextRequirement.NO_OPEN_REVIEW: not self.has_open_review,
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
PUBLISH = TextStep(frozenset({S.PREVIEW}), "Leg de tekst eerst ter inzage bij de indiener.", (R.WRITTEN,))
WITHDRAW = TextStep(frozenset({S.PUBLIC}), "Deze zaak is niet openbaar.")
