"""From the name of a place that somebody typed to the municipality of today."""

import difflib
from dataclasses import dataclass

from knelpunt.queries.core.reference import EVERYDAY_NAMES, MunicipalityRow, Reference, sort_key
from knelpunt.web.shared.texts import _

MOST_SUGGESTIONS = 3
LIKENESS, NEARLY_AS_GOOD = 0.75, 0.05
"""How much a name must look like what was typed (0 to 1), and how far it may stay behind the best."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a draft keeps (the number of the municipality, else the words), and what to tell about it."""

    kept: str
    note: str = ""


def read(reference: Reference, typed: str) -> Found:
    """Find the municipality by its name, its everyday name, or the name it had before it merged."""
    wanted = _plain(typed)
    if not wanted:
        return Found("")
    by_name: dict[str, MunicipalityRow] = {}
    for row in sorted(reference.municipalities.values(), key=lambda each: (each.valid_to is None, each.id)):
        for name in (row.name, EVERYDAY_NAMES.get(row.code, row.name)):
            by_name[_plain(name)] = row
    for id_, words in reference.municipality_options:
        by_name[_plain(words)] = reference.municipalities[id_]
    named = by_name.get(wanted)
    if named is None:
        return Found("" if typed.strip().isdecimal() else typed.strip())
    today = reference.municipalities[reference.today_of.get(named.id, named.id)]
    if today.valid_to is not None:
        return Found(typed.strip())
    note = (
        ""
        if today is named
        else _(
            "%(name)s hoort nu bij de gemeente %(name2)s. Wij hebben dat zo ingevuld.",
            name=named.name,
            name2=today.name,
        )
    )
    return Found(str(today.id), note)


def words(reference: Reference, kept: str) -> str:
    """What to show of what a draft keeps: the name, else what was typed."""
    if not kept.isdecimal() or len(kept) > 9:
        return kept
    return reference.municipality_names[int(kept)] if int(kept) in reference.municipalities else ""


def suggestions(reference: Reference, kept: str) -> list[str]:
    """Names that look like what was typed, when that was no municipality."""
    if not kept or kept.isdecimal():
        return []
    typed = _plain(kept[:60])
    likeness = {
        name: difflib.SequenceMatcher(None, _plain(name), typed).ratio() for _, name in reference.municipality_options
    }
    best = max(likeness.values(), default=0)
    found = [name for name, ratio in likeness.items() if ratio >= max(LIKENESS, best - NEARLY_AS_GOOD)]
    return sorted(found, key=lambda name: -likeness[name])[:MOST_SUGGESTIONS]


def _plain(name: str) -> str:
    folded = " ".join(sort_key(name).replace("-", " ").split())
    return folded.removeprefix("gemeente ").strip()
