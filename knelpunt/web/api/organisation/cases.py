"""The cases of an organisation: filing them, how they stand, their story, and all of them at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.cases.event_words import EVENTS, told_to_partner
from knelpunt.domain.cases.turns import Turn, turn_of, waits_for_submitter
from knelpunt.domain.cases.words import facts_beside, rules_beside
from knelpunt.domain.errors import VersionConflict
from knelpunt.domain.filing.rules import FilingIncomplete
from knelpunt.domain.permissions import Actor, ApiScope
from knelpunt.domain.vocabulary import (
    AftercareAnswer,
    CaseStatus,
    ProposalStatus,
    PublicationStatus,
    ReferralStatus,
    Result,
    Theme,
    Verdict,
)
from knelpunt.extensions import db
from knelpunt.queries.cases import lists
from knelpunt.queries.cases.lists import CaseFilter, CaseOrder, CaseRow, WorkList
from knelpunt.queries.cases.submitter_page import read_page
from knelpunt.queries.cases.submitter_rows import MessageRow, OfferRow, ProposalRow, StoryEvent, SubmitterPage, TextRow
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.services.core import events
from knelpunt.services.filing import intake
from knelpunt.web.api.organisation.access import (
    ACT_ERRORS,
    ERRORS,
    client,
    context,
    endpoint,
    keyed,
    once,
    produces,
    says_where,
)
from knelpunt.web.api.organisation.drafts import NAMES, own_draft
from knelpunt.web.api.public.named import CODE
from knelpunt.web.api.shared.fields import Schema, choice, day, flag, moment, number, part, parts, text, texts
from knelpunt.web.api.shared.paging import ListQuery, Page, cursor_of, piece_of, place_in
from knelpunt.web.api.shared.resources import HEADERS, JSON, Resource
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.open_data.json_files import json_lines
from knelpunt.web.shared.pages.list_filters import LONGEST_SEARCH, typed_text
from knelpunt.web.shared.problems import Fault, problem
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.requests.bodies import takes
from knelpunt.web.shared.texts import _, said

own_cases = Resource("api_own_cases", "", "Eigen zaken", "Wat uw organisatie heeft ingediend, en hoe het ermee staat.")
JSON_LINES = "application/jsonl"


class Part(StrEnum):
    """How the organisation stands to a case."""

    FILED = "indiener"
    JOINED = "doet_mee"


class Question(Schema):
    """A question of the desk."""

    id = number("id", "Nummer van het bericht met de vraag.")
    body = text("tekst", "De vraag.")
    why = text("waarom", "Waarom het loket dit vraagt.", nullable=True)
    answer_by = day("antwoordVoor", "Tot en met welke dag u kunt antwoorden.", nullable=True)


class ProposalShown(Schema):
    """A proposal of the desk."""

    id = number("id", "Nummer van het voorstel.")
    status = choice("stand", ProposalStatus, "Hoe het voorstel ervoor staat.")
    text_ = text("tekst", "Het voorstel.")
    legal_basis = text("grondslag", "Op welke regel het rust.")
    legal_date = day("grondslagOp", "De dag waarop die regel gold.")
    conditions = text("voorwaarden", "Onder welke voorwaarden.")
    who_acts = text("wie", "Wie iets moet doen.")
    act_by = day("voor", "Voor welke dag.")
    sent_on = day("verstuurdOp", "Wanneer het is verstuurd.", nullable=True)
    reacted_on = day("reactieOp", "Wanneer u reageerde.", nullable=True)


class SharingQuestion(Schema):
    """The question whether a case may be shared."""

    id = number("id", "Nummer van de vraag.")
    organisation = text("organisatie", "Met wie het loket de melding wil delen.")
    organisation_code = text("organisatieCode", CODE, nullable=True)
    reason = text("reden", "Waarom die organisatie beter kan helpen.")
    answer_by = day("antwoordVoor", "Tot en met welke dag u kunt antwoorden.", nullable=True)


class AftercareShown(Schema):
    """The question whether the project went ahead, and the answer."""

    id = number("id", "Nummer van de vraag.")
    months = number("maanden", "Hoeveel maanden na het afsluiten de vraag kwam.")
    asked_on = day("gevraagdOp", "Wanneer het loket dit vroeg.")
    answer = choice("antwoord", AftercareAnswer, "Wat u antwoordde.", nullable=True)
    words = text("toelichting", "Wat u erbij schreef.", nullable=True)
    asks_reopening = flag("heropenen", "Of u vroeg om de zaak opnieuw te openen.")
    answered_on = day("beantwoordOp", "Wanneer u antwoordde.", nullable=True)
    settled_on = day("beslistOp", "Wanneer het loket daarover besloot. Daarna kunt u niets wijzigen.", nullable=True)


class TextShown(Schema):
    """The text that becomes public, as it will appear."""

    version = number("versie", "Versie van de tekst. Noem haar als u reageert.")
    title = text("titel", "De titel.")
    question = text("vraag", "De vraag.")
    answer = text("antwoord", "Het antwoord.")
    next_step = text("volgendeStap", "De volgende stap.", nullable=True)
    rules = texts("regels", "De regels die erbij staan, elk met wat zij doet: belemmert of biedt ruimte.")
    facts = texts("erbij", "Wat er verder bij staat, zoals het oordeel en de gemeente.")
    agreed_on = day("akkoordOp", "De dag waarop u de tekst goed vond.", nullable=True)


class OwnCaseLine(Schema):
    """A case in a list."""

    reference = text("nummer", "Nummer van de zaak.")
    title = text("titel", "Het project in één zin.")
    status = choice("staat", CaseStatus, "Waar de zaak is.")
    own_part = choice("rol", Part, "Wat uw organisatie is. Wie meedoet leest mee; de indiener antwoordt.")
    filed_by = text("ingediendDoor", "De organisatie die de zaak indiende.", nullable=True)
    filed_by_code = text("ingediendDoorCode", CODE, nullable=True)
    turn = choice("aanZet", Turn, "Wie nu iets moet doen. Doet u mee, dan is de indiener een andere organisatie.")
    verdict = choice("oordeel", Verdict, "Het oordeel van het loket.")
    result = choice("resultaat", Result, "Hoe de zaak eindigde.", nullable=True)
    theme = choice("thema", Theme, "Waar het over gaat.")
    municipality = text("gemeente", "Waar het speelt: code van het CBS.", nullable=True)
    filed_on = day("ingediendOp", "De dag van indienen.")
    closed_on = day("afgeslotenOp", "De dag van afsluiten.", nullable=True)
    due_on = day("uiterlijkOp", "Tot en met welke dag de lopende termijn gaat.", nullable=True)


class ChangedCaseLine(OwnCaseLine):
    """A case in a list, with when it last changed."""

    changed_at = moment("gewijzigdOp", "Wanneer er voor het laatst iets gebeurde.")


class OwnCase(OwnCaseLine):
    """A case, as its submitter sees it."""

    filed_at = moment("ingediendOm", "Het moment van indienen.")
    description = text("beschrijving", "Wat u vertelde.")
    verdict_plain = text("oordeelUitgelegd", "Het oordeel in gewone woorden.", nullable=True)
    verdict_legal = text("oordeelJuridisch", "Het oordeel in juridische woorden.", nullable=True)
    result_reason = text("reden", "Waarom de zaak zo eindigde.", nullable=True)
    next_step = text("volgendeStap", "Wat nu kan.", nullable=True)
    question = part("openVraag", Question, "De vraag die op uw antwoord wacht.", nullable=True)
    proposal = part("voorstel", ProposalShown, "Het laatste voorstel.", nullable=True)
    sharing = part("deelvraag", SharingQuestion, "De vraag aan de indiener: mag het loket delen?", nullable=True)
    aftercare = parts("nazorg", AftercareShown, "De vragen hoe het verder ging, de eerste eerst.")
    contest_until = day(
        "heroverwegingTot", "Tot en met welke dag u als indiener een heroverweging kunt vragen.", nullable=True
    )
    public_text = part(
        "openbareTekst",
        TextShown,
        "De tekst die openbaar wordt, zolang u er als indiener op kunt reageren.",
        nullable=True,
    )
    object_until = day(
        "bezwaarTot", "Tot en met welke dag u als indiener kunt reageren op de openbare tekst.", nullable=True
    )


class FilingInput(Schema):
    """The act of filing a draft."""

    draft = text("concept", "Sleutel van het concept.", required=True, longest=32)
    version = number("versie", "Versie van het concept die u indient.", required=True, least=1, most=2**31 - 1)
    mandate = flag("mandaat", "U mag dit namens uw organisatie indienen.", required=True)
    consents_seen = flag("gelezen", "U weet wat er met de melding gebeurt. Zie de privacyverklaring.", required=True)
    may_share = flag("magDelen", "Het loket mag de melding delen. Zonder waarde geldt wat in het concept staat.")
    may_publish = flag("magOpenbaar", "Het loket mag een tekst openbaar maken. Anders geldt wat in het concept staat.")


class OwnCaseQuery(ListQuery):
    """What the list may be asked."""

    search = text("q", "Zoekwoorden.", longest=LONGEST_SEARCH)
    status = choice("staat", CaseStatus, "Alleen zaken die hier zijn.")
    is_turn = flag("aanZet", "Alleen zaken waarin u iets moet doen.", load_default=False)
    filed_from = day("ingediendVanaf", "Ingediend op of na deze dag.")
    filed_to = day("ingediendTotEnMet", "Ingediend op of voor deze dag.")


class StoryLine(Schema):
    """Something that happened."""

    number = number("nummer", "Volgnummer van de gebeurtenis.")
    kind = text("soort", "Wat voor gebeurtenis het is.")
    words = text("tekst", "Wat er gebeurde, in gewone woorden.")
    happened_on = day("dag", "De dag waarvoor het telt.")
    recorded_at = moment("vastgelegdOp", "Wanneer het is vastgelegd.")
    by_submitter = flag("doorIndiener", "Of de indiener het deed. Doet u mee, dan is dat een andere organisatie.")


@endpoint(own_cases, "/zaken", ApiScope.FILING, "POST")
@takes(JSON)
@own_cases.gives(
    OwnCase,
    about="Dien een concept in. Met hetzelfde kenmerk ontstaat nooit een tweede zaak.",
    status=201,
    errors=ACT_ERRORS,
    has_mark=False,
)
@keyed(own_cases)
@own_cases.arguments(FilingInput, location="json")
def file_case(asked: dict[str, Any]) -> Any:
    """File a draft, by the checks of the form."""
    choices = {name: "ja" if value else "" for name, value in asked.items() if isinstance(value, bool)}

    def file() -> str:
        if earlier := intake.filed_case(context(), asked["draft"]):
            raise VersionConflict(_("Dit concept is al ingediend als %(number)s.", number=earlier))
        own_draft(asked["draft"])
        return intake.file_case(context(), asked["draft"], asked["version"], choices).reference

    try:
        made = once(file)
    except FilingIncomplete as incomplete:
        faults = [Fault("body", NAMES.get(name, name), said(words)) for name, words in incomplete.problems.items()]
        return problem(422, said(incomplete.message), faults)
    says_where(f"{BASE}/zaken/{made}")
    return shown_filed(made)


@endpoint(own_cases, "/zaken", ApiScope.CASES)
@own_cases.lists(
    ChangedCaseLine, OwnCaseQuery, about="Uw zaken en die waarin u meedoet, het laatst gewijzigde eerst.", errors=ERRORS
)
def own_case_list(asked: dict[str, Any]) -> Page:
    """The cases of the organisation and those in which it files along, as their list shows them."""
    order = CaseOrder()
    place = place_in(asked.get("cursor"), lambda text: text if lists.is_cursor(order, text) else None)
    actor = client()
    page = lists.page_of_cases(
        db.session, actor, _narrowed(asked), order, today_in_nl(), after=place, size=asked["limit"]
    )
    names = reference(db.session)
    return Page([_line(actor, each, names) for each in page.rows], cursor_of(page.after) if page.after else None)


@endpoint(own_cases, "/zaken/<string:reference>", ApiScope.CASES)
@own_cases.gives(OwnCase, about="Eén zaak, met wat er nu van u wordt gevraagd.", errors=ERRORS)
def own_case(reference: str) -> dict[str, Any]:
    """One case of the organisation."""
    return shown(reference)


@endpoint(own_cases, "/zaken/<string:reference>/tijdlijn", ApiScope.CASES)
@own_cases.lists(StoryLine, ListQuery, about="Wat er met een zaak gebeurde, het eerste eerst.", errors=ERRORS)
def own_timeline(asked: dict[str, Any], reference: str) -> Page:
    """The story of a case, as its submitter reads it."""
    page = read_page(db.session, client(), reference)
    return piece_of(
        [
            {
                "number": each.number,
                "kind": each.kind.value,
                "words": _words(page, each),
                "happened_on": each.happened_on,
                "recorded_at": each.recorded_at,
                "by_submitter": each.by_submitter,
            }
            for each in page.events
        ],
        asked,
    )


def _exported(view: Any) -> Any:
    about = "Al uw zaken en die waarin u meedoet, een per regel (JSON Lines)."
    lines = {"type": "string"}
    answered = own_cases.response(200, lines, content_type=JSON_LINES, headers=HEADERS, description=about)(view)
    return own_cases.documented(produces(JSON_LINES)(answered), about, ERRORS)


@endpoint(own_cases, "/zakenexport", ApiScope.EXPORT)
@_exported
def own_case_export() -> ResponseReturnValue:
    """Every case of the organisation and those in which it files along, sent while it is read; that it was fetched is
    an event, as on the pages."""
    events.record(context(), AccountEvent.LIST_DOWNLOADED, data={"lijst": "onze-zaken", "filters": []})
    db.session.commit()
    actor, names, today = client(), reference(db.session), today_in_nl()

    def rows(session: Session) -> Iterator[Mapping[str, object]]:
        dump = ChangedCaseLine().dump
        for row in lists.stream_cases(session, actor, CaseFilter(), CaseOrder(), today):
            yield {**dump(_line(actor, row, names)), "regels": row.pointed_rules}

    return json_lines(rows, "onze-zaken.jsonl")


def shown(reference_: str) -> dict[str, Any]:
    """A case as the API shows it. Raises NotFound for one that is not the organisation's."""
    return _whole(read_page(db.session, client(), reference_))


def shown_filed(made: str) -> dict[str, Any]:
    """The same of a case that this system just filed, whether or not it may read cases later on."""
    return _whole(read_page(db.session, _reader(), made))


def _reader() -> Actor:
    return replace(client(), scopes=client().scopes | {ApiScope.CASES})


def _whole(page: SubmitterPage) -> dict[str, Any]:
    case, names, own = page.case, reference(db.session), _part(client(), page.case.organisation_id)
    is_theirs = own is Part.FILED  # who files along reads the case, and is asked nothing
    shown_text = page.public_text if is_theirs and case.publication is PublicationStatus.PREVIEW else None
    return {
        **{name: getattr(case, name) for name in _PLAIN},
        "own_part": own,
        "filed_by": page.lead,
        "filed_by_code": names.organisation_code(case.organisation_id),
        "turn": _turn_of(page),
        "municipality": names.municipality_code(case.municipality_id),
        "question": question(page.open_question) if page.open_question else None,
        "proposal": proposal(page.proposal) if page.proposal else None,
        "sharing": _sharing(page.offer, names) if page.offer and is_theirs and _is_consent_asked(page) else None,
        "aftercare": [_columns(AftercareShown, each) for each in page.aftercare] if is_theirs else [],
        "contest_until": page.contest_until if is_theirs else None,
        "public_text": _text(shown_text) if shown_text else None,
        "object_until": shown_text.object_by if shown_text else None,
    }


_PLAIN = (
    "reference",
    "status",
    "verdict",
    "result",
    "title",
    "theme",
    "filed_on",
    "filed_at",
    "closed_on",
    "due_on",
    "description",
    "verdict_plain",
    "verdict_legal",
    "result_reason",
    "next_step",
)


def _columns(schema: type[Schema], row: object, /, **made: Any) -> dict[str, Any]:
    """What a schema shows of a row, and what is made of others."""
    return {name: made[name] if name in made else getattr(row, name) for name in schema._declared_fields}


def _sharing(row: OfferRow, names: Reference) -> dict[str, Any]:
    code = names.code_of_name(row.organisation)
    return _columns(SharingQuestion, row, organisation_code=code)


def _is_consent_asked(page: SubmitterPage) -> bool:
    return page.offer is not None and page.offer.status is ReferralStatus.CONSENT_ASKED


def question(row: MessageRow) -> dict[str, Any]:
    """A question as the API shows it."""
    return {"id": row.id, "body": row.body, "why": row.why, "answer_by": row.answer_by}


def proposal(row: ProposalRow) -> dict[str, Any]:
    """A proposal as the API shows it."""
    names = ["id", "status", "legal_basis", "legal_date", "conditions", "who_acts", "act_by", "sent_on", "reacted_on"]
    return {**{name: getattr(row, name) for name in names}, "text_": row.text}


def _text(row: TextRow) -> dict[str, Any]:
    names = ["version", "title", "question", "answer", "next_step", "agreed_on"]
    places = reference(db.session).municipality_names
    return {
        **{name: getattr(row, name) for name in names},
        "rules": [said(each) for each in rules_beside(row.shown)] if row.shown else [],
        "facts": [said(each) for each in facts_beside(row.shown, places)] if row.shown else [],
    }


def _turn_of(page: SubmitterPage) -> Turn:
    waits = waits_for_submitter(page.case.status, page.case.due_clock, is_asked_to_share=_is_consent_asked(page))
    return turn_of(page.case.status, waits=waits)


def _part(actor: Actor, organisation_id: int | None) -> Part:
    return Part.FILED if organisation_id == actor.organisation_id else Part.JOINED


def _words(page: SubmitterPage, event: StoryEvent) -> str:
    """What happened, in the words for this organisation."""
    if _part(client(), page.case.organisation_id) is Part.FILED:
        return str(said(EVENTS[event.kind].submitter or ""))
    own = reference(db.session).organisations.get(client().organisation_id or 0)
    is_itself = own is not None and event.data.get("gemeente") == own.municipality_id
    return str(said(told_to_partner(event.kind, is_itself=is_itself) or "")).format(lead=page.lead)


def _line(actor: Actor, row: CaseRow, names: Reference) -> dict[str, Any]:
    plain = ["reference", "title", "status", "verdict", "result", "theme", "filed_on", "closed_on", "due_on"]
    return {
        **{name: getattr(row, name) for name in plain},
        "own_part": _part(actor, row.organisation_id),
        "filed_by": names.organisation_names.get(row.organisation_id or 0),
        "filed_by_code": names.organisation_code(row.organisation_id),
        "turn": turn_of(row.status, waits=row.waits_for_submitter),
        "municipality": names.municipality_code(row.municipality_id),
        "changed_at": row.updated_at,
    }


def _narrowed(asked: Mapping[str, Any]) -> CaseFilter:
    typed = typed_text(asked.get("search", ""))
    words = to_query(typed) if typed else None
    return CaseFilter(
        words=words,
        worklist=WorkList.WAITING if asked["is_turn"] else WorkList.ALL,
        status=asked.get("status"),
        filed_from=asked.get("filed_from"),
        filed_to=asked.get("filed_to"),
        matches_nothing=asked.get("status") is CaseStatus.DRAFT or ("search" in asked and words is None),
    )
