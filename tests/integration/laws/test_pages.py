"""The pages of the law catalogue, as any visitor sees them."""

from datetime import date
from urllib.parse import quote

import pytest

from knelpunt.domain.laws.schema import RoomType
from knelpunt.models import Law, ProvisionSuccession
from knelpunt.web.laws import routes
from tests.support.page import parse_page

ADDRESSES = [
    "/wetten",
    "/wetten?op=2019-07-01",
    "/wetten/chw",
    "/wetten/chw?op=2019-07-01",
    "/wetten/lokaal",
    "/wetten/ruchw",
    "/wetten/ow/ow-23.3",
    "/wetten/ow/ow-23.3?op=2019-07-01",
    "/wetten/chw/chw-2.4?op=2026-11-24",
    "/wetten/buchw/buchw-7g",
    "/wetten/lsw/lsw-15-a?op=2150-01-01",
]


def text(answer) -> str:
    return " ".join(answer.get_data(as_text=True).split())


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_kind_of_page_opens_for_a_visitor(client, address):
    assert client.get(address).status_code == 200


def test_every_law_and_provision_of_the_catalogue_has_a_page(client, session):
    for law in routes.laws.list_laws(session, date(2026, 11, 24)):
        assert client.get(f"/wetten/{law.key}").status_code == 200, law.key
    for provision in routes.laws.linkable(session, date(2019, 7, 1)):
        address = f"/wetten/{provision.law_key}/{provision.key}?op=2019-07-01"
        assert client.get(address).status_code == 200, address


def test_a_law_shows_what_held_on_the_day_and_what_came_instead(client):
    then = text(client.get("/wetten/chw?op=2019-07-01"))
    assert "Deze wet gold op maandag 1 juli 2019." in then
    assert "Ruimte in deze wet op deze dag" in then
    assert then.index("Aanwijzing ontwikkelingsgebied bij regeling") < then.index("Niet meer geldig op deze dag")
    later = text(client.get("/wetten/chw?op=2024-07-01"))
    assert "Wij kennen geen bepaling van deze wet die op deze dag gold." in later
    assert "Wat erna kwam" in later
    assert "/wetten/ow?op=2024-07-01" in later
    assert "In de plaats kwam:" in later.split("Niet meer geldig op deze dag")[1]
    today = text(client.get("/wetten/chw"))
    assert "Wij kennen geen bepaling van deze wet die op deze dag geldt." in today


def test_a_provision_tells_its_kind_of_room_who_decides_and_how_sure_it_is(client):
    page = text(client.get("/wetten/lsw/lsw-15-a?op=2026-11-24"))
    for words in (
        "Leegstandwet, artikel 15",
        "Wie beslist",
        "Voorwaarden",
        "Komt er geen besluit op tijd",
        "Dan geldt de toestemming als gegeven.",
        "Nagelezen.",
        "Maatwerk of ontheffing",
        "wetten.overheid.nl",
    ):
        assert words in page


def test_a_law_and_a_provision_say_by_which_problems_they_are_recognised(client):
    law = text(client.get("/wetten/alcoholwet"))
    assert "Waaraan u dit herkent" in law
    assert "Een vrijwilligerscafé heeft niemand met de vereiste papieren achter de bar." in law
    assert "Voor een straatfeest, markt" not in law
    provision = text(client.get("/wetten/alcoholwet/alcoholwet-35"))
    assert "Voor een buurtfeest, markt of evenement wil de organisator bier en wijn schenken" in provision


def test_a_european_rule_is_called_one(client):
    page = text(client.get("/wetten/vweu-staatssteun?op=2025-06-02"))
    assert "Deze Europese regeling gold op maandag 2 juni 2025." in page
    assert "De-minimissteun tot 300.000 euro in drie jaar" in page


def test_a_provision_that_did_not_hold_points_to_the_one_that_did_and_back(client):
    early = text(client.get("/wetten/ow/ow-23.3?op=2019-07-01"))
    assert "Deze bepaling gold op maandag 1 juli 2019 nog niet." in early
    assert "Op deze dag gold iets anders" in early
    assert "/wetten/chw/chw-2.4?op=2019-07-01" in early
    late = text(client.get("/wetten/chw/chw-2.4?op=2026-11-24"))
    assert "niet meer." in late
    assert "/wetten/ow/ow-23.3?op=2026-11-24" in late


def test_wording_that_was_not_read_is_told(client):
    told = "De tekst van deze dag is niet nagelezen"
    assert told in text(client.get("/wetten/chw/chw-2.18?op=2019-07-01"))
    assert told not in text(client.get("/wetten/chw/chw-2.18?op=2023-08-01"))


def test_a_start_that_nobody_looked_up_is_told_as_not_certain(client):
    page = text(client.get("/wetten/wpo/wpo-180?op=2019-07-01"))
    assert "Het is niet zeker of deze bepaling op maandag 1 juli 2019 gold." in page
    assert "In elk geval vanaf 1 januari 2026." in page


def test_an_announced_provision_is_told_as_announced_with_what_holds_until_then(client, make, session):
    now = make.provision(instrument="Wat nu geldt", valid_to=date(2030, 12, 31))
    law = session.get_one(Law, now.law_id)
    next_one = make.provision(law=law, instrument="Wat is aangekondigd", valid_from=date(2031, 1, 1))
    session.add(ProvisionSuccession(predecessor_id=now.id, successor_id=next_one.id))
    session.flush()
    page = text(client.get(f"/wetten/{law.key}/{next_one.key}"))
    assert "Deze bepaling geldt vandaag nog niet." in page
    assert "Vanaf 1 januari 2031." in page
    assert "sinds 1 januari 2031" not in page.lower()
    assert "Op deze dag geldt iets anders" in page
    assert f"/wetten/{law.key}/{now.key}" in page
    later = text(client.get(f"/wetten/{law.key}/{now.key}?op=2031-06-01"))
    assert "Deze bepaling geldt op zondag 1 juni 2031 niet meer." in later
    assert f"/wetten/{law.key}/{next_one.key}?op=2031-06-01" in later


def test_an_ended_provision_says_what_happened_to_running_cases_and_what_nobody_looked_into(client, make, session):
    geur = text(client.get("/wetten/wgv/wgv-6?op=2026-06-01"))
    assert "Een geurverordening geldt sinds 1 januari 2024 als deel van het omgevingsplan" in geur
    assert "/wetten/ow/ow-2.4?op=2026-06-01" in geur
    row = make.provision(valid_to=date(2020, 12, 31))
    page = text(client.get(f"/wetten/{session.get_one(Law, row.law_id).key}/{row.key}?op=2021-06-01"))
    assert "Niet uitgezocht." in page.partition("Wat er met lopende gevallen gebeurt")[2][:200]
    assert "Wij vonden geen langste duur. Lees de wettekst." in page
    assert "Wij vonden geen langste duur" not in text(client.get("/wetten/lsw/lsw-15-a"))


def test_the_day_stays_in_every_link(client):
    page = client.get("/wetten/ow/ow-23.3?op=2019-07-01").get_data(as_text=True)
    inside = [part.split('"')[0] for part in page.split('href="/wetten')[1:]]
    kept = [address for address in inside if "op=2019-07-01" in address]
    assert len(kept) >= 4
    inside = [address for address in inside if address.count("/") < 3]  # a wording has its day in its address
    assert [address for address in inside if "op=" not in address] == ["", "/ow/ow-23.3", ""], "menu, today, footer"


@pytest.mark.parametrize(
    "typed",
    [
        "gisteren",
        "2019-02-30",
        "0000-01-01",
        "1-1-0000",
        "99999999999999999999",
        "\x00",
        "\ud800",
        "'><script>",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("path", ["/wetten", "/wetten/ow", "/wetten/ow/ow-23.3"])
def test_a_day_that_cannot_be_read_gets_an_answer_in_words(client, path, typed):
    answer = client.get(f"{path}?op={quote(typed, errors='surrogatepass')}")
    assert answer.status_code == 422
    page = text(answer)
    assert "U ziet nu hoe het vandaag is." in page
    assert "<script>" not in page.replace('<script src="', "")


def test_a_day_may_be_typed_the_dutch_way(client):
    assert "maandag 1 juli 2019" in text(client.get("/wetten/chw?op=1-7-2019"))


@pytest.mark.parametrize(
    "query",
    ["domein=onzin", "ruimte=onzin", "q=%00", f"q={'x' * 300}", "q=a&q=b&ruimte=9999", "domein=%ED%A0%80"],
)
def test_a_search_that_cannot_be_read_gets_an_answer_in_words(client, query):
    answer = client.get(f"/wetten?{query}")
    assert answer.status_code == 422
    assert "Dit konden wij niet zoeken" in text(answer)


def test_words_find_laws_and_provisions_without_minding_accents_or_capitals(client):
    page = text(client.get("/wetten?q=EXPERIMENT+leegstandwet"))
    assert "Experiment dat van de Leegstandwet afwijkt" in page
    assert "Wet op het primair onderwijs" not in page
    assert "1 wet gevonden" in text(client.get("/wetten?q=vlaggenmast"))
    assert "Gemeentelijke of provinciale regel" in text(client.get("/wetten?q=straatfeest"))
    assert "Wet hygiëne" in text(client.get("/wetten?q=hygiene"))
    assert "Niets gevonden" in text(client.get("/wetten?q=eenhoorn"))


def test_filters_narrow_and_can_be_taken_off_one_by_one(client):
    page = parse_page(client.get("/wetten?op=2019-07-01&ruimte=experiment&domein=energie&geldt=ja"))
    assert "Elektriciteitswet 1998" in page.names("link")
    assert {"Omgevingswet", "Energiewet"}.isdisjoint(page.names("link"))
    filters = page.one("list", "Deze filters staan aan")
    assert filters.leads_to("/wetten?op=2019-07-01&domein=energie&geldt=ja")


def test_every_kind_of_room_can_be_chosen(client):
    assert set(routes.ROOM_SLUGS.values()) == set(RoomType)
    for slug in routes.ROOM_SLUGS:
        assert client.get(f"/wetten?ruimte={slug}").status_code == 200


def test_a_day_to_come_is_told_as_not_certain(client):
    assert "Deze dag moet nog komen" in text(client.get("/wetten?op=2100-01-01"))
    assert "Deze dag moet nog komen" in text(client.get("/wetten/ow/ow-23.3?op=2100-01-01"))


@pytest.mark.parametrize(
    "path",
    [
        "/wetten/nooit",
        "/wetten/ow/nooit",
        "/wetten/chw/ow-23.3",
        "/wetten/%00",
        "/wetten/ow/%ED%A0%80",
        "/wetten/" + "x" * 500,
    ],
)
def test_what_is_not_in_the_catalogue_does_not_exist(client, path):
    assert client.get(path).status_code == 404


def test_a_page_takes_as_many_statements_for_a_long_line_as_for_none(client, session, make, statements):
    lone = make.provision()
    session.flush()
    law_key = session.get_one(Law, lone.law_id).key
    client.get("/wetten/ow")  # counts what is then kept for some minutes
    for short, long in (
        (f"/wetten/{law_key}/{lone.key}", "/wetten/ow/ow-23.3?op=2019-07-01"),
        (f"/wetten/{law_key}", "/wetten/ow"),
    ):
        with statements() as few:
            client.get(short)
        with statements() as many:
            client.get(long)
        assert len(many) == len(few) <= 8


def test_the_list_takes_as_many_statements_for_twenty_more_laws(client, make, statements):
    with statements() as few:
        client.get("/wetten?q=wet")
    for _ in range(20):
        make.provision()
    with statements() as many:
        client.get("/wetten?q=wet")
    assert len(many) == len(few) <= 8


def test_a_long_list_of_provisions_is_grouped_by_the_kind_of_room(client, make):
    law = make.law()
    for kind in ["maatwerk/ontheffing"] * 4 + ["experimenteerbepaling"] * 3:
        make.provision(law, room_type=kind, room_order=2 if kind.startswith("maatwerk") else 4)
    headings = parse_page(client.get(f"/wetten/{law.key}")).names("heading")
    groups = [each for each in headings if each.endswith(("(4)", "(3)"))]
    assert len(groups) == 2 and groups[0].endswith("(4)")
