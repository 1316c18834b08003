"""What a file of ruimtewijzers must hold, checked whole before anything of it is loaded."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.shapes import Text, Url, one_of
from knelpunt.domain.vocabulary import KNOWN_THEMES, AssessmentRole

Slug = Annotated[
    str, Meta(pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", description="heeft kleine letters, cijfers en streepjes")
]
Year = Annotated[str, Meta(pattern=r"\A((19|20)[0-9]{2})?\Z", description="moet een jaar zijn, of leeg")]
Some = Meta(min_length=1, description="moet een lijst zijn die niet leeg is")


class RuleFields(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provision of the catalogue, or a law with an article in words, and the day on which it held."""

    provision: Text | None = None
    law: Text | None = None
    article: Text | None = None
    role: AssessmentRole
    on: date

    def __post_init__(self) -> None:
        if (self.provision is None) == (self.law is None):
            raise ValueError("noem een bepaling of een wet, en niet allebei")


class ExampleFields(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who did it before; ``municipality`` is one of today."""

    place: Text
    municipality: Text | None = None
    year: Year
    what: Text
    outcome: ClaimOutcome | None = None
    url: Url


class SourceFields(Struct, frozen=True, forbid_unknown_fields=True):
    """A source, and how far it was read."""

    title: Text
    url: Url
    read: Literal["full", "opening only", "not read"]


class Period(Struct, frozen=True):
    """From when to when an answer holds."""

    valid_from: date | None
    valid_to: date | None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("'valid_to' ligt voor 'valid_from'")


class GuideFields(Period, frozen=True, forbid_unknown_fields=True):
    """One ruimtewijzer of a file, with its rules and places still as the writer named them."""

    slug: Slug
    question: Text
    short_answer: Text
    room: Text
    conditions: Annotated[list[Text], Some]
    who_decides: Text
    model_text: Text
    search_words: Text
    theme: Annotated[str, one_of(KNOWN_THEMES)]
    room_type: RoomType
    audiences: Annotated[list[GuideAudience], Some]
    confidence: Confidence
    confidence_note: Text
    rules: Annotated[list[RuleFields], Some]
    examples: list[ExampleFields]
    sources: Annotated[list[SourceFields], Some]
