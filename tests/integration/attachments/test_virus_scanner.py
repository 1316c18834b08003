"""While a virus scanner is configured no file comes in that it did not find clean."""

import io
import secrets
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads import virus_scanner
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.adapters.uploads.virus_scanner import ClamdScanner, ScannerAway, VirusFound
from knelpunt.domain.errors import DomainError
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import VISITOR
from knelpunt.domain.vocabulary import SubmitterKind
from knelpunt.models import Draft
from knelpunt.queries.cases import attachments as queries
from knelpunt.services.cases import attachments
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.core.context import Context
from tests.support import files
from tests.support.factories import Factory

LINKS = Links("http://localhost", "a key that is only for tests, 32 characters")


@contextmanager
def clamd(answer: bytes | None, address: Path | None = None) -> Iterator[tuple[ClamdScanner, list[bytes]]]:
    """A server that speaks clamd's INSTREAM and gives one answer; None: it takes the file and stays silent."""
    received: list[bytes] = []
    done = threading.Event()
    server = socket.socket(socket.AF_UNIX if address else socket.AF_INET)
    server.bind(str(address) if address else ("127.0.0.1", 0))
    server.listen()

    def serve() -> None:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as lines:
            assert lines.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack(">I", lines.read(4))[0]:
                content += lines.read(length)
            received.append(content)
            if answer is None:
                done.wait(10)
            else:
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    scanner = ClamdScanner(path=address) if address else ClamdScanner("127.0.0.1", server.getsockname()[1])
    try:
        yield scanner, received
    finally:
        done.set()
        thread.join(10)
        server.close()


def nobody_listens() -> ClamdScanner:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return ClamdScanner("127.0.0.1", free.getsockname()[1])


def test_a_clean_file_is_sent_whole_and_passes(tmp_path: Path) -> None:
    content = b"x" * 200_001
    with clamd(b"stream: OK\0") as (scanner, received):
        scanner.scan(io.BytesIO(content))
    assert received == [content]
    with clamd(b"stream: OK\0", tmp_path / "clamd.sock") as (scanner, received):
        scanner.scan(io.BytesIO(b"over a socket file"))
    assert received == [b"over a socket file"]


def test_what_is_found_is_named() -> None:
    with clamd(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as (scanner, _), pytest.raises(VirusFound, match="EICAR"):
        scanner.scan(io.BytesIO(b"x"))


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OK, more or less\0", b"\xff"]
)
def test_any_other_answer_is_no_answer(answer: bytes) -> None:
    with clamd(answer) as (scanner, _), pytest.raises(ScannerAway):
        scanner.scan(io.BytesIO(b"x"))


def test_a_silent_scanner_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virus_scanner, "SCAN_SECONDS", 0.2)
    with clamd(None) as (scanner, _), pytest.raises(ScannerAway):
        scanner.scan(io.BytesIO(b"x"))


@pytest.fixture
def draft(make: Factory) -> Draft:
    return make.add(
        Draft(
            key=secrets.token_hex(16),
            kind=SubmitterKind.CITIZEN_INITIATIVE,
            data={},
            created_at=make.now,
            updated_at=make.now,
        )
    )


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def keep(session: Session, store: FolderStore, scanner: ClamdScanner, content: bytes, name: str, draft: Draft) -> None:
    context = Context(session, VISITOR, datetime.now(UTC), LINKS)
    rules = AttachmentRules(1_000_000, 3, scanner)
    attachments.store(context, store, rules, io.BytesIO(content), name, draft=draft)


def test_the_bytes_that_are_kept_are_those_that_were_looked_at(
    session: Session, store: FolderStore, draft: Draft
) -> None:
    photo = files.jpeg(files.jpeg_segment(0xFE, b"secret"))
    with clamd(b"stream: OK\0") as (scanner, received):
        keep(session, store, scanner, photo, "foto.jpg", draft)
    kept = queries.of_draft(session, draft.id)[0]
    with store.open(kept.stored_name) as file:
        assert [file.read()] == received == [files.jpeg()]


def test_a_harmful_file_or_a_scanner_that_is_away_leaves_nothing_behind(
    session: Session, store: FolderStore, draft: Draft
) -> None:
    with (
        clamd(b"stream: Eicar FOUND\0") as (scanner, _),
        pytest.raises(DomainError, match=r"plan\.pdf: in dit bestand zit een virus"),
    ):
        keep(session, store, scanner, files.pdf(), "plan.pdf", draft)
    with pytest.raises(DomainError, match="niet op virussen controleren"):
        keep(session, store, nobody_listens(), files.pdf(), "plan.pdf", draft)
    assert queries.of_draft(session, draft.id) == []
    assert list(store.list_all()) == []
