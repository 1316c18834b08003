"""An edit knows what it changes, finds its place in the catalogue, and says how a rule stands from its dates."""

from datetime import date

import pytest

from knelpunt.domain.laws.edits import (
    EntryKind,
    changed_fields,
    fingerprint,
    marked_words,
    meaning_faults,
    status_on,
    with_change,
)
from knelpunt.domain.laws.succession import name_of
from knelpunt.services.laws.files import checked, reference_date
from tests.support.catalogue import shipped_catalogue

LAW, PROVISION = EntryKind.LAW, EntryKind.PROVISION
DAY = date(2026, 11, 24)


def law(key, family="wonen", **fields):
    return {"id": key, "family": family, "predecessor": [], "successor": [], **fields}


def test_a_fingerprint_does_not_ask_for_an_order_but_for_every_letter():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
    assert fingerprint(None) == ""


def test_only_fields_that_differ_are_named_in_the_order_of_the_file():
    before = {"article": "3", "id": "x", "conditions": ["a"], "procedure": None}
    after = {"article": "4", "id": "x", "conditions": ["a", "b"], "procedure": None}
    assert changed_fields(PROVISION, before, after) == ["article", "conditions"]
    assert changed_fields(PROVISION, None, after) == ["id", "article", "conditions"]


def test_a_changed_entry_keeps_its_place_and_the_rest_stays():
    laws, rows = [law("a"), law("b")], [{"id": "p", "law": "a"}]
    changed = with_change(LAW, laws, rows, law("b", citation_title="Anders"))
    assert (changed.place, changed.neighbours) == (1, ())
    assert changed.laws == [law("a"), law("b", citation_title="Anders")]
    assert changed.provisions == rows
    assert laws == [law("a"), law("b")]


def test_a_new_entry_stands_behind_the_last_of_its_file():
    laws = [law("a"), law("b"), law("c", "milieu")]
    rows = [{"id": "p", "law": "a"}, {"id": "q", "law": "c"}]
    assert with_change(LAW, laws, rows, law("n")).place == 2
    assert with_change(PROVISION, laws, rows, {"id": "n", "law": "b"}).place == 1
    assert with_change(PROVISION, laws, rows, {"id": "n", "law": "nergens"}).place == 2


def test_a_law_that_names_another_is_named_back_and_no_longer_when_it_stops():
    laws = [law("a"), law("b"), law("c")]
    changed = with_change(LAW, laws, [], law("a", successor=["b"]))
    assert changed.neighbours == ("b",)
    assert changed.laws[1]["predecessor"] == ["a"]
    back = with_change(LAW, changed.laws, [], law("a", successor=["c"]))
    assert back.neighbours == ("b", "c")
    assert [row["predecessor"] for row in back.laws] == [[], [], ["a"]]


@pytest.mark.parametrize(
    ("kind", "start", "end", "is_known", "status"),
    [
        (PROVISION, "2019-07", None, True, "geldend"),
        (PROVISION, "2019-07", None, False, "onbekend"),
        (PROVISION, "2019-07", "2023", True, "afgelopen"),
        (PROVISION, "2019", "2026-12", True, "geldend"),
        (PROVISION, "2027-01-01", None, True, "toekomstig"),
        (LAW, "2027-01-01", None, True, "geldend"),
        (LAW, None, "2023", False, "vervallen"),
        (LAW, None, None, False, "onbekend"),
    ],
)
def test_how_a_rule_stands_follows_from_its_dates(kind, start, end, is_known, status):
    assert status_on(kind, start, end, end_is_known=is_known, reference=DAY) == status


def test_the_status_of_every_entry_of_the_file_is_the_one_its_dates_give():
    catalogue = shipped_catalogue()
    for kind, entries, start, end in (
        (LAW, catalogue.laws, "in_force_from", "in_force_to"),
        (PROVISION, catalogue.provisions, "valid_from", "valid_to"),
    ):
        for entry in entries:
            written = entry.details["status_on_reference_date"]
            known = written != "onbekend"
            found = status_on(
                kind, entry.details[start], entry.details[end], end_is_known=known, reference=reference_date()
            )
            assert found == written, entry.key


def test_a_date_that_is_none_is_refused_in_words():
    with pytest.raises(ValueError, match="geen datum"):
        status_on(LAW, "juli 2019", None, end_is_known=True, reference=DAY)


def test_only_the_words_that_differ_are_marked():
    left, right = marked_words("ten hoogste vijf jaar", "ten hoogste tien jaar")
    assert left == [("ten hoogste ", False), ("vijf", True), (" jaar", False)]
    assert right == [("ten hoogste ", False), ("tien", True), (" jaar", False)]
    assert marked_words("door de raad zelf", "door B en W zelf")[1] == [
        ("door ", False),
        ("B en W", True),
        (" zelf", False),
    ]
    assert marked_words("", "nieuw") == ([], [("nieuw", True)])


def test_the_shipped_catalogue_is_right_after_a_change_that_changes_nothing():
    catalogue = shipped_catalogue()
    laws, rows = [dict(one.details) for one in catalogue.laws], [dict(one.details) for one in catalogue.provisions]
    changed = with_change(PROVISION, laws, rows, dict(rows[7]))
    assert len(checked(changed.laws, changed.provisions).provisions) == len(rows)


def test_an_entry_is_called_by_a_name_that_people_know():
    assert name_of({"citation_title": "Woningwet"}, "ww") == "Woningwet"
    assert name_of({"instrument": "Ontheffing", "article": "1.3"}, "bb2012-1.3") == "Ontheffing (artikel 1.3)"
    assert name_of({"instrument": "Ontheffing", "article": "hoofdstuk 2"}, "x-2") == "Ontheffing (hoofdstuk 2)"
    assert name_of({"instrument": "Ontheffing", "article": None}, "x-2") == "Ontheffing"
    assert name_of({}, "x-2") == "x-2"


HELD = {
    "decided_by": "B en W",
    "conditions": ["Ten hoogste 10 jaar.", "Het mag niet leegstaan."],
    "max_duration": {"text": "10 jaar", "years": 10, "extension": None},
    "valid_to": None,
    "confidence": "verified",
    "trigger_words": ["leegstand"],
}


@pytest.mark.parametrize(
    "changes",
    [
        {"decided_by": "Burgemeester en wethouders"},
        {"conditions": ["Ten hoogste 10 jaren.", "Het mag niet leeg staan."]},
        {"max_duration": {"text": "10 jaren", "years": 10, "extension": None}},
        {"trigger_words": ["leegstand", "leeg pand"]},
    ],
)
def test_other_words_and_another_spelling_can_say_the_same(changes):
    assert meaning_faults(PROVISION, HELD, {**HELD, **changes}) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("conditions", ["Ten hoogste 15 jaar.", "Het mag niet leegstaan."]),
        ("conditions", ["Ten minste 10 jaar.", "Het mag niet leegstaan."]),
        ("conditions", ["Ten hoogste 10 jaar.", "Het mag leegstaan."]),
        ("conditions", ["Ten hoogste 10 jaar."]),
        ("max_duration", {"text": "10 jaar", "years": 15, "extension": None}),
        ("max_duration", None),
        ("valid_to", "2027-01-01"),
        ("confidence", "memory"),
    ],
)
def test_another_number_day_or_condition_is_never_the_same(field, value):
    assert set(meaning_faults(PROVISION, HELD, {**HELD, field: value})) == {field}
    assert set(meaning_faults(PROVISION, None, HELD)) == {"id"}
