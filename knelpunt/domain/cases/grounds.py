"""What a verdict rests on: the provisions weighed in a case, by what they do and by whose they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.vocabulary import BRIDGEABLE_VERDICTS, AssessmentRole, Verdict

LOCAL_LAW, EU_LAW = "lokaal", "eu"
"""The keys of the collective names for rules of municipalities, provinces and water boards, and of the EU."""
_EUROPEAN = "europees"


class RuleMaker(StrEnum):
    """Who made a rule."""

    NATION = auto()
    EU = auto()
    LOCAL = auto()


def maker_of(law_key: str, law_kind: str) -> RuleMaker:
    """Who made a law of the catalogue."""
    if law_key == LOCAL_LAW:
        return RuleMaker.LOCAL
    return RuleMaker.EU if law_key == EU_LAW or law_kind == _EUROPEAN else RuleMaker.NATION


@dataclass(frozen=True, slots=True)
class Grounds:
    """Whether a provision offers room, and how many block, by who made them."""

    offers_room: bool = False
    national: int = 0
    european: int = 0
    local: int = 0

    @property
    def blocking(self) -> int:
        return self.national + self.european + self.local


def grounds_of(weighed: Iterable[tuple[AssessmentRole, RuleMaker]]) -> Grounds:
    """The grounds in the provisions that are linked to a case."""
    counted = Counter(weighed)
    blocks = {maker: counted[AssessmentRole.BLOCKS, maker] for maker in RuleMaker}
    return Grounds(
        offers_room=any(role is AssessmentRole.OFFERS_ROOM for role, _maker in counted),
        national=blocks[RuleMaker.NATION],
        european=blocks[RuleMaker.EU],
        local=blocks[RuleMaker.LOCAL],
    )


_BLOCKED_BY = {
    Verdict.NATIONAL_RULE: "Bij V5 hoort een bepaling van het Rijk die belemmert. Koppel die eerst.",
    Verdict.EU_OR_TREATY: "Bij V6 hoort een bepaling van de EU of uit een verdrag die belemmert. Koppel die eerst.",
    Verdict.LOCAL_RULE: (
        "Bij V7 hoort een regel van een gemeente, provincie of waterschap die belemmert. Koppel die eerst."
    ),
    Verdict.STACKED_RULES: "Bij V8 horen ten minste twee bepalingen die belemmeren. Koppel die eerst.",
    Verdict.NOT_A_RULE: "Bij V9 hoort geen bepaling die belemmert. Koppel die los, of kies een ander oordeel.",
}
NO_ROOM = "Bij V1 tot V4 hoort een bepaling die ruimte biedt. Koppel die eerst."


def why_not(verdict: Verdict, grounds: Grounds) -> str | None:
    """Why a verdict does not fit what it rests on, in Dutch; None when it does. Undecided rests on nothing yet."""
    if verdict in BRIDGEABLE_VERDICTS:
        return None if grounds.offers_room else NO_ROOM
    fits = {
        Verdict.UNDECIDED: True,
        Verdict.NATIONAL_RULE: grounds.national > 0,
        Verdict.EU_OR_TREATY: grounds.european > 0,
        Verdict.LOCAL_RULE: grounds.local > 0,
        Verdict.STACKED_RULES: grounds.blocking > 1,
        Verdict.NOT_A_RULE: grounds.blocking == 0,
    }
    return None if fits[verdict] else _BLOCKED_BY[verdict]
