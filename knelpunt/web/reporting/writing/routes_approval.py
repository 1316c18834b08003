"""Laying a text before a second person, agreeing to it, presenting it, and its number on return."""

from typing import Any

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.track import QuarterStep
from knelpunt.domain.redaction.checks import in_words, not_passed
from knelpunt.services.quarters import approval
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.writing.forms import ApprovalForm, NumberForm, PresentForm, RemarkForm
from knelpunt.web.reporting.writing.pages import TextPage
from knelpunt.web.shared.forms.form_page import form_page
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import current_actor, today_in_nl


@form_page(bp, "/<string:quarter>/tekst/voorleggen", Permission.SEAL_QUARTER)
class AskApproval(TextPage):
    """Lay the text before a second person."""

    form_class = ButtonForm
    template = "reporting/writing/ask_approval.html"
    step = QuarterStep.ASK_APPROVAL
    title = "Leg de tekst voor akkoord voor"
    button = "Leg voor"
    done = "De tekst ligt voor. Een tweede persoon krijgt bericht."

    @property
    def lead(self) -> str:
        return "Zolang de tekst voorligt, kan niemand haar wijzigen."

    def act(self) -> None:
        approval.ask(self.context, self.of, self.written.figures)


@form_page(bp, "/<string:quarter>/tekst/akkoord", Permission.SEAL_QUARTER)
class DecideText(TextPage):
    """The second person reads the whole text and agrees, or gives it back."""

    form_class = ApprovalForm
    template = "reporting/writing/approve.html"
    step = QuarterStep.APPROVE
    title = "Beslis over de tekst"
    button = "Leg vast"
    done = "U gaf akkoord. De tekst ligt vast."

    @property
    def lead(self) -> str:
        return "Lees de hele tekst. Na uw akkoord verandert zij niet meer."

    @property
    def version(self) -> int:
        if self.written.text is None:
            raise NotFound()
        return self.written.text.version

    def act(self) -> str | None:
        if self.form.decision.data == "terug":
            approval.give_back(self.context, self.of, self.form.remark.data or "")
            return "De tekst is teruggegeven."
        approval.approve(
            self.context,
            self.of,
            self.form.version.data,
            self.written.figures,
            self.form.pass_reason.data or "",
        )
        return None

    def shown(self) -> dict[str, Any]:
        text = self.written.text
        found = not_passed(approval.found_in(self.context, self.of), text.passed if text else [])
        took_part = {row.changed_by_id for row in self.written.rows.values()} | {text.asked_by_id if text else None}
        return {
            **super().shown(),
            "finds": in_words(found, approval.NAMES),
            "is_own": current_actor().account_id in took_part,
        }


@form_page(bp, "/<string:quarter>/tekst/akkoord-intrekken", Permission.SEAL_QUARTER)
class ReopenText(TextPage):
    """Take the approval back, as long as the text was not presented."""

    form_class = RemarkForm
    step = QuarterStep.REOPEN
    title = "Trek het akkoord in"
    button = "Trek het akkoord in"
    done = "Het akkoord is ingetrokken. De tekst kan weer worden gewijzigd."

    @property
    def lead(self) -> str:
        return "De tekst kan daarna worden gewijzigd, en moet opnieuw worden voorgelegd."

    def act(self) -> None:
        approval.reopen(self.context, self.of, self.form.remark.data or "")


@form_page(bp, "/<string:quarter>/tekst/aanbieden", Permission.SEAL_QUARTER)
class PresentText(TextPage):
    """Note that the text went to the Kamer."""

    form_class = PresentForm
    step = QuarterStep.PRESENT
    title = "Bied de tekst aan de Kamer aan"
    button = "Leg vast"
    done = "De tekst is aangeboden."

    @property
    def lead(self) -> str:
        return "Leg hier vast wanneer de tekst naar de Kamer ging. Daarna is er geen weg terug."

    def prefill(self) -> None:
        self.form.on_day.data = today_in_nl()

    def act(self) -> None:
        approval.present(self.context, self.of, self.form.on_day.data)


@form_page(bp, "/<string:quarter>/tekst/kamerstuk", Permission.SEAL_QUARTER)
class NumberText(TextPage):
    """Note the number of the Kamerstuk."""

    form_class = NumberForm
    step = QuarterStep.NUMBER
    title = "Vul het nummer van het Kamerstuk in"
    button = "Leg vast"
    done = "Het nummer staat bij de tekst."

    def prefill(self) -> None:
        self.form.paper.data = self.written.text.paper if self.written.text else None

    def act(self) -> None:
        approval.number(self.context, self.of, self.form.paper.data or "")
