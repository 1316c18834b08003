"""Being away, and who acts in the meantime: ``/afwezigheid``."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts.leave import leaves_for
from knelpunt.queries.core.reference import reference
from knelpunt.services.accounts import leave as service
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.shared.forms.form_page import filled_in
from knelpunt.web.shared.forms.forms import BaseForm, ButtonForm, Chosen, DayField, IdField
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


class LeaveForm(BaseForm):
    account_id = IdField("Wie is er afwezig?", [Chosen("Kies wie er afwezig is.")])
    first_day = DayField("Eerste dag", [InputRequired("Vul de eerste dag in.")])
    last_day = DayField("Laatste dag", [InputRequired("Vul de laatste dag in.")])
    covered_by_id = IdField(
        "Wie neemt waar?",
        [Chosen("Kies wie waarneemt.")],
        description="Uw collega krijgt bericht, en ziet in die dagen ook deze zaken. Is die zelf ook weg, dan gaat het "
        "door naar wie voor die collega waarneemt.",
    )


@bp.route("/afwezigheid", methods=["GET", "POST"])
@requires(Permission.HANDLE_CASE)
@commits
def leave() -> ResponseReturnValue:
    """The own leave, and that of everybody for who assigns cases."""
    actor, names = current_actor(), reference(db.session)
    form = LeaveForm()
    may_for_others = actor.can(Permission.ASSIGN_CASE)
    own = actor.account_id or 0
    people = [(id_, words) for id_, words in names.handler_options if may_for_others or id_ == own]
    form.account_id.offer(people)
    form.covered_by_id.offer(names.handler_options)
    if not form.is_submitted():
        form.account_id.data = own
    elif form.validate():
        with errors_on(form):
            service.register(
                current_context(),
                account_id=form.account_id.data,
                covered_by_id=form.covered_by_id.data,
                first_day=filled_in(form.first_day.data),
                last_day=filled_in(form.last_day.data),
            )
            flash("Uw afwezigheid staat erin." if form.account_id.data == own else "De afwezigheid staat erin.")
            return redirect(url_for("desk.leave"), 303)
    today = today_in_nl()
    page = render_template(
        "desk/leave.html",
        form=form,
        rows=leaves_for(db.session, None if may_for_others else own, today),
        names=names.staff_names,
        take_back=ButtonForm(),
        may_for_others=may_for_others,
        today=today,
    )
    return page, form_status(form)


@bp.route("/afwezigheid/<id:leave_id>/intrekken", methods=["POST"])
@requires(Permission.HANDLE_CASE)
@commits
def leave_take_back(leave_id: int) -> ResponseReturnValue:
    service.take_back(current_context(), leave_id)
    flash("De afwezigheid is ingetrokken. Wie waarnam, krijgt bericht.")
    return redirect(url_for("desk.leave"), 303)
