"""The loader can run as often as one likes, keeps what cases point at, and lets a second process wait."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from knelpunt.domain.shapes import FileRefused
from knelpunt.models import Law, LawSuccession, Provision, ProvisionSuccession
from knelpunt.services.laws.loading import load_catalogue, read_catalogue
from tests.support.catalogue import shipped_catalogue


def sizes(session) -> list[int]:
    tables = (Law, Provision, LawSuccession, ProvisionSuccession)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def ids(session) -> dict[str, int]:
    return {row.key: row.id for row in session.execute(select(Provision.key, Provision.id))}


def test_a_second_load_changes_nothing_and_says_so(session):
    load_catalogue(session, shipped_catalogue())
    before, known = sizes(session), ids(session)
    report = load_catalogue(session, shipped_catalogue())
    assert not report.is_changed
    assert (report.added, report.changed, report.unchanged) == (0, 0, sum(before[:2]))
    assert report.in_words == f"Wettencatalogus: niets gewijzigd ({sum(before[:2])} wetten en bepalingen)."
    assert (sizes(session), ids(session)) == (before, known)


def test_the_whole_catalogue_stands_in_the_tables(session):
    load_catalogue(session, shipped_catalogue())
    catalogue = shipped_catalogue()
    assert sizes(session)[:2] == [len(catalogue.laws), len(catalogue.provisions)]
    provision = session.scalars(select(Provision).where(Provision.key == "chw-aanmelding")).one()
    assert (provision.valid_from, provision.valid_to) == (date(2019, 7, 1), date(2023, 12, 31))
    assert provision.details["valid_from"] == "2019-07"
    law = session.scalars(select(Law).where(Law.key == "pw")).one()
    assert law.case_keys == ["participatiewet"]


def test_a_changed_entry_keeps_its_id_and_is_reported(session):
    load_catalogue(session, shipped_catalogue())
    catalogue, known = shipped_catalogue(), ids(session)
    changed = replace(catalogue.provisions[0], instrument="Iets anders")
    report = load_catalogue(session, replace(catalogue, provisions=(changed, *catalogue.provisions[1:])))
    assert (report.changed_keys, report.added_keys) == ([changed.key], [])
    assert ids(session) == known
    session.expire_all()
    assert session.get_one(Provision, known[changed.key]).instrument == "Iets anders"
    assert "1 gewijzigd" in report.in_words


def test_an_entry_that_vanished_from_the_file_stays_and_is_reported(session):
    load_catalogue(session, shipped_catalogue())
    catalogue, before = shipped_catalogue(), sizes(session)
    lone = next(row for row in catalogue.provisions if row.key == "chw-h1")
    fewer = replace(catalogue, provisions=tuple(row for row in catalogue.provisions if row is not lone))
    report = load_catalogue(session, fewer)
    assert report.kept == ["chw-h1"]
    assert "Niet meer in het bestand, wel bewaard: chw-h1." in report.in_words
    assert sizes(session) == before


def test_a_succession_that_changed_is_set_right(session):
    load_catalogue(session, shipped_catalogue())
    catalogue = shipped_catalogue()
    alone = tuple(replace(row, replaced_by=()) for row in catalogue.provisions)
    assert load_catalogue(session, replace(catalogue, provisions=alone)).successions_changed > 20
    assert sizes(session)[3] == 0
    assert load_catalogue(session, shipped_catalogue()).successions_changed > 20
    assert not load_catalogue(session, shipped_catalogue()).is_changed


def test_a_catalogue_that_is_not_right_leaves_everything_as_it_was(session, tmp_path):
    load_catalogue(session, shipped_catalogue())
    before = sizes(session)
    path = tmp_path / "catalogue.yaml"
    path.write_text("meta:\n  reference_date: '2026-11-24'\nroom_types: []\nlaws: []\nprovisions: []\n", "utf-8")
    with pytest.raises(FileRefused):
        load_catalogue(session, read_catalogue(path))
    assert sizes(session) == before
