"""What anybody may read without a key: the same as on the pages, and nothing of what is not public."""

import importlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select, update

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStatus
from knelpunt.domain.vocabulary import CaseStatus, Result, Role, Theme, Verdict
from knelpunt.models import Bottleneck, Law, Municipality, Province, Provision, UsageCount
from knelpunt.queries.core.reference import reference
from knelpunt.queries.figures.corrections import public_editions
from knelpunt.web.api.organisation.cases import OwnCaseQuery
from knelpunt.web.api.public.bottlenecks import BottleneckQuery
from knelpunt.web.api.public.cases import CaseQuery
from knelpunt.web.api.public.guides import GuideQuery
from knelpunt.web.api.public.laws import LawQuery
from knelpunt.web.api.shared import limits
from knelpunt.web.bottlenecks import filters as bottleneck_filters
from knelpunt.web.cases import own_list
from knelpunt.web.guides import filters as guide_filters
from knelpunt.web.laws.filters import DayFilter, LawFilters
from knelpunt.web.public import filters as public_filters
from knelpunt.web.public.developers import laws
from knelpunt.web.reporting.public import data_set
from knelpunt.web.reporting.public.forms import CSV_HEADS, csv_rows
from tests.support.guides import public_guide
from tests.support.statements import counted

API = "/api/v1"
TODAY = date(2026, 1, 5)
ANSWERED = {"verdict": Verdict.PERCEIVED, "result": Result.WITHIN_RULES}


def numbers(found):
    return [each["nummer"] for each in found["items"]]


def of_code(session, code):
    return session.scalars(select(Municipality).where(Municipality.code == code)).one().id


# --- cases


def test_a_case_tells_what_its_page_tells_and_nothing_of_the_case(ask, make, session):
    case = make.case(CaseStatus.CLOSED, title="Geheime titel", description="Geheim verhaal")
    make.contact(case, name="Xaverina Plantnaam")
    law = session.scalars(select(Law).where(Law.key == "ow")).one()
    rule = {"law": "ow", "title": law.citation_title, "provision": None, "article": "5.1", "role": "belemmert"}
    make.published(
        case,
        **ANSWERED,
        title="Wonen in een kantoor",
        theme=Theme.VACANCY,
        main_law_id=law.id,
        municipality_id=of_code(session, "GM0363"),
        province_id=session.scalars(select(Province.id).where(Province.code == "PV27")).one(),
        joined_municipalities=["Utrecht"],
        provisions=[{**rule, "on_date": "2026-01-05"}],
    )
    found = ask(f"/knelpunten/{case.reference}")
    assert found["antwoord"] == "Ja, dit mag."
    assert found["oordeel"] == "V1"
    assert found["thema"] == "leegstand"
    assert found["gemeente"] == {
        "code": "GM0363", "tooi": "https://identifier.overheid.nl/tooi/id/gemeente/gm0363", "naam": "Amsterdam",
        "nu": "GM0363",
    }  # fmt: skip
    assert found["provincie"] == {
        "code": "PV27", "tooi": "https://identifier.overheid.nl/tooi/id/provincie/pv27", "naam": "Noord-Holland",
    }  # fmt: skip
    assert ask("/knelpunten")["items"][0]["provincie"] == found["provincie"]
    assert found["gemeldMet"] == ["Utrecht"]
    assert [each["tooi"][-6:] for each in found["gemeldMetGemeenten"]] == ["gm0344"]
    assert found["wet"]["sleutel"] == "ow"
    assert [(each["rol"], each["artikel"], each["op"]) for each in found["regels"]] == [
        ("belemmert", "5.1", "2026-01-05")
    ]
    assert "Geheim" not in str(found)
    assert "Plantnaam" not in str(found)


def test_of_history_no_day_is_told(ask, make):
    row = make.published(**ANSWERED, source_url="https://bron.example/1")
    found = ask(f"/knelpunten/{row.reference}")
    assert (found["gemeldOp"], found["afgeslotenOp"]) == (None, None)
    assert found["jaar"] == row.filed_on.year


def test_what_was_withdrawn_or_never_public_tells_no_more_than_that(client, make, ask):
    withdrawn = make.published(**ANSWERED, title="Weg ermee", withdrawn_on=make.today, withdrawn_reason="Op verzoek.")
    answer = client.get(f"{API}/knelpunten/{withdrawn.reference}")
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    assert "Op verzoek." in answer.text
    assert "Weg ermee" not in answer.text
    secret = make.case(CaseStatus.CLOSED)
    assert client.get(f"{API}/knelpunten/{secret.reference}").status_code == 404
    assert client.get(f"{API}/knelpunten/%00").status_code == 404
    assert numbers(ask("/knelpunten?uitkomst=alle")) == []


def test_the_filters_of_the_page(ask, make, session, client):
    amsterdam, utrecht = of_code(session, "GM0363"), of_code(session, "GM0344")
    one = make.published(**ANSWERED, theme=Theme.VACANCY, municipality_id=amsterdam, title="Een")
    two = make.published(
        verdict=Verdict.NATIONAL_RULE, result=Result.NOT_SOLVABLE, theme=Theme.ENERGY, municipality_id=utrecht
    )
    unanswered = make.published(verdict=Verdict.UNDECIDED, result=None)
    assert set(numbers(ask("/knelpunten"))) == {one.reference, two.reference}
    assert unanswered.reference in numbers(ask("/knelpunten?uitkomst=alle"))
    assert numbers(ask("/knelpunten?oordeel=V0")) == [unanswered.reference]
    for query in ("thema=leegstand", "oordeel=V1", "gemeente=GM0363"):
        assert numbers(ask(f"/knelpunten?{query}")) == [one.reference], query
    assert numbers(ask("/knelpunten?q=van")) == []
    for query in ("gemeente=GM9999", "wet=bestaat-niet", "provincie=XX", "thema=boos", "vanaf=0001", "wetten=ow~chw~x"):
        answer = client.get(f"{API}/knelpunten?{query}")
        assert answer.status_code == 400, query
        assert [each["name"] for each in answer.json["errors"]] == [query.partition("=")[0]]


def test_a_list_takes_every_filter_of_its_page(app, session):
    """A filter that a page gets is asked for here as well."""
    names = reference(session)
    with app.test_request_context("/"):
        pages = (
            (CaseQuery, public_filters.Filters({}, "/", names)),
            (GuideQuery, guide_filters.Filters({}, "/", names, ())),
            (BottleneckQuery, bottleneck_filters.Filters(names)),
            (LawQuery, LawFilters({}, "/", (), DayFilter(TODAY, TODAY))),
            (OwnCaseQuery, own_list.OwnListState({}, "/")),
        )
        for query, page in pages:
            asked = {field.data_key for field in query._declared_fields.values()}
            assert {"q", *(choice.name for choice in page.choices)} - asked == set(), query


def test_a_list_goes_on_where_it_was_and_asks_as_much_for_many(ask, make, connection, client):
    made = {make.published(**ANSWERED).reference for _ in range(7)}
    first = ask("/knelpunten?limit=3")
    second = ask(f"/knelpunten?limit=3&cursor={first['next']}")
    third = ask(f"/knelpunten?limit=3&cursor={second['next']}")
    assert third["next"] is None
    assert set(numbers(first) + numbers(second) + numbers(third)) == made
    assert len(numbers(first) + numbers(second) + numbers(third)) == 7
    with counted(connection) as few:
        ask("/knelpunten?limit=1")
    with counted(connection) as many:
        ask("/knelpunten?limit=100")
    assert len(few) == len(many) == 2
    reference = made.pop()
    with counted(connection) as of_api:
        ask(f"/knelpunten/{reference}")
    with counted(connection) as of_page:
        client.get(f"/knelpunten/{reference}")
    assert len(of_api) <= len(of_page)


# --- guides


def test_a_guide_and_its_list(ask, make, client):
    guide = public_guide(make)
    assert guide.slug in [each["naam"] for each in ask("/ruimtewijzers?limit=100")["items"]]
    found = ask(f"/ruimtewijzers/{guide.slug}")
    assert found["wieBeslist"] == "Het college van burgemeester en wethouders."
    assert found["voor"] == ["bewoners"]
    assert [each["artikel"] for each in found["regels"]] == ["omgevingsplan"]
    assert found["bronnen"] == [{"titel": "Een bron", "adres": "https://bron.example/1"}]
    assert [each["versie"] for each in found["versies"]] == [1]
    assert ask(f"/ruimtewijzers/{guide.slug}?versie=1")["versie"] == 1
    assert client.get(f"{API}/ruimtewijzers/{guide.slug}?versie=2").status_code == 404


def test_a_question_finds_the_same_guides_as_the_page(ask, make, client):
    public_guide(make)
    found = ask("/ruimtewijzers?q=buurthuis%20lege%20school&limit=5")
    on_page = client.get("/ruimtewijzers?q=buurthuis%20lege%20school").text
    assert all(f"/ruimtewijzers/{each['naam']}" in on_page for each in found["items"])
    assert ask("/ruimtewijzers?thema=veiligheid&q=buurthuis")["items"] == []


# --- rule bottlenecks


def test_a_rule_bottleneck_tells_its_track(ask, make):
    row = make.add(
        Bottleneck(
            reference="RK-2026-9001", title="Een regel", problem="Het knelt.", status=BottleneckStatus.IN_PREPARATION,
            choice=BottleneckChoice.AMVB, choice_reason="Daarom.", owner_id=make.account(Role.BOTTLENECK_OWNER).id,
            signalled_on=make.today, owner_due_on=make.today, news_due_on=make.today, updated_at=make.now,
            terms=func.to_tsvector("simple", "regel"),
        )
    )  # fmt: skip
    found = ask(f"/regelknelpunten/{row.reference}")
    assert found["keuze"] == "amvb"
    assert [(each["staat"], each["geweest"], each["hier"]) for each in found["weg"]] == [
        ("gesignaleerd", True, False),
        ("in_analyse", True, False),
        ("keuze_gemaakt", True, False),
        ("in_voorbereiding", False, True),
        ("consultatie", False, False),
        ("behandeling", False, False),
        ("in_werking", False, False),
        ("geevalueerd", False, False),
    ]
    assert row.reference in numbers(ask("/regelknelpunten?stand=loopt&volgorde=gewicht&limit=100"))
    assert row.reference not in numbers(ask("/regelknelpunten?stand=klaar&limit=100"))


# --- laws of a day


def test_the_law_of_a_day(ask, client):
    def standing(key, day):
        return ask(f"/wetten/{key}?op={day}")["stand"]

    assert standing("chw", "2015-06-01") == "geldt"
    assert standing("chw", "2026-06-01") == "niet_meer"
    assert standing("ow", "2015-06-01") == "nog_niet"
    held = ask("/wetten?op=2015-06-01&geldt=true&limit=100")["items"]
    assert "chw" in [each["sleutel"] for each in held]
    assert "ow" not in [each["sleutel"] for each in held]
    for day in ("2015-13-01", "20150601", "0001-01-01", "vandaag"):
        assert client.get(f"{API}/wetten?op={day}").status_code == 400, day


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("VWS en JenV (erfenis)", ["mnre1025", "mnre1058"]),
        ("BZK (coördinatie staatssteun decentraal); EZ", ["mnre1034", "mnre1045"]),
        ("Financiën", ["mnre1090"]),
        (
            "VRO (Volkshuisvesting en Ruimtelijke Ordening); mede IenW, LVVN, OCW",
            ["mnre1171", "mnre1130", "mnre1153", "mnre1109"],
        ),
        ("De BZKers en EZKlaar", []),
        (None, []),
    ],
)
def test_the_ministries_of_a_law_are_told_with_their_codes(ask, session, words, codes):
    session.execute(update(Law).where(Law.key == "ow").values(ministry=words))
    session.flush()
    found = ask("/wetten/ow")
    assert (found["ministerie"], [each["code"] for each in found["ministeries"]]) == (words, codes)
    (row,) = (each for each in laws.rows(session, "") if each["sleutel"] == "ow")
    assert (row["ministerie"], row["ministeriecodes"]) == (words, codes)


def test_each_law_with_a_ministry_has_a_code_of_one(session):
    told = {row["ministerie"]: row["ministeriecodes"] for row in laws.rows(session, "") if row["ministerie"]}
    assert len(told) > 5
    assert [words for words, codes in told.items() if not codes] == []


def test_a_provision_has_the_wording_of_its_day(ask, session):
    law, provision = session.execute(
        select(Law.key, Provision.key).join(Provision, Provision.law_id == Law.id).where(Law.key == "ow").limit(1)
    ).one()
    found = ask(f"/wetten/{law}/bepalingen/{provision}?op=2025-01-01")
    assert found["sleutel"] == provision
    for one in found["redacties"]:
        own = ask(f"/wetten/{law}/bepalingen/{one['bepaling']}/redacties/{one['redactie']}")
        assert own == one


# --- suggestions


def test_a_text_gets_suggestions_and_leaves_nothing_behind(client, connection, session):
    before = session.query(UsageCount).count()
    text = "Wij willen in een leegstaand kantoor tijdelijk wonen, maar het bestemmingsplan laat dat niet toe."
    with counted(connection) as sent:
        answer = client.post(f"{API}/suggesties", json={"tekst": text, "op": "2026-06-01"})
    assert answer.status_code == 200, answer.text
    found = answer.json
    assert found["wetten"]
    assert found["op"] == "2026-06-01"
    assert all(each["stand"] in ("geldt", "onzeker") for each in found["bepalingen"])
    assert not [each for each in sent if each.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert session.query(UsageCount).count() == before
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b'{"tekst": ""}', 400),
        (b'{"tekst": 5}', 400),
        (b'{"tekst": "x", "naam": "y"}', 400),
        (b'{"tekst": "x", "op": "2026-02-30"}', 400),
        (b'["tekst"]', 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"tekst": "' + b"a" * 4001 + b'"}', 400),
        (b'{"tekst": "' + b"a" * 300_000 + b'"}', 413),
        (b'{"tekst": "\\ud800 kantoor"}', 400),
        (b'{"tekst": "kantoor \\u0000 leeg"}', 400),
        (b'{"tekst": "de het een"}', 200),
    ],
)
def test_any_text_gets_an_answer_and_no_fault(client, body, status):
    answer = client.post(f"{API}/suggesties", data=body, content_type="application/json")
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.mimetype == "application/problem+json"


def test_suggestions_are_rated(client, monkeypatch):
    monkeypatch.setattr(limits, "counter", limits.Counter())
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_030.0)
    statuses = [client.post(f"{API}/suggesties", json={"tekst": "tuin"}).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


# --- figures


def test_a_quarter_has_the_figures_of_its_page(ask, client, public_quarter):
    listed = ask("/kwartalen")["items"]
    assert [each["periode"] for each in listed] == ["2026-1"]
    found = ask("/kwartalen/2026-1")
    totals = next(each for each in found["tabellen"] if each["sleutel"] == "totalen")
    figures = {cell["kolom"]: cell["waarde"] for cell in totals["regels"][0]["cellen"]}
    assert figures["ontvangen"] == 8
    assert figures["afgehandeld"] == 1
    assert found["bevinding"] in client.get("/kwartalen/2026-1").text
    hidden = [cell for table in found["tabellen"] for row in table["regels"] for cell in row["cellen"]
              if cell["inWoorden"] == "minder dan 5"]  # fmt: skip
    assert hidden
    assert all(cell["waarde"] is None for cell in hidden)
    for period in ("2026-2", "2026", "1", "²⁰²⁶"):
        assert client.get(f"{API}/kwartalen/{period}").status_code == 404


def test_a_line_about_a_province_has_its_code(ask, session, public_quarter, monkeypatch):
    """Provinces are often too few to show; what is shown as one has its code in API and files alike."""
    one = next(iter(reference(session).provinces.values()))
    edition = public_editions(session)[0].edition
    table = next(each for each in edition.tables if each.dimension)
    row = replace(table.rows[0], key=str(one.id), words=one.name)
    province = replace(table, key="provincie", dimension="provincie", rows=(row, replace(row, key="onbekend")))
    public = replace(public_editions(session)[0], edition=replace(edition, tables=(table, province)))
    monkeypatch.setattr(
        importlib.import_module("knelpunt.web.api.public.quarters"), "public_editions", lambda _session: [public]
    )
    monkeypatch.setattr(data_set, "public_editions", lambda _session: [public])
    others, provinces = ask("/kwartalen/2026-1")["tabellen"]
    assert [each["code"] for each in provinces["regels"]] == [one.code, None]
    assert {each["code"] for each in others["regels"]} == {None}
    told = {each["code"] for each in data_set.rows(session, "") if each["tabel"] == table.title}
    assert told == {one.code, None}
    lines = list(csv_rows(public.edition, reference(session)))
    assert {line[-1] for line in lines if line[0] == table.title} == {one.code, None}
    assert {len(line) for line in lines} == {len(CSV_HEADS)}


def test_every_figure_of_a_quarter_that_names_a_definition_has_one(ask, public_quarter):
    known = {each["naam"] for each in ask("/definities?limit=100")["items"]}
    assert "ontvangen" in known
    named = {column["cijfer"] for table in ask("/kwartalen/2026-1")["tabellen"] for column in table["kolommen"]} - {
        None
    }
    assert named <= known
    assert ask("/definities/ontvangen")["telt"] == "Meldingen die in het kwartaal zijn ingediend."
    assert ask("/definities/ontvangen", headers={"Accept-Language": "en"})["titel"] == "Received"
