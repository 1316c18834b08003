"""What an official sees and does by a link. Opening it changes nothing: mail scanners open links too."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from knelpunt.domain.cases.consultations import LinkState, link_ends_on, link_state
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind, ConsultationStatus
from knelpunt.extensions import db
from knelpunt.models import Case, Consultation
from knelpunt.queries.consultations.asked import AskedMinistry, asked_by_link, file_names
from knelpunt.services.cases.attachments import Look
from knelpunt.services.consultations import answering
from knelpunt.services.consultations.links import PURPOSE
from knelpunt.services.core.context import Context
from knelpunt.web.consultations.blueprint import bp
from knelpunt.web.consultations.forms import AnswerForm, HandOnForm, MoreTimeForm, SendBackForm
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.pages.files import keep_uploads, looked_at, upload_limits
from knelpunt.web.shared.requests.access import act_as, by_link, public
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

__all__ = ["bp"]

_OVER = {
    LinkState.HANDED_ON: (404, "Deze vraag is doorgegeven", "Een collega van uw ministerie heeft nu een eigen link."),
    LinkState.EXPIRED: (
        410,
        "Deze link werkt niet meer",
        "De tijd van deze link is voorbij. Wilt u toch antwoorden? Neem dan contact op met het loket.",
    ),
    LinkState.CASE_OVER: (
        410,
        "Een antwoord is niet meer nodig",
        "De vraag of de melding is ingetrokken. U hoeft niets te doen.",
    ),
}
"""The status, and what is said, where nothing can be done or read any more."""


class LinkOver(HTTPException):
    """A link that is wrong, was handed on or is over: a page that says which, as far as the holder may know."""

    def __init__(self, status: int, title: str, words: str) -> None:
        page = render_template("consultations/over.html", title=title, words=words)
        super().__init__(response=make_response(page, status))


@dataclass(frozen=True, slots=True)
class Door:
    """One question, opened by a link that can be used, or of which the outcome can be read back."""

    token: str
    asked: AskedMinistry
    state: LinkState
    context: Context

    def url(self, page: str = "question") -> str:
        return url_for(f"consultations.{page}", consultation_token=self.token)


def _open(token: str) -> Door:
    """Check the token.

    Raises:
        LinkOver: it is wrong, was handed on, or is over.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    asked = asked_by_link(db.session, public_id) if public_id is not None else None
    if asked is None or public_id is None or not links.matches(token, PURPOSE, public_id, asked.nonce):
        raise LinkOver(404, "Deze link werkt niet", "Misschien is de link niet helemaal overgenomen uit de mail.")
    context = act_as(Actor(ActorKind.ANSWER_LINK, consultation_link_id=asked.link_id))
    state = link_state(
        asked.status, asked.due_on, asked.ended_on, context.today, is_revoked=asked.revoked_at is not None
    )
    if state in _OVER:
        raise LinkOver(*_OVER[state])
    return Door(token, asked, state, context)


@bp.route("/raadplegen/doorgegeven")
@public
def handed_on() -> ResponseReturnValue:
    """After the question was handed on: the own link no longer works, and that is as it should be."""
    return render_template(
        "consultations/over.html",
        title="U gaf de vraag door",
        words="Uw collega krijgt een mail met een eigen link. Uw link werkt niet meer. U hoeft niets meer te doen.",
    )


@bp.route("/raadplegen/<string:consultation_token>", methods=["GET", "POST"])
@by_link
@commits
def question(consultation_token: str) -> ResponseReturnValue:
    """The question, and the answer to it."""
    door = _open(consultation_token)
    form = AnswerForm()
    if door.state is LinkState.OPEN and is_sent(form):
        with errors_on(form), looked_at(door.context, request.files.getlist("attachments")) as files:
            answering.answer(door.context, form.room.data, form.answer.data or "", keep_files=_keep_files(door, files))
            flash("Uw antwoord is verstuurd. Dank u wel.")
            return redirect(door.url())
    door = _again(door, form)
    is_answered = door.asked.status is ConsultationStatus.ANSWERED
    return _show(
        door,
        form,
        "consultations/question.html",
        limits=upload_limits(0),
        files=file_names(db.session, door.asked.consultation_id) if is_answered else [],
    )


@bp.route("/raadplegen/<string:consultation_token>/niet-van-ons", methods=["GET", "POST"])
@by_link
@commits
def send_back(consultation_token: str) -> ResponseReturnValue:
    """The question belongs elsewhere."""
    door = _open(consultation_token)
    form = SendBackForm()
    if door.state is LinkState.OPEN and is_sent(form):
        with errors_on(form):
            answering.send_back(door.context, form.answer.data or "")
            flash("Het loket weet nu dat de vraag bij een ander hoort. Dank u wel.")
            return redirect(door.url())
    return _act(
        door,
        form,
        title="De vraag hoort bij een ander",
        lead="De vraag gaat terug naar het loket. Dat vraagt het dan aan wie u noemt.",
        button="Stuur de vraag terug",
    )


@bp.route("/raadplegen/<string:consultation_token>/meer-tijd", methods=["GET", "POST"])
@by_link
@commits
def more_time(consultation_token: str) -> ResponseReturnValue:
    """Another last day is needed."""
    door = _open(consultation_token)
    form = MoreTimeForm()
    if door.state is LinkState.OPEN and is_sent(form):
        with errors_on(form):
            if form.until.data is not None:
                answering.ask_more_time(door.context, form.until.data, form.reason.data or "")
            flash("Het loket beslist over uw verzoek. U krijgt daar een mail over.")
            return redirect(door.url())
    return _act(
        door,
        form,
        title="Meer tijd vragen",
        lead="Het loket beslist. Tot dan geldt de laatste dag die er nu staat.",
        button="Vraag meer tijd",
    )


@bp.route("/raadplegen/<string:consultation_token>/doorgeven", methods=["GET", "POST"])
@by_link
@commits
def hand_on(consultation_token: str) -> ResponseReturnValue:
    """A colleague of the same ministry answers."""
    door = _open(consultation_token)
    form = HandOnForm()
    if door.state is LinkState.OPEN and is_sent(form):
        with errors_on(form):
            answering.hand_on(door.context, form.email.data or "")
            return redirect(url_for("consultations.handed_on"))
    return _act(
        door,
        form,
        title="Doorgeven aan een collega",
        lead="Weet een collega van uw ministerie dit beter? Geef de vraag dan door.",
        button="Geef de vraag door",
    )


def _keep_files(door: Door, files: list[Look]) -> Any:
    """Keeps the files of this request with the answer."""

    def keep(case: Case, consultation: Consultation) -> None:
        keep_uploads(door.context, files, case=case, consultation=consultation)

    return keep


def _again(door: Door, form: BaseForm) -> Door:
    """The door as it is after something was refused: somebody else may have been first."""
    return _open(door.token) if form.errors or form.form_errors else door


def _act(door: Door, form: BaseForm, *, title: str, lead: str, button: str) -> ResponseReturnValue:
    door = _again(door, form)
    return _show(door, form, "consultations/act.html", title=title, lead=lead, button=button)


def _show(door: Door, form: BaseForm, template: str, **values: Any) -> ResponseReturnValue:
    page = render_template(
        template,
        door=door,
        asked=door.asked,
        is_open=door.state is LinkState.OPEN,
        ends_on=link_ends_on(door.asked.due_on),
        form=form,
        **values,
    )
    if request.method == "POST" and door.state is not LinkState.OPEN:
        return page, 409
    return page, form_status(form)
