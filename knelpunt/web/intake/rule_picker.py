"""The search for a rule on a page of a filing: what it shows, and what its buttons do."""

from dataclasses import dataclass
from datetime import date

from flask import request, url_for

from knelpunt.adapters.words.search_terms import THIN_STEMS, stem_terms
from knelpunt.domain.filing.pointed_rules import day_of_law, read_choice, read_choices
from knelpunt.extensions import db
from knelpunt.queries.filing.drafts import DraftRow
from knelpunt.queries.laws import rule_choices
from knelpunt.queries.laws.rule_choices import RuleOption, RuleSearch
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake
from knelpunt.web.shared.forms.forms import clean_text

LONGEST_SEARCH = 200
SEARCH = "zoek"
TO_PICKER = "regel"
CHOOSE, DROP = "kies", "weg"
"""What the buttons send; behind it, after a blank, stands which rule."""
ANCHOR = "#regels"


@dataclass(frozen=True, slots=True)
class RulePicker:
    """What the page shows: the day, whose law it is, the words, what they found, and what was chosen."""

    on: date
    is_of_refusal: bool
    words: str
    results: RuleSearch | None
    chosen: tuple[RuleOption, ...]


def picker_for(draft: DraftRow, today: date) -> RulePicker:
    """The search of this request on a draft."""
    on = day_of_law(draft.data, today)
    words = _words(request.args.get(SEARCH, ""))
    return RulePicker(
        on=on,
        is_of_refusal=draft.data.get("refused_on", "").strip() == on.isoformat(),
        words=words,
        results=rule_choices.search(db.session, telling_words(words), on) if words else None,
        chosen=chosen_in(draft, today),
    )


def chosen_in(draft: DraftRow, today: date) -> tuple[RuleOption, ...]:
    """The rules that a draft points at, as they stood on its day."""
    return rule_choices.chosen(db.session, read_choices(draft.data.get("rules", "")), day_of_law(draft.data, today))


def press(context: Context, key: str, button: str, slug: str) -> str | None:
    """Do what a button of the search asks, on a draft that was just saved; where to go then. None: not one of them.

    Raises:
        DomainError: this rule cannot be chosen.
    """
    here = url_for("intake.step", key=key, slug=slug)
    words = _words(request.form.get(SEARCH, ""))
    if button == SEARCH:
        return url_for("intake.step", key=key, slug=slug, zoek=words) + ANCHOR if words else here + ANCHOR
    if button == TO_PICKER:
        return url_for("intake.step", key=key, slug=TO_PICKER)
    verb, _blank, token = button.partition(" ")
    choice = read_choice(token)
    if choice is None or verb not in (CHOOSE, DROP):
        return None
    (intake.choose if verb == CHOOSE else intake.drop)(context, key, choice)
    return f"{here}#gekozen"


def telling_words(typed: str) -> str:
    """What was typed without the marks round its words, and without words that say nothing, such as van and regel."""
    words = [word for each in typed.split() if (word := each.strip(",;:.?!()\"'“”‘’"))]
    return " ".join([word for word in words if (terms := stem_terms(word)) and terms[0] not in THIN_STEMS] or words)


def _words(typed: str) -> str:
    try:
        return (clean_text(typed) or "")[:LONGEST_SEARCH]
    except ValueError:
        return ""
