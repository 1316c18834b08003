"""Keeps the search terms of cases up to date, for one case or for thousands at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Table, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.adapters.words import search_terms
from knelpunt.adapters.words.glossary import InDutch, idea_terms
from knelpunt.models import Case, CaseSearch

__all__ = [
    "IndexedText",
    "ideas_to_share",
    "index_case",
    "index_many",
    "published_terms",
    "shared_ideas",
    "shared_words",
    "terms",
    "to_query",
    "whole_words",
    "words_to_share",
]

MOST_WORDS = 12
SHORTEST_SHARED = 4
LONG_WORD = 7
"""From this many letters on a word can say by itself what a case is about, such as parkeernorm."""
QUESTION_CHARACTERS = 400
_WORD = re.compile(r"[^\W_]{3,40}")

to_query = search_terms.to_query
"""What somebody typed, as a tsquery; None when nothing in it can be searched for."""


@dataclass(frozen=True, slots=True)
class IndexedText:
    """One case and everything it should be found by."""

    case_id: int
    text: str


def index_case(session: Session, case: Case, extra_texts: Iterable[str | None] = ()) -> None:
    """Make a case findable by its number, title and description, and by further texts (such as the public one).

    Replaces what was indexed before, so give all texts each time. Never contact data or internal notes.
    """
    texts = [case.reference, case.title, case.description, *extra_texts]
    index_many(session, [IndexedText(case.id, "\n".join(text for text in texts if text))])


def index_many(session: Session, texts: Iterable[IndexedText]) -> None:
    """The same for many cases in one statement."""
    documents = {item.case_id: search_terms.to_document(item.text) for item in texts}
    if documents:
        session.execute(_UPSERT, {"ids": list(documents), "documents": list(documents.values())})


def terms(text: str) -> ColumnElement[str]:
    """The terms of a text as a ``tsvector``, for a row that is searched by itself."""
    return func.to_tsvector("simple", search_terms.to_document(text))


def published_terms(reference: str, title: str, question: str, answer: str) -> ColumnElement[str]:
    """What a published case is found by."""
    return terms(f"{reference} {title} {question} {answer}")


def words_to_share(text: str) -> list[str]:
    """One small query per word of a text, in its order: its stem, or all of the words that it is made of.

    Words in which every case is told, such as gemeente and zegt, are left out unless there are no others.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        whole = search_terms.whole_terms(search_terms.fold(word))
        if whole and whole[0] not in found:
            found[whole[0]] = search_terms.word_query(search_terms.fold(word))
    return _telling(found)


def whole_words(text: str) -> dict[str, str]:
    """The long words of a text that say something, as small queries for the word as a whole, by their stem."""
    found: dict[str, str] = {}
    for word in search_terms.words_of(text):
        if len(word) >= LONG_WORD and word.isalpha():
            stem = next(iter(search_terms.stem_terms(word)), None)
            if stem is not None and stem not in search_terms.THIN_STEMS:
                found[stem] = f"'{stem}'"
    return found


def ideas_to_share(dutch: InDutch) -> list[str]:
    """The same for a question of another language: one small query per idea, which any of its Dutch words answers."""
    found: dict[str, str] = {}
    for idea in dutch.ideas:
        terms = idea_terms(idea)
        if terms:
            found.setdefault(terms[0], " | ".join(f"'{term}'" for term in terms))
    return _telling(found)


def shared_ideas(dutch: InDutch, other: str) -> list[str]:
    """The Dutch words of a question of another language that a text has, one for each idea."""
    terms = set(search_terms.stem_terms(other))
    found = []
    for idea in dutch.ideas:
        own = [(word, search_terms.stem_terms(word)) for word in idea]
        had = [word for word, stems in own if stems and not terms.isdisjoint(stems[:2])]
        if had and search_terms.stem_terms(had[0])[0] not in search_terms.THIN_STEMS:
            found.append(had[0])
    return found[:MOST_WORDS]


def _telling(queries: dict[str, str]) -> list[str]:
    """The queries, by the stem of their word, without those of words in which every case is told, unless all are."""
    telling = [query for stem, query in queries.items() if stem not in search_terms.THIN_STEMS]
    return (telling or list(queries.values()))[:MOST_WORDS]


def shared_words(one: str, other: str) -> list[str]:
    """The words of a text that another one has too, in another form or as part of a longer word.

    Never stop words, nor words in which every case is told.
    """
    terms = set(search_terms.stem_terms(other))
    found: dict[str, str] = {}
    for word in search_terms.words_of(one):
        own = search_terms.stem_terms(word)
        is_telling = own and len(word) >= SHORTEST_SHARED and own[0] not in search_terms.THIN_STEMS
        if is_telling and not terms.isdisjoint(own[:2]):
            found.setdefault(own[0], word)
    return list(found.values())[:MOST_WORDS]


_given = func.unnest(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("documents", type_=ARRAY(Text)))
_rows = _given.table_valued(column("id", BigInteger), column("document", Text), name="given").render_derived()
_insert = insert(cast(Table, CaseSearch.__table__)).from_select(
    [CaseSearch.case_id, CaseSearch.terms], select(_rows.c.id, func.to_tsvector("simple", _rows.c.document))
)
_UPSERT = _insert.on_conflict_do_update(index_elements=["case_id"], set_={"terms": _insert.excluded.terms})
