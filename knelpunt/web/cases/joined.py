"""The case told to a municipality that files along: it reads what the one that leads did, and has no turn itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from knelpunt.domain.calendar.dutch_dates import date_in_words
from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.queries.cases.submitter_rows import SubmitterPage
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
    EventKind.RULE_CHANGED: "Het loket vertelde {lead} over een andere regel of nieuwe ruimte",
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
    teller = _TELLERS.get(page.case.status)
    return teller(page, today) if teller is not None else story.turn(page, today)


def _awaiting(page: SubmitterPage, _today: date) -> Turn:
    lead, question = page.lead, page.open_question
    line = f"{lead} beantwoordt onze vraag."
    if question is not None and question.answer_by is not None:
        line = f"{lead} antwoordt uiterlijk op {date_in_words(question.answer_by)}."
    return Turn(story.LEAD, f"{lead} is aan zet", (line, "Tot die tijd staat onze termijn stil."))


def _proposed(page: SubmitterPage, today: date) -> Turn:
    if not story.may_react_to_proposal(page):
        return replace(story.turn(page, today), lines=("Wij sluiten de melding af. U leest hier hoe.",))
    lead, due_on = page.lead, page.case.due_on
    line = f"{lead} laat weten of ons voorstel helpt."
    if due_on is not None and due_on >= today:
        line = f"{lead} laat uiterlijk op {date_in_words(due_on)} weten of ons voorstel helpt."
    return Turn(story.LEAD, f"{lead} is aan zet", (line,))


def _closed(page: SubmitterPage, today: date) -> Turn:
    lead, until = page.lead, page.contest_until
    if story.may_react_to_text(page):
        line = "De melding is afgesloten. U kunt de tekst hier lezen."
        return Turn(story.OVER, f"{lead} kan reageren op de openbare tekst", (line,))
    lines: tuple[str, ...] = ()
    if until is not None and until >= today:
        lines = (f"{lead} kan tot en met {date_in_words(until)} om een tweede blik vragen.",)
    return replace(story.turn(page, today), lines=lines)


_TELLERS: dict[CaseStatus, Callable[[SubmitterPage, date], Turn]] = {
    CaseStatus.AWAITING_SUPPLEMENT: _awaiting,
    CaseStatus.PROPOSED: _proposed,
    CaseStatus.CLOSED: _closed,
}


def facts(page: SubmitterPage) -> Iterator[tuple[str, str]]:
    """What was filed, as questions and answers."""
    for words, text in story.facts(page):
        yield _FACTS.get(words, words), text if text != story.NOT_KNOWN else f"Dat wist {page.lead} niet"
