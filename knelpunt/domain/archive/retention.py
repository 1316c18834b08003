"""How long a case that is over is kept: the usual category of an ending, and the day on which its term ends."""

from datetime import date
from enum import StrEnum

from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    CaseStatus,
    CategoryStatus,
    DisposalStatus,
    Disposition,
    HoldGround,
    ListedStatus,
    Result,
)

MAX_YEARS = 100
REASON_MAX_CHARACTERS = 1000
ARCHIVED = Text("De zaak is gearchiveerd. Er kan niets meer aan veranderen.")


class ArchiveEvent(StrEnum):
    """What happens to categories and lists, apart from the cases on them."""

    CATEGORY_PROPOSED = "bewaarcategorie_voorgesteld"
    CATEGORY_APPROVED = "bewaarcategorie_bevestigd"
    CATEGORY_REFUSED = "bewaarcategorie_afgewezen"
    LIST_CONFIRMED = "archieflijst_bevestigd"
    LIST_GIVEN_BACK = "archieflijst_teruggegeven"
    PACKAGE_RECEIVED = "archiefpakket_ontvangen"
    LIST_DONE = "archieflijst_uitgevoerd"


DISPOSITION = {
    Disposition.DESTROY: Text("Vernietigen"),
    Disposition.TRANSFER: Text("Naar een archief brengen"),
}
CATEGORY_STATUS = {
    CategoryStatus.PROPOSED: Text("Voorgesteld"),
    CategoryStatus.IN_FORCE: Text("Geldt"),
    CategoryStatus.REFUSED: Text("Niet overgenomen"),
    CategoryStatus.REPLACED: Text("Vervangen"),
}
DISPOSAL_STATUS = {
    DisposalStatus.OPEN: Text("Wacht op de eerste persoon"),
    DisposalStatus.CONFIRMED_ONCE: Text("Wacht op een tweede persoon"),
    DisposalStatus.CONFIRMED: Text("Bevestigd door twee mensen"),
    DisposalStatus.DONE: Text("Uitgevoerd"),
}
LISTED_STATUS = {
    ListedStatus.LISTED: Text("Op de lijst"),
    ListedStatus.TAKEN_OFF: Text("Van de lijst gehaald"),
    ListedStatus.DONE: Text("Weg"),
}
WHAT_HAPPENED = {
    Disposition.DESTROY: Text("Dossier vernietigd"),
    Disposition.TRANSFER: Text("Dossier naar een archief gebracht"),
}
"""What stands in the place of the title of an archived case."""
HOLD_GROUND = {
    HoldGround.LAWSUIT: Text("Er loopt een juridische procedure"),
    HoldGround.WOO_REQUEST: Text("Er loopt een verzoek om informatie (Woo)"),
    HoldGround.OTHER: Text("Iets anders"),
}


def usual_code(status: CaseStatus, result: Result | None) -> str:
    """The category of a case that ended so, unless somebody chooses another."""
    if status is CaseStatus.WITHDRAWN:
        return "ingetrokken"
    if status is CaseStatus.REFERRED:
        return "overgedragen"
    return "regelknelpunt" if result is Result.LINKED_TO_BOTTLENECK else "antwoord"


def action_day(ended_on: date, years: int) -> date:
    """The first day on which a case is no longer kept: that many years after it ended, and never a day earlier."""
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:  # it ended on 29 February
        return date(ended_on.year + years, 3, 1)


def subject_of_list(list_id: int) -> str:
    """A list as the subject of an event."""
    return f"archieflijst:{list_id}"


def subject_of_category(category_id: int) -> str:
    """A category as the subject of an event."""
    return f"bewaarcategorie:{category_id}"
