"""Pages of "wet op de dag" that were compared with the text of that day: what was found is told as it read.

The twenty lines of provisions and their three days were chosen before a text was opened; ``docs/law-readings.md`` has
them with what was found. The text that was read, and its day, stand with each wording.
"""

from datetime import date

import pytest

from knelpunt.domain.laws.catalogue import ProvisionEntry
from knelpunt.domain.laws.wordings import Wording, wording_on
from tests.support.catalogue import shipped_catalogue


@pytest.fixture(scope="module")
def provisions() -> dict[str, ProvisionEntry]:
    return {row.key: row for row in shipped_catalogue().provisions}


def words_of(wording: Wording) -> str:
    """Everything that the page of a day tells about the room of its wording, in one text."""
    says = wording.details
    told = [says["decided_by"] or "", *says["conditions"], *says["deviates_from"]]
    told += [(says[name] or {}).get("text") or "" for name in ("max_duration", "decision_term")]
    return " | ".join(told)


@pytest.mark.parametrize(
    ("key", "day", "said", "absent"),
    [
        ("lsw-15-a", "2013-11-22", ["toen lid 4a", "vervalt na twee jaar"], ["niet verlengbaar"]),
        ("lsw-15-a", "2019-07-01", ["niet verlengbaar", "vervalt met de omgevingsvergunning"], ["toen lid"]),
        ("lsw-15-b", "2013-11-22", ["vervalt na twee jaar"], ["vervalt na vijf jaar"]),
        ("lsw-15-b", "2026-07-01", ["vervalt na vijf jaar"], ["vervalt na twee jaar"]),
        ("lsw-16", "2013-11-22", ["huurder ten hoogste een maand"], ["huurwoning"]),
        ("lsw-16", "2016-06-30", ["Minimaal zes maanden"], ["huurwoning"]),
        ("lsw-16", "2019-07-01", ["drie voor te koop staande huurwoning"], []),
        ("wbmgp-5", "2019-07-01", ["verklaring omtrent het gedrag", "evaluatie"], ["VRO"]),
        ("hvw-oud", "2013-11-22", ["plusregio", "inkomen"], []),
        ("hvw-4-2015", "2016-07-01", ["goedkope woningen"], []),
        ("hvw-4-2015", "2019-07-01", ["tekort aan woningen", "Voor koopwoningen alleen"], ["goedkope"]),
        ("hvw-4", "2026-07-01", ["leefbaarheid (art. 2)"], []),
        ("hvw-7-2015", "2016-07-01", ["Alleen goedkope woonruimte"], []),
        ("hvw-7-2015", "2019-07-01", ["Elke soort woning", "niet geheel uitgesloten"], ["Alleen goedkope"]),
        ("hvw-7", "2026-07-01", ["nieuw worden gebouwd", "Ameland"], ["Geen volledige uitsluiting"]),
        ("hvw-21", "2019-07-01", ["aangewezen wijk", "Acht weken", "rechtswege"], ["vrijstellen", "aan een termijn"]),
        ("hvw-21", "2021-01-01", ["vrijstellen", "aangewezen gebied"], ["wijk", "kan aan een termijn"]),
        ("hvw-21", "2026-07-01", ["kan aan een termijn", "Alleen de eigenaar"], []),
        ("hvw-23a", "2021-01-01", ["registratienummer", "aantal nachten"], []),
        ("chw-2.4", "2019-07-01", ["Op verzoek van een bestuursorgaan"], []),
        ("chw-2.9-2010", "2011-12-31", ["art. 19d"], ["overlaten", "passende beoordeling"]),
        ("chw-2.9-2010", "2012-01-01", ["kan overlaten"], ["4.3a"]),
        ("chw-2.9-2010", "2013-11-22", ["kan overlaten", "Wro art. 4.1a", "art. 19d"], ["passende beoordeling"]),
        ("chw-2.9", "2019-07-01", ["verklaring van geen bedenkingen"], []),
        ("wabo-2.12-3", "2013-11-22", ["Niet in strijd met een goede", "tenzij de raad"], []),
        ("wro-3.1", "2013-11-22", ["binnen tien jaar"], ["elektronisch"]),
        ("wro-3.1", "2018-06-30", ["binnen tien jaar"], ["elektronisch"]),
        ("wro-3.1", "2019-07-01", ["elektronisch"], []),
        ("lsw-3-2010", "2013-11-22", ["binnen drie maanden", "Niet voor woonruimte"], []),
        ("lsw-3", "2016-07-01", ["binnen drie maanden"], ["Niet voor woonruimte"]),
        ("lsw-5", "2013-11-22", ["binnen drie maanden een overeenkomst", "bruikbaar"], []),
        ("wgvh-2", "2024-01-01", ["servicekosten", "werkwijze tegen woondiscriminatie"], ["punten", "nog niet"]),
        ("wgvh-2", "2025-07-01", ["punten van de woning", "werkwijze tegen woondiscriminatie"], []),
        ("wgvh-2", "2023-07-01", ["nog niet verplicht"], ["werkwijze", "punten"]),
        ("wgvh-5", "2023-12-31", ["Acht weken", "rechtswege"], ["artikel 7"]),
        ("wgvh-5", "2024-01-01", ["laatste acht jaar", "onderhoudsplan"], []),
        ("wgvh-5", "2026-07-01", ["Acht weken", "zes weken", "laatste acht jaar"], []),
        ("wcw-klein", "2026-07-01", ["dertig jaar", "art. 3.1", "art. 3.2 lid 6", "ten hoogste twintig"], []),
        ("wcw-gemeenschap", "2026-07-01", ["open en vrijwillig", "globaal kavelplan", "twintig tot dertig"], []),
        ("bkl-geluid", "2024-01-01", ["gemeenteweg 70", "5 dB boven", "industrieterrein 50"], ["2.500"]),
        ("bkl-geluid", "2026-07-11", ["gemeenteweg 70", "5 dB boven", "2.500"], []),
        ("wm-1.1", "2026-07-01", ["particuliere huishoudens"], []),
        ("eu-richtlijn", "2013-11-22", ["vorm en middelen kiest Nederland"], []),
        ("eu-staatssteun", "2013-11-22", ["bepaalde ondernemingen voordeel", "art. 107 lid 3"], []),
        ("energiewet-salderen", "2026-01-01", ["5.000 kWh", "redelijke vergoeding", "gedeeld"], []),
        ("bal-15", "2026-07-11", ["risicoanalyse", "art. 15.7", "ermee instemmen"], ["uitbreiding"]),
        ("wm-1.1", "2026-07-01", ["art. 10.26", "gemeenteraad"], ["10.32a"]),
        ("ab-2.20", "2013-11-22", ["2.19 en 6.12", "meting", "lid 6"], []),
        ("bb2012-1.3", "2012-04-01", ["in stand"], ["stadswarmte"]),
        ("bb2012-1.3", "2013-11-22", ["stadswarmte"], []),
        ("web-11a.1-7-2012", "2012-11-01", ["zes jaar"], ["acht jaar"]),
        ("web-11a.1-7-2012", "2013-11-22", ["acht jaar"], []),
        ("dhw-35", "2013-11-22", ["geen ontheffing van rechtswege"], []),
        ("gemw-83", "2013-11-22", ["taken, bevoegdheden", "raadsleden"], []),
        ("alcoholwet-35", "2026-07-01", ["zeer tijdelijke aard", "ligt ter plaatse"], []),
        ("ab-2.20", "2019-07-01", ["2.17a", "2.19a"], ["6.12"]),
        ("dhw-35", "2019-07-01", ["geen ontheffing van rechtswege"], []),
        ("chw-2.2", "2019-07-01", ["Bestaand stedelijk gebied", "tien jaar"], []),
        ("wabo-2.12-3", "2019-07-01", ["Goede ruimtelijke onderbouwing", "tenzij de raad"], []),
        ("bb2012-1.14", "2019-07-01", ["vijftien jaar"], []),
        ("bbl-tijdelijk", "2026-12-01", ["Omgevingsbesluit art. 10.23"], []),
        ("gemw-174a", "2013-11-22", ["openbare orde verstoord"], ["wapen", "ernstig geweld"]),
        ("gemw-174a", "2026-12-01", ["ernstig geweld", "wapen"], []),
        ("hvw-41", "2026-07-01", ["vier jaar", "middeldure"], []),
        ("ww-leefbaarheid", "2015-07-01", ["hoogste bedrag per woning"], []),
        ("ww-leefbaarheid", "2026-07-01", ["klein bedrijf"], ["hoogste bedrag per woning"]),
        ("ww-handhaving", "2015-07-01", ["vergoeding", "binnen twee jaar"], []),
        ("aanbw-2.82", "2026-07-01", ["30 procent"], []),
        ("brp-2.38", "2014-07-01", ["mag het college"], ["adres van de gemeente"]),
        ("brp-2.38", "2026-12-01", ["neemt het college", "adres van de gemeente"], ["mag het college"]),
        ("wvo2020-9.1", "2026-08-01", ["zes jaar; acht"], []),
        ("wpo-samenwerking", "2013-11-22", ["binnen zes jaar te moeten sluiten"], ["identiteitscommissie"]),
        ("wpo-samenwerking", "2026-08-01", ["identiteitscommissie"], ["te moeten sluiten"]),
        ("wpo-kleineschool", "2026-07-01", ["minder dan 150"], []),
        ("ow-natuur", "2026-07-01", ["Beschermde soorten: alleen"], []),
        ("bw7-tijdelijk", "2026-07-01", ["drie tot een maand tevoren"], []),
        ("web-11a.1-7-2012", "2022-07-31", ["WVO titel II"], ["WVO 2020"]),
        ("web-11a.1-7", "2022-08-01", ["WVO 2020"], []),
        ("web-11a.1-2013", "2024-12-31", ["Leerplichtwet"], ["NLQF"]),
        ("web-11a.1", "2025-01-01", ["Wet NLQF"], []),
        ("ab-2.19", "2019-07-01", ["nog niet in werking"], []),
        ("bb2012-6.10", "2012-04-01", ["binnen 40 meter"], []),
        ("barro-2.3.1", "2013-11-22", ["kust", "tien procent"], []),
        ("web-exp-bolbbl", "2016-09-01", ["tot en met 31 juli 2021", "Drie maanden", "tien opleidingen"], []),
        ("web-exp-doorlopend", "2015-10-16", ["vakmanschaproute", "tot 1 augustus 2022"], []),
        ("ew98-bedde", "2016-07-01", ["10.000 afnemers", "ten hoogste tien jaar"], []),
        ("expwo", "2014-01-01", ["dezelfde richting", "WVO BES"], ["WVO 2020"]),
        ("expwo", "2026-07-01", ["Negen maanden", "tien jaar", "WVO 2020"], ["beleidsregel", "dezelfde richting"]),
        ("wgvh-2", "2023-08-01", ["gelden nog niet"], []),
        ("wgvh-2a", "2025-02-12", ["prijsgrens", "kamers"], []),
        ("wgvh-5", "2025-02-12", ["leefbaar", "buurgemeenten"], []),
        ("warmtewet-1b", "2026-01-01", ["marktmodellen"], []),
        ("wgvh-2", "2024-01-01", [], ["gelden nog niet"]),
    ],
)  # fmt: skip
def test_the_page_of_a_day_says_what_its_text_said(provisions, key, day, said, absent):
    wording = wording_on(provisions[key].wordings, date.fromisoformat(day))
    assert wording is not None, f"{key} has no wording on {day}"
    told = words_of(wording)
    assert [words for words in said if words not in told] == [], f"{key} on {day}"
    assert [words for words in absent if words in told] == [], f"{key} on {day}"


@pytest.mark.parametrize("key", ["chw-2.9-2010", "wabo-2.12-3", "bb2012-1.3", "web-11a.1-7-2012"])
def test_a_wording_that_changed_before_the_end_of_2013_has_its_successor(provisions, key):
    read = [one for one in provisions[key].wordings if one.is_read]
    assert len({one.text_hash or one.valid_from for one in read}) > 1
    assert wording_on(provisions[key].wordings, date(2013, 12, 31)) in read
    assert all(one.details["change"] for one in read[1:] if one.valid_from and one.valid_from < date(2014, 1, 1))


def test_an_experiment_that_ended_by_its_own_text_does_not_hold_any_more(provisions):
    assert provisions["web-exp-bolbbl"].valid_to == date(2021, 7, 31)
    assert provisions["web-exp-doorlopend"].valid_to == date(2022, 7, 31)
