"""The question to another municipality whether it files along, and stopping with it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.extensions import db
from knelpunt.queries.cases import participants
from knelpunt.queries.cases.participants import JointQuestion
from knelpunt.services.filing import joint_filing as joint
from knelpunt.web.cases.blueprint import bp
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _

JOIN, DECLINE = "doet-mee", "doet-niet-mee"


@bp.route("/onze-zaken/samen/<id:participant_id>", methods=["GET", "POST"])
@requires(Permission.READ_OWN_CASES)
@commits
def joint_question(participant_id: int) -> ResponseReturnValue:
    """Join, or decline. The municipality may change its mind."""
    actor = current_actor()
    asked = _asked(participant_id)
    form = ButtonForm()
    if request.method == "POST":
        actor.require(Permission.FILE_CASE)
    if is_sent(form):
        with errors_on(form):
            joins = pressed("action", {JOIN: True, DECLINE: False}, joint.NOT_CHOSEN)
            joint.answer(current_context(), participant_id, joins=joins)
            if joins:
                flash(_("Uw gemeente doet mee. U leest en volgt de zaak hier."))
                return redirect(url_for("cases.own", reference=asked.reference))
            flash(_("Uw gemeente doet niet mee."))
            return redirect(url_for("cases.joint_question", participant_id=participant_id))
    return render_template(
        "cases/joint.html", form=form, asked=asked, may_answer=actor.can(Permission.FILE_CASE)
    ), form_status(form)


@bp.route("/onze-zaken/samen/<id:participant_id>/stoppen", methods=["GET", "POST"])
@requires(Permission.FILE_CASE)
@commits
def joint_stop(participant_id: int) -> ResponseReturnValue:
    """Say what stopping means, and stop. Who does not take part is led to the question."""
    asked = _asked(participant_id)
    if asked.status is not ParticipantStatus.JOINED:
        return redirect(url_for("cases.joint_question", participant_id=participant_id))
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            joint.answer(current_context(), participant_id, joins=False)
            flash(_("Uw gemeente doet niet meer mee."))
            return redirect(url_for("cases.joint_question", participant_id=participant_id))
    return render_template("cases/joint_stop.html", form=form, asked=asked), form_status(form)


def _asked(participant_id: int) -> JointQuestion:
    """The question, for an account of the municipality that was asked."""
    asked = participants.question(db.session, participant_id, current_actor().organisation_id or 0)
    if asked is None:
        raise NotFound()
    return asked
