"""Files that are sent by the page's script, in several at once, or half: the answer, the reasons, and nothing left."""

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from knelpunt.domain.links import Links
from knelpunt.models import Attachment, Draft, Event, Message, Submission
from knelpunt.services.cases.attachments import MEGABYTE, AttachmentRules
from tests.integration.filing.residents import OBSTACLE, begin
from tests.support import files
from tests.support.forms import fill
from tests.support.site import Site, running_site

HALF_SENT = 200_000


def sent(client, path, *uploads, script=True, **typed):
    values = {**fill(client.get(path), "submission_key"), **typed}
    values["attachments"] = [(io.BytesIO(content), name) for name, content in uploads]
    headers = {"X-Upload": "script"} if script else {}
    return client.post(path, data=values, headers=headers, content_type="multipart/form-data")


def test_the_script_is_told_where_to_go_and_others_are_sent_there(client):
    key = begin(client)
    path = f"/melden/{key}/belemmering"
    told = sent(client, path, ("brief.pdf", files.pdf()), **OBSTACLE)
    assert (told.status_code, told.mimetype) == (200, "application/json")
    assert told.json == {"location": f"/melden/{key}/contact"}
    assert "Location" not in told.headers
    moved = sent(client, path, ("plan.pdf", files.pdf("2")), script=False, **OBSTACLE)
    assert (moved.status_code, moved.location) == (302, f"/melden/{key}/contact")


def test_what_the_next_page_says_once_waits_for_the_visitor(client):
    key = begin(client)
    told = sent(client, f"/melden/{key}/belemmering", ("fout.exe", b"MZ"), **OBSTACLE)
    assert "fout.exe" in client.get(told.json["location"]).get_data(as_text=True)


def test_each_refused_file_has_its_own_reason_and_the_text_stays(app, client, session, desk_case, monkeypatch):
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", AttachmentRules(MEGABYTE // 100, 5))
    case, path = desk_case
    big = files.pdf("x" * (MEGABYTE // 50))
    answer = sent(
        client,
        f"{path}/toevoegen",
        ("a.exe", b"MZ"),
        ("groot.pdf", big),
        ("goed.pdf", files.pdf()),
        body="Er is nieuws.",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("a.exe: ") == page.count("groot.pdf: ") == 2  # on top, and beside the field
    assert "Er is nieuws." in page
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0
    assert session.scalar(select(func.count()).select_from(Message).where(Message.case_id == case.id)) == 0


def test_there_is_room_for_all_files_of_the_greatest_size_with_a_form_and_for_no_more(app, client):
    rules, room = app.config["ATTACHMENT_RULES"], app.config["MAX_CONTENT_LENGTH"]
    assert room >= rules.max_per_case * rules.max_bytes + app.config["MAX_FORM_MEMORY_SIZE"]
    path = f"/melden/{begin(client)}/belemmering"
    statuses = [
        client.post(
            path, content_type="multipart/form-data", environ_overrides={"CONTENT_LENGTH": str(length)}
        ).status_code
        for length in (room, room + 1)
    ]
    assert statuses == [400, 413], "one that fits is read, and then there is nothing in it"


def test_the_page_says_how_many_may_still_come_and_when_it_is_full(client, desk_case):
    _case, path = desk_case
    for number in range(5):
        page = client.get(f"{path}/toevoegen").get_data(as_text=True)
        assert f'data-held="{number}"' in page
        assert (
            sent(client, f"{path}/toevoegen", (f"{number}.pdf", files.pdf(str(number))), body="Nog een.").status_code
            == 200
        )
    full = client.get(f"{path}/toevoegen").get_data(as_text=True)
    assert "Er zijn al 5 bestanden bij deze melding" in full
    assert 'type="file"' not in full


def test_a_second_answer_leads_where_the_first_one_did(client, session, desk_case):
    _case, path = desk_case
    values = {**fill(client.get(f"{path}/toevoegen"), "submission_key"), "body": "Zie de brief."}
    answers = [
        client.post(
            f"{path}/toevoegen",
            data={**values, "attachments": [(io.BytesIO(files.pdf()), "brief.pdf")]},
            headers={"X-Upload": "script"},
            content_type="multipart/form-data",
        )
        for _ in range(2)
    ]
    assert [answer.json for answer in answers] == [{"location": path}] * 2
    assert session.scalar(select(func.count()).select_from(Attachment)) == 1


def test_a_lost_session_is_told_and_nothing_is_kept(client, session, make):
    case = make.case()
    answer = client.post(
        f"/zaken/{case.reference}/bijlage",
        data={"attachments": [(io.BytesIO(files.pdf()), "brief.pdf")]},
        headers={"X-Upload": "script"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 401
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


@pytest.fixture
def desk_case(make, app):
    """A resident's case, and the path of its follow page."""
    case = make.case()
    link = make.follow_link(case)
    return case, app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")


@pytest.fixture(scope="module")
def live(database_server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    folder = tmp_path_factory.mktemp("half")
    with running_site(database_server, folder) as site:
        yield site, folder


def test_a_body_that_stops_half_way_leaves_nothing_behind(live):
    site, folder = live
    address = urlsplit(site.url)
    with site.factory() as make:
        case = make.case()
        link = make.follow_link(case)
        case_id, public_id, nonce = case.id, link.public_id, link.nonce
        before = make.session.scalar(select(func.max(Event.number)))
    path = urlsplit(Links(site.url, site.config.secret_key).follow(public_id, nonce)).path + "/toevoegen"
    body = (
        b'--grens\r\nContent-Disposition: form-data; name="body"\r\n\r\nHalf verstuurd.\r\n'
        b'--grens\r\nContent-Disposition: form-data; name="attachments"; filename="brief.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + files.pdf() + b"x" * HALF_SENT
    )
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: multipart/form-data; boundary=grens\r\n"
        f"Content-Length: {len(body) * 2}\r\n\r\n"
    ).encode()
    for _ in range(3):
        with socket.create_connection((address.hostname, address.port), timeout=5) as wire:
            wire.sendall(head + body)
    time.sleep(0.5)
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Attachment)) == 0
        assert session.scalar(select(func.count()).select_from(Message).where(Message.case_id == case_id)) == 0
        assert session.scalar(select(func.count()).select_from(Submission)) == 0
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
        assert session.scalar(select(func.max(Event.number))) == before
    kept = [
        path for path in folder.rglob("*") if path.is_file() and path.parent.name == site.config.attachments_dir.name
    ]
    assert [path for path in kept if b"x" * 1000 in path.read_bytes()] == []
    site.wait_until_up()
