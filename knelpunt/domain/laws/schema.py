"""Which fields a law and a provision have in the catalogue file, and what each of them may hold."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from knelpunt.domain.laws.dates import first_day
from knelpunt.domain.shapes import Text, Url


class RoomType(StrEnum):
    """The kinds of room a rule can leave, from the lightest step to the heaviest."""

    WITHIN_RULES = "binnen bestaande regels"
    ONTHEFFING = "maatwerk/ontheffing"
    AREA = "gebiedsaanwijzing"
    EXPERIMENT = "experimenteerbepaling"
    AMVB_CHANGE = "wijziging AMvB/regeling nodig"
    LAW_CHANGE = "wetswijziging nodig"

    @property
    def order(self) -> int:
        """1 for the lightest step, 6 for the heaviest."""
        return list(RoomType).index(self) + 1


class LawKind(StrEnum):
    """What kind of rule it is; ``COLLECTIVE`` is a name for many rules that have no place in the national register."""

    WET = "wet"
    AMVB = "amvb"
    MINISTERIELE_REGELING = "regeling"
    EUROPEAN = "europees"
    COLLECTIVE = "verzamelnaam"


class Confidence(StrEnum):
    """How sure the catalogue is: read, partly read or from a secondary source, or from professional knowledge only."""

    VERIFIED = "verified"
    PARTLY = "partly"
    MEMORY = "memory"


class IncompleteDate(str):
    """A year, a month or a day as the catalogue writes it: "2019", "2019-07" or "2019-07-01"."""

    __slots__ = ()

    def __new__(cls, value: Any) -> "IncompleteDate":
        if not isinstance(value, str):
            raise ValueError("moet een datum als tekst zijn")
        first_day(value)
        return super().__new__(cls, value)


Key = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9][a-z0-9.-]{0,59}\Z",
        description="moet een sleutel van kleine letters, cijfers, punten en streepjes zijn",
    ),
]
BwbId = Annotated[str, Meta(pattern=r"\ABWBR[0-9]{7}\Z", description="moet een nummer als BWBR0037885 zijn")]
Number = Annotated[float, Meta(gt=0, le=10_000, description="moet een getal boven nul zijn")]
TextHash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z", description="moet een SHA-256 van 64 tekens zijn")]
Texts = Annotated[list[Text], Meta(min_length=1, description="moet ten minste een tekst noemen")]
Urls = Annotated[list[Url], Meta(min_length=1, description="moet ten minste een webadres noemen")]


class HistoryEvent(Struct, frozen=True, forbid_unknown_fields=True):
    date: IncompleteDate
    note: Text


class Duration(Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    years: Number | None
    extension: Text | None


class DecisionTerm(Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    weeks: Number | None
    extension_weeks: Number | None
    tacit_approval: bool | None


class LawFields(Struct, frozen=True, forbid_unknown_fields=True):
    """A law as the file of its family has it; ``family`` is the name of that file."""

    family: Key
    id: Key
    citation_title: Text
    abbreviation: Text | None
    bwb_id: BwbId | None
    kind: LawKind
    domain: Text
    ministry_2026: Text | None
    ministry_2013: Text | None
    in_force_from: IncompleteDate | None
    in_force_from_note: Text | None
    in_force_to: IncompleteDate | None
    status_on_reference_date: Literal["geldend", "vervallen", "onbekend"]
    predecessor: list[Key]
    successor: list[Key]
    case_keys: list[Key]
    counts_as: Key | None
    named_by_client: bool
    mentioned_in_letter: bool
    trigger_words: Texts
    situations: Texts
    known_text_versions: list[IncompleteDate]
    history: list[HistoryEvent]
    urls: list[Url]
    confidence: Confidence
    not_verified: list[Text]


class WordingFields(Struct, frozen=True, forbid_unknown_fields=True):
    """One wording of a provision, from ``valid_from`` (left out: from its first day) until the next one begins.

    What it leaves out of who decides, deviation, conditions, longest duration and term is as the provision says.
    ``read_on`` is the first day of the text that was read, ``source`` where; ``checked_through`` the last day of which
    that text was seen. ``text_hash`` is that of the articles in ``articles``. Without ``read_on`` it says why not.
    """

    valid_from: IncompleteDate | None = None
    read_on: IncompleteDate | None = None
    checked_through: IncompleteDate | None = None
    source: Text | None = None
    articles: list[Text] = field(default_factory=list)
    text_hash: TextHash | None = None
    confidence: Confidence | None = None
    staatsblad: Text | None = None
    dossier: Text | None = None
    change: Text | None = None
    why_not_read: Text | None = None
    decided_by: Text | None = None
    deviates_from: list[Text] | None = None
    conditions: list[Text] | None = None
    max_duration: Duration | None = None
    decision_term: DecisionTerm | None = None


Wordings = Annotated[list[WordingFields], Meta(min_length=1, description="moet ten minste een redactie noemen")]


class ProvisionFields(Struct, frozen=True, forbid_unknown_fields=True):
    """A provision or instrument as the file of its law's family has it."""

    id: Key
    law: Key
    article: Text
    instrument: Text
    room_type: RoomType
    decided_by: Text
    requested_by: Text | None
    deviates_from: list[Text]
    max_duration: Duration | None
    conditions: list[Text]
    procedure: Text | None
    decision_term: DecisionTerm | None
    valid_from: IncompleteDate | None
    start_known: bool
    valid_to: IncompleteDate | None
    validity_basis: Literal["wet", "tekstversie", "afgeleid", "geheugen"]
    text_version_read: Text | None
    wordings: Wordings
    status_on_reference_date: Literal["geldend", "afgelopen", "toekomstig", "onbekend"]
    replaced_by: list[Key]
    carry_over: Text | None
    parliament_role: Text | None
    trigger_words: Texts
    situations: Texts
    sources: Urls
    confidence: Confidence
    not_verified: list[Text]


class FamilyFields(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a family of laws, of which the entries are looked at when all files are together."""

    laws: list[dict[str, Any]]
    provisions: list[dict[str, Any]]


class ListedRoom(Struct, frozen=True):
    """A kind of room as ``catalogue.yaml`` explains it."""

    value: str
    order: int


class CatalogueMeta(Struct, frozen=True):
    reference_date: IncompleteDate


class IndexFields(Struct, frozen=True):
    """Which files ``catalogue.yaml`` names."""

    families: list[Key]


class CatalogueFields(IndexFields, frozen=True):
    """All files of the catalogue together; what else ``catalogue.yaml`` explains is not looked at."""

    meta: CatalogueMeta
    room_types: list[ListedRoom]
    laws: list[LawFields]
    provisions: list[ProvisionFields]


_RECORDS: dict[str, type[Struct]] = {
    "history": HistoryEvent,
    "wordings": WordingFields,
    "max_duration": Duration,
    "decision_term": DecisionTerm,
}


def in_file_order(entry: Mapping[str, Any], shape: type[Struct]) -> dict[str, Any]:
    """An entry with its fields, and those of the records in it, in the order in which the files have them.

    The database keeps no order. A field that the schema does not know comes last.
    """
    names = shape.__struct_fields__
    known = {name: _record_in_order(entry[name], _RECORDS.get(name)) for name in names if name in entry}
    return known | {name: value for name, value in entry.items() if name not in names}


def _record_in_order(value: Any, shape: type[Struct] | None) -> Any:
    if shape is not None and isinstance(value, list):
        return [_record_in_order(one, shape) for one in value]
    return in_file_order(value, shape) if shape is not None and isinstance(value, Mapping) else value
