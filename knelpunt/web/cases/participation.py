"""The case told to a municipality that files along: it reads what the one that leads did, and has no turn itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases.event_words import told_to_partner
from knelpunt.domain.vocabulary import CaseStatus
from knelpunt.queries.cases.submitter_rows import StoryEvent, SubmitterPage
from knelpunt.web.cases import timeline
from knelpunt.web.cases.timeline import TimelineEntry, Turn
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, said


def entries(page: SubmitterPage, municipality_id: int | None) -> list[TimelineEntry]:
    """What happened, newest first, for this municipality."""

    def called(event: StoryEvent) -> str:
        words = told_to_partner(event.kind, is_itself=event.data.get("gemeente") == municipality_id)
        return said(words or "").format(lead=page.lead)

    return timeline.entries(page, called)


def turn(page: SubmitterPage, today: date) -> Turn:
    """Whose turn it is; where the submitter reads that it is theirs, it is that of the municipality that leads."""
    teller = _TELLERS.get(page.case.status)
    return teller(page, today) if teller is not None else timeline.turn(replace(page, offers=()), today)


def _awaiting(page: SubmitterPage, _today: date) -> Turn:
    lead, question = page.lead, page.open_question
    line = _("%(lead)s beantwoordt onze vraag.", lead=lead)
    if question is not None and question.answer_by is not None:
        line = _("%(lead)s antwoordt uiterlijk op %(answer_by)s.", lead=lead, answer_by=full_date(question.answer_by))
    return Turn(timeline.LEAD, _("%(lead)s is aan zet", lead=lead), (line, _("Tot die tijd staat onze termijn stil.")))


def _proposed(page: SubmitterPage, today: date) -> Turn:
    if not page.proposal_waits or page.case.due_clock is Clock.CLOSING:
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
        lines = (_("%(lead)s kan tot en met %(until)s een heroverweging vragen.", lead=lead, until=full_date(until)),)
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
