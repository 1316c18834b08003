"""The kinds of mail that the desk sends, and what each is called on the page with outgoing mail."""

from enum import StrEnum


class MailChoice(StrEnum):
    """Which mails a submitter wants, from most to least. Stored values never change."""

    ALL = "alles"
    WEEKLY = "per_week"
    MY_TURN = "mijn_beurt"
    NEEDED = "alleen_nodig"


class NotificationChoice(StrEnum):
    """How a colleague of the desk hears by mail what the page Meldingen shows. Stored values never change."""

    EACH = "elk"
    DIGEST = "dagelijks"
    NONE = "geen"


class MailKind(StrEnum):
    """One kind of mail. Stored values never change."""

    RECEIPT = "ontvangstbevestiging"
    FOLLOW_LINK = "volglink"
    HANDLER_NAMED = "behandelaar"
    QUESTION = "vraag"
    REMINDER_HALFWAY = "herinnering_halverwege"
    REMINDER_LAST = "herinnering_laatste"
    REACTION_REMINDER = "herinnering_reactie"
    ANSWER_RECEIVED = "antwoord_ontvangen"
    NO_REACTION = "geen_reactie"
    MESSAGE = "bericht"
    VERDICT = "oordeel"
    VERDICT_CHANGED = "oordeel_gewijzigd"
    PROPOSAL = "voorstel"
    PROPOSAL_ACCEPTED = "voorstel_aanvaard"
    PROPOSAL_REFUSED = "voorstel_niet_aanvaard"
    PROPOSAL_LAPSED = "voorstel_geen_reactie"
    CLOSED = "afgesloten"
    PREVIEW = "ter_inzage"
    PREVIEW_STOPPED = "inzage_gestopt"
    TEXT_KEPT_BACK = "tekst_niet_openbaar"
    PUBLISHED = "gepubliceerd"
    PUBLICATION_CORRECTED = "publicatie_gewijzigd"
    PUBLICATION_WITHDRAWN = "publicatie_teruggetrokken"
    WITHDRAWN = "ingetrokken"
    DRAFT_LINK = "conceptlink"
    DRAFT_WARNING = "concept_verloopt"
    INVITATION = "uitnodiging"
    PASSWORD_RESET = "wachtwoord_vergeten"  # noqa: S105 - the name of a mail
    PASSWORD_CHANGED = "wachtwoord_gewijzigd"  # noqa: S105 - the name of a mail
    NEW_DEVICE = "nieuw_apparaat"
    FACTOR_SET_UP = "tweede_stap_ingesteld"
    FACTOR_SWITCHED_OFF = "tweede_stap_uitgezet"
    FACTOR_TAKEN_AWAY = "tweede_stap_weggehaald"
    RECOVERY_CODE_USED = "herstelcode_gebruikt"
    PASSKEY_ADDED = "toegangssleutel_toegevoegd"
    PASSKEY_REMOVED = "toegangssleutel_weggehaald"
    CLIENT_MADE = "koppeling_gemaakt"
    CLIENT_ENDING = "koppeling_eindigt"
    CLIENT_REVOKED = "koppeling_ingetrokken"
    SUBSCRIPTION_MADE = "abonnement_gemaakt"
    SUBSCRIPTION_OFF = "abonnement_uitgezet"
    MIRROR_PARKED = "zaak_niet_in_zaaksysteem"
    MERGER_PLANNED = "herindeling_gepland"
    MERGER_CANCELLED = "herindeling_gaat_niet_door"
    MERGER_DONE = "herindeling_uitgevoerd"
    JOINT_ASKED = "gevraagd_mee_te_melden"
    JOINT_ANSWERED = "antwoord_mee_te_melden"
    JOINT_NEWS = "nieuws_samen_melden"
    CO_SIGN_ASKED = "meetekenen_gevraagd"
    CO_SIGN_ASKED_BY_RESIDENT = "meetekenen_gevraagd_bewoner"
    CO_SIGN_ANSWERED = "meetekenen_beantwoord"
    REVIEW_GIVEN_BACK = "toets_teruggegeven"
    TEXT_REVIEWED = "openbare_tekst_getoetst"
    SUBMITTER_REACTED = "reactie_indiener"
    TERM_OVER = "termijn_voorbij"
    CLOCK_OVER = "loket_te_laat"
    LETTER_LIES = "brief_ligt_nog"
    MAIL_ASKS = "mail_vraagt_besluit"
    LEAVE_COVER = "waarneming"
    WORK_LEFT = "werk_ligt_stil"
    MENTIONED = "genoemd_in_notitie"
    ASSIGNED = "zaak_toegewezen"
    TASK_GIVEN = "taak_gekregen"
    TASK_DUE = "taak_moet_klaar"
    REVIEW_ASKED = "toets_gevraagd"
    DAILY_DIGEST = "dagelijks_overzicht"
    MAIL_RECEIVED = "mail_ontvangen"
    FILE_ADDED = "bijlage_toegevoegd"
    FILE_REMOVED = "bijlage_verwijderd"
    ADDRESS_CONFIRM = "adres_bevestigen"
    ADDRESS_CHANGING = "adres_wordt_gewijzigd"
    ADDRESS_CHANGED = "adres_gewijzigd"
    GUIDE_CONFIRM = "ruimtewijzer_bevestigen"
    GUIDE_CHANGED = "ruimtewijzer_gewijzigd"
    TOPIC_CONFIRM = "onderwerp_bevestigen"
    TOPIC_NEWS = "onderwerp_nieuws"
    CLAIM_QUESTION = "ruimtewijzer_ervaring"
    CONSULTATION_ASKED = "raadpleging_gevraagd"
    CONSULTATION_REMINDER = "raadpleging_herinnering"
    CONSULTATION_MORE_TIME = "raadpleging_meer_tijd"
    CONSULTATION_OVER = "raadpleging_niet_meer_nodig"
    CONSULTATION_LIST = "raadplegingen_overzicht"
    CONSULTATION_NEWS = "raadpleging_nieuws"
    QUARTER_SEAL_ASKED = "kwartaal_verzegeling_gevraagd"
    QUARTER_CHECK_GIVEN = "kwartaal_controle_gekregen"
    QUARTER_TEXT_ASKED = "kwartaaltekst_voorgelegd"
    QUARTER_TEXT_DECIDED = "kwartaaltekst_beslist"
    QUARTER_COMMENT_ASKED = "kwartaalreactie_gevraagd"
    QUARTER_COMMENT_REMINDER = "kwartaalreactie_herinnering"
    QUARTER_COMMENTED = "kwartaalreactie_gegeven"
    QUARTER_DAY_REMINDER = "kwartaaldag_herinnering"
    COMMITMENT_REMINDER = "toezegging_herinnering"
    WITH_MINISTRY = "ministerie_gevraagd"
    MINISTRY_DONE = "ministerie_klaar"
    SHARING_ASKED = "toestemming_om_te_delen"
    REFERRAL_OFFERED = "overdracht_aangeboden"
    REFERRED = "doorverwezen"
    REFERRAL_STAYS = "overdracht_gaat_niet_door"
    REFERRAL_ASKED = "overdracht_gevraagd"
    REFERRAL_REMINDER = "overdracht_herinnering"
    REFERRAL_OVER = "overdracht_niet_meer_nodig"
    REFERRAL_NEWS = "overdracht_nieuws"
    PRIVACY_RECEIVED = "privacyverzoek_ontvangen"
    PRIVACY_EXTENDED = "privacyverzoek_verlengd"
    PRIVACY_ANSWERED = "privacyverzoek_beantwoord"
    PRIVACY_DUE = "privacyverzoek_herinnering"
    REOPENED = "heropend"
    REOPENED_FOR_YOU = "heropend_bij_u"
    SECOND_LOOK_RECEIVED = "heroverweging_ontvangen"
    SECOND_HANDLER = "tweede_behandelaar"
    SECOND_LOOK_OUTCOME = "heroverweging_uitkomst"
    SECOND_LOOK_WAITS = "heroverweging_wacht"
    SECOND_LOOK_GIVEN = "heroverweging_aan_u"
    TERM_SUSPENDED = "termijn_staat_stil"
    AFTERCARE = "nazorg"
    REOPENING_DECLINED = "heropening_afgewezen"
    SPLIT = "zaak_gesplitst"
    RULE_CHANGED = "regel_veranderd"
    WEEKLY = "weekoverzicht"
    BOTTLENECK_NEWS = "regelknelpunt_nieuws"
    BOTTLENECK_REMINDER = "regelknelpunt_herinnering"
    BOTTLENECK_CONFIRM = "regelknelpunt_bevestigen"
    BOTTLENECK_FOLLOWED = "regelknelpunt_gevolgd"
    BOTTLENECK_ERRATUM = "regelknelpunt_erratum"
    BOTTLENECK_ERRATUM_FOLLOWED = "regelknelpunt_erratum_volger"
    BOTTLENECK_ERRATUM_DESK = "regelknelpunt_erratum_loket"
    BOTTLENECK_REVIEWED = "regelknelpunt_getoetst"
    BOTTLENECK_GIVEN = "regelknelpunt_aan_u"
    BOTTLENECK_CASE_WAITS = "regelknelpunt_zaak_wacht"
    BOTTLENECK_CASE_DECIDED = "regelknelpunt_zaak_beslist"

    @property
    def label(self) -> str:
        """Short Dutch name."""
        return _LABELS[self]


_LABELS = {
    MailKind.RECEIPT: "Ontvangstbevestiging",
    MailKind.FOLLOW_LINK: "Nieuwe volglink",
    MailKind.HANDLER_NAMED: "Behandelaar bekend",
    MailKind.QUESTION: "Vraag om aanvulling",
    MailKind.REMINDER_HALFWAY: "Herinnering halverwege",
    MailKind.REMINDER_LAST: "Laatste herinnering",
    MailKind.REACTION_REMINDER: "Herinnering aan een reactie",
    MailKind.ANSWER_RECEIVED: "Antwoord ontvangen",
    MailKind.NO_REACTION: "Geen reactie ontvangen",
    MailKind.MESSAGE: "Bericht van het loket",
    MailKind.VERDICT: "Oordeel",
    MailKind.VERDICT_CHANGED: "Oordeel gewijzigd",
    MailKind.PROPOSAL: "Voorstel",
    MailKind.PROPOSAL_ACCEPTED: "Voorstel aanvaard",
    MailKind.PROPOSAL_REFUSED: "Voorstel niet aanvaard",
    MailKind.PROPOSAL_LAPSED: "Geen reactie op voorstel",
    MailKind.CLOSED: "Afgesloten",
    MailKind.PREVIEW: "Openbare tekst ter inzage",
    MailKind.PREVIEW_STOPPED: "Openbare tekst niet meer ter inzage",
    MailKind.TEXT_KEPT_BACK: "Tekst wordt niet openbaar",
    MailKind.PUBLISHED: "Gepubliceerd",
    MailKind.PUBLICATION_CORRECTED: "Openbare tekst gewijzigd",
    MailKind.PUBLICATION_WITHDRAWN: "Publicatie teruggetrokken",
    MailKind.WITHDRAWN: "Melding ingetrokken",
    MailKind.DRAFT_LINK: "Link naar concept",
    MailKind.DRAFT_WARNING: "Concept verloopt",
    MailKind.INVITATION: "Uitnodiging",
    MailKind.PASSWORD_RESET: "Nieuw wachtwoord kiezen",
    MailKind.PASSWORD_CHANGED: "Wachtwoord gewijzigd",
    MailKind.NEW_DEVICE: "Ingelogd op een nieuw apparaat",
    MailKind.FACTOR_SET_UP: "Tweede stap ingesteld",
    MailKind.FACTOR_SWITCHED_OFF: "Tweede stap uitgezet",
    MailKind.FACTOR_TAKEN_AWAY: "Tweede stap weggehaald",
    MailKind.RECOVERY_CODE_USED: "Herstelcode gebruikt",
    MailKind.PASSKEY_ADDED: "Toegangssleutel toegevoegd",
    MailKind.PASSKEY_REMOVED: "Toegangssleutel weggehaald",
    MailKind.CLIENT_MADE: "Koppeling gemaakt of vernieuwd",
    MailKind.CLIENT_ENDING: "Koppeling eindigt binnenkort",
    MailKind.CLIENT_REVOKED: "Koppeling ingetrokken",
    MailKind.SUBSCRIPTION_MADE: "Abonnement gemaakt of vernieuwd",
    MailKind.SUBSCRIPTION_OFF: "Abonnement uitgezet of gestopt",
    MailKind.MIRROR_PARKED: "Zaak kwam niet in het zaaksysteem",
    MailKind.MERGER_PLANNED: "Gemeente gaat op in een andere",
    MailKind.MERGER_CANCELLED: "Gemeente gaat toch niet op in een andere",
    MailKind.MERGER_DONE: "Gemeente is opgegaan in een andere",
    MailKind.JOINT_ASKED: "Gemeente gevraagd om mee te doen",
    MailKind.JOINT_ANSWERED: "Antwoord van een gevraagde gemeente",
    MailKind.JOINT_NEWS: "Nieuws voor een gemeente die meedoet",
    MailKind.CO_SIGN_ASKED: "Gevraagd om mee te tekenen",
    MailKind.CO_SIGN_ASKED_BY_RESIDENT: "Bewoner vraagt om mee te tekenen",
    MailKind.CO_SIGN_ANSWERED: "Antwoord op vraag om mee te tekenen",
    MailKind.REVIEW_GIVEN_BACK: "Toets teruggegeven",
    MailKind.TEXT_REVIEWED: "Openbare tekst getoetst",
    MailKind.SUBMITTER_REACTED: "Reactie van de indiener",
    MailKind.TERM_OVER: "Termijn van de indiener voorbij",
    MailKind.CLOCK_OVER: "Termijn van het loket voorbij",
    MailKind.LETTER_LIES: "Brief ligt nog bij het loket",
    MailKind.MAIL_ASKS: "Mail wacht op een besluit",
    MailKind.LEAVE_COVER: "Waarneming voor een collega",
    MailKind.WORK_LEFT: "Werk van een collega ligt stil",
    MailKind.MENTIONED: "Genoemd in een notitie",
    MailKind.ASSIGNED: "Zaak toegewezen",
    MailKind.TASK_GIVEN: "Taak gekregen",
    MailKind.TASK_DUE: "Taak moet klaar",
    MailKind.REVIEW_ASKED: "Toets gevraagd",
    MailKind.DAILY_DIGEST: "Dagelijks overzicht",
    MailKind.MAIL_RECEIVED: "Mail ontvangen",
    MailKind.FILE_ADDED: "Bestand van het loket",
    MailKind.FILE_REMOVED: "Bestand verwijderd",
    MailKind.ADDRESS_CONFIRM: "Nieuw e-mailadres bevestigen",
    MailKind.ADDRESS_CHANGING: "E-mailadres wordt gewijzigd",
    MailKind.ADDRESS_CHANGED: "E-mailadres gewijzigd",
    MailKind.GUIDE_CONFIRM: "Volgen van een ruimtewijzer bevestigen",
    MailKind.GUIDE_CHANGED: "Ruimtewijzer gewijzigd",
    MailKind.TOPIC_CONFIRM: "Volgen van een onderwerp bevestigen",
    MailKind.TOPIC_NEWS: "Nieuws over gevolgde onderwerpen",
    MailKind.CLAIM_QUESTION: "Vraag naar ervaring met een ruimtewijzer",
    MailKind.CONSULTATION_ASKED: "Vraag aan een ministerie",
    MailKind.CONSULTATION_REMINDER: "Herinnering aan een ministerie",
    MailKind.CONSULTATION_MORE_TIME: "Besluit over meer tijd voor een ministerie",
    MailKind.CONSULTATION_OVER: "Antwoord van een ministerie niet meer nodig",
    MailKind.CONSULTATION_LIST: "Wat bij een ministerie wacht",
    MailKind.CONSULTATION_NEWS: "Nieuws over een vraag aan een ministerie",
    MailKind.QUARTER_SEAL_ASKED: "Kwartaal wacht op verzegeling",
    MailKind.QUARTER_CHECK_GIVEN: "Nakijken voor een kwartaal",
    MailKind.QUARTER_TEXT_ASKED: "Kwartaaltekst wacht op akkoord",
    MailKind.QUARTER_TEXT_DECIDED: "Besluit over een kwartaaltekst",
    MailKind.QUARTER_COMMENT_ASKED: "Vraag om een reactie op een kwartaaltekst",
    MailKind.QUARTER_COMMENT_REMINDER: "Herinnering aan een reactie op een kwartaaltekst",
    MailKind.QUARTER_COMMENTED: "Reactie op een kwartaaltekst",
    MailKind.QUARTER_DAY_REMINDER: "Dag van een kwartaal komt dichterbij",
    MailKind.COMMITMENT_REMINDER: "Termijn van een toezegging",
    MailKind.WITH_MINISTRY: "Een ministerie is om antwoord gevraagd",
    MailKind.MINISTRY_DONE: "Een ministerie is klaar met de vraag",
    MailKind.SHARING_ASKED: "Vraag of delen mag",
    MailKind.REFERRAL_OFFERED: "Aan een andere instantie aangeboden",
    MailKind.REFERRED: "Overgenomen door een andere instantie",
    MailKind.REFERRAL_STAYS: "Melding blijft bij het loket",
    MailKind.REFERRAL_ASKED: "Vraag om een melding over te nemen",
    MailKind.REFERRAL_REMINDER: "Herinnering aan een overdracht",
    MailKind.REFERRAL_OVER: "Melding hoeft niet meer te worden overgenomen",
    MailKind.REFERRAL_NEWS: "Nieuws over een overdracht",
    MailKind.PRIVACY_RECEIVED: "Verzoek over gegevens ontvangen",
    MailKind.PRIVACY_EXTENDED: "Verzoek over gegevens: meer tijd nodig",
    MailKind.PRIVACY_ANSWERED: "Antwoord op een verzoek over gegevens",
    MailKind.PRIVACY_DUE: "Verzoek over gegevens moet klaar",
    MailKind.REOPENED: "Melding opnieuw geopend",
    MailKind.REOPENED_FOR_YOU: "Zaak opnieuw geopend, voor de behandelaar",
    MailKind.SECOND_LOOK_RECEIVED: "Verzoek om heroverweging ontvangen",
    MailKind.SECOND_HANDLER: "Tweede behandelaar bekend",
    MailKind.SECOND_LOOK_OUTCOME: "Uitkomst van de heroverweging",
    MailKind.SECOND_LOOK_WAITS: "Heroverweging wacht op een tweede behandelaar",
    MailKind.SECOND_LOOK_GIVEN: "Heroverweging voor de tweede behandelaar",
    MailKind.TERM_SUSPENDED: "Termijn staat stil",
    MailKind.AFTERCARE: "Vraag of het project doorging",
    MailKind.REOPENING_DECLINED: "Melding niet opnieuw geopend",
    MailKind.SPLIT: "Melding gesplitst",
    MailKind.RULE_CHANGED: "De regel is veranderd",
    MailKind.WEEKLY: "Overzicht van een week",
    MailKind.BOTTLENECK_NEWS: "Nieuws over een regelknelpunt",
    MailKind.BOTTLENECK_REMINDER: "Nieuws verwacht bij een regelknelpunt",
    MailKind.BOTTLENECK_CONFIRM: "Volgen van een regelknelpunt bevestigen",
    MailKind.BOTTLENECK_FOLLOWED: "Nieuws over een gevolgd regelknelpunt",
    MailKind.BOTTLENECK_ERRATUM: "Erratum bij een regelknelpunt",
    MailKind.BOTTLENECK_ERRATUM_FOLLOWED: "Erratum bij een gevolgd regelknelpunt",
    MailKind.BOTTLENECK_ERRATUM_DESK: "Erratum bij een regelknelpunt, voor de behandelaar",
    MailKind.BOTTLENECK_REVIEWED: "Stap van een regelknelpunt getoetst",
    MailKind.BOTTLENECK_GIVEN: "Eigenaar van een regelknelpunt aangewezen",
    MailKind.BOTTLENECK_CASE_WAITS: "Zaak wacht op de eigenaar van een regelknelpunt",
    MailKind.BOTTLENECK_CASE_DECIDED: "Eigenaar besloot over een zaak bij een regelknelpunt",
}

FORGOTTEN_ONCE_SENT = frozenset({MailKind.PRIVACY_ANSWERED})
"""Emptied as soon as they have gone: who they go to may have asked for just that."""
TO_OFFICIALS = frozenset(
    {MailKind.CONSULTATION_LIST, MailKind.QUARTER_COMMENT_ASKED, MailKind.QUARTER_COMMENT_REMINDER}
)
"""About no case, to the address of somebody at a ministry or of its box."""
ALWAYS_TRIED = frozenset(
    {
        MailKind.FOLLOW_LINK,
        MailKind.DRAFT_LINK,
        MailKind.INVITATION,
        MailKind.PASSWORD_RESET,
        MailKind.PASSWORD_CHANGED,
        MailKind.NEW_DEVICE,
        MailKind.FACTOR_SET_UP,
        MailKind.FACTOR_SWITCHED_OFF,
        MailKind.FACTOR_TAKEN_AWAY,
        MailKind.RECOVERY_CODE_USED,
        MailKind.PASSKEY_ADDED,
        MailKind.PASSKEY_REMOVED,
        MailKind.CLIENT_MADE,
        MailKind.ADDRESS_CONFIRM,
        MailKind.ADDRESS_CHANGING,
        MailKind.ADDRESS_CHANGED,
        MailKind.GUIDE_CONFIRM,
        MailKind.TOPIC_CONFIRM,
        MailKind.BOTTLENECK_CONFIRM,
    }
)
"""Sent even to an address that nobody is known to have: the way in, what confirms an address, and what warns its
owner."""
TAKEN_BACK_LATER = frozenset({MailKind.BOTTLENECK_NEWS})
"""Of what these say an erratum may come, to who was told: also to who read it in the mail of the week."""
_TURN_KINDS = frozenset(
    {
        MailKind.REMINDER_HALFWAY,
        MailKind.REMINDER_LAST,
        MailKind.REACTION_REMINDER,
        MailKind.PROPOSAL_LAPSED,
        MailKind.AFTERCARE,
    }
)
"""Sent to who wants to hear it when it is their turn."""
_EXTRA_KINDS = frozenset(
    {
        MailKind.HANDLER_NAMED,
        MailKind.MESSAGE,
        MailKind.VERDICT,
        MailKind.VERDICT_CHANGED,
        MailKind.PROPOSAL_ACCEPTED,
        MailKind.PROPOSAL_REFUSED,
        MailKind.PUBLISHED,
        MailKind.PUBLICATION_WITHDRAWN,
        MailKind.BOTTLENECK_NEWS,
        MailKind.FILE_ADDED,
        MailKind.WITH_MINISTRY,
        MailKind.MINISTRY_DONE,
        MailKind.JOINT_ANSWERED,
        MailKind.JOINT_NEWS,
        MailKind.WEEKLY,
    }
)
"""Sent to who wants to hear everything. What stands in neither set is always sent: a receipt, a question or a text with
a term, a term that moves, a proposal, the closing letter, and what is about the address and the link themselves."""


def can_be_switched_off(kind: MailKind) -> bool:
    """Whether a submitter may choose not to get this kind of mail."""
    return kind in _EXTRA_KINDS or kind in _TURN_KINDS


def may_wait(kind: MailKind, choice: MailChoice | None) -> bool:
    """Whether a mail of this kind waits for the one of the week. What holds a term, or asks to act, never does."""
    return choice is MailChoice.WEEKLY and kind in _EXTRA_KINDS


def is_wanted(kind: MailKind, choice: MailChoice | None) -> bool:
    """Whether a submitter with this choice (None: never chosen, so everything) gets this kind of mail."""
    match choice:
        case MailChoice.NEEDED:
            return not can_be_switched_off(kind)
        case MailChoice.MY_TURN:
            return kind not in _EXTRA_KINDS
        case _:
            return True


def is_mailed_each(kind: MailKind, choice: NotificationChoice | None) -> bool:
    """Whether a colleague of the desk gets a mail of its own for this. Who never chose gets none for a review that is
    asked of all who may do it: that would be a mail to everybody for every step."""
    if choice is None:
        return kind is not MailKind.REVIEW_ASKED
    return choice is NotificationChoice.EACH
