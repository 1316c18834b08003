"""The register of personal data with its columns, as the models have them (AVG art. 30)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knelpunt.domain.privacy.register import NOT_PERSONAL, REGISTER, PersonalData
from knelpunt.models import Base


@dataclass(frozen=True, slots=True)
class Registered:
    """One entry, and where its data stand: "table.column"."""

    entry: PersonalData
    columns: tuple[str, ...]


@lru_cache(maxsize=1)
def columns_by_entry() -> Mapping[str, tuple[str, ...]]:
    """The columns that the models put under each entry, and those about nobody, in the order of the tables."""
    found: dict[str, list[str]] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda each: str(each.local_table)):
        for key, names in mapper.class_.__personal__.items():
            found.setdefault(key, []).extend(f"{mapper.local_table}.{name}" for name in names)
    return {key: tuple(columns) for key, columns in found.items()}


@lru_cache(maxsize=1)
def entry_by_column() -> Mapping[str, str]:
    """The entry under which each "table.column" stands."""
    return {column: key for key, columns in columns_by_entry().items() for column in columns}


def register() -> list[Registered]:
    """Every entry with its columns."""
    columns = columns_by_entry()
    return [Registered(entry, columns.get(entry.key, ())) for entry in REGISTER]


@lru_cache(maxsize=256)
def personal_columns(table: str) -> frozenset[str]:
    """The columns of a table that are about people."""
    prefix = f"{table}."
    return frozenset(
        column.removeprefix(prefix)
        for column, key in entry_by_column().items()
        if key != NOT_PERSONAL and column.startswith(prefix)
    )
