"""The question to another municipality whether it files along."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries import participants
from knelpunt.services import joint
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.cases.forms import ButtonForm
from knelpunt.web.shared.access import current_act, current_actor, requires
from knelpunt.web.shared.stale_forms import is_sent
from knelpunt.web.shared.transactions import commits, errors_on, form_status

JOIN, DECLINE = "doet-mee", "doet-niet-mee"


@bp.route("/onze-zaken/samen/<id:participant_id>", methods=["GET", "POST"])
@requires(Permission.READ_OWN_CASES)
@commits
def joint_question(participant_id: int) -> ResponseReturnValue:
    """Join, or decline. The municipality may change its mind."""
    actor = current_actor()
    asked = participants.question(db.session, participant_id, actor.organisation_id or 0)
    if asked is None:
        raise NotFound()
    form = ButtonForm()
    if request.method == "POST":
        actor.require(Permission.FILE_CASE)
    if is_sent(form):
        with errors_on(form):
            if request.form.get("action") not in (JOIN, DECLINE):
                raise DomainError(joint.NOT_CHOSEN)
            joins = request.form.get("action") == JOIN
            joint.answer(current_act(), participant_id, joins=joins)
            if joins:
                flash("Uw gemeente doet mee. U volgt de zaak bij onze zaken.")
                return redirect(url_for("cases.own_list"))
            flash("Uw gemeente doet niet mee.")
            return redirect(url_for("cases.joint_question", participant_id=participant_id))
    return render_template(
        "cases/joint.html", form=form, asked=asked, may_answer=actor.can(Permission.FILE_CASE)
    ), form_status(form)
