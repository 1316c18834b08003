"""The events of a case in Dutch: what happened, by whom, and what it led to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.domain.bottlenecks import LinkStatus
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.cases.replies import ReplyChannel
from knelpunt.domain.post.incoming import Settled, UsedAgain
from knelpunt.domain.suggestions.feedback import RefusalReason
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import (
    ActorKind,
    AftercareAnswer,
    AssessmentRole,
    CaseLinkKind,
    EventKind,
    Priority,
    RoomAnswer,
    SecondLookOutcome,
)
from knelpunt.models.event import BY_CLIENT
from knelpunt.queries.cases.page_rows import CaseFile, EventRow
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.search.related import NamedPage
from knelpunt.services.cases.reviews import STEP_WORDS
from knelpunt.services.core.events import STANDS_IN_FOR
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date, moment

E = EventKind

_DONE_BY = {
    ActorKind.SUBMITTER_LINK: "de indiener, via de volglink",
    ActorKind.ANSWER_LINK: "wie om een antwoord is gevraagd, via een link",
    ActorKind.VISITOR: "een bezoeker",
    ActorKind.SYSTEM: "het systeem",
}


_BY_PARTNER = frozenset({E.PARTNER_JOINED, E.PARTNER_DECLINED})
_OTHER_CASE = ("andere", "afgesplitst_van")
"""Under these names the data of an event holds the id of another case."""
_BOTTLENECK = "regelknelpunt"
_TOWARDS = {CaseLinkKind.FOLLOW_UP: "Deze zaak is een vervolg op", CaseLinkKind.DUPLICATE: "Deze zaak is dubbel van"}
_TURNED = {CaseLinkKind.FOLLOW_UP: "Kreeg een vervolg in", CaseLinkKind.DUPLICATE: "Heeft een dubbele melding:"}
"""How two cases belong together, seen from either side, where that makes a difference."""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One event as the page shows it. ``details`` are short sentences below the title; ``other`` is the case or
    rule bottleneck that it ties this case to, with the words before it."""

    number: int
    when: str
    title: str
    who: str
    mark: str
    details: tuple[str, ...]
    other: tuple[str, NamedPage] | None = None


def said_by_ids(file: CaseFile) -> set[int]:
    """The accounts of colleagues who told the desk something for their organisation."""
    return {event.data["gezegd_door"] for event in file.events if "gezegd_door" in event.data}


@dataclass(frozen=True, slots=True)
class Others:
    """What the events name outside the case itself, by id, as far as it may be read."""

    cases: Mapping[int, NamedPage]
    bottlenecks: Mapping[int, NamedPage]


def other_case_ids(file: CaseFile) -> set[int]:
    """The other cases that the events name: linked, no longer linked, or split."""
    return {event.data[name] for event in file.events for name in _OTHER_CASE if name in event.data}


def bottleneck_ids(file: CaseFile) -> set[int]:
    """The rule bottlenecks that the events name."""
    return {event.data[_BOTTLENECK] for event in file.events if _BOTTLENECK in event.data}


def timeline_of(file: CaseFile, names: Reference, colleagues: Mapping[int, str], others: Others) -> list[TimelineItem]:
    """The events of a case, the latest first; ``colleagues`` names those of ``said_by_ids``, ``others`` what
    ``other_case_ids`` and ``bottleneck_ids`` found."""
    return [_item(event, names, _organisation_of(event, file, names), colleagues, others) for event in file.events][
        ::-1
    ]


def _organisation_of(event: EventRow, file: CaseFile, names: Reference) -> str | None:
    """For which organisation an account acted that is not of the desk: the one that filed, or that was asked along."""
    if event.kind not in _BY_PARTNER:
        return file.organisation
    for each in file.participants:
        if each.municipality_id == event.data.get("gemeente") and each.organisation_id is not None:
            return names.organisation_names[each.organisation_id]
    return None


def _item(
    event: EventRow, names: Reference, organisation: str | None, colleagues: Mapping[int, str], others: Others
) -> TimelineItem:
    told = EVENTS[EventKind(event.kind)]
    is_history = event.happened_on != nl_day(event.recorded_at)
    when = full_date(event.happened_on) if is_history else moment(event.recorded_at)
    who = event.actor or _DONE_BY.get(event.actor_kind) or organisation or "iemand met een account"
    if event.actor_kind is ActorKind.SYSTEM and (event.kind == E.MAIL_RECEIVED or "per_mail" in event.data):
        who = "de indiener, per e-mail"
    if BY_CLIENT in event.data:
        who = f"{organisation or 'een organisatie'}, via koppeling {event.data[BY_CLIENT]}"
    if STANDS_IN_FOR in event.data:
        who = f"{who}, als waarnemer van {names.staff_names[event.data[STANDS_IN_FOR]]}"
    details = tuple(_details(event, names, colleagues))
    return TimelineItem(event.number, when, told.desk, who, told.mark, details, _other(event, others))


def _other(event: EventRow, others: Others) -> tuple[str, NamedPage] | None:
    """The case or rule bottleneck that an event ties this case to, with how."""
    data = event.data
    bottleneck = others.bottlenecks.get(data.get(_BOTTLENECK, 0))
    if bottleneck is not None:
        is_decided = event.kind == E.BOTTLENECK_LINK_DECIDED
        return f"{label(LinkStatus(data['stand']))}:" if is_decided else "Het gaat om", bottleneck
    case = others.cases.get(next((data[name] for name in _OTHER_CASE if name in data), 0))
    if case is None:
        return None
    if event.kind == E.CASE_SPLIT:
        return "Het nieuwe deel is", case
    if event.kind == E.FILED:
        return label(CaseLinkKind.SPLIT), case
    kind = CaseLinkKind(data["soort"])
    words = _TURNED if data.get("omgekeerd") else _TOWARDS
    return words.get(kind, f"{label(kind)}:"), case


def _details(event: EventRow, names: Reference, colleagues: Mapping[int, str]) -> Iterable[str]:
    data = event.data
    match event.kind:
        case (
            E.CONSULTED
            | E.CONSULTATION_ANSWERED
            | E.CONSULTATION_RETURNED
            | E.CONSULTATION_UNANSWERED
            | E.CONSULTATION_TAKEN_BACK
            | E.CONSULTATION_RAISED
        ) if "ministerie" in data:
            yield f"{names.ministry_names[data['ministerie']]}."
        case E.MORE_TIME_ASKED if "gevraagd_tot" in data:
            yield f"Gevraagd tot en met {_words_of(data['gevraagd_tot'])}."
        case E.MORE_TIME_DECIDED:
            yield (
                f"Toegekend, tot en met {_words_of(data['uiterlijk'])}." if data.get("toegekend") else "Niet toegekend."
            )
        case E.DISAGREEMENT_DECIDED if "besluit" in data:
            yield f"Het loket volgt: {label(RoomAnswer(data['besluit'])).lower()}."
        case E.HANDLER_ASSIGNED if "behandelaar" in data:
            handler = data["behandelaar"]
            yield f"{names.staff_names[handler]} behandelt de zaak." if handler else "De zaak is weer van niemand."
        case E.PRIORITY_SET if "prioriteit" in data:
            yield f"{label(Priority(data['prioriteit']))}."
        case E.LABEL_ADDED | E.LABEL_REMOVED if "label" in data:
            yield f"{names.label_names[data['label']]}."
        case E.SECOND_HANDLER_NAMED | E.SECOND_LOOK_STARTED if "behandelaar" in data:
            yield f"{names.staff_names[data['behandelaar']]} bekijkt de zaak opnieuw."
        case E.SECOND_LOOK_CHANGED | E.SECOND_LOOK_KEPT if "uitkomst" in data:
            yield f"{label(SecondLookOutcome(data['uitkomst']))}."
        case E.TERM_SUSPENDED if "tot_en_met" in data:
            yield f"Staat stil tot en met {_words_of(data['tot_en_met'])}."
        case E.AFTERCARE_ANSWERED if "antwoord" in data:
            asks = " De indiener vraagt om de zaak te heropenen." if data.get("heropenen") else ""
            yield f"{label(AftercareAnswer(data['antwoord']))}.{asks}"
        case E.PARTNER_JOINED | E.PARTNER_DECLINED if "gemeente" in data:
            yield f"{names.municipality_names[data['gemeente']]}."
        case E.SCOPE_ANSWERED if "hoort_hier" in data:
            yield "De melding hoort bij dit loket." if data["hoort_hier"] else "De melding hoort niet bij dit loket."
        case E.SUPPLEMENT_REQUESTED if "antwoord_uiterlijk" in data:
            yield f"Antwoord uiterlijk {_words_of(data['antwoord_uiterlijk'])}."
        case E.PREVIEW_STARTED if "bezwaar_uiterlijk" in data:
            yield f"Bezwaar kan tot en met {_words_of(data['bezwaar_uiterlijk'])}."
        case E.PROVISION_LINKED | E.PROVISION_UNLINKED if data.get("wet"):
            role = f", {label(AssessmentRole(data['rol'])).lower()}" if "rol" in data else ""
            yield f"{names.law_names[data['wet']]}{role}."
        case E.SUGGESTION_CONFIRMED | E.SUGGESTION_REFUSED | E.SUGGESTION_RESTORED if data.get("wet"):
            why = f": {label(RefusalReason(data['reden'])).lower()}" if data.get("reden") else ""
            yield f"{names.law_names[data['wet']]}{why}."
        case E.SUGGESTION_CONFIRMED | E.SUGGESTION_REFUSED | E.SUGGESTION_RESTORED if data.get("situatie"):
            known = shipped_matcher().by_key.get(data["situatie"])
            yield f"Situatie: {known.title if known else 'een die er niet meer is'}."
        case E.REVIEW_REQUESTED | E.REVIEW_APPROVED | E.REVIEW_RETURNED | E.REVIEW_CANCELLED if "stap" in data:
            yield f"Het gaat om {STEP_WORDS[EventKind(data['stap'])]}."
            if "toch_openbaar" in data:
                kinds = ", ".join(f"{count} keer {kind}" for kind, count in data["toch_openbaar"].items())
                yield f"Mag toch in de openbare tekst staan: {kinds}."
        case E.VERDICT_CHANGED | E.HANDLING_STARTED | E.ANSWERED_WITH_GUIDE if event.verdict is not None:
            yield f"Oordeel: {event.verdict.value} {label(event.verdict)}."
        case E.MAIL_FAILED if data.get("niet_verstuurd"):
            yield "Niet verstuurd: dit e-mailadres bestaat niet."
        case E.FAILURE_SETTLED if "hoe" in data:
            yield f"{Settled(data['hoe']).words}."
        case E.ADDRESS_USED_AGAIN if "waarom" in data:
            yield UsedAgain(data["waarom"]).words
            if data.get("mails"):
                yield "Wat niet aankwam, is opnieuw verstuurd."
        case E.CLOSED | E.CLOSED_LINKED if event.result is not None:
            yield f"Resultaat: {label(event.result)}."
    if "kanaal" in data:
        how = ReplyChannel(data["kanaal"]).words
        who = colleagues.get(data.get("gezegd_door", 0), "de indiener")
        yield f"Opgeschreven voor {who}, die dit {how} liet weten op {_words_of(data['ontvangen_op'])}."
    if event.status_before is not None and event.status is not None and event.status is not event.status_before:
        yield f"Van ‘{label(event.status_before)}’ naar ‘{label(event.status)}’."
    for effect in data.get("klokken", ()):
        if effect["klok"] == Clock.K0:
            continue
        until = (
            f", uiterlijk {_words_of(effect['uiterlijk'])}" if effect["wat"] != "stopt" and effect["uiterlijk"] else ""
        )
        yield f"Termijn ‘{label(Clock(effect['klok']))}’ {effect['wat']}{until}."


def _words_of(day: str) -> str:
    return date_in_words(date.fromisoformat(day))
