"""The published record as rows for other programs: the same columns in each format."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.queries.public.published import known_year
from knelpunt.queries.public.records import PublishedRecord, all_records
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("nummer", lazy_gettext("Nummer van het knelpunt. Verandert nooit.")),
    ("titel", lazy_gettext("Titel van de openbare tekst.")),
    ("vraag", lazy_gettext("De vraag, in de woorden van de openbare tekst.")),
    ("antwoord", lazy_gettext("Het antwoord.")),
    ("oordeel", lazy_gettext("Code van het oordeel, van V0 tot en met V9.")),
    ("oordeelInWoorden", lazy_gettext("Het oordeel in woorden.")),
    ("resultaat", lazy_gettext("Hoe het afliep.")),
    ("volgendeStap", lazy_gettext("Wat er daarna moet gebeuren.")),
    ("onderwerp", lazy_gettext("Het onderwerp.")),
    ("soortIndiener", lazy_gettext("Wat voor indiener het was. Nooit wie.")),
    ("gemeentecode", lazy_gettext("Code van het CBS van de gemeente waar het nu onder valt, zoals GM0193.")),
    ("gemeente", lazy_gettext("Naam van de gemeente, zoals die toen heette.")),
    ("provincie", lazy_gettext("Naam van de provincie.")),
    ("wet", lazy_gettext("De wet waar het vooral om ging.")),
    ("jaar", lazy_gettext("Jaar van de melding. Leeg als dat niet bekend is.")),
    ("gemeldOp", lazy_gettext("Dag van de melding. Leeg bij gevallen van voor dit loket.")),
    ("afgeslotenOp", lazy_gettext("Dag van het antwoord. Leeg bij gevallen van voor dit loket.")),
    ("openbaarSinds", lazy_gettext("Dag waarop de tekst openbaar werd.")),
    ("verbeterdOp", lazy_gettext("Dag waarop de tekst voor het laatst is verbeterd.")),
    ("bron", lazy_gettext("Adres van de bron, bij gevallen van voor dit loket.")),
    ("adres", lazy_gettext("Adres van de pagina.")),
    ("wetsleutel", lazy_gettext("Sleutel van de wet waar het vooral om ging. Verandert nooit.")),
    (
        "regels",
        lazy_gettext("De regels waar het om ging: in de weg of juist ruimte, welke wet en bepaling. Een lijst."),
    ),
    ("verbeteringen", lazy_gettext("Wat er aan de openbare tekst is verbeterd, en op welke dag. Een lijst.")),
    ("provinciecode", lazy_gettext("Code van de provincie, zoals PV27.")),
)
"""Name and meaning of each column; names in lowerCamelCase, as the Dutch rules for interfaces ask.

Which municipalities filed along is in the API and on the page, and in no file: one that does not join after all goes
from there at once, and a file stays as it is for thirty days (``TAKES_BACK`` in ``queries/public/files.py``).
"""

Row = dict[str, Any]


def rows(session: Session, base_url: str) -> Iterator[Row]:
    """Every public case as a row."""
    names = reference(session)
    return (_row(record, names, base_url) for record in all_records(session))


def _row(record: PublishedRecord, names: Reference, base_url: str) -> Row:
    place = names.municipalities.get(record.municipality_id) if record.municipality_id else None
    today = names.municipalities.get(names.today_of.get(place.id, place.id)) if place else None
    is_history = record.source_url is not None
    law = names.laws.get(record.main_law_id or 0)
    values: tuple[Any, ...] = (
        record.reference,
        record.title,
        record.question,
        record.answer,
        record.verdict.value,
        label(record.verdict),
        label(record.result) if record.result else None,
        record.next_step,
        label(record.theme),
        label(record.submitter_kind),
        today.code if today else None,
        record.municipality_then or (place.name if place else None),
        names.province_names[record.province_id] if record.province_id else None,
        names.law_names[record.main_law_id] if record.main_law_id else None,
        known_year(record.filed_on, record.source_url),
        None if is_history else record.filed_on.isoformat(),
        record.closed_on.isoformat() if record.closed_on and not is_history else None,
        record.published_on.isoformat(),
        record.corrected_on.isoformat() if record.corrected_on else None,
        record.source_url,
        f"{base_url}/knelpunten/{record.reference}",
        law.key if law else None,
        [_rule(each, is_history, base_url) for each in record.provisions],
        [{"op": each["on"], "wat": each["what"]} for each in record.corrections],
        names.provinces[record.province_id].code if record.province_id else None,
    )
    return {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


def _rule(recorded: dict[str, Any], is_history: bool, base_url: str) -> Row:
    """A rule as the API tells it. Of history the day is booked, not known."""
    key, title, article = recorded["law"], recorded["title"], recorded.get("article")
    return {
        "rol": recorded["role"],
        "wet": {"sleutel": key, "titel": title, "adres": f"{base_url}/wetten/{key}"},
        "bepaling": recorded.get("provision"),
        "artikel": article,
        "op": None if is_history else recorded["on_date"],
        "vindplaats": f"{title}, {article_in_words(article)}" if article else title,
    }
