"""The common base of the tables: constraint names, instants in UTC, closed lists as text."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from knelpunt.domain.privacy.register import BY_KEY, NOT_PERSONAL

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def about(**columns: str) -> Mapping[str, tuple[str, ...]]:
    """What a model says of its columns with text and its links to accounts: under which entry of the register of
    personal data they fall, or that they are about ``nobody``."""
    unknown = columns.keys() - BY_KEY.keys() - {NOT_PERSONAL}
    if unknown:
        raise KeyError(f"no such entry in knelpunt/domain/privacy/register.py: {', '.join(sorted(unknown))}")
    return MappingProxyType({key: tuple(names.split()) for key, names in columns.items()})


class Base(DeclarativeBase):
    __personal__: Mapping[str, tuple[str, ...]] = about()
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - the shape that SQLAlchemy prescribes
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        dict[str, str]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: JSONB,
        list[list[str]]: JSONB,
    }


def text_enum(members: type[StrEnum], name: str | None = None) -> Enum:
    """A closed list stored as its Dutch value, with a CHECK that names the list.

    Args:
        name: for the CHECK, where one table holds two columns of the same list.
    """
    return Enum(
        members,
        native_enum=False,
        create_constraint=True,
        name=name or members.__name__.lower(),
        length=40,
        values_callable=lambda listed: [member.value for member in listed],
    )
