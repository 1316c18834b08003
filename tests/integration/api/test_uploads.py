"""A file that comes by pieces: it goes on where the line broke, and is no attachment before it is whole."""

import base64
import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from gunicorn.http.errors import ChunkMissingTerminator
from sqlalchemy import select

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.extensions import db
from knelpunt.models import Upload
from knelpunt.services.cases import attachments
from knelpunt.services.core import stored_files
from knelpunt.services.filing import uploads
from knelpunt.services.jobs import upkeep
from tests.integration.api.conftest import PDF, V1, System
from tests.integration.api.test_organisation import filed

SIZE = len(PDF)
HALF = SIZE // 2


class Broken(io.BytesIO):
    """A piece in chunks, of which the line breaks between two."""

    def readinto(self, into):
        if not (size := super().readinto(into)):
            raise ChunkMissingTerminator(b"")
        return size


def tus(system, method, path, piece=None, told=None, *, in_chunks=False, **headers):
    """One request by the protocol; ``told`` is how long the piece is said to be. ``in_chunks`` is as the web server
    gives it on: that ends the body itself."""
    sent = {"Authorization": f"Bearer {system.token}", "Tus-Resumable": "1.0.0"}
    sent.update({name.replace("_", "-"): str(value) for name, value in headers.items()})
    body = {}
    if piece is not None:
        stream = io.BytesIO(piece) if isinstance(piece, bytes) else piece
        body = {"input_stream": stream, "content_type": "application/offset+octet-stream"}
        body["environ_overrides"] = {"wsgi.input_terminated": True} if in_chunks else {}
        sent["Content-Length"] = str(len(stream.getbuffer()) if told is None else told)
    answer = system.app.test_client().open(f"{V1}{path}", method=method, headers=sent, **body)
    system.session.expire_all()
    return answer


def begun(system, size=SIZE):
    answer = tus(system, "POST", "/uploads", Upload_Length=size, Upload_Metadata="filename YnJpZWYucGRm")
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"].endswith(f"/api/v1/uploads/{answer.json['sleutel']}")
    return f"/uploads/{answer.json['sleutel']}"


def add(system, path, key, name="brief.pdf", **more):
    data = {"upload": path.rpartition("/")[2], "naam": name, **more}
    headers = {"Authorization": f"Bearer {system.token}", "Idempotency-Key": key}
    answer = system.app.test_client().post(f"{V1}{key}", data=data, headers=headers, content_type="multipart/form-data")
    system.session.expire_all()
    return answer


def rows(system):
    its = select(Upload).where(Upload.organisation_id == system.organisation.id).order_by(Upload.id)
    return system.session.scalars(its).all()


def test_a_file_goes_on_where_the_line_broke_and_becomes_an_attachment_when_it_is_whole(system):
    draft = f"/concepten/{system.draft()['sleutel']}/bijlagen"
    path = begun(system)
    assert tus(system, "PATCH", path, PDF[:HALF], told=SIZE, Upload_Offset=0).status_code == 204  # the line broke
    where = tus(system, "HEAD", path)
    assert (where.headers["Upload-Offset"], where.headers["Upload-Length"]) == (str(HALF), str(SIZE))
    assert (where.headers["Cache-Control"], where.headers["Tus-Resumable"]) == ("no-store", "1.0.0")
    again = tus(system, "PATCH", path, PDF, Upload_Offset=0)
    assert (again.status_code, again.content_type) == (409, "application/problem+json")
    assert add(system, path, draft).status_code == 422  # half a file is none
    rest = PDF[HALF:]
    right = base64.b64encode(hashlib.sha256(rest).digest()).decode()
    wrong = tus(system, "PATCH", path, rest[:-1] + b"x", Upload_Offset=HALF, Upload_Checksum=f"sha256 {right}")
    assert wrong.status_code == 460
    assert tus(system, "PATCH", path, rest, Upload_Offset=HALF, Upload_Checksum="md5 x").status_code == 400
    done = tus(system, "PATCH", path, rest, Upload_Offset=HALF, Upload_Checksum=f"sha256 {right}")
    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(SIZE))
    assert [each["ontvangen"] for each in system.get("/uploads").json["items"]] == [SIZE]
    files = system.app.config["FILE_STORE"]
    (row,) = rows(system)
    pieces = list(row.pieces)
    assert add(system, path, draft, "brief.odt").status_code == 422  # by the checks of every attachment
    kept = add(system, path, draft)
    assert kept.status_code == 201, kept.json
    assert (kept.json["naam"], kept.json["sha256"]) == ("brief.pdf", hashlib.sha256(PDF).hexdigest())
    assert add(system, path, draft).json["id"] == kept.json["id"]  # sent twice, done once
    assert tus(system, "HEAD", path).status_code == 404
    assert rows(system) == []
    left = {name for name, _written in files.list_all()}
    assert not left & set(pieces)


def test_pieces_are_read_while_no_transaction_is_open(system, monkeypatch):
    number = filed(system)
    paths = [f"/concepten/{system.draft()['sleutel']}/bijlagen", f"/zaken/{number}/bijlagen"]
    busy = []

    def opened(files, name, opens=stored_files.open_file):
        busy.append(db.session.in_transaction())
        return opens(files, name)

    monkeypatch.setattr(stored_files, "open_file", opened)
    for path in paths:
        upload = begun(system)
        tus(system, "PATCH", upload, PDF[:HALF], Upload_Offset=0)
        tus(system, "PATCH", upload, PDF[HALF:], Upload_Offset=HALF)
        more = {"toelichting": "De brief."} if "zaken" in path else {}
        assert add(system, upload, path, **more).status_code == 201
    assert busy == [False] * 4


def test_a_piece_that_is_gone_or_an_upload_that_changed_is_refused(session, desk, tmp_path):
    files = FolderStore(tmp_path)
    by = desk.as_(desk.make.actor(desk.make.filer(desk.make.organisation())))
    key = uploads.begin(by, SIZE).public_id
    uploads.add_piece(by, files, key, 0, io.BytesIO(PDF[:HALF]))
    assert uploads.pieces_of(by, key) == ()
    uploads.add_piece(by, files, key, HALF, io.BytesIO(PDF[HALF:]))
    pieces = uploads.pieces_of(by, key)
    with pytest.raises(DomainError, match="nog niet compleet"):  # it became whole only after it was looked at
        uploads.take(by, files, key, (), is_there=True)
    files.delete(pieces[1])
    with uploads.put_together(files, pieces) as file:
        assert file is None
        with pytest.raises(DomainError, match="een stuk kwijt"):
            uploads.take(by, files, key, pieces, is_there=False)
    assert uploads.pieces_of(by, "bestaat-niet") == ()
    with pytest.raises(NotFound):
        uploads.take(by, files, "bestaat-niet", (), is_there=False)


def test_an_upload_is_bounded_and_of_its_own_organisation_only(app, session, desk, system):
    most = app.config["ATTACHMENT_RULES"].max_bytes
    assert tus(system, "POST", "/uploads", Upload_Length=most + 1).status_code == 413
    assert tus(system, "POST", "/uploads", Upload_Length=0).status_code == 400
    assert tus(system, "POST", "/uploads", Upload_Length=9, Tus_Resumable="0.2.2").status_code == 412
    told = tus(system, "OPTIONS", "/uploads").headers
    assert (told["Tus-Version"], told["Tus-Max-Size"]) == ("1.0.0", str(most))
    assert told["Tus-Extension"] == "creation,termination,checksum,expiration"
    path = begun(system, size=4)
    assert tus(system, "PATCH", path, b"%PDF-", Upload_Offset=0).status_code == 413
    assert tus(system, "HEAD", path).headers["Upload-Offset"] == "0"
    neighbour = System(app, session, desk, desk.make.organisation())
    draft = f"/concepten/{neighbour.draft()['sleutel']}/bijlagen"
    for method, more in (("HEAD", {}), ("DELETE", {}), ("PATCH", {"piece": b"%", "Upload_Offset": 0})):
        assert tus(neighbour, method, path, **more).status_code == 404, method
    assert add(neighbour, path, draft).status_code == 404
    for _more in range(uploads.MOST_OPEN - 1):
        begun(system)
    assert tus(system, "POST", "/uploads", Upload_Length=4).status_code == 422
    begun(neighbour)
    assert tus(system, "DELETE", path).status_code == 204
    left = begun(system)
    session.get_one(Upload, rows(system)[-1].id).ends_at = desk.make.now - timedelta(seconds=1)
    session.commit()
    assert tus(system, "HEAD", left).status_code == 404
    assert upkeep.sweep_tables(session, desk.make.now)["uploads"] == 1


def test_a_piece_of_the_largest_size_is_taken_and_what_came_in_chunks_before_the_line_broke(app, system, monkeypatch):
    path = begun(system)
    half = tus(system, "PATCH", path, Broken(PDF[:HALF]), in_chunks=True, Upload_Offset=0)
    assert (half.status_code, half.headers["Upload-Offset"]) == (204, str(HALF))
    rules = replace(app.config["ATTACHMENT_RULES"], max_bytes=SIZE)
    monkeypatch.setitem(app.config, "ATTACHMENT_RULES", rules)
    path = begun(system)
    whole = tus(system, "PATCH", path, PDF, in_chunks=True, Upload_Offset=0)
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (204, str(SIZE))


def test_a_process_that_is_killed_between_loses_no_more_than_its_piece(session, desk, tmp_path):
    files, rules = FolderStore(tmp_path), attachments.AttachmentRules(1_000_000, 5)
    organisation = desk.make.organisation()
    by = desk.as_(desk.make.actor(desk.make.filer(organisation)))
    upload = uploads.begin(by, SIZE)
    assert upload.ends_at == by.now + timedelta(hours=1)
    key = upload.public_id
    uploads.add_piece(by, files, key, 0, io.BytesIO(PDF[:HALF]))
    assert upload.ends_at == by.now + timedelta(days=2)
    session.commit()
    orphan = files.put(io.BytesIO(PDF[HALF:]), rules.max_bytes)  # written and flushed, and then no row came
    assert uploads.find(by, key).received == HALF
    attachments.sweep(session, files, datetime.now(UTC) + timedelta(days=3))
    assert {name for name, _written in files.list_all()} == set(uploads.find(by, key).pieces)
    assert orphan.name not in uploads.find(by, key).pieces
    uploads.add_piece(by, files, key, HALF, io.BytesIO(PDF[HALF:]))
    with pytest.raises(VersionConflict):  # the same piece again, after an answer that was lost
        uploads.add_piece(by, files, key, HALF, io.BytesIO(PDF[HALF:]))
    session.commit()
    pieces = uploads.pieces_of(by, key)
    with uploads.put_together(files, pieces) as file:
        assert file.read() == PDF
        uploads.take(by, files, key, pieces, is_there=True)
    session.commit()
    assert list(files.list_all()) == []
