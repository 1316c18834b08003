"""Every figure of every public quarter as rows for other programs."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.corrections import public_editions
from knelpunt.queries.figures.editions import code_of
from knelpunt.web.reporting.public import metadata
from knelpunt.web.reporting.public.forms import placed_rows
from knelpunt.web.shared.open_data.data_sets import DataSet
from knelpunt.web.shared.texts import lazy_gettext

COLUMNS: tuple[tuple[str, str], ...] = (
    ("kwartaal", lazy_gettext("Het kwartaal, zoals 2026-3.")),
    ("tabel", lazy_gettext("De tabel waarin het cijfer staat.")),
    ("regel", lazy_gettext("De regel van de tabel.")),
    ("kolom", lazy_gettext("De kolom van de tabel.")),
    ("waarde", lazy_gettext("Het cijfer, zoals het is vastgelegd. Een te klein getal staat er niet.")),
    ("correctie", lazy_gettext("Wat het moet zijn, als het later onjuist bleek.")),
    ("adres", lazy_gettext("Adres van het kwartaal.")),
    ("code", lazy_gettext("Code van de provincie, als de regel van de tabel over een provincie gaat.")),
)
"""Name and meaning of each column."""


def rows(session: Session, base_url: str) -> Iterator[dict[str, object]]:
    """Every figure as its edition tells it, the newest quarter first: what is hidden there is hidden here."""
    names = reference(session)
    for each in public_editions(session):
        address = f"{base_url}/kwartalen/{each.edition.period}"
        for table, row, (*told, corrected) in placed_rows(each.edition):
            values = (each.edition.period, *told, corrected or None, address, code_of(names, table, row))
            yield {name: value for (name, _meaning), value in zip(COLUMNS, values, strict=True)}


QUARTERS = DataSet(
    name="kwartalen",
    title=lazy_gettext("Kwartalen"),
    text=lazy_gettext("Elk cijfer dat de Tweede Kamer per kwartaal kreeg. Te kleine getallen zijn weggelaten."),
    keywords=("kwartaalcijfers", "Tweede Kamer", "regelgeving"),
    columns=COLUMNS,
    rows=rows,
    landing="/kwartalen",
    first=lambda _session: date(2013, 10, 1),
    parts=metadata.data_sets,
)
