"""The small tables that every page needs, kept in the process: places, laws, ministries, organisations, staff.

``reference(session)`` reads one number per session and reads the tables again only when that number changed. Whoever
changes one of them calls ``services.laws.reference.touch`` in the same transaction, so that other processes notice.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.leave import Leave
from knelpunt.domain.permissions import ORGANISATION_ROLES, ROLE_PERMISSIONS, Permission
from knelpunt.domain.vocabulary import OrganisationKind, Role
from knelpunt.models import (
    Account,
    Label,
    Law,
    LeaveCover,
    Municipality,
    Organisation,
    Province,
    PublicVersion,
    ReferenceVersion,
    Team,
    TeamMember,
)

SESSION_KEY = "reference_version"
_PUBLIC_KEY = "public_version"
UNKNOWN_NAME = "onbekend"
MOST_MERGERS = 10
"""Of one area, one after another; so that a circle in the data ends."""
HANDLING_ROLES = frozenset(
    role
    for role, permissions in ROLE_PERMISSIONS.items()
    if permissions & {Permission.HANDLE_CASE, Permission.TRIAGE_CASE}
)
EVERYDAY_NAMES = {"GM0518": "Den Haag", "GM0796": "Den Bosch"}
"""What most people call a municipality whose official name is another one; shown behind it in lists to choose from."""

EARLIER_ABBREVIATIONS = {"mnre1045": "EZ"}
"""How a ministry that goes on under another name was called in short."""

Options = tuple[tuple[int, str], ...]


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


class Names(dict[int, str]):
    """Names by id. A row that came after the list was read has no name yet, and must not break a page."""

    def __missing__(self, key: int) -> str:
        return UNKNOWN_NAME


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """Days are the first and last on which it existed; an empty ``valid_from`` means not known."""

    id: int
    code: str
    name: str
    province_id: int
    valid_from: date | None
    valid_to: date | None
    successor_id: int | None
    tile_x: int | None
    tile_row: int | None
    inhabitants: int | None = None


@dataclass(frozen=True, slots=True)
class LawRow:
    id: int
    key: str
    citation_title: str
    abbreviation: str | None
    case_keys: tuple[str, ...]
    in_force_from: date | None
    in_force_to: date | None
    kind: str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    id: int
    kind: OrganisationKind
    code: str | None
    name: str
    abbreviation: str | None
    municipality_id: int | None
    province_id: int | None
    valid_to: date | None
    needs_co_signature: bool


@dataclass(frozen=True, slots=True)
class StaffRow:
    id: int
    name: str
    role: Role
    is_active: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """One reading of the small tables. Options are (id, label), ready for a list to choose from."""

    version: int
    provinces: dict[int, ProvinceRow]
    municipalities: dict[int, MunicipalityRow]
    laws: dict[int, LawRow]
    organisations: dict[int, OrganisationRow]
    ministries: dict[int, OrganisationRow]
    handlers: dict[int, StaffRow]
    province_names: Names
    municipality_names: Names
    law_names: Names
    organisation_names: Names
    ministry_names: Names
    staff_names: Names
    province_options: Options
    municipality_options: Options
    law_options: Options
    ministry_options: Options
    handler_options: Options
    label_names: Names
    label_options: Options
    """The labels that are in use; ``label_names`` knows those that ended as well."""
    team_options: Options
    team_of: dict[int, int]
    """The team of each colleague who is in one."""
    leaves: tuple[Leave, ...]
    """What is registered and was not taken back, past leave too."""
    today_of: dict[int, int]
    """The municipality of today under which the area of one that ended falls; not in it: those of today themselves, and
    those of which that is not known."""
    today_names: Names
    """The name of the municipality of today, for one of whatever time."""

    def places_of(self, municipality_id: int | None) -> dict[str, Any]:
        """The filter on a municipality of today and those that went up in it: one field of a filter of a list."""
        if municipality_id is None:
            return {}
        before = sorted(id_ for id_, today in self.today_of.items() if today == municipality_id)
        return {"municipality_ids": [municipality_id, *before]} if before else {"municipality_id": municipality_id}

    def is_one_place(self, one: int | None, other: int | None) -> bool:
        """Whether two municipalities, each of whatever time, are one today."""
        if one is None or other is None:
            return False
        return self.today_of.get(one, one) == self.today_of.get(other, other)

    def size_of(self, municipality_id: int | None) -> int | None:
        """The class of size of a municipality, of whatever time; None where its inhabitants are not known."""
        row = self.municipalities.get(self.today_of.get(municipality_id or 0, municipality_id or 0))
        return None if row is None or row.inhabitants is None else bisect(SIZES, row.inhabitants)

    def of_its_size(self, municipality_id: int | None) -> list[int]:
        """The municipalities of the same class of size, those that went up in them too; not itself."""
        size = self.size_of(municipality_id)
        if size is None:
            return []
        return [
            id_
            for id_ in self.municipalities
            if self.size_of(id_) == size and not self.is_one_place(id_, municipality_id)
        ]

    def municipality_code(self, municipality_id: int | None) -> str | None:
        """The code of the CBS of a municipality."""
        row = self.municipalities.get(municipality_id or 0)
        return row.code if row else None

    def organisation_code(self, organisation_id: int | None) -> str | None:
        """The national code of an organisation: its own, or that of the municipality or province that it is."""
        row = self.organisations.get(organisation_id or 0)
        if row is None:
            return None
        place = self.municipalities.get(row.municipality_id or 0) or self.provinces.get(row.province_id or 0)
        return row.code or (place.code if place else None)

    def code_of_name(self, name: str) -> str | None:
        """The national code of the organisation that is called so; None where a name was typed that no list has."""
        same = (id_ for id_, row in self.organisations.items() if row.name.casefold() == name.casefold())
        return self.organisation_code(next(same, None))

    def ministries_in(self, words: str | None) -> list[OrganisationRow]:
        """The ministries that words of the catalogue name, such as "VWS en JenV", in their order there."""
        places = ((_place_in(words or "", row), row) for row in self.ministries.values())
        found = sorted((place, row.id) for place, row in places if place is not None)
        return [self.ministries[id_] for _place, id_ in found]

    def members_of(self, team_id: int | None) -> list[int]:
        """Who is in a team."""
        return sorted(each for each, team in self.team_of.items() if team == team_id)


SIZES = (5_000, 10_000, 20_000, 50_000, 100_000, 150_000, 250_000)
"""Where a class of size begins, as CBS draws them; the first is below all of these."""
_kept: tuple[Reference, ...] = ()
"""The last two readings, since a replica may be one behind the database."""
_VERSION = select(ReferenceVersion.__table__.c.version)
_VERSIONS = select(_VERSION.scalar_subquery(), PublicVersion.__table__.c.version)


def reference(session: Session) -> Reference:
    """The small tables as they are now, at the cost of one short statement per session."""
    global _kept  # noqa: PLW0603 - the one thing that a process keeps; the version guards it
    version: int | None = session.info.get(SESSION_KEY)
    if version is None:
        version = session.execute(_VERSION).scalar_one()
        session.info[SESSION_KEY] = version
    kept = _kept
    found = next((each for each in kept if each.version == version), None)
    if found is None:
        found = _read(session, version)
        _kept = (found, *kept[:1])
    return found


def version_of_public_pages(session: Session) -> str:
    """Another text after each change of what public pages show, of small tables or of whatever else, once committed.

    One statement per session, which ``reference`` then need not send any more.
    """
    if SESSION_KEY not in session.info or _PUBLIC_KEY not in session.info:
        session.info[SESSION_KEY], session.info[_PUBLIC_KEY] = session.execute(_VERSIONS).one()
    return f"{session.info[SESSION_KEY]} {session.info[_PUBLIC_KEY]}"


@lru_cache(maxsize=4096)
def sort_key(name: str) -> str:
    """Orders Dutch names as people look for them: without accents, capitals, or a leading 's-.

    Kept, since half the time of reading the small tables again went to the same names.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(character for character in folded if not unicodedata.combining(character))
    return letters.removeprefix("'s-").removeprefix("\N{RIGHT SINGLE QUOTATION MARK}s-").lstrip("'")


def _read(session: Session, version: int) -> Reference:
    provinces = {row.id: row for row in _provinces(session)}
    municipalities = {row.id: row for row in _municipalities(session)}
    laws = {row.id: row for row in _laws(session)}
    organisations = {row.id: row for row in _organisations(session)}
    ministries = {id_: row for id_, row in organisations.items() if row.kind is OrganisationKind.MINISTRY}
    staff = {row.id: row for row in _staff(session)}
    labels = _labels(session)
    handlers = {id_: row for id_, row in staff.items() if row.is_active and row.role in HANDLING_ROLES}
    today_of = places_of_today(municipalities)
    return Reference(
        version=version,
        provinces=provinces,
        municipalities=municipalities,
        laws=laws,
        organisations=organisations,
        ministries=ministries,
        handlers=handlers,
        province_names=_names(provinces, lambda row: row.name),
        municipality_names=_names(municipalities, lambda row: row.name),
        law_names=_names(laws, lambda row: row.citation_title),
        organisation_names=_names(organisations, lambda row: row.name),
        ministry_names=_names(ministries, lambda row: row.name),
        staff_names=_names(staff, lambda row: row.name),
        province_options=_options(provinces.values(), lambda row: row.name),
        municipality_options=_options(
            (row for row in municipalities.values() if row.valid_to is None), _municipality_label
        ),
        law_options=_options(laws.values(), _law_label),
        ministry_options=_options((row for row in ministries.values() if row.valid_to is None), lambda row: row.name),
        handler_options=_options(handlers.values(), lambda row: row.name),
        label_names=Names((id_, name) for id_, name, _ended in labels),
        label_options=_sorted((id_, name) for id_, name, is_over in labels if not is_over),
        team_options=_sorted((row[0], row[1]) for row in session.execute(select(Team.id, Team.name))),
        team_of={row[0]: row[1] for row in session.execute(select(TeamMember.account_id, TeamMember.team_id))},
        leaves=tuple(_leaves(session)),
        today_of={id_: today for id_, today in today_of.items() if id_ != today},
        today_names=Names((id_, municipalities[today].name) for id_, today in today_of.items()),
    )


def places_of_today(municipalities: dict[int, MunicipalityRow]) -> dict[int, int]:
    """The municipality of today for each of whatever time, where it is known; for one of today that is itself."""
    found = ((id_, _today(municipalities, row)) for id_, row in municipalities.items())
    return {id_: today.id for id_, today in found if today is not None}


def _today(rows: dict[int, MunicipalityRow], row: MunicipalityRow) -> MunicipalityRow | None:
    """The municipality that came for one that ended, and for that one again; itself when it did not end."""
    today: MunicipalityRow | None = row
    for _step in range(MOST_MERGERS):
        if today is None or today.valid_to is None:
            return today
        today = rows.get(today.successor_id) if today.successor_id is not None else None
    return None


def _place_in(words: str, ministry: OrganisationRow) -> int | None:
    """Where words name a ministry: by its abbreviation or its name, with or without "Ministerie van"."""
    names = (
        ministry.name.removeprefix("Ministerie van "),
        ministry.abbreviation,
        EARLIER_ABBREVIATIONS.get(ministry.code or ""),
    )
    either = "|".join(re.escape(name) for name in names if name)
    found = re.search(rf"(?<!\w)(?:{either})(?!\w)", words)
    return found.start() if found else None


def _municipality_label(row: MunicipalityRow) -> str:
    everyday = EVERYDAY_NAMES.get(row.code)
    return f"{row.name} ({everyday})" if everyday else row.name


def _law_label(row: LawRow) -> str:
    if row.abbreviation and row.abbreviation != row.citation_title:
        return f"{row.citation_title} ({row.abbreviation})"
    return row.citation_title


def _names(rows: dict[int, Row], name_of: Callable[[Row], str]) -> Names:
    return Names((id_, name_of(row)) for id_, row in rows.items())


def _options(rows: Iterable[Row], label_of: Callable[[Row], str]) -> Options:
    return _sorted((row.id, label_of(row)) for row in rows)


def _sorted(pairs: Iterable[tuple[int, str]]) -> Options:
    return tuple(sorted(pairs, key=lambda pair: (sort_key(pair[1]), pair[0])))


def _provinces(session: Session) -> Iterable[ProvinceRow]:
    rows = session.execute(select(Province.id, Province.code, Province.name).order_by(Province.id))
    return (ProvinceRow(*row) for row in rows)


def _municipalities(session: Session) -> Iterable[MunicipalityRow]:
    columns = [Municipality.__table__.c[name] for name in MunicipalityRow.__slots__]
    rows = session.execute(select(*columns).order_by(Municipality.id))
    return (MunicipalityRow(*row) for row in rows)


def _laws(session: Session) -> Iterable[LawRow]:
    rows = session.execute(
        select(
            Law.id,
            Law.key,
            Law.citation_title,
            Law.abbreviation,
            Law.case_keys,
            Law.in_force_from,
            Law.in_force_to,
            Law.kind,
        ).order_by(Law.id)
    )
    return (
        LawRow(id_, key, title, abbreviation, tuple(case_keys), start, end, kind)
        for id_, key, title, abbreviation, case_keys, start, end, kind in rows
    )


def _organisations(session: Session) -> Iterable[OrganisationRow]:
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.kind,
            Organisation.code,
            Organisation.name,
            Organisation.abbreviation,
            Organisation.municipality_id,
            Organisation.province_id,
            Organisation.valid_to,
            Organisation.needs_co_signature,
        ).order_by(Organisation.id)
    )
    return (OrganisationRow(*row) for row in rows)


def _staff(session: Session) -> Iterable[StaffRow]:
    rows = session.execute(
        select(Account.id, Account.name, Account.role, Account.is_active)
        .where(Account.role.not_in(ORGANISATION_ROLES))
        .order_by(Account.id)
    )
    return (StaffRow(*row) for row in rows)


def _labels(session: Session) -> list[tuple[int, str, bool]]:
    rows = session.execute(select(Label.id, Label.name, Label.ended_at.is_not(None)).order_by(Label.id))
    return [(id_, name, is_over) for id_, name, is_over in rows]


def _leaves(session: Session) -> Iterable[Leave]:
    rows = session.execute(
        select(LeaveCover.account_id, LeaveCover.covered_by_id, LeaveCover.first_day, LeaveCover.last_day)
        .where(LeaveCover.taken_back_at.is_(None))
        .order_by(LeaveCover.id)
    )
    return (Leave(*row) for row in rows)
