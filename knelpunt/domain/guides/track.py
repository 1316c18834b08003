"""The ruimtewijzer (guide): its states and steps as one table, what a version of it says, and its terms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from knelpunt.domain.errors import TransitionNotAllowed
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Theme

_SLUG = re.compile(r"[a-z0-9-]{1,100}")


class GuideStatus(StrEnum):
    """Where a guide is. A new version of a public one is prepared beside it, and changes nothing until published."""

    DRAFT = "concept"
    REVIEWED = "juridisch_getoetst"
    PUBLIC = "publiek"
    RECHECK = "hercontrole_nodig"
    EXPIRED = "vervallen"


READABLE = frozenset({GuideStatus.PUBLIC, GuideStatus.RECHECK, GuideStatus.EXPIRED})
"""States in which the last published version can be read by everybody, if need be with a banner."""
ANSWERING = frozenset({GuideStatus.PUBLIC, GuideStatus.RECHECK})
"""States in which a guide is offered as an answer, and can be claimed."""


class GuideAudience(StrEnum):
    """For whom a guide is written."""

    RESIDENTS = "bewoners"
    MUNICIPALITIES = "gemeenten"
    CORPORATIONS = "woningcorporaties"
    SCHOOLS = "scholen"


class GuideOrigin(StrEnum):
    """Who wrote a version: the files that come with the system, or the desk."""

    SHIPPED = "meegeleverd"
    DESK = "loket"


class ClaimOutcome(StrEnum):
    """What a municipality says, some months later, of a guide that it used."""

    WORKED = "gelukt"
    PARTLY = "deels"
    FAILED = "niet"


class GuideEvent(StrEnum):
    """Every kind of event in the chain about a guide. Stored words; never renamed."""

    SHIPPED = "ruimtewijzer_meegeleverd"
    SAVED = "ruimtewijzer_bewaard"
    REVIEWED = "ruimtewijzer_getoetst"
    RETURNED = "ruimtewijzer_teruggegeven"
    PUBLISHED = "ruimtewijzer_gepubliceerd"
    RECHECK = "ruimtewijzer_hercontrole_nodig"
    CONFIRMED = "ruimtewijzer_opnieuw_bevestigd"
    EXPIRED = "ruimtewijzer_vervallen"
    CLAIMED = "ruimtewijzer_overgenomen"
    CLAIM_ANSWERED = "ruimtewijzer_ervaring_gegeven"


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: where it may start, where it ends (None: it stays there), and who may take it.

    ``by_second_person``: not by who wrote the version it is about.
    """

    name: GuideEvent
    sources: frozenset[GuideStatus]
    target: GuideStatus | None
    permission: Permission
    by_second_person: bool = False

    def check_from(self, status: GuideStatus) -> None:
        """Raise TransitionNotAllowed when the step doesn't start in this state."""
        if status not in self.sources:
            raise TransitionNotAllowed("Deze stap past niet bij waar de ruimtewijzer nu staat.")


S = GuideStatus
SAVE = GuideStep(GuideEvent.SAVED, frozenset({S.DRAFT, S.REVIEWED, S.PUBLIC, S.RECHECK}), None, Permission.EDIT_GUIDE)
REVIEW = GuideStep(
    GuideEvent.REVIEWED,
    frozenset({S.DRAFT, S.PUBLIC, S.RECHECK}),
    None,
    Permission.REVIEW_GUIDE,
    by_second_person=True,
)
RETURN = GuideStep(
    GuideEvent.RETURNED,
    frozenset({S.DRAFT, S.REVIEWED, S.PUBLIC, S.RECHECK}),
    None,
    Permission.REVIEW_GUIDE,
    by_second_person=True,
)
PUBLISH = GuideStep(GuideEvent.PUBLISHED, frozenset({S.REVIEWED, S.PUBLIC, S.RECHECK}), S.PUBLIC, Permission.EDIT_GUIDE)
ASK_RECHECK = GuideStep(GuideEvent.RECHECK, frozenset({S.PUBLIC}), S.RECHECK, Permission.EDIT_GUIDE)
CONFIRM = GuideStep(
    GuideEvent.CONFIRMED, frozenset({S.RECHECK}), S.PUBLIC, Permission.REVIEW_GUIDE, by_second_person=True
)
EXPIRE = GuideStep(GuideEvent.EXPIRED, frozenset({S.PUBLIC, S.RECHECK}), S.EXPIRED, Permission.EDIT_GUIDE)

GUIDE_STEPS: tuple[GuideStep, ...] = (SAVE, REVIEW, RETURN, PUBLISH, ASK_RECHECK, CONFIRM, EXPIRE)


def is_slug(text: str) -> bool:
    """Whether a text from an address can be that of a guide."""
    return _SLUG.fullmatch(text) is not None


def status_after_writing(status: GuideStatus, *, is_reviewed: bool) -> GuideStatus:
    """The state of a guide when its version in hand was written or reviewed: one that is public stays so."""
    if status not in (S.DRAFT, S.REVIEWED):
        return status
    return S.REVIEWED if is_reviewed else S.DRAFT


@dataclass(frozen=True, slots=True)
class GuideText:
    """What one version says, as plain values.

    ``rules`` is a list of {law, title, provision, article, instrument, role, on_date} as a published case keeps it;
    ``search_words`` are words by which people ask for this and that stand nowhere in it.
    ``examples`` holds {place, municipality, year, what, outcome, url}; ``sources`` of {title, url, read}.
    ``municipality`` is a code of CBS or None; ``outcome`` is a member of ClaimOutcome or None when no source tells it.
    Days are legal days in the Netherlands, both ends included.
    """

    question: str
    short_answer: str
    room: str
    conditions: str
    who_decides: str
    model_text: str
    theme: Theme
    room_type: RoomType
    audiences: tuple[GuideAudience, ...]
    confidence: Confidence
    confidence_note: str
    valid_from: date | None
    valid_to: date | None
    search_words: str = ""
    rules: list[dict[str, Any]] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """The columns of a version."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in GuideText.__slots__}
        columns["audiences"] = [each.value for each in self.audiences]
        return columns


def searched_words(text: Mapping[str, Any]) -> tuple[str, str]:
    """What a version is found by: the words in which people ask for it, and all its other words."""
    names = ("short_answer", "room", "conditions", "who_decides")
    rules = " ".join(f"{rule['title']} {rule.get('instrument') or ''}" for rule in text["rules"])
    places = " ".join(f"{each['place']} {each['what']}" for each in text["examples"])
    return f"{text['question']} {text['search_words']}", "\n".join([*(text[name] for name in names), rules, places])
