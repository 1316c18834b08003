"""What may answer a filing already while it is written: published cases with the words they share, and ruimtewijzers.

Everybody may read all of it: nothing of a case that is not public is asked for, not even its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.guides.published import GuideRow
from knelpunt.queries.public.similar import similar_cases
from knelpunt.services.core.search_index import shared_ideas, shared_words
from knelpunt.services.search import answers
from knelpunt.services.search.search import Hit
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.requests.request_language import current_language

SHOWN_CASES = 3
SHOWN_GUIDES = 2
SLUGS = frozenset({"plan", "belemmering"})
"""The pages of a filing that describe it, and so show what is like it."""
_DESCRIBING = ("title", "description", "goal")


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """One published case, with the words that it shares."""

    reference: str
    title: str
    place: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """What there is to read before filing."""

    cases: tuple[AlikeCase, ...] = ()
    guides: tuple[GuideRow, ...] = ()
    laws: tuple[Hit, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cases or self.guides or self.laws)


def similar(data: Mapping[str, str], names: Reference) -> Similar:
    """What is like a draft as it was saved last: in a fixed number of statements, none while nothing is written.

    On a page in another language it is looked for with Dutch words, and the words that are shared are those.
    """
    text = " ".join(data.get(name, "") for name in _DESCRIBING).strip()
    if not text:
        return Similar()
    answer = answers.answer(db.session, text, current_language(), today_in_nl(), SHOWN_GUIDES)
    dutch = answer.question.dutch
    found = []
    for case in similar_cases(db.session, answer.question.queries, most=SHOWN_CASES):
        of_case = f"{case.title} {case.question}"
        shared = tuple(shared_ideas(dutch, of_case) if dutch else shared_words(text, of_case))
        place = names.municipality_names[case.municipality_id] if case.municipality_id else ""
        found.append(AlikeCase(case.reference, case.title, place, shared))
    return Similar(tuple(found), answer.guides, answer.laws)
