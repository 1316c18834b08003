"""How dates, moments, numbers and terms are written on the screen."""

from datetime import UTC, date, datetime

import pytest

from knelpunt.web.shared.pages import filters
from tests.support.page import parse_page

LATE_EVENING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_a_date_is_written_in_full() -> None:
    assert filters.full_date(date(2026, 11, 24)) == "dinsdag 24 november 2026"


def test_an_instant_gives_the_dutch_day() -> None:
    assert filters.full_date(LATE_EVENING) == "woensdag 25 november 2026"
    assert filters.moment(LATE_EVENING) == "woensdag 25 november 2026 om 00.30 uur"
    assert filters.short_moment(LATE_EVENING) == "25 nov 2026, 00.30 uur"


@pytest.mark.parametrize(("month", "short"), [(1, "jan"), (3, "mrt"), (5, "mei"), (8, "aug"), (10, "okt")])
def test_months_are_shortened_the_dutch_way(month: int, short: str) -> None:
    assert filters.short_date(date(2026, month, 3)) == f"3 {short} 2026"


def test_nothing_gives_an_empty_text() -> None:
    for write in (filters.full_date, filters.short_date, filters.moment, filters.short_moment):
        assert write(None) == ""


def test_numbers_have_dutch_points_and_commas() -> None:
    assert filters.number(1234567) == "1.234.567"
    assert filters.number(999) == "999"
    assert filters.decimal(1234.56) == "1.234,6"
    assert filters.decimal(0.5, 2) == "0,50"
    assert [filters.shortest(value) for value in (1234, 5.0, 5.5, 0, None)] == ["1.234", "5", "5,5", "0", "–"]


def test_file_sizes_are_short() -> None:
    assert filters.file_size(10) == "1 kB"
    assert filters.file_size(340_400) == "340 kB"
    assert filters.file_size(2_400_000) == "2,4 MB"


@pytest.mark.parametrize(
    ("days_left", "is_suspended", "state"),
    [
        (None, False, "none"),
        (-1, False, "late"),
        (0, False, "soon"),
        (2, False, "soon"),
        (3, False, "running"),
        (-5, True, "paused"),
        (None, True, "paused"),
    ],
)
def test_a_term_has_one_look(days_left: int | None, is_suspended: bool, state: str) -> None:
    assert filters.clock_state(days_left, is_suspended) == state


@pytest.mark.parametrize(
    ("message", "label", "says"),
    [
        ("Vul uw naam in.", "Uw naam", True),
        ("Kies welke mails u wilt krijgen.", "Welke mails wilt u krijgen?", True),
        ("Vul een datum in, bijvoorbeeld 24-11-2026.", "Geldt vanaf", False),
        ("Kies een wet.", "Wet", True),
        ("Kies een dag.", "Wet", False),
        ("Deze naam is te lang.", "Uw naam", False),
    ],
)
def test_an_error_that_says_what_to_do_in_which_field_needs_no_name_before_it(message, label, says) -> None:
    assert filters.says_what(message, label) is says


def test_an_address_of_this_site_is_a_link_and_nothing_else_is() -> None:
    text = "Lees <b>https://loket.example/ruimtewijzers/een-tuin</b>. Niet https://elders.example/een-tuin"
    shown = parse_page(filters.own_links(text, "https://loket.example"))
    assert shown.links() == [("https://loket.example/ruimtewijzers/een-tuin", "/ruimtewijzers/een-tuin")]
    assert shown.text == text


@pytest.mark.parametrize(
    "tail", ["//elders", "//elders/een-tuin", ".elders.example/een-tuin", "@elders/een-tuin", "/", ""]
)
def test_an_address_that_leads_elsewhere_is_no_link(tail) -> None:
    assert "<a" not in filters.own_links(f"Lees https://loket.example{tail} eens.", "https://loket.example")
