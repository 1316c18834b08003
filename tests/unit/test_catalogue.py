"""The catalogue file is whole, and what is not right in one is told with its line."""

import copy
import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from config import PROJECT_DIR
from knelpunt.adapters.catalogue_file import CatalogueUnreadable, read_catalogue_file
from knelpunt.domain.catalogue import CatalogueInvalid, parse
from knelpunt.domain.catalogue_schema import Confidence, LawKind, RoomType
from knelpunt.services.laws import CatalogueRefused, read_catalogue

REAL_CASES = PROJECT_DIR / "knelpunt" / "data" / "real-cases.jsonl"
CASE_KEYS = {
    "omgevingswet", "crisis-en-herstelwet", "leegstandwet", "web", "wpo", "wvo", "wbmgp", "woningwet",
    "huisvestingswet", "bouwbesluit", "bbl", "wro", "wabo", "activiteitenbesluit", "wet-geluidhinder",
    "participatiewet", "wmo", "jeugdwet", "elektriciteitswet", "warmtewet", "drank-en-horecawet",
    "wet-personenvervoer", "wet-natuurbescherming", "verhuurderheffing", "monumentenwet", "awb", "lokaal", "eu",
    "geen-regel", "energiebelasting", "wet-arhi", "whvbz", "gemeentewet", "aanbestedingswet", "bro", "bor", "barro",
    "bw", "wet-bodembescherming", "wet-milieubeheer", "wet-geurhinder", "stortbesluit", "besluit-geluidhinder",
    "interimwet-stad-en-milieubenadering", "awbz", "brp",
}  # fmt: skip
"""Every name that the description of the real cases allows."""


@pytest.fixture(scope="module")
def file():
    return read_catalogue_file()


@pytest.fixture
def data(file) -> Any:
    return copy.deepcopy(file.data)


def problems(data: Any) -> list[str]:
    with pytest.raises(CatalogueInvalid) as refused:
        parse(data)
    return [f"{problem.where} {problem.text}" for problem in refused.value.problems]


def test_the_catalogue_of_the_project_is_right():
    catalogue = read_catalogue()
    assert len(catalogue.laws) == 60
    assert len(catalogue.provisions) == 84
    assert catalogue.reference_date == date(2026, 11, 24)
    assert {law.kind for law in catalogue.laws} == set(LawKind)
    assert {provision.room_type for provision in catalogue.provisions} == set(RoomType)
    assert Counter(one.confidence for one in catalogue.provisions) == {
        Confidence.VERIFIED: 49,
        Confidence.PARTLY: 28,
        Confidence.MEMORY: 7,
    }


def test_an_incomplete_date_is_read_generously_and_kept_as_written():
    provisions = {one.key: one for one in read_catalogue().provisions}
    assert provisions["chw-2.2-amvb"].valid_to == date(2019, 6, 30)
    assert provisions["chw-2.2"].valid_from == date(2019, 7, 1)
    assert provisions["chw-2.2"].details["valid_from"] == "2019-07"
    assert provisions["web-exp-doorlopend"].valid_to == date(2022, 12, 31)


def test_every_name_that_real_cases_use_leads_to_exactly_one_law():
    names = [name for law in read_catalogue().laws for name in law.case_keys]
    assert len(names) == len(set(names))
    assert set(names) == CASE_KEYS


def test_every_law_of_a_real_case_is_in_the_catalogue():
    known = {name for law in read_catalogue().laws for name in law.case_keys}
    cases = [json.loads(line) for line in REAL_CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    used = {case["label"]["law"] for case in cases} | {rule["law"] for case in cases for rule in case["blocking"]}
    assert used <= known


def test_what_nobody_looked_up_says_so():
    for law in read_catalogue().laws:
        if law.confidence is Confidence.MEMORY and law.kind is not LawKind.COLLECTIVE:
            assert law.details["not_verified"], law.key


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["laws"][0].pop("domain"), "laws.0.domain ontbreekt"),
        (lambda data: data["laws"][0].update(colour="red"), "laws.0.colour is geen bekend veld"),
        (lambda data: data["laws"][0].update(bwb_id="37885"), "laws.0.bwb_id moet een nummer als BWBR0037885 zijn"),
        (lambda data: data["laws"][0].update(in_force_from="0000-01-01"), "laws.0.in_force_from '0000-01-01' ligt"),
        (lambda data: data["laws"][0].update(in_force_from=20240101), "laws.0.in_force_from moet een datum als tekst"),
        (lambda data: data["laws"][0].update(urls=["javascript:x"]), "laws.0.urls regel 1: moet een webadres zijn"),
        (lambda data: data["laws"][0].update(id="Ow 1"), "laws.0.id moet een sleutel"),
        (lambda data: data["provisions"][1].update(article=23.3), "provisions.1.article moet een tekst zijn"),
        (lambda data: data["provisions"][1].update(room_type="vrij"), "provisions.1.room_type moet een van deze zijn"),
        (
            lambda data: data["provisions"][1].update(decision_term={"text": "x"}),
            "provisions.1.decision_term moet prec",
        ),
        (lambda data: data["room_types"].reverse(), "room_types moet de zes soorten"),
        (lambda data: data.pop("laws"), "laws ontbreekt of is geen lijst"),
        (lambda data: data["meta"].pop("reference_date"), "meta.reference_date moet een datum als tekst zijn"),
    ],
)
def test_a_field_that_is_not_right_is_named(data, change, expected):
    change(data)
    assert any(problem.startswith(expected) for problem in problems(data))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["laws"][1].update(id="ow"), "laws.1.id 'ow' komt vaker voor in laws"),
        (lambda data: data["laws"][0].update(successor=["nooit"]), "laws.0.successor wet 'nooit' staat niet in de cat"),
        (
            lambda data: data["laws"][0].update(successor=["bbl"]),
            "laws.0.successor wet 'bbl' noemt deze wet niet terug",
        ),
        (lambda data: data["laws"][0].update(case_keys=["wpo"]), "laws.7.case_keys 'wpo' komt vaker voor"),
        (lambda data: data["laws"][0].update(in_force_to="2020"), "laws.0.in_force_to eindigt voordat het begint"),
        (lambda data: data["laws"][0].update(in_force_to="2025"), "laws.0.in_force_to past niet bij de status"),
        (lambda data: data["provisions"][0].update(law="nooit"), "provisions.0.law wet 'nooit' staat niet in de cat"),
        (lambda data: data["provisions"][0].update(replaced_by=["x"]), "provisions.0.replaced_by bepaling 'x' staat"),
        (lambda data: data["provisions"][0].update(valid_from=None), "provisions.0.start_known kan niet true zijn"),
        (
            lambda data: data["provisions"][0].update(replaced_by=["ow-23.3-2024"]),
            "provisions.0.replaced_by een bepaling",
        ),
    ],
)
def test_a_contradiction_between_entries_is_named(data, change, expected):
    change(data)
    assert any(problem.startswith(expected) for problem in problems(data))


@pytest.mark.parametrize("data", [None, [], "tekst", 3, {"laws": [], "provisions": [], "room_types": []}])
def test_anything_else_than_a_catalogue_is_refused(data):
    assert problems(data)


def test_a_problem_comes_with_the_line_it_stands_on(tmp_path):
    text = (PROJECT_DIR / "knelpunt" / "data" / "law" / "catalogue.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    place = lines.index("  room_type: experimenteerbepaling")
    lines[place] = "  room_type: vrije ruimte"
    path = tmp_path / "catalogue.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogueRefused) as refused:
        read_catalogue(path)
    summary, first, *others = str(refused.value).splitlines()
    assert summary == f"{path}: 1 probleem in de wettencatalogus"
    assert first.startswith(f"regel {place + 1}: provisions.0.room_type moet een van deze zijn: ")
    assert not others


def test_a_field_that_is_missing_points_to_the_entry(tmp_path):
    text = (PROJECT_DIR / "knelpunt" / "data" / "law" / "catalogue.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    start = lines.index("- id: chw")
    lines.remove("  abbreviation: Chw")
    path = tmp_path / "catalogue.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogueRefused, match=f"regel {start + 1}: laws.2.abbreviation ontbreekt"):
        read_catalogue(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"laws: [", "while parsing"),
        (b"laws: \xff", "geen UTF-8"),
        (b"a: 1\nb: 2\na: 3\n", "regel 3: 'a' staat er twee keer"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, expected):
    path = tmp_path / "catalogue.yaml"
    path.write_bytes(content)
    with pytest.raises(CatalogueUnreadable, match=expected):
        read_catalogue_file(path)


def test_a_file_that_asks_for_code_gets_text(tmp_path):
    path = tmp_path / "catalogue.yaml"
    path.write_text("a: !!python/object/apply:os.getcwd x\n", encoding="utf-8")
    assert read_catalogue_file(path).data == {"a": "x"}


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(CatalogueRefused, match="No such file"):
        read_catalogue(tmp_path / "nergens.yaml")
