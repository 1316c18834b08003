"""The entry for an algorithm register about the suggestions of rules: one text, for the page and for programs."""

from dataclasses import dataclass

from knelpunt.web.shared.texts import lazy_gettext


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the entry: its name for programs, its heading, and the sentences under it."""

    key: str
    heading: str
    texts: tuple[str, ...]


NAME = lazy_gettext("Suggesties van regels bij een knelpunt")
PARTS = (
    Part(
        "doel",
        lazy_gettext("Wat het doet"),
        (
            lazy_gettext("Het leest de tekst van een zaak en noemt wetten en bepalingen die erbij kunnen horen."),
            lazy_gettext("Het rekent met de dag van de zaak: wat toen niet gold, staat apart."),
            lazy_gettext("Het helpt een medewerker om niets over het hoofd te zien."),
        ),
    ),
    Part(
        "menselijkeTussenkomst",
        lazy_gettext("Wie beslist"),
        (
            lazy_gettext("Een mens. Een suggestie wordt nooit vanzelf een feit in een zaak."),
            lazy_gettext("De medewerker bevestigt of weigert haar, en schrijft zelf op waarom."),
            lazy_gettext("Past het niet? Dan kiest hij zelf wat past, en wij passen de lijst aan."),
            lazy_gettext("Een tweede medewerker kijkt het oordeel over de zaak na."),
        ),
    ),
    Part(
        "gegevens",
        lazy_gettext("Waarmee het rekent"),
        (
            lazy_gettext("De titel en de omschrijving van de zaak, de dag en het soort indiener."),
            lazy_gettext("De zoekwoorden en omschrijvingen in onze wettencatalogus."),
            lazy_gettext("Een lijst met situaties, in gewone woorden."),
            lazy_gettext("Eerdere zaken die een medewerker heeft beoordeeld."),
            lazy_gettext("Namen, adressen en contactgegevens van indieners doen niet mee."),
        ),
    ),
    Part(
        "werking",
        lazy_gettext("Hoe het werkt"),
        (
            lazy_gettext("Het herkent situaties aan feiten die samen in de tekst staan, zoals een leeg gebouw."),
            lazy_gettext("Bij een situatie hoort een rij bepalingen, van de lichtste stap tot de zwaarste."),
            lazy_gettext("Ook telt het woorden: hoe goed passen die bij een wet en bij eerdere zaken over die wet?"),
            lazy_gettext("Alle aanwijzingen worden opgeteld, elk met een vast gewicht."),
            lazy_gettext("Bij elke suggestie staan de feiten en de woorden waarop zij rust."),
            lazy_gettext("Vertelt de tekst te weinig? Dan staat er dat wij het niet zeker weten, met een vraag."),
            lazy_gettext("Hoort een vraag op de startpagina bij ons? Dat hoort het aan stukjes van de woorden."),
            lazy_gettext("Dat leerde het van ruim duizend vragen die wij zelf sorteerden."),
            lazy_gettext("Er is geen taalmodel van een ander bedrijf. Alles draait op onze eigen server."),
            lazy_gettext("Wie hetzelfde vraagt, krijgt steeds hetzelfde antwoord."),
        ),
    ),
    Part(
        "prestaties",
        lazy_gettext("Hoe goed het is"),
        (
            lazy_gettext("Gemeten op 114 echte gevallen, elk zonder zijn eigen antwoord."),
            lazy_gettext("De juiste wet staat in 73 van de 100 gevallen bovenaan, en in 93 bij de eerste drie."),
            lazy_gettext("Van 74 gevallen kennen wij de juiste bepaling. Bij 73 staat die bij de eerste drie."),
            lazy_gettext("Wij bedachten zelf veertig zaken. Bij alle staat een goede regel bij de eerste vijf."),
            lazy_gettext("Iemand die het systeem niet kende, schreef er ook veertig. Daar lukt het bij 39."),
            lazy_gettext("Bij twee daarvan stond een wet die nergens op sloeg bij de eerste drie."),
            lazy_gettext("Die cijfers vallen gunstig uit: wij kozen met deze gevallen hoe het werkt."),
            lazy_gettext("Bij 26 gevallen van later stond de juiste wet in 73 van de 100 bovenaan."),
            lazy_gettext("Van 75 nieuwe vragen stond bij 63 een goed antwoord bij de eerste drie."),
            lazy_gettext("Van 25 nieuwe vragen die niet bij ons horen, kregen er 23 terecht geen antwoord."),
        ),
    ),
    Part(
        "risicobeheer",
        lazy_gettext("Wat er mis kan gaan"),
        (
            lazy_gettext("Het kan een wet missen die in andere woorden is beschreven."),
            lazy_gettext("Een wet die vaak voorkomt, kan te hoog staan."),
            lazy_gettext("Een vraag die anders klinkt dan wij kennen, kan ten onrechte geen antwoord krijgen."),
            lazy_gettext("Een situatie die niet past, kan een verkeerde wet naar voren halen."),
            lazy_gettext("Een regel van een gemeente lijkt in woorden vaak op een landelijke regel."),
            lazy_gettext("Weigert een medewerker een suggestie, dan telt dat mee bij volgende zaken."),
            lazy_gettext("Van een tekst die niet is nagelezen, staat dat bij de suggestie."),
        ),
    ),
    Part(
        "wettelijkeBasis",
        lazy_gettext("Wettelijke basis en gevolgen"),
        (
            lazy_gettext("Er rust geen besluit op: het oordeel van het loket is een uitleg, geen besluit."),
            lazy_gettext("Bent u het niet eens met het antwoord? Dan kunt u om een tweede blik vragen."),
        ),
    ),
)
"""Figures as in ``benchmarks/RESULTS.md``; who measures again writes them here too."""
