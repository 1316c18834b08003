"""The words for kinds of events in the audit trail."""

from collections.abc import Mapping
from typing import Any

from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.laws.edits import CatalogueEvent
from knelpunt.services.mail.delivery import GAVE_UP, RETRIED

ACCOUNT_EVENT = {
    AccountEvent.CREATED: "Account gemaakt",
    AccountEvent.LOGGED_IN: "Ingelogd",
    AccountEvent.LOGGED_OUT: "Uitgelogd",
    AccountEvent.LOGGED_OUT_EVERYWHERE: "Overal uitgelogd",
    AccountEvent.INVITED: "Iemand uitgenodigd",
    AccountEvent.INVITATION_WITHDRAWN: "Uitnodiging ingetrokken",
    AccountEvent.INVITATION_ACCEPTED: "Uitnodiging aanvaard",
    AccountEvent.RESET_REQUESTED: "Link voor nieuw wachtwoord gevraagd",
    AccountEvent.PASSWORD_RESET: "Wachtwoord gewijzigd met een link",
    AccountEvent.PASSWORD_CHANGED: "Wachtwoord gewijzigd",
    AccountEvent.ROLE_CHANGED: "Rol gewijzigd",
    AccountEvent.ADMINISTRATOR_CONFIRMED: "Beheerder bevestigd",
    AccountEvent.DEACTIVATED: "Account uitgezet",
    AccountEvent.REACTIVATED: "Account weer aangezet",
    AccountEvent.ORGANISATION_ADDED: "Organisatie toegevoegd",
    AccountEvent.CO_SIGNATURE_RULE: "Regel voor meetekenen gewijzigd",
    AccountEvent.ADDRESS_BOOK_CHANGED: "Adresboek van ministeries gewijzigd",
}
CATALOGUE_EVENT = {
    CatalogueEvent.PROPOSED: "Wijziging van de wettencatalogus voorgesteld",
    CatalogueEvent.APPROVED: "Wijziging van de wettencatalogus vastgesteld",
    CatalogueEvent.SENT_BACK: "Wijziging van de wettencatalogus teruggegeven",
    CatalogueEvent.WITHDRAWN: "Wijziging van de wettencatalogus ingetrokken",
}
_WORDS: dict[str, str] = {
    **{kind.value: words for kind, words in ACCOUNT_EVENT.items()},
    **{kind.value: words for kind, words in CATALOGUE_EVENT.items()},
    GAVE_UP: "E-mail niet bezorgd",
    RETRIED: "E-mail opnieuw geprobeerd",
}

SUBJECT = {
    "account": "account",
    "bottleneck": "regelknelpunt",
    "catalogus": "",
    "concept": "concept",
    "invitation": "uitnodiging",
    "law_change": "wetswijziging",
    "mail": "e-mail",
    "ministry_contact": "adres bij een ministerie",
    "organisation": "organisatie",
    "ruimtewijzer": "ruimtewijzer",
}
"""What an event can be about apart from a case; of the catalogue the rest says whether it is a law or a provision."""


def event_words(kind: str) -> str:
    """What happened, in words. Kinds about cases are stored in plain Dutch and shown so: an auditor compares them."""
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
