"""The pages of a filing in their order: four questions for a resident, six pages for an organisation."""

from dataclasses import dataclass

from knelpunt.web.intake import forms
from knelpunt.web.shared.texts import lazy_gettext


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
