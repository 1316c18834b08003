"""What of a filing could become public, beside what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from knelpunt.domain.vocabulary import KNOWN_THEMES, SubmitterKind, Theme
from knelpunt.queries.core.reference import Reference
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import _, lazy_gettext, ngettext

NEVER = lazy_gettext("Nooit openbaar.")
OWN_WORDS = lazy_gettext("Niet uw tekst. Het loket schrijft zelf, zonder namen.")


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing: what was filled in, and what others would read of it."""

    what: str
    filed: str
    public: str


def preview_of(
    data: Mapping[str, str], kind: SubmitterKind, organisation_name: str | None, file_count: int, names: Reference
) -> list[PreviewLine]:
    """The lines in the order of the public page; ``data`` is a draft with the number of its municipality."""
    theme = label(Theme(data["theme"])) if data.get("theme") in KNOWN_THEMES else ""
    place = _place(data.get("municipality_id", ""), names)
    contact = [data.get(name, "") for name in ("contact_name", "contact_email", "contact_address", "contact_phone")]
    lines = [
        PreviewLine(_("Titel"), data.get("title", ""), OWN_WORDS),
        PreviewLine(_("Uw verhaal"), _beginning(data.get("description", "")), OWN_WORDS),
        PreviewLine(_("Onderwerp"), theme, theme or label(Theme.UNKNOWN)),
        PreviewLine(_("Gemeente"), place, place),
        PreviewLine(_("Wie het meldt"), organisation_name or label(kind), label(kind)),
        PreviewLine(_("Wanneer"), _("De dag waarop u dit verstuurt"), _("Die dag, en de dag van ons antwoord")),
    ]
    if organisation_name is None:
        words = ", ".join(" ".join(text.split()) for text in contact if text)
        lines.append(PreviewLine(_("Naam en contact"), words, NEVER))
    lines.append(PreviewLine(_("Bestanden"), _files(file_count), NEVER))
    return lines


def _place(municipality_id: str, names: Reference) -> str:
    for found in names.municipalities.values():
        if str(found.id) == municipality_id:
            return _(
                "%(municipality)s, provincie %(province)s",
                municipality=names.municipality_names[found.id],
                province=names.province_names[found.province_id],
            )
    return ""


def _files(count: int) -> str:
    return ngettext("%(num)s bestand", "%(num)s bestanden", count) if count else _("Geen")


def _beginning(text: str, most: int = 120) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"
