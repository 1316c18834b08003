"""The case told to a municipality that files along: it reads what the one that leads did, and has no turn itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from knelpunt.domain.vocabulary import CaseStatus, EventKind
from knelpunt.queries.cases.submitter_rows import SubmitterPage
from knelpunt.web.cases import timeline
from knelpunt.web.cases.timeline import TimelineEntry, Turn
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, lazy_gettext

STORY = {
    EventKind.FILED: lazy_gettext("{lead} diende de melding in"),
    EventKind.SUPPLEMENT_REQUESTED: lazy_gettext("Het loket stelde een vraag aan {lead}"),
    EventKind.SUPPLEMENT_RECEIVED: lazy_gettext("{lead} gaf antwoord"),
    EventKind.LAPSE_TAKEN_BACK: lazy_gettext("Het antwoord van {lead} was er toch op tijd"),
    EventKind.ANSWERED_WITH_GUIDE: lazy_gettext("Het loket stuurde een antwoord dat er al was"),
    EventKind.PROPOSAL_ACCEPTED: lazy_gettext("{lead} nam het voorstel aan"),
    EventKind.PROPOSAL_REFUSED: lazy_gettext("{lead} nam het voorstel niet aan"),
    EventKind.CLOSED_LINKED: lazy_gettext(
        "Het loket sloot de melding af. {lead} hoort hoe het met de regel verder gaat"
    ),
    EventKind.RULE_CHANGED: lazy_gettext("Het loket vertelde {lead} over een andere regel of nieuwe ruimte"),
    EventKind.WITHDRAWN: lazy_gettext("{lead} trok de melding in"),
    EventKind.ADDITION_RECEIVED: lazy_gettext("{lead} voegde iets toe"),
    EventKind.ATTACHMENT_ADDED: lazy_gettext("{lead} voegde een bestand toe"),
    EventKind.LETTER_SENT: lazy_gettext("Het loket schreef of belde {lead}"),
    EventKind.PREVIEW_STARTED: lazy_gettext("Het loket legde de openbare tekst voor aan {lead}"),
    EventKind.TEXT_AGREED: lazy_gettext("{lead} vond de openbare tekst goed"),
    EventKind.TEXT_OBJECTED: lazy_gettext("{lead} maakte bezwaar tegen de openbare tekst"),
}
"""What the acts are called of which the submitter reads "u"; the others are called the same for everybody."""
_OURS = {
    EventKind.PARTNER_JOINED: lazy_gettext("Uw gemeente doet mee"),
    EventKind.PARTNER_DECLINED: lazy_gettext("Uw gemeente deed niet mee"),
}


def entries(page: SubmitterPage, municipality_id: int | None) -> list[TimelineEntry]:
    """What happened, newest first, for this municipality."""

    def title(kind: EventKind, asked_id: int | None) -> str | None:
        if kind in _OURS and asked_id == municipality_id:
            return _OURS[kind]
        words = STORY.get(kind)
        return words.format(lead=page.lead) if words else None

    return timeline.entries(page, title)


def turn(page: SubmitterPage, today: date) -> Turn:
    """Whose turn it is; where the submitter reads that it is theirs, it is that of the municipality that leads."""
    teller = _TELLERS.get(page.case.status)
    return teller(page, today) if teller is not None else timeline.turn(page, today)


def _awaiting(page: SubmitterPage, _today: date) -> Turn:
    lead, question = page.lead, page.open_question
    line = _("%(lead)s beantwoordt onze vraag.", lead=lead)
    if question is not None and question.answer_by is not None:
        line = _("%(lead)s antwoordt uiterlijk op %(answer_by)s.", lead=lead, answer_by=full_date(question.answer_by))
    return Turn(timeline.LEAD, _("%(lead)s is aan zet", lead=lead), (line, _("Tot die tijd staat onze termijn stil.")))


def _proposed(page: SubmitterPage, today: date) -> Turn:
    if not timeline.may_react_to_proposal(page):
        return replace(timeline.turn(page, today), lines=(_("Wij sluiten de melding af. U leest hier hoe."),))
    lead, due_on = page.lead, page.case.due_on
    line = _("%(lead)s laat weten of ons voorstel helpt.", lead=lead)
    if due_on is not None and due_on >= today:
        line = _(
            "%(lead)s laat uiterlijk op %(due_on)s weten of ons voorstel helpt.",
            lead=lead,
            due_on=full_date(due_on),
        )
    return Turn(timeline.LEAD, _("%(lead)s is aan zet", lead=lead), (line,))


def _closed(page: SubmitterPage, today: date) -> Turn:
    lead, until = page.lead, page.contest_until
    if timeline.may_react_to_text(page):
        line = _("De melding is afgesloten. U kunt de tekst hier lezen.")
        return Turn(timeline.OVER, _("%(lead)s kan reageren op de openbare tekst", lead=lead), (line,))
    lines: tuple[str, ...] = ()
    if until is not None and until >= today:
        lines = (_("%(lead)s kan tot en met %(until)s om een tweede blik vragen.", lead=lead, until=full_date(until)),)
    return replace(timeline.turn(page, today), lines=lines)


_TELLERS: dict[CaseStatus, Callable[[SubmitterPage, date], Turn]] = {
    CaseStatus.AWAITING_SUPPLEMENT: _awaiting,
    CaseStatus.PROPOSED: _proposed,
    CaseStatus.CLOSED: _closed,
}


def facts(page: SubmitterPage) -> Iterator[tuple[str, str]]:
    """What was filed, as questions and answers; some are called otherwise for who did not answer them."""
    called = {
        _("Wat u wilt bereiken"): _("Het doel"),
        _("Wat u tegenhoudt"): _("Wat in de weg staat"),
        _("Regels die u noemde"): _("Genoemde regels"),
    }
    for words, text in timeline.facts(page):
        yield (
            called.get(words, words),
            _("Dat wist %(lead)s niet", lead=page.lead) if text is timeline.NOT_KNOWN else text,
        )
