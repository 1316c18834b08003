"""Suggested rules for a case: the page, and what a person says of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import DataRequired, Length, NumberRange

from knelpunt.domain.cases.requirements import met
from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.suggestions.feedback import RefusalReason
from knelpunt.domain.suggestions.results import SuggestedProvision
from knelpunt.domain.vocabulary import OPEN_STATUSES
from knelpunt.extensions import db
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.guides import published as guides
from knelpunt.queries.laws.rules_compared import Weighed, compare_rules, touches_of_case
from knelpunt.queries.search import suggestions
from knelpunt.services.suggestions import feedback
from knelpunt.services.suggestions.desk import for_case, for_days
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.view import actions_for, way_to_verdict
from knelpunt.web.desk.steps.page import carried_out, case_address, read_file, step_page
from knelpunt.web.desk.steps.routes_assessments import ALLOWED, LinkProvision, why_not_linkable
from knelpunt.web.desk.suggestions.view import explanation_of, page_of
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import LARGEST_NUMBER, BaseForm, Chosen, EnumField, HiddenIntegerField
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, form_status
from knelpunt.web.shared.rules_compared import OUTCOME_WORDS, compared_days

IN_OWN_WORDS = "Schrijf in uw eigen woorden wat deze bepaling in deze zaak doet. Het systeem vult hier niets in."
_ID = NumberRange(1, LARGEST_NUMBER, "Laad deze pagina opnieuw en probeer het nog eens.")


class AnswerForm(BaseForm):
    """One suggested law or other answer, as it was shown."""

    law_id = HiddenIntegerField(validators=[_ID])
    rank = HiddenIntegerField(validators=[_ID])


class SituationForm(BaseForm):
    """One situation, as it was shown or picked."""

    situation = StringField("Situatie", [DataRequired("Kies een situatie."), Length(max=100)])
    rank = HiddenIntegerField(validators=[_ID])


class RefuseForm(AnswerForm):
    provision_id = HiddenIntegerField()
    reason = EnumField("Waarom past het niet?", [Chosen("Kies waarom het niet past.")], kind=RefusalReason)


@bp.route("/zaken/<string:reference>/voorstellen")
@requires(Permission.READ_CASES)
def suggested(reference: str) -> ResponseReturnValue:
    """The rules that may be at stake, with their reasons; a person decides."""
    return _show(read_file(reference), BaseForm())


@step_page("voorstellen/<id:provision_id>", *ALLOWED)
class ConfirmSuggestion(LinkProvision):
    """Make a toets out of a suggested provision, in the words of a person."""

    title = "Maak er een toets van"
    lead = "Een suggestie is geen feit. Lees de bepaling, en schrijf in uw eigen woorden wat zij in deze zaak doet."
    done = "De suggestie is nu een toets."
    template = "desk/link_suggestion.html"

    def offer(self) -> None:
        self.form.reasoning.description = IN_OWN_WORDS
        self.suggested = for_case(db.session, self.file)
        self.explained = explanation_of(self.suggested, self.provision.key)

    def act(self) -> None:
        form = self.form
        feedback.confirm_provision(
            self.context,
            self.reference,
            form.version.data,
            self.provision_id,
            form.role.data,
            form.reasoning.data,
            rank=request.args.get("plaats", 1, type=int),
            explanation=self.explained.text if self.explained else "",
        )

    def prefill(self) -> None:
        found = self.suggested.found
        every = (*found.provisions, *found.others)
        self.form.role.data = next((each.role for each in every if each.key == self.provision.key), None)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"explained": self.explained}


@bp.route("/zaken/<string:reference>/voorstellen/afwijzen", methods=["POST"])
@requires(*ALLOWED)
@commits
def refuse_suggestion(reference: str) -> ResponseReturnValue:
    form = RefuseForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: feedback.refuse(
            current_context(),
            reference,
            filled_in(form.law_id.data),
            form.provision_id.data,
            form.reason.data,
            rank=filled_in(form.rank.data),
        ),
    ):
        return _back(reference, "De suggestie is afgewezen. Vergelijkbare zaken leren ervan.")
    return _show(read_file(reference), form)


@bp.route("/zaken/<string:reference>/voorstellen/bevestigen", methods=["POST"])
@requires(*ALLOWED)
@commits
def confirm_answer(reference: str) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: feedback.confirm_answer(
            current_context(), reference, filled_in(form.law_id.data), rank=filled_in(form.rank.data)
        ),
    ):
        return _back(reference, "Uw antwoord is bewaard. Hieronder staat hoe u verdergaat.")
    return _show(read_file(reference), form)


@bp.route("/zaken/<string:reference>/voorstellen/<id:feedback_id>/terugnemen", methods=["POST"])
@requires(*ALLOWED)
@commits
def take_back_suggestion(reference: str, feedback_id: int) -> ResponseReturnValue:
    form = BaseForm()
    if form.validate_on_submit() and carried_out(
        form, lambda: feedback.take_back(current_context(), reference, feedback_id)
    ):
        return _back(reference, "Dat is teruggenomen.")
    return _show(read_file(reference), form)


@bp.route("/zaken/<string:reference>/voorstellen/situatie", methods=["POST"])
@requires(*ALLOWED)
@commits
def choose_situation(reference: str) -> ResponseReturnValue:
    """Say which situation a case is; the ranking follows at once."""
    form = SituationForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: feedback.choose_situation(
            current_context(), reference, form.situation.data, rank=filled_in(form.rank.data)
        ),
    ):
        return _back(reference, "De situatie is gekozen. De regels hieronder volgen daaruit.")
    return _show(read_file(reference), form)


@bp.route("/zaken/<string:reference>/voorstellen/situatie/afwijzen", methods=["POST"])
@requires(*ALLOWED)
@commits
def refuse_situation(reference: str) -> ResponseReturnValue:
    form = SituationForm()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: feedback.refuse_situation(
            current_context(), reference, form.situation.data, rank=filled_in(form.rank.data)
        ),
    ):
        return _back(reference, "De situatie is afgewezen. De regels hieronder volgen dat.")
    return _show(read_file(reference), form)


def _back(reference: str, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("desk.suggested", reference=reference), 303)


def _show(file: CaseFile, form: BaseForm) -> ResponseReturnValue:
    case, actor = file.case, current_actor()
    if case is None:
        raise NotFound()
    texts = (case.title, case.description, case.goal, case.rule_words)
    found = for_case(db.session, file)
    slugs = {slug for one in found.found.situations for slug in one.situation.guides}
    page = page_of(
        found,
        suggestions.feedback_on(db.session, case.id),
        "\n\n".join(text for text in texts if text),
        case.law_date,
        guides.questions_of(db.session, slugs),
    )
    may_decide = actor.can(Permission.TRIAGE_CASE) or actor.can(Permission.HANDLE_CASE)
    html = render_template(
        "desk/suggestions.html",
        case=case,
        form=form,
        page=page,
        reasons=tuple(RefusalReason),
        may_decide=may_decide and case.status in OPEN_STATUSES,
        can_link=may_decide and not why_not_linkable(file),
        to_verdict=way_to_verdict(actions_for(file, met(case, file.findings, today_in_nl()), actor)),
        case_path=case_address(case.reference),
        path=url_for("desk.suggested", reference=case.reference),
    )
    return html, form_status(form)


SUGGESTED = 6


@bp.route("/zaken/<string:reference>/regels")
@requires(Permission.READ_CASES)
def rules_then_and_now(reference: str) -> ResponseReturnValue:
    """What each weighed rule was and is, the changes that may touch the case, and suggestions for both days."""
    file = read_file(reference)
    case = file.case
    days = compared_days(case.law_date)
    weighed = (
        Weighed(row.role, row.law_key, row.law_title, row.provision_key, row.article) for row in file.assessments
    )
    then = now = []
    if not days.is_then:
        then, now = (list(found.first[:SUGGESTED]) for found in for_days(db.session, file, (days.then, days.on)))
    page = render_template(
        "desk/case_rules.html",
        case=case,
        case_path=case_address(reference),
        path=f"{case_address(reference)}/regels",
        days=days,
        found=compare_rules(db.session, weighed, days.then, days.on),
        outcomes=OUTCOME_WORDS,
        touches=touches_of_case(db.session, case.id),
        is_same=[one.key for one in then] == [one.key for one in now],
        suggested_then=_marked(then, now),
        suggested_now=_marked(now, then),
    )
    return page, days.status


def _marked(rows: list[SuggestedProvision], others: list[SuggestedProvision]) -> list[tuple[SuggestedProvision, bool]]:
    """Each suggestion, and whether the other day lacks it."""
    keys = {one.key for one in others}
    return [(one, one.key not in keys) for one in rows]
