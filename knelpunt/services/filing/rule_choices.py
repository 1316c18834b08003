"""Pointing at a rule of the catalogue while filing, and taking it back."""

from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.pointed_rules import MOST_CHOICES, RuleChoice, day_of_law, read_choices, write_choices
from knelpunt.models import Draft
from knelpunt.queries.laws import rule_choices
from knelpunt.services.core.context import Context
from knelpunt.services.filing.intake import open_draft, save_draft

FIELD = "rules"


def choose(context: Context, key: str, choice: RuleChoice) -> Draft:
    """Add a rule to a draft; a second time changes nothing. "I do not know" is no longer the answer then.

    Raises:
        DomainError: the rule did not hold on the day of the draft, the catalogue does not know it, or there are ten.
        NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key)
    held = read_choices(draft.data.get(FIELD, ""))
    if choice in held:
        return draft
    options = rule_choices.chosen(context.session, (choice,), day_of_law(draft.data, context.today))
    if not options or not options[0].held:
        raise DomainError("Deze regel gold niet op die dag. Kies een regel die toen wel gold.")
    if len(held) >= MOST_CHOICES:
        raise DomainError(f"U kunt hooguit {MOST_CHOICES} regels kiezen. Haal er eerst een weg.")
    return save_draft(context, key, draft.version, {FIELD: write_choices((*held, choice)), "rule_unknown": ""})


def drop(context: Context, key: str, choice: RuleChoice) -> Draft:
    """Take a rule out of a draft; silent when it is gone already."""
    draft = open_draft(context, key)
    held = read_choices(draft.data.get(FIELD, ""))
    if choice not in held:
        return draft
    return save_draft(context, key, draft.version, {FIELD: write_choices(one for one in held if one != choice)})
