"""What a municipality does with a ruimtewijzer: "dit gaan wij ook doen", and how it went."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.guides import published as guides
from knelpunt.queries.laws.term_rules import terms_of
from knelpunt.services.guides import use as guide_use
from knelpunt.web.guides.blueprint import desk_bp
from knelpunt.web.guides.forms import ClaimForm, OutcomeForm
from knelpunt.web.shared.requests.access import current_actor, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status


@desk_bp.route("/ruimtewijzers/<string:guide_slug>/overnemen", methods=["GET", "POST"])
@requires(Permission.CLAIM_GUIDE)
@commits
def claim(guide_slug: str) -> ResponseReturnValue:
    guide = guides.read_guide(db.session, guide_slug)
    form = ClaimForm()
    asked_after = terms_of(db.session, today_in_nl())[Clock.CLAIM][0].words
    if form.validate_on_submit():
        with errors_on(form):
            guide_use.claim(
                current_context(),
                guide_slug,
                project=form.project.data or "",
                starts_on=form.starts_on.data or today_in_nl(),
            )
            flash(f"Bedankt. Over {asked_after} vragen wij of het gelukt is.")
            return redirect(url_for("guide_desk.own_claims"), 303)
    elif not form.is_submitted():
        form.starts_on.data = today_in_nl()
    return render_template("guides/claim.html", guide=guide, form=form, asked_after=asked_after), form_status(form)


@desk_bp.route("/onze-ruimtewijzers")
@requires(Permission.READ_OWN_CASES)
def own_claims() -> ResponseReturnValue:
    """Which answers the own municipality uses, and of which it still has to say how it went."""
    actor = current_actor()
    return render_template(
        "guides/own_claims.html",
        claims=guide_desk.claims_of(db.session, actor.organisation_id),
        may_answer=actor.can(Permission.CLAIM_GUIDE),
        today=today_in_nl(),
    )


@desk_bp.route("/onze-ruimtewijzers/<id:claim_id>", methods=["GET", "POST"])
@requires(Permission.CLAIM_GUIDE)
@commits
def outcome(claim_id: int) -> ResponseReturnValue:
    """The one question: did it work?"""
    found = guide_desk.claim_of(db.session, claim_id, current_actor().organisation_id)
    form = OutcomeForm()
    if form.validate_on_submit():
        with errors_on(form):
            guide_use.answer_claim(
                current_context(), claim_id, outcome=form.outcome.data, reason=form.reason.data or ""
            )
            flash("Bedankt. Andere gemeenten zien nu of dit bij u werkte.")
            return redirect(url_for("guide_desk.own_claims"), 303)
    elif not form.is_submitted():
        form.outcome.data, form.reason.data = found.outcome, found.outcome_reason
    return render_template("guides/outcome.html", claim=found, form=form), form_status(form)
