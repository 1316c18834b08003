"""What is told to everybody: which acts of the chain make something public, change it or take it away.

Systems that subscribed get each of these as it happens; anybody reads the same ones, with the same ids, in the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.domain.bottlenecks import OWNER_CHANGED, BottleneckStep
from knelpunt.domain.figures.sealing import FigureEvent
from knelpunt.domain.guides.track import GuideEvent
from knelpunt.domain.privacy.requests import WordsGone
from knelpunt.domain.quarters.track import QuarterStep
from knelpunt.domain.vocabulary import EventKind

_PREFIX = "openbaar-"


@dataclass(frozen=True, slots=True)
class Told:
    """How an act is told: about which noun, in which word, and under which part of the site that noun stands."""

    noun: str
    path: str
    word: str


ANSWER, GUIDE, BOTTLENECK, QUARTER = "antwoord", "ruimtewijzer", "regelknelpunt", "kwartaal"
_GUIDES = (GuideEvent.SHIPPED, GuideEvent.PUBLISHED, GuideEvent.RECHECK, GuideEvent.CONFIRMED, GuideEvent.EXPIRED)
PUBLIC: Mapping[str, Told] = {
    EventKind.PUBLISHED.value: Told(ANSWER, "knelpunten", "gepubliceerd"),
    EventKind.PUBLICATION_CORRECTED.value: Told(ANSWER, "knelpunten", "gewijzigd"),
    EventKind.PARTNER_JOINED.value: Told(ANSWER, "knelpunten", "gewijzigd"),
    EventKind.PARTNER_DECLINED.value: Told(ANSWER, "knelpunten", "gewijzigd"),
    EventKind.PUBLICATION_WITHDRAWN.value: Told(ANSWER, "knelpunten", "ingetrokken"),
    EventKind.ARCHIVED.value: Told(ANSWER, "knelpunten", "ingetrokken"),
    **{kind.value: Told(GUIDE, "ruimtewijzers", kind.value) for kind in _GUIDES},
    WordsGone.GUIDE.value: Told(GUIDE, "ruimtewijzers", WordsGone.GUIDE.value),
    **{kind.value: Told(BOTTLENECK, "regelknelpunten", kind.value) for kind in BottleneckStep},
    **{kind: Told(BOTTLENECK, "regelknelpunten", kind) for kind in (OWNER_CHANGED, WordsGone.BOTTLENECK.value)},
    FigureEvent.SEALED.value: Told(QUARTER, "kwartalen", "gepubliceerd"),
    FigureEvent.ERRATUM_MADE.value: Told(QUARTER, "kwartalen", "gecorrigeerd"),
    **{
        kind.value: Told(QUARTER, "kwartalen", kind.value)
        for kind in (QuarterStep.PRESENT, QuarterStep.NUMBER, WordsGone.QUARTER)
    },
}
"""By the kind of the act in the chain."""
IF_SAID: Mapping[str, str] = {
    EventKind.ARCHIVED.value: "openbare_tekst_weg",
    EventKind.PARTNER_JOINED.value: "openbaar_gewijzigd",
    EventKind.PARTNER_DECLINED.value: "openbaar_gewijzigd",
}
"""Told only where the event says so under this name: that the public text went with the file, for there may have been
none, or it went before, or stays; or that what is public names other municipalities now."""


def public_id(number: int) -> str:
    """The id of what is told to everybody of the act with this number. The organisation of a case may be told of the
    same act under the number itself."""
    return f"{_PREFIX}{number}"


def number_of(event_id: str) -> int | None:
    """The act that such an id is about; None for any other text."""
    digits = event_id.removeprefix(_PREFIX)
    is_one = event_id.startswith(_PREFIX) and digits.isascii() and digits.isdecimal() and len(digits) < 19
    return int(digits) if is_one else None
