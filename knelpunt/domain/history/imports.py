"""Bringing a file with cases in from the site: its bounds, how long it is kept, and what is written down of it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class ImportKind(StrEnum):
    """What a file with cases is brought in as."""

    HISTORY = "geschiedenis"
    BACKLOG = "voorraad"


class ImportStatus(StrEnum):
    """How far the import of a file is."""

    CHECKING = "controleren"
    UNREADABLE = "onleesbaar"
    CHECKED = "gecontroleerd"
    RUNNING = "bezig"
    DONE = "klaar"
    UNDOING = "terugdraaien"
    UNDONE = "teruggedraaid"


class ImportState(StrEnum):
    """What becomes of one line of a file: as it was checked, brought in, and put back."""

    GOOD = "goed"
    PRESENT = "al_aanwezig"
    REFUSED = "geweigerd"
    ADDED = "binnengekomen"
    PUT_BACK = "teruggedraaid"
    STAYED = "gebleven"


KEPT = timedelta(days=30)
"""So long the file and its lines are kept, and so long an import can be undone."""
MOST_LINES: Mapping[ImportKind, int] = {ImportKind.HISTORY: 20_000, ImportKind.BACKLOG: 1_000}
SET_NAME_LENGTH = 80
SUBJECT = "import"
AT_WORK = frozenset({ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.UNDOING})
"""In these the computer goes on by itself."""


class ImportEvent(StrEnum):
    """What happens to the import of a file, apart from the cases in it."""

    UPLOADED = "import_geladen"
    STARTED = "import_begonnen"
    DONE = "import_klaar"
    UNDO_ASKED = "import_terugdraaien_begonnen"
    UNDONE = "import_terugdraaien_klaar"
    DISCARDED = "import_weggegooid"


STATUS_WORDS = {
    ImportStatus.CHECKING: "Wordt gecontroleerd",
    ImportStatus.UNREADABLE: "Kan niet worden gelezen",
    ImportStatus.CHECKED: "Wacht op uw akkoord",
    ImportStatus.RUNNING: "Wordt ingelezen",
    ImportStatus.DONE: "Klaar",
    ImportStatus.UNDOING: "Wordt teruggedraaid",
    ImportStatus.UNDONE: "Teruggedraaid",
}
STATE_WORDS = {
    ImportState.GOOD: "Komt erin",
    ImportState.PRESENT: "Al aanwezig",
    ImportState.REFUSED: "Geweigerd",
    ImportState.ADDED: "Ingelezen",
    ImportState.PUT_BACK: "Teruggedraaid",
    ImportState.STAYED: "Gebleven",
}
