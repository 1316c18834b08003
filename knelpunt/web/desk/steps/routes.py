"""The steps of triage and handling, each a page with a form: who, whether, what is missing, verdict, proposal, end."""

from dataclasses import fields
from functools import cached_property
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.cases import workflow as steps
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words, with_article
from knelpunt.domain.vocabulary import ConsultationStatus, Result, Verdict
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import ConsultationRow
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.cases import resolution, triage
from knelpunt.services.cases.decisions import VerdictDecision
from knelpunt.services.suggestions.desk import for_case
from knelpunt.web.desk.case.view import JUDGED, Missing
from knelpunt.web.desk.steps.forms import (
    AssignForm,
    ClosingForm,
    ProposalForm,
    ScopeForm,
    SupplementForm,
    TakeInForm,
    VerdictForm,
)
from knelpunt.web.desk.steps.page import (
    LATER,
    NOT_HERE,
    LetterPage,
    Lines,
    StepPage,
    message_to,
    step_page,
    term_words,
    unless,
)
from knelpunt.web.desk.worklist.load import handlers_with_load
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.access import current_actor, today_in_nl

FOR_REVIEW = "Het ligt nu bij een tweede persoon. Zodra die akkoord is, gaat de zaak verder."
CITE = "citeer"
"""The name of the button that quotes an answer; its value is the number of the question."""
ASK_REVIEW = "Leg voor aan een tweede persoon"


@step_page("toewijzen", Permission.ASSIGN_CASE)
class Assign(StepPage[AssignForm]):
    form_class = AssignForm
    title = "Behandelaar aanwijzen"
    button = "Wijs aan"
    done = "De behandelaar is aangewezen."

    def offer(self) -> None:
        self.form.handler_id.offer(handlers_with_load(small_tables(db.session), today_in_nl()))

    def act(self) -> None:
        form = self.form
        triage.assign(self.context, self.reference, form.version.data, form.handler_id.data)

    def prefill(self) -> None:
        self.form.handler_id.data = current_actor().account_id if self.case.handler_id is None else None

    @property
    def lead(self) -> str:
        handler = self.file.handler
        return f"Nu behandelt {handler} de zaak." if handler else "Nog niemand behandelt de zaak."

    @property
    def stands_now(self) -> Lines:
        return [("Behandelaar", self.file.handler or "niemand")]


@step_page("binnen-bereik", Permission.TRIAGE_CASE)
class Scope(StepPage[ScopeForm]):
    form_class = ScopeForm
    title = "Vastleggen of de melding hier hoort"
    button = "Leg vast"
    done = "Vastgelegd."

    def act(self) -> None:
        form = self.form
        triage.set_scope(self.context, self.reference, form.version.data, form.in_scope.data, form.reason.data or "")

    def prefill(self) -> None:
        self.form.in_scope.data = self.case.in_scope

    @property
    def stands_now(self) -> Lines:
        return [("Hoort hier", _yes_no(self.case.in_scope))]


@step_page("in-triage", steps.TAKE_IN.permission)
class TakeIn(StepPage[TakeInForm]):
    step = steps.TAKE_IN
    form_class = TakeInForm
    title = "In beoordeling nemen"
    lead = (
        "De indiener krijgt bericht wie de zaak behandelt. De termijn voor de eerste reactie stopt, die voor het "
        "oordeel begint."
    )
    button = "Neem in beoordeling"
    done = "De zaak is in beoordeling. De indiener krijgt bericht wie de zaak behandelt."

    def offer(self) -> None:
        self.form.handler_id.offer(small_tables(db.session).handler_options)

    def act(self) -> None:
        """Settle who handles the case and whether it belongs here where that changed, then take it in."""
        form, context, reference = self.form, self.context, self.reference
        case = cases.get_by_reference(db.session, reference)
        version = form.version.data
        if form.handler_id.data != case.handler_id and context.actor.can(Permission.ASSIGN_CASE):
            triage.assign(context, reference, version, form.handler_id.data)
            version = case.version
        if form.in_scope.data is not case.in_scope or form.reason.data:
            triage.set_scope(context, reference, version, form.in_scope.data, form.reason.data or "")
            version = case.version
        triage.take_in(context, reference, version)

    def prefill(self) -> None:
        self.form.handler_id.data = self.case.handler_id or current_actor().account_id
        self.form.in_scope.data = self.case.in_scope

    @property
    def stands_now(self) -> Lines:
        return [("Behandelaar", self.file.handler or "niemand"), ("Hoort hier", _yes_no(self.case.in_scope))]


@step_page("aanvulling", steps.REQUEST_SUPPLEMENT.permission)
class Supplement(LetterPage[SupplementForm]):
    kind = MailKind.QUESTION
    step = steps.REQUEST_SUPPLEMENT
    form_class = SupplementForm
    title = "Aanvulling vragen"
    template = "desk/supplement.html"
    button = "Verstuur de vraag"
    done = "De vraag is verstuurd. De termijn van het loket staat stil vanaf morgen."

    def act(self) -> None:
        form = self.form
        triage.request_supplement(
            self.context,
            self.reference,
            form.version.data,
            question=form.question.data,
            why=form.why.data,
            answer_by=filled_in(form.answer_by.data),
        )

    def letter_values(self) -> dict[str, Any]:
        form = self.form
        return {"question": form.question.data, "why": form.why.data, "answer_by": form.answer_by.data}

    def prefill(self) -> None:
        case = cases.get_by_reference(db.session, self.reference)
        self.form.answer_by.data = triage.earliest_answer_day(self.context, case)
        taken = request.args.getlist("vraag", type=int)
        self.form.question.data = "\n".join(ask for place, ask in enumerate(self.asks) if place in taken)

    @cached_property
    def asks(self) -> tuple[str, ...]:
        """What the case does not tell yet; made only for a page that shows it."""
        return for_case(db.session, self.file).found.asks

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"asks": self.asks}

    @property
    def lead(self) -> str:
        return (
            f"De indiener krijgt {message_to(self.file)} met uw vraag, en ten minste "
            f"{term_words(self.file, Clock.SUPPLEMENT)} de tijd. Wij sturen twee herinneringen: halverwege en twee "
            "dagen voor het einde."
        )


class VerdictPage(LetterPage[VerdictForm]):
    """A verdict in two wordings, for a second person to read first."""

    form_class = VerdictForm
    button = ASK_REVIEW
    done = FOR_REVIEW
    template = "desk/verdict.html"

    def letter_values(self) -> dict[str, Any]:
        return {"plain": self.form.plain.data, "legal": self.form.legal.data}

    @property
    def outcome(self) -> Verdict | None:
        verdict: Verdict | None = self.form.verdict.data
        return verdict

    def offer(self) -> None:
        self.form.lead_ministry_id.offer(small_tables(db.session).ministry_options)

    def prefill(self) -> None:
        case = self.case
        self.form.process(None, obj=case, plain=case.verdict_plain, legal=case.verdict_legal)

    @property
    def verdict(self) -> VerdictDecision:
        return VerdictDecision(**{field.name: self.form[field.name].data for field in fields(VerdictDecision)})

    @property
    def stands_now(self) -> Lines:
        case = self.case
        return [
            ("Oordeel", f"{case.verdict.value} {label(case.verdict)}"),
            ("In gewone woorden", case.verdict_plain),
            ("In juridische woorden", case.verdict_legal),
        ]


@step_page("behandeling-starten", steps.START_HANDLING.permission)
class StartHandling(VerdictPage):
    kind = MailKind.VERDICT
    step = steps.START_HANDLING
    title = "Oordeel geven en behandeling starten"
    lead = "Een tweede persoon toetst het oordeel. Daarna krijgt de indiener het te lezen."

    def act(self) -> None:
        triage.request_handling(self.context, self.reference, self.form.version.data, self.verdict)


@step_page("oordeel-wijzigen", Permission.HANDLE_CASE)
class ChangeVerdict(VerdictPage):
    kind = MailKind.VERDICT_CHANGED
    title = "Oordeel wijzigen"
    lead = "Een tweede persoon toetst het nieuwe oordeel. Daarna krijgt de indiener het te lezen."

    def act(self) -> None:
        triage.request_verdict_change(self.context, self.reference, self.form.version.data, self.verdict)

    @property
    def blocked_by(self) -> tuple[Missing, ...]:
        return unless(self.case.status in JUDGED, NOT_HERE, self.file)


@step_page("voorstel", steps.PROPOSE.permission)
class Proposal(LetterPage[ProposalForm]):
    kind = MailKind.PROPOSAL
    step = steps.PROPOSE
    form_class = ProposalForm
    title = "Voorstel doen"
    button = ASK_REVIEW
    done = FOR_REVIEW
    template = "desk/proposal.html"

    @property
    def lead(self) -> str:
        term = term_words(self.file, Clock.K5)
        return f"Een tweede persoon toetst het voorstel. Daarna heeft de indiener {term} om te reageren."

    def answer(self) -> ResponseReturnValue:
        """Put the answer of a ministry into the text that is being written, when its button was pressed."""
        cited = next((each for each in self.answers if str(each.id) == request.form.get(CITE)), None)
        if cited is None or cited.ended_on is None:
            return super().answer()
        ministry = with_article(cited.ministry, begins=True)
        words = f"{ministry} antwoordde op {date_in_words(cited.ended_on)}:\n{cited.answer}"
        self.form.text.data = "\n\n".join(each for each in (self.form.text.data, words) if each)
        return render_template(self.template, **self.shown())

    def letter_values(self) -> dict[str, Any]:
        names = ("text", "legal_basis", "legal_date", "conditions", "who_acts", "act_by")
        return {"react_by": LATER, **{name: self.form[name].data for name in names}}

    @property
    def answers(self) -> list[ConsultationRow]:
        """What ministries answered in this case."""
        return [each for each in self.file.consultations if each.status is ConsultationStatus.ANSWERED]

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"answers": self.answers, "cite": CITE}

    def act(self) -> None:
        form = self.form
        resolution.request_proposal(
            self.context,
            self.reference,
            form.version.data,
            text=form.text.data,
            legal_basis=form.legal_basis.data,
            legal_date=filled_in(form.legal_date.data),
            conditions=form.conditions.data,
            who_acts=form.who_acts.data,
            act_by=filled_in(form.act_by.data),
        )

    def prefill(self) -> None:
        self.form.legal_date.data = self.case.law_date
        if self.file.proposals:
            self.form.process(None, obj=self.file.proposals[-1])


@step_page("afsluiten", steps.CLOSE.permission)
class Close(LetterPage[ClosingForm]):
    kind = MailKind.CLOSED
    step = steps.CLOSE
    form_class = ClosingForm
    title = "Zaak afsluiten"
    button = ASK_REVIEW
    done = FOR_REVIEW
    template = "desk/close.html"

    def offer(self) -> None:
        if not self.file.open_tasks:
            del self.form.leaves_tasks

    def act(self) -> None:
        form = self.form
        resolution.request_closing(
            self.context,
            self.reference,
            form.version.data,
            result=form.result.data,
            reason=form.reason.data,
            next_step=form.next_step.data,
            leaves_tasks="leaves_tasks" in form and form.leaves_tasks.data,
        )

    def letter_values(self) -> dict[str, Any]:
        form = self.form
        values = {"reason": form.reason.data, "next_step": form.next_step.data, "contest_until": LATER}
        return {"result": label(filled_in(form.result.data)), **values}

    @property
    def outcome(self) -> Result | None:
        result: Result | None = self.form.result.data
        return result

    @property
    def lead(self) -> str:
        return (
            "Een tweede persoon toetst het resultaat en de openbare tekst. "
            f"Daarna krijgt de indiener {message_to(self.file)}."
        )


def _yes_no(answer: bool | None) -> str:
    return {True: "ja", False: "nee", None: "nog niet vastgelegd"}[answer]
