"""Another organisation reads a case that is offered to it, and takes it over or not. Opening changes nothing."""

from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.cases.referrals import OfferState, offer_state
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.extensions import db
from knelpunt.queries.referrals.offered import OfferedCase, offered_by_link
from knelpunt.services.core.context import Context
from knelpunt.services.referrals import offers
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.requests.access import act_as, by_link
from knelpunt.web.shared.requests.stale_forms import is_sent, keep_typed
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

bp = Blueprint("referrals", __name__)
keep_typed(bp)
_SHORTER = Length(max=4000, message="Maak de tekst korter: ten hoogste 4000 tekens.")


class TakeForm(BaseForm):
    contact = TextAreaField(
        "Hoe bereikt de indiener u?",
        [DataRequired("Schrijf op hoe de indiener u bereikt."), _SHORTER],
        description="Een naam, en een nummer of adres. De indiener leest dit.",
        render_kw={"rows": 4},
    )


class RefuseForm(BaseForm):
    refusal = TextAreaField(
        "Waarom neemt u de melding niet over?",
        [DataRequired("Schrijf op waarom niet."), _SHORTER],
        description="Alleen het loket leest dit.",
        render_kw={"rows": 4},
    )


class OfferOver(HTTPException):
    """A link that is wrong or over."""

    def __init__(self, status: int, title: str, words: str) -> None:
        page = render_template("referrals/over.html", title=title, words=words)
        super().__init__(response=make_response(page, status))


@bp.route("/overnemen/<string:offer_token>", methods=["GET", "POST"])
@by_link
@commits
def offered(offer_token: str) -> ResponseReturnValue:
    """The case that is offered, and taking it over."""
    found, state, context = _open(offer_token)
    form = TakeForm()
    if state is OfferState.OPEN and is_sent(form):
        with errors_on(form):
            offers.accept(context, form.contact.data or "")
            flash("U nam de melding over. De indiener krijgt bericht hoe u te bereiken bent.")
            return redirect(url_for("referrals.offered", offer_token=offer_token))
    return _show("referrals/offered.html", found, state, form, offer_token)


@bp.route("/overnemen/<string:offer_token>/niet", methods=["GET", "POST"])
@by_link
@commits
def refuse(offer_token: str) -> ResponseReturnValue:
    """The case is not taken over."""
    found, state, context = _open(offer_token)
    form = RefuseForm()
    if state is OfferState.OPEN and is_sent(form):
        with errors_on(form):
            offers.refuse(context, form.refusal.data or "")
            words = "Het loket gaat zelf verder. U hoeft niets meer te doen."
            return make_response(render_template("referrals/over.html", title="Dank u wel", words=words))
    return _show("referrals/refuse.html", found, state, form, offer_token)


def _open(token: str) -> tuple[OfferedCase, OfferState, Context]:
    """Check the token.

    Raises:
        OfferOver: it is wrong, or the offer is over.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    found = offered_by_link(db.session, public_id) if public_id is not None else None
    if found is None or public_id is None or not links.matches(token, offers.PURPOSE, public_id, found.nonce):
        raise OfferOver(404, "Deze link werkt niet", "Misschien is de link niet helemaal overgenomen uit de mail.")
    context = act_as(Actor(ActorKind.ANSWER_LINK, referral_id=found.id))
    state = offer_state(found.status, found.answer_by, found.ended_on, context.today)
    if state is OfferState.OVER:
        raise OfferOver(410, "Deze vraag is voorbij", "De melding is weer bij het loket. U hoeft niets te doen.")
    return found, state, context


def _show(template: str, found: OfferedCase, state: OfferState, form: BaseForm, token: str) -> Any:
    page = render_template(template, offer=found, is_open=state is OfferState.OPEN, form=form, token=token)
    return page, form_status(form)
