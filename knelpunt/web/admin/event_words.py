"""The words for kinds of events in the audit trail."""

from collections.abc import Mapping
from typing import Any

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.archive.retention import ArchiveEvent
from knelpunt.domain.bottlenecks import NAMES_FOUND, OWNER_CHANGED, BottleneckReview
from knelpunt.domain.calendar.term_changes import TermEvent
from knelpunt.domain.figures.sealing import FigureEvent
from knelpunt.domain.history.imports import ImportEvent
from knelpunt.domain.laws.edits import CatalogueEvent
from knelpunt.domain.mergers import MergerEvent
from knelpunt.domain.privacy.requests import PrivacyEvent
from knelpunt.services.mail.delivery import GAVE_UP, RETRIED
from knelpunt.services.mail.failures import MISSED_SETTLED

_WORDS: dict[str, str] = {
    AccountEvent.INVITED: "Iemand uitgenodigd",
    AccountEvent.RESET_REQUESTED: "Link voor nieuw wachtwoord gevraagd",
    AccountEvent.ADDRESS_GONE: "Het e-mailadres van dit account bestaat niet",
    AccountEvent.ADDRESS_USED_AGAIN: "Mails gaan weer naar het e-mailadres van dit account",
    AccountEvent.PASSWORD_RESET: "Wachtwoord gewijzigd met een link",
    AccountEvent.LIST_DOWNLOADED: "Lijst gedownload",
    AccountEvent.CALENDAR_MADE: "Geheim adres voor een agenda gemaakt",
    AccountEvent.CALENDAR_ENDED: "Agenda met termijnen gestopt",
    AccountEvent.FACTOR_CONFIRMED: "Tweede stap opnieuw getoond",
    AccountEvent.FACTOR_RESET_ASKED: "Gevraagd om een tweede stap weg te halen",
    AccountEvent.FACTOR_RESET_DONE: "Tweede stap weggehaald door twee beheerders",
    AccountEvent.FACTOR_RESET_REFUSED: "Verzoek om een tweede stap weg te halen afgewezen",
    AccountEvent.ADDRESS_BOOK_CHANGED: "Adresboek van ministeries gewijzigd",
    BottleneckReview.ASKED: "Stap van een regelknelpunt voorgelegd",
    BottleneckReview.APPROVED: "Tweede persoon akkoord met een stap van een regelknelpunt",
    BottleneckReview.RETURNED: "Stap van een regelknelpunt teruggegeven",
    BottleneckReview.CANCELLED: "Toetsing van een regelknelpunt ingetrokken",
    OWNER_CHANGED: "Regelknelpunt aan een andere eigenaar gegeven",
    NAMES_FOUND: "Openbare tekst van een regelknelpunt wijst naar iemand uit een zaak",
    CatalogueEvent.PROPOSED: "Wijziging van de wettencatalogus voorgesteld",
    CatalogueEvent.APPROVED: "Wijziging van de wettencatalogus vastgesteld",
    CatalogueEvent.SENT_BACK: "Wijziging van de wettencatalogus teruggegeven",
    CatalogueEvent.WITHDRAWN: "Wijziging van de wettencatalogus ingetrokken",
    CatalogueEvent.TEXT_DECIDED: "Gewijzigde wettekst bekeken",
    ArchiveEvent.CATEGORY_PROPOSED: "Andere bewaarcategorie voorgesteld",
    ArchiveEvent.LIST_CONFIRMED: "Lijst voor het archief bevestigd",
    ArchiveEvent.LIST_GIVEN_BACK: "Lijst voor het archief teruggegeven",
    ArchiveEvent.LIST_DONE: "Lijst voor het archief uitgevoerd",
    ImportEvent.UPLOADED: "Bestand met meldingen geladen",
    ImportEvent.STARTED: "Bestand met meldingen: inlezen begonnen",
    ImportEvent.DONE: "Bestand met meldingen ingelezen",
    ImportEvent.UNDO_ASKED: "Bestand met meldingen: terugdraaien begonnen",
    ImportEvent.UNDONE: "Bestand met meldingen teruggedraaid",
    ImportEvent.DISCARDED: "Bestand met meldingen weggegooid",
    PrivacyEvent.ASKED: "Verzoek over persoonsgegevens ontvangen",
    PrivacyEvent.OPENED: "Gegevens van de vrager ingezien",
    PrivacyEvent.CHECKED: "Nagegaan wie om persoonsgegevens vraagt",
    PrivacyEvent.EXTENDED: "Termijn van een verzoek over persoonsgegevens verlengd",
    PrivacyEvent.SEARCHED: "Persoonsgegevens gezocht voor een verzoek",
    PrivacyEvent.REFUSED: "Verzoek over persoonsgegevens afgewezen",
    PrivacyEvent.DONE: "Verzoek over persoonsgegevens afgehandeld",
    PrivacyEvent.EXPORTED: "Eigen gegevens opgehaald",
    PrivacyEvent.ACCOUNT_EMPTIED: "Account leeggemaakt: de termijn is voorbij",
    FigureEvent.SEALING_ASKED: "Gevraagd om een kwartaal te verzegelen",
    FigureEvent.SEALING_RETURNED: "Verzoek om een kwartaal te verzegelen teruggegeven",
    FigureEvent.SEALED: "Kwartaal verzegeld",
    FigureEvent.ERRATUM_MADE: "Correctie op een verzegeld kwartaal",
    FigureEvent.AGREEMENT_NOTED: "Partner stemde in met een definitie",
    FigureEvent.AGREEMENT_ENDED: "Instemming met een definitie voorbij",
    FigureEvent.MINISTRY_REPLIED: "Reactie van een ministerie op zijn cijfer",
    MergerEvent.PROPOSED: "Herindeling van gemeenten voorgesteld",
    MergerEvent.PLANNED: "Herindeling van gemeenten vastgesteld",
    MergerEvent.REFUSED: "Herindeling van gemeenten afgewezen",
    MergerEvent.CANCELLED: "Herindeling van gemeenten ingetrokken",
    MergerEvent.DONE: "Herindeling van gemeenten uitgevoerd",
    TermEvent.PROPOSED: "Wijziging van een termijn voorgesteld",
    TermEvent.APPROVED: "Wijziging van een termijn vastgesteld",
    TermEvent.REFUSED: "Wijziging van een termijn afgewezen",
    TermEvent.WITHDRAWN: "Wijziging van een termijn ingetrokken",
    GAVE_UP: "E-mail niet bezorgd",
    RETRIED: "E-mail opnieuw geprobeerd",
    MISSED_SETTLED: "Gemiste e-mail geregeld",
}
"""The few kinds whose stored word does not tell it."""

SUBJECT = {
    "account": "account",
    "archieflijst": "lijst voor het archief",
    "avg_verzoek": "verzoek over persoonsgegevens",
    "bewaarcategorie": "bewaarcategorie",
    "bottleneck": "regelknelpunt",
    "bottleneck_proposal": "voorstel voor een regelknelpunt",
    "brief": "versie van een brief",
    "catalogus": "",
    "concept": "concept",
    "definitie": "definitie van een cijfer",
    "herindeling": "herindeling",
    "import": "bestand met meldingen",
    "invitation": "uitnodiging",
    "koppeling": "koppeling",
    "kwartaal": "kwartaal",
    "law_change": "wetswijziging",
    "mail": "e-mail",
    "mail_in": "binnengekomen mail",
    "ministry_contact": "adres bij een ministerie",
    "organisation": "organisatie",
    "ruimtewijzer": "ruimtewijzer",
    "termijn": "termijn",
    "toezegging": "toezegging",
    "inlogregel": "inlogregel",
}
"""What an event can be about apart from a case; of the catalogue the rest says whether it is a law or a provision."""


def event_words(kind: str) -> str:
    """What happened, in words. Kinds are stored in plain Dutch and mostly shown so: an auditor compares them."""
    return _WORDS.get(kind) or kind.replace("_", " ").capitalize()


def subject_words(subject: str) -> str:
    """What an event is about when it is about no case: what it is, and its number or key."""
    kind, _, rest = subject.partition(":")
    return f"{SUBJECT.get(kind, kind)} {rest.replace(':', ' ')}".strip()


def data_words(data: Mapping[str, Any]) -> str:
    """What an event keeps beside its columns (numbers, days and yes or no), on one line."""
    return "; ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in data.items())


def _plain(value: Any) -> str:
    if value is None:
        return "geen"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, Mapping):
        return " ".join(_plain(each) for each in value.values() if each is not None)
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value) or "geen"
    return str(value).replace("_", " ")
