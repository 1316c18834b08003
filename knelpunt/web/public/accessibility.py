"""What the accessibility statement says: what was tested and how, what was not, and which faults are known."""

from dataclasses import dataclass
from datetime import date

from knelpunt.web.shared.texts import lazy_gettext

MADE_ON = date(2026, 11, 24)
"""The day on which this statement was last checked against the site; change it together with the lists below."""


@dataclass(frozen=True, slots=True)
class KnownFault:
    """One way in which the site falls short: the success criterion, who meets it, what is done and by when."""

    title: str
    criterion: str
    effect: str
    way_round: str
    measure: str
    ready_by: date


TESTED = (
    lazy_gettext(
        "Elke pagina is in een browser nagelopen met het programma axe. Dat is gedaan op een "
        "breedte van 320 en van 1280 pixels, en ook donker. Dat vond de laatste keer geen "
        "fouten. Zo’n programma vindt maar een deel van wat er mis kan zijn."
    ),
    lazy_gettext("Het contrast van de kleuren is gemeten, licht en donker."),
    lazy_gettext("De HTML van elke pagina is nagekeken door het programma Nu van het W3C."),
    lazy_gettext(
        "De kwartaalbrief als pdf voldoet aan de eisen van PDF/UA-1 die het programma controleert dat hem maakt."
    ),
)
NOT_TESTED = (
    lazy_gettext("Niemand van buiten heeft de site onderzocht volgens WCAG-EM. Daarom is de status niet hoger dan C."),
    lazy_gettext(
        "De site is nog niet met een schermlezer geprobeerd. Ook niet met de stem, en niet met een brailleregel."
    ),
    lazy_gettext("De site is niet getest door mensen met een beperking."),
    lazy_gettext("Niet elke route door de site is met het toetsenbord alleen gelopen."),
)
KNOWN_FAULTS = (
    KnownFault(
        lazy_gettext("De vakjes op de kaart zijn klein op een telefoon"),
        lazy_gettext("2.5.8 Grootte van het aanwijsgebied (minimum)"),
        lazy_gettext("Wie niet precies kan aanwijzen, raakt makkelijk een verkeerde gemeente."),
        lazy_gettext(
            "Bij de kaart hoort een tabel met dezelfde aantallen en grotere links. Kiezen uit een lijst kan ook."
        ),
        lazy_gettext(
            "Wij houden de tabel naast elke kaart, en onderzoeken of de kaart op een telefoon per provincie kan openen."
        ),
        date(2027, 5, 24),
    ),
    KnownFault(
        lazy_gettext("Bijlagen van indieners zijn niet altijd toegankelijk"),
        lazy_gettext("1.1.1 Niet-tekstuele content en 1.3.1 Info en relaties"),
        lazy_gettext("Een foto of scan in een zaak is niet te lezen met een schermlezer."),
        lazy_gettext("Bijlagen zijn niet openbaar. Wie bij de zaak hoort, kan het loket vragen wat erin staat."),
        lazy_gettext("Wij vragen bij het toevoegen van een bijlage om in de tekst te zeggen wat erop staat."),
        date(2027, 5, 24),
    ),
)
