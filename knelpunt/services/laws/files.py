"""The catalogue of the database as files again, and what differs between the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.adapters.files.catalogue import CATALOGUE_FILE, SECTIONS, catalogue_texts, read_catalogue_file
from knelpunt.domain.laws.catalogue import Catalogue, CatalogueInvalid, parse
from knelpunt.domain.laws.dates import first_day
from knelpunt.domain.laws.schema import LAW_FIELDS, PROVISION_FIELDS, in_file_order
from knelpunt.models import Law, Provision
from knelpunt.services.laws.loading import CatalogueRefused

Entries = Mapping[str, Mapping[str, Any]]
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that the file and the database have otherwise; ``field`` is None when one of them lacks the entry."""

    kind: str
    key: str
    field: str | None
    in_file: Any
    in_database: Any

    @property
    def in_words(self) -> str:
        """One line for the console."""
        entry = f"{self.kind} {self.key}"
        if self.field is None:
            return f"{entry}: only in the {'database' if self.in_file is None else 'file'}"
        return f"{entry}: {self.field}: file {_briefly(self.in_file)}, database {_briefly(self.in_database)}"


def export_texts(session: Session, index: Path = CATALOGUE_FILE) -> dict[str, str]:
    """The files of the catalogue as the database has it, by name; loading them again changes nothing.

    What is no law or provision (the explanation of the fields, the rules that bind the handling itself) is not in the
    database and goes along from ``index``.

    Raises:
        CatalogueRefused: the database holds something that the schema does not allow, and that would not load again.
    """
    laws, provisions = entries(session)
    try:
        checked(laws, provisions, index)
    except CatalogueInvalid as error:
        lines = [f"{_entry_name(laws, provisions, problem.path)}: {problem.text}" for problem in error.problems]
        raise CatalogueRefused("\n".join([f"database: {error}", *lines])) from error
    return catalogue_texts(index, laws, provisions)


@cache
def _shared_part(index: Path) -> Mapping[str, Any]:
    """What the catalogue says beside its laws and provisions; it ships with the program and is read once."""
    return {name: value for name, value in read_catalogue_file(index).data.items() if name not in SECTIONS}


def families(index: Path = CATALOGUE_FILE) -> list[str]:
    """The files that laws can stand in, by name, in the order of the site."""
    return list(_shared_part(index)["families"])


def reference_date(index: Path = CATALOGUE_FILE) -> date:
    """The day on which the catalogue was brought up to date; every status in it is of that day."""
    return first_day(_shared_part(index)["meta"]["reference_date"])


def checked(laws: list[dict[str, Any]], provisions: list[dict[str, Any]], index: Path = CATALOGUE_FILE) -> Catalogue:
    """A catalogue out of these laws and provisions, by the rules of the file. Raises CatalogueInvalid."""
    return parse({**_shared_part(index), "laws": laws, "provisions": provisions})


def differences(session: Session, catalogue: Catalogue) -> list[Difference]:
    """What the file and the database have otherwise, in the order of the keys; nothing right after a load."""
    laws, provisions = entries(session)
    found: list[Difference] = []
    for kind, file_entries, database_entries in (
        ("law", {law.key: law.details for law in catalogue.laws}, {law["id"]: law for law in laws}),
        ("provision", {row.key: row.details for row in catalogue.provisions}, {row["id"]: row for row in provisions}),
    ):
        found += _compared(kind, file_entries, database_entries)
    return found


def _compared(kind: str, in_file: Entries, in_database: Entries) -> list[Difference]:
    found = []
    for key in sorted(set(in_file) | set(in_database)):
        first, second = in_file.get(key), in_database.get(key)
        if first is None or second is None:
            found.append(Difference(kind, key, None, first, second))
            continue
        names = [*first, *(name for name in second if name not in first)]
        found += [
            Difference(kind, key, name, first.get(name), second.get(name))
            for name in names
            if first.get(name) != second.get(name)
        ]
    return found


def entries(session: Session) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fields of all laws and all provisions of the database, in the order of the catalogue and of its files."""
    laws = session.scalars(select(Law.details).order_by(Law.position, Law.id))
    provisions = session.scalars(select(Provision.details).order_by(Provision.position, Provision.id))
    return (
        [in_file_order(law, LAW_FIELDS) for law in laws],
        [in_file_order(row, PROVISION_FIELDS) for row in provisions],
    )


def _entry_name(laws: list[dict[str, Any]], provisions: list[dict[str, Any]], path: tuple[str | int, ...]) -> str:
    section, *rest = path or ("database",)
    sections: dict[str | int, list[dict[str, Any]]] = {"laws": laws, "provisions": provisions}
    if section not in sections or not rest or not isinstance(rest[0], int):
        return ".".join(map(str, path))
    return ".".join([str(sections[section][rest[0]].get("id")), *map(str, rest[1:])])


def _briefly(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
