"""Reading the filters of a list from its address, and writing them back."""

from datetime import date

import pytest

from knelpunt.domain.vocabulary import Theme
from knelpunt.queries.cases.lists import CaseOrder, CaseSort
from knelpunt.web.shared.pages.list_filters import (
    LAST_PAGE,
    CaseListFilters,
    ListFilters,
    day_boxes,
    day_in,
    members,
    number_in,
    typed_text,
    year_in,
)

THEMES = members(list(Theme), lambda theme: theme.value.upper())


def asked(kind=ListFilters, **arguments):
    found = kind(arguments, "/lijst")
    found.read_search(lambda text: f"Zoekt: {text}")
    found.theme = found.choice("thema", THEMES, "Onderwerp")
    found.since = found.day("van", lambda day: f"Vanaf {day.year}")
    found.read_page()
    return found


def test_what_is_on_can_be_taken_away_one_by_one_and_leaves_the_page():
    found = asked(q="een  dak", thema="wonen", van="2026-01-02", pagina="3", vreemd="x")
    assert (found.search, found.theme, found.since, found.page) == ("een dak", Theme.HOUSING, date(2026, 1, 2), 3)
    assert found.chips() == [
        ("Zoekt: een dak", "/lijst?thema=wonen&van=2026-01-02"),
        ("Onderwerp: WONEN", "/lijst?q=een+dak&van=2026-01-02"),
        ("Vanaf 2026", "/lijst?q=een+dak&thema=wonen"),
    ]
    assert found.pages(more=True)[1] == "/lijst?q=een+dak&thema=wonen&van=2026-01-02&pagina=4"


def test_what_no_list_knows_is_left_out_and_noted():
    found = asked(thema="onzin", van="morgen", pagina="-1")
    assert (found.theme, found.since, found.page, found.is_narrowed) == (None, None, 1, False)
    assert (found.unknown, found.address(), found.pages(more=False)) == ({"thema", "van"}, "/lijst", (None, None))


def test_a_day_is_read_from_three_boxes_and_stands_whole_in_the_addresses():
    found = asked(**{"van-dag": "2", "van-maand": "1", "van-jaar": " 2026 ", "thema": "wonen"})
    assert (found.since, found.address()) == (date(2026, 1, 2), "/lijst?thema=wonen&van=2026-01-02")
    assert (day_boxes(found.day_value("van")), found.wrong_days) == (("2", "1", "2026"), {})
    emptied = asked(**{"van-dag": "", "van-maand": "", "van-jaar": "", "van": ""})
    assert (emptied.since, emptied.is_narrowed, emptied.unknown, emptied.wrong_days) == (None, False, set(), {})


@pytest.mark.parametrize("typed", ["1-7-2026", "2026-07-01", "1 7 2026"])
@pytest.mark.parametrize("part", ["dag", "maand", "jaar"])
def test_a_whole_day_in_one_box_is_read(typed, part):
    found = asked(**{"van-dag": "", "van-maand": "", "van-jaar": "", f"van-{part}": typed})
    assert (found.since, found.wrong_days) == (date(2026, 7, 1), {})


@pytest.mark.parametrize(
    "boxes",
    [
        ("31", "2", "2026"), ("1", "", "2026"), ("een", "mei", "2026"), ("1", "1", "0026"),
        ("1-7-2026", "7", "2026"), ("-1", "5", "2026"), ("1-13-2026", "", ""), ("", "", "2026"),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_comes_back_in_its_boxes(boxes):
    found = asked(**dict(zip(("van-dag", "van-maand", "van-jaar"), boxes, strict=True)))
    assert (found.since, found.address(), found.unknown) == (None, "/lijst", set())
    assert set(found.wrong_days) == {"van"}
    assert day_boxes(found.day_value("van")) == boxes


FILL_IN = "Vul dag, maand en jaar in, in cijfers: 1 7 2026."
NO_SUCH_DAY = f"Deze dag bestaat niet, of ligt buiten de jaren 1900 tot en met 2100. {FILL_IN}"


@pytest.mark.parametrize(
    ("boxes", "error"),
    [
        (("31", "2", "2026"), NO_SUCH_DAY), (("31-2-2026", "", ""), NO_SUCH_DAY), (("31", "12", "1899"), NO_SUCH_DAY),
        (("1", "1", "2101"), NO_SUCH_DAY), (("1", "", "2026"), FILL_IN), (("een", "mei", "2026"), FILL_IN),
        (("1", "1", "1900"), None), (("31", "12", "2100"), None), (("", "", ""), None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_day_is_told_apart(boxes, error):
    """Whoever filled in all three boxes is not told to fill them in, and reads which years there are."""
    found = asked(**dict(zip(("van-dag", "van-maand", "van-jaar"), boxes, strict=True)))
    assert (found.day_error("van"), found.status) == (error, 422 if error else 200)


def test_words_that_stand_everywhere_match_nothing():
    assert asked(q="de").matches_nothing
    assert not asked(q="dak").matches_nothing
    assert not asked().matches_nothing


def test_the_order_of_a_list_of_cases_stays_when_a_filter_goes():
    found = asked(CaseListFilters, thema="wonen", sorteer="uiterste-datum", richting="op")
    found.read_order(CaseOrder())
    assert found.order == CaseOrder(CaseSort.DUE, descending=False)
    assert found.chips() == [("Onderwerp: WONEN", "/lijst?sorteer=uiterste-datum&richting=op")]
    assert found.sort_query(CaseSort.DUE) == "sorteer=uiterste-datum&richting=af&thema=wonen"
    assert (found.sorted_words(CaseSort.DUE), found.sorted_words(CaseSort.FILED)) == ("ascending", "")


@pytest.mark.parametrize("typed", ["onzin", "uiterste-datum"])
def test_an_order_that_does_not_exist_is_noted(typed):
    found = CaseListFilters({"sorteer": typed, "richting": "zijwaarts"}, "/lijst")
    found.read_order(CaseOrder())
    assert (found.order, found.unknown) == (CaseOrder(), {"sorteer"})


def test_nothing_that_the_database_or_the_page_cannot_hold_is_read():
    assert typed_text(" a\x00b\u202e \t c" + "x" * 300, 9) == "ab c"
    assert [number_in(text) for text in ("12", "١٢", "-1", "9" * 19)] == [12, None, None, None]
    assert [day_in(text) for text in ("2026-02-30", "0001-01-01", "2026-1-1")] == [None] * 3
    assert [year_in(text) for text in ("2026", "20266", "1300")] == [2026, None, None]
    assert ListFilters({"pagina": "9" * 18}, "/lijst").read_page() == LAST_PAGE
