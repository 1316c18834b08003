"""The case told to its submitter: where it stands, whose turn it is, and what happened, in plain words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.cases.event_words import EVENTS
from knelpunt.domain.cases.replies import ReplyChannel
from knelpunt.domain.vocabulary import (
    CaseStatus,
    ConsultationStatus,
    CoSignatureStatus,
    EventKind,
    ProposalStatus,
    PublicationStatus,
    ReferralStatus,
)
from knelpunt.queries.cases.submitter_rows import CoSignerRow, OfferRow, RuleRow, StoryEvent, SubmitterPage
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, lazy_gettext, said

YOU, DESK, OVER = "you", "desk", "over"
LEAD = "lead"
"""Whose turn it is, where a municipality that files along reads of the one that leads."""
NOT_KNOWN = lazy_gettext("Dat wist u niet")

FILE_FROM_DESK = lazy_gettext("Het loket voegde een bestand toe")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act in the story, with the text that belongs to it."""

    happened_on: date
    title: str
    look: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, and until when."""

    who: str
    title: str
    lines: tuple[str, ...]


def entries(page: SubmitterPage, called: Callable[[StoryEvent], str] | None = None) -> list[TimelineEntry]:
    """What happened, newest first.

    Args:
        called: what an act is called for another reader than the submitter.
    """
    return [
        TimelineEntry(event.happened_on, _title(event, called), EVENTS[event.kind].look, _text(page, event))
        for event in reversed(page.events)
    ]


def _title(event: StoryEvent, called: Callable[[StoryEvent], str] | None) -> str:
    if event.kind is EventKind.ATTACHMENT_ADDED and not event.by_submitter:
        return FILE_FROM_DESK
    words = called(event) if called else said(EVENTS[event.kind].submitter or "")
    if "kanaal" in event.data:
        how = said(ReplyChannel(event.data["kanaal"]).words)
        return _("%(words)s (%(how)s, opgeschreven door het loket)", words=words, how=how)
    return words


def _text(page: SubmitterPage, event: StoryEvent) -> str:
    """The words that were written in an act."""
    if event.kind in (EventKind.PROPOSED, EventKind.PROPOSAL_ACCEPTED, EventKind.PROPOSAL_REFUSED):
        for proposal in page.proposals:
            if proposal.id == event.data.get("voorstel"):
                return (proposal.text if event.kind is EventKind.PROPOSED else proposal.reaction) or ""
    if event.kind is EventKind.ATTACHMENT_ADDED:
        return next((file.shown_name for file in page.all_files if file.id == event.data.get("attachment_id")), "")
    if event.kind is EventKind.ATTACHMENT_REMOVED:
        removed = next((file for file in page.removed_files if file.id == event.data.get("attachment_id")), None)
        return f"{removed.shown_name}. {removed.removed_reason or ''}".strip() if removed else ""
    if "overdracht" in event.data:
        return next((each.organisation for each in page.offers if each.id == event.data["overdracht"]), "")
    if "raadpleging" in event.data:
        return next((each.ministry for each in page.ministries if each.id == event.data["raadpleging"]), "")
    return next((message.body for message in page.messages if message.id == event.data.get("bericht")), "")


def turn(page: SubmitterPage, today: date) -> Turn:
    """Whose turn it is. A promise that was not kept is said as it is."""
    case = page.case
    if page.offer is not None and case.status in _OFFERED:
        return _offered(page, page.offer)
    teller = _TELLERS.get(case.status)
    if teller is not None:
        return teller(page, today)
    if case.status is CaseStatus.WITHDRAWN:
        return Turn(OVER, _("De melding is ingetrokken"), (_("Het loket doet er niets meer mee."),))
    if case.status is CaseStatus.REFERRED:
        return Turn(OVER, _("Een andere instantie helpt u verder"), (_("Hieronder staat hoe u haar bereikt."),))
    return Turn(OVER, _("De melding is klaar"), ())


def _desk(page: SubmitterPage, today: date, promise: str) -> Turn:
    due_on = page.case.due_on
    if due_on is None:
        line = _("U hoort van ons zodra er nieuws is.")
    elif due_on < today:
        line = _(
            "Wij zijn te laat: u zou uiterlijk op %(due_on)s van ons horen. U hoeft niets te doen.",
            due_on=full_date(due_on),
        )
    else:
        line = _("%(promise)s uiterlijk op %(due_on)s.", promise=promise, due_on=full_date(due_on))
    return Turn(DESK, _("Het loket is aan zet"), (line,))


def _submitted(page: SubmitterPage, today: date) -> Turn:
    return _desk(page, today, _("Een medewerker reageert"))


def _in_triage(page: SubmitterPage, today: date) -> Turn:
    return _desk(page, today, _("U krijgt ons oordeel"))


def _in_handling(page: SubmitterPage, today: date) -> Turn:
    return _desk(page, today, _("U krijgt een voorstel"))


def _offered(page: SubmitterPage, offer: OfferRow) -> Turn:
    if offer.status is ReferralStatus.CONSENT_ASKED:
        line = _("Laat weten of wij uw melding mogen delen met %(organisation)s.", organisation=offer.organisation)
        until = _("Dat kan uiterlijk op %(day)s.", day=full_date(offer.answer_by)) if offer.answer_by else ""
        return Turn(YOU, _("U bent aan zet"), tuple(each for each in (line, until) if each))
    line = _("Wij vroegen %(organisation)s om uw melding over te nemen.", organisation=offer.organisation)
    until = _("Het antwoord komt uiterlijk op %(day)s.", day=full_date(offer.answer_by)) if offer.answer_by else ""
    stays = _("Tot dan blijft uw melding bij ons.")
    return Turn(DESK, _("Het loket is aan zet"), tuple(each for each in (line, until, stays) if each))


_OFFERED = frozenset({CaseStatus.SUBMITTED, CaseStatus.IN_TRIAGE})


def _with_ministry(page: SubmitterPage, today: date) -> Turn:
    lines = []
    for each in page.ministries:
        if each.status is not ConsultationStatus.OPEN:
            continue
        values = {"ministry": each.ministry, "asked_on": full_date(nl_day(each.asked_at))}
        if each.due_on < today:
            line = _("%(ministry)s moest al antwoorden. Wij vroegen het op %(asked_on)s.", **values)
        else:
            line = _(
                "%(ministry)s antwoordt uiterlijk op %(due_on)s. Wij vroegen het op %(asked_on)s.",
                due_on=full_date(each.due_on),
                **values,
            )
        lines.append(line)
    proposal_on = next((row.due_on for row in page.clocks if row.clock is Clock.K4), None)
    if proposal_on is not None and proposal_on >= today:
        lines.append(
            _("Onze eigen termijn loopt door: u krijgt een voorstel uiterlijk op %(day)s.", day=full_date(proposal_on))
        )
    elif proposal_on is not None:
        lines.append(
            _("Wij zijn te laat: u zou uiterlijk op %(day)s een voorstel krijgen.", day=full_date(proposal_on))
        )
    return Turn(DESK, _("Een ministerie is om een antwoord gevraagd"), tuple(lines))


def _awaiting(page: SubmitterPage, _today: date) -> Turn:
    question = page.open_question
    until = _("Beantwoord onze vraag uiterlijk op %(answer_by)s.", answer_by=full_date(question.answer_by)) if (
        question is not None and question.answer_by is not None
    ) else _("Beantwoord onze vraag.")  # fmt: skip
    return Turn(YOU, _("U bent aan zet"), (until, _("Tot die tijd staat onze termijn stil.")))


def _proposed(page: SubmitterPage, today: date) -> Turn:
    proposal = page.proposal
    if proposal is not None and proposal.status is ProposalStatus.SENT:
        due_on = page.case.due_on
        if page.case.due_clock is Clock.CLOSING:
            told = _desk(page, today, _("U krijgt onze afsluitende brief"))
            late = _("De tijd om op ons voorstel te reageren is voorbij. Reageren kan tot wij afsluiten.")
            return replace(told, lines=(late, *told.lines))
        line = _("Laat uiterlijk op %(due_on)s weten of ons voorstel helpt.", due_on=full_date(due_on)) if (
            due_on is not None and due_on >= today
        ) else _("Laat weten of ons voorstel helpt. De reactietijd is voorbij, maar reageren kan nog.")  # fmt: skip
        return Turn(YOU, _("U bent aan zet"), (line,))
    return _desk(page, today, _("Wij sluiten uw melding af. U krijgt onze brief"))


def _again(page: SubmitterPage, today: date) -> Turn:
    look = page.second_look
    told = _desk(page, today, _("U krijgt de uitkomst"))
    who = (
        _("Een andere behandelaar bekijkt de melding opnieuw. Wie haar eerst behandelde, doet niet mee.")
        if look is not None and look.named_on is not None
        else _("Het loket wijst aan wie de melding opnieuw bekijkt. U hoort nog wie dat is.")
    )
    return Turn(told.who, _("De melding wordt opnieuw bekeken"), (who, *told.lines))


def _closed(page: SubmitterPage, today: date) -> Turn:
    if _may_object(page):
        until = page.public_text.object_by if page.public_text else None
        line = _("De melding is afgesloten. Lees de tekst die wij openbaar willen maken.")
        if until is not None:
            line = _("%(line)s Bezwaar maken kan tot en met %(until)s.", line=line, until=full_date(until))
        return Turn(YOU, _("U kunt reageren op de openbare tekst"), (line,))
    lines = []
    if page.contest_until is not None and page.contest_until >= today:
        lines.append(
            _(
                "Bent u het er niet mee eens? U kunt tot en met %(contest_until)s een heroverweging vragen. "
                "Een andere behandelaar kijkt dan opnieuw.",
                contest_until=full_date(page.contest_until),
            )
        )
    return Turn(OVER, _("De melding is afgesloten"), tuple(lines))


_TELLERS: dict[CaseStatus, Callable[[SubmitterPage, date], Turn]] = {
    CaseStatus.SUBMITTED: _submitted,
    CaseStatus.IN_TRIAGE: _in_triage,
    CaseStatus.IN_HANDLING: _in_handling,
    CaseStatus.WITH_MINISTRY: _with_ministry,
    CaseStatus.RECONSIDERATION: _again,
    CaseStatus.AWAITING_SUPPLEMENT: _awaiting,
    CaseStatus.PROPOSED: _proposed,
    CaseStatus.CLOSED: _closed,
}


def _may_object(page: SubmitterPage) -> bool:
    return (
        page.case.publication is PublicationStatus.PREVIEW
        and page.public_text is not None
        and page.public_text.agreed_on is None
    )


def may_ask_second_look(page: SubmitterPage, today: date) -> bool:
    """Whether the submitter can still ask that somebody else looks at the case again."""
    until = page.contest_until
    return page.case.status is CaseStatus.CLOSED and until is not None and until >= today


def may_react_to_text(page: SubmitterPage) -> bool:
    return _may_object(page)


def facts(page: SubmitterPage) -> Iterator[tuple[str, str]]:
    """What was filed, as questions and answers."""
    case = page.case
    for words, text in (
        (_("Wat u wilt bereiken"), case.goal),
        (_("Plaats"), case.place),
        (_("Punt op de kaart"), page.point),
        (_("Wat u tegenhoudt"), case.description),
        (_("Regels die u noemde"), "\n".join(_rule_in_words(rule) for rule in page.rules)),
        (_("De regel"), case.rule_words),
        (_("Welke regel het is"), NOT_KNOWN if case.rule_is_unknown else None),
        (_("Afwijzing of besluit van"), full_date(case.refused_on) if case.refused_on else None),
        (_("Wat al is geprobeerd"), case.tried),
        (_("Wie erbij betrokken zijn"), case.involved),
        (_("Wat zou helpen"), case.wanted),
        (_("Mee ondertekend"), "\n".join(_co_signer_in_words(signer) for signer in page.co_signers)),
        (_("Delen met andere overheden"), _("Ja, dat mag") if case.may_share else _("Nee")),
        (_("Een openbare tekst zonder namen"), _("Ja, dat mag") if case.may_publish else _("Nee")),
    ):
        if text:
            yield words, text


def _co_signer_in_words(signer: CoSignerRow) -> str:
    who = _("door %(name)s", name=signer.name) if signer.name else _("door een tweede persoon")
    if signer.status is CoSignatureStatus.SIGNED and signer.answered_at is not None:
        return _("Ja, %(who)s op %(day)s", who=who, day=full_date(nl_day(signer.answered_at)))
    return _("Gevraagd, nog geen antwoord") if signer.status is CoSignatureStatus.ASKED else _("Nee")


def _rule_in_words(rule: RuleRow) -> str:
    law = f"{rule.law_title}, {said(article_in_words(rule.article))}" if rule.article else rule.law_title
    return _("%(law)s, zoals die gold op %(day)s", law=law, day=full_date(rule.on_date))


_WAY = (
    (lazy_gettext("Ingediend"), EventKind.FILED, lazy_gettext("U vertelde wat u tegenhoudt.")),
    (
        lazy_gettext("In beoordeling"),
        EventKind.TAKEN_IN,
        lazy_gettext("Wij zoeken uit welke regel knelt, en of dat zo is."),
    ),
    (lazy_gettext("In behandeling"), EventKind.HANDLING_STARTED, lazy_gettext("Wij zoeken een oplossing.")),
    (lazy_gettext("Voorstel"), EventKind.PROPOSED, lazy_gettext("U leest ons voorstel, en zegt of het helpt.")),
    (lazy_gettext("Afgesloten"), EventKind.CLOSED, ""),
)
"""Each step, the act that begins it, and what it is about; how the last one is told depends on the case."""
_PLACES = {
    CaseStatus.SUBMITTED: 0,
    CaseStatus.IN_TRIAGE: 1,
    CaseStatus.IN_HANDLING: 2,
    CaseStatus.WITH_MINISTRY: 2,
    CaseStatus.RECONSIDERATION: 4,
    CaseStatus.PROPOSED: 3,
    CaseStatus.CLOSED: 4,
    CaseStatus.ARCHIVED: 4,
}
_REACTED = {
    ProposalStatus.ACCEPTED: lazy_gettext("U nam ons voorstel aan."),
    ProposalStatus.LAPSED: lazy_gettext("Wij kregen geen reactie op ons voorstel."),
}
"""What stands with a proposal that waits for its closing, in place of the question whether it helps."""
_LED = {
    EventKind.FILED: lazy_gettext("{lead} vertelde wat er in de weg staat."),
    EventKind.PROPOSED: lazy_gettext("U leest ons voorstel. {lead} zegt of het helpt."),
}
_REACTED_OF_LEAD = {**_REACTED, ProposalStatus.ACCEPTED: lazy_gettext("{lead} nam ons voorstel aan.")}
"""The same, told to a municipality that files along."""
_EXITS = {CaseStatus.WITHDRAWN: lazy_gettext("Ingetrokken"), CaseStatus.REFERRED: lazy_gettext("Doorverwezen")}


def progress(page: SubmitterPage, *, is_participant: bool = False) -> list[tuple[str, str, str]]:
    """The steps of the process as the component draws them: what was, where it is, and what comes.

    Args:
        is_participant: a municipality that files along reads it; the one that leads gets the mails.
    """
    status = page.case.status
    if status in _EXITS:
        return [(_("Ingediend"), "done", full_date(page.case.filed_on)), (_EXITS[status], "now", "")]
    if status is CaseStatus.AWAITING_SUPPLEMENT:
        here = _PLACES[CaseStatus(page.case.status_before_supplement or CaseStatus.IN_TRIAGE.value)]
    else:
        here = _PLACES[status]
    steps = [_step(page, at, here, is_participant=is_participant) for at in range(len(_WAY))]
    last, kind, about = steps[-1]
    return [*steps[:-1], (last, kind, _ending(page, is_participant) if kind == "todo" else about)]


def _ending(page: SubmitterPage, is_participant: bool) -> str:
    """How the submitter of this case gets to know how it ends."""
    if is_participant:
        return _("U leest hier de reden en de volgende stap.")
    if page.case.organisation_id is not None or page.is_reachable:
        return _("U krijgt een mail met de reden en de volgende stap.")
    if page.has_contact:
        return _("U hoort de reden en de volgende stap per brief of telefoon.")
    return _("U leest hier de reden en de volgende stap.")


def _step(page: SubmitterPage, at: int, here: int, *, is_participant: bool) -> tuple[str, str, str]:
    words, begins, about = _WAY[at]
    if is_participant and begins in _LED:
        about = _LED[begins].format(lead=page.lead)
    if at > here:
        return words, "todo", about
    day = _day_of(page, begins)
    since = full_date(day) if day is not None else ""
    if at < here:
        return words, "done", since
    if page.case.status is CaseStatus.PROPOSED and page.proposals and page.proposals[-1].status in _REACTED:
        reacted = _REACTED_OF_LEAD if is_participant else _REACTED
        about = reacted[page.proposals[-1].status].format(lead=page.lead)
    return (
        words,
        "now",
        _("Sinds %(since)s. %(about)s", since=since, about=about) if since and at < len(_WAY) - 1 else since,
    )


def _day_of(page: SubmitterPage, kind: EventKind) -> date | None:
    """The last day on which this step began; a case that was imported only knows when it was filed and closed."""
    days = [event.happened_on for event in page.events if event.kind is kind]
    if days:
        return days[-1]
    return {EventKind.FILED: page.case.filed_on, EventKind.CLOSED: page.case.closed_on}.get(kind)
