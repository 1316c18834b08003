"""The pages of a filing in their order: four questions for a resident, six pages for an organisation."""

from dataclasses import dataclass

from knelpunt.web.intake import forms


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
        "Wat wilt u mogelijk maken?",
        "Vertel kort wat u van plan bent. Een idee is genoeg: het hoeft nog niet af te zijn.",
        forms.ResidentPlanForm,
    ),
    Step(
        "plaats",
        "Waar is dat?",
        "Veel regels zijn per gemeente anders. Daarom willen wij weten waar het om gaat.",
        forms.ResidentPlaceForm,
    ),
    Step(
        "belemmering",
        "Wat houdt u tegen?",
        "U hoeft geen wetten te kennen. Wij zoeken de regel erbij.",
        forms.ResidentObstacleForm,
    ),
    Step(
        "contact",
        "Hoe bereiken wij u?",
        "Alleen het loket ziet deze gegevens. Ze komen nooit in een openbare tekst.",
        forms.ResidentContactForm,
    ),
)
ORGANISATION_STEPS = (
    Step("plan", "Project en doel", "Wat wilt u mogelijk maken, en waarom?", forms.ProjectForm),
    Step("plaats", "Plaats", "Waar speelt het project?", forms.PlaceForm),
    Step(
        "belemmering",
        "Wat u tegenhoudt",
        "Beschrijf wat het project in de weg staat. De regel zelf komt op de volgende pagina.",
        forms.ObstacleForm,
    ),
    Step("regel", "De regel", "Om welke regel gaat het, voor zover u dat weet?", forms.RuleForm),
    Step("inspanning", "Wat al is gedaan", "Dan stellen wij niet voor wat u al probeerde.", forms.EffortForm),
    Step("wens", "Wat zou helpen", "U hoeft de oplossing niet te weten. Uw idee helpt ons wel op weg.", forms.WishForm),
)
CHECK = "controle"
RULE = "regel"
RESIDENT_RULE = Step(
    RULE,
    "De regel opzoeken",
    "Staat er een wet of een regel in de brief? Hier zoekt u hem op. Het hoeft niet: wij zoeken hem ook.",
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
