"""Keeps personal details out of what people write in public of a rule bottleneck, as ``services.cases.redaction`` does
for the text of a case."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError
from knelpunt.domain.redaction.checks import Found, in_words, look_through
from knelpunt.models import Bottleneck, Case
from knelpunt.queries.bottlenecks.families import put_under
from knelpunt.queries.core import people
from knelpunt.services.core.context import Context

PUBLIC_FIELDS = {
    "title": "de titel",
    "problem": "wat er knelt",
    "reason": "de reden",
    "body": "het nieuws",
    "waiting_for": "waar het op wacht",
}
"""What people write of a rule bottleneck, in words."""


class NamesSomebody(DomainError):
    """A text that becomes public points at a person; a second person may let it stand."""


def found_in(
    session: Session, fields: Mapping[str, str | None], *, bottleneck_id: int | None, case: str = ""
) -> tuple[Found, ...]:
    """All that points at a person in what would become public: somebody at the desk, or somebody round a case that was
    put under the bottleneck or under one that went up into it, whatever its owner said of it.

    Args:
        bottleneck_id: left out for one that is still to be signalled.
        case: the number of the case that a signal comes from.
    """
    linked = put_under(Bottleneck.id == (bottleneck_id or 0))
    cases = select(Case.id).where(Case.id.in_(linked) | (Case.reference == case))
    return look_through(fields, people.known_beside_the_desk(session, cases))


def require_nobody(context: Context, *, bottleneck_id: int | None, case: str = "", **fields: str) -> None:
    """Raise when a text that becomes public at once points at a person, and no second person let that stand."""
    found = found_in(context.session, fields, bottleneck_id=bottleneck_id, case=case)
    for field in fields:
        if told := in_words((each for each in found if each.field == field), PUBLIC_FIELDS):
            raise NamesSomebody(
                f"{' '.join(told)} Deze tekst wordt openbaar. Haal dit weg, of leg hem voor aan een tweede persoon.",
                field=field,
            )
