"""The files of open data that the worker makes: whole, once, and gone as soon as something in them was taken back."""

import csv
import gzip
import hashlib
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pyarrow.parquet
import pytest
from sqlalchemy import select

from knelpunt.domain.privacy.requests import PrivacyEvent
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import JobProgress, OpenDataFile
from knelpunt.queries.core.reference import _PUBLIC_KEY, SESSION_KEY
from knelpunt.queries.public.files import COLUMNS_VERSION, KEPT, all_files, is_due, lasting_name
from knelpunt.services.cases import attachments, publication
from knelpunt.services.core import events
from knelpunt.services.jobs import open_data
from knelpunt.web.shared.open_data import bulk
from tests.support.statements import counted

BASE = "http://localhost"


@pytest.fixture
def make_files(app, session, desk):
    """Makes the files as the worker does, at the desk's instant; gives the names of those made and of those removed."""

    def made() -> tuple[list[str], list[str]]:
        session.info.pop(SESSION_KEY, None)
        session.info.pop(_PUBLIC_KEY, None)
        wanted = bulk.wanted(session, app.config["DATA_SETS"], BASE)
        done = list(open_data.make(session, app.config["FILE_STORE"], wanted, desk.now, session.commit))
        return [each.name for each in done if not each.is_removed], [each.name for each in done if each.is_removed]

    return made


def of(names: list[str], data_set: str, ending: str) -> str:
    return next(name for name in names if name.startswith(f"{data_set}-v1-") and name.endswith(ending))


def test_how_far_it_is_can_be_read_while_files_are_made(app, session, published, desk, monkeypatch):
    """Each file that is begun is told in a transaction of its own, so that an administrator sees it."""
    published()
    told = []

    def commit():
        row = session.scalars(select(JobProgress).execution_options(populate_existing=True)).one_or_none()
        if row is not None and (row.done, row.doing) not in told:
            told.append((row.done, row.doing))
        session.commit()

    wanted = bulk.wanted(session, app.config["DATA_SETS"], BASE)
    list(open_data.make(session, app.config["FILE_STORE"], wanted, desk.now, commit))
    assert told == [
        *((done, f"{one.data_set} ({one.form})") for done, one in enumerate(wanted)), (len(wanted), "")
    ]  # fmt: skip
    kept = session.scalars(select(JobProgress)).one()
    assert (kept.name, kept.total, kept.started_at) == ("open-data", len(wanted), desk.now)


def test_every_form_holds_every_public_case(client, session, published, private_words, make_files):
    case = published()
    made, _removed = make_files()
    assert len(made) == 6 * 3
    lines = gzip.decompress(client.get(f"/open-data/versies/{of(made, 'knelpunten', '.jsonl.gz')}").data).decode()
    (record,) = [json.loads(line) for line in lines.splitlines()]
    table = gzip.decompress(client.get(f"/open-data/versies/{of(made, 'knelpunten', '.csv.gz')}").data).decode()
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")), delimiter=";")
    packed = client.get(f"/open-data/versies/{of(made, 'knelpunten', '.parquet')}").data
    (columns,) = pyarrow.parquet.read_table(io.BytesIO(packed)).to_pylist()
    assert record["nummer"] == row["nummer"] == columns["nummer"] == case.reference
    assert list(record) == list(row) == list(columns)
    assert not [word for word in private_words(case) if word in lines + table + str(columns)]


def test_a_file_is_told_with_its_size_and_checksum(client, session, published, make_files):
    published()
    made, _removed = make_files()
    answer = client.get(f"/open-data/versies/{of(made, 'knelpunten', '.jsonl.gz')}")
    assert answer.content_length == len(answer.data)
    checksum = hashlib.sha256(answer.data).hexdigest()
    assert checksum in client.get("/open-data").text
    files = [
        file
        for each in json.loads(client.get("/open-data/catalogus.jsonld").text)["dcat:dataset"]
        for file in each["dcat:distribution"]
    ]
    told = next(file for file in files if file["@id"].endswith(of(made, "knelpunten", ".jsonl.gz")))
    assert told["spdx:checksum"]["spdx:checksumValue"]["@value"] == checksum
    assert told["dcat:byteSize"]["@value"] == str(len(answer.data))


def test_a_name_without_day_and_mark_leads_to_the_newest(client, session, desk, published, make_files):
    case = published()
    old, _removed = make_files()
    session.query(OpenDataFile).update({"public_version": "another"})
    desk.later(1)
    new, _removed = make_files()
    for form in ("jsonl.gz", "csv.gz", "parquet"):
        answer = client.get(f"/open-data/versies/knelpunten-v1.{form}")
        assert answer.status_code == 302
        assert answer.location.endswith(of(new, "knelpunten", f".{form}")), form
        assert of(old, "knelpunten", f".{form}") not in answer.location
    shown = re.search(r'href="(/open-data/versies/[a-z]+-v1\.[a-z.]+)"', client.get("/open-data").text)[1]
    assert client.get(shown).status_code == 302
    for other in ("knelpunten-v2.parquet", "knelpunten.parquet", "-v1.parquet", "knelpunten-v1.txt"):
        assert client.get(f"/open-data/versies/{other}").status_code == 404, other
    desk.now += timedelta(minutes=5)
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    session.flush()
    assert client.get("/open-data/versies/knelpunten-v1.parquet").status_code == 503, "it comes back"


def test_every_download_says_its_licence(client, make_files):
    made, _removed = make_files()
    sets = (
        "knelpunten.csv", "knelpunten.jsonl", "regelknelpunten.csv", "regelknelpunten.jsonl", "wetten.csv",
        "wetten.jsonl", "bepalingen.jsonl", "bepalingen.jsonld", "ruimtewijzers.jsonl", "ruimtewijzers.jsonld",
        f"versies/{made[0]}",
    )  # fmt: skip
    links = {client.get(f"/open-data/{name}").headers["Link"] for name in sets}
    assert links == {'<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"'}


def test_a_download_that_broke_off_goes_on_where_it_stopped(client, published, make_files):
    published()
    made, _removed = make_files()
    address = f"/open-data/versies/{of(made, 'knelpunten', '.jsonl.gz')}"
    whole = client.get(address).data
    rest = client.get(address, headers={"Range": "bytes=10-"})
    assert (rest.status_code, rest.data) == (206, whole[10:])
    assert client.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_nothing_is_made_again_until_what_is_public_changed(session, desk, published, make_files, app):
    assert is_due(session, desk.today, desk.now - KEPT)
    assert make_files()[0]
    assert make_files() == ([], [])
    assert not is_due(session, desk.today, desk.now - KEPT)
    session.query(OpenDataFile).update({"public_version": "another"})
    assert make_files() == ([], [])  # there is one of today
    desk.later(1)
    made, removed = make_files()
    assert len(made) == 18
    assert removed == []


def test_after_an_upgrade_with_new_columns_all_files_are_made_again(session, desk, published, make_files):
    published()
    make_files()
    desk.later(1)
    assert not is_due(session, desk.today, desk.now - KEPT)
    session.query(OpenDataFile).update({"columns_version": COLUMNS_VERSION - 1})
    assert is_due(session, desk.today, desk.now - KEPT)
    made, removed = make_files()
    assert (len(made), removed) == (18, [])
    assert not is_due(session, desk.today, desk.now - KEPT)
    assert make_files() == ([], [])


def test_other_columns_have_another_version(app):
    """Raise ``COLUMNS_VERSION`` with what is written down here, and tell the change in ``CHANGES``."""
    heads = {one.name: one.heads for one in app.config["DATA_SETS"]}
    mark = hashlib.sha256(json.dumps(heads, sort_keys=True).encode()).hexdigest()[:8]
    assert (COLUMNS_VERSION, mark) == (2, "88adaf98")


def test_work_that_was_ended_half_way_is_done_again(app, session, desk, make_files):
    def stop(_file):
        raise OSError("no room")

    wanted = bulk.wanted(session, app.config["DATA_SETS"], BASE)
    wanted[7] = replace(wanted[7], write=stop)
    with pytest.raises(OSError, match="no room"):
        list(open_data.make(session, app.config["FILE_STORE"], wanted, desk.now, session.commit))
    assert all_files(session) == []
    assert is_due(session, desk.today, desk.now - KEPT)
    assert len(make_files()[0]) == 18


def test_what_was_withdrawn_is_in_no_file_from_that_moment_on(client, session, desk, published, make_files):
    case = published()
    made, _removed = make_files()
    name = of(made, "knelpunten", ".jsonl.gz")
    desk.later(0)
    desk.now += timedelta(minutes=5)
    publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
    session.flush()
    assert client.get(f"/open-data/versies/{name}").status_code == 404
    assert name not in client.get("/open-data").text
    lasting = client.get(f"/open-data/versies/{lasting_name(name)}")
    assert (lasting.status_code, lasting.headers["Retry-After"]) == (503, "3600")
    assert client.get(f"/open-data/versies/{lasting_name(name).replace('knelpunten', 'onbekend')}").status_code == 404
    desk.now += timedelta(minutes=5)
    made, removed = make_files()
    assert name in removed
    lines = gzip.decompress(client.get(f"/open-data/versies/{of(made, 'knelpunten', '.jsonl.gz')}").data)
    assert lines == b""
    assert client.get(f"/open-data/versies/{lasting_name(name)}").status_code == 302


def test_a_name_of_no_file_is_looked_up_in_two_statements(client, connection, make_files):
    make_files()
    with counted(connection) as sent:
        assert client.get("/open-data/versies/onbekend-v1.csv.gz").status_code == 404
    assert len([each for each in sent if "FROM open_data_files" in each or "FROM events" in each]) == 2


@pytest.mark.parametrize("kind", [PrivacyEvent.OPENED, PrivacyEvent.SEARCHED, PrivacyEvent.EXPORTED])
def test_what_takes_nothing_away_leaves_the_files(client, desk, make_files, kind):
    made, _removed = make_files()
    desk.now += timedelta(minutes=5)
    events.record(desk.context(desk.handler), kind, subject="avg_verzoek:1")
    assert client.get(f"/open-data/versies/{made[0]}").status_code == 200


@pytest.mark.parametrize("kind", [PrivacyEvent.DONE, EventKind.ARCHIVED])
def test_what_takes_text_away_ends_all_files_of_before(client, desk, make_files, kind):
    made, _removed = make_files()
    desk.now += timedelta(minutes=5)
    events.record(desk.context(desk.handler), kind, subject="avg_verzoek:1")
    assert client.get(f"/open-data/versies/{made[0]}").status_code == 404


def test_what_was_withdrawn_while_a_file_was_made_is_not_given_out(client, session, app, desk, published):
    case = published()

    def withdrawn_after(file):
        """The request to withdraw began before the making did, and commits when all was read."""
        lines = last.write(file)
        publication.withdraw_publication(desk.context(desk.handler), case.reference, case.version, "Op verzoek.")
        session.flush()
        return lines

    *others, last = bulk.wanted(session, app.config["DATA_SETS"], BASE)
    wanted, later = [*others, replace(last, write=withdrawn_after)], desk.now + timedelta(hours=1)
    made = [each.name for each in open_data.make(session, app.config["FILE_STORE"], wanted, later, session.commit)]
    assert len(made) == 18
    assert {client.get(f"/open-data/versies/{name}").status_code for name in made} == {404}


def test_an_old_version_goes_after_its_term_and_its_bytes_with_it(app, session, desk, make_files):
    made, _removed = make_files()
    stored = session.get_one(OpenDataFile, made[0]).stored_name
    session.query(OpenDataFile).update({"public_version": "another"})
    desk.later(KEPT.days + 1)
    assert make_files()[1] == []  # it was the newest until now
    desk.now += timedelta(hours=1)
    _made, removed = make_files()
    assert set(made) == set(removed)
    with pytest.raises(FileNotFoundError):
        app.config["FILE_STORE"].open(stored)


def test_the_sweeper_leaves_files_of_open_data(app, session, desk, make_files):
    made, _removed = make_files()
    desk.later(3)
    attachments.sweep(session, app.config["FILE_STORE"], desk.now)
    app.config["FILE_STORE"].open(session.get_one(OpenDataFile, made[0]).stored_name).close()
