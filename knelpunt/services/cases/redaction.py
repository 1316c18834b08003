"""Keeps personal details out of what becomes public of a case: a find stops the step until a second person lets it be.

The events keep how many finds of which kind a second person let stand, and the review keeps why; the finds themselves
stand nowhere but in the text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from knelpunt.domain.cases.publication import FIELDS
from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.redaction.checks import Found, in_words, kept_of, look_through, not_passed
from knelpunt.domain.redaction.finds import FindKind, Known
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Case, PublicText, Review
from knelpunt.queries.core import people
from knelpunt.services.cases import published_record
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody

TEXT_STEPS = frozenset({EventKind.CLOSED, EventKind.CLOSED_LINKED, EventKind.PUBLIC_TEXT_SAVED})
"""Steps by which a second person agrees to the public text too."""
CALLED_AFTER_PLACES = frozenset({"rules", "source_title"})
"""A local rule or a plan that somebody read may be called after an address."""
TAKE_OUT = "Haal dit weg."
MUST_BE_PASSED = "Geef de tekst terug, of schrijf op waarom dit toch openbaar mag."
REVIEW_AGAIN = (
    "Pas de tekst aan of bewaar hem opnieuw, en laat hem toetsen. Ligt hij ter inzage, stop dan eerst de inzage."
)


def fields_of(
    text: Any,
    provisions: Iterable[Mapping[str, Any]],
    step: str | None = None,
    payload: Mapping[str, Any] | None = None,
    *,
    source_title: str | None,
    municipality_then: str | None,
) -> dict[str, str | None]:
    """What becomes public of a text, field by field.

    Args:
        text: the public text, as a row of the table or of a page.
        provisions: what goes public with it (``shown_beside``); the name of a local rule is written by hand too.
        payload: what waits for a second person; a closing brings the next step, a correction tells what changed.
        source_title: what a case that was imported came from, as it was written there.
        municipality_then: where it played, as it was written there.
    """
    waiting = payload or {}
    return {
        "title": text.title,
        "question": text.question,
        "answer": text.answer,
        "next_step": text.next_step or (waiting.get("next_step") if step in TEXT_STEPS else None),
        "change": waiting.get("change"),
        "rules": "\n".join(each["article"] for each in provisions if each["article"] and not each["provision"]) or None,
        "source_title": source_title,
        "municipality_then": municipality_then,
    }


def found_in(session: Session, case_id: int, fields: Mapping[str, str | None]) -> tuple[Found, ...]:
    """All that points at a person in the fields of a text of this case."""
    return found_among(fields, people.known_of_case(session, case_id))


def found_among(fields: Mapping[str, str | None], known: Known) -> tuple[Found, ...]:
    """The same for a page that knows the people of the case already."""
    found = look_through(fields, known)
    return tuple(
        each for each in found if each.field not in CALLED_AFTER_PLACES or each.find.kind is not FindKind.ADDRESS
    )


def require_clear(context: Context, case: Case, text: PublicText, beside: Mapping[str, Any]) -> None:
    """Raise when something points at a person that no second person let stand: contact data may have changed since.

    Args:
        beside: what goes public with the text.
    """
    fields = fields_of(
        text, beside["provisions"], source_title=case.source_title, municipality_then=case.municipality_then
    )
    found = not_passed(found_in(context.session, case.id, fields), text.passed)
    if found:
        raise DomainError(f"{' '.join(in_words(found, FIELDS))} {REVIEW_AGAIN}")


def require_none(context: Context, case: Case, field: str, words: str) -> None:
    """Raise when a line that becomes public at once, such as a reason, points at a person."""
    require_nobody({field: words}, people.known_of_case(context.session, case.id), {field: "deze tekst"}, TAKE_OUT)


def let_stand(context: Context, case: Case, review: Review, reason: str) -> dict[str, int]:
    """The second person lets the finds in the public text stand, and says why. Gives what the event keeps of them.

    Raises:
        PermissionDenied: the actor wrote the text.
        DomainError: something was found, and there is no reason.
    """
    text = context.session.get(PublicText, case.id)
    if text is None or review.step not in TEXT_STEPS:
        return {}
    provisions = published_record.beside(context, case)["provisions"]
    fields = fields_of(
        text,
        provisions,
        review.step,
        review.payload,
        source_title=case.source_title,
        municipality_then=case.municipality_then,
    )
    found = not_passed(found_in(context.session, case.id, fields), text.passed)
    if not found:
        return {}
    if text.written_by_id == context.actor.account_id:
        raise PermissionDenied("U schreef de openbare tekst. Een ander moet beslissen of dit erin mag blijven staan.")
    if not reason.strip():
        raise DomainError(f"{' '.join(in_words(found, FIELDS))} {MUST_BE_PASSED}", field="pass_reason")
    review.pass_reason = reason.strip()
    text.passed = [*text.passed, *(each.mark for each in found)]
    return kept_of(found)
