"""What each step of the workflow needs and does: written down by hand from the product, and not from the code.

Adding a step? Add one entry to STEPS: where it starts and ends, who takes it, what must be there before and what is
said when it is not, and all that it changes. How the services take it stands in ``tests/support/stage.py``.

Everything happens on Monday 9 November 2026, in a stretch without holidays. The case was filed on Tuesday 3 November.
Clocks: in each state those run that the product lets run there, begun on their own day (PROPER). Beside them every
other clock runs too, with a long term of its own (``beside``), so that a step that stops one too many is seen.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.vocabulary import CaseStatus
from tests.support.rights import FILERS, HANDLERS, HEADS, REVIEWERS, TRIAGERS, VISITOR

S, C = CaseStatus, Clock
FOLLOWER = "follower"
RECEIVER = "receiver"
"""Whoever holds the link by which another organisation takes a case over."""
OFFICIAL = "official"
"""Whoever holds the link of a question to a ministry."""
CALENDAR = "calendar"
SUBMITTERS = FILERS | {FOLLOWER}

TODAY = date(2026, 11, 9)


def november(day: int) -> date:
    return date(2026, 11, day)


class Run(NamedTuple):
    """One run of a clock. ``still``: the first and the last day on which it stands still, the last one None while it
    does."""

    clock: Clock
    started: date
    length: int
    unit: str
    due: date | None
    stopped: date | None = None
    still: tuple[date, date | None] | None = None


PROPER: dict[CaseStatus, tuple[Run, ...]] = {
    S.SUBMITTED: (Run(C.K1, november(3), 5, "werkdagen", november(10)),),
    S.IN_TRIAGE: (Run(C.K2, november(4), 10, "werkdagen", november(18)),),
    S.IN_HANDLING: (Run(C.K4, november(5), 10, "weken", date(2027, 1, 14)),),
    S.WITH_MINISTRY: (
        Run(C.K3, november(6), 14, "dagen", november(20)),
        Run(C.K4, november(5), 10, "weken", date(2027, 1, 14)),
    ),
    S.PROPOSED: (Run(C.K5, november(6), 10, "werkdagen", november(20)),),
    S.CLOSED: (Run(C.K6, november(6), 6, "weken", date(2026, 12, 18)),),
    S.RECONSIDERATION: (Run(C.K8, november(6), 6, "weken", date(2026, 12, 18)),),
}
"""Which clock runs in which state."""
BESIDE_DUE = date(2027, 3, 23)


def beside(clock: Clock) -> Run:
    """A run of twenty weeks, so long that its end does not move on to a working day."""
    return Run(clock, november(3), 20, "weken", BESIDE_DUE)


EARLIER_K4 = Run(C.K4, november(5), 10, "weken", date(2027, 1, 14), november(6))
"""It stopped when the proposal went out, with 69 days left."""

SUSPENDED_BY_QUESTION = frozenset({C.K1, C.K2, C.K4})
NOT_IN_A_STATE_WITH_QUESTIONS = frozenset({C.K5, C.K8})
"""They stand still for other reasons: on the submitter's request, and with the submitter's consent."""
STILL_SINCE = november(6)
"""The question was asked on Thursday 5 November."""
DUE_AGAIN: dict[date, dict[Clock, date]] = {
    TODAY: {  # still from Friday 6 to Monday 9
        C.K1: november(12),  # 4 and 5 had counted; 10, 11, 12
        C.K2: november(20),  # 5 had counted; nine more from 10
        C.K4: date(2027, 1, 18),  # nothing had counted; 70 days from 10 November
    },
    november(6): {  # still on Friday 6 alone
        C.K1: november(11),
        C.K2: november(19),
        C.K4: date(2027, 1, 15),
    },
}
"""The last day of each clock that a question stopped, by the last day on which it stood still."""

RECEIPT = Run(C.K0, november(3), 0, "dagen", november(3), stopped=november(3))
K2_NOW = Run(C.K2, TODAY, 10, "werkdagen", november(23))
K3_NOW = Run(C.K3, TODAY, 14, "dagen", november(23))
K4_NOW = Run(C.K4, TODAY, 10, "weken", date(2027, 1, 18))
K5_NOW = Run(C.K5, TODAY, 10, "werkdagen", november(23))
K6_NOW = Run(C.K6, TODAY, 6, "weken", date(2026, 12, 21))
K8_NOW = Run(C.K8, TODAY, 6, "weken", date(2026, 12, 21))
AFTERCARE = (
    Run(C.K9, TODAY, 3, "maanden", date(2027, 2, 9)),
    Run(C.K9, TODAY, 12, "maanden", date(2027, 11, 9)),
)
CLOSING_NOW = Run(C.CLOSING, TODAY, 10, "werkdagen", november(23))
"""Clocks that start today, by the terms of the day on which the case was filed."""
ALL = frozenset(Clock)

HANDLER_MISSING = "Wijs eerst een behandelaar aan."
SCOPE_MISSING = "Leg eerst vast of de melding bij dit loket hoort."
QUESTION_OPEN = "Er staat nog een vraag open bij de indiener."
REVIEW_OPEN = "Er wacht al een stap op een tweede persoon."
VERDICT_UNDECIDED = "Het oordeel is nog onbeslist."
VERDICT_LOST = (
    "Het oordeel is nog onbeslist, of past niet meer bij de gekoppelde bepalingen. Wijzig het oordeel of de bepalingen."
)
NO_RULE_NAMED = (
    "Het oordeel past niet bij de gekoppelde bepalingen. Bij V1 tot V4 hoort een bepaling die ruimte biedt. Bij V5, V6 "
    "en V7 hoort een bepaling die belemmert. Bij V5 is die van het Rijk, bij V6 van de EU, bij V7 van gemeente, "
    "provincie of waterschap. Bij V8 horen er ten minste twee, bij V9 geen."
)
VERDICTS_THAT_FIT = {
    "": "V9",
    "room": "V1 V2 V3 V4 V9",
    "rijk": "V5",
    "eu": "V6",
    "lokaal": "V7",
    "rijk rijk": "V5 V8",
    "rijk lokaal": "V5 V7 V8",
    "eu lokaal room": "V1 V2 V3 V4 V6 V7 V8",
}
"""What is linked to a case, by whose provision blocks or that it offers room, and the verdicts that it bears."""
NOT_ANSWERED = "De indiener heeft nog niet gereageerd en de reactietermijn loopt nog."
TEXT_MISSING = "Schrijf eerst de openbare tekst."
RULE_NOT_ACCEPTED = "De eigenaar van een regelknelpunt heeft de zaak nog niet aanvaard."
OFFERED = "De zaak is aan een andere instantie aangeboden. Wacht op antwoord, of trek het aanbod in."
DISAGREEMENT = "Ministeries spreken elkaar tegen. Het hoofd van het loket beslist eerst."
NO_PROVISION = "Koppel ten minste één bepaling, of leg uit waarom er geen is."
"""What the desk reads when a fact about the case is missing; how that is brought about stands in ``stage.py``."""

WRONG_STATE = "Deze stap past niet bij waar de zaak nu staat."
NO_DRAFT = "Dit concept bestaat niet meer. Misschien is het al ingediend of verwijderd."
NO_PROPOSAL = "Er ligt geen voorstel waarop u kunt reageren."

BACK, FROM, TAKER, SECOND, SOME = "<where it came from>", "<where it was>", "<who took it>", "<the second>", "<some>"
HANDLER = "<who handles it>"
"""Stand in for values that differ from case to case."""
Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Step:
    """One step, or with ``is_beside`` an act that leaves the case where it is but stops a clock.

    ``takers``: who takes it, or for a step that a second person must agree to, who asks for it. ``second``: who may
    agree. ``on_behalf``: who writes it down for a submitter who told it. ``needs``: what is said for each fact that is
    missing. ``asks``: the fields of its page, with what is said when one is left empty; ``button``: what leads there.
    ``columns``: what holds after it, by table and column. Nothing else about the case changes, but that ``rows`` and
    ``mails`` (kind, to whom) are added, and ``tells_handler`` where another took the step; ``asked`` are the rows that
    wait for the second person. ``ends_question``: a question that is open lapses today. ``refused_when_over``: what is
    said of a case that was withdrawn or archived.
    ``empties``: tables of which the rows of the case go.
    ``next_due``: the clock that then ends first, by the state that it ends in, or with ``due_by_start`` starts in.
    """

    number: int
    name: str
    starts_in: Set[CaseStatus]
    ends_in: CaseStatus | str
    party: str
    takers: Set[str]
    second: Set[str] = frozenset()
    on_behalf: Set[str] = frozenset()
    needs: tuple[str, ...] = ()
    page: str = ""
    button: str = ""
    asks: Mapping[str, str] = field(default_factory=dict)
    refused_with: str = WRONG_STATE
    refused_when_over: str = ""
    stops: Set[Clock] = frozenset()
    starts: tuple[Run, ...] = ()
    suspends: bool = False
    resumes_after: date | None = None
    stopped_on: date = TODAY
    next_due: Mapping[CaseStatus, tuple[Clock, date] | None] = field(default_factory=dict)
    due_by_start: bool = False
    columns: Columns = field(default_factory=dict)
    rows: Mapping[str, Columns] = field(default_factory=dict)
    asked: Mapping[str, Columns] = field(default_factory=dict)
    mails: tuple[tuple[str, str], ...] = ()
    tells_handler: str | None = None
    tells_partners: bool = False
    is_beside: bool = False
    ends_question: bool = False
    empties: Set[str] = frozenset()


RESUMED_TODAY, RESUMED_ON_FRIDAY = (
    {S.SUBMITTED: (C.K1, due[C.K1]), S.IN_TRIAGE: (C.K2, due[C.K2]), S.IN_HANDLING: (C.K4, due[C.K4])}
    for due in (DUE_AGAIN[TODAY], DUE_AGAIN[november(6)])
)
ANSWERED = {"messages.answered_on": TODAY}
ANSWER = {"kind": "antwoord", "from_desk": False, "body": "Het plan van 2019.", "author_id": TAKER}
NOT_WAITING = {"cases.status_before_supplement": None, "cases.suspended_until": None}
SENT = {"proposals.status": "verstuurd", "proposals.sent_on": TODAY}
ENDED = {
    "cases.closed_on": TODAY,
    "cases.result_reason": "De gemeente werkt mee.",
    "cases.next_step": "Vraag de vergunning aan.",
    "contacts.ends_on": date(2027, 12, 14),  # 400 days: the question of aftercare comes after a year
    "public_texts.reviewed_by_id": SECOND,
    "public_texts.next_step": "Vraag de vergunning aan.",
}

FILE = Step(
    number=2,
    name="ingediend",
    starts_in={S.DRAFT},
    ends_in=S.SUBMITTED,
    party="submitter",
    takers=FILERS | {VISITOR},
    asks={
        "title": "Schrijf uw plan of project op in één zin.",
        "description": "Beschrijf wat u tegenhoudt.",
        "municipality_id": "Kies de gemeente waar het om gaat.",
        "contact_email": "Vul uw e-mailadres in. Daar sturen wij ons antwoord heen.",
        "consents_seen": "Bevestig dat u hebt gelezen wat er met uw melding gebeurt.",
    },
    refused_with=NO_DRAFT,
    starts=(RECEIPT, *PROPER[S.SUBMITTED]),
    next_due={S.SUBMITTED: (C.K1, november(10))},
    mails=(("ontvangstbevestiging", "submitter"),),
)
TAKE_IN = Step(
    number=3,
    name="in_triage_genomen",
    starts_in={S.SUBMITTED},
    ends_in=S.IN_TRIAGE,
    party="desk",
    takers=TRIAGERS,
    needs=(HANDLER_MISSING, SCOPE_MISSING),
    page="in-triage",
    button="Neem in beoordeling",
    asks={"handler_id": "Kies een behandelaar.", "in_scope": "Kies ja of nee."},
    stops={C.K1},
    starts=(K2_NOW,),
    next_due={S.IN_TRIAGE: (C.K2, november(23))},
    mails=(("behandelaar", "submitter"),),
    tells_partners=True,
)
REQUEST_SUPPLEMENT = Step(
    number=4,
    name="aanvulling_gevraagd",
    starts_in={S.SUBMITTED, S.IN_TRIAGE, S.IN_HANDLING},
    ends_in=S.AWAITING_SUPPLEMENT,
    party="desk",
    takers=HANDLERS,
    needs=(REVIEW_OPEN, OFFERED),
    page="aanvulling",
    button="Vraag een aanvulling",
    asks={
        "question": "Schrijf op wat u nog nodig hebt.",
        "why": "Leg uit waarom u dit nodig hebt.",
        "answer_by": "Vul een datum in.",
    },
    suspends=True,
    next_due={S.AWAITING_SUPPLEMENT: (C.K3, BESIDE_DUE)},  # of those listed only a ministry's time runs on
    columns={
        "cases.status_before_supplement": FROM,
        "cases.suspended_until": november(23),
        "cases.got_no_reaction": False,
    },
    rows={
        "messages": {
            "kind": "vraag",
            "from_desk": True,
            "body": "Welk plan geldt hier?",
            "why": "Zonder plan is er geen regel.",
            "answer_by": november(23),
            "answered_on": None,
            "lapsed_on": None,
            "author_id": TAKER,
        }
    },
    mails=(("vraag", "submitter"),),
    tells_partners=True,
)
RECEIVE_SUPPLEMENT = Step(
    number=5,
    name="aanvulling_ontvangen",
    starts_in={S.AWAITING_SUPPLEMENT},
    ends_in=BACK,
    party="submitter",
    takers=SUBMITTERS,
    on_behalf=HANDLERS,
    page="antwoord",
    asks={"body": "Schrijf uw antwoord op."},
    refused_when_over="Aan deze melding kunt u niets meer toevoegen.",
    resumes_after=TODAY,
    next_due=RESUMED_TODAY,
    columns={**NOT_WAITING, **ANSWERED, "cases.got_no_reaction": False},
    rows={"messages": ANSWER},
    mails=(("antwoord_ontvangen", "submitter"), ("reactie_indiener", "handler")),
)
SUPPLEMENT_LAPSED = Step(
    number=5,
    name="geen_reactie_ontvangen",
    starts_in={S.AWAITING_SUPPLEMENT},
    ends_in=BACK,
    party="calendar",
    takers={CALENDAR},
    resumes_after=november(6),  # the last day to answer, seen on Monday
    next_due=RESUMED_ON_FRIDAY,
    columns={**NOT_WAITING, "cases.got_no_reaction": True, "messages.lapsed_on": november(6)},
    mails=(("geen_reactie", "submitter"),),
)
START_HANDLING = Step(
    number=7,
    name="in_behandeling_genomen",
    starts_in={S.IN_TRIAGE},
    ends_in=S.IN_HANDLING,
    party="desk",
    takers=TRIAGERS,
    second=REVIEWERS,
    needs=(HANDLER_MISSING, REVIEW_OPEN, OFFERED, NO_PROVISION),
    page="behandeling-starten",
    button="Geef een oordeel en start de behandeling",
    asks={
        "verdict": "Kies een oordeel.",
        "plain": "Schrijf het oordeel in gewone woorden.",
        "legal": "Schrijf het oordeel in juridische woorden.",
        "level": "Kies wie erover gaat.",
        "route": "Kies hoe het verder gaat.",
    },
    stops={C.K2},
    starts=(K4_NOW,),
    next_due={S.IN_HANDLING: (C.K4, date(2027, 1, 18))},
    columns={
        "cases.verdict": "V2",
        "cases.verdict_plain": "De gemeente mag dit zelf.",
        "cases.verdict_legal": "Artikel 5.1 Omgevingswet.",
        "cases.level": "rijk",
        "cases.route": "eigen_bevoegdheid",
        "cases.lead_ministry_id": SOME,
        "cases.no_provision_reason": None,
    },
    mails=(("oordeel", "submitter"),),
)
ANSWER_WITH_GUIDE = Step(
    number=8,
    name="beantwoord_met_ruimtewijzer",
    starts_in={S.IN_TRIAGE},
    ends_in=S.PROPOSED,
    party="desk",
    takers=TRIAGERS,
    second=REVIEWERS,
    needs=(HANDLER_MISSING, REVIEW_OPEN, OFFERED),
    page="beantwoorden-met-ruimtewijzer",
    button="Beantwoord met een ruimtewijzer",
    asks={
        "guide_id": "Kies een ruimtewijzer.",
        "verdict": "Kies een oordeel.",
        "plain": "Schrijf op waarom dit past.",
        "level": "Kies wie erover gaat.",
    },
    stops={C.K2},
    starts=(K5_NOW,),
    next_due={S.PROPOSED: (C.K5, november(23))},
    columns={
        "cases.verdict": "V1",
        "cases.verdict_plain": "Dit staat al in een ruimtewijzer.",
        "cases.verdict_legal": "Gemeentelijke of provinciale regel, omgevingsplan",
        "cases.level": "gemeente",
        "cases.route": "uitleg",
        "cases.lead_ministry_id": None,
        "cases.no_provision_reason": None,
        **SENT,
    },
    asked={"proposals": {"status": "ter_toetsing", "sent_on": None}},
    mails=(("voorstel", "submitter"),),
    tells_partners=True,
)
PROPOSE = Step(
    number=11,
    name="voorstel_gedaan",
    starts_in={S.IN_HANDLING},
    ends_in=S.PROPOSED,
    party="desk",
    takers=HANDLERS,
    second=REVIEWERS,
    needs=(VERDICT_UNDECIDED, NO_RULE_NAMED, REVIEW_OPEN, DISAGREEMENT),
    page="voorstel",
    button="Doe een voorstel",
    asks={
        "text": "Schrijf het voorstel.",
        "legal_basis": "Noem de bepaling waar het voorstel op rust.",
        "legal_date": "Vul een datum in.",
        "conditions": "Noem de voorwaarden, of schrijf dat er geen zijn.",
        "who_acts": "Schrijf op wie nu iets doet.",
        "act_by": "Vul een datum in.",
    },
    stops={C.K4},
    starts=(K5_NOW,),
    next_due={S.PROPOSED: (C.K5, november(23))},
    columns=SENT,
    asked={
        "proposals": {
            "status": "ter_toetsing",
            "sent_on": None,
            "legal_basis": "Omgevingswet, artikel 5.1",
            "legal_date": november(3),
            "act_by": date(2027, 1, 8),
        }
    },
    mails=(("voorstel", "submitter"),),
    tells_partners=True,
)
ACCEPT_PROPOSAL = Step(
    number=13,
    name="voorstel_aanvaard",
    is_beside=True,
    starts_in={S.PROPOSED},
    ends_in=S.PROPOSED,
    party="submitter",
    takers=SUBMITTERS,
    on_behalf=HANDLERS,
    refused_with=NO_PROPOSAL,
    stops={C.K5},
    starts=(CLOSING_NOW,),
    next_due={S.PROPOSED: (C.CLOSING, november(23))},
    columns={
        "proposals.status": "aanvaard",
        "proposals.reacted_on": TODAY,
        "proposals.reaction": "Graag.",
    },
    mails=(("voorstel_aanvaard", "submitter"), ("reactie_indiener", "handler")),
)
REFUSE_PROPOSAL = Step(
    number=12,
    name="voorstel_niet_aanvaard",
    starts_in={S.PROPOSED},
    ends_in=S.IN_HANDLING,
    party="submitter",
    takers=SUBMITTERS,
    on_behalf=HANDLERS,
    page="voorstel/niet-aannemen",
    asks={"reason": "Schrijf op waarom het voorstel niet werkt."},
    refused_with=NO_PROPOSAL,
    stops={C.K5},
    # The 69 days that were left end on Sunday 17 January, and move on.
    starts=(Run(C.K4, TODAY, 69, "dagen", date(2027, 1, 18)),),
    next_due={S.IN_HANDLING: (C.K4, date(2027, 1, 18))},
    columns={
        "proposals.status": "niet_aanvaard",
        "proposals.reacted_on": TODAY,
        "proposals.reaction": "De gemeente werkt niet mee.",
    },
    mails=(("voorstel_niet_aanvaard", "submitter"), ("reactie_indiener", "handler")),
)
CLOSE = Step(
    number=13,
    name="afgesloten",
    starts_in={S.PROPOSED},
    ends_in=S.CLOSED,
    party="desk",
    takers=HANDLERS,
    second=REVIEWERS,
    needs=(NOT_ANSWERED, QUESTION_OPEN, TEXT_MISSING, REVIEW_OPEN, VERDICT_LOST),
    page="afsluiten",
    button="Sluit de zaak af",
    asks={
        "result": "Kies een resultaat.",
        "reason": "Schrijf op waarom dit de uitkomst is.",
        "next_step": "Schrijf op wat er nu gebeurt, en wie dat doet.",
    },
    stops=ALL,
    starts=(K6_NOW, *AFTERCARE),
    next_due={S.CLOSED: None},
    columns={**ENDED, "cases.result": "met_ontheffing_of_afwijking"},
    mails=(("afgesloten", "submitter"),),
    tells_partners=True,
)
CLOSE_LINKED = Step(
    number=14,
    name="afgesloten_met_regelknelpunt",
    starts_in={S.IN_HANDLING},
    ends_in=S.CLOSED,
    party="desk",
    takers=HANDLERS,
    second=REVIEWERS,
    needs=(VERDICT_UNDECIDED, NO_RULE_NAMED, QUESTION_OPEN, TEXT_MISSING, REVIEW_OPEN, DISAGREEMENT, RULE_NOT_ACCEPTED),
    page="afsluiten-met-regelknelpunt",
    button="Sluit af bij een regelknelpunt",
    asks={
        "bottleneck": "Kies een regelknelpunt.",
        "reason": "Schrijf op waarom alleen een andere regel helpt.",
        "next_step": "Schrijf op wat er met de regel gebeurt, en wat de indiener nu kan.",
    },
    stops=ALL,
    starts=(K6_NOW, *AFTERCARE),
    next_due={S.CLOSED: None},
    columns={**ENDED, "cases.result": "gekoppeld_aan_regelknelpunt"},
    mails=(("afgesloten", "submitter"),),
    tells_partners=True,
)
ASKED_MINISTRY = {
    "status": "open",
    "question": "Mag dit van u?",
    "article": "Proefwet, artikel 12",
    "provision_id": None,
    "law_on": november(3),
    "asked_by_id": TAKER,
    "due_on": november(23),
    "room": None,
    "answer": None,
    "ended_on": None,
    "raised_on": None,
}
CONSULT = Step(
    number=9,
    name="ministerie_gevraagd",
    starts_in={S.IN_HANDLING, S.WITH_MINISTRY},
    ends_in=S.WITH_MINISTRY,
    party="desk",
    takers=HANDLERS,
    needs=(REVIEW_OPEN,),
    page="ministerie-vragen",
    button="Vraag een ministerie",
    asks={
        "contact_id": "Kies wie u de vraag stelt.",
        "question": "Schrijf uw vraag op.",
        "article": "Kies een bepaling van deze zaak, of noem het artikel.",
    },
    starts=(K3_NOW,),  # K4 goes on
    due_by_start=True,
    # Beside a question that was open already, that one ends first.
    next_due={S.IN_HANDLING: (C.K3, november(23)), S.WITH_MINISTRY: (C.K3, november(20))},
    rows={"consultations": ASKED_MINISTRY},
    mails=(("raadpleging_gevraagd", "official"), ("ministerie_gevraagd", "submitter")),
)
BACK_FROM_MINISTRY = {S.IN_HANDLING: (C.K4, date(2027, 1, 14))}
CONSULTATION_ANSWERED = Step(
    number=10,
    name="ministerie_antwoordde",
    starts_in={S.WITH_MINISTRY},
    ends_in=S.IN_HANDLING,
    party="ministry",
    takers={OFFICIAL},
    stops={C.K3},
    next_due=BACK_FROM_MINISTRY,
    columns={
        "consultations.status": "beantwoord",
        "consultations.room": "er_is_ruimte",
        "consultations.answer": "Het tweede lid laat dit toe.",
        "consultations.ended_on": TODAY,
    },
    mails=(("ministerie_klaar", "submitter"), ("raadpleging_nieuws", "handler")),
)
CONSULTATION_RETURNED = Step(
    number=10,
    name="ministerie_verwees_terug",
    starts_in={S.WITH_MINISTRY},
    ends_in=S.IN_HANDLING,
    party="ministry",
    takers={OFFICIAL},
    stops={C.K3},
    next_due=BACK_FROM_MINISTRY,
    columns={
        "consultations.status": "niet_van_ons",
        "consultations.answer": "Vraag het aan de afdeling Bouw.",
        "consultations.ended_on": TODAY,
    },
    mails=(("ministerie_klaar", "submitter"), ("raadpleging_nieuws", "handler")),
)
CONSULTATION_UNANSWERED = Step(
    number=10,
    name="ministerie_gaf_geen_antwoord",
    starts_in={S.WITH_MINISTRY},
    ends_in=S.IN_HANDLING,
    party="desk",
    takers=HANDLERS,
    stops={C.K3},
    next_due=BACK_FROM_MINISTRY,
    columns={
        "consultations.status": "geen_antwoord",
        "consultations.ended_on": TODAY,
        "consultations.raised_on": TODAY,
    },
    mails=(
        ("raadpleging_nieuws", "head"),
        ("raadpleging_niet_meer_nodig", "official"),
        ("ministerie_klaar", "submitter"),
    ),
)
CONSULTATION_TAKEN_BACK = Step(
    number=10,
    name="vraag_aan_ministerie_ingetrokken",
    starts_in={S.WITH_MINISTRY},
    ends_in=S.IN_HANDLING,
    party="desk",
    takers=HANDLERS,
    stops={C.K3},
    next_due=BACK_FROM_MINISTRY,
    columns={"consultations.status": "vervallen", "consultations.ended_on": TODAY},
    mails=(("raadpleging_niet_meer_nodig", "official"), ("ministerie_klaar", "submitter")),
)
REFER = Step(
    number=6,
    name="doorverwezen",
    starts_in={S.SUBMITTED, S.IN_TRIAGE},
    ends_in=S.REFERRED,
    party="other",
    takers={RECEIVER},
    needs=(HANDLER_MISSING, REVIEW_OPEN),
    stops=ALL,
    next_due={S.REFERRED: None},
    columns={
        "cases.result": "buiten_bereik_warm_overgedragen",
        "cases.result_reason": "De gemeente beslist hier zelf over.",
        "cases.next_step": "U kunt terecht bij Woonloket Zwolle. Bel de balie.",
        "cases.closed_on": TODAY,
        "contacts.ends_on": date(2027, 12, 14),
        "referrals.status": "overgenomen",
        "referrals.contact": "Bel de balie.",
        "referrals.ended_on": TODAY,
    },
    mails=(("doorverwezen", "submitter"), ("overdracht_nieuws", "handler")),
    tells_partners=True,
)
REOPEN = Step(
    number=17,
    name="heropend",
    starts_in={S.CLOSED},
    ends_in=S.IN_HANDLING,
    party="desk",
    takers=HANDLERS,
    needs=(HANDLER_MISSING,),
    page="heropenen",
    button="Open de zaak opnieuw",
    asks={"reason": "Schrijf op waarom de zaak opnieuw open gaat."},
    stops=ALL,
    starts=(K4_NOW,),
    next_due={S.IN_HANDLING: (C.K4, date(2027, 1, 18))},
    columns={"cases.result": None, "cases.result_reason": None, "cases.next_step": None, "cases.closed_on": None},
    rows={"notes": {"body": "De regel is veranderd.", "author_id": TAKER}},
    mails=(("heropend", "submitter"),),
    tells_handler="heropend_bij_u",
)
HANDED_OVER = {"cases.handler_id": None, "cases.first_handler_id": SOME}
POINTS = ["De brief van 2019 is niet gelezen.", "De buurgemeente deed het wel."]
ASK_SECOND_LOOK = Step(
    number=15,
    name="heroverweging_gevraagd",
    starts_in={S.CLOSED},
    ends_in=S.RECONSIDERATION,
    party="submitter",
    takers=SUBMITTERS,
    on_behalf=HANDLERS,
    page="heroverweging",
    asks={"point_1": "Schrijf op wat wij hebben gemist of verkeerd zagen."},
    stops={C.K6},
    starts=(K8_NOW,),
    next_due={S.RECONSIDERATION: (C.K8, date(2026, 12, 21))},
    columns=HANDED_OVER,
    rows={
        "second_looks": {
            "by_submitter": True,
            "points": POINTS,
            "requested_on": TODAY,
            "closing_handler_id": HANDLER,
            "named_on": None,
            "ended_on": None,
        }
    },
    mails=(("heroverweging_ontvangen", "submitter"), ("heroverweging_wacht", "head")),
)
START_SECOND_LOOK = Step(
    number=15,
    name="heroverweging_gestart",
    starts_in={S.CLOSED},
    ends_in=S.RECONSIDERATION,
    party="desk",
    takers=HEADS,
    page="heroverweging-starten",
    button="Laat een ander de zaak opnieuw bekijken",
    asks={
        "reason": "Schrijf op waarom een ander de zaak opnieuw bekijkt.",
        "handler_id": "Kies wie de zaak opnieuw bekijkt.",
    },
    stops={C.K6},
    starts=(K8_NOW,),
    next_due={S.RECONSIDERATION: (C.K8, date(2026, 12, 21))},
    columns={"cases.handler_id": SOME, "cases.first_handler_id": SOME},
    rows={
        "second_looks": {
            "by_submitter": False,
            "points": ["Er is nieuwe rechtspraak."],
            "requested_on": TODAY,
            "closing_handler_id": HANDLER,
            "named_on": TODAY,
            "ended_on": None,
        }
    },
    mails=(("tweede_behandelaar", "submitter"), ("heroverweging_aan_u", "second")),
)
ANSWERED_POINTS = {
    "cases.first_handler_id": None,
    "second_looks.answers": ["Die is nu gelezen."],
    "second_looks.reason": "Wij lazen alles nog eens.",
    "second_looks.ended_on": TODAY,
}
KEEP_OUTCOME = Step(
    number=16,
    name="heroverweging_blijft",
    starts_in={S.RECONSIDERATION},
    ends_in=S.CLOSED,
    party="desk",
    takers=HANDLERS,
    second=HEADS,
    needs=(HANDLER_MISSING, REVIEW_OPEN),
    page="heroverweging-blijft",
    button="Laat de uitkomst zoals zij is",
    asks={"answer_1": "Beantwoord dit punt.", "reason": "Schrijf op waarom dit de uitkomst is."},
    stops={C.K8},
    next_due={S.CLOSED: (C.K1, BESIDE_DUE)},  # the others that run here stay as they were
    columns={
        **ANSWERED_POINTS,
        "second_looks.outcome": "blijft",
        "contacts.ends_on": date(2027, 12, 14),
    },
    mails=(("heroverweging_uitkomst", "submitter"),),
    tells_partners=True,
)
CHANGE_OUTCOME = Step(
    number=16,
    name="heroverweging_anders",
    starts_in={S.RECONSIDERATION},
    ends_in=S.IN_HANDLING,
    party="desk",
    takers=HANDLERS,
    second=HEADS,
    needs=(HANDLER_MISSING, REVIEW_OPEN),
    page="heroverweging-anders",
    button="Verander de uitkomst",
    asks={
        "outcome": "Kies of de hele uitkomst verandert, of een deel.",
        "answer_1": "Beantwoord dit punt.",
        "reason": "Schrijf op waarom dit de uitkomst is.",
    },
    stops=ALL,
    starts=(K4_NOW,),
    next_due={S.IN_HANDLING: (C.K4, date(2027, 1, 18))},
    columns={
        **ANSWERED_POINTS,
        "second_looks.outcome": "deels_anders",
        "cases.result": None,
        "cases.result_reason": None,
        "cases.next_step": None,
        "cases.closed_on": None,
    },
    mails=(("heroverweging_uitkomst", "submitter"),),
    tells_partners=True,
)
WITHDRAW = Step(
    number=18,
    name="ingetrokken",
    starts_in={
        S.SUBMITTED,
        S.IN_TRIAGE,
        S.AWAITING_SUPPLEMENT,
        S.IN_HANDLING,
        S.WITH_MINISTRY,
        S.PROPOSED,
        S.RECONSIDERATION,
    },
    ends_in=S.WITHDRAWN,
    party="submitter",
    takers=SUBMITTERS,
    page="intrekken",
    asks={"erase_contact": "Kies wat wij met uw contactgegevens doen."},
    stops=ALL,
    next_due={S.WITHDRAWN: None},
    columns={**NOT_WAITING, "cases.result": "ingetrokken", "cases.closed_on": TODAY},
    rows={"messages": {"kind": "aanvulling", "from_desk": False, "body": "Wij stoppen.", "author_id": TAKER}},
    mails=(("ingetrokken", "submitter"), ("reactie_indiener", "handler")),
    tells_partners=True,
    ends_question=True,
)

ARCHIVE = Step(
    number=19,
    name="gearchiveerd",
    starts_in={S.CLOSED, S.WITHDRAWN, S.REFERRED},
    ends_in=S.ARCHIVED,
    party="calendar",
    takers={CALENDAR},
    needs=(REVIEW_OPEN,),
    stops=ALL,
    next_due={S.ARCHIVED: None},
    columns={
        "cases.title": "Dossier vernietigd",
        "cases.description": "",
        "cases.verdict_plain": None,
        "cases.no_provision_reason": None,
        "cases.result_reason": None,
        "cases.next_step": None,
        "cases.draft_key": None,
        "cases.archived_on": TODAY,
        "cases.archived_as": "vernietigen",
        "assessments.reasoning": "",
        "disposal_cases.status": "uitgevoerd",
        "disposal_cases.done_at": SOME,
        "disposal_cases.counts": SOME,
        "disposal_cases.digest": SOME,
    },
    empties={"case_search", "contacts", "public_texts"},
)

STEPS = (
    FILE,
    TAKE_IN,
    REQUEST_SUPPLEMENT,
    RECEIVE_SUPPLEMENT,
    SUPPLEMENT_LAPSED,
    START_HANDLING,
    ANSWER_WITH_GUIDE,
    PROPOSE,
    ACCEPT_PROPOSAL,
    REFUSE_PROPOSAL,
    CLOSE,
    CLOSE_LINKED,
    CONSULT,
    CONSULTATION_ANSWERED,
    CONSULTATION_RETURNED,
    CONSULTATION_UNANSWERED,
    CONSULTATION_TAKEN_BACK,
    REFER,
    REOPEN,
    ASK_SECOND_LOOK,
    START_SECOND_LOOK,
    KEEP_OUTCOME,
    CHANGE_OUTCOME,
    WITHDRAW,
    ARCHIVE,
)
