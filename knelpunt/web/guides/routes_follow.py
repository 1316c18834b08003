"""Following a ruimtewijzer by e-mail: asked for, confirmed by a link, and stopped by the same link."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.extensions import db
from knelpunt.queries.guides import published as guides
from knelpunt.services.guides import use as guide_use
from knelpunt.services.guides.following import GUIDES
from knelpunt.web.guides.blueprint import bp
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import by_link, current_context, public
from knelpunt.web.shared.requests.following import STOP, FollowForm, ticket_for
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/ruimtewijzers/<string:guide_slug>/volgen", methods=["GET", "POST"])
@public
@commits
def follow(guide_slug: str) -> ResponseReturnValue:
    """Leave an address; the answer is the same whether it follows this page already or not."""
    guide = guides.read_guide(db.session, guide_slug)
    form = FollowForm.here()
    if is_sent(form):
        ticket = ticket_for(form)
        with errors_on(form):
            guide_use.ask_to_follow(current_context(), guide_slug, form.email.data or "", ticket)
            return redirect(url_for("guides.follow_sent"), 303)
    return render_template("guides/follow.html", guide=guide, form=form), form_status(form)


@bp.route("/ruimtewijzers/volgen/verstuurd")
@public
def follow_sent() -> ResponseReturnValue:
    return render_template("guides/follow_sent.html")


@bp.route("/ruimtewijzers/volgen/gestopt")
@public
def follow_stopped() -> ResponseReturnValue:
    return render_template("guides/follow_stopped.html")


@bp.route("/ruimtewijzers/volgen/<string:follow_token>", methods=["GET", "POST"])
@by_link
@commits
def following(follow_token: str) -> ResponseReturnValue:
    """Confirm, or stop: only by a button, so that a mail program that opens links does neither."""
    follower = GUIDES.find(current_context(), follow_token)
    guide = guides.read_guide_by_id(db.session, follower.guide_id)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            if request.form.get("action") == STOP:
                guide_use.stop_following(current_context(), follow_token)
                return redirect(url_for("guides.follow_stopped"), 303)
            GUIDES.confirm(current_context(), follow_token)
            flash(_("U volgt deze ruimtewijzer. Verandert hij, dan krijgt u bericht."))
            return redirect(url_for("guides.following", follow_token=follow_token), 303)
    page = render_template("guides/following.html", guide=guide, follower=follower, form=form)
    return page, form_status(form)
