"""What each act on a case is called, for everybody who reads of it: one entry for each kind of event.

The audit trail alone shows the stored word, because an auditor compares it.
"""

from dataclasses import dataclass

from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind

E = EventKind


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of event in words, and its marks in the timelines.

    Attributes:
        desk: what happened, in the timeline of the desk.
        submitter: the same in the submitter's story; None: the submitter never reads of it.
        partner: the same to a municipality that files along, with ``{lead}`` for the one that leads; None: as to the
            submitter.
        itself: the same to the municipality that it is about.
        public: the same in the story of a published case; None: the public never reads of it.
        step: what somebody does, for a step of the workflow.
        mark: the look in the timeline of the desk.
        look: the look in the submitter's story.
    """

    desk: str
    submitter: Text | None = None
    partner: Text | None = None
    itself: Text | None = None
    public: Text | None = None
    step: Text | None = None
    mark: str = "step"
    look: str = "step"


# fmt: off
EVENTS = {
    E.FILED: Told("Melding ingediend", Text("U diende de melding in"), partner=Text("{lead} diende de melding in"),
        public=Text("Gemeld bij het loket"), step=Text("Melding indienen")),
    E.TAKEN_IN: Told("In beoordeling genomen", Text("Het loket begon met de beoordeling"),
        step=Text("In beoordeling nemen")),
    E.SUPPLEMENT_REQUESTED: Told("Aanvulling gevraagd", Text("Het loket stelde u een vraag"),
        partner=Text("Het loket stelde een vraag aan {lead}"), step=Text("Aanvulling vragen"), mark="wait",
        look="wait"),
    E.SUPPLEMENT_RECEIVED: Told("Aanvulling ontvangen", Text("U gaf antwoord"), partner=Text("{lead} gaf antwoord"),
        step=Text("Aanvulling geven"), mark="message", look="message"),
    E.SUPPLEMENT_LAPSED: Told("Geen reactie ontvangen, verder met wat er is",
        Text("Er kwam geen antwoord. Het loket ging verder"), step=Text("Verder zonder reactie")),
    E.HANDLING_STARTED: Told("In behandeling genomen", Text("Het loket gaf zijn oordeel en zoekt nu een oplossing"),
        step=Text("In behandeling nemen")),
    E.ANSWERED_WITH_GUIDE: Told("Ruimtewijzer als voorstel verstuurd",
        Text("Het loket stuurde u een antwoord dat er al was"),
        partner=Text("Het loket stuurde een antwoord dat er al was"), step=Text("Beantwoorden met een ruimtewijzer"),
        mark="wait", look="wait"),
    E.PROPOSED: Told("Voorstel verstuurd", Text("Het loket deed een voorstel"), step=Text("Voorstel doen"),
        mark="wait", look="wait"),
    E.PROPOSAL_REFUSED: Told("Voorstel niet aanvaard", Text("U nam het voorstel niet aan"),
        partner=Text("{lead} nam het voorstel niet aan"), step=Text("Voorstel niet aanvaarden"), mark="message"),
    E.CLOSED: Told("Zaak afgesloten", Text("Het loket sloot de melding af"), public=Text("Beantwoord en afgesloten"),
        step=Text("Afsluiten"), mark="end", look="end"),
    E.CLOSED_LINKED: Told("Zaak afgesloten bij een regelknelpunt",
        Text("Het loket sloot de melding af. U hoort hoe het met de regel verder gaat"),
        partner=Text("Het loket sloot de melding af. {lead} hoort hoe het met de regel verder gaat"),
        step=Text("Afsluiten bij een regelknelpunt"), mark="end", look="end"),
    E.REOPENED: Told("Zaak heropend", Text("Het loket opende de melding opnieuw"), step=Text("Opnieuw openen")),
    E.CONSULTED: Told("Ministerie om een antwoord gevraagd", Text("Het loket vroeg een ministerie om een antwoord"),
        step=Text("Een ministerie vragen"), mark="wait", look="wait"),
    E.CONSULTATION_ANSWERED: Told("Ministerie gaf antwoord", Text("Het ministerie gaf antwoord"),
        step=Text("Als ministerie antwoorden"), mark="message", look="message"),
    E.CONSULTATION_RETURNED: Told("Ministerie gaat er niet over", Text("Het ministerie gaat er niet over"),
        step=Text("Zeggen wie er wel over gaat"), mark="message", look="message"),
    E.CONSULTATION_UNANSWERED: Told("Geen antwoord van het ministerie, verder met wat er is",
        Text("Het ministerie gaf geen antwoord. Het loket ging verder"),
        step=Text("Verder zonder antwoord van het ministerie")),
    E.CONSULTATION_TAKEN_BACK: Told("Vraag aan een ministerie ingetrokken",
        Text("Het loket trok de vraag aan het ministerie in"), step=Text("Een vraag aan een ministerie intrekken")),
    E.REFERRED: Told("Overgenomen door een andere instantie", Text("Een andere instantie nam de melding over"),
        step=Text("Een melding overnemen"), mark="end"),
    E.SECOND_LOOK_ASKED: Told("Heroverweging gevraagd door de indiener", Text("U vroeg een heroverweging"),
        partner=Text("{lead} vroeg een heroverweging"), step=Text("Een heroverweging vragen"), mark="message",
        look="message"),
    E.SECOND_LOOK_STARTED: Told("Heroverweging begonnen door het hoofd van het loket",
        Text("Het loket laat een ander de melding opnieuw bekijken"), step=Text("Een heroverweging beginnen")),
    E.SECOND_LOOK_KEPT: Told("Na heroverweging: de uitkomst blijft", Text("Na de heroverweging blijft de uitkomst"),
        step=Text("Na heroverweging de uitkomst laten staan"), mark="end", look="end"),
    E.SECOND_LOOK_CHANGED: Told("Na heroverweging: de zaak is weer open",
        Text("Na de heroverweging gaat het loket weer aan de slag"),
        step=Text("Na heroverweging de uitkomst veranderen")),
    E.CONSULTATION_HANDED_ON: Told("Vraag doorgegeven binnen het ministerie"),
    E.CONSULTATION_FILE_ADDED: Told("Bestand van het ministerie ontvangen", mark="message"),
    E.MORE_TIME_ASKED: Told("Ministerie vroeg meer tijd", mark="message"),
    E.MORE_TIME_DECIDED: Told("Over meer tijd voor het ministerie besloten"),
    E.CONSULTATION_RAISED: Told("Uitblijven van een antwoord gemeld aan het hoofd van het loket"),
    E.MINISTRIES_DISAGREED: Told("Ministeries spreken elkaar tegen", mark="wait"),
    E.DISAGREEMENT_DECIDED: Told("Over het verschil tussen ministeries beslist"),
    E.SHARING_ASKED: Told("Toestemming gevraagd om de melding te delen",
        Text("Het loket vroeg of het uw melding mag delen"),
        partner=Text("Het loket vroeg {lead} of het de melding mag delen"), mark="wait"),
    E.SHARING_ALLOWED: Told("De indiener vindt delen goed. De zaak is aangeboden",
        Text("U vond het goed dat wij uw melding delen"),
        partner=Text("{lead} vond het goed dat het loket de melding deelt"), mark="message"),
    E.SHARING_REFUSED: Told("De indiener vindt delen niet goed",
        Text("U vond het niet goed dat wij uw melding delen"),
        partner=Text("{lead} vond het niet goed dat het loket de melding deelt"), mark="message"),
    E.SHARING_LAPSED: Told("De indiener liet niet op tijd weten of delen mag. De melding is niet gedeeld",
        Text("U liet niet weten of wij uw melding mogen delen. Wij deelden haar niet"),
        partner=Text("{lead} liet niet weten of het loket de melding mag delen")),
    E.REFERRAL_OFFERED: Told("Aan een andere instantie aangeboden",
        Text("Het loket vroeg een andere instantie om de melding over te nemen"), mark="wait"),
    E.REFERRAL_REFUSED: Told("De andere instantie neemt de zaak niet over",
        Text("De andere instantie nam de melding niet over"), mark="message"),
    E.REFERRAL_LAPSED: Told("De andere instantie reageerde niet op tijd. De zaak is terug",
        Text("De andere instantie reageerde niet. Het loket gaat verder")),
    E.REFERRAL_ENDED: Told("Aanbod aan een andere instantie ingetrokken", Text("Het loket houdt de melding zelf")),
    E.SECOND_HANDLER_NAMED: Told("Tweede behandelaar aangewezen", Text("Het loket wees een tweede behandelaar aan")),
    E.CONTEST_ENDED: Told("De tijd om een heroverweging te vragen is voorbij"),
    E.TERM_SUSPENDED: Told("Termijn stilgezet op verzoek van de indiener",
        Text("Het loket zette een termijn stil, omdat u dat vroeg of goed vond"),
        partner=Text("Het loket zette een termijn stil, omdat {lead} dat vroeg of goed vond"), mark="wait"),
    E.AFTERCARE_ASKED: Told("Nazorg: gevraagd of het project doorging",
        Text("Het loket vroeg of het project doorging"), mark="message"),
    E.AFTERCARE_SKIPPED: Told("Nazorg: niet gevraagd, de volgende vraag was ook al aan de beurt"),
    E.AFTERCARE_ANSWERED: Told("Nazorg: antwoord van de indiener", Text("U vertelde hoe het met uw project ging"),
        partner=Text("{lead} vertelde hoe het met het project ging"), mark="message"),
    E.REOPENING_DECLINED: Told("Verzoek om te heropenen afgewezen", Text("Het loket opent de melding niet opnieuw")),
    E.WITHDRAWN: Told("Melding ingetrokken door de indiener", Text("U trok de melding in"),
        partner=Text("{lead} trok de melding in"), step=Text("Intrekken"), mark="end", look="end"),
    E.ARCHIVED: Told("Zaak gearchiveerd", Text("De melding is gearchiveerd"), step=Text("Archiveren"), mark="end",
        look="end"),
    E.RETENTION_SET: Told("Bewaartermijn bepaald"),
    E.RETENTION_CHOSEN: Told("Andere bewaarcategorie gekozen"),
    E.DISPOSAL_LISTED: Told("Op een lijst voor het archief gezet"),
    E.DISPOSAL_HELD: Told("Van de lijst voor het archief gehaald"),
    E.CASE_HELD: Told("De zaak blijft langer bewaard"),
    E.HOLD_LIFTED: Told("De zaak blijft niet langer bewaard"),
    E.HANDLER_ASSIGNED: Told("Behandelaar aangewezen"),
    E.PRIORITY_SET: Told("Prioriteit gewijzigd"),
    E.LABEL_ADDED: Told("Label toegevoegd"),
    E.LABEL_REMOVED: Told("Label weggehaald"),
    E.SCOPE_ANSWERED: Told("Vastgelegd of de melding hier hoort"),
    E.PROVISION_LINKED: Told("Bepaling gekoppeld"),
    E.PROVISION_UNLINKED: Told("Bepaling losgekoppeld"),
    E.SUGGESTION_CONFIRMED: Told("Suggestie bevestigd"),
    E.SUGGESTION_REFUSED: Told("Suggestie afgewezen"),
    E.SUGGESTION_RESTORED: Told("Afwijzing van een suggestie teruggenomen"),
    E.VERDICT_CHANGED: Told("Oordeel gewijzigd", Text("Het loket veranderde zijn oordeel")),
    E.REVIEW_REQUESTED: Told("Toetsing gevraagd", mark="wait"),
    E.REVIEW_APPROVED: Told("Toetser akkoord"),
    E.REVIEW_RETURNED: Told("Teruggegeven door de toetser"),
    E.REVIEW_CANCELLED: Told("Toetsing ingetrokken"),
    E.LAPSE_TAKEN_BACK: Told('Antwoord was op tijd binnen, "geen reactie" hersteld',
        Text("Uw antwoord was er toch op tijd"), partner=Text("Het antwoord van {lead} was er toch op tijd"),
        mark="message"),
    E.PROPOSAL_ACCEPTED: Told("Voorstel aanvaard", Text("U nam het voorstel aan"),
        partner=Text("{lead} nam het voorstel aan"), mark="message"),
    E.REACTION_ENDED: Told("De tijd om op het voorstel te reageren is voorbij",
        Text("De tijd om op het voorstel te reageren ging voorbij. Het loket is aan zet")),
    E.NOTE_ADDED: Told("Interne notitie geschreven", mark="note"),
    E.TASK_ADDED: Told("Taak klaargezet", mark="note"),
    E.TASK_CHANGED: Told("Taak gewijzigd", mark="note"),
    E.TASK_DONE: Told("Taak gedaan", mark="note"),
    E.TASK_REOPENED: Told("Taak toch niet gedaan", mark="note"),
    E.MESSAGE_SENT: Told("Bericht verstuurd aan de indiener", Text("Het loket stuurde een bericht"), mark="message",
        look="message"),
    E.ADDITION_RECEIVED: Told("Toevoeging van de indiener ontvangen", Text("U voegde iets toe"),
        partner=Text("{lead} voegde iets toe"), mark="message", look="message"),
    E.MAIL_RECEIVED: Told("E-mail van de indiener ontvangen", Text("U stuurde een e-mail"),
        partner=Text("{lead} stuurde een e-mail"), mark="message", look="message"),
    E.MAIL_IS_NO_ANSWER: Told("E-mail bekeken: geen antwoord op wat openstaat", mark="note"),
    E.MAIL_FAILED: Told("Een e-mail kwam niet aan", mark="wait"),
    E.FAILURE_SETTLED: Told("Na een mail die niet aankwam: de indiener anders bereikt", mark="note"),
    E.ADDRESS_GONE: Told("Het e-mailadres bestaat niet. Mails gaan er niet meer heen", mark="wait"),
    E.ADDRESS_USED_AGAIN: Told("Mails gaan weer naar dit e-mailadres", mark="note"),
    E.ATTACHMENT_ADDED: Told("Bijlage toegevoegd", Text("U voegde een bestand toe"),
        partner=Text("{lead} voegde een bestand toe"), look="message"),
    E.ATTACHMENT_REMOVED: Told("Bijlage verwijderd", Text("Het loket verwijderde een bestand")),
    E.ADDRESS_VERIFIED: Told("E-mailadres bevestigd door de indiener", Text("U bevestigde uw e-mailadres")),
    E.ORGANISATION_MERGED: Told("De gemeente is opgegaan in een andere: de zaak ging mee",
        Text("Uw gemeente is opgegaan in een andere. Deze zaak ging mee"),
        partner=Text("{lead} heeft deze zaak overgenomen na een herindeling"), mark="note"),
    E.PARTNER_JOINED: Told("Een andere gemeente doet mee", Text("Een andere gemeente doet mee"),
        itself=Text("Uw gemeente doet mee"), mark="message"),
    E.PARTNER_DECLINED: Told("Een andere gemeente doet niet mee", Text("Een andere gemeente doet niet mee"),
        itself=Text("Uw gemeente deed niet mee"), mark="message"),
    E.CO_SIGNATURE_ASKED: Told("Tweede persoon gevraagd om mee te tekenen", Text("Gevraagd om mee te tekenen")),
    E.CO_SIGNED: Told("Tweede persoon tekende mee", Text("Een tweede persoon tekende mee"), mark="message"),
    E.CO_SIGNATURE_RETURNED: Told("Tweede persoon tekende niet mee", Text("De tweede persoon tekende niet mee"),
        mark="message"),
    E.CO_SIGNATURE_VOIDED: Told("Handtekening van de tweede persoon vervallen",
        Text("De handtekening van de tweede persoon verviel")),
    E.CONTACT_OPENED: Told("Contactgegevens ingezien", mark="note"),
    E.MAIL_CHOSEN: Told("Indiener koos welke mails er komen", Text("U koos welke mails u krijgt")),
    E.ADDRESS_CHANGE_ASKED: Told("Indiener gaf een ander e-mailadres op, nog niet bevestigd",
        Text("U gaf een ander e-mailadres op")),
    E.ADDRESS_CHANGED: Told("E-mailadres gewijzigd door de indiener", Text("Uw e-mailadres is gewijzigd")),
    E.ADDRESS_CORRECTED: Told("E-mailadres hersteld door het loket", Text("Het loket herstelde uw e-mailadres")),
    E.LETTER_SENT: Told("Bericht per post of telefoon gegaan", Text("Het loket schreef of belde u"),
        partner=Text("Het loket schreef of belde {lead}"), mark="message"),
    E.DATA_EXPORTED: Told("Gegevens opgehaald door de indiener", Text("U haalde uw gegevens op"),
        partner=Text("{lead} haalde de eigen gegevens op"), mark="note"),
    E.DATA_TAKEN_AWAY: Told("Persoonsgegevens weggehaald op verzoek",
        Text("Het loket haalde persoonsgegevens weg"), mark="note"),
    E.IMPORT_UNDONE: Told("Import teruggedraaid: deze zaak telt niet meer mee", mark="end"),
    E.CONTACT_ERASED: Told("Contactgegevens gewist", Text("De contactgegevens zijn gewist"), mark="note"),
    E.LINK_RENEWED: Told("Nieuwe volglink gemaakt", Text("De oude link naar deze melding is gesloten")),
    E.PUBLIC_TEXT_SAVED: Told("Openbare tekst bewaard"),
    E.PREVIEW_STARTED: Told("Openbare tekst ter inzage gelegd bij de indiener",
        Text("Het loket legde u de openbare tekst voor"),
        partner=Text("Het loket legde de openbare tekst voor aan {lead}"), mark="wait", look="wait"),
    E.PREVIEW_STOPPED: Told("Inzage van de openbare tekst gestopt", Text("Het loket haalde de openbare tekst terug")),
    E.TEXT_AGREED: Told("Indiener akkoord met de openbare tekst", Text("U vond de openbare tekst goed"),
        partner=Text("{lead} vond de openbare tekst goed"), mark="message"),
    E.TEXT_OBJECTED: Told("Indiener wil de openbare tekst anders", Text("U maakte bezwaar tegen de openbare tekst"),
        partner=Text("{lead} maakte bezwaar tegen de openbare tekst"), mark="message"),
    E.TEXT_KEPT_BACK: Told("De tekst wordt niet openbaar", Text("Het loket maakt de tekst niet openbaar")),
    E.PUBLISHED: Told("Openbaar gemaakt", Text("De openbare tekst kwam op de site"), public=Text("Openbaar gemaakt")),
    E.PUBLICATION_CORRECTED: Told("Openbare tekst gewijzigd", Text("De openbare tekst is gewijzigd"),
        public=Text("Tekst verbeterd")),
    E.PUBLICATION_WITHDRAWN: Told("Openbare tekst teruggetrokken", Text("De openbare tekst is van de site gehaald"),
        public=Text("Openbare tekst ingetrokken")),
    E.BOTTLENECK_LINKED: Told("Bij een regelknelpunt gezet"),
    E.BOTTLENECK_UNLINKED: Told("Van een regelknelpunt losgekoppeld"),
    E.BOTTLENECK_LINK_DECIDED: Told("Eigenaar van het regelknelpunt besliste"),
    E.LAW_CHANGE_NOTED: Told("Wetswijziging vastgelegd"),
    E.RULE_CHANGED: Told("Aan de indiener verteld over een andere regel of nieuwe ruimte",
        Text("Het loket vertelde u over een andere regel of nieuwe ruimte"),
        partner=Text("Het loket vertelde {lead} over een andere regel of nieuwe ruimte"), mark="message"),
    E.RULE_CHANGE_TAKEN_BACK: Told("Aan de indiener verteld dat de nieuwe ruimte er toch niet is",
        Text("Het loket vertelde u dat de nieuwe ruimte er toch niet is"),
        partner=Text("Het loket vertelde {lead} dat de nieuwe ruimte er toch niet is"), mark="message"),
    E.CASE_LINKED: Told("Aan een andere zaak gekoppeld"),
    E.CASE_UNLINKED: Told("Van een andere zaak losgekoppeld"),
    E.CASE_SPLIT: Told("Een deel afgesplitst als eigen zaak"),
}
# fmt: on

TOLD_TO_SUBMITTER = frozenset(kind for kind, told in EVENTS.items() if told.submitter is not None)


def told_to_partner(kind: EventKind, *, is_itself: bool) -> Text | None:
    """What a municipality that files along reads, with ``{lead}`` for the one that leads; ``is_itself``: it is about
    the municipality itself."""
    told = EVENTS[kind]
    return told.itself if is_itself and told.itself is not None else told.partner or told.submitter
