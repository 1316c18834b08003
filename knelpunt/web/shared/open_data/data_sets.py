"""What is open as a whole: one table of data sets, from which the catalogue, the files and the pages come."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from knelpunt.models import OpenDataFile
from knelpunt.queries.public.files import newest_of_each
from knelpunt.web.shared.api_version import API_VERSION, BASE
from knelpunt.web.shared.open_data import dcat
from knelpunt.web.shared.open_data.dcat import Described, File, Linked
from knelpunt.web.shared.open_data.json_files import CC0
from knelpunt.web.shared.open_data.schema_org import data_set, publisher
from knelpunt.web.shared.texts import lazy_gettext

Rows = Callable[[Session, str], Iterable[Mapping[str, object]]]
HOME = "/open-data"
KINDS = {
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSON", "application/jsonl"),
    "jsonld": ("JSON_LD", "application/ld+json"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
}
"""Of each form: its name in the European list of file types, and its media type."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set. ``rows`` gives all of it, as its ``columns``, for the address of this site.

    ``first`` gives the first day that it is about. ``now`` are the forms in which it is sent while it is read;
    ``parts`` describes data sets of which it is the whole, such as the quarters.
    """

    name: str
    title: str
    text: str
    keywords: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    rows: Rows
    landing: str
    now: tuple[str, ...] = ()
    first: Callable[[Session], date | None] | None = None
    parts: Callable[[Session], list[Linked]] | None = None

    @property
    def heads(self) -> list[str]:
        return [name for name, _meaning in self.columns]


def all_data_sets() -> tuple[DataSet, ...]:
    """Every data set of the site, as the application put them together."""
    return cast(tuple[DataSet, ...], current_app.config["DATA_SETS"])


def catalogue(session: Session, files: Mapping[str, list[File]]) -> Linked:
    """The catalogue of all data sets.

    Args:
        files: those that were made, by the name of their data set.
    """
    base: str = current_app.config["LINKS"].base_url
    agent = dcat.agent(session)
    found = []
    for one in all_data_sets():
        made = files.get(one.name, [])
        told = Described(
            address=f"{base}{HOME}#{one.name}",
            title=str(one.title),
            text=str(one.text),
            landing=f"{base}{one.landing}",
            columns=f"{base}{HOME}",
            keywords=one.keywords,
            first=one.first(session) if one.first else None,
            modified=max((file.issued for file in made if file.issued), default=None),
            version=f"{FORMAT}.0",
            frequency="QUARTERLY" if one.parts else "DAILY",
        )
        live = [File(f"{base}{HOME}/{one.name}.{form}", f"{one.title}, nu ({form})", *KINDS[form]) for form in one.now]
        if made or live:
            found.append(dcat.data_set(told, [*made, *live], agent))
        found += one.parts(session) if one.parts else []
    return dcat.catalogue(
        f"{base}{HOME}#catalogus",
        f"{base}{HOME}",
        "Open data van het loket Knelpunt",
        "Alles wat hier openbaar is over regels die een goed plan voor een buurt tegenhouden.",
        agent,
        found,
        [_api(base, agent, found)],
    )


def _api(base: str, agent: Linked, found: Iterable[Linked]) -> Linked:
    """The API, by which each of these data sets can be asked."""
    told = dcat.Service(
        address=f"{base}{HOME}#api",
        title="API van het loket Knelpunt",
        text="Wat hier openbaar is, met filters en per stuk. Zonder sleutel, met een grens aan het aantal vragen.",
        endpoint=f"{base}{BASE}",
        contract=f"{base}{BASE}/openapi.json",
        page=f"{base}/ontwikkelaars",
        keywords=("API", "regelgeving", "OpenAPI"),
        version=API_VERSION,
    )
    return dcat.service(told, agent, [each["@id"] for each in found])


def as_schema_org(files: Mapping[str, list[File]], base: str) -> list[Linked]:
    """The same data sets in the words of search engines: the catalogue first."""
    found = [_schema_org(one, files.get(one.name, []), base) for one in all_data_sets()]
    whole = {
        "@type": "DataCatalog",
        "@id": f"{base}{HOME}#catalogus",
        "name": "Open data",
        "publisher": publisher(base),
        "license": CC0,
        "dataset": [{"@id": each["@id"]} for each in found],
    }
    return [whole, *found]


def _schema_org(one: DataSet, made: list[File], base: str) -> Linked:
    live = [(f"{base}{HOME}/{one.name}.{form}", KINDS[form][1]) for form in one.now]
    return data_set(
        f"{base}{HOME}#{one.name}",
        str(one.title),
        str(one.text),
        [*((file.address, file.media_type) for file in made), *live],
        base,
        url=f"{base}{one.landing}",
        keywords=list(one.keywords),
    )


def made_files(found: Iterable[OpenDataFile]) -> dict[str, list[File]]:
    """The newest file of each data set and form, as the catalogue describes it."""
    base: str = current_app.config["LINKS"].base_url
    return {
        name: [
            File(
                address=f"{base}{HOME}/versies/{file.name}",
                title=file.name,
                form=KINDS[file.form][0],
                media_type=KINDS[file.form][1],
                size=file.size,
                sha256=file.sha256,
                issued=file.made_on,
                compressed_as="application/gzip" if file.name.endswith(".gz") else None,
            )
            for file in of_one
        ]
        for name, of_one in newest_of_each(found).items()
    }


FORMAT = 1
"""The version of the columns of all files. A column that changes or goes makes a new one; a new column does not."""
CHANGES: tuple[tuple[int, date, str], ...] = (
    (
        1,
        date(2026, 12, 2),
        lazy_gettext("Bij een regelknelpunt en bij elk bericht staat nu ook wat er is verbeterd, achteraan."),
    ),
    (1, date(2026, 12, 2), lazy_gettext("Bij een wet staan nu ook de codes van de ministeries, achteraan.")),
    (1, date(2026, 12, 2), lazy_gettext("Er is een nieuw bestand: elke wet met haar bepalingen.")),
    (
        1,
        date(2026, 12, 2),
        lazy_gettext("Bij een provincie of een ministerie staat nu ook de code. Die kolommen staan achteraan."),
    ),
    (
        1,
        date(2026, 12, 2),
        lazy_gettext(
            "Er zijn nieuwe kolommen. Zij staan achteraan. Bij een knelpunt staan nu ook de wet, de regels en wat er "
            "is verbeterd. Bij een ruimtewijzer staat nu ook de tekst die u mag gebruiken. Er staat bij voor wie hij "
            "is, wie hem al gebruikt, en welke versies er zijn. Bij een regelknelpunt staat nu ook het nieuws."
        ),
    ),
    (
        1,
        date(2026, 12, 1),
        lazy_gettext("De eerste versie, met vijf soorten gegevens."),
    ),
)
"""What changed in the format: its version, since when, and what; the newest first."""
