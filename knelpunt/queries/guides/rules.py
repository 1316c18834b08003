"""Turns the rules and places that a writer names in a ruimtewijzer into those of the catalogue and the map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.models import Law, Municipality, Provision
from knelpunt.queries.guides.rule_names import Entry, RuleNames
from knelpunt.queries.laws.rows import ProvisionSummary, provision_summary, select_provisions


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule as a writer names it: by the key of a provision, or else of a law with an article in words."""

    provision: str | None
    law: str | None
    article: str | None
    role: AssessmentRole
    on_date: date


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What rules and places can be named: provisions and laws by key, codes of municipalities of today by name."""

    provisions: Mapping[str, Any]
    laws: Mapping[str, str]
    municipalities: Mapping[str, str]
    rule_names: RuleNames

    def rule(self, named: NamedRule) -> dict[str, Any]:
        """The rule as a version keeps it.

        Raises:
            ValueError: it is not in the catalogue, or did not hold on its day; the message is Dutch.
        """
        on_date = named.on_date.isoformat()
        if named.provision is None:
            title = self.laws.get(named.law or "")
            if title is None:
                raise ValueError(f"De wettencatalogus kent geen wet ‘{named.law}’.")
            return {
                "law": named.law,
                "title": title,
                "provision": None,
                "article": named.article,
                "instrument": None,
                "role": named.role.value,
                "on_date": on_date,
            }
        row = self.provisions.get(named.provision)
        if row is None:
            raise ValueError(f"De wettencatalogus kent geen bepaling ‘{named.provision}’.")
        found: ProvisionSummary = provision_summary(row, named.on_date)
        if found.standing not in (Standing.HELD, Standing.UNCERTAIN):
            name = self.rule_names.name_of(Entry(EntryKind.PROVISION, found.key))
            raise ValueError(f"De bepaling ‘{name}’ gold niet op {date_in_words(named.on_date)}.")
        return {
            "law": found.law_key,
            "title": found.law_title,
            "provision": found.key,
            "article": found.article,
            "instrument": found.instrument,
            "role": named.role.value,
            "on_date": on_date,
        }

    def municipality(self, name: str | None) -> str | None:
        """The code of a municipality of today; ValueError for a name that none has."""
        if not name:
            return None
        code = self.municipalities.get(name.casefold())
        if code is None:
            raise ValueError(f"Er is nu geen gemeente ‘{name}’.")
        return code


def read_names(session: Session, provision_keys: Iterable[str] | None = None) -> Catalogue:
    """The names that can be used, in three statements."""
    statement = select_provisions()
    if provision_keys is not None:
        statement = statement.where(Provision.key.in_(sorted(set(provision_keys))))
    law_rows = session.execute(
        select(Law.key, Law.citation_title, Law.abbreviation).order_by(Law.position, Law.id)
    ).all()
    places = session.execute(
        select(Municipality.name, Municipality.code).where(Municipality.valid_to.is_(None)).order_by(Municipality.id)
    )
    provisions = {row.key: row for row in session.execute(statement)}
    laws = {row.key: row.citation_title for row in law_rows}
    return Catalogue(
        provisions=provisions,
        laws=laws,
        municipalities={row.name.casefold(): row.code for row in places},
        rule_names=RuleNames(provisions, laws, {row.key: row.abbreviation for row in law_rows}),
    )
