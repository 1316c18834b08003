"""The steps of a ruimtewijzer, each a page with a form: review, publish, recheck, confirm, end."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import Found, in_words, not_passed
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.guides.desk import DeskGuide
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import redaction
from knelpunt.web.guides.blueprint import desk_bp
from knelpunt.web.guides.forms import GuideConfirmForm, GuideReasonForm, GuideReviewForm
from knelpunt.web.guides.routes_desk import DESK_PATH
from knelpunt.web.guides.steps import TO_BE_PUBLISHED, lines_of, waits_for_second_person
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

_GUIDE = f"{DESK_PATH}/<string:guide_slug>"
AGREE, GIVE_BACK = "akkoord", "teruggeven"


@desk_bp.route(f"{_GUIDE}/toetsen", methods=["GET", "POST"])
@requires(Permission.REVIEW_GUIDE)
@commits
def review(guide_slug: str) -> ResponseReturnValue:
    """A second person reads the law in it, and agrees or gives it back."""
    form = GuideReviewForm()

    def take() -> str:
        context, version = current_context(), form.version.data or 0
        decision = request.form.get("besluit")
        if decision not in (AGREE, GIVE_BACK):
            raise DomainError("Kies of u akkoord bent, of geef de tekst terug.")
        if decision == GIVE_BACK:
            guides.give_back(context, guide_slug, version, form.remark.data or "")
            return "De tekst is teruggegeven. De schrijver ziet uw opmerking."
        guides.review(context, guide_slug, version, form.pass_reason.data or "")
        now = "U kunt hem nu openbaar maken." if context.actor.can(Permission.EDIT_GUIDE) else TO_BE_PUBLISHED
        return f"De tekst is juridisch getoetst. {now}"

    return _step(
        guide_slug,
        form,
        take,
        template="guides/desk_review.html",
        title="Juridische toets",
        lead="Kijk of de regels kloppen, of het antwoord niet te veel belooft, en of er geen namen in staan.",
        button="Akkoord",
    )


@desk_bp.route(f"{_GUIDE}/publiceren", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def publish(guide_slug: str) -> ResponseReturnValue:
    form = GuideConfirmForm()

    def take() -> str:
        guides.publish(current_context(), guide_slug, form.version.data or 0)
        return "Deze versie is nu openbaar. Wie de ruimtewijzer volgt, krijgt bericht."

    return _step(
        guide_slug,
        form,
        take,
        title="Openbaar maken",
        lead="Iedereen kan deze versie daarna lezen. De vorige versie blijft leesbaar.",
        button="Maak deze versie openbaar",
    )


@desk_bp.route(f"{_GUIDE}/hercontrole", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def recheck(guide_slug: str) -> ResponseReturnValue:
    form = GuideReasonForm()

    def take() -> str:
        guides.ask_recheck(current_context(), guide_slug, form.version.data or 0, form.reason.data or "")
        return "De hercontrole is gevraagd. Op de openbare pagina staat nu dat wij de tekst nakijken."

    return _step(
        guide_slug,
        form,
        take,
        title="Hercontrole vragen",
        lead="De pagina blijft leesbaar, met bovenaan de reden.",
        button="Vraag een hercontrole",
    )


@desk_bp.route(f"{_GUIDE}/bevestigen", methods=["GET", "POST"])
@requires(Permission.REVIEW_GUIDE)
@commits
def confirm(guide_slug: str) -> ResponseReturnValue:
    form = GuideConfirmForm()

    def take() -> str:
        guides.confirm(current_context(), guide_slug, form.version.data or 0)
        return "De tekst is nagekeken en geldt weer."

    return _step(
        guide_slug,
        form,
        take,
        title="Nagekeken",
        lead="Lees de regels na zoals die nu gelden. Klopt de tekst nog, dan geldt hij weer twee jaar.",
        button="De tekst klopt nog",
    )


@desk_bp.route(f"{_GUIDE}/vervallen", methods=["GET", "POST"])
@requires(Permission.EDIT_GUIDE)
@commits
def expire(guide_slug: str) -> ResponseReturnValue:
    form = GuideReasonForm()

    def take() -> str:
        guides.expire(current_context(), guide_slug, form.version.data or 0, form.reason.data or "")
        return "De ruimtewijzer is vervallen. De pagina blijft leesbaar."

    return _step(
        guide_slug,
        form,
        take,
        title="Laten vervallen",
        lead="Dit kan niet terug. De pagina blijft leesbaar, met bovenaan de reden.",
        button="Laat vervallen",
    )


def pointing_at_people(guide: DeskGuide) -> tuple[Found, ...]:
    """What in the version in hand points at a person, and no second person let stand yet."""
    return not_passed(redaction.found_in(db.session, guide.text, guide.case_id), guide.passed)


def _step(
    guide_slug: str,
    form: VersionedForm,
    take: Callable[[], str],
    *,
    title: str,
    lead: str,
    button: str,
    template: str = "guides/desk_step.html",
) -> ResponseReturnValue:
    """The page of a step. After a conflict it shows how the guide stands now, ready to be sent again."""
    if form.validate_on_submit():
        with errors_on(form):
            flash(take())
            return redirect(url_for("guide_desk.guide", guide_slug=guide_slug), 303)
    found = guide_desk.read_for_desk(db.session, guide_slug)
    if form.conflict or not form.is_submitted():
        form.version.data = found.version
    names = {row.code: row.name for row in reference(db.session).municipalities.values()}
    page = render_template(
        template,
        guide=found,
        form=form,
        title=title,
        lead=lead,
        button=button,
        path=f"{DESK_PATH}/{found.slug}",
        told=in_words(pointing_at_people(found), redaction.FIELDS),
        lines=lines_of(found.text, names),
        is_author=waits_for_second_person(found, current_actor()),
    )
    return page, form_status(form)
