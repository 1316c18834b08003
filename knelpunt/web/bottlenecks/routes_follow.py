"""Following a rule bottleneck by e-mail: asked for, confirmed by a link, and stopped by the same link."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import OPEN
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks.bottlenecks import goes_on_as
from knelpunt.services.bottlenecks import follow as bottleneck_follow
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.web.bottlenecks.blueprint import bp
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import by_link, current_context, public
from knelpunt.web.shared.requests.following import STOP, FollowForm, ticket_for
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _


@bp.route("/regelknelpunten/<string:bottleneck_number>/volgen", methods=["GET", "POST"])
@public
@commits
def follow(bottleneck_number: str) -> ResponseReturnValue:
    """Leave an address; the answer is the same whether it follows this bottleneck already or not."""
    found = queries.bottleneck(db.session, bottleneck_number)
    form = FollowForm.here()
    if is_sent(form):
        ticket = ticket_for(form)
        with errors_on(form):
            bottleneck_follow.ask_to_follow(current_context(), found.reference, form.email.data or "", ticket)
            return redirect(url_for("bottlenecks.follow_sent"), 303)
    page = render_template(
        "bottlenecks/follow.html",
        found=found,
        goes_on=goes_on_as(db.session, found.id),
        form=form,
        is_moving=found.status in OPEN,
    )
    return page, form_status(form)


@bp.route("/regelknelpunten/volgen/verstuurd")
@public
def follow_sent() -> ResponseReturnValue:
    return render_template("bottlenecks/follow_sent.html")


@bp.route("/regelknelpunten/volgen/gestopt")
@public
def follow_stopped() -> ResponseReturnValue:
    return render_template("bottlenecks/follow_stopped.html")


@bp.route("/regelknelpunten/volgen/<string:news_token>", methods=["GET", "POST"])
@by_link
@commits
def following(news_token: str) -> ResponseReturnValue:
    """Confirm, or stop: only by a button, so that a mail program that opens links does neither."""
    follower = BOTTLENECKS.find(current_context(), news_token)
    found = goes_on_as(db.session, follower.bottleneck_id)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            if request.form.get("action") == STOP:
                bottleneck_follow.stop_following(current_context(), news_token)
                return redirect(url_for("bottlenecks.follow_stopped"), 303)
            bottleneck_follow.confirm_following(current_context(), news_token)
            flash(_("U volgt dit regelknelpunt. Is er nieuws, dan krijgt u een mail."))
            return redirect(url_for("bottlenecks.following", news_token=news_token), 303)
    page = render_template(
        "bottlenecks/following.html", found=found, follower=follower, form=form, is_moving=found.status in OPEN
    )
    return page, form_status(form)
