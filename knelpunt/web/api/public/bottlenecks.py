"""The rule bottlenecks: which rule stands in the way of many, how far it is on its track, and what it waits for."""

from dataclasses import asdict
from typing import Any

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus, Place, way
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks import cases, news
from knelpunt.queries.bottlenecks.bottlenecks import (
    BottleneckFacts,
    BottleneckFilter,
    BottleneckOrder,
    BottleneckRow,
    Phase,
)
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.laws.catalogue import provision_on
from knelpunt.web.api.public.named import (
    Correction,
    LawName,
    Ministry,
    ProvisionName,
    address,
    corrections_of,
    in_words,
    law_asked,
    law_name,
    ministry_name,
    not_known,
    provision_name,
)
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, number, part, parts, text
from knelpunt.web.api.shared.paging import ListQuery, Page, counted_page, offset_in
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, typed_text
from knelpunt.web.shared.requests.access import public, today_in_nl

bottlenecks = Resource(
    "api_bottlenecks", "/regelknelpunten", "Regelknelpunten", "Regels die veel projecten tegenhouden, en hun weg."
)


class BottleneckSummary(Schema):
    """A rule bottleneck in a list."""

    reference = text("nummer", "Nummer van het regelknelpunt. Verandert nooit.")
    title = text("titel", "De regel en wat er knelt, in een zin.")
    problem = text("watKnelt", "Wat er knelt.")
    status = choice("staat", BottleneckStatus, "Waar het nu staat, als code.")
    status_words = text("staatInWoorden", "Waar het nu staat.")
    chosen = choice(
        "keuze", BottleneckChoice, "Wat er gaat gebeuren. Leeg (null) als dat nog niet is gekozen.", nullable=True
    )
    waiting_for = text("wachtOp", "Waar het nu op wacht. Leeg (null) als dat niet is gezegd.", nullable=True)
    ministry = part("ministerie", Ministry, "Het ministerie dat over de regel gaat.", nullable=True)
    projects = number("projecten", "Gewicht: hoeveel projecten tegen de regel aanlopen.")
    municipalities = number("gemeenten", "Gewicht: in hoeveel gemeenten dat is.")
    signalled_on = day("gesignaleerdOp", "Dag waarop het is gemeld.")
    news_due_on = day(
        "nieuwsUiterlijkOp", "Dag waarop er weer nieuws moet zijn. Leeg (null) als dat niet meer komt.", nullable=True
    )
    in_force_on = day("inWerkingSinds", "Dag vanaf wanneer de regel is veranderd.", nullable=True)
    page = text("adres", "Adres van de pagina.")


class Station(Schema):
    """A station of the track."""

    status = choice("staat", BottleneckStatus, "Het station, als code.")
    words = text("inWoorden", "Het station.")
    is_done = flag("geweest", "Of het regelknelpunt hier voorbij is.")
    is_now = flag("hier", "Of het regelknelpunt nu hier is.")


class News(Schema):
    """A public message."""

    on_day = day("op", "Dag van het bericht.")
    status = choice("staat", BottleneckStatus, "Waar het toen stond.")
    body = text("tekst", "Het bericht.")
    source_url = text("bron", "Adres van de bron.", nullable=True)
    moved = flag("stap", "Of er met dit bericht een stap is gezet.")
    is_erratum = flag("erratum", "Of dit een erratum is.")
    taken_back_on = day("teruggenomenOp", "Dag van het erratum dat dit bericht terugneemt.", nullable=True)
    corrections = parts("verbeteringen", Correction, "Wat er aan dit bericht is verbeterd.")


class LinkedRule(Schema):
    """A provision under a rule bottleneck."""

    key = text("sleutel", "Sleutel van de bepaling.")
    law = part("wet", LawName, "De wet.")
    article = text("artikel", "Het artikel.")
    instrument = text("instrument", "Wat de bepaling is of doet.")
    role = choice("rol", AssessmentRole, "Of de regel in de weg staat of ruimte biedt.")


class CaseUnder(Schema):
    """A published case under a rule bottleneck."""

    number = text("nummer", "Nummer van het knelpunt.")
    title = text("titel", "Titel van de openbare tekst.")


class Bottleneck(BottleneckSummary):
    """A rule bottleneck with its track."""

    choice_reason = text("waaromDezeKeuze", "Waarom daarvoor is gekozen.", nullable=True)
    consultation_until = day("reagerenTotEnMet", "Laatste dag om te reageren in een consultatie.", nullable=True)
    merged_into = text("gaatVerderIn", "Nummer van het regelknelpunt waarmee dit is samengevoegd.", nullable=True)
    corrections = parts("verbeteringen", Correction, "Wat er aan de teksten is verbeterd.")
    track = parts("weg", Station, "De stations, in volgorde. Voor de keuze is de rest van de weg niet bekend.")
    news = parts("nieuws", News, "De laatste berichten, het nieuwste eerst.")
    rules = parts("bepalingen", LinkedRule, "De regels waar het om gaat.")
    solved_by = part("opgelostDoor", ProvisionName, "De bepaling die nu ruimte geeft.", nullable=True)
    cases = parts("knelpunten", CaseUnder, "De laatste openbare knelpunten die eronder vallen.")


class BottleneckQuery(ListQuery):
    """What the list may be asked: the filters of the page."""

    search = text("q", "Zoekwoorden.", longest=LONGEST_SEARCH)
    phase = choice("stand", Phase, "Hoe ver het is.")
    law = text("wet", "Sleutel van de wet.", longest=60)
    ministry = text("ministerie", "Code van het ministerie in TOOI.", longest=20)
    order = choice("volgorde", BottleneckOrder, "De volgorde.", load_default=BottleneckOrder.RECENT)


@bottlenecks.route("")
@public
@bottlenecks.lists(BottleneckSummary, BottleneckQuery, about="Alle regelknelpunten, wat het laatst veranderde eerst.")
def bottleneck_list(asked: dict[str, Any]) -> Page:
    """All rule bottlenecks, the latest news first."""
    names = reference(db.session)
    typed = typed_text(asked.get("search", ""))
    query = to_query(typed) if typed else None
    law = law_asked(names, asked.get("law"))
    ministries = {row.code: row.id for row in names.ministries.values() if row.code}
    ministry = asked.get("ministry")
    if ministry is not None and ministry not in ministries:
        raise not_known("ministerie")
    start = offset_in(asked)
    if "search" in asked and query is None:
        return Page([])
    wanted = BottleneckFilter(
        query, asked.get("phase"), law.id if law else None, ministries[ministry] if ministry else None
    )
    rows, total = queries.list_bottlenecks(db.session, wanted, asked["order"], start, asked["limit"])
    return counted_page([_summary(row, names) for row in rows], asked, total)


@bottlenecks.route("/<string:bottleneck_number>")
@public
@bottlenecks.gives(Bottleneck, about="Eén regelknelpunt met zijn weg, nieuws en regels.")
def bottleneck(bottleneck_number: str) -> dict[str, Any]:
    """One rule bottleneck with its track."""
    found = queries.bottleneck(db.session, bottleneck_number)
    solving, told = found.solving_provision_id, news.news_of(db.session, found.id)[: news.PAGE_SIZE]
    return {
        **_summary(found, reference(db.session)),
        "choice_reason": found.choice_reason,
        "consultation_until": found.consultation_until,
        "merged_into": found.merged_into,
        "corrections": corrections_of(found.corrections),
        "track": [
            {
                "status": station,
                "words": in_words(station),
                "is_done": place is Place.DONE,
                "is_now": station is found.status,
            }
            for station, place in way(found.status, found.choice)
        ],
        "news": [{**asdict(each), "corrections": corrections_of(each.corrections)} for each in told],
        "rules": [
            {
                "key": each.key,
                "law": law_name(each.law_key, each.law_title),
                "article": each.article,
                "instrument": each.instrument,
                "role": each.role,
            }
            for each in queries.provisions_of(db.session, found)
        ],
        "solved_by": provision_name(provision_on(db.session, solving, today_in_nl())) if solving else None,
        "cases": [
            {"number": each.reference, "title": each.title}
            for each in cases.published_under(db.session, found.id)[: cases.PUBLISHED_PAGE_SIZE]
        ],
    }


def _summary(row: BottleneckRow | BottleneckFacts, names: Reference) -> dict[str, Any]:
    ministry = names.ministries.get(row.ministry_id or 0)
    return {
        "reference": row.reference,
        "title": row.title,
        "problem": row.problem,
        "status": row.status,
        "status_words": in_words(row.status),
        "chosen": row.choice,
        "waiting_for": row.waiting_for,
        "ministry": ministry_name(ministry) if ministry else None,
        "projects": row.projects,
        "municipalities": row.municipalities,
        "signalled_on": row.signalled_on,
        "news_due_on": row.news_due_on,
        "in_force_on": row.in_force_on,
        "page": address(f"/regelknelpunten/{row.reference}"),
    }
