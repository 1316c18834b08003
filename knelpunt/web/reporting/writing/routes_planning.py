"""The reference dates of the quarters ahead, and giving the finds of a check to a colleague."""

from functools import cached_property
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.timezone import Quarter, quarter_of
from knelpunt.domain.errors import NotFound
from knelpunt.domain.figures.sealing import CHECKS, Check
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.track import QuarterDays
from knelpunt.extensions import db
from knelpunt.queries.figures import sealing as seals
from knelpunt.queries.quarters import planning
from knelpunt.queries.quarters.planning import Planned
from knelpunt.services.quarters import sealing
from knelpunt.web.reporting.blueprint import bp
from knelpunt.web.reporting.routes_sealing import QuarterPage
from knelpunt.web.reporting.writing.forms import CheckForm, PlanForm
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import choices
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl


@bp.route("/planning")
@requires(Permission.READ_FIGURES)
def quarter_plans() -> ResponseReturnValue:
    """When each quarter of the year ahead is checked, sealed, written and presented."""
    return render_template(
        "reporting/writing/plans.html",
        plans=planning.plans(db.session, quarter_of(today_in_nl())),
        may_write=current_actor().can(Permission.SEAL_QUARTER),
    )


@form_page(bp, "/planning/<string:planned>", Permission.SEAL_QUARTER)
class PlanQuarter(FormPage[Any, Planned]):
    """Choose the dates of a quarter."""

    form_class = PlanForm
    template = "reporting/writing/plan.html"
    button = "Leg de dagen vast"
    done = "De dagen liggen vast."
    back = "/kwartalen/planning"
    planned: str

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Dagen van het {self.subject.days.quarter.number}e kwartaal {self.subject.days.quarter.year}"

    @property
    def lead(self) -> str:
        return "Kies de dagen op volgorde, na de laatste dag van het kwartaal."

    @cached_property
    def running(self) -> Quarter:
        return quarter_of(today_in_nl())

    def read(self) -> Planned:
        found = [each for each in planning.plans(db.session, self.running) if str(each.days.quarter) == self.planned]
        if not found:
            raise NotFound()
        return found[0]

    def prefill(self) -> None:
        for name in ("check_on", "seal_on", "text_on", "present_on"):
            self.form[name].data = getattr(self.subject.days, name)

    def act(self) -> None:
        form = self.form
        days = QuarterDays(
            self.subject.days.quarter,
            form.check_on.data,
            form.seal_on.data,
            form.text_on.data,
            form.present_on.data,
        )
        sealing.plan(self.context, days, form.version.data, self.running)

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "subject": self.subject}


@form_page(bp, "/<string:quarter>/verzegelen/nakijken/<string:check>", Permission.SEAL_QUARTER)
class GiveCheck(QuarterPage):
    """Let a colleague look after what a check finds."""

    form_class = CheckForm
    template = "reporting/quarter_form.html"
    title = "Laat een collega dit nakijken"
    button = "Geef aan deze collega"
    done = "De collega krijgt bericht."
    check: str

    @property
    def lead(self) -> str:
        return f"{CHECKS[self.subject].title}. {CHECKS[self.subject].sentence}"

    @property
    def back(self) -> str:
        return f"/kwartalen/{self.of}/verzegelen"

    def read(self) -> Check:
        if self.check not in set(Check) or seals.seal_of(db.session, self.of) is not None:
            raise NotFound()
        return Check(self.check)

    def offer(self) -> None:
        options = planning.colleague_options(db.session)
        self.form.owner_id.choices = choices([("", "Kies een collega"), *options])

    def prefill(self) -> None:
        self.form.due_on.data = max(planning.days_of(db.session, self.of).seal_on, today_in_nl())

    def act(self) -> None:
        sealing.give_check(
            self.context, self.of, self.subject, owner_id=self.form.owner_id.data, due_on=self.form.due_on.data
        )
