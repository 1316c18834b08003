"""What may answer a filing already while it is written: published cases with the words they share, and ruimtewijzers.

Everybody may read all of it: nothing of a case that is not public is asked for, not even its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.extensions import db
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.guides.published import GuideRow, answers_to
from knelpunt.queries.search import results as search
from knelpunt.services.core.search_index import ideas_to_share, shared_ideas, shared_words, words_to_share
from knelpunt.services.search.search import in_dutch
from knelpunt.web.shared.requests.access import today_in_nl
from knelpunt.web.shared.requests.request_language import current_language

SHOWN_CASES = 3
SHOWN_GUIDES = 2
FEWEST_WORDS = 2
"""A case that shares fewer words than this is not much like it."""
SLUGS = frozenset({"plan", "belemmering"})
"""The pages of a filing that describe it, and so show what is like it."""
MOST_READ = 600
"""So many characters are read in another language."""
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

    cases: tuple[AlikeCase, ...]
    guides: tuple[GuideRow, ...]

    def __bool__(self) -> bool:
        return bool(self.cases or self.guides)


def similar(data: Mapping[str, str], names: Reference) -> Similar:
    """What is like a draft as it was saved last: at most three statements, none while nothing is written.

    On a page in another language it is looked for with Dutch words, and the words that are shared are those.
    """
    text = " ".join(data.get(name, "") for name in _DESCRIBING).strip()
    dutch = in_dutch(db.session, text[:MOST_READ], current_language(), today_in_nl()) if text else None
    if dutch:
        words = ideas_to_share(dutch)
    else:
        words = words_to_share(data.get("title", ""), f"{data.get('description', '')} {data.get('goal', '')}")
    if not words:
        return Similar((), ())
    found = []
    for case in search.public_cases(db.session, words, SHOWN_CASES):
        of_case = f"{case.title} {case.text}"
        shared = tuple(shared_ideas(dutch, of_case) if dutch else shared_words(text, of_case))
        if len(shared) >= FEWEST_WORDS:
            place = names.municipality_names[case.municipality_id] if case.municipality_id else ""
            found.append(AlikeCase(case.reference, case.title, place, shared))
    return Similar(tuple(found), answers_to(db.session, words, SHOWN_GUIDES))
