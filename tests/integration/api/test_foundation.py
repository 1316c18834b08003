"""What holds for every address of the API: problems, versions, lists, languages, limits and scripts of other sites."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from knelpunt.web.api.shared import limits
from tests.support.statements import counted

LIST = "/api/v1/gemeenten"
PROBLEM = "application/problem+json"


def problem_of(answer, status):
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.headers["API-Version"] == "1.0.0"
    found = json.loads(answer.data)
    assert {"type", "title", "status", "detail", "instance"} <= set(found)
    assert found["status"] == status
    return found


def test_a_list_goes_on_from_its_cursor_to_its_end(client):
    names, path = [], f"{LIST}?limit=100"
    for _ in range(10):
        answer = client.get(path)
        assert answer.status_code == 200
        found = answer.json
        names += [each["naam"] for each in found["items"]]
        if found["next"] is None:
            assert "Link" not in answer.headers
            break
        address = urlsplit(answer.headers["Link"].partition(">")[0].removeprefix("<"))
        assert dict(parse_qsl(address.query)) == {"limit": "100", "cursor": found["next"]}
        path = f"{address.path}?{address.query}"
    assert len(names) == len(set(names)) == 342
    assert names[0] == "Aa en Hunze"


def test_a_cursor_is_for_its_own_list_with_its_own_filters_only(client):
    cursor = client.get(f"{LIST}?vroeger=true&limit=5").json["next"]
    piece = client.get(f"{LIST}?limit=2&fields=code&vroeger=true&cursor={cursor}")  # in another order and size
    assert (piece.status_code, len(piece.json["items"])) == (200, 2)
    for path in (f"{LIST}?cursor={cursor}", f"{LIST}?vroeger=false&cursor={cursor}", f"/api/v1/wetten?cursor={cursor}"):
        found = problem_of(client.get(path), 400)
        assert "andere lijst of bij andere filters" in found["detail"], path


def test_an_error_tells_what_to_send_instead(client):
    def told(answer, status):
        return problem_of(answer, status)["detail"]

    assert told(client.get(f"{LIST}?limit=101"), 400) == "limit: Dit getal moet liggen van 1 tot en met 100."
    assert told(client.get(f"{LIST}?fields=kleur"), 400).startswith(
        "fields.0: Deze waarde kennen wij niet. Kies uit: code,"
    )
    cases = "/api/v1/knelpunten"
    assert "Kies uit: " in told(client.get(f"{cases}?thema=boos"), 400)
    assert "leegstand" in told(client.get(f"{cases}?thema=boos"), 400)
    for query, example in (("gemeente=Zwolle", "GM0363"), ("provincie=Utrecht", "PV27"), ("wet=Omgevingswet", "chw")):
        assert f"zoals {example}." in told(client.get(f"{cases}?{query}"), 400)
    assert "zoals mnre1034." in told(client.get("/api/v1/regelknelpunten?ministerie=BZK"), 400)
    assert (
        told(client.get("/api/v1/wetten?op=9999-12-31"), 400)
        == "op: Kies een dag van 1900-01-01 tot en met 2100-12-31."
    )
    assert "zoals 2026-12-01" in told(client.get("/api/v1/wetten?op=morgen"), 400)
    asked = "/api/v1/suggesties"
    assert "hoogstens 4000 tekens" in told(client.post(asked, json={"tekst": "a" * 6001}), 400)
    assert told(client.post(asked, json={"tekst": "a" * 300_000}), 413) == "Stuur hier hoogstens 200 kB."
    assert told(client.post(asked, data="tekst=a"), 415) == "Stuur dit met Content-Type application/json."
    assert "schuine streep" in told(client.get(f"{LIST}/"), 404)
    english = client.get(f"{LIST}?limit=101", headers={"Accept-Language": "en"})
    assert told(english, 400) == "limit: This number must be from 1 up to and including 100."


def test_fields_without_a_value_leaves_nothing_out(client):
    assert client.get(f"{LIST}/GM0363?fields=").json == client.get(f"{LIST}/GM0363").json


def test_one_thing_has_its_national_codes(client):
    found = client.get(f"{LIST}/GM0363").json
    assert found["naam"] == "Amsterdam"
    assert found["tooi"] == "https://identifier.overheid.nl/tooi/id/gemeente/gm0363"
    assert found["provincie"] == "Noord-Holland"
    assert found["bestaatTotEnMet"] is None


def test_only_the_properties_that_were_asked(client):
    assert client.get(f"{LIST}/GM0363?fields=naam,code").json == {"code": "GM0363", "naam": "Amsterdam"}
    found = client.get(f"{LIST}?fields=code&limit=2").json
    assert [set(each) for each in found["items"]] == [{"code"}, {"code"}]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kleur=rood", ["kleur"]),
        ("limit=0", ["limit"]),
        ("limit=veel", ["limit"]),
        ("limit=101&kleur=rood", ["kleur", "limit"]),
        ("cursor=zomaar", ["cursor"]),
        ("cursor=%00%ff", ["cursor"]),
        ("vroeger=misschien", ["vroeger"]),
        ("vroeger=true&vroeger=false", ["vroeger"]),
    ],
)
def test_what_the_contract_does_not_know_is_refused_by_its_name(client, query, names):
    found = problem_of(client.get(f"{LIST}?{query}"), 400)
    assert sorted(each["name"] for each in found["errors"]) == names
    assert {each["in"] for each in found["errors"]} == {"query"}


def test_errors_are_problems_wherever_they_come_from(client):
    assert problem_of(client.get("/api/v1/bestaat-niet"), 404)["title"] == "Dit bestaat niet"
    assert problem_of(client.get(f"{LIST}/GM9999"), 404)["type"].endswith("/ontwikkelaars#fout-404")
    answer = client.post(LIST, json={})
    assert "GET" in answer.headers["Allow"]
    problem_of(answer, 405)
    problem_of(client.get(f"{LIST}/"), 404)
    problem_of(client.get(LIST, headers={"Accept": "text/html"}), 406)
    problem_of(client.get("/en/api/v1/gemeenten/GM9999"), 404)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(app, client, monkeypatch):
    def fail(_code: str) -> None:
        raise RuntimeError("geheim")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    fail.access = "public"
    monkeypatch.setitem(app.view_functions, "api_municipalities.municipality", lambda municipality_code: fail(""))
    app.view_functions["api_municipalities.municipality"].access = "public"
    answer = client.get(f"{LIST}/GM0363")
    problem_of(answer, 500)
    assert b"geheim" not in answer.data


def test_it_speaks_the_language_that_is_asked_for(client):
    answer = client.get(f"{LIST}/GM9999", headers={"Accept-Language": "en-GB,en;q=0.9,nl;q=0.5"})
    assert problem_of(answer, 404)["title"] == "This does not exist"
    assert answer.headers["Content-Language"] == "en"
    assert "Accept-Language" in answer.vary
    for other in ("nl", "de", "*", "q=;;", ""):
        answer = client.get(f"{LIST}/GM9999", headers={"Accept-Language": other})
        assert problem_of(answer, 404)["title"] == "Dit bestaat niet"


def test_what_somebody_has_already_is_confirmed(client, connection):
    mark = client.get(LIST).headers["ETag"]
    with counted(connection) as sent:
        answer = client.get(LIST, headers={"If-None-Match": mark})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["API-Version"] == "1.0.0"
    assert len(sent) == 1
    assert client.get(f"{LIST}?limit=3", headers={"If-None-Match": mark}).status_code == 200


def test_scripts_of_other_sites_may_read_it(client):
    for path in (LIST, "/api/v1/openapi.json", f"{LIST}?kleur=rood"):
        answer = client.get(path, headers={"Origin": "https://elders.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    asked = {"Origin": "https://elders.example", "Access-Control-Request-Method": "GET"}
    beforehand = client.options(LIST, headers=asked)
    assert beforehand.status_code == 200
    assert "GET" in beforehand.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/knelpunten").headers
    for method, path in (("POST", "/api/v1/token"), ("OPTIONS", "/api/v1/token"), ("GET", "/api/v1/zaken")):
        assert "Access-Control-Allow-Origin" not in client.open(path, method=method).headers, path


def test_who_asks_too_much_has_to_wait(app, client, monkeypatch):
    monkeypatch.setattr(limits, "counter", limits.Counter())
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_030.0)
    config = app.config["KNELPUNT"]
    monkeypatch.setitem(app.config, "KNELPUNT", type(config)(**{**as_values(config), "api_requests_per_minute": 3}))
    left = [client.get(f"{LIST}/GM0363").headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = client.get(f"{LIST}/GM0363")
    problem_of(answer, 429)
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    other = client.get(f"{LIST}/GM0363", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200


def as_values(config):
    return {name: getattr(config, name) for name in config.__slots__}


def test_the_contract_tells_what_it_serves(client):
    made = client.get("/api/v1/openapi.json").json
    assert made["openapi"] == "3.1.0"
    assert made["info"]["version"] == "1.0.0"
    assert set(made["info"]["contact"]) == {"name", "email", "url"}
    assert "/gemeenten/{code}" in made["paths"]
    assert made["servers"] == [{"url": "http://localhost/api/v1"}]
