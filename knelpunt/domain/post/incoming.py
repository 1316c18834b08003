"""What can become of a mail that comes in."""

from datetime import timedelta
from enum import StrEnum

from knelpunt.domain.texts import Text

SOURCE_KEPT = timedelta(days=30)
"""How long the whole mail is kept, as it came in, after it landed or somebody decided about it."""
MOST_A_DAY = 10
"""After so many mails about one case in a day the next ones wait for a person: two machines may be answering one
another."""
TEXT_MAX_CHARACTERS = 50_000
SUBJECT_MAX_CHARACTERS = 200
NO_TEXT = "(In deze mail stond geen tekst.)"


class IncomingStatus(StrEnum):
    """Where a mail that came in is. Stored values never change."""

    LANDED = "in_zaak"
    WAITING = "wacht"
    DISMISSED = "niet_voor_ons"
    IGNORED = "genegeerd"
    BOUNCE = "bezorgmelding"


class IncomingReason(StrEnum):
    """Why a mail waits for a person, or was passed over. Stored values never change."""

    UNKNOWN_SENDER = "onbekende_afzender"
    OTHER_ADDRESS = "ander_adres"
    BAD_TOKEN = "kenmerk_klopt_niet"  # noqa: S105 - a reason
    NOBODY_KNOWN = "geen_contactgegevens"
    CASE_OVER = "zaak_is_klaar"
    TOO_LARGE = "te_groot"
    TOO_MANY = "te_veel"
    SAME_ID = "zelfde_kenmerk"
    UNREADABLE = "onleesbaar"
    AUTOMATIC = "automatisch"
    OWN_MAIL = "eigen_mail"
    DELAYED = "vertraagd"
    STRAY_BOUNCE = "bezorgmelding_van_een_ander"

    @property
    def words(self) -> str:
        """The reason for people at the desk."""
        return _REASONS[self]


_REASONS = {
    IncomingReason.UNKNOWN_SENDER: "De afzender is onbekend, en de mail is geen antwoord op een mail van ons.",
    IncomingReason.OTHER_ADDRESS: "De mail gaat over deze zaak, maar komt van een adres dat niet bij de zaak staat.",
    IncomingReason.BAD_TOKEN: "Het kenmerk in het adres klopt niet.",
    IncomingReason.NOBODY_KNOWN: "Bij de zaak staan geen contactgegevens meer. Wij weten dus niet van wie dit is.",
    IncomingReason.CASE_OVER: "Aan deze zaak kan de indiener niets meer toevoegen.",
    IncomingReason.TOO_LARGE: "De mail is te groot. Een deel is niet gelezen.",
    IncomingReason.TOO_MANY: "Er kwamen op één dag heel veel mails bij deze zaak.",
    IncomingReason.SAME_ID: "Een andere mail had hetzelfde kenmerk.",
    IncomingReason.UNREADABLE: "De mail is beschadigd of niet goed te lezen.",
    IncomingReason.AUTOMATIC: "De mail lijkt automatisch verstuurd. Misschien schreef een mens hem in een systeem.",
    IncomingReason.OWN_MAIL: "Een mail van onszelf",
    IncomingReason.DELAYED: "Bezorging is vertraagd",
    IncomingReason.STRAY_BOUNCE: "Bezorgmelding over een mail die niet van ons is",
}


ADDRESS_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""What another server reports of an address that is not there (any more) (RFC 3463). Not of a full box, or of us."""


class Refusal(StrEnum):
    """What went wrong when a mail was handed to a server, as it is kept with the mail."""

    ADDRESS = "the server refused the address"
    MAIL = "the server refused the mail"
    ODD_ADDRESS = "the server does not know addresses like this one"
    BROKEN = "the connection broke"
    NO_CONNECTION = "no connection"


def why_not_delivered(code: str | None, error: str | None) -> str:
    """Why a mail reached nobody, for people at the desk, as far as the other server told; empty when it told nothing.

    Args:
        code: what that server says in numbers (RFC 3463). Old servers do not, and answer "550" alone to an address that
            is not there as well as to mail that they do not want.
        error: what is kept of the last try, of a mail that did not come back.
    """
    if code is not None:
        if code in ADDRESS_GONE:
            return "Dit e-mailadres bestaat niet."
        if code == "5.2.2":
            return "Het postvak van de ontvanger is vol."
        return _BY_SUBJECT.get(code.split(".")[1], "") if code.count(".") == 2 else ""
    return next((words for refusal, words in _REFUSALS.items() if (error or "").startswith(refusal)), "")


_BY_SUBJECT = {
    "1": "Er is iets mis met het e-mailadres.",
    "2": "Het postvak van de ontvanger neemt geen mail aan.",
    "3": "De mailserver van de ontvanger kon de mail niet aannemen.",
    "4": "De mailserver van de ontvanger was niet te bereiken.",
    "7": "De mailserver van de ontvanger wil deze mail niet hebben.",
}
_REFUSALS = {
    Refusal.ADDRESS: (
        "De mailserver van de ontvanger weigert dit e-mailadres en zegt niet waarom. "
        "Misschien bestaat het adres niet, misschien houdt de server onze mail tegen."
    ),
    Refusal.MAIL: "De mailserver weigert deze mail.",
    Refusal.ODD_ADDRESS: "De mailserver kent e-mailadressen met zulke tekens niet.",
    Refusal.BROKEN: "De verbinding met de mailserver brak steeds af.",
    Refusal.NO_CONNECTION: "De mailserver was niet te bereiken.",
}


class UsedAgain(StrEnum):
    """Why mails go again to an address that was not there. Stored values never change."""

    BY_DESK = "door_loket"
    BY_SUBMITTER = "door_indiener"
    LINK_ASKED = "link_gevraagd"
    MAIL_CAME = "mail_ontvangen"
    MAIL_RETRIED = "mail_opnieuw_geprobeerd"
    LINK_USED = "link_gebruikt"
    BY_OWNER = "door_accounthouder"
    BY_ADMINISTRATOR = "door_beheerder"

    @property
    def words(self) -> str:
        """Why, for people at the desk."""
        return _USED_AGAIN[self]


_USED_AGAIN = {
    UsedAgain.BY_DESK: "Een collega liet het adres opnieuw proberen.",
    UsedAgain.BY_SUBMITTER: "De indiener gaf het adres nog eens op.",
    UsedAgain.LINK_ASKED: "Iemand vroeg om een link op dit adres.",
    UsedAgain.MAIL_CAME: "Van dit adres kwam een mail binnen.",
    UsedAgain.MAIL_RETRIED: "Een beheerder liet een mail opnieuw versturen.",
    UsedAgain.LINK_USED: "Iemand gebruikte een link die naar dit adres ging.",
    UsedAgain.BY_OWNER: "Wie het account heeft, zei dat het adres klopt.",
    UsedAgain.BY_ADMINISTRATOR: "Een beheerder liet het adres opnieuw proberen.",
}


class Decision(StrEnum):
    """What a person says of a mail that waits."""

    TO_CASE = "naar_zaak"
    ASIDE = "niet_voor_ons"

    @property
    def words(self) -> str:
        """The choice in words."""
        return "Van de indiener: zet hem in de zaak" if self is Decision.TO_CASE else "Niet voor ons"


class Settled(StrEnum):
    """How somebody at the desk reached a submitter to whom a mail did not come. Stored values never change."""

    ADDRESS = "adres_hersteld"
    LETTER = "brief"
    TELEPHONE = "telefoon"
    RESENT = "opnieuw_verstuurd"
    NOT_NEEDED = "niet_nodig"

    @property
    def words(self) -> str:
        """What was done, for people at the desk."""
        return _SETTLED[self]


_SETTLED = {
    Settled.ADDRESS: "Het e-mailadres is hersteld",
    Settled.LETTER: "Er gaat een brief",
    Settled.TELEPHONE: "De indiener is gebeld",
    Settled.RESENT: "De mail is opnieuw geprobeerd",
    Settled.NOT_NEEDED: "Bericht is niet meer nodig",
}
NOTHING_TO_SEND = Text("Van deze mail is de tekst er niet meer. Schrijf of bel de indiener zelf.")
