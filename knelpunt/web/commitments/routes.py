"""The list of commitments, one of them with its steps, and the forms to note, change and move one."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters.commitments import KIND_TEXTS, STATUS_TEXTS, CommitmentKind, steps_from
from knelpunt.extensions import db
from knelpunt.models import Commitment
from knelpunt.queries.core.reference import reference
from knelpunt.queries.quarters import commitments as queries
from knelpunt.queries.quarters.commitments import IS_OPEN, PAGE_SIZE, CommitmentFilter
from knelpunt.services.quarters import commitments as service
from knelpunt.web.commitments.blueprint import bp
from knelpunt.web.commitments.forms import CommitmentForm, StepForm
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import CHOOSE, choices
from knelpunt.web.shared.pages.list_filters import ListFilters, members, rows
from knelpunt.web.shared.requests.access import current_actor, requires, today_in_nl

__all__ = ["bp"]

ORDER_WORDS = {"titel": "Op titel", "nieuwste": "Laatst genoteerd eerst"}
STATUSES = {
    IS_OPEN: (IS_OPEN, "Nog open"),
    **{each.value: (each.value, str(STATUS_TEXTS[each])) for each in STATUS_TEXTS},
}


class Filters(ListFilters):
    """The filters, the order and the page of the list."""

    def __init__(self, owners: list[tuple[int, str]]) -> None:
        super().__init__(request.args, url_for("commitments.index"))
        self.read_search(lambda text: f"Zoekt: {text}")
        kind = self.choice("soort", members(CommitmentKind, lambda each: str(KIND_TEXTS[each])))
        status = self.choice("stand", STATUSES)
        owner_id = self.choice("eigenaar", rows(owners))
        order = self.given("volgorde")
        if order in ORDER_WORDS:
            self.rest["volgorde"] = order
        self.read_page()
        self.order = order if order in ORDER_WORDS else ""
        self.wanted = CommitmentFilter(kind, status or "", owner_id, self.search, self.order or "termijn", self.page)


@bp.route("")
@requires(Permission.READ_FIGURES)
def index() -> ResponseReturnValue:
    """All commitments."""
    owners = queries.owner_options(db.session)
    filters = Filters(owners)
    found = queries.list_commitments(db.session, filters.wanted)
    total = found[0].total if found else 0
    return render_template(
        "commitments/list.html",
        rows=found,
        total=total,
        filters=filters,
        order_options=list(ORDER_WORDS.items()),
        kinds=KIND_TEXTS,
        statuses=STATUS_TEXTS,
        names=reference(db.session).staff_names,
        today=today_in_nl(),
        may_write=current_actor().can(Permission.SEAL_QUARTER),
        pages=filters.pages(more=filters.page * PAGE_SIZE < total),
    )


@bp.route("/<id:commitment_id>")
@requires(Permission.READ_FIGURES)
def page(commitment_id: int) -> ResponseReturnValue:
    """One commitment, with its steps and what it is about."""
    found, may_write = _commitment(commitment_id), current_actor().can(Permission.SEAL_QUARTER)
    return render_template(
        "commitments/page.html",
        each=found,
        kinds=KIND_TEXTS,
        statuses=STATUS_TEXTS,
        told=service.names_standing(db.session, found.id) if may_write else [],
        steps=queries.steps_of(db.session, found.id),
        cases=queries.cases_of(db.session, found.id),
        bottlenecks=queries.bottlenecks_of(db.session, found.id),
        names=reference(db.session).staff_names,
        may_write=may_write,
        may_read_cases=current_actor().can(Permission.READ_CASES),
        may_move=bool(steps_from(found.status)),
        today=today_in_nl(),
    )


def _commitment(commitment_id: int) -> Commitment:
    found = queries.commitment(db.session, commitment_id)
    if found is None:
        raise NotFound()
    return found


class _Page(FormPage[Any, Any]):
    template = "commitments/form.html"
    commitment_id: int

    def read(self) -> Any:
        return _commitment(self.commitment_id)

    @property
    def back(self) -> str:
        return url_for("commitments.page", commitment_id=self.commitment_id)

    def shown(self) -> dict[str, Any]:
        return {**super().shown(), "subject": self.subject}


@form_page(bp, "/nieuw", Permission.SEAL_QUARTER)
class Note(_Page):
    """Note a commitment."""

    form_class = CommitmentForm
    title = "Noteer een toezegging of motie"
    button = "Noteer"
    done = "De toezegging is genoteerd."

    @property
    def back(self) -> str:
        return url_for("commitments.index")

    @property
    def version(self) -> int:
        return 0

    def read(self) -> None:
        return None

    def offer(self) -> None:
        self.form.owner_id.choices = choices([("", "Nog geen eigenaar"), *queries.owner_options(db.session)])

    def act(self) -> None:
        service.add(self.context, self.form.values())


@form_page(bp, "/<id:commitment_id>/wijzigen", Permission.SEAL_QUARTER)
class Change(_Page):
    """Change what is noted."""

    form_class = CommitmentForm
    title = "Wijzig de toezegging of motie"
    button = "Bewaar"
    done = "De wijziging is bewaard."

    def offer(self) -> None:
        self.form.owner_id.choices = choices([("", "Nog geen eigenaar"), *queries.owner_options(db.session)])

    def prefill(self) -> None:
        found, form = self.subject, self.form
        for name in ("title", "words", "made_when", "dossier", "paper", "source_url", "owner_id"):
            form[name].data = getattr(found, name)
        form.kind.data = found.kind.value
        form.cases.data = ", ".join(each.reference for each in queries.cases_of(db.session, found.id))
        form.bottlenecks.data = ", ".join(each.reference for each in queries.bottlenecks_of(db.session, found.id))

    def act(self) -> None:
        service.change(self.context, self.commitment_id, self.form.version.data, self.form.values())


@form_page(bp, "/<id:commitment_id>/stap", Permission.SEAL_QUARTER)
class Move(_Page):
    """Take a step of its table."""

    form_class = StepForm
    title = "Zet een stap"
    button = "Leg vast"
    done = "De stap is vastgelegd."

    @property
    def lead(self) -> str:
        return f"{self.subject.title}. De stand is nu: {STATUS_TEXTS[self.subject.status].lower()}."

    def read(self) -> Commitment:
        found = _commitment(self.commitment_id)
        if not steps_from(found.status):
            raise NotFound()
        return found

    def offer(self) -> None:
        steps = [(row.step.value, str(row.words)) for row in steps_from(self.subject.status)]
        self.form.step.choices = choices([("", CHOOSE), *steps])

    def act(self) -> None:
        service.take_step(
            self.context,
            self.commitment_id,
            self.form.version.data,
            self.form.chosen,
            words=self.form.words.data or "",
            due_on=self.form.due_on.data,
        )
