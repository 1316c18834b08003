"""The catalogue goes from its files to the database and back without a letter changed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from knelpunt.adapters.files.catalogue import CATALOGUE_FILE
from knelpunt.commands.law_files import write_files
from knelpunt.domain.shapes import FileRefused
from knelpunt.models import Law, Provision
from knelpunt.services.laws.files import differences, export_texts
from knelpunt.services.laws.loading import load_catalogue, read_catalogue
from tests.support.catalogue import shipped_catalogue


def test_what_is_loaded_and_exported_is_what_the_files_have(session):
    load_catalogue(session, shipped_catalogue())
    texts = export_texts(session)
    files = {path.name: path.read_text(encoding="utf-8") for path in CATALOGUE_FILE.parent.glob("*.yaml")}
    assert set(texts) == set(files)
    for name, text in files.items():
        assert texts[name] == text, f"{name}: knelpunt load-reference, then knelpunt laws export knelpunt/data/law"


def test_an_export_of_a_changed_database_loads_again_and_changes_nothing(session, tmp_path):
    load_catalogue(session, shipped_catalogue())
    law = session.scalars(select(Law).where(Law.key == "lsw")).one()
    law.details = {**law.details, "citation_title": "Leegstandwet: «nieuw»", "history": law.details["history"][:1]}
    write_files(tmp_path, export_texts(session))
    catalogue = read_catalogue(tmp_path / CATALOGUE_FILE.name)
    assert load_catalogue(session, catalogue).changed_keys == ["lsw"]
    assert law.citation_title == "Leegstandwet: «nieuw»"
    assert not load_catalogue(session, read_catalogue(tmp_path / CATALOGUE_FILE.name)).is_changed
    assert not differences(session, catalogue)


def test_only_files_that_changed_are_written(session, tmp_path):
    load_catalogue(session, shipped_catalogue())
    texts = export_texts(session)
    assert write_files(tmp_path / "new", texts) == list(texts)
    assert write_files(tmp_path / "new", texts) == []
    assert write_files(tmp_path / "new", {**texts, "wonen.yaml": "laws: []\n"}) == ["wonen.yaml"]
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(texts)


def test_a_database_that_would_not_load_again_is_not_exported(session):
    load_catalogue(session, shipped_catalogue())
    row = session.scalars(select(Provision).where(Provision.key == "lsw-3")).one()
    row.details = {**row.details, "room_type": "vrij"}
    with pytest.raises(FileRefused, match=r"lsw-3\.room_type: moet een van deze zijn"):
        export_texts(session)


def test_what_differs_is_told_by_entry_and_field(session):
    load_catalogue(session, shipped_catalogue())
    catalogue = shipped_catalogue()
    assert not differences(session, catalogue)
    law = session.scalars(select(Law).where(Law.key == "chw")).one()
    law.details = {**law.details, "abbreviation": "Crisiswet"}
    lone = next(row for row in catalogue.provisions if row.key == "chw-h1")
    fewer = tuple(row for row in catalogue.provisions if row is not lone)
    more = replace(catalogue.laws[0], key="zz", in_force_from=date(2030, 1, 1))
    changed = replace(catalogue, laws=(*catalogue.laws, more), provisions=fewer)
    assert [one.in_words for one in differences(session, changed)] == [
        "law chw: abbreviation: file 'Chw', database 'Crisiswet'",
        "law zz: only in the file",
        "provision chw-h1: only in the database",
    ]
