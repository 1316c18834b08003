"""The certificate of what was destroyed or transferred, as the page and the PDF tell it: no names, no titles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import Disposition, Role
from knelpunt.queries.archive.lists import CategoryCount, ListedCase, ListRow
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import file_size, number

Rows = list[tuple[str, str]]

TITLES = {
    Disposition.DESTROY: "Verklaring van vernietiging",
    Disposition.TRANSFER: "Verklaring van overbrenging",
}
GROUNDS = {
    Disposition.DESTROY: "Archiefwet 1995, artikel 3 en artikel 5. Archiefbesluit 1995, artikel 8.",
    Disposition.TRANSFER: "Archiefwet 1995, artikel 12.",
}
STAYS = "Wat nodig is om te tellen, bleef. Dat zijn de dagen, de wet, het oordeel, de uitkomst en de plaats."
METHODS = {
    Disposition.DESTROY: f"De tekst, de berichten en de bijlagen zijn gewist, en de contactgegevens ook. {STAYS}",
    Disposition.TRANSFER: (
        f"Het archief kreeg de dossiers, met gegevens volgens de norm MDTO. Daarna zijn zij hier gewist. {STAYS}"
    ),
}
HASHES = (
    "Per zaak de SHA-256 over alles wat het dossier bevatte. Wie een kopie heeft, kan zo aantonen welke zaak dat is. "
    "De tekst zelf is er niet uit te lezen."
)
COUNTED_WORDS = ["berichten", "notities", "brieven", "bijlagen"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, in the order of the document."""

    title: str
    subtitle: str
    about: str
    facts: Rows
    categories: list[tuple[str, Rows]]
    heads: tuple[str, ...]
    cases: list[tuple[str, ...]]
    hashes: Rows


def certificate(
    each: ListRow, categories: Iterable[CategoryCount], cases: list[ListedCase], roles: dict[int, Role]
) -> Certificate:
    """Tell of a list that was carried out."""
    if each.done_at is None or each.digest is None:
        raise ValueError(f"list {each.id} was not carried out")
    totals = {words: sum(int(case.counts.get(words, 0)) for case in cases) for words in (*COUNTED_WORDS, "bytes")}
    facts = [
        ("Lijst", str(each.id)),
        ("Uitgevoerd op", _moment(each.done_at)),
        ("Wettelijke grond", GROUNDS[each.disposition]),
        ("Manier", METHODS[each.disposition]),
        ("Aantal zaken", number(len(cases))),
        ("Waarvan van de lijst gehaald en gebleven", number(each.taken_off)),
        *((words.capitalize(), number(totals[words])) for words in COUNTED_WORDS),
        ("Omvang van de bijlagen", file_size(totals["bytes"])),
        ("Eerst bevestigd door", _who(each.first_by_id, each.first_at, roles)),
        ("Daarna bevestigd door", _who(each.second_by_id, each.second_at, roles)),
        ("Ontvangstbewijs van het archief", each.receipt_reference or ""),
        ("Ontvangen op", _day(each.receipt_on)),
        ("Controlesom van het pakket", each.package_hash or ""),
        ("Controlesom van deze lijst", each.digest),
    ]
    return Certificate(
        title=TITLES[each.disposition],
        subtitle=f"{TITLES[each.disposition]}, lijst {each.id}",
        about=(
            f"Deze verklaring zegt van welke zaken het dossier op {_day(nl_day(each.done_at))} is weggehaald, op welke "
            "grond en hoe. Er staan geen namen in."
        ),
        facts=[(term, value) for term, value in facts if value],
        categories=[(row.name, _category(row)) for row in categories],
        heads=("Nummer", "Categorie", "Geëindigd op", "Bewaard tot", "Bijlagen"),
        cases=[
            (
                case.reference,
                case.category,
                _day(case.ended_on),
                _day(case.action_on),
                number(int(case.counts.get("bijlagen", 0))),
            )
            for case in cases
        ],
        hashes=[(case.reference, case.digest or "") for case in cases],
    )


def pdf_data(told: Certificate) -> dict[str, Any]:
    """The same for the typst source, ready to be JSON."""
    return {
        "title": told.title,
        "subtitle": told.subtitle,
        "about": [told.about],
        "parts": [
            {"title": "Wat, waarom en door wie", "rows": told.facts},
            *({"title": f"Categorie: {name}", "rows": rows} for name, rows in told.categories),
        ],
        "cases": {"title": "De zaken", "heads": told.heads, "rows": told.cases},
        "hashes": {
            "title": "Controlesommen",
            "about": HASHES,
            "rows": told.hashes,
        },
    }


def _category(row: CategoryCount) -> Rows:
    checked = _day(row.source_checked_on) if row.source_checked_on else "niet"
    return [
        ("Wat eronder valt", row.holds),
        ("Termijn", f"{row.years} jaar"),
        ("Bron", row.source),
        ("Bron nagelezen op", checked),
        ("Aantal zaken", number(row.cases)),
        ("Geëindigd", f"van {_day(row.first_ended_on)} tot en met {_day(row.last_ended_on)}"),
        ("Openbare tekst", "blijft staan" if row.public_text_stays else "is ook weggehaald"),
    ]


def _who(account_id: int | None, at: datetime | None, roles: dict[int, Role]) -> str:
    if account_id is None or at is None:
        return ""
    return f"{label(roles[account_id])}, account {account_id}, op {_moment(at)}"


def _moment(at: datetime) -> str:
    return f"{date_in_words(nl_day(at))}, {at.astimezone(AMSTERDAM):%H.%M} uur"


def _day(day: date | None) -> str:
    return date_in_words(day) if day is not None else ""
