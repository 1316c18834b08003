"""The law catalogue as pages and services read it: always from one day.

The catalogue holds tens of laws and hundreds of provisions, so neighbours in time are worked out here from all of them
at once: every question takes the same few statements, however long a line of successors is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from knelpunt.domain.errors import NotFound
from knelpunt.domain.laws.catalogue import NO_RULE, searchable
from knelpunt.domain.laws.dates import Standing, reachable
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Law, LawSuccession, Provision, ProvisionSuccession
from knelpunt.queries.core.pieces import AT_ONCE
from knelpunt.queries.laws.rows import (
    LAW_COLUMNS,
    LINKABLE,
    Alternative,
    Followed,
    LawLink,
    LawPage,
    LawSummary,
    ProvisionSummary,
    by_standing,
    law_link,
    law_period,
    law_standing,
    provision_summary,
    select_provisions,
)
from knelpunt.queries.laws.wordings import ProvisionPage, WordingRow, select_wordings, wording_row, wordings_of

Key = TypeVar("Key", int, str)
NO_PAGE = Text("Deze wet of bepaling staat niet in de wettencatalogus.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All laws and provisions as they stood on one day, and who came before and after whom."""

    provisions: dict[int, ProvisionSummary]
    laws: dict[str, LawLink]
    before: dict[int, list[int]]
    after: dict[int, list[int]]
    laws_before: dict[str, list[str]]
    laws_after: dict[str, list[str]]

    def law_links(self, keys: Iterable[str]) -> tuple[LawLink, ...]:
        return tuple(self.laws[key] for key in keys if key in self.laws)

    def linked(self, ids: Iterable[int]) -> tuple[ProvisionSummary, ...]:
        return tuple(self.provisions[number] for number in ids)

    def alternatives(self, asked: ProvisionSummary) -> tuple[Alternative, ...]:
        """What held on the day in place of a provision that did not, nearest first and of its own kind first.

        Goes back in time when the provision did not hold yet, forward when it no longer did. The line of laws is
        followed only where the line of provisions leads nowhere, and then gives provisions of the same kind of room.
        """
        if asked.is_linkable:
            return ()
        is_early = asked.standing is Standing.NOT_YET
        links = self.before if is_early else self.after
        steps = reachable(asked.id, _neighbours(links))
        found = [self.provisions[number] for number in steps if self.provisions[number].is_linkable]
        if found:
            found.sort(key=lambda one: (*_likeness(one, asked), steps[one.id], one.law_key, one.position))
            return tuple(Alternative(one, is_through_law=False) for one in found)
        law_links = self.laws_before if is_early else self.laws_after
        law_steps = reachable(asked.law_key, _neighbours(law_links))
        found = [
            one
            for one in self.provisions.values()
            if one.law_key in law_steps and one.room_type is asked.room_type and one.is_linkable
        ]
        found.sort(key=lambda one: (law_steps[one.law_key], one.law_key, one.position))
        return tuple(Alternative(one, is_through_law=True) for one in found)

    def same_article(self, asked: ProvisionSummary) -> set[int]:
        """The provision and those of the same law before and after it, however far: one article through the years."""
        found = {asked.id}
        for links in (self.before, self.after):
            found.update(reachable(asked.id, _neighbours(links)))
        return {number for number in found if self.provisions[number].law_key == asked.law_key}

    def law_alternatives(self, law_key: str) -> tuple[LawLink, ...]:
        """The laws before and after a law, however far, that were in force on the day; nearest first."""
        found: dict[str, int] = {}
        for links in (self.laws_before, self.laws_after):
            found.update(reachable(law_key, _neighbours(links)))
        fitting = (key for key in found if key in self.laws and self.laws[key].standing in LINKABLE)
        return self.law_links(sorted(fitting, key=lambda key: (found[key], key)))

    def followed(self, provision: ProvisionSummary) -> Followed:
        return Followed(
            provision, tuple(one.provision for one in self.alternatives(provision) if not one.is_through_law)
        )


def _likeness(one: ProvisionSummary, asked: ProvisionSummary) -> tuple[bool, bool, bool]:
    """Sorts what certainly held, is about the same field, and leaves the same kind of room, to the front."""
    return (
        one.standing is not Standing.HELD,
        one.law_domain != asked.law_domain,
        one.room_type is not asked.room_type,
    )


def _neighbours(links: dict[Key, list[Key]]) -> Callable[[Key], Iterable[Key]]:
    return lambda key: links.get(key, ())


def _both_ways(pairs: Iterable[tuple[Key, Key]]) -> tuple[dict[Key, list[Key]], dict[Key, list[Key]]]:
    before: dict[Key, list[Key]] = defaultdict(list)
    after: dict[Key, list[Key]] = defaultdict(list)
    for first, second in pairs:
        before[second].append(first)
        after[first].append(second)
    return dict(before), dict(after)


def catalogue_on(session: Session, on: date) -> Catalogue:
    """Everything, as it stood on a day: four statements, whatever is asked of it after that."""
    provisions = {row.id: provision_summary(row, on) for row in session.execute(select_provisions())}
    laws = {
        row.key: law_link(row, on)
        for row in session.execute(select(*LAW_COLUMNS).order_by(Law.in_force_from, Law.position, Law.id))
    }
    before, after = _both_ways(
        (link.predecessor_id, link.successor_id)
        for link in session.execute(
            select(ProvisionSuccession.predecessor_id, ProvisionSuccession.successor_id)
            .join(Provision, Provision.id == ProvisionSuccession.successor_id)
            .order_by(Provision.valid_from, ProvisionSuccession.successor_id, ProvisionSuccession.predecessor_id)
        )
    )
    laws_before, laws_after = _both_ways(
        (link.predecessor_key, link.successor_key)
        for link in session.execute(
            select(LawSuccession.predecessor_key, LawSuccession.successor_key).order_by(
                LawSuccession.predecessor_key, LawSuccession.successor_key
            )
        )
    )
    return Catalogue(provisions, laws, before, after, laws_before, laws_after)


def list_domains(session: Session) -> tuple[str, ...]:
    """Every field that a law of the catalogue is about, by name."""
    domains = session.scalars(select(Law.domain).distinct().order_by(Law.domain))
    return tuple(sorted(domains, key=searchable))


def list_laws(
    session: Session,
    on: date,
    *,
    words: str = "",
    domain: str | None = None,
    room_type: RoomType | None = None,
    held_only: bool = False,
    few: int = 0,
) -> tuple[LawSummary, ...]:
    """All laws, or those that a search finds, as they stood on a day; in two statements.

    Args:
        words: each word must occur in the law, or in one of its provisions together with the law.
        held_only: leave out laws that were not in force, and provisions that did not hold.
        few: while fewer laws than this are found, laws with all words but one follow, and so on down to one word.
    """
    wanted = searchable(words).split()
    provisions: dict[int, list[tuple[ProvisionSummary, str]]] = defaultdict(list)
    for row in session.execute(select_provisions(Provision.search_text)):
        provisions[row.law_id].append((provision_summary(row, on), row.search_text))
    rows = session.execute(select(*LAW_COLUMNS, Law.search_text).order_by(Law.position, Law.id)).all()

    def having(needed: int) -> Iterable[LawSummary]:
        """The laws with this many of the words."""
        for law in rows:
            own = provisions[law.id]
            is_found_itself = sum(word in law.search_text for word in wanted) >= needed
            matches = tuple(
                one
                for one, text in own
                if (room_type is None or one.room_type is room_type)
                and (not held_only or one.is_linkable)
                and sum(word in law.search_text or word in text for word in wanted) >= needed
            )
            stood = law_standing(law.in_force_from, law.in_force_to, law.status, on)
            if (
                (domain is not None and law.domain != domain)
                or not (matches or (is_found_itself and room_type is None))
                or (held_only and not (matches or stood in LINKABLE))
            ):
                continue
            yield LawSummary(
                id=law.id,
                key=law.key,
                citation_title=law.citation_title,
                abbreviation=law.abbreviation,
                kind=LawKind(law.kind),
                domain=law.domain,
                period=law_period(law, on),
                confidence=Confidence(law.confidence),
                standing=stood,
                provision_count=len(own),
                held_count=sum(one.standing is Standing.HELD for one, _ in own),
                matches=matches if wanted or room_type is not None else (),
                words_had=needed,
            )

    found = {law.id: law for law in having(len(wanted))}
    for needed in range(len(wanted) - 1, 0, -1):
        if len(found) >= few:
            break
        found |= {law.id: law for law in having(needed) if law.id not in found}
    return tuple(found.values())


def law_page(session: Session, key: str, on: date) -> LawPage:
    """One law on a day. Raises NotFound."""
    law = session.scalars(select(Law).where(Law.key == key)).one_or_none()
    if law is None:
        raise NotFound(NO_PAGE)
    catalogue = catalogue_on(session, on)
    own = [provision for provision in catalogue.provisions.values() if provision.law_id == law.id]
    return LawPage(
        id=law.id,
        key=law.key,
        citation_title=law.citation_title,
        abbreviation=law.abbreviation,
        bwb_id=law.bwb_id,
        kind=LawKind(law.kind),
        domain=law.domain,
        ministry=law.ministry,
        in_force_from=law.in_force_from,
        in_force_to=law.in_force_to,
        period=catalogue.laws[key].period,
        confidence=Confidence(law.confidence),
        standing=catalogue.laws[key].standing,
        details=law.details,
        before=catalogue.law_links(catalogue.laws_before.get(key, ())),
        after=catalogue.law_links(catalogue.laws_after.get(key, ())),
        held=by_standing(own, Standing.HELD),
        uncertain=by_standing(own, Standing.UNCERTAIN),
        not_yet=tuple(catalogue.followed(one) for one in by_standing(own, Standing.NOT_YET)),
        ended=tuple(catalogue.followed(one) for one in by_standing(own, Standing.ENDED)),
        on=on,
    )


def provision_page(session: Session, law_key: str, key: str, on: date) -> ProvisionPage:
    """One provision on a day. Raises NotFound, also when it belongs to another law."""
    row = session.execute(
        select(Provision.id, Provision.details, Law.bwb_id)
        .join(Law, Law.id == Provision.law_id)
        .where(Provision.key == key, Law.key == law_key)
    ).one_or_none()
    if row is None:
        raise NotFound(NO_PAGE)
    catalogue = catalogue_on(session, on)
    provision = catalogue.provisions[row.id]
    before = catalogue.linked(catalogue.before.get(row.id, ()))
    after = catalogue.linked(catalogue.after.get(row.id, ()))
    story = wordings_of(session, catalogue.same_article(provision), on)
    wording = next((one for one in story if one.provision_id == row.id and one.held_on(on)), None)
    return ProvisionPage(
        provision=provision,
        law=catalogue.laws[law_key],
        bwb_id=row.bwb_id,
        details={**row.details, **(wording.says if wording else {})},
        wording=wording,
        story=story,
        before=before,
        after=after,
        laws_before=() if before else catalogue.law_links(catalogue.laws_before.get(law_key, ())),
        laws_after=() if after else catalogue.law_links(catalogue.laws_after.get(law_key, ())),
        instead=catalogue.alternatives(provision),
    )


def one_wording(session: Session, law_key: str, key: str, address: str) -> WordingRow:
    """The wording with this address, of this provision of this law. Raises NotFound."""
    statement = select_wordings().where(Law.key == law_key, Provision.key == key)
    for one in map(wording_row, session.execute(statement)):
        if one.address == address:
            return one
    raise NotFound(NO_PAGE)


def provision_on(session: Session, provision_id: int, on: date) -> ProvisionSummary:
    """One provision as it stood on a day. Raises NotFound."""
    row = session.execute(select_provisions().where(Provision.id == provision_id)).one_or_none()
    if row is None:
        raise NotFound(NO_PAGE)
    return provision_summary(row, on)


def law_on(session: Session, law_id: int, on: date) -> LawLink:
    """One law as it stood on a day. Raises NotFound."""
    row = session.execute(select(*LAW_COLUMNS).where(Law.id == law_id)).one_or_none()
    if row is None:
        raise NotFound(NO_PAGE)
    return law_link(row, on)


def laws_in_force(session: Session, on: date) -> tuple[LawLink, ...]:
    """Every law and collective name whose articles a case of this day may be linked to, by title."""
    links = (law_link(row, on) for row in session.execute(select(*LAW_COLUMNS).order_by(Law.id)))
    fitting = (link for link in links if link.standing in LINKABLE and link.key != NO_RULE)
    return tuple(sorted(fitting, key=lambda link: (searchable(link.citation_title), link.key)))


def law_alternatives(session: Session, law_key: str, on: date) -> tuple[LawLink, ...]:
    """The laws before and after a law, however far, that were in force on a day; nearest first."""
    return catalogue_on(session, on).law_alternatives(law_key)


def linkable(
    session: Session, on: date, *, words: str = "", role: AssessmentRole | None = None
) -> tuple[ProvisionSummary, ...]:
    """The provisions that a case of this day may be linked to, for choosing one; in one statement.

    Args:
        words: each word must occur in the provision or its law.
        role: for room, the lightest step comes first; otherwise the order is that of the catalogue.
    """
    wanted = searchable(words).split()
    found = []
    for row in session.execute(select_provisions(Provision.search_text, Law.search_text.label("law_text"))):
        provision = provision_summary(row, on)
        text = f"{row.law_text} {row.search_text}"
        if provision.is_linkable and all(word in text for word in wanted):
            found.append(provision)
    if role is AssessmentRole.OFFERS_ROOM:
        found.sort(key=lambda one: one.room_type.order)
    return tuple(found)


def alternatives(session: Session, provision_id: int, on: date) -> tuple[Alternative, ...]:
    """What held on a day in place of a provision that did not; empty when it did hold. Raises NotFound."""
    catalogue = catalogue_on(session, on)
    asked = catalogue.provisions.get(provision_id)
    if asked is None:
        raise NotFound(NO_PAGE)
    return catalogue.alternatives(asked)


@dataclass(frozen=True, slots=True)
class WholeProvision:
    """A provision through all its days; ``before`` and ``after`` are keys."""

    key: str
    article: str
    instrument: str
    room_type: RoomType
    valid_from: date | None
    valid_to: date | None
    start_is_known: bool
    end_is_known: bool
    confidence: Confidence
    sources: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    wordings: tuple[WordingRow, ...]


@dataclass(frozen=True, slots=True)
class WholeLaw:
    """A law through all its days; of ``before`` and ``after``, which are keys, some may not be in the catalogue."""

    key: str
    citation_title: str
    abbreviation: str | None
    bwb_id: str | None
    kind: LawKind
    domain: str
    ministry: str | None
    in_force_from: date | None
    in_force_to: date | None
    confidence: Confidence
    sources: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    provisions: tuple[WholeProvision, ...]


Whole = TypeVar("Whole", WholeLaw, WholeProvision)


def whole_catalogue(session: Session) -> Iterator[WholeLaw]:
    """Every law with its provisions and their wordings, in the order of the catalogue, a piece at a time: three
    statements about the whole, of keys alone, and three for each piece."""
    first, second = aliased(Provision), aliased(Provision)
    links = (
        select(first.key, second.key)
        .select_from(ProvisionSuccession)
        .join(first, first.id == ProvisionSuccession.predecessor_id)
        .join(second, second.id == ProvisionSuccession.successor_id)
    )
    before, after = _both_ways(sorted((one, other) for one, other in session.execute(links)))
    laws_before, laws_after = _both_ways(
        sorted((link.predecessor_key, link.successor_key) for link in session.scalars(select(LawSuccession)))
    )
    order = (Law.position, Law.id)
    every = session.scalars(select(Law.id).order_by(*order)).all()
    for at in range(0, len(every), AT_ONCE):
        ids = every[at : at + AT_ONCE]
        provisions = _provisions_of(session, ids, before, after)
        for law in session.scalars(select(Law).where(Law.id.in_(ids)).order_by(*order)):
            yield _filled(
                WholeLaw,
                law,
                kind=LawKind(law.kind),
                confidence=Confidence(law.confidence),
                sources=tuple(law.details.get("urls") or ()),
                before=tuple(laws_before.get(law.key, ())),
                after=tuple(laws_after.get(law.key, ())),
                provisions=tuple(provisions[law.id]),
            )


def _provisions_of(
    session: Session, laws: Sequence[int], before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> dict[int, list[WholeProvision]]:
    """The provisions of these laws with their wordings, by law, in the order of the catalogue."""
    wordings: dict[int, list[WordingRow]] = defaultdict(list)
    for row in session.execute(select_wordings().where(Law.id.in_(laws))):
        wordings[row.ProvisionWording.provision_id].append(wording_row(row))
    provisions: dict[int, list[WholeProvision]] = defaultdict(list)
    rows = select(Provision).where(Provision.law_id.in_(laws)).order_by(Provision.position, Provision.id)
    for one in session.scalars(rows):
        provisions[one.law_id].append(
            _filled(
                WholeProvision,
                one,
                room_type=RoomType(one.room_type),
                confidence=Confidence(one.confidence),
                sources=tuple(one.details.get("sources") or ()),
                before=tuple(before.get(one.key, ())),
                after=tuple(after.get(one.key, ())),
                wordings=tuple(wordings[one.id]),
            )
        )
    return provisions


def _filled(whole: type[Whole], row: Law | Provision, /, **made: Any) -> Whole:
    """A row of the catalogue with the fields of its table, and what is made of others."""
    same = {each.name: getattr(row, each.name) for each in fields(whole) if each.name not in made}
    return whole(**same, **made)
