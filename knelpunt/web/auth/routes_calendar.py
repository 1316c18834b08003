"""The calendar of terms: its secret address, and what opens at it. It tells numbers of cases and days, and no more."""

from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from knelpunt.adapters.ical import DayEvent, calendar_of
from knelpunt.domain.errors import NotFound
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor, Permission
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.extensions import db
from knelpunt.queries.cases.submitter_page import link_with
from knelpunt.queries.worklist import calendars as queries
from knelpunt.queries.worklist.calendars import Term
from knelpunt.services.worklist import calendars
from knelpunt.web.auth.blueprint import bp
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.requests.access import by_link, current_context, requires, today_in_nl
from knelpunt.web.shared.requests.bodies import pressed
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _, said


@bp.route("/mijn-account/agenda", methods=["GET", "POST"])
@requires(*calendars.READERS)
@commits
def calendar_address() -> ResponseReturnValue:
    """Make the address, make another one, or end it."""
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            if pressed("action", {"maak": True, "stop": False}):
                calendars.make_address(current_context())
                flash("Het adres van uw agenda is gemaakt. Een ouder adres werkt niet meer.")
            else:
                calendars.end_address(current_context())
                flash("Uw agenda is gestopt. Het adres werkt niet meer.")
            return redirect(url_for("auth.calendar_address"))
    row = queries.address_of(db.session, current_user.actor.account_id)
    links: Links = current_app.config["LINKS"]
    address = None
    if row is not None:
        token = links.token(calendars.PURPOSE, row.public_id, row.nonce)
        address = links.to(url_for("auth.calendar", calendar_token=token))
    return render_template(
        "auth/calendar.html",
        form=form,
        address=address,
        made_at=row.made_at if row is not None else None,
        is_desk=current_user.actor.can(Permission.HANDLE_CASE),
    ), form_status(form)


@bp.route("/agenda/<string:calendar_token>.ics")
@by_link
def calendar(calendar_token: str) -> ResponseReturnValue:
    """The terms of today, for a program that asks again by itself: what was cancelled is not in it any more."""
    actor = _actor_of(calendar_token)
    links: Links = current_app.config["LINKS"]
    days = [_day(links, actor, each) for each in queries.terms_for(db.session, actor, today_in_nl())]
    response = Response(calendar_of(_("Termijnen van Knelpunt"), days), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = "inline; filename=knelpunt.ics"
    response.add_etag()
    return response.make_conditional(request)


def _actor_of(token: str) -> Actor:
    """Who reads: the account whose calendar this is, or whoever follows the one case.

    Raises:
        NotFound: the address is wrong, was replaced, or belongs to nobody who has terms.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    if public_id is None:
        raise NotFound()
    holder = queries.holder_of(db.session, public_id)
    if holder is not None and links.matches(token, calendars.PURPOSE, public_id, holder.nonce):
        if any(map(holder.actor.can, calendars.READERS)):
            return holder.actor
        raise NotFound()
    link = link_with(db.session, public_id)
    is_right = link is not None and links.matches(token, calendars.OF_CASE, public_id, link.nonce)
    if link is None or not is_right or link.archived_on is not None:
        raise NotFound()
    return Actor(ActorKind.SUBMITTER_LINK, case_id=link.case_id)


def _day(links: Links, actor: Actor, term: Term) -> DayEvent:
    url = None  # a follower opens the case by the link in the mail, which is not told here
    if actor.can(Permission.HANDLE_CASE):
        url = links.to(f"/zaken/{term.reference}")
    elif actor.account_id is not None:
        url = links.to(f"/onze-zaken/{term.reference}")
    host = urlsplit(links.base_url).hostname or "knelpunt"
    return DayEvent(
        uid=f"{term.reference}-{term.clock.value}-{term.number}@{host}".lower(),
        day=term.day,
        summary=f"{term.reference}: {said(term.clock.label)}",
        changed_at=term.changed_at,
        url=url,
    )
