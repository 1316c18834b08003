"""The case told to a municipality that files along: it reads what the one that leads did, and has no turn itself."""

from collections.abc import Iterator
from datetime import date

from knelpunt.domain.dutch_dates import date_in_words
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.vocabulary import CaseStatus, ProposalStatus
from knelpunt.queries.submitter_rows import SubmitterPage
from knelpunt.web.cases import story
from knelpunt.web.cases.story import Told, Turn

STORY = {
    EventKind.FILED: "{lead} diende de melding in",
    EventKind.SUPPLEMENT_REQUESTED: "Het loket stelde een vraag aan {lead}",
    EventKind.SUPPLEMENT_RECEIVED: "{lead} gaf antwoord",
    EventKind.ANSWERED_WITH_GUIDE: "Het loket stuurde een antwoord dat er al was",
    EventKind.PROPOSAL_ACCEPTED: "{lead} nam het voorstel aan",
    EventKind.PROPOSAL_REFUSED: "{lead} nam het voorstel niet aan",
    EventKind.CLOSED_LINKED: "Het loket sloot de melding af. {lead} hoort hoe het met de regel verder gaat",
    EventKind.RULE_CHANGED: "Het loket vertelde {lead} dat de regel is veranderd",
    EventKind.WITHDRAWN: "{lead} trok de melding in",
    EventKind.ADDITION_RECEIVED: "{lead} voegde iets toe",
    EventKind.ATTACHMENT_ADDED: "{lead} voegde een bestand toe",
    EventKind.LETTER_SENT: "Het loket schreef of belde {lead}",
    EventKind.PREVIEW_STARTED: "Het loket legde de openbare tekst voor aan {lead}",
    EventKind.TEXT_AGREED: "{lead} vond de openbare tekst goed",
    EventKind.TEXT_OBJECTED: "{lead} maakte bezwaar tegen de openbare tekst",
}
"""What the acts are called of which the submitter reads "u"; the others are called the same for everybody."""
_OURS = {
    EventKind.PARTNER_JOINED: "Uw gemeente doet mee",
    EventKind.PARTNER_DECLINED: "Uw gemeente deed niet mee",
}
_FACTS = {
    "Wat u wilt bereiken": "Het doel",
    "Wat u tegenhoudt": "Wat in de weg staat",
    "Regels die u noemde": "Genoemde regels",
}
"""What the questions of the filing are called for who did not answer them."""


def told(page: SubmitterPage, municipality_id: int | None) -> list[Told]:
    """What happened, newest first, for this municipality."""

    def title(kind: EventKind, asked_id: int | None) -> str | None:
        if kind in _OURS and asked_id == municipality_id:
            return _OURS[kind]
        words = STORY.get(kind)
        return words.format(lead=page.lead) if words else None

    return story.told(page, title)


def turn(page: SubmitterPage, today: date) -> Turn:
    """Whose turn it is; where the submitter reads that it is theirs, it is that of the municipality that leads."""
    lead, case = page.lead, page.case
    own = story.turn(page, today)
    if case.status is CaseStatus.AWAITING_SUPPLEMENT:
        question = page.open_question
        until = f"{lead} antwoordt uiterlijk op {date_in_words(question.answer_by)}." if (
            question is not None and question.answer_by is not None
        ) else f"{lead} beantwoordt onze vraag."  # fmt: skip
        return Turn(story.LEAD, f"{lead} is aan zet", (until, "Tot die tijd staat onze termijn stil."))
    if case.status is CaseStatus.PROPOSED:
        if page.proposal is None or page.proposal.status is not ProposalStatus.SENT:
            return Turn(own.who, own.title, ("Wij sluiten de melding af. U leest hier hoe.",))
        line = f"{lead} laat uiterlijk op {date_in_words(case.due_on)} weten of ons voorstel helpt." if (
            case.due_on is not None and case.due_on >= today
        ) else f"{lead} laat weten of ons voorstel helpt."  # fmt: skip
        return Turn(story.LEAD, f"{lead} is aan zet", (line,))
    if case.status is CaseStatus.CLOSED:
        if own.who == story.YOU:
            title = f"{lead} kan reageren op de openbare tekst"
            return Turn(story.OVER, title, ("De melding is afgesloten. U kunt de tekst hier lezen.",))
        until = page.contest_until
        may_contest = until is not None and until >= today
        line = f"{lead} kan tot en met {date_in_words(until)} om een tweede blik vragen." if may_contest else ""
        return Turn(own.who, own.title, (line,) if line else ())
    return own


def facts(page: SubmitterPage) -> Iterator[tuple[str, str]]:
    """What was filed, as questions and answers."""
    for words, text in story.facts(page):
        yield _FACTS.get(words, words), text if text != story.NOT_KNOWN else f"Dat wist {page.lead} niet"
