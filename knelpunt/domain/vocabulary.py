"""The closed lists of the field: English members, and stored values in the Dutch words of the product."""

from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a case is. One of its five independent sides (decision 0003)."""

    DRAFT = "concept"
    SUBMITTED = "ingediend"
    IN_TRIAGE = "in_triage"
    AWAITING_SUPPLEMENT = "aanvulling_gevraagd"
    IN_HANDLING = "in_behandeling"
    WITH_MINISTRY = "uitgezet"
    PROPOSED = "voorstel"
    RECONSIDERATION = "heroverweging"
    REFERRED = "doorverwezen"
    CLOSED = "afgesloten"
    WITHDRAWN = "ingetrokken"
    ARCHIVED = "gearchiveerd"


OPEN_STATUSES = frozenset(
    {
        CaseStatus.SUBMITTED,
        CaseStatus.IN_TRIAGE,
        CaseStatus.AWAITING_SUPPLEMENT,
        CaseStatus.IN_HANDLING,
        CaseStatus.WITH_MINISTRY,
        CaseStatus.PROPOSED,
        CaseStatus.RECONSIDERATION,
    }
)
"""States in which the desk or the submitter still has something to do."""

ENDED_STATUSES = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.REFERRED})
"""States in which a case is over and still has its words."""


class Result(StrEnum):
    """How a case ended: exactly one at closing."""

    WITHIN_RULES = "opgelost_binnen_bestaande_regels"
    WITH_ONTHEFFING = "met_ontheffing_of_afwijking"
    VIA_EXPERIMENT = "via_experiment"
    OTHER_PRACTICE = "door_andere_uitvoeringspraktijk"
    LINKED_TO_BOTTLENECK = "gekoppeld_aan_regelknelpunt"
    ANSWERED_BY_GUIDE = "beantwoord_door_ruimtewijzer"
    NOT_SOLVABLE = "niet_oplosbaar_gemotiveerd"
    OUT_OF_REACH = "buiten_bereik_warm_overgedragen"
    WITHDRAWN = "ingetrokken"
    DUPLICATE = "dubbel_van_eigen_melding"


class Verdict(StrEnum):
    """What the obstruction is. V1-V4 can be bridged and name the room; V5-V8 are actual and name the provision."""

    UNDECIDED = "V0"
    PERCEIVED = "V1"
    OWN_AUTHORITY = "V2"
    STRICT_PRACTICE = "V3"
    BY_ONTHEFFING_OR_EXPERIMENT = "V4"
    NATIONAL_RULE = "V5"
    EU_OR_TREATY = "V6"
    LOCAL_RULE = "V7"
    STACKED_RULES = "V8"
    NOT_A_RULE = "V9"

    @property
    def is_bridgeable(self) -> bool:
        return self in BRIDGEABLE_VERDICTS


BRIDGEABLE_VERDICTS = frozenset(
    {Verdict.PERCEIVED, Verdict.OWN_AUTHORITY, Verdict.STRICT_PRACTICE, Verdict.BY_ONTHEFFING_OR_EXPERIMENT}
)
ACTUAL_VERDICTS = frozenset({Verdict.NATIONAL_RULE, Verdict.EU_OR_TREATY, Verdict.LOCAL_RULE, Verdict.STACKED_RULES})


class PublicationStatus(StrEnum):
    """Who may read the public text."""

    INTERNAL = "intern"
    PREVIEW = "ter_inzage"
    PUBLIC = "openbaar"
    WITHDRAWN = "teruggetrokken"


class SubmitterKind(StrEnum):
    CITIZEN_INITIATIVE = "bewonersinitiatief"
    MUNICIPALITY = "gemeente"
    PROVINCE = "provincie"
    HOUSING_CORPORATION = "woningcorporatie"
    SCHOOL_BOARD = "schoolbestuur"
    OTHER = "anders"


class OrganisationKind(StrEnum):
    MUNICIPALITY = "gemeente"
    PROVINCE = "provincie"
    MINISTRY = "ministerie"
    HOUSING_CORPORATION = "woningcorporatie"
    SCHOOL_BOARD = "schoolbestuur"
    INITIATIVE = "initiatief"
    OTHER = "anders"


class Theme(StrEnum):
    """What a project is about; our own short list, so that figures can be grouped."""

    HOUSING = "wonen"
    VACANCY = "leegstand"
    PUBLIC_SPACE = "openbare_ruimte"
    ENERGY = "energie"
    NATURE_WATER = "natuur_en_water"
    CARE = "zorg_en_welzijn"
    EDUCATION = "onderwijs"
    WORK_INCOME = "werk_en_inkomen"
    SHOPS_HORECA = "winkels_en_horeca"
    MOBILITY = "verkeer_en_vervoer"
    CULTURE_SPORT = "cultuur_en_sport"
    SAFETY = "veiligheid"
    OTHER = "anders"
    UNKNOWN = "onbekend"
    """The one who filed did not know; nobody chooses it, and it makes no two cases alike."""


KNOWN_THEMES = tuple(theme for theme in Theme if theme is not Theme.UNKNOWN)
"""What somebody can choose."""


class RuleLevel(StrEnum):
    """Which authority made the rule or holds the key."""

    MUNICIPALITY = "gemeente"
    PROVINCE = "provincie"
    WATER_BOARD = "waterschap"
    STATE = "rijk"
    EU = "eu"
    NONE = "geen_regel"


class Route(StrEnum):
    """The way a case is taken after triage."""

    EXPLAIN = "uitleg"
    OWN_POWER = "eigen_bevoegdheid"
    ONTHEFFING = "ontheffing_of_maatwerk"
    EXPERIMENT = "experiment"
    CONSULT_MINISTRY = "overleg_ministerie"
    RULE_CHANGE = "regelwijziging"
    HAND_OVER = "overdragen"


class AssessmentRole(StrEnum):
    """What a provision does in a case."""

    BLOCKS = "belemmert"
    OFFERS_ROOM = "biedt_ruimte"


class Priority(StrEnum):
    """Whether a case goes before others that are due on the same day. High sorts before normal, as text too."""

    HIGH = "hoog"
    NORMAL = "normaal"


class CaseLinkKind(StrEnum):
    """How two cases belong together."""

    DUPLICATE = "dubbel_van_eigen"
    FOLLOW_UP = "vervolg"
    SPLIT = "afgesplitst"
    SAME_PROJECT = "zelfde_project"
    SAME_RULE = "zelfde_regel"


class MessageKind(StrEnum):
    """What a message between desk and submitter is."""

    QUESTION = "vraag"
    ANSWER = "antwoord"
    ADDITION = "aanvulling"
    MAIL = "mail"
    NOTICE = "bericht"
    OBJECTION = "bezwaar_tegen_tekst"


class ProposalStatus(StrEnum):
    IN_REVIEW = "ter_toetsing"
    SENT = "verstuurd"
    ACCEPTED = "aanvaard"
    REFUSED = "niet_aanvaard"
    LAPSED = "geen_reactie"
    DROPPED = "vervallen"


class SecondLookOutcome(StrEnum):
    """What a second handler and the head of desk decided about a case that was looked at again."""

    KEPT = "blijft"
    CHANGED = "anders"
    PARTLY = "deels_anders"


class AftercareAnswer(StrEnum):
    """What became of the project, some months after the case was closed."""

    YES = "ja"
    BUSY = "nog_bezig"
    STUCK = "nog_vast"
    NO = "nee"


class ReviewStatus(StrEnum):
    OPEN = "open"
    APPROVED = "akkoord"
    RETURNED = "teruggegeven"
    CANCELLED = "ingetrokken"


class CoSignatureStatus(StrEnum):
    """How far the signature of a second person under a filing is."""

    ASKED = "gevraagd"
    SIGNED = "getekend"
    RETURNED = "teruggestuurd"
    VOID = "vervallen"


class ParticipantStatus(StrEnum):
    """Whether another municipality files along."""

    ASKED = "gevraagd"
    JOINED = "doet_mee"
    DECLINED = "doet_niet_mee"


class ConsultationStatus(StrEnum):
    """What became of one question to a ministry."""

    OPEN = "open"
    ANSWERED = "beantwoord"
    NOT_THEIRS = "niet_van_ons"
    UNANSWERED = "geen_antwoord"
    ENDED = "vervallen"


class RoomAnswer(StrEnum):
    """What a ministry answers: whether the rule leaves room."""

    ROOM = "er_is_ruimte"
    NO_ROOM = "geen_ruimte"
    OTHER = "anders"


class ReferralStatus(StrEnum):
    """How far the offer of a case to another organisation is."""

    CONSENT_ASKED = "toestemming_gevraagd"
    OFFERED = "aangeboden"
    TAKEN = "overgenomen"
    REFUSED = "niet_overgenomen"
    LAPSED = "geen_reactie"
    NOT_SHARED = "geen_toestemming"
    ENDED = "ingetrokken"


class ConsentSource(StrEnum):
    """How a submitter agreed that a case is shared with another organisation, together with how to reach him or her."""

    ON_PAGE = "op_de_pagina"
    TELEPHONE = "telefoon"
    LETTER = "brief"
    COUNTER = "balie"
    MAIL = "e-mail"


class Disposition(StrEnum):
    """What is done with a case when its term of keeping is over."""

    DESTROY = "vernietigen"
    TRANSFER = "overbrengen"


class CategoryStatus(StrEnum):
    """Whether a retention category holds: one person proposes it, another decides."""

    PROPOSED = "voorgesteld"
    IN_FORCE = "geldt"
    REFUSED = "afgewezen"
    REPLACED = "vervangen"


class DisposalStatus(StrEnum):
    """How far a list of cases to destroy or to transfer is."""

    OPEN = "open"
    CONFIRMED_ONCE = "eenmaal_bevestigd"
    CONFIRMED = "bevestigd"
    DONE = "uitgevoerd"


class ListedStatus(StrEnum):
    """What became of one case on such a list."""

    LISTED = "op_de_lijst"
    TAKEN_OFF = "eraf_gehaald"
    DONE = "uitgevoerd"


class HoldGround(StrEnum):
    """Why a case is kept although its term is over."""

    LAWSUIT = "juridische_procedure"
    WOO_REQUEST = "woo_verzoek"
    OTHER = "anders"


class BulkKind(StrEnum):
    """What can be done to several cases at once from the work list."""

    ASSIGN = "toewijzen"
    LABEL = "label"
    LINK = "koppelen"
    PRIORITY = "prioriteit"
    MESSAGE = "bericht"


class BulkOutcome(StrEnum):
    """What became of one case in an act on several."""

    DONE = "gedaan"
    SKIPPED = "overgeslagen"


class Reach(StrEnum):
    """How something that is told to a submitter comes to that submitter, beside the page of the case."""

    MAIL = "mail"
    LETTER = "brief"
    PAGE = "pagina"
    TASK = "taak"
    """A mail to an address that is not there: it waits with a person at the desk."""
    NOBODY = "niemand"


class Channel(StrEnum):
    """How a case came in."""

    ONLINE = "online"
    DESK = "balie"
    IMPORT = "import"


class ActorKind(StrEnum):
    """Who acts: never a name, so that an event stays true after erasure."""

    ACCOUNT = "account"
    SUBMITTER_LINK = "volglink"
    ANSWER_LINK = "antwoordlink"
    CLIENT = "koppeling"
    VISITOR = "bezoeker"
    SYSTEM = "systeem"


class Role(StrEnum):
    """One per account."""

    MEMBER = "medewerker"
    FILER = "indiener"
    ORGANISATION_ADMIN = "organisatiebeheerder"
    TRIAGER = "triagist"
    HANDLER = "behandelaar"
    REVIEWER = "toetser"
    HEAD_OF_DESK = "hoofd_loket"
    BOTTLENECK_OWNER = "eigenaar_regelknelpunt"
    REPORT_AUTHOR = "auteur_kwartaal"
    ADMINISTRATOR = "beheerder"
    AUDITOR = "auditor"


class EventKind(StrEnum):
    """The steps of the workflow first, then what happens beside them."""

    FILED = "ingediend"
    TAKEN_IN = "in_triage_genomen"
    SUPPLEMENT_REQUESTED = "aanvulling_gevraagd"
    SUPPLEMENT_RECEIVED = "aanvulling_ontvangen"
    SUPPLEMENT_LAPSED = "geen_reactie_ontvangen"
    HANDLING_STARTED = "in_behandeling_genomen"
    ANSWERED_WITH_GUIDE = "beantwoord_met_ruimtewijzer"
    PROPOSED = "voorstel_gedaan"
    PROPOSAL_REFUSED = "voorstel_niet_aanvaard"
    CLOSED = "afgesloten"
    CLOSED_LINKED = "afgesloten_met_regelknelpunt"
    CONSULTED = "ministerie_gevraagd"
    CONSULTATION_ANSWERED = "ministerie_antwoordde"
    CONSULTATION_RETURNED = "ministerie_verwees_terug"
    CONSULTATION_UNANSWERED = "ministerie_gaf_geen_antwoord"
    CONSULTATION_TAKEN_BACK = "vraag_aan_ministerie_ingetrokken"
    REFERRED = "doorverwezen"
    REOPENED = "heropend"
    SECOND_LOOK_ASKED = "heroverweging_gevraagd"
    SECOND_LOOK_STARTED = "heroverweging_gestart"
    SECOND_LOOK_KEPT = "heroverweging_blijft"
    SECOND_LOOK_CHANGED = "heroverweging_anders"
    WITHDRAWN = "ingetrokken"
    ARCHIVED = "gearchiveerd"

    RETENTION_SET = "bewaarcategorie_vastgesteld"
    RETENTION_CHOSEN = "bewaarcategorie_gekozen"
    DISPOSAL_LISTED = "op_archieflijst_gezet"
    DISPOSAL_HELD = "van_archieflijst_gehaald"
    CASE_HELD = "langer_bewaren"
    HOLD_LIFTED = "niet_langer_bewaren"
    CONSULTATION_HANDED_ON = "raadpleging_doorgegeven"
    CONSULTATION_FILE_ADDED = "raadpleging_bestand_toegevoegd"
    MORE_TIME_ASKED = "meer_tijd_gevraagd"
    MORE_TIME_DECIDED = "meer_tijd_besloten"
    CONSULTATION_RAISED = "raadpleging_bij_hoofd_loket"
    MINISTRIES_DISAGREED = "ministeries_verschillen"
    DISAGREEMENT_DECIDED = "verschil_beslist"
    SHARING_ASKED = "toestemming_om_te_delen_gevraagd"
    SHARING_ALLOWED = "toestemming_om_te_delen_gegeven"
    SHARING_REFUSED = "toestemming_om_te_delen_geweigerd"
    SHARING_LAPSED = "toestemming_om_te_delen_verlopen"
    REFERRAL_OFFERED = "zaak_aangeboden"
    REFERRAL_REFUSED = "zaak_niet_overgenomen"
    REFERRAL_LAPSED = "aanbod_verlopen"
    REFERRAL_ENDED = "aanbod_ingetrokken"
    SECOND_HANDLER_NAMED = "tweede_behandelaar_aangewezen"
    CONTEST_ENDED = "tijd_voor_heroverweging_voorbij"
    TERM_SUSPENDED = "termijn_stilgezet"
    AFTERCARE_ASKED = "nazorg_gevraagd"
    AFTERCARE_SKIPPED = "nazorg_overgeslagen"
    AFTERCARE_ANSWERED = "nazorg_beantwoord"
    REOPENING_DECLINED = "heropening_afgewezen"
    HANDLER_ASSIGNED = "behandelaar_toegewezen"
    PRIORITY_SET = "prioriteit_gewijzigd"
    LABEL_ADDED = "label_toegevoegd"
    LABEL_REMOVED = "label_verwijderd"
    SCOPE_ANSWERED = "bereik_vastgelegd"
    PROVISION_LINKED = "bepaling_gekoppeld"
    PROVISION_UNLINKED = "bepaling_losgekoppeld"
    SUGGESTION_CONFIRMED = "regelsuggestie_bevestigd"
    SUGGESTION_REFUSED = "regelsuggestie_afgewezen"
    SUGGESTION_RESTORED = "regelsuggestie_hersteld"
    VERDICT_CHANGED = "oordeel_gewijzigd"
    REVIEW_REQUESTED = "toetsing_gevraagd"
    REVIEW_APPROVED = "toetsing_akkoord"
    REVIEW_RETURNED = "toetsing_teruggegeven"
    REVIEW_CANCELLED = "toetsing_ingetrokken"
    LAPSE_TAKEN_BACK = "geen_reactie_hersteld"
    PROPOSAL_ACCEPTED = "voorstel_aanvaard"
    REACTION_ENDED = "tijd_voor_reactie_voorbij"
    NOTE_ADDED = "notitie_toegevoegd"
    TASK_ADDED = "taak_toegevoegd"
    TASK_CHANGED = "taak_gewijzigd"
    TASK_DONE = "taak_gedaan"
    TASK_REOPENED = "taak_toch_niet_gedaan"
    MESSAGE_SENT = "bericht_verstuurd"
    ADDITION_RECEIVED = "toevoeging_ontvangen"
    MAIL_RECEIVED = "mail_ontvangen"
    MAIL_IS_NO_ANSWER = "mail_is_geen_antwoord"
    MAIL_FAILED = "mail_kwam_niet_aan"
    FAILURE_SETTLED = "anders_bereikt"
    ADDRESS_GONE = "adres_bestaat_niet"
    ADDRESS_USED_AGAIN = "adres_weer_gebruikt"
    ATTACHMENT_ADDED = "bijlage_toegevoegd"
    ATTACHMENT_REMOVED = "bijlage_verwijderd"
    ADDRESS_VERIFIED = "adres_bevestigd"
    ORGANISATION_MERGED = "gemeente_heringedeeld"
    PARTNER_JOINED = "gemeente_doet_mee"
    PARTNER_DECLINED = "gemeente_doet_niet_mee"
    CO_SIGNATURE_ASKED = "meetekenen_gevraagd"
    CO_SIGNED = "meegetekend"
    CO_SIGNATURE_RETURNED = "meetekenen_teruggestuurd"
    CO_SIGNATURE_VOIDED = "handtekening_vervallen"
    CONTACT_OPENED = "contact_ingezien"
    MAIL_CHOSEN = "mailkeuze_gewijzigd"
    ADDRESS_CHANGE_ASKED = "adreswijziging_gevraagd"
    ADDRESS_CHANGED = "adres_gewijzigd"
    ADDRESS_CORRECTED = "adres_hersteld_door_loket"
    LETTER_SENT = "brief_verstuurd"
    CONTACT_ERASED = "contact_gewist"
    DATA_EXPORTED = "gegevens_opgehaald"
    DATA_TAKEN_AWAY = "persoonsgegevens_weggehaald"
    IMPORT_UNDONE = "import_teruggedraaid"
    LINK_RENEWED = "volglink_vernieuwd"
    PUBLIC_TEXT_SAVED = "openbare_tekst_bewaard"
    PREVIEW_STARTED = "ter_inzage_gelegd"
    PREVIEW_STOPPED = "inzage_gestopt"
    TEXT_AGREED = "openbare_tekst_akkoord"
    TEXT_OBJECTED = "openbare_tekst_bezwaar"
    TEXT_KEPT_BACK = "openbare_tekst_niet_openbaar"
    PUBLISHED = "gepubliceerd"
    PUBLICATION_CORRECTED = "publicatie_gewijzigd"
    PUBLICATION_WITHDRAWN = "publicatie_ingetrokken"
    BOTTLENECK_LINKED = "regelknelpunt_gekoppeld"
    BOTTLENECK_UNLINKED = "regelknelpunt_losgekoppeld"
    BOTTLENECK_LINK_DECIDED = "regelknelpunt_koppeling_besloten"
    LAW_CHANGE_NOTED = "wetswijziging_vastgelegd"
    RULE_CHANGED = "regel_veranderd"
    RULE_CHANGE_TAKEN_BACK = "regel_toch_niet_veranderd"
    CASE_LINKED = "zaak_gekoppeld"
    CASE_UNLINKED = "zaak_losgekoppeld"
    CASE_SPLIT = "zaak_gesplitst"
