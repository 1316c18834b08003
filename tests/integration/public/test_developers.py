"""What other systems read: each wording at an address that it keeps, as plain and as linked data, and the register."""

import csv
import html
import io
import json
import shlex
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from config import PROJECT_DIR, Environment
from knelpunt.domain.guides.track import ClaimOutcome
from knelpunt.models import GuideClaim, GuideVersion, Law
from knelpunt.web.public.developers import algorithm, api, guides, laws, wordings
from knelpunt.web.shared.problems import PROBLEMS
from tests.support.exports import in_database
from tests.support.guides import public_guide
from tests.support.page import parse_page

__all__ = ["in_database"]


def lines_of(answer):
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def test_each_wording_is_a_line_with_its_address_its_days_and_its_text(client):
    rows = lines_of(client.get("/open-data/bepalingen.jsonl"))
    assert all(list(row) == [name for name, _ in wordings.COLUMNS] for row in rows)
    assert len({row["adres"] for row in rows}) == len(rows), "an address names one wording"
    found = {row["adres"].rpartition("/wetten/")[2]: row for row in rows}
    before, after = found["chw/chw-2.9-2010/2019-01-01"], found["chw/chw-2.9/2019-06-19"]
    assert before["geldtTotEnMet"] == "2019-06-18"
    assert after["wettekst"] == "https://wetten.overheid.nl/BWBR0027431/2019-06-19#Artikel2.9"
    for row in rows:
        assert bool(row["gelezenTekst"]) != bool(row["waaromNietGelezen"]), row["adres"]
        path = row["adres"].removeprefix("http://localhost")
        assert path.startswith("/wetten/"), row["adres"]


def test_each_law_is_a_line_with_its_provisions_their_days_sources_and_neighbours(client, session, in_database):
    rows = lines_of(client.get("/open-data/wetten.jsonl"))
    assert all(list(row) == [name for name, _ in laws.COLUMNS] for row in rows)
    assert len(rows) == session.scalar(select(func.count()).select_from(Law))
    law = next(row for row in rows if row["sleutel"] == "chw")
    told = client.get("/api/v1/wetten/chw?op=2020-01-01").json
    assert [law[each] for each in ("titel", "bwbId", "soort", "geldtVanaf", "geldtTotEnMet", "adres")] == [
        told[each] for each in ("titel", "bwbId", "soort", "geldtVanaf", "geldtTotEnMet", "adres")
    ]
    assert "ow" in law["opgevolgdDoor"]
    assert law["bronnen"]
    provisions = {each["sleutel"]: each for each in law["bepalingen"]}
    assert set(provisions) == {each["sleutel"] for each in told["bepalingen"]}
    one = provisions["chw-2.9"]
    shown = client.get("/api/v1/wetten/chw/bepalingen/chw-2.9?op=2020-01-01").json
    assert (one["geldtVanaf"], one["geldtTotEnMet"]) == (shown["geldtVanaf"], shown["geldtTotEnMet"])
    assert one["opvolgerVan"] == [each["sleutel"] for each in shown["opvolgerVan"]] == ["chw-2.9-2010"]
    assert one["bronnen"]
    own = {each["adres"] for each in shown["redacties"] if each["bepaling"] == "chw-2.9"}
    assert {each["adres"] for each in one["redacties"]} == own
    assert one["adres"] == f"{law['adres']}/chw-2.9"
    everywhere = [each["adres"] for row in rows for part in row["bepalingen"] for each in part["redacties"]]
    assert everywhere == [each["adres"] for each in lines_of(client.get("/open-data/bepalingen.jsonl"))]
    table = client.get("/open-data/wetten.csv").get_data(as_text=True).removeprefix("\ufeff")
    cells = next(row for row in csv.DictReader(io.StringIO(table), delimiter=";") if row["sleutel"] == "chw")
    assert json.loads(cells["bepalingen"]) == law["bepalingen"]
    assert cells["opgevolgdDoor"] == " | ".join(law["opgevolgdDoor"])


def test_the_linked_data_is_one_graph_of_legislation_with_a_licence(client):
    answer = client.get("/open-data/bepalingen.jsonld")
    assert answer.content_type.startswith("application/ld+json")
    data = json.loads(answer.get_data(as_text=True))
    assert data["@context"]["@vocab"] == "https://schema.org/"
    one = next(each for each in data["@graph"] if each["@id"].endswith("/wetten/chw/chw-2.9/2019-06-19"))
    assert one["@type"] == ["Legislation", "eli:LegalResourceSubdivision"]
    assert one["legislationIdentifier"] == "jci1.3:c:BWBR0027431&artikel=2.9&z=2019-06-19&g=2019-06-19"
    assert one["eli:date_no_longer_in_force"] == "2023-12-31"
    assert one["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert one["isPartOf"]["legislationIdentifier"] == "BWBR0027431"
    assert one["license"].endswith("/publicdomain/zero/1.0/")


def test_one_wording_is_linked_data_at_its_own_address(client):
    answer = client.get("/wetten/chw/chw-2.9/2019-06-19.jsonld")
    assert json.loads(answer.get_data(as_text=True))["temporalCoverage"] == "2019-06-19/2023-12-31"
    assert client.get("/wetten/chw/chw-2.9/2019-06-20.jsonld").status_code == 404


def test_ruimtewijzers_are_data_too_with_the_rules_they_rest_on(client, session):
    rows = lines_of(client.get("/open-data/ruimtewijzers.jsonl"))
    graph = json.loads(client.get("/open-data/ruimtewijzers.jsonld").get_data(as_text=True))["@graph"]
    assert [row["adres"] for row in rows] == [each["@id"] for each in graph]


def test_of_a_ruimtewijzer_the_file_tells_what_page_and_api_tell(client, session, make, in_database):
    guide = public_guide(make, latest_number=2)
    shown = session.query(GuideVersion).filter_by(guide_id=guide.id).one()
    shown.examples = [
        {"place": "Oude mavo", "municipality": code, "year": "2020", "what": "Een buurthuis begon.",
         "outcome": outcome, "url": "https://bron.example/2"}
        for outcome, code in (("gelukt", "GM0193"), (None, None))
    ]  # fmt: skip
    columns = {one.name: getattr(shown, one.name) for one in GuideVersion.__table__.c if one.name != "id"}
    make.add(GuideVersion(**{**columns, "number": 2, "published_on": None, "model_text": "Een geheim plan."}))
    account, zwolle = make.filer(), make.municipality(name="Zwolle aan Zee")
    for outcome in (ClaimOutcome.FAILED, None):
        make.add(
            GuideClaim(
                guide_id=guide.id,
                guide_number=1,
                organisation_id=account.organisation_id,
                municipality_id=zwolle.id,
                account_id=account.id,
                project="Geheim project",
                starts_on=make.today,
                claimed_on=make.today,
                ask_on=make.today + timedelta(days=90),
                outcome=outcome,
                outcome_reason="Geheime reden",
            )
        )
    session.flush()
    answer = client.get("/open-data/ruimtewijzers.jsonl")
    row = next(each for each in lines_of(answer) if each["adres"].endswith(f"/{guide.slug}"))
    told = client.get(f"/api/v1/ruimtewijzers/{guide.slug}").json
    assert list(row) == [name for name, _meaning in guides.COLUMNS]
    assert row["modeltekst"] == told["modeltekst"] == shown.model_text
    assert row["doelgroep"] == ["Bewoners"]
    for each in told["voorbeelden"][:1]:
        assert each["gemeente"].pop("tooi").endswith("/gm0193")
    assert row["voorbeelden"] == told["voorbeelden"]
    assert [each["gemeente"] and each["gemeente"]["nu"] for each in row["voorbeelden"]] == ["GM0193", None]
    assert row["gebruik"] == [
        {**each, "gemeente": {name: each["gemeente"][name] for name in ("code", "naam", "nu")}}
        for each in told["gebruikt"]
    ]
    assert [each["afloop"] for each in row["gebruik"]] == [None, "niet"]
    assert row["versies"] == told["versies"] == [{"versie": 1, "openbaarSinds": shown.published_on.isoformat()}]
    text = answer.get_data(as_text=True)
    assert not [word for word in ("Geheim", "geheim plan", account.name) if word in text]


def test_the_register_says_the_same_to_people_and_to_programs(client):
    page = " ".join(client.get("/over/suggesties").get_data(as_text=True).split())
    data = json.loads(client.get("/open-data/algoritme.json").get_data(as_text=True))
    for part in algorithm.PARTS:
        for sentence in part.texts:
            assert str(sentence) in page
            assert str(sentence) in data[part.key]
    assert "Een mens." in data["menselijkeTussenkomst"]


def test_the_examples_of_the_api_on_the_page_run(client, app):
    page = parse_page(client.get("/ontwikkelaars"))
    commands = [each.text for each in page.all("definition")]
    assert len(commands) == len(api.EXAMPLES)
    for command in commands:
        _curl, address, *rest = shlex.split(command)
        path = address.removeprefix(app.config["KNELPUNT"].base_url)
        more = {"data": rest[1], "content_type": "application/json"} if rest[:1] == ["--json"] else {}
        answer = client.open(path, method="POST" if more else "GET", **more)
        assert answer.status_code == 200, command
        assert answer.json


def test_the_page_shows_the_whole_scripts_that_file_a_case(client):
    """The documents themselves, which ``e2e/test_api_script.py`` runs."""
    documents = PROJECT_DIR / "docs" / "api"
    page = html.unescape(client.get("/ontwikkelaars").text)
    assert (documents / "file_a_case.py").read_text("utf-8") in page
    for line in ("say() {", 'say --request PATCH --header "Tus-Resumable: 1.0.0"'):
        assert line in (documents / "README.md").read_text("utf-8")
        assert line in page
    assert page.count('<pre lang="en"') == 2


def test_the_demonstration_shows_a_key_to_try_with_and_no_other_installation_does(app, client, monkeypatch):
    assert "vier-losse-demo-woorden" not in client.get("/ontwikkelaars").text
    config = app.config["KNELPUNT"]
    monkeypatch.setitem(app.config, "KNELPUNT", replace(config, environment=Environment.DEMO))
    page = client.get("/ontwikkelaars").text
    assert "knelpunt-demo" in page
    assert "vier-losse-demo-woorden-voor-een-koppeling" in page


def test_every_error_of_the_api_is_explained_where_it_points_to(client):
    page = client.get("/ontwikkelaars").text
    told = client.get("/api/v1/bestaat-niet").json
    address, _, place = told["type"].partition("#")
    assert address.endswith("/ontwikkelaars")
    assert f'id="{place}"' in page
    for status in PROBLEMS:
        assert f'id="fout-{status}"' in page


def test_developers_find_every_file_on_their_page(client):
    page = client.get("/ontwikkelaars").get_data(as_text=True)
    for name in ("bepalingen.jsonl", "bepalingen.jsonld", "ruimtewijzers.jsonl", "ruimtewijzers.jsonld"):
        assert f"/open-data/{name}" in page
