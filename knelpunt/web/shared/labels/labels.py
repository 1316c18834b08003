"""The words on the screen for every closed list of the field; stored values never appear as they are."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from knelpunt.domain.archive.retention import (
    CATEGORY_STATUS,
    DISPOSAL_STATUS,
    DISPOSITION,
    HOLD_GROUND,
    LISTED_STATUS,
)
from knelpunt.domain.bottlenecks import STATUS_NAMES, BottleneckChoice, LinkStatus
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.cases.replies import Reaction, ReplyChannel
from knelpunt.domain.cases.second_looks import MOST_POINTS
from knelpunt.domain.cases.words import ASSESSMENT_ROLE, RESULT, SUBMITTER_KIND, THEME, VERDICT
from knelpunt.domain.figures.promises import HowOften
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideOrigin, GuideStatus
from knelpunt.domain.laws.changes import CHANGE_WORDS, TouchStatus
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.mail_kinds import MailChoice, NotificationChoice
from knelpunt.domain.permissions import SCOPE_WORDS
from knelpunt.domain.post.incoming import Decision, Settled
from knelpunt.domain.quarters.findings import FindingDecision
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.suggestions.results import Sureness
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import (
    ActorKind,
    AftercareAnswer,
    BulkKind,
    BulkOutcome,
    CaseLinkKind,
    CaseStatus,
    Channel,
    ConsentSource,
    ConsultationStatus,
    CoSignatureStatus,
    EventKind,
    MessageKind,
    OrganisationKind,
    ParticipantStatus,
    Priority,
    ProposalStatus,
    PublicationStatus,
    Reach,
    ReferralStatus,
    ReviewStatus,
    Role,
    RoomAnswer,
    Route,
    RuleLevel,
    SecondLookOutcome,
    Theme,
    Verdict,
)
from knelpunt.web.shared.texts import gettext, lazy_gettext, said

CASE_STATUS = {
    CaseStatus.DRAFT: Text("Concept"),
    CaseStatus.SUBMITTED: Text("Ingediend"),
    CaseStatus.IN_TRIAGE: Text("In beoordeling"),
    CaseStatus.AWAITING_SUPPLEMENT: Text("Wacht op aanvulling"),
    CaseStatus.IN_HANDLING: Text("In behandeling"),
    CaseStatus.WITH_MINISTRY: Text("Bij een ministerie"),
    CaseStatus.PROPOSED: Text("Voorstel gedaan"),
    CaseStatus.RECONSIDERATION: Text("In heroverweging"),
    CaseStatus.REFERRED: Text("Doorverwezen"),
    CaseStatus.CLOSED: Text("Afgesloten"),
    CaseStatus.WITHDRAWN: Text("Ingetrokken"),
    CaseStatus.ARCHIVED: Text("Gearchiveerd"),
}
CASE_STATUS_EXPLANATION = {
    CaseStatus.DRAFT: Text("De melding is nog niet verstuurd."),
    CaseStatus.SUBMITTED: Text("De melding is binnen. Het loket heeft nog niet gereageerd."),
    CaseStatus.IN_TRIAGE: Text("Het loket bekijkt welke regel in de weg staat, en of dat zo is."),
    CaseStatus.AWAITING_SUPPLEMENT: Text("Het loket heeft iets gevraagd. De indiener is aan zet."),
    CaseStatus.IN_HANDLING: Text("Het loket zoekt een oplossing."),
    CaseStatus.WITH_MINISTRY: Text("Een ministerie is om een antwoord gevraagd."),
    CaseStatus.PROPOSED: Text("Er ligt een voorstel. De indiener is aan zet."),
    CaseStatus.RECONSIDERATION: Text("Een andere behandelaar bekijkt het opnieuw."),
    CaseStatus.REFERRED: Text("Een andere instantie heeft de melding overgenomen."),
    CaseStatus.CLOSED: Text("Er is een antwoord, met een reden en een volgende stap."),
    CaseStatus.WITHDRAWN: Text("De indiener heeft de melding ingetrokken."),
    CaseStatus.ARCHIVED: Text("De zaak is klaar. Er verandert niets meer aan."),
}
VERDICT_EXPLANATION = {
    Verdict.UNDECIDED: Text("Het loket weet nog niet wat er in de weg staat."),
    Verdict.PERCEIVED: Text("Het leek niet te mogen, maar de regel staat het toe."),
    Verdict.OWN_AUTHORITY: Text("De overheid die hierover gaat, mag het toestaan, maar doet dat nog niet."),
    Verdict.STRICT_PRACTICE: Text("De regel wordt strenger gelezen of toegepast dan nodig is."),
    Verdict.BY_ONTHEFFING_OR_EXPERIMENT: Text("Het mag alleen met een ontheffing, of als experiment."),
    Verdict.NATIONAL_RULE: Text("Een wet of besluit van het Rijk staat het plan echt in de weg."),
    Verdict.EU_OR_TREATY: Text("Een regel van de Europese Unie of een verdrag staat het plan echt in de weg."),
    Verdict.LOCAL_RULE: Text(
        "Een regel van de gemeente, de provincie of het waterschap staat het plan echt in de weg."
    ),
    Verdict.STACKED_RULES: Text("Verschillende regels samen maken het plan onmogelijk, of spreken elkaar tegen."),
    Verdict.NOT_A_RULE: Text("Er is iets anders nodig: geld, mensen, tijd of steun."),
}
PUBLICATION = {
    PublicationStatus.INTERNAL: Text("Niet openbaar"),
    PublicationStatus.PREVIEW: Text("Ter inzage bij de indiener"),
    PublicationStatus.PUBLIC: Text("Openbaar"),
    PublicationStatus.WITHDRAWN: Text("Teruggetrokken"),
}
ORGANISATION_KIND = {
    OrganisationKind.MUNICIPALITY: Text("Gemeente"),
    OrganisationKind.PROVINCE: Text("Provincie"),
    OrganisationKind.MINISTRY: Text("Ministerie"),
    OrganisationKind.HOUSING_CORPORATION: Text("Woningcorporatie"),
    OrganisationKind.SCHOOL_BOARD: Text("Schoolbestuur"),
    OrganisationKind.INITIATIVE: Text("Initiatief"),
    OrganisationKind.OTHER: Text("Andere organisatie"),
}
RULE_LEVEL = {
    RuleLevel.MUNICIPALITY: Text("Gemeente"),
    RuleLevel.PROVINCE: Text("Provincie"),
    RuleLevel.WATER_BOARD: Text("Waterschap"),
    RuleLevel.STATE: Text("Het Rijk"),
    RuleLevel.EU: Text("Europese Unie"),
    RuleLevel.NONE: Text("Geen regel"),
}
ROUTE = {
    Route.EXPLAIN: Text("Uitleggen wat er mag"),
    Route.OWN_POWER: Text("De overheid die erover gaat, beslist zelf"),
    Route.ONTHEFFING: Text("Ontheffing of maatwerk"),
    Route.EXPERIMENT: Text("Experiment"),
    Route.CONSULT_MINISTRY: Text("Overleg met een ministerie"),
    Route.RULE_CHANGE: Text("De regel laten veranderen"),
    Route.HAND_OVER: Text("Overdragen aan een andere instantie"),
}
SUGGESTION_DECISION = {
    SuggestionDecision.CONFIRMED: Text("Bevestigd"),
    SuggestionDecision.REFUSED: Text("Afgewezen"),
}
REFUSAL_REASON = {
    RefusalReason.OTHER_SUBJECT: Text("Gaat over iets anders"),
    RefusalReason.OTHER_RULE_FITS: Text("Een andere regel past beter"),
    RefusalReason.CONDITIONS: Text("De voorwaarden zijn niet vervuld"),
    RefusalReason.NOT_THEN: Text("Gold toen niet"),
    RefusalReason.ALREADY_TRIED: Text("Is al geprobeerd"),
}
SURENESS = {
    Sureness.STRONG: Text("Past sterk"),
    Sureness.FAIR: Text("Past redelijk"),
    Sureness.WEAK: Text("Past zwak"),
}
CASE_LINK_KIND = {
    CaseLinkKind.DUPLICATE: Text("Dubbel van een eigen melding"),
    CaseLinkKind.FOLLOW_UP: Text("Vervolg op"),
    CaseLinkKind.SPLIT: Text("Afgesplitst van"),
    CaseLinkKind.SAME_PROJECT: Text("Zelfde project"),
    CaseLinkKind.SAME_RULE: Text("Zelfde regel"),
}
PRIORITY = {Priority.HIGH: Text("Hoge prioriteit"), Priority.NORMAL: Text("Gewone prioriteit")}
BULK_KIND = {
    BulkKind.ASSIGN: Text("Behandelaar aanwijzen"),
    BulkKind.LABEL: Text("Label geven"),
    BulkKind.LINK: Text("Bij een regelknelpunt zetten"),
    BulkKind.PRIORITY: Text("Prioriteit geven"),
    BulkKind.MESSAGE: Text("Bericht sturen aan indieners"),
}
BULK_OUTCOME = {BulkOutcome.DONE: Text("Gedaan"), BulkOutcome.SKIPPED: Text("Overgeslagen")}
REACH = {
    Reach.MAIL: Text("Een mail, en op de eigen pagina"),
    Reach.LETTER: Text("Een brief of telefoontje, en op de eigen pagina"),
    Reach.PAGE: Text("Alleen op de eigen pagina: kiest voor minder mails"),
    Reach.TASK: Text("Alleen op de eigen pagina: het e-mailadres bestaat niet. De mail wordt een taak"),
    Reach.NOBODY: Text("Niets: er zijn geen contactgegevens"),
}
MESSAGE_KIND = {
    MessageKind.QUESTION: Text("Vraag"),
    MessageKind.ANSWER: Text("Antwoord"),
    MessageKind.ADDITION: Text("Aanvulling"),
    MessageKind.MAIL: Text("E-mail"),
    MessageKind.NOTICE: Text("Bericht"),
    MessageKind.OBJECTION: Text("Bezwaar tegen de openbare tekst"),
}
PROPOSAL_STATUS = {
    ProposalStatus.IN_REVIEW: Text("Wacht op een tweede persoon"),
    ProposalStatus.SENT: Text("Verstuurd aan de indiener"),
    ProposalStatus.ACCEPTED: Text("Aanvaard"),
    ProposalStatus.REFUSED: Text("Niet aanvaard"),
    ProposalStatus.LAPSED: Text("Geen reactie ontvangen"),
    ProposalStatus.DROPPED: Text("Vervallen"),
}
REVIEW_STATUS = {
    ReviewStatus.OPEN: Text("Wacht op een tweede persoon"),
    ReviewStatus.APPROVED: Text("Akkoord"),
    ReviewStatus.RETURNED: Text("Teruggegeven"),
    ReviewStatus.CANCELLED: Text("Ingetrokken"),
}
SECOND_LOOK_OUTCOME = {
    SecondLookOutcome.KEPT: Text("De uitkomst blijft"),
    SecondLookOutcome.CHANGED: Text("De uitkomst verandert"),
    SecondLookOutcome.PARTLY: Text("De uitkomst verandert voor een deel"),
}
AFTERCARE_ANSWER = {
    AftercareAnswer.YES: Text("Ja, het project gaat door of is klaar"),
    AftercareAnswer.BUSY: Text("Wij zijn er nog mee bezig"),
    AftercareAnswer.STUCK: Text("Het zit nog vast"),
    AftercareAnswer.NO: Text("Nee, het gaat niet door"),
}
PARTICIPANT_STATUS = {
    ParticipantStatus.ASKED: Text("Gevraagd"),
    ParticipantStatus.JOINED: Text("Doet mee"),
    ParticipantStatus.DECLINED: Text("Doet niet mee"),
}
CO_SIGNATURE_STATUS = {
    CoSignatureStatus.ASKED: Text("Gevraagd"),
    CoSignatureStatus.SIGNED: Text("Getekend"),
    CoSignatureStatus.RETURNED: Text("Teruggestuurd"),
    CoSignatureStatus.VOID: Text("Vervallen"),
}
REFERRAL_STATUS = {
    ReferralStatus.CONSENT_ASKED: Text("Wacht op toestemming van de indiener"),
    ReferralStatus.OFFERED: Text("Wacht op de andere instantie"),
    ReferralStatus.TAKEN: Text("Overgenomen"),
    ReferralStatus.REFUSED: Text("Niet overgenomen"),
    ReferralStatus.LAPSED: Text("Geen reactie op tijd"),
    ReferralStatus.NOT_SHARED: Text("Geen toestemming om te delen"),
    ReferralStatus.ENDED: Text("Aanbod ingetrokken"),
}
CONSENT_SOURCE = {
    ConsentSource.ON_PAGE: Text("Op de pagina van de melding. Wij vragen het daar eerst"),
    ConsentSource.TELEPHONE: Text("Ja, per telefoon"),
    ConsentSource.LETTER: Text("Ja, per brief"),
    ConsentSource.COUNTER: Text("Ja, aan de balie"),
    ConsentSource.MAIL: Text("Ja, per e-mail"),
}
CONSULTATION_STATUS = {
    ConsultationStatus.OPEN: Text("Wacht op antwoord"),
    ConsultationStatus.ANSWERED: Text("Beantwoord"),
    ConsultationStatus.NOT_THEIRS: Text("Gaat er niet over"),
    ConsultationStatus.UNANSWERED: Text("Geen antwoord gekregen"),
    ConsultationStatus.ENDED: Text("Niet meer nodig"),
}
ROOM_ANSWER = {
    RoomAnswer.ROOM: Text("Er is ruimte"),
    RoomAnswer.NO_ROOM: Text("Er is geen ruimte"),
    RoomAnswer.OTHER: Text("Het ligt anders"),
}
CHANNEL = {
    Channel.ONLINE: Text("Via de site"),
    Channel.DESK: Text("Ingevoerd door het loket"),
    Channel.IMPORT: Text("Ingelezen uit een bron"),
}
MAIL_CHOICE = {
    MailChoice.ALL: Text("Alles: ook berichten waarvoor u niets hoeft te doen"),
    MailChoice.WEEKLY: Text("Eén keer per week, op maandag. Een mail met een termijn komt meteen"),
    MailChoice.MY_TURN: Text("Als ik aan zet ben, met herinneringen, en het eindantwoord"),
    MailChoice.NEEDED: Text("Alleen wat nodig is"),
}
NOTIFICATION_CHOICE = {
    NotificationChoice.EACH: Text("Elke melding in een eigen mail"),
    NotificationChoice.DIGEST: Text("Op werkdagen één mail met alles, als er iets nieuws is"),
    NotificationChoice.NONE: Text("Geen mail: ik kijk zelf op de pagina"),
}
ACTOR_KIND = {
    ActorKind.ACCOUNT: Text("Iemand met een account"),
    ActorKind.SUBMITTER_LINK: Text("De indiener, via de volglink"),
    ActorKind.ANSWER_LINK: Text("Wie om een antwoord is gevraagd, via een link"),
    ActorKind.CLIENT: Text("Een systeem van een organisatie, via een koppeling"),
    ActorKind.VISITOR: Text("Een bezoeker"),
    ActorKind.SYSTEM: Text("Het systeem"),
}
ROLE = {
    Role.MEMBER: Text("Medewerker"),
    Role.FILER: Text("Indiener"),
    Role.ORGANISATION_ADMIN: Text("Beheerder van de organisatie"),
    Role.TRIAGER: Text("Triagist"),
    Role.HANDLER: Text("Behandelaar"),
    Role.REVIEWER: Text("Toetser"),
    Role.HEAD_OF_DESK: Text("Hoofd van het loket"),
    Role.BOTTLENECK_OWNER: Text("Eigenaar van een regelknelpunt"),
    Role.REPORT_AUTHOR: Text("Auteur van het kwartaalbericht"),
    Role.ADMINISTRATOR: Text("Beheerder"),
    Role.AUDITOR: Text("Auditor"),
}
CLOCK = {clock: clock.label for clock in Clock}
CLOCK_EXPLANATION = {clock: clock.explanation for clock in Clock}
UNIT = {
    Unit.WORKING_DAYS: Text("Werkdagen"),
    Unit.CALENDAR_DAYS: Text("Dagen"),
    Unit.WEEKS: Text("Weken"),
    Unit.MONTHS: Text("Maanden"),
}

FORM_FIELD = {
    "project": Text("Project"),
    "search_words": Text("Zoekwoorden"),
    "confidence_note": Text("Wat niet is nagelezen"),
    "sources": Text("Bronnen"),
    "examples": Text("Wie het eerder deed"),
    "rules": Text("De regels"),
    "model_text": Text("Tekst om over te nemen"),
    "who_decides": Text("Wie beslist"),
    "short_answer": Text("Het korte antwoord"),
    "room": Text("De ruimte"),
    "title": Text("Titel"),
    "description": Text("Beschrijving"),
    "goal": Text("Wat u wilt bereiken"),
    "place": Text("Plaats"),
    "rule_words": Text("De regel"),
    "tried": Text("Wat al is geprobeerd"),
    "involved": Text("Wie erbij betrokken zijn"),
    "wanted": Text("Wat u vraagt"),
    "contact_name": Text("Naam"),
    "contact_email": Text("E-mailadres"),
    "contact_phone": Text("Telefoonnummer"),
    "name": Text("Naam"),
    "email": Text("E-mailadres"),
    "body": Text("Tekst"),
    "text": Text("Tekst"),
    "question": Text("Vraag"),
    "why": Text("Waarom"),
    "answer": Text("Antwoord"),
    "plain": Text("Oordeel in gewone woorden"),
    "legal": Text("Oordeel in juridische woorden"),
    "reasoning": Text("Onderbouwing"),
    "no_provision_reason": Text("Waarom er geen bepaling is"),
    "legal_basis": Text("Juridische grondslag"),
    "conditions": Text("Voorwaarden"),
    "who_acts": Text("Wie iets doet"),
    "reason": Text("Reden"),
    "next_step": Text("Volgende stap"),
    "remark": Text("Opmerking"),
    "objection": Text("Bezwaar"),
    **{f"point_{number}": Text("Wat u mist") for number in range(1, MOST_POINTS + 1)},
    **{f"answer_{number}": Text("Antwoord op een punt") for number in range(1, MOST_POINTS + 1)},
    "words": Text("Toelichting"),
}
"""Names of what was typed, for an error page that shows it back."""

GUIDE_STATUS = {
    GuideStatus.DRAFT: Text("Concept"),
    GuideStatus.REVIEWED: Text("Juridisch getoetst"),
    GuideStatus.PUBLIC: Text("Openbaar"),
    GuideStatus.RECHECK: Text("Hercontrole nodig"),
    GuideStatus.EXPIRED: Text("Vervallen"),
}
GUIDE_AUDIENCE = {
    GuideAudience.RESIDENTS: Text("Bewoners"),
    GuideAudience.MUNICIPALITIES: Text("Gemeenten"),
    GuideAudience.CORPORATIONS: Text("Woningcorporaties"),
    GuideAudience.SCHOOLS: Text("Scholen"),
}
GUIDE_ORIGIN = {
    GuideOrigin.SHIPPED: Text("Meegeleverd met het systeem"),
    GuideOrigin.DESK: Text("Geschreven door het loket"),
}
CLAIM_OUTCOME = {
    ClaimOutcome.WORKED: Text("Ja, gelukt"),
    ClaimOutcome.PARTLY: Text("Deels gelukt"),
    ClaimOutcome.FAILED: Text("Niet gelukt"),
}
HOW_OFTEN = {
    HowOften.NOT_OWED: Text("niet aan de orde"),
    HowOften.EVERY_TIME: Text("elke keer"),
    HowOften.MOSTLY: Text("meestal"),
    HowOften.SOMETIMES: Text("soms"),
    HowOften.NEVER: Text("geen enkele keer"),
}
REPLY_CHANNEL = {
    ReplyChannel.TELEPHONE: "Per telefoon",
    ReplyChannel.LETTER: "Per brief",
    ReplyChannel.COUNTER: "Aan de balie",
    ReplyChannel.MAIL: "Per e-mail",
}
REACTION = {
    Reaction.ANSWER: "Antwoord op onze vraag",
    Reaction.ACCEPT: "Het voorstel helpt: de indiener neemt het aan",
    Reaction.REFUSE: "Het voorstel helpt niet",
    Reaction.OBJECT: "De openbare tekst moet anders",
    Reaction.SECOND_LOOK: "De indiener is het niet eens met de uitkomst en vraagt een heroverweging",
    Reaction.SHARE: "De indiener vindt het goed dat wij de melding en de contactgegevens delen",
    Reaction.NOT_SHARE: "De indiener vindt het niet goed dat wij de melding delen",
    Reaction.ADD: "Iets anders: een toevoeging aan de melding",
}
ROOM_TYPE = {
    RoomType.WITHIN_RULES: Text("Kan binnen de regels"),
    RoomType.ONTHEFFING: Text("Maatwerk of ontheffing"),
    RoomType.AREA: Text("Gebied aanwijzen"),
    RoomType.EXPERIMENT: Text("Experiment"),
    RoomType.AMVB_CHANGE: Text("Besluit of regeling wijzigen"),
    RoomType.LAW_CHANGE: Text("Wet wijzigen"),
}
ROOM_TYPE_EXPLANATION = {
    RoomType.WITHIN_RULES: Text("Het mag al, of de gemeente kan haar eigen regel aanpassen."),
    RoomType.ONTHEFFING: Text("De regel blijft, maar in een enkel geval mag ervan worden afgeweken."),
    RoomType.AREA: Text("De ruimte ontstaat als een gebied is aangewezen, voor een bepaalde tijd."),
    RoomType.EXPERIMENT: Text("Van de wet mag tijdelijk worden afgeweken, om iets uit te proberen."),
    RoomType.AMVB_CHANGE: Text(
        "De regel staat in een besluit of regeling. Het Rijk kan die wijzigen zonder nieuwe wet."
    ),
    RoomType.LAW_CHANGE: Text("De regel staat in de wet zelf. Alleen een wetswijziging helpt."),
}
LAW_KIND = {
    LawKind.WET: Text("Wet"),
    LawKind.AMVB: Text("Besluit van de regering (AMvB)"),
    LawKind.MINISTERIELE_REGELING: Text("Regeling van een minister"),
    LawKind.EUROPEAN: Text("Europese regels"),
    LawKind.COLLECTIVE: Text("Verzamelnaam"),
}
CONFIDENCE = {
    Confidence.VERIFIED: Text("Nagelezen"),
    Confidence.PARTLY: Text("Deels nagelezen"),
    Confidence.MEMORY: Text("Uit vakkennis, niet nagelezen"),
}
CONFIDENCE_EXPLANATION = {
    Confidence.VERIFIED: Text("De wettekst of een officiële bron is gelezen."),
    Confidence.PARTLY: Text("Een deel is gelezen, of een andere bron dan de wet zelf."),
    Confidence.MEMORY: Text("Dit is niet opgezocht. Controleer het voordat u erop bouwt."),
}
STANDING = {
    Standing.HELD: Text("Geldig op deze dag"),
    Standing.NOT_YET: Text("Nog niet geldig"),
    Standing.ENDED: Text("Niet meer geldig"),
    Standing.UNCERTAIN: Text("Niet zeker"),
}
BOTTLENECK_STATUS = STATUS_NAMES
BOTTLENECK_CHOICE = {
    BottleneckChoice.GUIDANCE: Text("Een handreiking"),
    BottleneckChoice.PRACTICE: Text("De regel anders toepassen"),
    BottleneckChoice.EXPERIMENT: Text("Een experiment"),
    BottleneckChoice.REGULATION: Text("Een ministeriële regeling wijzigen"),
    BottleneckChoice.AMVB: Text("Een AMvB wijzigen"),
    BottleneckChoice.BILL: Text("De wet wijzigen"),
    BottleneckChoice.EU_ROUTE: Text("De Europese weg"),
    BottleneckChoice.KEPT: Text("De regel blijft zoals hij is"),
}
LINK_STATUS = {
    LinkStatus.PROPOSED: Text("Wacht op de eigenaar"),
    LinkStatus.ACCEPTED: Text("Aanvaard door de eigenaar"),
    LinkStatus.REFUSED: Text("Niet aanvaard"),
}
LAW_CHANGE_KIND = {
    **CHANGE_WORDS,
}
TOUCH_STATUS = {
    TouchStatus.OPEN: Text("Te beoordelen"),
    TouchStatus.CONFIRMED: Text("Geraakt"),
    TouchStatus.REFUSED: Text("Niet geraakt"),
    TouchStatus.LAPSED: Text("Vervallen door een erratum"),
}

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
    PRIORITY,
    BULK_KIND,
    BULK_OUTCOME,
    REACH,
    MESSAGE_KIND,
    PROPOSAL_STATUS,
    REVIEW_STATUS,
    CHANNEL,
    CONSULTATION_STATUS,
    REFERRAL_STATUS,
    CONSENT_SOURCE,
    ROOM_ANSWER,
    CO_SIGNATURE_STATUS,
    PARTICIPANT_STATUS,
    MAIL_CHOICE,
    NOTIFICATION_CHOICE,
    ACTOR_KIND,
    SCOPE_WORDS,
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
    HOW_OFTEN,
    REPLY_CHANNEL,
    REACTION,
    SECOND_LOOK_OUTCOME,
    DISPOSITION,
    DISPOSAL_STATUS,
    LISTED_STATUS,
    CATEGORY_STATUS,
    HOLD_GROUND,
    AFTERCARE_ANSWER,
    {member: member.words for member in (*Decision, *Settled, *FindingDecision, *Urbanity)},
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
    """The words for a member of one of the closed lists; KeyError when it has none."""
    return gettext(_LABELS[type(member), member.value])


def lazy_label(member: StrEnum) -> str:
    """The same, read each time it is shown, for a form that is made before any request."""
    return lazy_gettext(_LABELS[type(member), member.value])


def topic(theme: Theme) -> str:
    """What a case is about, to stand over its title; empty when nobody knew."""
    return "" if theme is Theme.UNKNOWN else label(theme)


def explanation(member: StrEnum) -> str:
    """One plain sentence on a state, verdict, clock, kind of room or confidence; empty when there is none."""
    words = _EXPLANATIONS.get((type(member), member.value))
    return gettext(words) if words else ""


def step_label(name: str) -> str:
    """What somebody does in a step of the workflow."""
    return said(EVENTS[EventKind(name)].step or "")
