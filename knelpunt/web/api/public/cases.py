"""The published cases: what the public pages show of them, and nothing of the cases themselves."""

from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.vocabulary import Result, SubmitterKind, Theme, Verdict
from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.stacking import RuleLevel
from knelpunt.queries.public import published
from knelpunt.queries.public.published import PublicCase, PublicFilter, PublicRow, known_year
from knelpunt.queries.public.rules import weighed_rules
from knelpunt.web.api.public.named import (
    Correction,
    LawName,
    Place,
    Province,
    Rule,
    address,
    corrections_of,
    in_words,
    law_asked,
    law_by_id,
    municipality_asked,
    not_known,
    place_of,
    places_named,
    province_of,
    rule_of,
)
from knelpunt.web.api.shared.fields import Schema, choice, day, number, part, parts, text, texts, words, year
from knelpunt.web.api.shared.paging import ListQuery, Page, cursor_of, place_in
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, typed_text
from knelpunt.web.shared.problems import problem
from knelpunt.web.shared.requests.access import public
from knelpunt.web.shared.rule_pairs import read_together
from knelpunt.web.shared.texts import _

cases = Resource("api_cases", "/knelpunten", "Knelpunten", "Antwoorden die iedereen mag lezen. Nooit wie iets meldde.")


class CaseSummary(Schema):
    """A published case in a list."""

    number = text("nummer", "Nummer van het knelpunt. Verandert nooit.")
    title = text("titel", "Titel van de openbare tekst.")
    question = text("vraag", "De vraag, in de woorden van de openbare tekst.")
    verdict = choice("oordeel", Verdict, "Wat er in de weg staat, als code.")
    verdict_words = text("oordeelInWoorden", "Het oordeel in woorden.")
    theme = choice("thema", Theme, "Waar het over gaat, als code.")
    submitter = choice("indiener", SubmitterKind, "Wat voor indiener het was. Nooit wie.")
    place = part("gemeente", Place, "De gemeente. Leeg (null) als die niet bekend is.", nullable=True)
    province = part("provincie", Province, "De provincie. Leeg (null) als die niet bekend is.", nullable=True)
    together = texts("gemeldMet", "Namen van andere gemeenten die meededen.")
    together_places = parts("gemeldMetGemeenten", Place, "Dezelfde gemeenten, met hun codes.")
    law = part("wet", LawName, "De wet waar het vooral om ging.", nullable=True)
    closed_on = day("afgeslotenOp", "Dag van het antwoord. Leeg (null) als die niet bekend is.", nullable=True)
    published_on = day("openbaarSinds", "Dag waarop de tekst openbaar werd.")
    source = text("bron", "Adres van de bron, bij gevallen van voor dit loket.", nullable=True)
    page = text("adres", "Adres van de pagina.")


class Case(CaseSummary):
    """A published case."""

    answer = text("antwoord", "Het antwoord.")
    result = choice("resultaat", Result, "Hoe het afliep, als code. Leeg (null) als dat niet bekend is.", nullable=True)
    result_words = text("resultaatInWoorden", "Hoe het afliep.", nullable=True)
    next_step = text("volgendeStap", "Wat er daarna moet gebeuren.", nullable=True)
    rules = parts("regels", Rule, "De regels waar het om ging.")
    law_date = day("regelsVan", "De dag waarvan de regels tellen.")
    year = number("jaar", "Jaar van de melding. Leeg (null) als dat niet bekend is.", nullable=True)
    filed_on = day("gemeldOp", "Dag van de melding. Leeg (null) bij gevallen van voor dit loket.", nullable=True)
    corrections = parts("verbeteringen", Correction, "Wat er aan de tekst is verbeterd.")


class CaseQuery(ListQuery):
    """What the list may be asked: the filters of the page."""

    search = text("q", "Zoekwoorden.", longest=LONGEST_SEARCH)
    outcome = words("uitkomst", ["alle"], "Ook knelpunten zonder antwoord.")
    theme = choice("thema", Theme, "Waar het over gaat.")
    submitter = choice("indiener", SubmitterKind, "Wat voor indiener het was.")
    verdict = choice("oordeel", Verdict, "Wat er in de weg staat.")
    province = text("provincie", "Code van de provincie.", longest=10)
    place = text("gemeente", "Code van het CBS, zoals GM0363. Ook voor wat daarin is opgegaan.", longest=10)
    law = text("wet", "Sleutel van de wet waar het vooral om ging.", longest=60)
    laws = text("wetten", "Twee sleutels van wetten met ~ ertussen: knelpunten die beide noemen.", longest=130)
    provisions = text("bepalingen", "Hetzelfde voor twee bepalingen.", longest=130)
    first = year("vanaf", "Gemeld vanaf dit jaar.")
    last = year("tot", "Gemeld tot en met dit jaar.")


@cases.route("")
@public
@cases.lists(CaseSummary, CaseQuery, about="Openbare knelpunten met een antwoord, het nieuwste eerst.")
def case_list(asked: dict[str, Any]) -> Page:
    """Published cases that were answered, the latest first."""
    names = reference(db.session)
    narrowed = narrowed_to(asked, names)
    after = place_in(asked.get("cursor"), lambda place: place if published.read_cursor(place) else None)
    if narrowed is None:
        return Page([])
    found = published.published_cases(db.session, narrowed, after=after, most=asked["limit"])
    following = cursor_of(found.after) if found.after else None
    return Page([summary_of(row, names) for row in found.rows], following)


def narrowed_to(asked: dict[str, Any], names: Reference) -> PublicFilter | None:
    """The filter of the page; None when the words to search with hold none that can be found."""
    typed = typed_text(asked.get("search", ""))
    query = to_query(typed) if typed else None
    if "search" in asked and query is None:
        return None
    province = asked.get("province")
    provinces = {row.code: row.id for row in names.provinces.values()}
    if province is not None and province not in provinces:
        raise not_known("provincie")
    place = municipality_asked(names, asked.get("place"))
    law = law_asked(names, asked.get("law"))
    together = read_together(request.args)
    for name, level in (("laws", RuleLevel.LAWS), ("provisions", RuleLevel.PROVISIONS)):
        if name in asked and (together is None or together.level is not level):
            raise not_known(level.value)
    verdict, first, last = asked.get("verdict"), asked.get("first"), asked.get("last")
    return PublicFilter(
        answered=None if asked.get("outcome") or together or verdict is Verdict.UNDECIDED else True,
        words=query,
        theme=asked.get("theme"),
        submitter_kind=asked.get("submitter"),
        verdict=verdict,
        province_id=provinces[province] if province else None,
        **names.places_of(names.today_of.get(place.id, place.id) if place else None),
        law_id=law.id if law else None,
        together=tuple({together.entry: key} for key in together.keys) if together else None,
        filed_from=date(first, 1, 1) if first else None,
        filed_to=date(last, 12, 31) if last else None,
    )


@cases.route("/<string:reference_number>")
@public
@cases.gives(Case, about="Eén openbaar knelpunt met zijn antwoord.", errors=(410,))
def case(reference_number: str) -> dict[str, Any] | ResponseReturnValue:
    """One published case; 410 with the reason for one that was withdrawn."""
    found = published.published_case(db.session, reference_number)
    if found.withdrawn_on is not None:
        return problem(410, found.withdrawn_reason or _("Deze tekst is weggehaald."))
    names = reference(db.session)
    is_history = found.source_url is not None
    return {
        **summary_of(found, names),
        "answer": found.answer,
        "result": found.result,
        "result_words": in_words(found.result),
        "next_step": found.next_step,
        "rules": [rule_of(each) for each in weighed_rules(db.session, found.provisions)],
        "law_date": found.law_date,
        "year": known_year(found.filed_on, found.source_url),
        "filed_on": None if is_history else found.filed_on,
        "corrections": corrections_of(found.corrections),
    }


def summary_of(row: PublicRow | PublicCase, names: Reference) -> dict[str, Any]:
    """What a list tells of a case. Of history the days are booked, not known, and so left out."""
    return {
        "number": row.reference,
        "title": row.title,
        "question": row.question,
        "verdict": row.verdict,
        "verdict_words": in_words(row.verdict),
        "theme": row.theme,
        "submitter": row.submitter_kind,
        "place": place_of(names, row.municipality_id, row.municipality_then),
        "province": province_of(names, row.province_id),
        "together": row.joined_municipalities,
        "together_places": places_named(names, row.joined_municipalities),
        "law": law_by_id(names, row.main_law_id),
        "closed_on": None if row.source_url else row.closed_on,
        "published_on": row.published_on,
        "source": row.source_url,
        "page": address(f"/knelpunten/{row.reference}"),
    }
