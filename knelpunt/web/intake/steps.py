"""The pages of a filing in their order: four questions for a resident, six pages for an organisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for
from wtforms import BooleanField, Field

from knelpunt.domain.filing.place_point import NoPoint, read_point
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.intake import forms, municipalities
from knelpunt.web.intake.forms import YES
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _, lazy_gettext


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its place in the address, its heading, its first sentence, and its questions."""

    slug: str
    heading: str
    lead: str
    form: type[forms.StepForm]


RESIDENT_STEPS = (
    Step(
        "plan",
        lazy_gettext("Wat wilt u mogelijk maken?"),
        lazy_gettext("Vertel kort wat u van plan bent. Een idee is genoeg: het hoeft nog niet af te zijn."),
        forms.ResidentPlanForm,
    ),
    Step(
        "plaats",
        lazy_gettext("Waar is dat?"),
        lazy_gettext("Veel regels zijn per gemeente anders. Daarom willen wij weten waar het om gaat."),
        forms.ResidentPlaceForm,
    ),
    Step(
        "belemmering",
        lazy_gettext("Wat houdt u tegen?"),
        lazy_gettext("U hoeft geen wetten te kennen. Wij zoeken de regel erbij."),
        forms.ResidentObstacleForm,
    ),
    Step(
        "contact",
        lazy_gettext("Hoe bereiken wij u?"),
        lazy_gettext("Alleen het loket ziet deze gegevens. Ze komen nooit in een openbare tekst."),
        forms.ResidentContactForm,
    ),
)
ORGANISATION_STEPS = (
    Step(
        "plan",
        lazy_gettext("Project en doel"),
        lazy_gettext("Wat wilt u mogelijk maken, en waarom?"),
        forms.ProjectForm,
    ),
    Step("plaats", lazy_gettext("Plaats"), lazy_gettext("Waar speelt het project?"), forms.PlaceForm),
    Step(
        "belemmering",
        lazy_gettext("Wat u tegenhoudt"),
        lazy_gettext("Beschrijf wat het project in de weg staat. De regel zelf komt op de volgende pagina."),
        forms.ObstacleForm,
    ),
    Step(
        "regel",
        lazy_gettext("De regel"),
        lazy_gettext("Om welke regel gaat het, voor zover u dat weet?"),
        forms.RuleForm,
    ),
    Step(
        "inspanning",
        lazy_gettext("Wat al is gedaan"),
        lazy_gettext("Dan stellen wij niet voor wat u al probeerde."),
        forms.EffortForm,
    ),
    Step(
        "wens",
        lazy_gettext("Wat zou helpen"),
        lazy_gettext("U hoeft de oplossing niet te weten. Uw idee helpt ons wel op weg."),
        forms.WishForm,
    ),
)
CHECK = "controle"
RULE = "regel"
RESIDENT_RULE = Step(
    RULE,
    lazy_gettext("De regel opzoeken"),
    lazy_gettext("Staat er een wet of een regel in de brief? Hier zoekt u hem op. Het hoeft niet: wij zoeken hem ook."),
    forms.StepForm,
)
"""A page beside the four questions, for a resident who knows a name from the letter."""
OBSTACLE = "belemmering"


def steps_for(*, by_organisation: bool) -> tuple[Step, ...]:
    return ORGANISATION_STEPS if by_organisation else RESIDENT_STEPS


def step_named(slug: str, *, by_organisation: bool) -> Step | None:
    known = (*steps_for(by_organisation=by_organisation), RESIDENT_RULE)
    return next((step for step in known if step.slug == slug), None)


def after(step: Step, *, by_organisation: bool) -> str:
    """The page that follows: the next questions, or the check of all."""
    if step is RESIDENT_RULE:
        return OBSTACLE
    steps = steps_for(by_organisation=by_organisation)
    at = steps.index(step) + 1
    return steps[at].slug if at < len(steps) else CHECK


def before(step: Step, *, by_organisation: bool) -> str | None:
    if step is RESIDENT_RULE:
        return OBSTACLE
    steps = steps_for(by_organisation=by_organisation)
    at = steps.index(step)
    return steps[at - 1].slug if at else None


def slug_of(field: str, *, by_organisation: bool) -> str:
    """The page on which a field of the draft is asked; the choices stand on the last one."""
    if field == "rules":
        return RULE
    for step in steps_for(by_organisation=by_organisation):
        if field in step.form.draft_fields():
            return step.slug
    return CHECK


LOOK_AGAIN = "let-op"
"""In the address of a page of questions: say what is missing on it."""


def look_again(key: str, slug: str) -> str:
    """A page of questions that says what is missing on it."""
    return f"{url_for('intake.step', key=key, slug=slug)}?{LOOK_AGAIN}=ja"


def as_shown(data: Mapping[str, str]) -> dict[str, str]:
    """A draft with the name of its municipality in place of the number."""
    return {**data, "municipality_id": municipalities.words(reference(db.session), data.get("municipality_id", ""))}


def parts_of(data: Mapping[str, str], *, by_organisation: bool) -> list[tuple[Step, list[tuple[str, str]]]]:
    """Every page of questions with its answers, without the optional questions that were left open."""
    shown = as_shown(data)
    return [(step, _shown_answers(step, shown)) for step in steps_for(by_organisation=by_organisation)]


def _shown_answers(step: Step, shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers of one page, without the optional questions that were left open."""
    required = {field.label.text for field in step.form(formdata=None) if _is_required(field)}
    return [(words, text) for words, text in answers_of(step, shown) if text or words in required]


def _is_required(field: Field) -> bool:
    return bool(field.render_kw and field.render_kw.get("aria-required"))


def answers_of(step: Step, shown: Mapping[str, str]) -> list[tuple[str, str]]:
    """Question and answer of one page, in the order in which they were asked."""
    form = step.form(formdata=None)
    answers = []
    for field in form:
        if field.name in form.draft_fields():
            text = shown.get(field.name, "")
            if field.name == "theme":
                text = label(Theme(text)) if text in KNOWN_THEMES else ""
            elif field.name == "refused_on":
                text = _day_in_words(text)
            elif field.name == "point":
                text = point_in_words(text)
            elif isinstance(field, BooleanField):
                text = _("Ja") if text == YES else ""
            answers.append((field.label.text, text))
    return answers


def point_in_words(text: str) -> str:
    """A point as it was read, both ways; what is no point stays as it was typed."""
    try:
        point = read_point(text)
    except NoPoint:
        return text
    x, y = point.rd
    return _("%(text)s (Rijksdriehoek: %(x)s, %(y)s)", text=point.text, x=x, y=y)


def _day_in_words(text: str) -> str:
    try:
        return full_date(date.fromisoformat(text))
    except ValueError:
        return text
