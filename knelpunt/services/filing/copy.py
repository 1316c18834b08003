"""An earlier case of the own organisation as the start of a new one."""

from knelpunt.domain.filing.pointed_rules import write_choices
from knelpunt.domain.filing.rules import TEXT_FIELDS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Draft
from knelpunt.queries.core import cases
from knelpunt.queries.laws import rule_choices
from knelpunt.services.core.context import Context
from knelpunt.services.filing import intake


def copy_to_draft(context: Context, reference: str) -> Draft:
    """Begin a draft with the texts, theme, municipality and rules of a case.

    Not copied: files, contact data, consents, the mandate and the day of a refusal, which belong to that one case.

    Raises:
        NotFound: there is no such case, or it is another organisation's.
        PermissionDenied: the account does not write drafts.
    """
    case = cases.get_by_reference(context.session, reference)
    context.actor.require_part_in(case.id, case.organisation_id)
    context.actor.require(Permission.EDIT_DRAFT)
    texts = {name: getattr(case, name) or "" for name in ("title", "description", *TEXT_FIELDS)}
    municipality_id = "" if case.municipality_id is None else str(case.municipality_id)
    rules = write_choices(rule_choices.of_case(context.session, case.id))
    theme = "" if case.theme is Theme.UNKNOWN else case.theme.value
    return intake.create_draft(context, {**texts, "theme": theme, "municipality_id": municipality_id, "rules": rules})
