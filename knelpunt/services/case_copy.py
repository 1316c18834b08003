"""An earlier case of the own organisation as the start of a new one."""

from knelpunt.domain.filing import TEXT_FIELDS
from knelpunt.domain.permissions import Permission
from knelpunt.domain.pointed_rules import write_choices
from knelpunt.domain.vocabulary import Theme
from knelpunt.models import Draft
from knelpunt.queries import cases, rule_choices
from knelpunt.services import intake
from knelpunt.services.act import Act


def copy_to_draft(act: Act, reference: str) -> Draft:
    """Begin a draft with the texts, theme, municipality and rules of a case.

    Not copied: files, contact data, consents, the mandate and the day of a refusal, which belong to that one case.

    Raises:
        NotFound: there is no such case, or it is another organisation's.
        PermissionDenied: the account does not write drafts.
    """
    case = cases.get_by_reference(act.session, reference)
    act.actor.require_part_in(case.id, case.organisation_id)
    act.actor.require(Permission.EDIT_DRAFT)
    texts = {name: getattr(case, name) or "" for name in ("title", "description", *TEXT_FIELDS)}
    municipality_id = "" if case.municipality_id is None else str(case.municipality_id)
    rules = write_choices(rule_choices.of_case(act.session, case.id))
    theme = "" if case.theme is Theme.UNKNOWN else case.theme.value
    return intake.create_draft(act, {**texts, "theme": theme, "municipality_id": municipality_id, "rules": rules})
