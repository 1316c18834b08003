"""Rules for the mirror of an organisation's cases in its own case system, by the Dutch standard for such systems (ZGW).

Types are found by their names in the catalogue of the organisation, or chosen by its administrator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from knelpunt.domain.errors import DomainError
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import CaseStatus, Result

APIS = ("zaken", "documenten", "catalogi")
CLIENT_ID_MAX, ZAAKTYPE_MAX, SECRET_MAX = 50, 50, 200
SECRET_MIN = 16
"""Shorter secrets sign nothing that holds; Open Zaak asks for more itself."""
MOST_BYTES = 10 * 1024 * 1024
"""A larger file goes in parts, which are as large as the other system says."""
MOST_IN_PARTS = 40 * 1024 * 1024
"""A still larger one is not copied, as it may be asked for in one part: its document has the address at which it can be
read here."""
ENDS = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.REFERRED)
"""These set the last status of the type, with which the other system closes its case."""
ON_THE_WAY = (
    CaseStatus.SUBMITTED,
    CaseStatus.IN_TRIAGE,
    CaseStatus.AWAITING_SUPPLEMENT,
    CaseStatus.IN_HANDLING,
    CaseStatus.WITH_MINISTRY,
    CaseStatus.PROPOSED,
    CaseStatus.RECONSIDERATION,
)
MAY_REOPEN, MAY_FORCE = "zaken.heropenen", "zaken.geforceerd-bijwerken"
"""The rights in the other system that a case that is closed there asks for, by their names in the standard."""
MAY_FILL, MAY_UNLOCK = "documenten.bijwerken", "documenten.lock"
"""Those that a file in parts asks for: to send a part, and to say that it was the last."""
DOCUMENT = "document"
STATUS, RESULT = "status", "resultaat"
BAD_RSIN = Text("Een RSIN heeft negen cijfers. Dit nummer klopt niet.")
BAD_SECRET = Text("Een geheim heeft 16 tot 200 tekens, zonder spaties.")


class Reason(StrEnum):
    """Why the other system could not take something, where its number alone says too little."""

    NO_TYPE = "zaaktype_onbekend"
    NO_END = "eindstatus_ontbreekt"
    CHOOSE = "type_kiezen"
    CLOSED = "zaak_gesloten"
    IN_PARTS = "recht_voor_delen"
    FIELD = "gegeven_geweigerd"
    UNREADABLE = "antwoord_onleesbaar"
    ELSEWHERE = "adres_van_elders"


REASON_WORDS = {
    Reason.NO_TYPE: Text("Er is geen geldig zaaktype met deze identificatie"),
    Reason.NO_END: Text("Het zaaktype heeft geen statustype waarmee een zaak eindigt"),
    Reason.CHOOSE: Text("Kies bij de instellingen een type voor"),
    Reason.CLOSED: Text("De zaak is daar gesloten. Geef Knelpunt er dit recht bij"),
    Reason.IN_PARTS: Text("Grote bestanden gaan zonder inhoud. Geef Knelpunt er dit recht bij"),
    Reason.FIELD: Text("Uw systeem noemt als reden"),
    Reason.UNREADABLE: Text("Wij kunnen het antwoord niet lezen van"),
    Reason.ELSEWHERE: Text("Uw systeem verwijst naar een adres dat niet bij de instellingen staat"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the system of an organisation is, and how its types are called.

    Attributes:
        chosen: the name of a type for each key of ``keys`` that the administrator chose one for.
        offered: the names of the types there were when the catalogue was last read: of statuses, results, documents.
    """

    zaken: str
    documenten: str
    catalogi: str
    client_id: str
    rsin: str
    zaaktype: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As a row keeps it."""
        return asdict(self)


def key_of(member: CaseStatus | Result) -> str:
    """Under which name the choice for a status or result is kept."""
    return f"{STATUS if isinstance(member, CaseStatus) else RESULT}_{member.value}"


def keys() -> tuple[str, ...]:
    """For what a type can be chosen."""
    return (*map(key_of, ON_THE_WAY), *map(key_of, Result), DOCUMENT)


def kind_of(key: str) -> str:
    """Of which kind of types that is one."""
    return key.partition("_")[0]


def words_of(key: str) -> str:
    """What a status or result is called in the other system, by our own word for it."""
    return key.partition("_")[2].replace("_", " ") or key


def name_for(settings: Settings, key: str, names: Sequence[str]) -> str | None:
    """The name of the type: the one that was chosen, else one that is called the same as with us."""
    chosen = settings.chosen.get(key)
    if chosen in names:
        return chosen
    ours = words_of(key).casefold()
    return next((each for each in names if each.casefold().replace("_", " ") == ours), None)


def check_rsin(text: str) -> str:
    """The number of the organisation; raises DomainError on the field ``rsin`` when it does not pass the test of
    eleven."""
    digits = text.strip()
    if not (len(digits) == 9 and digits.isascii() and digits.isdigit()):
        raise DomainError(BAD_RSIN, field="rsin")
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    if total == 0 or total % 11:
        raise DomainError(BAD_RSIN, field="rsin")
    return digits


def check_secret(text: str) -> str:
    """The secret; raises DomainError on the field ``secret`` when it cannot be one."""
    if not (SECRET_MIN <= len(text) <= SECRET_MAX and text.isascii() and text.isprintable() and " " not in text):
        raise DomainError(BAD_SECRET, field="secret")
    return text


def detail_of(reason: Reason, *about: str) -> str:
    """A reason as the log keeps it, with the keys, or the codes of the other system, that it is about."""
    return "|".join((reason.value, *about))


def goes_without_content(detail: str | None) -> bool:
    """Whether a reason from the log tells no more than that."""
    return detail is not None and detail.partition("|")[0] == Reason.IN_PARTS


def reason_in(detail: str) -> tuple[Text, list[str]]:
    """The words for a reason from the log, and what it is about."""
    code, *about = detail.split("|")
    return REASON_WORDS[Reason(code)], about
