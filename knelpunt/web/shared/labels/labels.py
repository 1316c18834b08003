"""The words on the screen for every closed list of the field; stored values never appear as they are."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.suggestions.results import Sureness
from knelpunt.domain.vocabulary import (
    ActorKind,
    AssessmentRole,
    CaseLinkKind,
    CaseStatus,
    Channel,
    CoSignatureStatus,
    MessageKind,
    OrganisationKind,
    ParticipantStatus,
    ProposalStatus,
    PublicationStatus,
    Result,
    ReviewStatus,
    Role,
    Route,
    RuleLevel,
    SubmitterKind,
    Theme,
    Verdict,
)
from knelpunt.web.shared.labels.guide_labels import CLAIM_OUTCOME, GUIDE_AUDIENCE, GUIDE_ORIGIN, GUIDE_STATUS
from knelpunt.web.shared.labels.reply_labels import REACTION, REPLY_CHANNEL
from knelpunt.web.shared.labels.rule_labels import (
    BOTTLENECK_CHOICE,
    BOTTLENECK_STATUS,
    CONFIDENCE,
    CONFIDENCE_EXPLANATION,
    LAW_CHANGE_KIND,
    LAW_KIND,
    LINK_STATUS,
    ROOM_TYPE,
    ROOM_TYPE_EXPLANATION,
    STANDING,
    TOUCH_STATUS,
)

CASE_STATUS = {
    CaseStatus.DRAFT: "Concept",
    CaseStatus.SUBMITTED: "Ingediend",
    CaseStatus.IN_TRIAGE: "In beoordeling",
    CaseStatus.AWAITING_SUPPLEMENT: "Wacht op aanvulling",
    CaseStatus.IN_HANDLING: "In behandeling",
    CaseStatus.WITH_MINISTRY: "Bij een ministerie",
    CaseStatus.PROPOSED: "Voorstel gedaan",
    CaseStatus.RECONSIDERATION: "In heroverweging",
    CaseStatus.REFERRED: "Doorverwezen",
    CaseStatus.CLOSED: "Afgesloten",
    CaseStatus.WITHDRAWN: "Ingetrokken",
    CaseStatus.ARCHIVED: "Gearchiveerd",
}
CASE_STATUS_EXPLANATION = {
    CaseStatus.DRAFT: "De melding is nog niet verstuurd.",
    CaseStatus.SUBMITTED: "De melding is binnen. Het loket heeft nog niet gereageerd.",
    CaseStatus.IN_TRIAGE: "Het loket bekijkt welke regel in de weg staat, en of dat zo is.",
    CaseStatus.AWAITING_SUPPLEMENT: "Het loket heeft iets gevraagd. De indiener is aan zet.",
    CaseStatus.IN_HANDLING: "Het loket zoekt een oplossing.",
    CaseStatus.WITH_MINISTRY: "Een ministerie is om een antwoord gevraagd.",
    CaseStatus.PROPOSED: "Er ligt een voorstel. De indiener is aan zet.",
    CaseStatus.RECONSIDERATION: "Een andere behandelaar bekijkt het opnieuw.",
    CaseStatus.REFERRED: "Een andere instantie heeft de melding overgenomen.",
    CaseStatus.CLOSED: "Er is een antwoord, met een reden en een volgende stap.",
    CaseStatus.WITHDRAWN: "De indiener heeft de melding ingetrokken.",
    CaseStatus.ARCHIVED: "De zaak is klaar en wordt bewaard.",
}
RESULT = {
    Result.WITHIN_RULES: "Opgelost binnen de regels die er zijn",
    Result.WITH_ONTHEFFING: "Opgelost met een ontheffing of afwijking",
    Result.VIA_EXPERIMENT: "Opgelost met een experiment",
    Result.OTHER_PRACTICE: "Opgelost doordat de regel anders wordt toegepast",
    Result.LINKED_TO_BOTTLENECK: "Gekoppeld aan een regelknelpunt",
    Result.ANSWERED_BY_GUIDE: "Beantwoord met een ruimtewijzer",
    Result.NOT_SOLVABLE: "Niet op te lossen, met uitleg waarom",
    Result.OUT_OF_REACH: "Overgedragen aan een andere instantie",
    Result.WITHDRAWN: "Ingetrokken door de indiener",
    Result.DUPLICATE: "Dubbel van een eigen melding",
}
VERDICT = {
    Verdict.UNDECIDED: "Nog onbeslist",
    Verdict.PERCEIVED: "De regel staat het toe",
    Verdict.OWN_AUTHORITY: "Ruimte bij de eigen overheid",
    Verdict.STRICT_PRACTICE: "Te streng uitgelegd",
    Verdict.BY_ONTHEFFING_OR_EXPERIMENT: "Kan met ontheffing of experiment",
    Verdict.NATIONAL_RULE: "Een landelijke regel belemmert",
    Verdict.EU_OR_TREATY: "Een Europese regel of een verdrag belemmert",
    Verdict.LOCAL_RULE: "Een regel van gemeente, provincie of waterschap belemmert",
    Verdict.STACKED_RULES: "Regels stapelen of botsen",
    Verdict.NOT_A_RULE: "Het ligt niet aan een regel",
}
VERDICT_EXPLANATION = {
    Verdict.UNDECIDED: "Het loket weet nog niet wat er in de weg staat.",
    Verdict.PERCEIVED: "Het leek niet te mogen, maar de regel staat het toe.",
    Verdict.OWN_AUTHORITY: "De overheid die hierover gaat, mag het toestaan, maar doet dat nog niet.",
    Verdict.STRICT_PRACTICE: "De regel wordt strenger gelezen of toegepast dan nodig is.",
    Verdict.BY_ONTHEFFING_OR_EXPERIMENT: "Het mag alleen met een ontheffing, of als experiment.",
    Verdict.NATIONAL_RULE: "Een wet of besluit van het Rijk staat het plan echt in de weg.",
    Verdict.EU_OR_TREATY: "Een regel van de Europese Unie of een verdrag staat het plan echt in de weg.",
    Verdict.LOCAL_RULE: "Een regel van de gemeente, de provincie of het waterschap staat het plan echt in de weg.",
    Verdict.STACKED_RULES: "Verschillende regels samen maken het plan onmogelijk, of spreken elkaar tegen.",
    Verdict.NOT_A_RULE: "Er is iets anders nodig: geld, mensen, tijd of steun.",
}
PUBLICATION = {
    PublicationStatus.INTERNAL: "Niet openbaar",
    PublicationStatus.PREVIEW: "Ter inzage bij de indiener",
    PublicationStatus.PUBLIC: "Openbaar",
    PublicationStatus.WITHDRAWN: "Teruggetrokken",
}
SUBMITTER_KIND = {
    SubmitterKind.CITIZEN_INITIATIVE: "Bewonersinitiatief",
    SubmitterKind.MUNICIPALITY: "Gemeente",
    SubmitterKind.PROVINCE: "Provincie",
    SubmitterKind.HOUSING_CORPORATION: "Woningcorporatie",
    SubmitterKind.SCHOOL_BOARD: "Schoolbestuur",
    SubmitterKind.OTHER: "Andere indiener",
}
ORGANISATION_KIND = {
    OrganisationKind.MUNICIPALITY: "Gemeente",
    OrganisationKind.PROVINCE: "Provincie",
    OrganisationKind.MINISTRY: "Ministerie",
    OrganisationKind.HOUSING_CORPORATION: "Woningcorporatie",
    OrganisationKind.SCHOOL_BOARD: "Schoolbestuur",
    OrganisationKind.INITIATIVE: "Initiatief",
    OrganisationKind.OTHER: "Andere organisatie",
}
THEME = {
    Theme.HOUSING: "Wonen",
    Theme.VACANCY: "Leegstand",
    Theme.PUBLIC_SPACE: "Openbare ruimte",
    Theme.ENERGY: "Energie",
    Theme.NATURE_WATER: "Natuur en water",
    Theme.CARE: "Zorg en welzijn",
    Theme.EDUCATION: "Onderwijs",
    Theme.WORK_INCOME: "Werk en inkomen",
    Theme.SHOPS_HORECA: "Winkels en horeca",
    Theme.MOBILITY: "Verkeer en vervoer",
    Theme.CULTURE_SPORT: "Cultuur en sport",
    Theme.SAFETY: "Veiligheid",
    Theme.OTHER: "Iets anders",
    Theme.UNKNOWN: "Onderwerp niet bekend",
}
RULE_LEVEL = {
    RuleLevel.MUNICIPALITY: "Gemeente",
    RuleLevel.PROVINCE: "Provincie",
    RuleLevel.WATER_BOARD: "Waterschap",
    RuleLevel.STATE: "Het Rijk",
    RuleLevel.EU: "Europese Unie",
    RuleLevel.NONE: "Geen regel",
}
ROUTE = {
    Route.EXPLAIN: "Uitleggen wat er mag",
    Route.OWN_POWER: "De overheid die erover gaat, beslist zelf",
    Route.ONTHEFFING: "Ontheffing of maatwerk",
    Route.EXPERIMENT: "Experiment",
    Route.CONSULT_MINISTRY: "Overleg met een ministerie",
    Route.RULE_CHANGE: "De regel laten veranderen",
    Route.HAND_OVER: "Overdragen aan een andere instantie",
}
ASSESSMENT_ROLE = {
    AssessmentRole.BLOCKS: "Belemmert",
    AssessmentRole.OFFERS_ROOM: "Biedt ruimte",
}
SUGGESTION_DECISION = {
    SuggestionDecision.CONFIRMED: "Bevestigd",
    SuggestionDecision.REFUSED: "Afgewezen",
}
REFUSAL_REASON = {
    RefusalReason.OTHER_SUBJECT: "Gaat over iets anders",
    RefusalReason.OTHER_RULE_FITS: "Een andere regel past beter",
    RefusalReason.CONDITIONS: "De voorwaarden zijn niet vervuld",
    RefusalReason.NOT_THEN: "Gold toen niet",
    RefusalReason.ALREADY_TRIED: "Is al geprobeerd",
}
SURENESS = {
    Sureness.STRONG: "Past sterk",
    Sureness.FAIR: "Past redelijk",
    Sureness.WEAK: "Past zwak",
}
CASE_LINK_KIND = {
    CaseLinkKind.DUPLICATE: "Dubbel van een eigen melding",
    CaseLinkKind.FOLLOW_UP: "Vervolg op",
    CaseLinkKind.SPLIT: "Afgesplitst van",
    CaseLinkKind.SAME_PROJECT: "Zelfde project",
    CaseLinkKind.SAME_RULE: "Zelfde regel",
}
MESSAGE_KIND = {
    MessageKind.QUESTION: "Vraag",
    MessageKind.ANSWER: "Antwoord",
    MessageKind.ADDITION: "Aanvulling",
    MessageKind.NOTICE: "Bericht",
    MessageKind.OBJECTION: "Bezwaar tegen de openbare tekst",
}
PROPOSAL_STATUS = {
    ProposalStatus.IN_REVIEW: "Wacht op een tweede persoon",
    ProposalStatus.SENT: "Verstuurd aan de indiener",
    ProposalStatus.ACCEPTED: "Aanvaard",
    ProposalStatus.REFUSED: "Niet aanvaard",
    ProposalStatus.LAPSED: "Geen reactie ontvangen",
    ProposalStatus.DROPPED: "Vervallen",
}
REVIEW_STATUS = {
    ReviewStatus.OPEN: "Wacht op een tweede persoon",
    ReviewStatus.APPROVED: "Akkoord",
    ReviewStatus.RETURNED: "Teruggegeven",
    ReviewStatus.CANCELLED: "Ingetrokken",
}
PARTICIPANT_STATUS = {
    ParticipantStatus.ASKED: "Gevraagd",
    ParticipantStatus.JOINED: "Doet mee",
    ParticipantStatus.DECLINED: "Doet niet mee",
}
CO_SIGNATURE_STATUS = {
    CoSignatureStatus.ASKED: "Gevraagd",
    CoSignatureStatus.SIGNED: "Getekend",
    CoSignatureStatus.RETURNED: "Teruggestuurd",
    CoSignatureStatus.VOID: "Vervallen",
}
CHANNEL = {
    Channel.ONLINE: "Via de site",
    Channel.DESK: "Ingevoerd door het loket",
    Channel.IMPORT: "Ingelezen uit een bron",
}
MAIL_CHOICE = {
    MailChoice.ALL: "Alles: ook berichten waarvoor u niets hoeft te doen",
    MailChoice.MY_TURN: "Als ik aan zet ben, met herinneringen, en het eindantwoord",
    MailChoice.NEEDED: "Alleen wat nodig is",
}
ACTOR_KIND = {
    ActorKind.ACCOUNT: "Iemand met een account",
    ActorKind.SUBMITTER_LINK: "De indiener, via de volglink",
    ActorKind.VISITOR: "Een bezoeker",
    ActorKind.SYSTEM: "Het systeem",
}
ROLE = {
    Role.MEMBER: "Medewerker",
    Role.FILER: "Indiener",
    Role.ORGANISATION_ADMIN: "Beheerder van de organisatie",
    Role.TRIAGER: "Triagist",
    Role.HANDLER: "Behandelaar",
    Role.REVIEWER: "Toetser",
    Role.HEAD_OF_DESK: "Hoofd van het loket",
    Role.BOTTLENECK_OWNER: "Eigenaar van een regelknelpunt",
    Role.REPORT_AUTHOR: "Auteur van het kwartaalbericht",
    Role.ADMINISTRATOR: "Beheerder",
    Role.AUDITOR: "Auditor",
}
CLOCK = {clock: clock.label for clock in Clock}
CLOCK_EXPLANATION = {clock: clock.explanation for clock in Clock}
UNIT = {
    Unit.WORKING_DAYS: "Werkdagen",
    Unit.CALENDAR_DAYS: "Dagen",
    Unit.WEEKS: "Weken",
    Unit.MONTHS: "Maanden",
}
STEP = {
    "ingediend": "Melding indienen",
    "in_triage_genomen": "In beoordeling nemen",
    "aanvulling_gevraagd": "Aanvulling vragen",
    "aanvulling_ontvangen": "Aanvulling geven",
    "geen_reactie_ontvangen": "Verder zonder reactie",
    "in_behandeling_genomen": "In behandeling nemen",
    "voorstel_gedaan": "Voorstel doen",
    "voorstel_niet_aanvaard": "Voorstel niet aanvaarden",
    "beantwoord_met_ruimtewijzer": "Beantwoorden met een ruimtewijzer",
    "afgesloten": "Afsluiten",
    "afgesloten_met_regelknelpunt": "Afsluiten bij een regelknelpunt",
    "heropend": "Opnieuw openen",
    "ingetrokken": "Intrekken",
}
"""What somebody does in a step of the workflow, by the step's stored name."""

FORM_FIELD = {
    "project": "Project",
    "search_words": "Zoekwoorden",
    "confidence_note": "Wat niet is nagelezen",
    "sources": "Bronnen",
    "examples": "Wie het eerder deed",
    "rules": "De regels",
    "model_text": "Tekst om over te nemen",
    "who_decides": "Wie beslist",
    "short_answer": "Het korte antwoord",
    "room": "De ruimte",
    "title": "Titel",
    "description": "Beschrijving",
    "goal": "Wat u wilt bereiken",
    "place": "Plaats",
    "rule_words": "De regel",
    "tried": "Wat al is geprobeerd",
    "involved": "Wie erbij betrokken zijn",
    "wanted": "Wat u vraagt",
    "contact_name": "Naam",
    "contact_email": "E-mailadres",
    "contact_phone": "Telefoonnummer",
    "name": "Naam",
    "email": "E-mailadres",
    "body": "Tekst",
    "text": "Tekst",
    "question": "Vraag",
    "why": "Waarom",
    "answer": "Antwoord",
    "plain": "Oordeel in gewone woorden",
    "legal": "Oordeel in juridische woorden",
    "reasoning": "Onderbouwing",
    "no_provision_reason": "Waarom er geen bepaling is",
    "legal_basis": "Juridische grondslag",
    "conditions": "Voorwaarden",
    "who_acts": "Wie iets doet",
    "reason": "Reden",
    "next_step": "Volgende stap",
    "remark": "Opmerking",
    "objection": "Bezwaar",
}
"""Names of what was typed, for an error page that shows it back."""

_ALL: tuple[Mapping[Any, str], ...] = (
    CASE_STATUS,
    RESULT,
    VERDICT,
    PUBLICATION,
    SUBMITTER_KIND,
    ORGANISATION_KIND,
    THEME,
    RULE_LEVEL,
    ROUTE,
    ASSESSMENT_ROLE,
    SUGGESTION_DECISION,
    REFUSAL_REASON,
    SURENESS,
    CASE_LINK_KIND,
    MESSAGE_KIND,
    PROPOSAL_STATUS,
    REVIEW_STATUS,
    CHANNEL,
    CO_SIGNATURE_STATUS,
    PARTICIPANT_STATUS,
    MAIL_CHOICE,
    ACTOR_KIND,
    ROLE,
    CLOCK,
    UNIT,
    ROOM_TYPE,
    LAW_KIND,
    CONFIDENCE,
    STANDING,
    BOTTLENECK_STATUS,
    BOTTLENECK_CHOICE,
    LINK_STATUS,
    LAW_CHANGE_KIND,
    TOUCH_STATUS,
    GUIDE_STATUS,
    GUIDE_AUDIENCE,
    GUIDE_ORIGIN,
    CLAIM_OUTCOME,
    REPLY_CHANNEL,
    REACTION,
)
# Members of different enums can be equal text ("anders"), so the class is part of the key.
_LABELS = {(type(member), member.value): words for table in _ALL for member, words in table.items()}
_EXPLANATIONS: dict[tuple[type[StrEnum], str], str] = {
    (type(member), member.value): words
    for table in (
        CASE_STATUS_EXPLANATION,
        VERDICT_EXPLANATION,
        CLOCK_EXPLANATION,
        ROOM_TYPE_EXPLANATION,
        CONFIDENCE_EXPLANATION,
    )
    for member, words in table.items()
}


def label(member: StrEnum) -> str:
    """The Dutch words for a member of one of the closed lists; KeyError when it has none."""
    return _LABELS[type(member), member.value]


def topic(theme: Theme) -> str:
    """What a case is about, to stand over its title; empty when nobody knew."""
    return "" if theme is Theme.UNKNOWN else label(theme)


def explanation(member: StrEnum) -> str:
    """One plain Dutch sentence on a state, verdict, clock, kind of room or confidence; empty when there is none."""
    return _EXPLANATIONS.get((type(member), member.value), "")


def step_label(name: str) -> str:
    """What somebody does in a step of the workflow; KeyError for a step without words."""
    return STEP[name]
