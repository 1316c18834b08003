"""What a careful lawyer asks of the catalogue: every end told, nothing twice at once, and each date its own room."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from re import findall, search

import pytest

from knelpunt.domain.laws.catalogue import Catalogue, ProvisionEntry
from knelpunt.domain.laws.dates import first_day, held_on
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.texts import date_in_words
from tests.support.catalogue import shipped_catalogue

DEPARTURES = (RoomType.EXPERIMENT, RoomType.AREA)
"""Kinds of room that are lent for a time: how long is part of what they are."""
FROM_THE_BOOKS = (Confidence.VERIFIED, Confidence.PARTLY)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


@pytest.fixture(scope="module")
def provisions(catalogue) -> dict[str, ProvisionEntry]:
    return {row.key: row for row in catalogue.provisions}


def test_what_ended_says_what_became_of_it(catalogue):
    laws = {law.key: law for law in catalogue.laws}
    silent = [
        row.key
        for row in catalogue.provisions
        if row.valid_to and row.valid_to < catalogue.reference_date
        and not row.replaced_by and not row.details["carry_over"]
    ]  # fmt: skip
    assert silent == []
    for law in laws.values():
        if law.in_force_to and not law.successors:
            last = max(event["date"] for event in law.details["history"])
            assert first_day(last) > law.in_force_to, f"{law.key} does not tell its end"


def test_nothing_holds_beside_itself_and_no_line_has_a_gap(catalogue, provisions):
    for one, other in combinations(catalogue.provisions, 2):
        if (one.law_key, one.article) == (other.law_key, other.article):
            start = max(one.valid_from or date.min, other.valid_from or date.min)
            assert start > min(one.valid_to or date.max, other.valid_to or date.max), (one.key, other.key)
    for row in catalogue.provisions:
        starts = [provisions[key].valid_from for key in row.replaced_by]
        if row.valid_to and starts and None not in starts:
            assert min(starts) <= row.valid_to + timedelta(days=1), row.key
        for key in row.replaced_by:
            later = provisions[key]
            between = [
                other for other in row.replaced_by
                if other != key and key in provisions[other].replaced_by
            ]  # fmt: skip
            if row.valid_to and later.valid_from and later.valid_from > row.valid_to + timedelta(days=1):
                assert between, f"{row.key} has nothing between its end and {key}"


def test_a_field_that_is_empty_for_want_of_looking_is_named(catalogue):
    for row in catalogue.provisions:
        fields, not_read = row.details, " ".join(row.details["not_verified"])
        if row.room_type in DEPARTURES and not fields["max_duration"] and not row.key.startswith(("iwow-", "chw-aan")):
            assert "Langste duur" in not_read, row.key
        if not row.end_is_known or not row.valid_from or not row.start_is_known:
            assert not_read, row.key
        if not fields["text_version_read"]:
            assert not any(one.is_read for one in row.wordings), row.key
            assert row.confidence is not Confidence.VERIFIED or len(fields["sources"]) > 1, row.key


def test_every_source_is_a_place_that_can_be_read(catalogue):
    for row in catalogue.provisions:
        for url in row.details["sources"]:
            assert url.startswith("https://"), (row.key, url)
        if row.confidence in FROM_THE_BOOKS:
            assert row.details["text_version_read"] or row.details["not_verified"] or len(row.details["sources"]) > 1, (
                row.key
            )
    for law in catalogue.laws:
        if law.kind is not LawKind.COLLECTIVE:
            assert law.details["urls"] or "Alle gegevens" in law.details["not_verified"], law.key
            assert law.bwb_id or law.details["not_verified"], f"{law.key} has no number and does not say so"


def test_every_kind_of_room_is_there_on_each_of_the_three_days(catalogue):
    kinds = {
        day: Counter(row.room_type for row in catalogue.provisions if held_on(row.valid_from, row.valid_to, day))
        for day in (date(2012, 6, 1), date(2019, 6, 1), date(2026, 6, 1))
    }
    light = {RoomType.WITHIN_RULES, RoomType.ONTHEFFING, RoomType.AREA, RoomType.EXPERIMENT}
    assert all(light <= set(found) for found in kinds.values())
    assert kinds[date(2019, 6, 1)][RoomType.EXPERIMENT] > kinds[date(2012, 6, 1)][RoomType.EXPERIMENT]
    assert kinds[date(2019, 6, 1)][RoomType.EXPERIMENT] > kinds[date(2026, 6, 1)][RoomType.EXPERIMENT]


@pytest.mark.parametrize(
    ("question", "in_2012", "in_2019", "in_2026"),
    [
        ("an empty building let for a time", "lsw-pre2013", "lsw-15-a", "lsw-15-a"),
        ("an experiment with the environment", "chw-2.4-2012", "chw-2.4-2013", "ow-23.3"),
        ("an area to be developed", "chw-2.2-2010", "chw-2.2-amvb", None),
        ("a plan with a wider reach", None, "buchw-7c", "ow-2.4"),
        ("another use than the plan allows, for a time", "wabo-tijdelijk-oud", "wabo-2.12-2", "ow-bopa"),
        ("rules for who may live where", "hvw-oud", "hvw-4-2015", "hvw-4-2024"),
        ("an experiment with social assistance", "wwb-83", "pw-83-2025", "pw-83"),
        ("an experiment in a school", None, "wpo-176k", "wpo-180"),
        ("own norms for the smell of cattle", "wgv-6", "wgv-6", "ow-2.4"),
        ("drink at a street party", "dhw-35", "dhw-35", "alcoholwet-35"),
        ("a small sum of support", None, "eu-de-minimis-2013", "eu-de-minimis-2023"),
        ("a neighbourhood that shares its power", None, "ew98-7a", "ow-23.3"),
    ],
)
def test_the_same_question_finds_another_rule_in_another_year(provisions, question, in_2012, in_2019, in_2026):
    days = {date(2012, 6, 1): in_2012, date(2019, 6, 1): in_2019, date(2026, 6, 1): in_2026}
    for day, key in days.items():
        others = {other for other in days.values() if other is not None and other != key}
        if key is not None:
            assert held_on(provisions[key].valid_from, provisions[key].valid_to, day), f"{question}: {key} on {day}"
        for other in others:
            assert not held_on(provisions[other].valid_from, provisions[other].valid_to, day), f"{other} on {day}"


def test_what_is_announced_stands_beside_what_it_replaces(catalogue, provisions):
    now, coming = provisions["energiewet-salderen"], provisions["energiewet-vergoeding"]
    assert coming.valid_from and coming.valid_from > catalogue.reference_date
    assert held_on(now.valid_from, now.valid_to, catalogue.reference_date)
    assert now.replaced_by == (coming.key,)
    assert not held_on(now.valid_from, now.valid_to, coming.valid_from)


def test_a_directive_begins_on_the_last_day_to_put_it_into_national_law(catalogue):
    """That day is derived, so its beginning is not known; the condition names the same day."""
    told = {
        row.key: (row, found[1])
        for row in catalogue.provisions
        for condition in row.details["conditions"]
        if (found := search(r"landen van de Unie moesten .* (\d+ \w+ \d{4})", condition))
    }
    assert set(told) == {"eu-aanbesteden", "eu-diensten", "eu-natura"}
    for row, day in told.values():
        assert date_in_words(row.valid_from).endswith(f" {day}")
        assert not row.start_is_known
        assert row.details["validity_basis"] == "afgeleid"


def test_what_may_not_be_in_force_or_has_a_value_unread_is_partly_sure(catalogue, provisions):
    for row in catalogue.provisions:
        if "in werking zijn" in " ".join(row.details["not_verified"]):
            assert row.confidence is not Confidence.VERIFIED, row.key
    assert {provisions[key].confidence for key in ("wcw-klein", "wcw-gemeenschap", "bkl-geluid")} == {Confidence.PARTLY}
    assert "55 met een tweede waarde van 45" in " ".join(provisions["bkl-geluid"].details["conditions"])


def test_no_page_tells_its_procedure_again_as_a_condition(catalogue):
    twice = [
        row.key
        for row in catalogue.provisions
        if (words := set(findall(r"\w{4,}", (row.details["procedure"] or "").lower())))
        and any(
            len(words & set(findall(r"\w{4,}", each.lower()))) > 0.7 * len(words) for each in row.details["conditions"]
        )
    ]
    assert twice == []
