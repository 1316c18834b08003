"""The catalogue file is whole, and what is not right in one is told with its line."""

import copy
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config import PROJECT_DIR
from knelpunt.adapters.files.catalogue import CATALOGUE_FILE, read_catalogue_file
from knelpunt.domain.laws.catalogue import LawEntry, parse
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.domain.shapes import FileRefused, InvalidData
from knelpunt.services.laws.loading import read_catalogue
from tests.support.catalogue import shipped_catalogue

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
ONLY_BLOCKING = {
    "bro", "bor", "barro", "bw", "wet-bodembescherming", "wet-milieubeheer", "wet-geurhinder", "stortbesluit",
    "besluit-geluidhinder", "interimwet-stad-en-milieubenadering", "awbz", "brp",
}  # fmt: skip
"""The names under which a real case only ever has what stood in its way."""


@pytest.fixture(scope="module")
def file():
    return read_catalogue_file()


@pytest.fixture
def data(file) -> Any:
    return copy.deepcopy(file.data)


def problems(data: Any) -> list[str]:
    with pytest.raises(InvalidData) as refused:
        parse(data)
    return [f"{problem.where} {problem.text}" for problem in refused.value.faults]


def test_the_catalogue_of_the_project_is_right():
    catalogue = shipped_catalogue()
    assert len(catalogue.laws) >= 60
    assert len(catalogue.provisions) >= 84
    assert catalogue.reference_date == date(2026, 11, 24)
    assert {law.kind for law in catalogue.laws} == set(LawKind)
    assert {provision.room_type for provision in catalogue.provisions} == set(RoomType)
    assert {provision.confidence for provision in catalogue.provisions} == set(Confidence)


def test_an_incomplete_date_is_read_generously_and_kept_as_written(data):
    provisions = {one.key: one for one in shipped_catalogue().provisions}
    assert provisions["eu-daeb-2025"].valid_from == date(2026, 1, 1)
    assert provisions["chw-aanmelding"].valid_from == date(2019, 7, 1)
    assert provisions["chw-aanmelding"].details["valid_from"] == "2019-07"
    assert provisions["web-exp-doorlopend"].valid_to == date(2022, 7, 31)
    next(row for row in data["provisions"] if row["id"] == "web-exp-doorlopend")["valid_to"] = "2022"
    year_only = {one.key: one for one in parse(data).provisions}["web-exp-doorlopend"]
    assert (year_only.valid_to, year_only.details["valid_to"]) == (date(2022, 12, 31), "2022")


def test_every_name_that_real_cases_use_leads_to_exactly_one_law():
    names = [name for law in shipped_catalogue().laws for name in law.case_keys]
    assert len(names) == len(set(names))
    assert set(names) == CASE_KEYS


def test_a_law_is_counted_under_a_name_of_real_cases_or_else_under_its_own_key():
    laws = {law.key: law for law in shipped_catalogue().laws}
    counted = {key: laws[key].case_key for key in ("ow", "buchw", "energiewet", "hvw", "gaswet")}
    assert counted == {
        "ow": "omgevingswet",
        "buchw": "crisis-en-herstelwet",
        "energiewet": "elektriciteitswet",
        "hvw": "huisvestingswet",
        "gaswet": "gaswet",
    }
    assert all(len(law.case_keys) <= 1 for law in laws.values())


def test_every_law_of_a_real_case_is_in_the_catalogue():
    known = {name for law in shipped_catalogue().laws for name in law.case_keys}
    cases = [json.loads(line) for line in REAL_CASES.read_text(encoding="utf-8").splitlines() if line.strip()]
    used = {case["label"]["law"] for case in cases} | {rule["law"] for case in cases for rule in case["blocking"]}
    assert used <= known


def test_every_law_is_described_in_situations_that_differ_and_one_that_offers_room_in_many():
    seen: set[str] = set()
    for law in shipped_catalogue().laws:
        offers_room = bool(law.case_keys) and law.case_key not in ONLY_BLOCKING
        assert len(law.situations) >= (10 if offers_room else 3), law.key
        assert len(set(law.trigger_words)) == len(law.trigger_words), law.key
        assert not seen & set(law.situations), law.key
        seen |= set(law.situations)


def test_what_nobody_looked_up_says_so():
    catalogue = shipped_catalogue()
    for entry in (*catalogue.laws, *catalogue.provisions):
        is_collective = isinstance(entry, LawEntry) and entry.kind is LawKind.COLLECTIVE
        if entry.confidence is Confidence.MEMORY and not is_collective:
            assert entry.details["not_verified"], entry.key


def test_a_provision_holds_within_the_time_of_its_law_or_says_that_it_runs_on():
    catalogue = shipped_catalogue()
    laws = {law.key: law for law in catalogue.laws}
    for row in catalogue.provisions:
        law = laws[row.law_key]
        if law.in_force_from and row.valid_from and row.start_is_known:
            assert row.valid_from >= law.in_force_from, row.key
        if law.in_force_to and (row.valid_to is None or row.valid_to > law.in_force_to):
            assert row.details["carry_over"], row.key


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda data: data["laws"][0].pop("domain"), "laws.0.domain ontbreekt"),
        (lambda data: data["laws"][0].update(colour="red"), "laws.0.colour is geen bekend veld"),
        (lambda data: data["laws"][0].update(bwb_id="37885"), "laws.0.bwb_id moet een nummer als BWBR0037885 zijn"),
        (lambda data: data["laws"][0].update(in_force_from="0000-01-01"), "laws.0.in_force_from '0000-01-01' ligt"),
        (lambda data: data["laws"][0].update(in_force_from=20240101), "laws.0.in_force_from moet een datum als tekst"),
        (lambda data: data["laws"][0].update(urls=["javascript:x"]), "laws.0.urls.0 moet een webadres zijn"),
        (lambda data: data["laws"][0].update(id="Ow 1"), "laws.0.id moet een sleutel"),
        (lambda data: data["laws"][0].update(situations=[]), "laws.0.situations moet ten minste een tekst noemen"),
        (
            lambda data: data["provisions"][0].update(situations=[" "]),
            "provisions.0.situations.0 moet een tekst",
        ),
        (lambda data: data["provisions"][0].update(trigger_words=[]), "provisions.0.trigger_words moet ten minste een"),
        (lambda data: data["provisions"][1].update(article=23.3), "provisions.1.article moet een tekst zijn"),
        (lambda data: data["provisions"][1].update(room_type="vrij"), "provisions.1.room_type moet een van deze zijn"),
        (
            lambda data: data["provisions"][1].update(decision_term={"text": "x"}),
            "provisions.1.decision_term.weeks ontbreekt",
        ),
        (lambda data: data["room_types"].reverse(), "room_types moet de zes soorten"),
        (lambda data: data.pop("laws"), "laws ontbreekt"),
        (lambda data: data["families"].append("wonen"), "families moet elk bestand met wetten een keer noemen"),
        (lambda data: data["meta"].pop("reference_date"), "meta.reference_date ontbreekt"),
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
        (
            lambda data: data["laws"][1].update(case_keys=["omgevingswet"]),
            "laws.1.case_keys 'omgevingswet' komt vaker voor in case_keys",
        ),
        (lambda data: data["laws"][0].update(counts_as="wpo"), "laws.0.counts_as hoort alleen bij een wet zonder"),
        (lambda data: data["laws"][1].update(counts_as="nooit"), "laws.1.counts_as hoort alleen bij een wet zonder"),
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


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the files that one may spoil."""
    return Path(shutil.copytree(CATALOGUE_FILE.parent, tmp_path / "law"))


def spoil(path: Path, change: Callable[[list[str]], None]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    change(lines)
    path.write_text("\n".join(lines), encoding="utf-8")


def refusal(folder: Path) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read_catalogue(folder / CATALOGUE_FILE.name)
    return str(refused.value).splitlines()


def test_a_problem_comes_with_the_file_and_the_line_it_stands_on(folder):
    path = folder / "wonen.yaml"
    place = path.read_text(encoding="utf-8").splitlines().index("  room_type: maatwerk/ontheffing")
    spoil(path, lambda lines: lines.__setitem__(place, "  room_type: vrije ruimte"))
    summary, first, *others = refusal(folder)
    assert summary == f"{folder / CATALOGUE_FILE.name}: 1 probleem in de wettencatalogus"
    assert first.startswith(f"wonen.yaml regel {place + 1}: provisions.")
    assert "room_type moet een van deze zijn: " in first
    assert not others


def test_a_field_that_is_missing_points_to_the_entry(folder):
    path = folder / "crisis-en-herstelwet.yaml"
    start = path.read_text(encoding="utf-8").splitlines().index("- id: chw")
    spoil(path, lambda lines: lines.remove("  abbreviation: Chw"))
    assert refusal(folder)[1].startswith(f"crisis-en-herstelwet.yaml regel {start + 1}: laws.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("laws: []\n", "wonen.yaml regel 1: 'provisions' ontbreekt"),
        ("laws: {}\nprovisions: []\n", "wonen.yaml regel 1: 'laws' moet een lijst zijn"),
        ("laws: []\nprovisions:\n- id: x\n  law: ow\n", "regel 3: 'x' hoort in het bestand van haar wet"),
        ("laws: []\nlaws: []\nprovisions: []\n", "regel 2: 'laws' staat er twee keer"),
    ],
)
def test_a_file_of_a_family_that_does_not_fit_is_refused_in_words(folder, text, expected):
    (folder / "wonen.yaml").write_text(text, encoding="utf-8")
    assert expected in refusal(folder)[0]


def test_a_file_that_is_named_and_not_there_is_refused_in_words(folder):
    (folder / "wonen.yaml").unlink()
    assert "wonen.yaml: No such file" in refusal(folder)[0]


def test_every_file_of_the_folder_belongs_to_the_catalogue(file):
    names = {path.stem for path in CATALOGUE_FILE.parent.glob("*.yaml")} - {CATALOGUE_FILE.stem}
    assert set(file.data["families"]) == names
    assert {law["family"] for law in file.data["laws"]} == names


def test_no_file_is_too_long_to_read():
    for path in CATALOGUE_FILE.parent.glob("*.yaml"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 3200, path.name


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"laws: [", "while parsing"),
        (b"laws: \xff", "geen UTF-8"),
        (b"a: 1\nb: 2\na: 3\n", "catalogue.yaml: regel 3: 'a' staat er twee keer"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, content, expected):
    path = tmp_path / "catalogue.yaml"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=expected):
        read_catalogue_file(path)


def test_a_file_that_asks_for_code_gets_text(tmp_path):
    path = tmp_path / "catalogue.yaml"
    path.write_text("a: !!python/object/apply:os.getcwd x\n", encoding="utf-8")
    assert read_catalogue_file(path).data == {"a": "x"}


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(FileRefused, match="No such file"):
        read_catalogue(tmp_path / "nergens.yaml")
