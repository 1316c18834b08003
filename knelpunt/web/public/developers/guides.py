"""The published ruimtewijzers as rows for other programs, and as linked data."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.domain.guides.track import GuideAudience
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.guides.published import (
    GuidePage,
    PublishedVersion,
    Use,
    all_guides,
    guides_with_all,
)
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.open_data.schema_org import question_of_guide, rules_of_guide, sources_of_guide
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("adres", lazy_gettext("Adres van de ruimtewijzer. Verandert nooit.")),
    ("vraag", lazy_gettext("De vraag.")),
    ("kortAntwoord", lazy_gettext("Het antwoord in het kort.")),
    ("ruimte", lazy_gettext("Welke ruimte de regels geven.")),
    ("voorwaardenTekst", lazy_gettext("Onder welke voorwaarden.")),
    ("wieBeslist", lazy_gettext("Wie beslist.")),
    ("onderwerp", lazy_gettext("Het onderwerp.")),
    ("soortRuimte", lazy_gettext("De soort ruimte.")),
    ("stand", lazy_gettext("Of de tekst nog staat, opnieuw wordt bekeken of is vervallen.")),
    ("zekerheid", lazy_gettext("Hoe zeker wij van de tekst zijn.")),
    ("juridischGetoetstOp", lazy_gettext("Dag waarop een jurist de tekst las. Leeg als dat niet is gebeurd.")),
    ("openbaarSinds", lazy_gettext("Dag waarop deze versie openbaar werd.")),
    ("versie", lazy_gettext("Nummer van de versie.")),
    ("regels", lazy_gettext("De regels waarop de tekst rust, als adressen. Een lijst.")),
    ("bronnen", lazy_gettext("Adressen van de bronnen. Een lijst.")),
    ("modeltekst", lazy_gettext("Een tekst om over te nemen. Leeg als die er niet is.")),
    ("doelgroep", lazy_gettext("Voor wie de ruimtewijzer is. Een lijst.")),
    ("voorbeelden", lazy_gettext("Waar het al eens is gedaan, volgens een bron, en hoe het afliep. Een lijst.")),
    ("gebruik", lazy_gettext("Gemeenten die zeiden dat zij dit gebruiken, en hoe het afliep. Een lijst.")),
    ("versies", lazy_gettext("Alle versies die openbaar waren, de nieuwste eerst. Een lijst.")),
)
"""Name and meaning of each column; names in lowerCamelCase, as the Dutch rules for interfaces ask."""
CONTEXT = {"@vocab": "https://schema.org/"}
Row = dict[str, Any]


def rows(session: Session, base_url: str) -> Iterator[Row]:
    """Every ruimtewijzer that everybody may read, as a row."""
    names = reference(session)
    return (_row(guide, used, versions, names, base_url) for guide, versions, used in guides_with_all(session))


def linked(session: Session, base_url: str) -> Iterator[Row]:
    """Every ruimtewijzer as a question with its answer, based on the legislation that it names."""
    return (question_of_guide(guide, base_url) for guide in all_guides(session))


def _row(guide: GuidePage, used: list[Use], versions: list[PublishedVersion], names: Reference, base_url: str) -> Row:
    values: tuple[Any, ...] = (
        f"{base_url}/ruimtewijzers/{guide.slug}",
        guide.question,
        guide.short_answer,
        guide.room,
        guide.conditions,
        guide.who_decides,
        label(guide.theme),
        label(guide.room_type),
        label(guide.status),
        guide.confidence.value,
        guide.reviewed_on.isoformat() if guide.reviewed_on else None,
        guide.published_on.isoformat() if guide.published_on else None,
        guide.number,
        rules_of_guide(guide, base_url),
        sources_of_guide(guide),
        guide.model_text or None,
        [label(GuideAudience(each)) for each in guide.audiences],
        [_example(each, names) for each in guide.examples],
        [_use(each, names) for each in used],
        [{"versie": each.number, "openbaarSinds": each.published_on.isoformat()} for each in versions],
    )
    return {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


def _example(told: dict[str, Any], names: Reference) -> Row:
    place = next((row.id for row in names.municipalities.values() if row.code == told["municipality"]), None)
    return {
        "plek": told["place"],
        "gemeente": _place(place, names) if place else None,
        "jaar": told["year"],
        "wat": told["what"],
        "afloop": told["outcome"] or None,
        "adres": told["url"],
    }


def _use(use: Use, names: Reference) -> Row:
    return {
        "gemeente": _place(use.municipality_id, names),
        "gemeldOp": use.claimed_on.isoformat(),
        "afloop": use.outcome.value if use.outcome else None,
    }


def _place(municipality_id: int, names: Reference) -> dict[str, str]:
    row = names.municipalities[municipality_id]
    today = names.municipalities.get(names.today_of.get(row.id, row.id), row)
    return {"code": row.code, "naam": row.name, "nu": today.code}
