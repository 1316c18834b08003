"""What catalogues and harvesters read about a quarter: DCAT-AP-NL as JSON-LD, and the Woo's metadata in a map of the
documents (https://standaarden.overheid.nl/diwoo/metadata)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Response, current_app
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.edition import Edition, finding, text_of
from knelpunt.domain.figures.letter import DOCUMENT_TITLE
from knelpunt.domain.figures.sealing import FileStatus, digest
from knelpunt.domain.figures.writing import WrittenSection
from knelpunt.extensions import db
from knelpunt.models import QuarterFile
from knelpunt.queries.figures.corrections import PublicEdition, public_editions
from knelpunt.queries.figures.editions import files_of, made_forms
from knelpunt.web.reporting.public.texts import all_presented
from knelpunt.web.shared.open_data import dcat, schema_org
from knelpunt.web.shared.open_data.dcat import Described, File, Linked
from knelpunt.web.shared.pages.csv_files import CSV_MEDIA_TYPE
from knelpunt.web.shared.pages.feeds import xml_answer

FILE_TYPES = {"pdf": "PDF", "odt": "ODT", "docx": "DOCX", "ods": "ODS", "csv": "CSV", "json": "JSON"}
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": CSV_MEDIA_TYPE,
    "json": "application/json",
    "jsonld": "application/ld+json",
}
QUARTERS_OF_YEAR = 4
KERN = "https://identifier.overheid.nl/tooi/def/thes/kern"
PARLIAMENTARY = (f"{KERN}/c_c76862ab", "vergaderstukken Staten-Generaal")
OWN_ACCORD = (f"{KERN}/c_816e508d", "inspanningsverplichting art 3.1 Woo")
ADOPTED = (f"{KERN}/c_641ecd76", "vaststelling")


def source_of(edition: Edition, sections: tuple[WrittenSection, ...]) -> str:
    """The digest of all that a form is made from."""
    return digest(f"{text_of(edition)}\n{sections!r}")


def data_sets(session: Session) -> list[Linked]:
    """Every public quarter as a data set of its own, the newest first."""
    publisher, made = dcat.agent(session), made_forms(session)
    editions = {each.public.quarter: each.edition for each in public_editions(session)}
    texts = all_presented(session, {quarter: edition for quarter, edition in editions.items() if quarter in made})
    found = []
    for quarter, edition in editions.items():
        sections = texts[quarter].sections if quarter in texts else ()
        found.append(_data_set(edition, publisher, _given_out(edition, sections, made.get(quarter, {}))))
    return found


def data_set(edition: Edition, sections: tuple[WrittenSection, ...]) -> Linked:
    """One quarter or year with its files, as a data set of DCAT-AP-NL."""
    files = {} if edition.is_year else files_of(db.session, Quarter.parse(edition.period))
    return _data_set(edition, dcat.agent(db.session), _given_out(edition, sections, files))


def _given_out(
    edition: Edition, sections: tuple[WrittenSection, ...], files: Mapping[str, QuarterFile]
) -> dict[str, QuarterFile]:
    """The files that are given out as they are: made from what is public now."""
    if not files:
        return {}
    source = source_of(edition, sections)
    return {form: file for form, file in files.items() if file.status is FileStatus.READY and file.source == source}


def as_schema_org(edition: Edition) -> Linked:
    """The same in the words of search engines, for the page of the quarter or year."""
    base = current_app.config["LINKS"].base_url
    address, (headline, told) = f"{base}/kwartalen/{edition.period}", finding(edition)
    return schema_org.data_set(
        f"{address}#cijfers",
        f"{DOCUMENT_TITLE}, {edition.title}",
        f"{headline}. {told}",
        [(f"{address}/bericht.{form}", MEDIA_TYPES[form].partition(";")[0]) for form in FILE_TYPES],
        base,
        url=address,
        temporalCoverage=f"{edition.first.isoformat()}/{edition.until.isoformat()}",
        spatialCoverage={"@type": "Country", "name": "Nederland", "identifier": "NL"},
        inLanguage="nl",
        **({"datePublished": edition.sealed_on.isoformat()} if edition.sealed_on else {}),
    )


def _series(publisher: Linked) -> Linked:
    """What the quarters are together."""
    return dcat.series(
        current_app.config["LINKS"].to("/kwartalen#reeks"),
        "Knelpunten in regels, per kwartaal",
        "Cijfers voor de Tweede Kamer over regels die leefbaarheidsprojecten tegenhouden.",
        publisher,
    )


def _data_set(edition: Edition, publisher: Linked, made: Mapping[str, QuarterFile]) -> Linked:
    to = current_app.config["LINKS"].to
    address = to(f"/kwartalen/{edition.period}")
    headline, told = finding(edition)
    described = Described(
        address=address,
        title=f"{DOCUMENT_TITLE}, {edition.title}",
        text=f"{headline}. {told}",
        landing=address,
        columns=to("/kwartalen/definities"),
        keywords=("kwartaalcijfers", "Tweede Kamer", "regelgeving"),
        first=edition.first,
        last=edition.until,
        issued=edition.sealed_on,
        frequency="NEVER",
        series=None if edition.is_year else _series(publisher),
    )
    return dcat.data_set(described, [_file(edition, address, form, made.get(form)) for form in FILE_TYPES], publisher)


def _file(edition: Edition, address: str, form: str, made: QuarterFile | None) -> File:
    """A form of an edition. The bytes are known of what was made, and of the one that all others are made from."""
    written = text_of(edition) if form == "json" else None
    return File(
        address=f"{address}/bericht.{form}",
        title=f"{DOCUMENT_TITLE}, {edition.title} ({FILE_TYPES[form]})",
        form=FILE_TYPES[form],
        media_type=MEDIA_TYPES[form].partition(";")[0],
        size=len(written.encode()) if written else made.size if made else None,
        sha256=digest(written) if written else made.sha256 if made else None,
        issued=edition.sealed_on,
    )


@dataclass(frozen=True, slots=True)
class WooDocument:
    """A published document as the harvester of the Woo reads it."""

    address: str
    title: str
    created_on: date
    changed_at: datetime
    adopted_at: datetime
    category: tuple[str, str]


def _years(public: Iterable[PublicEdition]) -> Iterator[WooDocument]:
    """The documents of the years of which all quarters are public; a year is not presented by itself."""
    of_year: dict[int, list[PublicEdition]] = {}
    for each in public:
        of_year.setdefault(each.public.quarter.year, []).append(each)
    for year, quarters in of_year.items():
        if len(quarters) == QUARTERS_OF_YEAR:
            yield WooDocument(
                address=current_app.config["LINKS"].to(f"/kwartalen/{year}/bericht.pdf"),
                title=f"{DOCUMENT_TITLE}, {year}",
                created_on=max(each.edition.sealed_on or each.edition.until for each in quarters),
                changed_at=max(each.public.changed_at for each in quarters),
                adopted_at=max(each.public.sealed_at for each in quarters),
                category=OWN_ACCORD,
            )


def woo_sitemap() -> Response:
    """The documents of every public quarter and year with the metadata that the Woo asks of ministries."""
    to = current_app.config["LINKS"].to
    public = public_editions(db.session)
    documents = [
        WooDocument(
            address=to(f"/kwartalen/{each.edition.period}/bericht.pdf"),
            title=f"{DOCUMENT_TITLE}, {each.edition.title}",
            created_on=each.edition.sealed_on or each.edition.until,
            changed_at=each.public.changed_at,
            adopted_at=each.public.sealed_at,
            category=PARLIAMENTARY if each.edition.paper else OWN_ACCORD,
        )
        for each in public
    ]
    documents += _years(public)
    return xml_answer(
        "reporting/public/woo.xml",
        documents=documents,
        publisher=dcat.agent(db.session),
        adopted=ADOPTED,
        file_type=f"{dcat.AUTHORITY}/file-type/PDF",
        language=f"{dcat.AUTHORITY}/language/NLD",
    )
