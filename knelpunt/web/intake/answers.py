"""The questions and answers of a draft as people read them: on the check, beside a conflict, and for who signs."""

from collections.abc import Mapping
from datetime import date

from flask import url_for
from wtforms import BooleanField, Field

from knelpunt.domain.filing.place_point import NoPoint, read_point
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.web.intake import municipalities
from knelpunt.web.intake.forms import YES
from knelpunt.web.intake.steps import Step, steps_for
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.pages.filters import full_date
from knelpunt.web.shared.texts import _

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
