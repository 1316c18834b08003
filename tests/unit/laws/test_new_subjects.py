"""What municipalities asked for most and the catalogue did not have: each new subject, held to a day it held on."""

from datetime import date

import pytest

from knelpunt.domain.laws.dates import held_on
from tests.support.catalogue import shipped_catalogue
from tests.unit.laws.test_corrections import words_of


@pytest.fixture(scope="module")
def provisions():
    return {row.key: row for row in shipped_catalogue().provisions}


@pytest.mark.parametrize(
    ("key", "day", "said"),
    [
        ("wgvh-2", "2026-07-01", ["waarborgsom", "meldpunt"]),
        ("wgvh-2a", "2025-02-12", ["punten van de woning"]),
        ("wgvh-5", "2023-07-01", ["verhuurverordening", "leefbaar"]),
        ("hvw-23a", "2021-01-01", ["registratienummer", "23b"]),
        ("hvw-41", "2022-01-01", ["twaalf maanden", "naaste"]),
        ("opium-13b-2010", "2018-12-31", ["Burgemeester"]),
        ("opium-13b", "2019-01-01", ["voorwerp of stof"]),
        ("bibob-3", "2013-07-01", ["ernstig gevaar"]),
        ("mw-25h", "2014-07-01", ["kostprijs", "algemeen belang"]),
        ("bw3-didam", "2021-11-26", ["serieuze gegadigde"]),
        ("ww-18a", "2015-07-01", ["vijf woningen"]),
        ("energiewet-2.17", "2026-07-01", ["alleen aan leden of aandeelhouders"]),
        ("wpo-153", "2015-08-01", ["ten minste 23, ten hoogste 200"]),
        ("wpo-108", "2015-08-01", ["toestemming voor verhuur"]),
        ("pw-31-2015", "2025-12-31", ["verantwoord", "vrijwilligerswerk"]),
        ("pw-31", "2026-01-01", ["1.200 euro per kalenderjaar"]),
        ("wmo-5.1.1", "2015-06-01", ["mantelzorgers"]),
        ("bb2012-1.18", "2015-11-24", ["50 mensen", "vier weken"]),
        ("hvw-30-oud", "2013-11-22", ["omzetten"]),
        ("wwb-83", "2012-06-01", ["Drie jaar"]),
        ("bkl-5.65", "2026-07-11", ["50 dB(A)"]),
    ],
)
def test_the_subject_is_told_as_its_text_told_it_on_that_day(provisions, key, day, said):
    row = provisions[key]
    assert held_on(row.valid_from, row.valid_to, date.fromisoformat(day)), f"{key} on {day}"
    assert [words for words in said if words not in words_of(row)] == []
    assert row.details["sources"]


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("wgvh-2", "2023-06-30"),
        ("wgvh-2a", "2024-07-01"),
        ("wgvh-5", "2023-06-30"),
        ("hvw-23a", "2020-12-31"),
        ("hvw-41", "2021-12-31"),
        ("opium-13b", "2018-12-31"),
        ("opium-13b-2010", "2019-01-01"),
        ("bw3-didam", "2021-11-25"),
        ("energiewet-2.17", "2025-12-31"),
        ("pw-31-2015", "2026-01-01"),
        ("pw-31", "2025-12-31"),
        ("bb2012-1.18", "2024-01-01"),
    ],
)
def test_it_did_not_hold_before_or_after(provisions, key, day):
    row = provisions[key]
    assert not held_on(row.valid_from, row.valid_to, date.fromisoformat(day)), f"{key} on {day}"
