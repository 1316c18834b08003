"""Finds the municipality of today that is meant by a name of then, and the law that is meant by a key of a file."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.laws.dates import held_on
from knelpunt.queries.cases.history import ProvisionRow
from knelpunt.queries.core.reference import LawRow, MunicipalityRow, Reference, sort_key

_SUFFIX = re.compile(r"\s*\([^)]*\)$")
_SEVERAL = re.compile(r",\s+|\s+en\s+")
_PROVINCE = "provincie "


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case played. ``name_then`` is kept where it says more than the municipality of today does."""

    municipality_id: int | None
    province_id: int | None
    name_then: str | None
    is_recognised: bool


class PlaceFinder:
    """Looks up names of municipalities and provinces as sources write them."""

    def __init__(self, reference: Reference, aliases: Mapping[str, str]) -> None:
        self._municipalities, self._today_of = reference.municipalities, reference.today_of
        self._provinces = {sort_key(row.name): row.id for row in reference.provinces.values()}
        self._by_name: dict[str, list[MunicipalityRow]] = defaultdict(list)
        by_code = {row.code: row for row in reference.municipalities.values()}
        for row in reference.municipalities.values():
            for name in {row.name, _SUFFIX.sub("", row.name)}:
                self._by_name[sort_key(name)].append(row)
        for alias, code in aliases.items():
            if code in by_code:
                self._by_name[sort_key(alias)].append(by_code[code])
        self._known: dict[tuple[str | None, str | None, date], Place] = {}

    def place(self, municipality: str | None, province: str | None, day: date) -> Place:
        """The place that a line names for a day; several municipalities, or an unknown one, keep their words."""
        asked = (municipality, province, day)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._place(municipality, province, day)
        return found

    def _place(self, municipality: str | None, province: str | None, day: date) -> Place:
        province_id = self._province_id(province)
        if municipality is None:
            several = _SEVERAL.split(province) if province else []
            return Place(None, province_id, None, is_recognised=all(map(self._province_id, several)))
        as_province = self._province_id(municipality)
        if as_province is not None and municipality.casefold().startswith(_PROVINCE):
            return Place(None, as_province, None, is_recognised=True)
        row = self._municipality(municipality, province_id, day)
        if row is not None:
            return self._today(row, municipality)
        parts = [self._municipality(part, province_id, day) for part in _SEVERAL.split(municipality)]
        if len(parts) > 1 and all(parts):
            provinces = {part.province_id for part in parts if part}
            shared = provinces.pop() if len(provinces) == 1 else province_id
            return Place(None, shared, municipality, is_recognised=True)
        return Place(None, province_id, municipality, is_recognised=False)

    def _province_id(self, name: str | None) -> int | None:
        return self._provinces.get(sort_key(name).removeprefix(_PROVINCE)) if name else None

    def _municipality(self, name: str, province_id: int | None, day: date) -> MunicipalityRow | None:
        """The one municipality of this name: that existed on the day, else that ever did; None when unclear."""
        rows = self._by_name.get(sort_key(name.strip()), [])
        if province_id is not None and len(rows) > 1:
            rows = [row for row in rows if row.province_id == province_id]
        then = [row for row in rows if held_on(row.valid_from, row.valid_to, day)]
        for choice in (then, rows):
            if len(choice) == 1:
                return choice[0]
        return None

    def _today(self, row: MunicipalityRow, name: str) -> Place:
        """The municipality of today for one of then; the name of then stays beside it."""
        today = self._municipalities[self._today_of.get(row.id, row.id)]
        if today.valid_to is not None:
            return Place(None, row.province_id, name, is_recognised=True)
        return Place(today.id, today.province_id, None if today is row else row.name, is_recognised=True)


_ONE_ARTICLE = re.compile(r"\bart\. (\d+[a-z]{0,2}(?:\.\d+[a-z]?)?)(?: (Bu Chw|Chw))?(?=\)|$| / )")
_FIRST_NUMBER = re.compile(r"\d+[a-z]{0,2}(?:\.\d+[a-z]?)?(?![-\w.])")
_LAWS_IN_WORDS = {"Bu Chw": "buchw", "Chw": "chw"}


class LawFinder:
    """Looks up the keys by which files name laws, and articles where there is no doubt which one is meant."""

    def __init__(self, reference: Reference, provisions: list[ProvisionRow]) -> None:
        self._laws = {key: row for row in reference.laws.values() for key in row.case_keys}
        self._by_law: dict[str, list[ProvisionRow]] = defaultdict(list)
        for provision in provisions:
            self._by_law[provision.law_key].append(provision)

    def law(self, key: str) -> LawRow | None:
        """The law that files call by this key; None when the catalogue does not have it."""
        return self._laws.get(key)

    def blocking(self, law: LawRow, article: str | None, first: date, last: date) -> ProvisionRow | None:
        """The provision that a source names by its number alone; the days are between which the case played."""
        if article is None or _FIRST_NUMBER.fullmatch(article) is None:
            return None
        return self._one(law.key, article, first, last)

    def offering(self, law: LawRow, words: str | None, first: date, last: date) -> ProvisionRow | None:
        """The provision in words such as "Tijdelijke woningen (art. 6 Bu Chw)", when they name just one."""
        if words is None or words.count("art.") != 1:
            return None
        match = _ONE_ARTICLE.search(words)
        if match is None or " Chw" in words[match.end() :]:
            return None
        return self._one(_LAWS_IN_WORDS.get(match[2], law.key), match[1], first, last)

    def _one(self, law_key: str, number: str, first: date, last: date) -> ProvisionRow | None:
        found = []
        for row in self._by_law.get(law_key, []):
            own = _FIRST_NUMBER.match(row.article)
            overlaps = (row.valid_from is None or row.valid_from <= last) and (
                row.valid_to is None or first <= row.valid_to
            )
            if own is not None and own[0] == number and overlaps:
                found.append(row)
        return found[0] if len(found) == 1 else None
