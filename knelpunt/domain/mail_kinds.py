"""The kinds of mail that the desk sends, and what each is called on the page with outgoing mail."""

from enum import StrEnum


class MailKind(StrEnum):
    """One kind of mail. Stored values never change."""

    RECEIPT = "ontvangstbevestiging"
    FOLLOW_LINK = "volglink"
    HANDLER_NAMED = "behandelaar"
    QUESTION = "vraag"
    REMINDER_HALFWAY = "herinnering_halverwege"
    REMINDER_LAST = "herinnering_laatste"
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
    PUBLISHED = "gepubliceerd"
    PUBLICATION_WITHDRAWN = "publicatie_teruggetrokken"
    WITHDRAWN = "ingetrokken"
    DRAFT_LINK = "conceptlink"
    DRAFT_WARNING = "concept_verloopt"
    INVITATION = "uitnodiging"
    PASSWORD_RESET = "wachtwoord_vergeten"  # noqa: S105 - the name of a mail
    PASSWORD_CHANGED = "wachtwoord_gewijzigd"  # noqa: S105 - the name of a mail
    REVIEW_GIVEN_BACK = "toets_teruggegeven"
    SUBMITTER_REACTED = "reactie_indiener"
    GUIDE_CONFIRM = "ruimtewijzer_bevestigen"
    GUIDE_CHANGED = "ruimtewijzer_gewijzigd"
    CLAIM_QUESTION = "ruimtewijzer_ervaring"
    REOPENED = "heropend"
    BOTTLENECK_NEWS = "regelknelpunt_nieuws"
    BOTTLENECK_REMINDER = "regelknelpunt_herinnering"

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
    MailKind.PUBLISHED: "Gepubliceerd",
    MailKind.PUBLICATION_WITHDRAWN: "Publicatie teruggetrokken",
    MailKind.WITHDRAWN: "Melding ingetrokken",
    MailKind.DRAFT_LINK: "Link naar concept",
    MailKind.DRAFT_WARNING: "Concept verloopt",
    MailKind.INVITATION: "Uitnodiging",
    MailKind.PASSWORD_RESET: "Nieuw wachtwoord kiezen",
    MailKind.PASSWORD_CHANGED: "Wachtwoord gewijzigd",
    MailKind.REVIEW_GIVEN_BACK: "Toets teruggegeven",
    MailKind.SUBMITTER_REACTED: "Reactie van de indiener",
    MailKind.GUIDE_CONFIRM: "Volgen van een ruimtewijzer bevestigen",
    MailKind.GUIDE_CHANGED: "Ruimtewijzer gewijzigd",
    MailKind.CLAIM_QUESTION: "Vraag naar ervaring met een ruimtewijzer",
    MailKind.REOPENED: "Melding opnieuw geopend",
    MailKind.BOTTLENECK_NEWS: "Nieuws over een regelknelpunt",
    MailKind.BOTTLENECK_REMINDER: "Nieuws verwacht bij een regelknelpunt",
}
