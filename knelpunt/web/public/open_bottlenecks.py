"""The rule bottlenecks as rows for other programs: the same columns in each format."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.queries.bottlenecks.news import NewsItem
from knelpunt.queries.bottlenecks.records import BottleneckRecord, RuleOf, records
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("nummer", lazy_gettext("Nummer van het regelknelpunt. Verandert nooit.")),
    ("titel", lazy_gettext("De regel en wat er knelt, in een zin.")),
    ("watKnelt", lazy_gettext("Wat er knelt.")),
    ("staat", lazy_gettext("Waar het nu staat, als vaste code.")),
    ("staatInWoorden", lazy_gettext("Waar het nu staat.")),
    ("staatSinds", lazy_gettext("Dag waarop het daar kwam.")),
    ("wachtOp", lazy_gettext("Waar het nu op wacht. Leeg als dat niet is gezegd.")),
    ("keuze", lazy_gettext("Wat er gaat gebeuren. Leeg als dat nog niet is gekozen.")),
    ("waaromDezeKeuze", lazy_gettext("Waarom daarvoor is gekozen.")),
    ("ministerie", lazy_gettext("Het ministerie dat over de regel gaat. Leeg als dat nog niet bekend is.")),
    ("projecten", lazy_gettext("Gewicht: hoeveel projecten tegen de regel aanlopen.")),
    ("gemeenten", lazy_gettext("Gewicht: in hoeveel gemeenten dat is.")),
    ("bepalingen", lazy_gettext("De regels waar het om gaat, en wat elke regel doet. In JSON is dit een lijst.")),
    ("gesignaleerdOp", lazy_gettext("Dag waarop het regelknelpunt is gemeld.")),
    ("laatsteNieuwsOp", lazy_gettext("Dag van het laatste nieuws.")),
    ("nieuwsUiterlijkOp", lazy_gettext("Dag waarop er weer nieuws moet zijn. Leeg als er geen nieuws meer komt.")),
    ("reagerenTotEnMet", lazy_gettext("Laatste dag om te reageren in een consultatie.")),
    ("inWerkingSinds", lazy_gettext("Dag vanaf wanneer de regel is veranderd.")),
    ("erratumOp", lazy_gettext("Dag van het laatste erratum: toen bleek dat de regel toch niet was veranderd.")),
    ("gaatVerderIn", lazy_gettext("Nummer van het regelknelpunt waarmee dit is samengevoegd.")),
    ("adres", lazy_gettext("Adres van de pagina.")),
    (
        "nieuws",
        lazy_gettext("Elk bericht, met de dag, de bron en wat er later is verbeterd. Het nieuwste eerst. Een lijst."),
    ),
    ("ministeriecode", lazy_gettext("Code van het ministerie in TOOI, de lijst van overheden.")),
    ("verbeteringen", lazy_gettext("Wat er aan de openbare tekst is verbeterd, en op welke dag. Een lijst.")),
)
"""Name and meaning of each column; names in lowerCamelCase, as the Dutch rules for interfaces ask."""

Row = dict[str, Any]


def rows(session: Session, base_url: str) -> Iterator[Row]:
    """Every rule bottleneck as a row."""
    names = reference(session)
    return (_row(record, rules, news, names, base_url) for record, rules, news in records(session))


def _row(
    record: BottleneckRecord, rules: tuple[RuleOf, ...], news: tuple[NewsItem, ...], names: Reference, base_url: str
) -> Row:
    values: tuple[Any, ...] = (
        record.reference,
        record.title,
        record.problem,
        record.status.value,
        label(record.status),
        record.since.isoformat(),
        record.waiting_for,
        label(record.choice) if record.choice else None,
        record.choice_reason,
        names.ministry_names[record.ministry_id] if record.ministry_id else None,
        record.projects,
        record.municipalities,
        [_rule_in_words(rule) for rule in rules],
        record.signalled_on.isoformat(),
        *(
            day.isoformat() if day else None
            for day in (
                record.last_news_on,
                record.news_due_on,
                record.consultation_until,
                record.in_force_on,
                record.erratum_on,
            )
        ),
        record.merged_into,
        f"{base_url}/regelknelpunten/{record.reference}",
        [_news(each) for each in news],
        names.organisation_code(record.ministry_id),
        _corrections(record.corrections),
    )
    return {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


def _rule_in_words(rule: RuleOf) -> str:
    return f"{rule.law_title}, {article_in_words(rule.article)}, {rule.instrument} ({label(rule.role).lower()})"


def _news(told: NewsItem) -> Row:
    return {
        "op": told.on_day.isoformat(),
        "staat": told.status.value,
        "tekst": told.body,
        "bron": told.source_url,
        "stap": told.moved,
        "erratum": told.is_erratum,
        "teruggenomenOp": told.taken_back_on.isoformat() if told.taken_back_on else None,
        "verbeteringen": _corrections(told.corrections),
    }


def _corrections(kept: list[dict[str, str]]) -> list[Row]:
    return [{"op": each["on"], "wat": each["what"]} for each in kept]
