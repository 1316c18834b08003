"""The answer before filing: a question in somebody's own words, what is known already, and three ways on."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.bottlenecks import OPEN
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks
from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFilter, BottleneckRow
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import published as guides
from knelpunt.queries.public.similar import similar_cases
from knelpunt.services.guides import use as guide_use
from knelpunt.services.search import answers
from knelpunt.web.guides.blueprint import bp
from knelpunt.web.guides.filters import QUESTION_LENGTH, carried_to_filing, chosen_place
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.list_filters import typed_text
from knelpunt.web.shared.requests.access import author_key, current_actor, current_context, public, today_in_nl
from knelpunt.web.shared.requests.request_language import current_language
from knelpunt.web.shared.requests.stale_forms import is_sent
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status
from knelpunt.web.shared.texts import _

SHOWN = 3
COUNTED = "beantwoord"
"""Where a browser's own session holds which pages it said to have been answered by; so many at most."""
MOST_COUNTED = 50
LEAST_ALIKE = 0.25
"""A question has few words, and one that is shared makes more of it than of a whole story."""


@bp.route("/antwoord")
@public
def answer() -> ResponseReturnValue:
    """What is known already about a question: ruimtewijzers first, then rules that move, then cases like it."""
    typed_words = typed_text(request.args.get("q", ""), QUESTION_LENGTH)
    names = reference(db.session)
    chosen = chosen_place(request.args, names)
    found = answers.answer(db.session, typed_words, current_language(), today_in_nl())
    words = found.question.queries
    return render_template(
        "guides/answer.html",
        typed_words=typed_words,
        dutch=found.question.dutch,
        instead=found.question.instead,
        chosen=chosen,
        municipality_options=names.municipality_options,
        municipality_names=names.municipality_names,
        found=found.guides,
        laws=found.laws,
        situations=found.situations,
        for_service=found.question.for_service or found.question.sounds < 0,
        bottlenecks=_bottlenecks(words),
        followed_while=OPEN,
        cases=similar_cases(db.session, words, floor=LEAST_ALIKE),
        carried=carried_to_filing(typed_words, chosen),
        for_organisation=current_actor().can(Permission.EDIT_DRAFT),
    )


def _bottlenecks(words: list[str]) -> list[BottleneckRow]:
    """Rule bottlenecks that share at least two words with what was asked."""
    if len(words) < 2:
        return []
    pairs = [f"(({one}) & ({other}))" for place, one in enumerate(words) for other in words[place + 1 :]]
    rows, _count = bottlenecks.list_bottlenecks(db.session, BottleneckFilter(words=" | ".join(pairs)))
    return rows[:SHOWN]


@bp.route("/ruimtewijzers/<string:guide_slug>/beantwoord", methods=["GET", "POST"])
@public
@commits
def answered(guide_slug: str) -> ResponseReturnValue:
    """Count that a page answered a question, once a browser; nothing is kept of who says so but in its own session."""
    author_key()  # marks this browser, so that a double click counts once
    guide = guides.read_guide(db.session, guide_slug)
    form = ButtonForm()
    if is_sent(form):
        with errors_on(form):
            counted = session.get(COUNTED, [])
            if guide.guide_id not in counted:
                guide_use.deflect(current_context(), guide_slug)
                session[COUNTED] = [*counted, guide.guide_id][-MOST_COUNTED:]
            flash(_("Bedankt. Wij tellen dat deze ruimtewijzer iemand hielp."))
            return redirect(url_for("guides.guide_page", guide_slug=guide_slug), 303)
    return render_template("guides/answered.html", guide=guide, form=form), form_status(form)
