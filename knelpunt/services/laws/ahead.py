"""What the site changed in the catalogue and the file does not have yet, so that a load does not undo it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.catalogue import Catalogue, LawEntry, ProvisionEntry, assembled
from knelpunt.models import Law, Provision


def with_site_edits(session: Session, catalogue: Catalogue) -> tuple[Catalogue, list[str]]:
    """The catalogue of the file with the entries of the site where those are ahead of it, and their keys.

    An entry that the file now has as the site has it is an ordinary one again.
    """
    ahead_laws = _ahead(session, Law, {law.key: law.details for law in catalogue.laws})
    ahead_provisions = _ahead(session, Provision, {row.key: row.details for row in catalogue.provisions})
    if not ahead_laws and not ahead_provisions:
        return catalogue, []
    own = assembled(ahead_laws.values(), ahead_provisions.values(), catalogue.reference_date)
    merged = replace(
        catalogue,
        laws=_merged_laws(catalogue.laws, own.laws),
        provisions=_merged_provisions(catalogue.provisions, own.provisions),
    )
    return merged, [*ahead_laws, *ahead_provisions]


def _ahead(session: Session, table: type[Law] | type[Provision], in_file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of the entries that differ from the file, by key; the others lose their mark."""
    found = {}
    rows: Iterable[Law | Provision] = session.scalars(
        select(table).where(table.is_ahead_of_file).order_by(table.position, table.id)
    )
    for row in rows:
        if in_file.get(row.key) == row.details:
            row.is_ahead_of_file = False
        else:
            found[row.key] = row.details
    return found


def _merged_laws(in_file: tuple[LawEntry, ...], own: tuple[LawEntry, ...]) -> tuple[LawEntry, ...]:
    of_site = {law.key: law for law in own}
    known = {law.key for law in in_file}
    return (*(of_site.get(law.key, law) for law in in_file), *(law for law in own if law.key not in known))


def _merged_provisions(
    in_file: tuple[ProvisionEntry, ...], own: tuple[ProvisionEntry, ...]
) -> tuple[ProvisionEntry, ...]:
    of_site = {row.key: row for row in own}
    known = {row.key for row in in_file}
    return (*(of_site.get(row.key, row) for row in in_file), *(row for row in own if row.key not in known))
