"""One line of a file with the backlog of an organisation: the shape that it must have, and the draft that it becomes.

The columns are explained to the organisation itself by ``COLUMNS``, from which the template is made too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from msgspec import Struct

from knelpunt.domain.filing.rules import EARLIEST_REFUSAL, TEXT_LENGTH, TITLE_LENGTH
from knelpunt.domain.history.records import FileColumn
from knelpunt.domain.shapes import Fault, InvalidData, one_of, shaped, text_up_to
from knelpunt.domain.vocabulary import KNOWN_THEMES

KEY, TITLE = "kenmerk", "titel"
_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
LongText = Annotated[str, text_up_to(TEXT_LENGTH)]


class BacklogRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a line may hold."""

    kenmerk: Annotated[str, text_up_to(80)]
    titel: Annotated[str, text_up_to(TITLE_LENGTH)]
    omschrijving: LongText
    gemeente: Annotated[str, text_up_to(100)] | None = None
    onderwerp: Annotated[str, one_of(theme.value for theme in KNOWN_THEMES)] | None = None
    geweigerd_op: date | None = None
    doel: LongText | None = None
    plek: LongText | None = None
    regel: LongText | None = None
    geprobeerd: LongText | None = None
    betrokken: LongText | None = None
    gewenst: LongText | None = None


COLUMNS = (
    FileColumn(KEY, "Uw eigen nummer, hooguit 80 tekens. Elk nummer komt één keer voor.", "2026-017", True),
    FileColumn(TITLE, f"Het plan in één zin, hooguit {TITLE_LENGTH} tekens.", "Wonen in een leeg kantoor", True),
    FileColumn(
        "omschrijving",
        "Wat u tegenhoudt, hooguit 10.000 tekens.",
        "Wij willen tien woningen maken. De regels voor geluid staan dat niet toe.",
        True,
    ),
    FileColumn("gemeente", "De naam van de gemeente. Leeg: uw eigen gemeente.", ""),
    FileColumn("onderwerp", "Een van de woorden hieronder. Leeg: nog niet gekozen.", "wonen"),
    FileColumn("geweigerd_op", "De dag van een weigering, zoals 24-11-2026.", "24-11-2025"),
    FileColumn("doel", "Wat u wilt bereiken.", "Meer woningen voor starters."),
    FileColumn("plek", "Waar het is.", "Bij het station"),
    FileColumn("regel", "De regel die volgens u knelt.", "Bouwbesluit 2012, artikel 3.2"),
    FileColumn("geprobeerd", "Wat u al probeerde.", "Wij vroegen een ontheffing."),
    FileColumn("betrokken", "Wie erbij betrokken zijn. Noem geen namen.", "De eigenaar en een woningcorporatie"),
    FileColumn("gewenst", "Wat u nodig hebt.", "Ruimte om tijdelijk af te wijken."),
)
_FIELDS = {
    "titel": "title",
    "omschrijving": "description",
    "onderwerp": "theme",
    "doel": "goal",
    "plek": "place",
    "regel": "rule_words",
    "geprobeerd": "tried",
    "betrokken": "involved",
    "gewenst": "wanted",
}
"""Under which name a draft keeps what a column holds."""


@dataclass(frozen=True, slots=True)
class BacklogCase:
    """A line that was checked. ``fields`` are those of a draft; the municipality is still a name."""

    key: str
    title: str
    municipality: str | None
    fields: Mapping[str, str]


def read_backlog(data: Mapping[str, Any], today: date) -> BacklogCase:
    """Check one line.

    Args:
        today: the day of the import (Europe/Amsterdam); a refusal cannot lie after it.
    Raises:
        InvalidData: with everything that is wrong with it.
    """
    texts = {name: (value.strip() or None) if isinstance(value, str) else value for name, value in data.items()}
    if isinstance(theme := texts.get("onderwerp"), str):
        texts["onderwerp"] = theme.lower()
    day = texts.get("geweigerd_op")
    if isinstance(day, str) and (typed := _DAY.fullmatch(day)):
        texts["geweigerd_op"] = f"{typed[3]}-{int(typed[2]):02d}-{int(typed[1]):02d}"
    row = shaped({name: value for name, value in texts.items() if value is not None}, BacklogRow)
    if row.geweigerd_op is not None and not EARLIEST_REFUSAL <= row.geweigerd_op <= today:
        raise InvalidData([Fault(("geweigerd_op",), "moet een dag zijn, niet voor 1990 en niet in de toekomst")])
    fields = {field: getattr(row, name) for name, field in _FIELDS.items() if getattr(row, name)}
    if row.geweigerd_op is not None:
        fields["refused_on"] = row.geweigerd_op.isoformat()
    fields["title"] = " ".join(row.titel.split())
    return BacklogCase(row.kenmerk, fields["title"], row.gemeente, fields)
