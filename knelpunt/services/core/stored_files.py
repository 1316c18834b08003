"""Files that follow the transaction: what was kept goes with what is rolled back; what is removed stays until the
commit."""

import errno
from typing import IO

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from knelpunt.adapters.uploads.store import FileStore, StoredFile, StoreError, StoreFull
from knelpunt.domain.errors import StorageAway, StorageFull
from knelpunt.domain.texts import Text

NO_ROOM = Text(
    "Wij kunnen nu geen bestanden bewaren. Uw tekst staat er nog. Verstuur hem zonder bestand, of probeer het later "
    "opnieuw."
)
NOT_READ = Text("Wij kunnen dit bestand nu niet ophalen. Het is er nog. Probeer het over een paar minuten opnieuw.")
_PENDING = "files of this transaction"
_WAITING = "what waits for the commit"
_KEPT = "files that a row holds"


def put(session: Session, files: FileStore, stream: IO[bytes], limit: int, *, field: str | None = None) -> StoredFile:
    """Keep a file. It goes when the transaction ends before a commit was tried.

    Once a commit is tried its outcome can be unknown: the database may have committed although its answer was lost.
    Then the file stays; the sweeper removes it after a day if there is no row.

    Raises:
        FileTooLarge: it has more than ``limit`` bytes.
        StorageFull, StorageAway: it cannot be kept now.
    """
    try:
        stored = files.put(stream, limit)
    except StoreError as error:
        _log("file not kept", error)
        raise (StorageFull if isinstance(error, StoreFull) else StorageAway)(NO_ROOM, field=field) from None
    _listen(session)
    session.info.setdefault(_PENDING, []).append((files, stored.name))
    return stored


def keep(session: Session, stored: StoredFile) -> StoredFile:
    """Say that a row holds this file from now on."""
    session.info.setdefault(_KEPT, set()).add(stored.name)
    return stored


def discard_unless_kept(session: Session, files: FileStore, name: str) -> None:
    """Remove a file that was put and that no row came to hold."""
    kept: set[str] = session.info.get(_KEPT, set())
    if name in kept:
        kept.discard(name)
        return
    session.info[_PENDING] = [each for each in session.info.get(_PENDING, []) if each[1] != name]
    _delete(files, name)


def open_file(files: FileStore, name: str) -> IO[bytes]:
    """The bytes of a file, to be closed by the caller.

    Raises:
        FileNotFoundError: it is gone.
        StorageAway: what files lie on does not answer.
    """
    try:
        return files.open(name)
    except StoreError as error:
        _log("file not read", error)
        raise StorageAway(NOT_READ) from None


def delete_after_commit(session: Session, files: FileStore, name: str) -> None:
    """Remove a file once its row is gone; what a killed process leaves behind, the sweeper removes."""
    _listen(session)
    session.info.setdefault(_WAITING, []).append((files, name))


def _listen(session: Session) -> None:
    if not event.contains(session, "before_commit", _before_commit):
        event.listen(session, "before_commit", _before_commit)
        event.listen(session, "after_commit", _when_committed)
        event.listen(session, "after_transaction_end", _when_ended)


def _before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)


def _when_committed(session: Session) -> None:
    if not session.in_nested_transaction():
        for files, name in session.info.pop(_WAITING, []):
            _delete(files, name)


def _when_ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_WAITING, None)
        for files, name in session.info.pop(_PENDING, []):
            _delete(files, name)


def _delete(files: FileStore, name: str) -> None:
    """Remove a file of which there is no row any more; what cannot be removed now is left to the sweeper."""
    try:
        files.delete(name)
    except StoreError as error:
        _log("file not removed", error)


def _log(what: str, error: StoreError) -> None:
    number = error.errno
    name = errno.errorcode.get(number) if number is not None else None
    structlog.get_logger().error(what, error=type(error).__name__, cause=error.cause, errno=number, errno_name=name)
