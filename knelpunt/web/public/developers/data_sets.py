"""The data sets of published cases, rule bottlenecks, ruimtewijzers and the law catalogue."""

from datetime import date

from knelpunt.queries.public import records
from knelpunt.queries.public.published import FIRST_KNOWN_YEAR
from knelpunt.web.public import open_bottlenecks, open_data
from knelpunt.web.public.developers import guides, laws, wordings
from knelpunt.web.shared.open_data.data_sets import DataSet
from knelpunt.web.shared.texts import lazy_gettext

DATA_SETS = (
    DataSet(
        name="knelpunten",
        title=lazy_gettext("Knelpunten"),
        text=lazy_gettext("Elk openbaar knelpunt, met de vraag, het antwoord en hoe het afliep."),
        keywords=("knelpunten", "regelgeving", "leefbaarheid", "gemeenten"),
        columns=open_data.COLUMNS,
        rows=open_data.rows,
        landing="/knelpunten",
        now=("csv", "jsonl"),
        first=lambda _session: date(FIRST_KNOWN_YEAR, 1, 1),
    ),
    DataSet(
        name="ruimtewijzers",
        title=lazy_gettext("Ruimtewijzers"),
        text=lazy_gettext("Elke ruimtewijzer: welke ruimte de regels geven, en onder welke voorwaarden."),
        keywords=("ruimte in regels", "regelgeving", "leefbaarheid"),
        columns=guides.COLUMNS,
        rows=guides.rows,
        landing="/ruimtewijzers",
        first=records.first_guide,
        now=("jsonl", "jsonld"),
    ),
    DataSet(
        name="regelknelpunten",
        title=lazy_gettext("Regelknelpunten"),
        text=lazy_gettext("Elke regel die veel plannen tegenhoudt, met waar hij staat en waar hij op wacht."),
        keywords=("regelknelpunten", "wetgeving", "regelgeving"),
        columns=open_bottlenecks.COLUMNS,
        rows=open_bottlenecks.rows,
        landing="/regelknelpunten",
        first=records.first_bottleneck,
        now=("csv", "jsonl"),
    ),
    DataSet(
        name="wetten",
        title=lazy_gettext("Wetten"),
        text=lazy_gettext("Elke wet met haar bepalingen: van welke dag tot welke dag, en uit welke bron."),
        keywords=("wetgeving", "wet op de dag", "omgevingsrecht"),
        columns=laws.COLUMNS,
        rows=laws.rows,
        landing="/wetten",
        first=records.first_law,
        now=("csv", "jsonl"),
    ),
    DataSet(
        name="bepalingen",
        title=lazy_gettext("Redacties van bepalingen"),
        text=lazy_gettext("Elke tekst van een bepaling: wat er mag, en van welke dag tot welke dag."),
        keywords=("wetgeving", "wet op de dag", "omgevingsrecht"),
        columns=wordings.COLUMNS,
        rows=wordings.rows,
        landing="/wetten",
        first=records.first_wording,
        now=("jsonl", "jsonld"),
    ),
)
