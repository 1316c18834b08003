"""The ruimtewijzers: what anybody may do under the rules, with the conditions and who did it before."""

from typing import Any

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideStatus
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import Theme
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import published
from knelpunt.queries.guides.published import GuideFilter, GuidePage, GuideRow
from knelpunt.queries.public.rules import weighed_rules
from knelpunt.services.search import answers
from knelpunt.web.api.public.named import Place, Rule, Source, address, law_asked, place_coded, place_of, rule_of
from knelpunt.web.api.shared.fields import Choice as ChoiceField
from knelpunt.web.api.shared.fields import Items, Schema, choice, day, number, part, parts, text
from knelpunt.web.api.shared.paging import ListQuery, Page, counted_page, offset_in
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, typed_text
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.shared.requests.request_language import current_language

guides = Resource(
    "api_guides", "/ruimtewijzers", "Ruimtewijzers", "Vragen met een antwoord: wat de regels nu al toelaten."
)


class GuideSummary(Schema):
    """A ruimtewijzer in a list."""

    slug = text("naam", "Naam in het adres. Verandert nooit.")
    question = text("vraag", "De vraag.")
    short_answer = text("kortAntwoord", "Het antwoord in het kort.")
    theme = choice("thema", Theme, "Waar het over gaat.")
    room_type = choice("ruimte", RoomType, "De soort ruimte.")
    confidence = choice("zekerheid", Confidence, "Hoe zeker wij van de tekst zijn.")
    status = choice("stand", GuideStatus, "Of de tekst nog staat, opnieuw wordt bekeken of is vervallen.")
    published_on = day("openbaarSinds", "Dag waarop deze versie openbaar werd.")
    page = text("adres", "Adres van de pagina.")


class Example(Schema):
    """Where somebody did it before, by an open source."""

    place = text("plek", "De plek of het project.")
    municipality = part("gemeente", Place, "De gemeente. Leeg (null) als de bron die niet noemt.", nullable=True)
    year = text("jaar", "Het jaar. Leeg als dat niet bekend is.")
    what = text("wat", "Wat er gebeurde.")
    outcome = choice("afloop", ClaimOutcome, "Hoe het afliep. Leeg (null) als dat niet bekend is.", nullable=True)
    url = text("adres", "Adres van de bron.", nullable=True)


class Use(Schema):
    """A municipality that uses the ruimtewijzer."""

    place = part("gemeente", Place, "De gemeente.", nullable=True)
    claimed_on = day("gemeldOp", "Dag waarop zij dat zei.")
    outcome = choice("afloop", ClaimOutcome, "Hoe het afliep. Leeg (null) als dat niet bekend is.", nullable=True)


class Version(Schema):
    """A version that was published."""

    number = number("versie", "Nummer van de versie.")
    published_on = day("openbaarSinds", "Dag waarop deze versie openbaar werd.")


class Guide(GuideSummary):
    """A ruimtewijzer."""

    room = text("ruimteTekst", "Welke ruimte de regels geven.")
    conditions = text("voorwaarden", "Onder welke voorwaarden.")
    who_decides = text("wieBeslist", "Wie beslist.")
    model_text = text("modeltekst", "Een tekst om over te nemen.")
    audiences = Items(
        ChoiceField(GuideAudience, by_value=True), data_key="voor", metadata={"description": "Voor wie het is."}
    )
    confidence_note = text("zekerheidUitleg", "Waarom wij zo zeker zijn.")
    valid_from = day("geldtVanaf", "Eerste dag. Leeg (null) als die er niet is.", nullable=True)
    valid_to = day("geldtTotEnMet", "Laatste dag. Leeg (null) als die er niet is.", nullable=True)
    expired_on = day("vervallenOp", "Dag waarop de tekst verviel.", nullable=True)
    number = number("versie", "Nummer van deze versie.")
    reviewed_on = day(
        "juridischGetoetstOp", "Dag waarop een jurist de tekst las. Leeg (null) als dat niet is gebeurd.", nullable=True
    )
    rules = parts("regels", Rule, "De regels waarop de tekst rust.")
    sources = parts("bronnen", Source, "De bronnen.")
    examples = parts("voorbeelden", Example, "Waar het al eens is gedaan, volgens een bron.")
    uses = parts("gebruikt", Use, "Gemeenten die zeiden dat zij dit gebruiken.")
    versions = parts("versies", Version, "Alle versies die openbaar waren.")


class GuideQuery(ListQuery):
    """What the list may be asked: the filters of the page."""

    search = text("q", "Zoekwoorden, of een vraag in gewone woorden.", longest=LONGEST_SEARCH)
    theme = choice("thema", Theme, "Waar het over gaat.")
    audience = choice("voor", GuideAudience, "Voor wie het is.")
    room_type = choice("ruimte", RoomType, "De soort ruimte.")
    law = text("wet", "Sleutel van een wet waarop de tekst rust.", longest=60)


class VersionQuery(Schema):
    """Which version is asked for."""

    number = number("versie", "Een eerdere versie. Zonder dit krijgt u de versie van nu.", least=1, most=9999)


@guides.route("")
@public
@guides.lists(GuideSummary, GuideQuery, about="Ruimtewijzers die een antwoord geven: de beste of nieuwste eerst.")
def guide_list(asked: dict[str, Any]) -> Page:
    """The guides that answer something, the best match or the newest first."""
    law = law_asked(reference(db.session), asked.get("law"))
    typed = typed_text(asked.get("search", ""))
    query = to_query(typed) if typed else None
    start = offset_in(asked)
    if "search" in asked and query is None:
        return Page([])
    _question, fitting = answers.fitting_guides(db.session, typed, current_language(), today_in_nl())
    narrowed = GuideFilter(
        words=query,
        theme=asked.get("theme"),
        law_key=law.key if law else None,
        room_type=asked.get("room_type"),
        audience=asked["audience"].value if "audience" in asked else None,
        fitting=fitting,
    )
    found = published.list_guides(db.session, narrowed, start, asked["limit"])
    return counted_page([summary_of(row) for row in found.rows], asked, found.count)


@guides.route("/<string:guide_slug>")
@public
@guides.gives(Guide, VersionQuery, about="Eén ruimtewijzer, met regels, bronnen en wie hem gebruikte.")
def guide(asked: dict[str, Any], guide_slug: str) -> dict[str, Any]:
    """One guide as it holds now, or an earlier version of it."""
    found = published.read_guide(db.session, guide_slug, asked.get("number"))
    names = reference(db.session)
    used = published.uses(db.session, found.guide_id)
    return {
        **summary_of(found),
        "room": found.room,
        "conditions": found.conditions,
        "who_decides": found.who_decides,
        "model_text": found.model_text,
        "audiences": [GuideAudience(each) for each in found.audiences],
        "confidence_note": found.confidence_note,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "expired_on": found.expired_on,
        "number": found.number,
        "reviewed_on": found.reviewed_on,
        "rules": [rule_of(each) for each in weighed_rules(db.session, found.rules)],
        "sources": found.sources,
        "examples": [
            {
                **each,
                "municipality": place_coded(names, each["municipality"]),
                "outcome": ClaimOutcome(each["outcome"]) if each["outcome"] else None,
            }
            for each in found.examples
        ],
        "uses": [
            {
                "place": place_of(names, each.municipality_id),
                "claimed_on": each.claimed_on,
                "outcome": each.outcome,
            }
            for each in used
        ],
        "versions": published.published_versions(db.session, found.guide_id),
    }


def summary_of(row: GuideRow | GuidePage) -> dict[str, Any]:
    """What a list tells of a guide."""
    return {
        "slug": row.slug,
        "question": row.question,
        "short_answer": row.short_answer,
        "theme": row.theme,
        "room_type": row.room_type,
        "confidence": row.confidence,
        "status": row.status,
        "published_on": row.published_on,
        "page": address(f"/ruimtewijzers/{row.slug}"),
    }
