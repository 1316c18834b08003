"""What a visitor asks of the view of rules that are named together, read from the address and written back into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import request

from knelpunt.domain.vocabulary import Verdict
from knelpunt.queries.core.reference import Reference
from knelpunt.queries.laws.stacking import RuleLevel, RulePair, StackFilter
from knelpunt.web.shared.pages.list_filters import year_in
from knelpunt.web.shared.rule_pairs import SEPARATOR
from knelpunt.web.shared.texts import _, lazy_gettext

FIRST_YEAR = 2013
"""The year of the letter; nothing in the register was filed before it."""
LEVEL_WORDS = {RuleLevel.LAWS: lazy_gettext("Wetten en besluiten"), RuleLevel.PROVISIONS: lazy_gettext("Bepalingen")}


@dataclass(frozen=True, slots=True)
class StackingFilters:
    """The filters that are on. ``errors`` has a sentence for each part of the address that cannot be read.

    ``begins_in`` is the first year where no period is asked for; None: all years.
    """

    wanted: StackFilter
    errors: dict[str, str] = field(default_factory=dict)
    begins_in: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return replace(self.wanted, level=RuleLevel.LAWS) != StackFilter()

    def keep(self, **changes: Any) -> dict[str, str]:
        """The address of this view, with changes to its filters."""
        wanted = replace(self.wanted, **changes)
        parts = {
            "niveau": wanted.level.value if wanted.level is not RuleLevel.LAWS else "",
            "vanaf": str(wanted.first_year or ""),
            "tot": str(wanted.last_year or ""),
            "domein": wanted.domain or "",
            "wet": wanted.law_key or "",
            "botsen": "ja" if wanted.conflicts_only else "",
        }
        is_all = self.begins_in is not None and wanted.first_year is None
        return {name: value for name, value in parts.items() if value or (is_all and name == "vanaf")}


def read_stacking(
    domains: Sequence[str], names: Reference, this_year: int, begins_in: int | None = None
) -> StackingFilters:
    """The filters in the address; a part that cannot be read is left out and told.

    Args:
        begins_in: the first year where the address asks for no period; an empty ``vanaf=`` asks for all years.
    """
    errors = {}
    level = request.args.get("niveau", "") or RuleLevel.LAWS.value
    if level not in list(RuleLevel):
        level, errors["niveau"] = RuleLevel.LAWS.value, _("Kies wetten of bepalingen.")
    domain = request.args.get("domein", "")
    if domain and domain not in domains:
        domain, errors["domein"] = "", _("Dit onderwerp staat niet in de catalogus. Kies een ander.")
    law_key = request.args.get("wet", "")
    if law_key and all(law.key != law_key for law in names.laws.values()):
        law_key, errors["wet"] = "", _("Deze wet staat niet in de catalogus. Kies een andere.")
    years = {}
    for name in ("vanaf", "tot"):
        typed = request.args.get(name, "").strip()
        years[name] = year_in(typed)
        if typed and not FIRST_YEAR <= (years[name] or 0) <= this_year:
            years[name], errors[name] = (
                None,
                _(
                    "Kies een jaar van %(first_year)s tot en met %(this_year)s.",
                    first_year=FIRST_YEAR,
                    this_year=this_year,
                ),
            )
    if years["vanaf"] and years["tot"] and years["vanaf"] > years["tot"]:
        years["tot"], errors["tot"] = None, _("Het laatste jaar ligt voor het eerste. Kies een later jaar.")
    if "vanaf" not in request.args and "tot" not in request.args:
        years["vanaf"] = begins_in
    wanted = StackFilter(
        RuleLevel(level),
        years["vanaf"],
        years["tot"],
        domain or None,
        request.args.get("botsen") == "ja",
        law_key or None,
    )
    return StackingFilters(wanted, errors, begins_in)


def cases_address(wanted: StackFilter, pair: RulePair, *, for_staff: bool, conflicts: bool = False) -> str:
    """The list that holds exactly the cases of a pair, or those of them that were judged V8."""
    parts = {"lijst": "alle"} if for_staff else {}
    parts[wanted.level.value] = f"{pair.first.key}{SEPARATOR}{pair.second.key}"
    if wanted.first_year is not None:
        parts["van" if for_staff else "vanaf"] = f"{wanted.first_year}-01-01" if for_staff else str(wanted.first_year)
    if wanted.last_year is not None:
        parts["tot"] = f"{wanted.last_year}-12-31" if for_staff else str(wanted.last_year)
    if conflicts:
        parts["oordeel"] = Verdict.STACKED_RULES.value
    return f"{'/werkvoorraad' if for_staff else '/knelpunten'}?{urlencode(parts)}"
