"""What a filed case must hold: from the words that were typed to checked values, or a list of what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from knelpunt.domain.errors import DomainError
from knelpunt.domain.filing.joint_filing import Partner, read_partners
from knelpunt.domain.filing.place_point import NoPoint, Point, read_point
from knelpunt.domain.filing.pointed_rules import RuleChoice, read_choices
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import Theme

TITLE_LENGTH = 150
TEXT_LENGTH = 10_000
SHORT_LENGTH = 250
CONTACT_KEPT = timedelta(days=3 * 365)
"""The longest that a contact is kept when a case never closes; closing sets a nearer day."""
_ID_DIGITS = 9
# All of Unicode's categories Cc and Cs, but for the tab and the line end.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
EARLIEST_REFUSAL = date(1990, 1, 1)
TEXT_FIELDS = ("goal", "place", "rule_words", "tried", "involved", "wanted")
"""Fields that may stay empty."""
DRAFT_FIELDS = frozenset(
    {
        "title",
        "description",
        "municipality_id",
        "theme",
        "refused_on",
        "contact_name",
        "contact_email",
        "contact_phone",
        "contact_address",
        "consents_seen",
        "may_share",
        "may_publish",
        "mandate",
        "rules",
        "rule_unknown",
        "partners",
        "point",
        *TEXT_FIELDS,
    }
)
"""Everything a draft may hold; other keys are not kept."""


class FilingIncomplete(DomainError):
    """Something must be filled in before the case can be filed; ``problems`` is by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(Text("Uw melding is nog niet compleet."))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Filing:
    """A draft that was checked: everything a case needs from its submitter."""

    title: str
    description: str
    municipality_id: int
    theme: Theme
    refused_on: date | None
    rules: tuple[RuleChoice, ...]
    rule_is_unknown: bool
    partners: tuple[Partner, ...]
    point: Point | None
    texts: dict[str, str | None]
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None
    contact_address: str | None
    may_share: bool
    may_publish: bool


def clean(text: str) -> str:
    """Text without control characters and halves of letters, with plain line ends."""
    return without_control_characters(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def without_control_characters(text: str) -> str:
    """Text without control characters but line ends and tabs, and without halves of letters."""
    return _UNWRITABLE.sub("", text)


def check_filing(data: Mapping[str, str], *, by_organisation: bool, today: date, at_desk: bool = False) -> Filing:
    """Check the words of a draft.

    Args:
        by_organisation: an account of an organisation files: it confirms its mandate instead of leaving an address.
        at_desk: the desk files for somebody who may have no e-mail address: a postal address or a telephone number
            is enough.
        today: the day of filing (Europe/Amsterdam); a refusal cannot lie after it.
    Raises:
        FilingIncomplete: with a Dutch sentence for each field that is missing or wrong.
    """
    values = {name: clean(data.get(name, "")) for name in DRAFT_FIELDS}
    problems: dict[str, str] = {}
    if not values["title"]:
        problems["title"] = Text("Schrijf uw plan of project op in één zin.")
    elif len(values["title"]) > TITLE_LENGTH:
        problems["title"] = Text(
            "De titel mag niet langer zijn dan %(title_length)s tekens.", title_length=TITLE_LENGTH
        )
    if not values["description"]:
        problems["description"] = Text("Beschrijf wat u tegenhoudt.")
    for name in ("description", *TEXT_FIELDS):
        if len(values[name]) > TEXT_LENGTH:
            problems[name] = Text("Deze tekst is te lang: gebruik niet meer dan 10.000 tekens.")
    for name in ("contact_name", "contact_phone", "contact_address"):
        if len(values[name]) > SHORT_LENGTH:
            problems[name] = Text("Gebruik niet meer dan %(short_length)s tekens.", short_length=SHORT_LENGTH)
    if not _is_id(values["municipality_id"]):
        problems["municipality_id"] = Text("Kies de gemeente waar het om gaat.")
    refused_on = _refusal_day(values["refused_on"], today, problems)
    point = _point(values["point"], problems)
    theme = values["theme"] or Theme.UNKNOWN.value
    if theme not in set(Theme):
        problems["theme"] = Text("Kies een onderwerp uit de lijst.")
    if values["rule_unknown"] == "ja" and read_choices(values["rules"]):
        problems["rule_unknown"] = Text("U koos een regel, en ook 'Weet ik niet'. Haal een van de twee weg.")
    if by_organisation:
        if values["mandate"] != "ja":
            problems["mandate"] = Text("Bevestig dat u namens uw organisatie mag melden.")
    elif at_desk:
        if not (values["contact_email"] or values["contact_address"] or values["contact_phone"]):
            problems["contact_email"] = Text(
                "Vul een e-mailadres in. Is dat er niet? Vul een postadres of telefoonnummer in."
            )
    elif not values["contact_email"]:
        problems["contact_email"] = Text("Vul uw e-mailadres in. Daar sturen wij ons antwoord heen.")
    if values["consents_seen"] != "ja":
        problems["consents_seen"] = Text("Bevestig dat u hebt gelezen wat er met uw melding gebeurt.")
    if problems:
        raise FilingIncomplete(problems)
    return Filing(
        title=" ".join(values["title"].split()),
        description=values["description"],
        municipality_id=int(values["municipality_id"]),
        theme=Theme(theme),
        refused_on=refused_on,
        rules=read_choices(values["rules"]),
        rule_is_unknown=values["rule_unknown"] == "ja",
        partners=read_partners(values["partners"]) if by_organisation else (),
        point=point,
        texts={name: values[name] or None for name in TEXT_FIELDS},
        contact_name=values["contact_name"] or None,
        contact_email=values["contact_email"] or None,
        contact_phone=values["contact_phone"] or None,
        contact_address=values["contact_address"] or None if at_desk else None,
        may_share=values["may_share"] == "ja",
        may_publish=values["may_publish"] == "ja",
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS


def _point(text: str, problems: dict[str, str]) -> Point | None:
    try:
        return read_point(text) if text else None
    except NoPoint as error:
        problems["point"] = error.args[0]
        return None


def _refusal_day(text: str, today: date, problems: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        day = None
    if day is None:
        problems["refused_on"] = Text("Vul dag, maand en jaar in, in cijfers: 1 7 2026.")
    elif day > today:
        problems["refused_on"] = Text("Deze datum ligt in de toekomst.")
    elif day < EARLIEST_REFUSAL:
        problems["refused_on"] = Text("Deze datum ligt te ver terug. Kies een dag vanaf 1 januari 1990.")
    return day
