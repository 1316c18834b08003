"""Laws and provisions that a field of the catalogue can name: found by words, each with the time in which it held."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.catalogue import searchable
from knelpunt.domain.laws.dates import period_in_words
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.models import Law, Provision
from knelpunt.queries.laws.rows import article_in_words

MOST_FOUND = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry to choose; ``period`` says when it held, no more exactly than the catalogue does."""

    key: str
    name: str
    period: str


def find_candidates(session: Session, kind: EntryKind, text: str) -> list[Candidate]:
    """The entries that hold every word in their name, article, key or other search words, and one more than
    ``MOST_FOUND`` when there are more. A key in full comes first, then what is called so."""
    words = searchable(text).split()
    if not words:
        return []
    named = _name(kind)
    found = _rows(kind)
    for word in words:
        found = found.where(or_(*(column.contains(word, autoescape=True) for column in (named, *_search_texts(kind)))))
    called_so = [named.contains(word, autoescape=True) for word in words]
    key = Law.key if kind is EntryKind.LAW else Provision.key
    own = Law.id if kind is EntryKind.LAW else Provision.id
    place = [Law.position] if kind is EntryKind.LAW else [Law.position, Provision.position]
    order = (case((key == text.strip().lower(), 0), (_all(called_so), 1), else_=2), *place, own)
    return [_candidate(kind, *row) for row in session.execute(found.order_by(*order).limit(MOST_FOUND + 1))]


def named_candidates(session: Session, kind: EntryKind, keys: Collection[str]) -> dict[str, Candidate]:
    """The entries with these keys, by key; what is not in the catalogue is left out."""
    key = Law.key if kind is EntryKind.LAW else Provision.key
    rows = session.execute(_rows(kind).where(key.in_(keys)).order_by(key)) if keys else ()
    return {row[0]: _candidate(kind, *row) for row in rows}


def law_choices(session: Session) -> list[tuple[str, str]]:
    """All laws by title, to choose from in a list: (key, title with the time in which it held)."""
    rows = session.execute(_rows(EntryKind.LAW).order_by(Law.citation_title, Law.id))
    found = [_candidate(EntryKind.LAW, *row) for row in rows]
    return [(each.key, f"{each.name}, {each.period}") for each in found]


def counted_names(session: Session) -> list[tuple[str, str]]:
    """The names under which cases of a law are counted, in order: (name, name with the title of its law)."""
    rows = session.execute(select(Law.case_keys, Law.citation_title).order_by(Law.citation_title, Law.id))
    return [(name, f"{title} ({name})") for names, title in rows for name in names]


def used_words(session: Session, field: str) -> list[str]:
    """What laws say in a field of one line, such as ``domain``, each once and in order: to write it the same again."""
    value = Law.details[field].astext
    return list(session.scalars(select(value).where(value.is_not(None)).distinct().order_by(value)))


def _rows(kind: EntryKind) -> Select[Any]:
    if kind is EntryKind.LAW:
        return select(Law.key, Law.citation_title, Law.abbreviation, Law.citation_title, Law.details)
    return select(Provision.key, Provision.instrument, Provision.article, Law.citation_title, Provision.details).join(
        Law, Law.id == Provision.law_id
    )


def _candidate(
    kind: EntryKind, key: str, title: str, short: str | None, law_title: str, fields: Mapping[str, Any]
) -> Candidate:
    known_end = fields["status_on_reference_date"] != "onbekend"
    if kind is EntryKind.LAW:
        period = period_in_words(fields["in_force_from"], fields["in_force_to"], end_is_known=known_end)
        return Candidate(key, f"{title} ({short})" if short else title, period)
    period = period_in_words(
        fields["valid_from"],
        fields["valid_to"],
        start_is_known=fields["start_known"],
        end_is_known=known_end,
    )
    return Candidate(key, f"{title} ({law_title}, {article_in_words(short or '')})", period)


def _name(kind: EntryKind) -> ColumnElement[str]:
    parts: tuple[Any, ...] = (Law.key, " ", Law.citation_title, " ", Law.abbreviation)
    if kind is EntryKind.PROVISION:
        parts = (Provision.key, " ", Provision.instrument, " ", Provision.article, " ", *parts)
    return func.lower(func.concat(*parts))


def _search_texts(kind: EntryKind) -> list[Any]:
    return [Law.search_text] if kind is EntryKind.LAW else [Provision.search_text, Law.search_text]


def _all(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *others = conditions
    for condition in others:
        first = first & condition
    return first
