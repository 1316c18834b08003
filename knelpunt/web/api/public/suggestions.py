"""Suggestions for a text: which rules it may be about. Nothing of the text is kept, in no table and in no log."""

from typing import Any

from flask import request

from knelpunt.domain.accounts import network_of
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.results import Sureness
from knelpunt.domain.vocabulary import AssessmentRole, SubmitterKind
from knelpunt.extensions import db
from knelpunt.services.search import answers
from knelpunt.services.suggestions.desk import for_anybody
from knelpunt.web.api.public.guides import GuideSummary, summary_of
from knelpunt.web.api.public.named import LawName, law_name
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, part, parts, text, texts
from knelpunt.web.api.shared.limits import limit
from knelpunt.web.api.shared.resources import JSON, Resource
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.shared.requests.bodies import takes
from knelpunt.web.shared.requests.request_language import current_language

suggestions = Resource(
    "api_suggestions", "/suggesties", "Suggesties", "Welke regels bij een tekst kunnen horen. Wij bewaren niets."
)
LONGEST = 4000
A_MINUTE = 20
"""So many texts from one address: reading one costs more than reading a page."""
MOST_LAWS = 5


class Asked(Schema):
    """A text to find rules for."""

    title = text("titel", "Een titel.", longest=200, load_default="")
    text = text("tekst", "Wat er speelt, in gewone woorden. Zet er geen namen in.", longest=LONGEST, required=True)
    on = day("op", "De dag waarvan de regels tellen. Zonder dit is dat vandaag.")
    submitter = choice("indiener", SubmitterKind, "Wie het meldt.")


class SuggestedSituation(Schema):
    """A situation that the text may tell of."""

    key = text("sleutel", "Sleutel van de situatie.")
    title = text("titel", "De situatie.")
    is_whole = flag("volledig", "Of alle feiten die erbij horen in de tekst staan.")
    words = texts("woorden", "De woorden van de tekst waaraan wij haar herkenden.")
    asks = texts("vragen", "Wat u nog kunt nagaan.")


class SuggestedLawAnswer(LawName):
    """A law that the text may be about."""

    sureness = choice("zekerheid", Sureness, "Hoe goed de wet past. Dit is geen gemeten kans.")
    standing = choice("stand", Standing, "Of de wet op die dag gold.")
    words = texts("woorden", "De woorden van de tekst die bij de wet passen.")


class SuggestedProvisionAnswer(Schema):
    """A provision that may block or offer room."""

    key = text("sleutel", "Sleutel van de bepaling.")
    law = part("wet", LawName, "De wet.")
    article = text("artikel", "Het artikel.")
    instrument = text("instrument", "Wat de bepaling is of doet.")
    role = choice("rol", AssessmentRole, "Of de bepaling in de weg kan staan of ruimte kan geven.")
    standing = choice("stand", Standing, "Of de bepaling op die dag gold.")
    words = texts("woorden", "De woorden van de tekst die bij de bepaling passen.")
    situation = text("situatie", "Sleutel van de situatie waarbij zij hoort.", nullable=True)


class Suggested(Schema):
    """What may be at stake. Suggestions are no facts: a person decides."""

    on = day("op", "De dag waarvan de regels tellen.")
    is_sure = flag("zeker", "Of de tekst genoeg vertelt.")
    situations = parts("situaties", SuggestedSituation, "Situaties waar de tekst van kan vertellen.")
    laws = parts("wetten", SuggestedLawAnswer, "Wetten waar de tekst over kan gaan, de beste eerst.")
    provisions = parts("bepalingen", SuggestedProvisionAnswer, "Bepalingen die erbij kunnen horen, de beste eerst.")
    guides = parts("ruimtewijzers", GuideSummary, "Ruimtewijzers die de vraag kunnen beantwoorden.")
    asks = texts("vragen", "Wat de tekst nog niet vertelt.")


@suggestions.route("", methods=["POST"])
@public
@takes(JSON)
@suggestions.reads(Asked)
@suggestions.gives(
    Suggested, about="Suggesties bij een tekst. Een suggestie is geen feit.", errors=(413, 415), has_mark=False
)
def suggest(asked: dict[str, Any]) -> dict[str, Any]:
    """Rules that a text may be about; nothing is kept."""
    limit("suggestions", network_of(request.remote_addr or ""), A_MINUTE)
    on = asked.get("on") or today_in_nl()
    question = Question(asked["title"], asked["text"], on, on, asked.get("submitter"))
    found = for_anybody(db.session, question)
    answer = answers.answer(db.session, f"{asked['title']}\n{asked['text']}", current_language(), today_in_nl())
    titles = {entry.key: entry.citation_title for law in found.laws for entry in law.laws}
    return {
        "on": on,
        "is_sure": found.is_sure,
        "situations": [
            {
                "key": each.key,
                "title": each.situation.title,
                "is_whole": each.is_whole,
                "words": each.words,
                "asks": each.asks,
            }
            for each in found.situations
        ],
        "laws": [
            {
                **law_name(each.laws[0].key, each.laws[0].citation_title),
                "sureness": each.sureness,
                "standing": each.standing,
                "words": each.words,
            }
            for each in found.likely[:MOST_LAWS]
        ],
        "provisions": [
            {
                "key": each.key,
                "law": law_name(each.entry.law_key, titles.get(each.entry.law_key, each.entry.law_key)),
                "article": each.entry.article,
                "instrument": each.entry.instrument,
                "role": each.role,
                "standing": each.standing,
                "words": each.words,
                "situation": each.situation,
            }
            for each in found.first
        ],
        "guides": [summary_of(row) for row in answer.guides],
        "asks": found.asks,
    }
