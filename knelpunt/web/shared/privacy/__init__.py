"""What the pages about somebody's own data share: words, the export, and the answer to a request."""

from knelpunt.domain.privacy.requests import Ground, Receipt, RequestChannel, RequestKind, RequestStatus
from knelpunt.web.shared.texts import lazy_gettext

KIND_WORDS = {
    RequestKind.ACCESS: lazy_gettext("Inzage"),
    RequestKind.ERASURE: lazy_gettext("Wissen"),
}
STATUS_WORDS = {
    RequestStatus.RECEIVED: lazy_gettext("Ontvangen"),
    RequestStatus.CHECKED: lazy_gettext("In behandeling"),
    RequestStatus.DONE: lazy_gettext("Afgehandeld"),
    RequestStatus.REFUSED: lazy_gettext("Afgewezen"),
}
CHANNEL_WORDS = {
    RequestChannel.PAGE: "Via de site",
    RequestChannel.LETTER: "Per brief",
    RequestChannel.PHONE: "Per telefoon",
    RequestChannel.MAIL: "Per mail",
}
RECEIPT_WORDS = {
    Receipt.TOOK_OVER: "nam de zaak over",
    Receipt.ASKED: "kreeg een vraag over de zaak",
    Receipt.FILES_ALONG: "meldt samen",
    Receipt.OWN_SYSTEM: "heeft de zaak in een eigen zaaksysteem",
}
STAYS_WORDS = {
    Ground.OTHER_PERSON: "Overslaan: het gaat over iemand anders",
    Ground.RIGHTS_OF_OTHERS: "Niet meegeven: het zegt ook iets over anderen",
    Ground.RECORDS: "Blijft: het hoort bij het dossier (Archiefwet)",
    Ground.OFFICE: "Blijft: het zegt wie er namens een organisatie werkte",
    Ground.CLAIM: "Blijft: het is nodig voor een bezwaar of rechtszaak",
    Ground.CHAIN: "Blijft: het staat in het logboek, dat nooit verandert",
    Ground.SEALED: "Blijft: het staat in een verzegeld kwartaal",
}
