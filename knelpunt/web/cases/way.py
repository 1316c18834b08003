"""The way of a case as its submitter sees it: each step with the day on which it was taken, or what it will bring."""

from datetime import date

from knelpunt.domain.event_kinds import EventKind
from knelpunt.domain.vocabulary import CaseStatus, ProposalStatus
from knelpunt.queries.cases.submitter_rows import SubmitterPage
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, lazy_gettext

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
    CaseStatus.RECONSIDERATION: 2,
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


def way(page: SubmitterPage, *, is_participant: bool = False) -> list[tuple[str, str, str]]:
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
