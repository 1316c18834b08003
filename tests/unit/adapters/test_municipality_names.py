"""From what somebody types to a municipality: however it is written, whatever it was called."""

from datetime import date

import pytest

from knelpunt.queries.core.reference import MunicipalityRow, Names, places_of_today
from knelpunt.web.intake import municipalities


class Places:
    """The part of the small tables that is asked for."""

    def __init__(self, *rows: MunicipalityRow) -> None:
        self.municipalities = {row.id: row for row in rows}
        self.today_of = places_of_today(self.municipalities)
        self.municipality_names = Names({row.id: row.name for row in rows})
        self.municipality_options = tuple(
            (row.id, "'s-Gravenhage (Den Haag)" if row.code == "GM0518" else row.name)
            for row in rows
            if row.valid_to is None
        )


def place(id_, name, code="GMX", valid_to=None, successor_id=None):
    return MunicipalityRow(id_, code, name, 1, None, valid_to, successor_id, None, None)


PLACES = Places(
    place(1, "Amsterdam"),
    place(2, "Weesp", valid_to=date(2022, 3, 23), successor_id=1),
    place(3, "'s-Gravenhage", code="GM0518"),
    place(4, "Súdwest-Fryslân"),
    place(5, "Zwolle"),
    place(6, "Nergenshuizen", valid_to=date(2000, 1, 1)),
    place(7, "Kring", valid_to=date(2000, 1, 1), successor_id=8),
    place(8, "Loop", valid_to=date(2000, 1, 1), successor_id=7),
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Amsterdam", "1"),
        ("  amsterdam ", "1"),
        ("Gemeente Amsterdam", "1"),
        ("Weesp", "1"),
        ("Den Haag", "3"),
        ("'s-Gravenhage", "3"),
        ("’s-Gravenhage", "3"),
        ("'s-Gravenhage (Den Haag)", "3"),
        ("Sudwest Fryslan", "4"),
        ("Nergenshuizen", "Nergenshuizen"),
        ("Kring", "Kring"),
        ("Atlantis", "Atlantis"),
        ("1", ""),
        ("٣", ""),
        ("", ""),
        ("   ", ""),
    ],
)
def test_what_is_kept_of_a_name(typed, kept):
    assert municipalities.read(PLACES, typed).kept == kept


def test_a_name_of_then_is_explained():
    assert municipalities.read(PLACES, "Weesp").note.startswith("Weesp hoort nu bij de gemeente Amsterdam.")
    assert municipalities.read(PLACES, "Amsterdam").note == ""


@pytest.mark.parametrize(("kept", "shown"), [("1", "Amsterdam"), ("999", ""), ("9" * 30, "9" * 30), ("Zwole", "Zwole")])
def test_what_is_shown_of_what_was_kept(kept, shown):
    assert municipalities.words(PLACES, kept) == shown


@pytest.mark.parametrize(
    ("kept", "names"), [("Zwole", ["Zwolle"]), ("Amstrdam", ["Amsterdam"]), ("xyz", []), ("5", [])]
)
def test_a_typing_error_gets_a_suggestion(kept, names):
    assert municipalities.suggestions(PLACES, kept) == names
