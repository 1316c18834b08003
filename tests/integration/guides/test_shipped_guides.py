"""The ruimtewijzers that ship with the project: whole, sourced, dated, readable, and loaded once."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from knelpunt.adapters.files.guides import GuideRecord, guide_records
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.shapes import FileRefused
from knelpunt.models import Event, Guide, GuideProvision, GuideVersion
from knelpunt.queries.guides.rules import read_names
from knelpunt.services.guides.loading import load_guides, read_entries

LEAST = 25
LONGEST_SENTENCE = 25
MEAN_SENTENCE = 13
PROSE = ("question", "short_answer", "room", "who_decides", "confidence_note")
RECORDS = guide_records()


def sentences(text):
    return [part for part in re.split(r"(?<=[.?:])\s+|\n", text) if part.strip()]


def words(sentence):
    return len(re.findall(r"[\w’'.-]+", sentence))


@pytest.fixture
def entries(session):
    return read_entries(RECORDS, read_names(session))


def test_there_are_enough_and_they_touch_many_laws_and_themes(entries):
    laws = {rule["law"] for entry in entries for rule in entry.text.rules}
    assert len(entries) >= LEAST
    assert len(laws) >= 20
    assert len({entry.text.theme for entry in entries}) >= 10


def test_every_one_names_its_sources_its_rules_and_how_sure_we_are(entries):
    for entry in entries:
        text = entry.text
        assert text.sources, entry.slug
        assert text.rules, entry.slug
        assert text.confidence_note.endswith("."), entry.slug
        assert text.valid_from is not None, entry.slug
        assert text.valid_from <= date(2026, 11, 24), entry.slug
        if any(source["read"] != "full" for source in text.sources) and text.confidence == "verified":
            assert re.search(r"niet|begin|column|voorbeeld|toelichting", text.confidence_note), entry.slug


def test_every_example_has_a_source_that_is_named_or_linked(entries):
    for entry in entries:
        for example in entry.text.examples:
            assert example["url"].startswith("http"), entry.slug


@pytest.mark.parametrize(
    ("slug", "rests_on", "never_on"),
    [
        ("woningen-naast-bedrijven-geluid-en-geur", {"bkl-5.65", "bkl-5.66"}, {"ow-4.6"}),
        ("zwembad-of-zwemplas-door-vrijwilligers", {"bal-15", "ow-4.7"}, {"ow-4.6"}),
        ("kamers-verhuren-en-de-verhuurvergunning", {"wgvh-5"}, set()),
        ("giften-en-vrijwilligerswerk-met-een-uitkering", {"pw-31"}, set()),
        ("energiegemeenschap-in-de-buurt", {"energiewet-2.17"}, {"ew98-7a"}),
    ],
)
def test_a_guide_rests_on_the_rule_that_gives_its_answer(slug, rests_on, never_on):
    found = {
        rule.get("provision") for record in RECORDS if record.fields["slug"] == slug for rule in record.fields["rules"]
    }
    assert rests_on <= found
    assert not never_on & found


def test_a_ruling_is_cited_from_the_site_of_the_judges(entries):
    linked = [link["url"] for entry in entries for link in (*entry.text.sources, *entry.text.examples)]
    assert [url for url in linked if "lexboost" in url] == []
    assert [url for url in linked if "ECLI" in url and "deeplink.rechtspraak.nl" not in url] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.fields["slug"])
def test_the_language_is_plain(record):
    fields = record.fields
    text = "\n".join([*(fields[name] for name in PROSE), *fields["conditions"]])
    lengths = [words(sentence) for sentence in sentences(text)]
    assert [sentence for sentence in sentences(text) if words(sentence) > LONGEST_SENTENCE] == []
    assert sum(lengths) / len(lengths) <= MEAN_SENTENCE
    for forbidden in ("!", "helaas", "dient te", "teneinde", "middels", " wij zijn van mening"):
        assert forbidden not in text.lower(), forbidden


def test_they_are_loaded_once_and_are_public_at_once(session, desk):
    report = load_guides(desk.system)
    assert sorted(report.added) == sorted(record.fields["slug"] for record in RECORDS)
    events = session.scalar(select(func.count()).select_from(Event))
    again = load_guides(desk.system)
    assert (again.added, again.changed, again.unchanged) == ([], [], len(RECORDS))
    assert session.scalar(select(func.count()).select_from(Event)) == events
    guides = session.scalars(select(Guide)).all()
    assert {guide.status for guide in guides} == {GuideStatus.PUBLIC}
    assert all(guide.review_due_on > desk.today for guide in guides)
    assert session.scalar(select(func.count()).select_from(GuideProvision)) > LEAST


def test_a_changed_file_gives_a_new_version_and_keeps_the_old_one(session, desk):
    load_guides(desk.system)
    first = RECORDS[0]
    changed = GuideRecord(first.file, {**first.fields, "short_answer": "Ja, dat kan."})
    report = load_guides(desk.system, [changed])
    assert report.changed == [first.fields["slug"]]
    guide = session.scalars(select(Guide).where(Guide.slug == first.fields["slug"])).one()
    versions = session.scalars(
        select(GuideVersion).where(GuideVersion.guide_id == guide.id).order_by(GuideVersion.number)
    ).all()
    assert [version.short_answer for version in versions] == [first.fields["short_answer"].strip(), "Ja, dat kan."]
    assert guide.published_number == 2


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sources": []}, "'sources' moet een lijst zijn die niet leeg is"),
        ({"rules": [{"provision": "bestaat-niet", "role": "biedt_ruimte", "on": "2026-01-01"}]}, "geen bepaling"),
        ({"rules": [{"provision": "chw-2.3", "role": "biedt_ruimte", "on": "2026-01-01"}]}, "gold niet op"),
        ({"rules": [{"law": "x", "role": "biedt_ruimte", "on": "2026-01-01"}]}, "geen wet"),
        ({"valid_to": "2001-01-01"}, "'valid_to' ligt voor 'valid_from'"),
        ({"valid_from": "gisteren"}, "'valid_from' moet een dag zijn"),
        ({"theme": "ruimtevaart"}, "'theme' moet een van deze zijn"),
        ({"slug": "Met Hoofdletter"}, "'slug' heeft kleine letters"),
        ({"extra": 1}, "'extra' is geen bekend veld"),
        ({"examples": [{"place": "X", "what": "y", "url": "geen", "year": "1"}]}, "'url' moet een webadres zijn"),
    ],
)
def test_a_file_with_a_fault_is_refused_whole(session, desk, change, problem):
    wrong = GuideRecord("proef.yaml", {**RECORDS[0].fields, **change})
    with pytest.raises(FileRefused, match=re.escape(problem)):
        load_guides(desk.system, [RECORDS[1], wrong])
    assert session.scalar(select(func.count()).select_from(Guide)) == 0
