"""A full disk, or a bucket that is away: said in words, nothing typed is lost, and the log names the cause."""

import errno
import io
import json
import os

import pytest
from sqlalchemy import func, select

from knelpunt.adapters.uploads.store import FolderStore, ObjectStore
from knelpunt.models import Attachment, Draft, Message
from tests.integration.filing.residents import begin
from tests.support.files import pdf
from tests.support.forms import fill
from tests.support.mail_server import free_port

WORDS = "Wij kunnen nu geen bestanden bewaren. Uw tekst staat er nog."
TYPED = "Dit schreef ik in een uur en het mag niet weg."


@pytest.fixture
def disk(monkeypatch):
    """``disk(number)``: from now on writing a file ends in this error of the system."""

    def break_with(number):
        def fsync(_handle):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr("knelpunt.adapters.uploads.store.os.fsync", fsync)

    return break_with


@pytest.fixture
def no_bucket(app, monkeypatch):
    """Attachments lie in a bucket behind a port on which nothing listens."""
    away = ObjectStore.s3(
        "knelpunt", endpoint=f"http://127.0.0.1:{free_port()}", region="nl", access_key_id="x", secret_access_key="y"
    )
    monkeypatch.setitem(app.config, "FILE_STORE", away)


def send(client, path, holding, **typed):
    data = {**fill(client.get(path), holding, **typed), "attachments": [(io.BytesIO(pdf()), "plan.pdf")]}
    return client.post(path, data=data, content_type="multipart/form-data")


def logged(capsys, event):
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EROFS, 503), (errno.EIO, 503)]
)
def test_a_disk_that_takes_nothing_more_keeps_the_text_of_a_draft(client, session, disk, capsys, number, status):
    key = begin(client)
    disk(number)
    answer = send(client, f"/melden/{key}/belemmering", "description", description=TYPED)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert WORDS in page and TYPED in page
    assert session.scalars(select(Draft)).one().data["description"] == TYPED
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0
    (line,) = logged(capsys, "file not kept")
    assert (line["errno"], line["errno_name"]) == (number, errno.errorcode[number])


def test_nothing_half_written_stays_on_a_full_disk(tmp_path, disk):
    store = FolderStore(tmp_path / "files")
    disk(errno.ENOSPC)
    with pytest.raises(Exception, match="OSError"):
        store.put(io.BytesIO(b"x"), 10)
    assert list(store.list_all()) == []


def test_an_addition_to_a_case_can_be_sent_again_without_its_file(app, client, session, make, disk):
    case = make.case()
    link = make.follow_link(case)
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost") + "/toevoegen"
    disk(errno.ENOSPC)
    answer = send(client, path, "body", body=TYPED)
    assert answer.status_code == 507
    assert WORDS in answer.get_data(as_text=True)
    again = client.post(path, data=fill(answer, "body"))
    assert again.status_code in (302, 303)
    assert session.scalars(select(Message.body)).all() == [TYPED]


@pytest.mark.usefixtures("no_bucket")
def test_a_bucket_that_is_away_is_said_in_words_and_soon(client, session, capsys):
    key = begin(client)
    answer = send(client, f"/melden/{key}/belemmering", "description", description=TYPED)
    assert answer.status_code == 503
    assert WORDS in answer.get_data(as_text=True) and TYPED in answer.get_data(as_text=True)
    assert session.scalars(select(Draft)).one().data["description"] == TYPED
    (line,) = logged(capsys, "file not kept")
    assert line["error"] == "StoreAway" and line["cause"]


def test_a_file_that_cannot_be_read_now_is_not_called_gone(app, client_as, make, session, monkeypatch, no_bucket):
    case = make.case()
    session.add(
        Attachment(
            case_id=case.id, stored_name="0" * 32, shown_name="a.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, created_at=make.now,
        )
    )  # fmt: skip
    session.flush()
    found = session.scalars(select(Attachment.id)).one()
    answer = client_as(make.handler()).get(f"/zaken/{case.reference}/bijlagen/{found}")
    assert answer.status_code == 503
    assert "Het is er nog" in answer.get_data(as_text=True)


def test_a_removed_file_whose_bytes_cannot_be_removed_is_removed_all_the_same(client, session, monkeypatch):
    key = begin(client)
    send(client, f"/melden/{key}/belemmering", "description", description=TYPED)
    number = session.scalars(select(Attachment.id)).one()

    def unlink(*_args, **_options):
        raise OSError(errno.EROFS, "read-only")

    path = f"/melden/{key}/bijlagen/{number}/verwijderen"
    sent = fill(client.get(path), "submission_key")
    monkeypatch.setattr("pathlib.Path.unlink", unlink)
    assert client.post(path, data=sent).status_code == 302
    monkeypatch.undo()
    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_a_full_disk_for_what_comes_in_is_said_in_words(app, client, monkeypatch, capsys):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("flask.Request._get_file_stream", full)
    answer = client.post(
        "/melden/bewoner",
        data={"title": "x", "attachments": [(io.BytesIO(b"x"), "a.pdf")]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 507
    assert "Er is nu geen plek" in answer.get_data(as_text=True)
    (line,) = logged(capsys, "fault")
    assert line["errno_name"] == "ENOSPC"
