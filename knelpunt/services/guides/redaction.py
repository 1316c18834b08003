"""Keeps personal details out of ruimtewijzers, as ``services.cases.redaction`` does for the text of a case."""

from typing import Any

from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError
from knelpunt.domain.redaction.checks import Found, in_words, kept_of, look_through, not_passed
from knelpunt.domain.redaction.finds import FindKind, finds_in, pieces
from knelpunt.models import Guide, GuideVersion
from knelpunt.queries.core import people
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody

FIELDS = {
    "question": "de vraag",
    "short_answer": "het korte antwoord",
    "room": "de ruimte",
    "conditions": "de voorwaarden",
    "who_decides": "wie beslist",
    "model_text": "de tekst om over te nemen",
    "confidence_note": "hoe zeker wij zijn",
    "search_words": "de zoekwoorden",
    "rules": "de regels",
    "examples": "wie het eerder deed",
    "sources": "de bronnen",
}
"""What people write of a ruimtewijzer, in words."""
CALLED_AFTER_PLACES = frozenset({"rules", "sources"})
MUST_BE_PASSED = "Geef de tekst terug, of schrijf op waarom dit toch openbaar mag."
REVIEW_AGAIN = "Pas de tekst aan en laat hem opnieuw toetsen."
TAKE_OUT = "Haal dit weg: deze tekst staat meteen op de openbare pagina."


def found_in(session: Session, text: Any, case_id: int | None) -> tuple[Found, ...]:
    """All that points at a person in a version.

    Args:
        text: the version, as a row of the table or as the text that a page shows.
        case_id: the case that the guide was made from.
    """
    fields = {name: getattr(text, name) for name in FIELDS if name not in ("examples", "sources", "rules")}
    fields["rules"] = "\n".join(each["article"] for each in text.rules if each["article"] and not each["provision"])
    fields["examples"] = "\n".join(f"{each['place']}: {each['what']}" for each in text.examples)
    fields["sources"] = "\n".join(each["title"] for each in text.sources)
    found = look_through(fields, people.known_of_guide(session, case_id))
    # A local rule or a source may be a plan that is called after an address.
    return tuple(
        each for each in found if each.field not in CALLED_AFTER_PLACES or each.find.kind is not FindKind.ADDRESS
    )


def without_people(session: Session, question: str, case_id: int | None) -> str:
    """The question without what points at a person: the address of a guide is made of it before anybody reviews it, and
    stays when the question changes."""
    finds = finds_in(question, people.known_of_guide(session, case_id))
    return "".join(piece.text for piece in pieces(question, finds) if piece.kind is None)


def let_stand(context: Context, guide: Guide, version: GuideVersion, reason: str) -> dict[str, int]:
    """The second person lets the finds stand, and says why. Gives what the event keeps of them.

    Raises:
        DomainError: something was found, and there is no reason.
    """
    found = not_passed(found_in(context.session, version, guide.case_id), version.passed)
    if not found:
        return {}
    if not reason.strip():
        raise DomainError(f"{' '.join(in_words(found, FIELDS))} {MUST_BE_PASSED}", field="pass_reason")
    version.passed, version.pass_reason = [*version.passed, *(each.mark for each in found)], reason.strip()
    return kept_of(found)


def require_clear(context: Context, guide: Guide, version: GuideVersion) -> None:
    """Raise when something points at a person that no second person let stand."""
    found = not_passed(found_in(context.session, version, guide.case_id), version.passed)
    if found:
        raise DomainError(f"{' '.join(in_words(found, FIELDS))} {REVIEW_AGAIN}")


def require_none(context: Context, guide: Guide, reason: str) -> None:
    """Raise when a reason that stands on the public page at once points at a person."""
    known = people.known_of_guide(context.session, guide.case_id)
    require_nobody({"reason": reason}, known, {"reason": "de reden"}, TAKE_OUT)
