"""What a ministry sees and does by its link: the text, and its comments. Opening it changes nothing."""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.figures.writing import SECTIONS
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.quarters.track import LINK_HOLDS_AFTER
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.extensions import db
from knelpunt.queries.quarters import texts
from knelpunt.queries.quarters.texts import ByLink
from knelpunt.services.core.context import Context
from knelpunt.services.quarters import comments
from knelpunt.services.quarters.comments import LINK_OVER, PURPOSE
from knelpunt.web.reporting.writing.forms import CommentForm
from knelpunt.web.reporting.writing.pages import section_named, show
from knelpunt.web.reporting.writing.written import written_of
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import act_as, by_link, today_in_nl
from knelpunt.web.shared.requests.stale_forms import is_sent, keep_typed
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import said

bp = Blueprint("quarter_comments", __name__)
keep_typed(bp)


@dataclass(frozen=True, slots=True)
class Door:
    """One request to comment, opened by a link that can be used or read back."""

    token: str
    asked: ByLink
    context: Context

    @property
    def is_open(self) -> bool:
        return self.asked.is_open(self.context.today)

    @property
    def path(self) -> str:
        return f"/kwartaalreactie/{self.token}"


def _open(token: str) -> Door:
    """Check the token; 404 when it is wrong, 410 when nothing can be read by it any more."""
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    asked = texts.request_by_link(db.session, public_id) if public_id is not None else None
    if asked is None or public_id is None or not links.matches(token, PURPOSE, public_id, asked.nonce):
        abort(404)
    if asked.is_over(today_in_nl()):
        abort(410)
    return Door(token, asked, act_as(Actor(ActorKind.ANSWER_LINK, comment_request_id=asked.id)))


@bp.route("/kwartaalreactie/<string:comment_token>", methods=["GET", "POST"])
@by_link
@commits
def comment(comment_token: str) -> ResponseReturnValue:
    """The text, what this ministry said about it, and a box to say more; what comes too late stands there to copy."""
    door = _open(comment_token)
    form = CommentForm()
    if request.method == "POST" and not door.is_open:
        form.form_errors = [said(LINK_OVER)]
    elif is_sent(form):
        with errors_on(form):
            comments.comment(door.context, section_named(form.section.data), form.body.data or "")
            flash("Uw reactie staat erbij. U kunt er nog een geven.")
            return redirect(f"{door.path}#reacties", 303)
        door = _open(comment_token)
    written = written_of(db.session, door.asked.quarter)
    return show(
        "by_link.html",
        written,
        door=door,
        form=form,
        sections=SECTIONS,
        ends_on=door.asked.due_on + LINK_HOLDS_AFTER,
        comments=texts.comments_of(db.session, door.asked.quarter, door.asked.id),
    ), form_status(form)


@bp.route("/kwartaalreactie/<string:comment_token>/klaar", methods=["GET", "POST"])
@by_link
@commits
def ready(comment_token: str) -> ResponseReturnValue:
    """Say that the ministry has nothing more to say."""
    door = _open(comment_token)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            comments.finish(door.context)
            flash("U bent klaar. Dank u wel.")
            return redirect(door.path, 303)
    return render_template("reporting/writing/ready.html", door=_open(comment_token), form=form), form_status(form)
