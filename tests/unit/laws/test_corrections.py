"""What was wrong in the catalogue until somebody read the text of the day: each correction, held to its day.

The numbers are those of the errors in issue 11, section 2. The texts were read in public, dated copies; the source and
the day of the text stand in the entry itself.
"""

from datetime import date

import pytest

from knelpunt.domain.laws.catalogue import ProvisionEntry
from knelpunt.domain.laws.dates import held_on
from tests.support.catalogue import shipped_catalogue


@pytest.fixture(scope="module")
def provisions() -> dict[str, ProvisionEntry]:
    return {row.key: row for row in shipped_catalogue().provisions}


def words_of(row: ProvisionEntry) -> str:
    """Everything that the entry tells about its room, in one text."""
    fields = row.details
    told = [row.instrument, fields["decided_by"] or "", fields["procedure"] or "", *fields["conditions"]]
    told += fields["deviates_from"]
    told += [(fields[name] or {}).get("text") or "" for name in ("max_duration", "decision_term")]
    return " | ".join(told)


@pytest.mark.parametrize(
    ("number", "key", "day", "said"),
    [
        (1, "chw-2.4-2010", "2011-04-28", ["minister-president", "Woningwet", "economische crisis", "duurzaamheid"]),
        (1, "chw-2.4-2012", "2013-01-01", ["minister-president", "Waterwet", "Wabo", "economische crisis"]),
        (1, "chw-2.4-2013", "2019-01-01", ["minister van IenM", "economische crisis", "duurzaamheid"]),
        (1, "chw-2.4", "2019-06-19", ["minister van BZK", "Huisvestingswet 2014", "economische structuur", "lid 5"]),
        (2, "chw-2.9-2010", "2019-01-01", ["Ten minste 12", "Gemeenteraad"]),
        (2, "chw-2.9", "2019-06-19", ["Ten minste 5", "College van B en W"]),
        (3, "chw-2.2-2010", "2012-06-01", ["minister-president", "Bestaand stedelijk gebied"]),
        (3, "chw-2.2-amvb", "2013-07-06", ["minister van IenM", "Rotterdamse haven"]),
        (3, "chw-2.2", "2019-06-19", ["regeling"]),
        (4, "wbmgp-3-2005", "2013-11-22", ["100.000 inwoners", "een keer met vier jaar"]),
        (4, "wbmgp-5-2005", "2013-11-22", ["een keer met vier jaar", "Dertien weken", "gebieden"]),
        (4, "wbmgp-8-2005", "2013-11-22", ["zes jaar in de regio"]),
        (4, "wbmgp-9-2005", "2013-11-22", ["Kenmerken"]),
        (4, "wbmgp-5-2014", "2014-12-31", ["vier keer met vier jaar", "Dertien weken", "gebieden"]),
        (4, "wbmgp-5", "2017-01-01", ["complexen, straten", "Acht weken", "vier keer met vier jaar"]),
        (5, "hvw-4-2015", "2015-06-01", ["goedkope woningen", "Schiermonnikoog"]),
        (5, "hvw-7-2015", "2015-06-01", ["goedkope woonruimte", "Koopwoningen alleen op Ameland"]),
        (5, "hvw-4-2024", "2024-01-01", ["leefbaar", "woonvisie"]),
        (5, "hvw-7-2024", "2024-01-01", ["nieuw worden gebouwd", "390.000 euro"]),
        (5, "hvw-30-oud", "2013-11-22", ["omzetten", "B en W"]),
        (5, "hvw-30-2014", "2014-12-31", ["een wijk die de verordening", "verbouwen"]),
        (6, "wwb-83", "2012-06-01", ["Drie jaar", "WWB par. 7.1"]),
        (6, "wmo2007-4", "2013-11-22", ["huishouden voeren"]),
        (6, "wjz-3", "2013-11-22", ["gedeputeerde staten"]),
        (6, "brp-2.38", "2014-01-06", ["briefadres"]),
        (7, "web-11a.1-2012", "2012-11-01", ["Zes jaar", "WEB hoofdstuk 7"]),
        (7, "web-11a.1-2013", "2013-01-01", ["acht jaar"]),
        (7, "wpo-176k", "2012-10-01", ["acht jaar", "vier weken"]),
        (7, "wvo-experiment", "2013-01-01", ["acht jaar", "WVO titel II"]),
        (8, "wabo-2.12-2-2010", "2014-10-31", ["1.500 m2", "binnen de bebouwde kom"]),
        (8, "wabo-tijdelijk-oud", "2014-10-31", ["vijf jaar", "tijdelijke behoefte"]),
        (8, "wabo-2.12-2", "2014-11-07", ["tien jaar", "zonder grens aan de oppervlakte"]),
        (9, "bb2012-1.12", "2015-06-01", ["gelden de nieuwbouweisen", "Een afdeling kan iets anders zeggen"]),
        (9, "bb2012-1.14", "2015-06-01", ["bestaande bouw", "vijftien jaar"]),
        (9, "bb2012-1.15", "2012-04-01", ["ongewijzigde samenstelling"]),
        (10, "lsw-15-d", "2016-07-01", ["vijf jaar"]),
        (10, "lsw-3-2010", "2014-12-02", ["Niet voor woonruimte"]),
        (10, "lsw-3", "2015-04-15", ["Woningen kunnen ook"]),
        (11, "ow-16.55", "2026-07-01", ["kan de raad participatie verplicht stellen"]),
        (12, "bal-15", "2024-01-01", ["Gedeputeerde staten", "geen vergunning"]),
        (13, "ow-4.17", "2026-11-24", ["1 januari 2032", "Stb. 2023, 267"]),
        (14, "ow-2.32", "2026-07-01", ["kunnen gedeputeerde staten het ook"]),
        (15, "bkl-5.55", "2026-07-11", ["ten hoogste tien jaar", "evenementen", "aanvaardbaar"]),
        (15, "bkl-5.65", "2026-07-11", ["50 dB(A)", "5 dB(A) meer"]),
        (15, "bkl-5.66", "2026-07-11", ["35 overdag", "stemmen zonder versterking"]),
        (15, "bkl-5.70", "2026-07-11", ["andere regels"]),
        (15, "bkl-geluid", "2026-07-11", ["2.500 motorvoertuigen", "ten hoogste tien jaar"]),
        (16, "ew98-7a", "2015-06-30", ["lokaal en duurzaam"]),
        (17, "eu-daeb-2025", "2026-06-01", ["Betaalbare woningen"]),
        (18, "bw7-tijdelijk-2016", "2016-07-01", ["twee jaar", "kamer ten hoogste vijf jaar"]),
        (18, "bw7-tijdelijk", "2024-07-01", ["Stb. 2024, 152", "twee jaar", "renovatie"]),
    ],
)
def test_the_rule_of_that_day_says_what_its_text_said(provisions, number, key, day, said):
    row = provisions[key]
    assert held_on(row.valid_from, row.valid_to, date.fromisoformat(day)), f"error {number}: {key} on {day}"
    for words in said:
        assert words in words_of(row), f"error {number}: {key} does not tell {words!r}"
    assert row.details["sources"]


@pytest.mark.parametrize(
    ("number", "key", "day"),
    [
        (1, "chw-2.4", "2019-06-18"),
        (1, "chw-2.4-2010", "2012-01-01"),
        (1, "chw-2.4-2013", "2013-01-01"),
        (2, "chw-2.9", "2019-01-01"),
        (3, "chw-2.2-amvb", "2012-06-01"),
        (3, "chw-2.2", "2019-06-18"),
        (4, "wbmgp-5", "2015-06-01"),
        (4, "wbmgp-10", "2016-12-31"),
        (4, "wbmgp-3", "2013-11-22"),
        (5, "hvw-7", "2015-06-01"),
        (5, "hvw-7-2024", "2023-12-31"),
        (7, "web-11a.1-2012", "2011-10-01"),
        (7, "wpo-176k", "2012-05-16"),
        (7, "wvo-experiment", "2012-11-01"),
        (8, "wabo-2.12-2", "2014-10-31"),
        (8, "wabo-2.12-2-2010", "2014-11-01"),
        (10, "lsw-15-d", "2015-04-15"),
        (10, "lsw-3", "2014-12-02"),
        (17, "eu-daeb", "2026-06-01"),
        (18, "bw7-tijdelijk", "2024-06-30"),
        (18, "bw7-tijdelijk-2016", "2016-06-30"),
    ],
)
def test_a_wording_is_not_told_of_a_day_on_which_another_held(provisions, number, key, day):
    row = provisions[key]
    assert not held_on(row.valid_from, row.valid_to, date.fromisoformat(day)), f"error {number}: {key} on {day}"


@pytest.mark.parametrize(
    ("key", "absent"),
    [
        ("chw-2.4-2010", ["Waterwet", "Huisvestingswet", "Gaswet"]),
        ("chw-2.4-2013", ["Huisvestingswet", "Leegstandwet", "economische structuur"]),
        ("chw-2.2-2010", ["Rotterdam"]),
        ("wbmgp-5-2005", ["straten", "complexen", "Acht weken"]),
        ("wbmgp-3", ["100.000 inwoners"]),
        ("web-11a.1-2012", ["NLQF", "acht jaar"]),
        ("ew98-7a", ["besparing", "marktmodellen"]),
        ("ob-participatie", ["10.24"]),
    ],
)
def test_what_came_later_or_never_is_not_told(provisions, key, absent):
    told = words_of(provisions[key]) + provisions[key].article
    assert [words for words in absent if words in told] == []


def test_swimming_water_did_not_go_to_the_rules_for_companies(provisions):
    assert provisions["whvbz-5"].replaced_by == ("bal-15",)


def test_the_days_of_the_letter_have_a_rule_for_a_neighbourhood_under_pressure(provisions):
    held = [
        row.key for row in provisions.values()
        if row.law_key == "wbmgp" and held_on(row.valid_from, row.valid_to, date(2013, 11, 22))
    ]  # fmt: skip
    assert len(held) == 4
