"""Topics by mail or as a feed: asked for, confirmed by a link that works once, changed and stopped by a secret one."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SearchField
from wtforms.validators import Length

from knelpunt.domain.bottlenecks import STATUS_WORDS
from knelpunt.domain.errors import NotFound
from knelpunt.domain.laws.changes import CHANGE_WORDS
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.extensions import csrf, db
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.public.news import NewsKind, news
from knelpunt.services.alerts import topics
from knelpunt.services.alerts.topics import LAW, PLACE, SEARCH, THEME, topic_of, topic_text, values_of
from knelpunt.services.guides.following import TOPICS
from knelpunt.web.shared.forms.forms import ButtonForm, EnumField, IdField
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.feeds import atom_feed
from knelpunt.web.shared.requests.access import act_as, by_link, current_context, public, today_in_nl
from knelpunt.web.shared.requests.following import STOP, FollowForm, is_one_click, ticket_for
from knelpunt.web.shared.requests.stale_forms import is_sent, keep_typed
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _, lazy_gettext

bp = Blueprint("alerts", __name__)
keep_typed(bp)

ONE = "onderwerp:"
"""What stands before a topic in what the button says to the server by which a follower stops with it."""
FEED_DAYS = timedelta(days=90)
FEED_LENGTH = 50
DETAIL_WORDS: dict[str, Text] = dict([*STATUS_WORDS.items(), *CHANGE_WORDS.items()])
"""What happened to a rule bottleneck, or in a law."""


class TopicForm(FollowForm):
    """What somebody wants to hear of, and at which address. The names of the fields are those in an address."""

    gemeente = IdField(lazy_gettext("Gemeente"), blank=lazy_gettext("Alle gemeenten"))
    thema = EnumField(
        lazy_gettext("Onderwerp"), kind=Theme, members=KNOWN_THEMES, blank=lazy_gettext("Alle onderwerpen")
    )
    wet = IdField(lazy_gettext("Wet"), blank=lazy_gettext("Alle wetten"))
    q = SearchField(
        lazy_gettext("Woorden die erin staan"),
        [Length(max=topics.LONGEST_SEARCH)],
        description=lazy_gettext("Bijvoorbeeld: buurtbus, tiny house, mantelzorg."),
        render_kw={"maxlength": topics.LONGEST_SEARCH},
    )

    def offer(self, names: Reference, values: dict[str, str] | None) -> None:
        """Fill the lists; and on a first look what the address asks for."""
        self.gemeente.offer(names.municipality_options)
        self.wet.offer(names.law_options)
        if values is not None:
            self.gemeente.data = int(values[PLACE]) if PLACE in values else None
            self.thema.data = Theme(values[THEME]) if THEME in values else None
            self.wet.data = int(values[LAW]) if LAW in values else None
            self.q.data = values.get(SEARCH, "")

    def topic(self, names: Reference) -> str:
        """What was chosen, as it is kept."""
        chosen = {PLACE: self.gemeente.data, THEME: self.thema.data, LAW: self.wet.data, SEARCH: self.q.data}
        return topic_text({name: str(value) for name, value in chosen.items() if value}, names)


@bp.route("/op-de-hoogte", methods=["GET", "POST"])
@public
@commits
def follow() -> ResponseReturnValue:
    """Choose a topic and leave an address; the answer is the same whatever this address follows already."""
    names = reference(db.session)
    asked = topic_text(request.args, names)
    form = TopicForm.here()
    form.offer(names, values_of(asked) if request.method == "GET" else None)
    if is_sent(form):
        ticket = ticket_for(form)
        with errors_on(form):
            topics.ask(current_context(), form.topic(names), form.email.data or "", ticket)
            return redirect(url_for("alerts.sent"), 303)
    query = feed_query(asked, names)
    page = render_template("alerts/follow.html", form=form, query=query, words=topic_words(asked, names))
    return page, form_status(form)


@bp.route("/op-de-hoogte/verstuurd")
@public
def sent() -> ResponseReturnValue:
    return render_template("alerts/sent.html")


@bp.route("/op-de-hoogte/gestopt")
@public
def stopped() -> ResponseReturnValue:
    return render_template("alerts/stopped.html")


@bp.route("/op-de-hoogte.atom")
@public
def feed() -> ResponseReturnValue:
    """The same news for a news reader, about the topic in the address (Atom, RFC 4287).

    Raises:
        NotFound: there is no such municipality, theme or law. A feed of it would stay empty, and nobody would notice.
    """
    names = reference(db.session)
    asked = topic_text(request.args, names)
    if not all(name in values_of(asked) for name in (PLACE, THEME, LAW) if request.args.get(name)):
        raise NotFound()
    topic = topic_of(asked, names)
    found = news(db.session, topic, today_in_nl() - FEED_DAYS) if topic is not None else []
    return atom_feed(
        "alerts/feed.xml",
        sorted(found, key=lambda each: each.updated_at, reverse=True)[:FEED_LENGTH],
        query=feed_query(asked, names),
        words=topic_words(asked, names),
        kinds=NewsKind,
        status_words=DETAIL_WORDS,
    )


@bp.route("/op-de-hoogte/bevestigen/<string:confirm_token>", methods=["GET", "POST"])
@by_link
@commits
def confirm(confirm_token: str) -> ResponseReturnValue:
    """Confirm, only by a button: a mail program that opens links does not. The link works once."""
    _follower, topic = topics.asked(current_context(), confirm_token)
    words = topic_words(topic, reference(db.session))
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            token = topics.confirm(current_context(), confirm_token)
            flash(_("U volgt dit onderwerp. Is er nieuws, dan krijgt u een mail."))
            return redirect(url_for("alerts.manage", topics_token=token), 303)
    return render_template("alerts/confirm.html", form=form, words=words), form_status(form)


@bp.route("/op-de-hoogte/<string:topics_token>", methods=["GET", "POST"])
@by_link
@commits
def manage(topics_token: str) -> ResponseReturnValue:
    """All that an address follows, each with a button to stop."""
    follower = TOPICS.find(current_context(), topics_token)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            action = request.form.get("action", "")
            if action == STOP:
                topics.stop(current_context(), topics_token)
                return redirect(url_for("alerts.stopped"), 303)
            if action.startswith(ONE):
                if not topics.stop_one(current_context(), topics_token, action.removeprefix(ONE)):
                    return redirect(url_for("alerts.stopped"), 303)
                flash(_("U krijgt over dit onderwerp geen mail meer."))
            return redirect(url_for("alerts.manage", topics_token=topics_token), 303)
    names = reference(db.session)
    rows = [(text, topic_words(text, names), feed_query(text, names)) for text in follower.topics]
    return render_template("alerts/manage.html", form=form, rows=rows, ends_on=follower.ends_on), form_status(form)


@csrf.exempt
@bp.route("/op-de-hoogte/<string:topics_token>/afmelden", methods=["GET", "POST"])
@by_link
@commits
def unsubscribe(topics_token: str) -> ResponseReturnValue:
    """Stop with everything.

    A mail program posts here without a form, and so without its mark (RFC 8058): the token is the proof.
    """
    context = act_as(VISITOR)
    TOPICS.find(context, topics_token)
    if request.method == "POST":
        topics.stop(context, topics_token)
        return stopped() if is_one_click() else redirect(url_for("alerts.stopped"), 303)
    return render_template("alerts/unsubscribe.html")


def feed_query(text: str, names: Reference) -> str:
    """What asks for a topic in an address that others keep: by the codes of the CBS and the keys of laws."""
    values = values_of(text)
    place, law = names.municipalities.get(int(values.get(PLACE, 0))), names.laws.get(int(values.get(LAW, 0)))
    if place is not None:
        values[PLACE] = place.code
    if law is not None:
        values[LAW] = law.key
    return f"?{urlencode(values)}" if values else ""


def topic_words(text: str, names: Reference) -> str:
    """What a topic is about, as people read it."""
    values = values_of(text)
    parts = []
    if THEME in values:
        parts.append(label(Theme(values[THEME])))
    if PLACE in values:
        parts.append(names.municipality_names[int(values[PLACE])])
    if LAW in values:
        parts.append(names.law_names[int(values[LAW])])
    if SEARCH in values:
        parts.append(f"‘{values[SEARCH]}’")
    return ", ".join(parts) or _("Alles wat nieuw is")
