"""The steps of a ruimtewijzer, each a page with a form: review, publish, recheck, confirm, end."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for

from knelpunt.domain.errors import DomainError
from knelpunt.domain.guides import track as steps
from knelpunt.domain.guides.track import GuideStep
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import Found, in_words, not_passed
from knelpunt.extensions import db
from knelpunt.queries.guides import desk as guide_desk
from knelpunt.queries.guides.desk import DeskGuide
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import redaction
from knelpunt.web.guides.blueprint import desk_bp
from knelpunt.web.guides.forms import GuideReasonForm, GuideReviewForm
from knelpunt.web.guides.routes_desk import DESK_PATH, municipality_names
from knelpunt.web.guides.steps import PAGES, TO_BE_PUBLISHED, lines_of, waits_for_second_person
from knelpunt.web.shared.forms.form_page import FormPage, FormT, Page, form_page
from knelpunt.web.shared.forms.forms import VersionedForm
from knelpunt.web.shared.requests.access import current_actor

AGREE, GIVE_BACK = "akkoord", "teruggeven"


class GuidePage(FormPage[FormT, DeskGuide]):
    """The page of a step of a ruimtewijzer, with its text below the form."""

    template = "guides/desk_step.html"
    guide_slug: str

    def read(self) -> DeskGuide:
        return guide_desk.read_for_desk(db.session, self.guide_slug)

    @property
    def back(self) -> str:
        return url_for("guide_desk.guide", guide_slug=self.guide_slug)

    @property
    def _found(self) -> tuple[Found, ...]:
        """What in the version in hand points at a person, and no second person let stand yet."""
        guide = self.subject
        return not_passed(redaction.found_in(db.session, guide.text, guide.case_id), guide.passed)

    def shown(self) -> dict[str, Any]:
        return super().shown() | {
            "guide": self.subject,
            "path": f"{DESK_PATH}/{self.subject.slug}",
            "lines": lines_of(self.subject.text, municipality_names()),
            "is_author": waits_for_second_person(self.subject, current_actor()),
            "told": in_words(self._found, redaction.FIELDS),
        }


def guide_page(step: GuideStep) -> Callable[[type[Page]], type[Page]]:
    """Put the page of this step at its address, for those who may take it."""
    return form_page(desk_bp, f"{DESK_PATH}/<string:guide_slug>/{PAGES[step].slug}", step.permission)


@guide_page(steps.REVIEW)
class Review(GuidePage[GuideReviewForm]):
    """A second person reads the law in it, and agrees or gives it back."""

    form_class = GuideReviewForm
    title = "Juridische toets"
    lead = "Kijk of de regels kloppen, of het antwoord niet te veel belooft, en of er geen namen in staan."
    button = "Akkoord"
    template = "guides/desk_review.html"

    def act(self) -> str:
        version, decision = self.form.version.data or 0, request.form.get("besluit")
        if decision not in (AGREE, GIVE_BACK):
            raise DomainError("Kies of u akkoord bent, of geef de tekst terug.")
        if decision == GIVE_BACK:
            guides.give_back(self.context, self.guide_slug, version, self.form.remark.data or "")
            return "De tekst is teruggegeven. De schrijver ziet uw opmerking."
        guides.review(self.context, self.guide_slug, version, self.form.pass_reason.data or "")
        now = "U kunt hem nu openbaar maken." if current_actor().can(Permission.EDIT_GUIDE) else TO_BE_PUBLISHED
        return f"De tekst is juridisch getoetst. {now}"


@guide_page(steps.PUBLISH)
class Publish(GuidePage[VersionedForm]):
    form_class = VersionedForm
    title = "Openbaar maken"
    lead = "Iedereen kan deze versie daarna lezen. De vorige versie blijft leesbaar."
    button = "Maak deze versie openbaar"
    done = "Deze versie is nu openbaar. Wie de ruimtewijzer volgt, krijgt bericht."

    def act(self) -> None:
        guides.publish(self.context, self.guide_slug, self.form.version.data or 0)


@guide_page(steps.ASK_RECHECK)
class Recheck(GuidePage[GuideReasonForm]):
    form_class = GuideReasonForm
    title = "Hercontrole vragen"
    lead = "De pagina blijft leesbaar, met bovenaan de reden."
    button = "Vraag een hercontrole"
    done = "De hercontrole is gevraagd. Op de openbare pagina staat nu dat wij de tekst nakijken."

    def act(self) -> None:
        guides.ask_recheck(self.context, self.guide_slug, self.form.version.data or 0, self.form.reason.data or "")


@guide_page(steps.CONFIRM)
class Confirm(GuidePage[VersionedForm]):
    form_class = VersionedForm
    title = "Nagekeken"
    lead = "Lees de regels na zoals die nu gelden. Klopt de tekst nog, dan geldt hij weer een hele termijn."
    button = "De tekst klopt nog"
    done = "De tekst is nagekeken en geldt weer."

    def act(self) -> None:
        guides.confirm(self.context, self.guide_slug, self.form.version.data or 0)


@guide_page(steps.EXPIRE)
class Expire(GuidePage[GuideReasonForm]):
    form_class = GuideReasonForm
    title = "Laten vervallen"
    lead = "Dit kan niet terug. De pagina blijft leesbaar, met bovenaan de reden."
    button = "Laat vervallen"
    done = "De ruimtewijzer is vervallen. De pagina blijft leesbaar."

    def act(self) -> None:
        guides.expire(self.context, self.guide_slug, self.form.version.data or 0, self.form.reason.data or "")
