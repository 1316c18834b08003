"""How complete a filing is: which of the questions that may stay open are answered, and why the others would help."""

from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.web.intake.steps import steps_for
from knelpunt.web.shared.texts import lazy_gettext

WHY = {
    "goal": lazy_gettext("Dan zoeken wij ook naar een andere weg naar uw doel."),
    "theme": lazy_gettext("Dan vinden wij sneller meldingen die op de uwe lijken."),
    "place": lazy_gettext("Dan kijken wij naar de regels die daar gelden."),
    "rule_words": lazy_gettext("Dan hoeven wij minder te zoeken."),
    "refused_on": lazy_gettext("Dan kijken wij naar de regels van die dag."),
    "tried": lazy_gettext("Dan stellen wij niet voor wat u al probeerde."),
    "involved": lazy_gettext("Dan weten wij wie meer kan vertellen."),
    "wanted": lazy_gettext("Dan weten wij wanneer u geholpen bent."),
}
"""Each advised question with what its answer is good for."""
ALSO_ANSWERED_BY = {"rule_words": ("rules", "rule_unknown")}
"""Questions that may be answered in another way as well."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One advised question without an answer, and the page on which it stands."""

    words: str
    why: str
    slug: str
    field: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many advised questions are answered, of how many, and those that are not."""

    answered: int
    total: int
    open_questions: tuple[OpenQuestion, ...]


def completeness_of(data: Mapping[str, str], *, by_organisation: bool) -> Completeness:
    """Count the advised questions of a draft. What must be filled in is not counted: without it nothing is filed."""
    asked = [
        OpenQuestion(field.label.text, WHY[field.name], step.slug, field.name)
        for step in steps_for(by_organisation=by_organisation)
        for field in step.form(formdata=None)
        if field.name in WHY
    ]
    still_open = tuple(question for question in asked if not _is_answered(data, question.field))
    return Completeness(len(asked) - len(still_open), len(asked), still_open)


def _is_answered(data: Mapping[str, str], field: str) -> bool:
    return any(data.get(name, "").strip() for name in (field, *ALSO_ANSWERED_BY.get(field, ())))
