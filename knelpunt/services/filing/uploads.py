"""Files that come in by pieces: what has arrived stays when the line breaks, until it is whole or nobody goes on.

An upload belongs to an organisation and to no draft or case yet. Only when it is whole it becomes an attachment, by the
checks that every attachment passes.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import IO

from sqlalchemy import select

from knelpunt.adapters.uploads.store import CHUNK_BYTES, SPOOL_BYTES, FileStore
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.links import new_public_id
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.models import Organisation, Upload
from knelpunt.queries.filing import uploads as queries
from knelpunt.services.core import stored_files
from knelpunt.services.core.context import Context

FIELD = "upload"
KEPT = timedelta(days=2)
"""How long an upload waits for its next piece, and after the last one for the act that takes it."""
KEPT_EMPTY = timedelta(hours=1)
"""The same before the first piece: an answer that was lost on its way takes no place for days."""
MOST_OPEN = 20
"""How many an organisation may have at once. Each is at most as large as an attachment may be."""
MOST_PIECES = 500
TOO_MANY_OPEN = Text(
    "Er staan al %(most)s uploads van uw organisatie open. Maak er eerst een af, of gooi er een weg.", most=MOST_OPEN
)
TOO_MANY_PIECES = Text("Dit bestand kwam in te veel stukken. Begin opnieuw, met grotere stukken.")
OTHER_OFFSET = Text("Wij zijn niet gebleven waar dit stuk begint. Vraag eerst hoe ver wij zijn.")
NOT_WHOLE = Text("Deze upload is nog niet compleet.")
PIECE_GONE = Text("Van deze upload is een stuk kwijt. Begin opnieuw.")


def begin(context: Context, size: int) -> Upload:
    """A place for a file of so many bytes; that it is not too large is checked by the caller.

    Raises:
        DomainError: the organisation has as many open as it may.
    """
    context.actor.require(Permission.EDIT_DRAFT)
    own = Organisation.id == context.actor.organisation_id
    organisation_id = context.session.scalars(select(Organisation.id).where(own).with_for_update(key_share=True)).one()
    if len(queries.open_uploads(context.session, context.actor, context.now)) >= MOST_OPEN:
        raise DomainError(TOO_MANY_OPEN)
    upload = Upload(
        public_id=new_public_id(),
        organisation_id=organisation_id,
        size=size,
        received=0,
        pieces=[],
        begun_at=context.now,
        ends_at=context.now + KEPT_EMPTY,
    )
    context.session.add(upload)
    context.session.flush()
    return upload


def find(context: Context, public_id: str, *, is_locked: bool = False) -> Upload:
    """An upload of the organisation that asks.

    Raises:
        NotFound: there is none, or it is another's, or its time is over.
    """
    context.actor.require(Permission.EDIT_DRAFT)
    asked = select(Upload).where(Upload.public_id == public_id, queries.of_actor(context.actor, context.now))
    if is_locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = context.session.scalar(asked)
    if found is None:
        raise NotFound()
    return found


def require_offset(upload: Upload, offset: int) -> None:
    """Raise VersionConflict unless a piece begins where the last one ended."""
    if upload.received != offset:
        raise VersionConflict(OTHER_OFFSET)


def add_piece(context: Context, files: FileStore, public_id: str, offset: int, piece: IO[bytes]) -> Upload:
    """Keep the next piece. Two that come at once for the same place cannot both be kept.

    Raises:
        NotFound: as ``find``.
        VersionConflict: as ``require_offset``.
        FileTooLarge: it goes past the end that was told.
        DomainError: the file came in too many pieces.
        StorageFull, StorageAway: it cannot be kept now; what came before is there.
    """
    upload = find(context, public_id, is_locked=True)
    require_offset(upload, offset)
    if len(upload.pieces) >= MOST_PIECES:
        raise DomainError(TOO_MANY_PIECES)
    stored = stored_files.put(context.session, files, piece, upload.size - upload.received)
    upload.pieces = [*upload.pieces, stored.name]
    upload.received += stored.size
    upload.ends_at = context.now + KEPT
    return upload


def pieces_of(context: Context, public_id: str) -> tuple[str, ...]:
    """The pieces of an upload that is whole, to be put together while nothing is locked; empty when there is no such
    upload or something is still to come: ``take`` says so."""
    try:
        upload = find(context, public_id)
    except NotFound:
        return ()
    return tuple(upload.pieces) if upload.received == upload.size else ()


@contextmanager
def put_together(files: FileStore, pieces: Sequence[str]) -> Iterator[IO[bytes] | None]:
    """The file that pieces make up; None when one is gone, with the upload that another act took or by a fault.

    Raises:
        StorageAway: what files lie on does not answer.
    """
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as file:
        try:
            for name in pieces:
                with stored_files.open_file(files, name) as piece:
                    shutil.copyfileobj(piece, file, CHUNK_BYTES)
        except FileNotFoundError:
            yield None
            return
        file.seek(0)
        yield file


def take(context: Context, files: FileStore, public_id: str, pieces: Sequence[str], *, is_there: bool) -> None:
    """End an upload, for the act that takes the file that was put together from these pieces.

    Args:
        is_there: no piece was gone.
    Raises:
        NotFound: as ``find``.
        DomainError: a piece is still to come, or was lost (field ``upload``).
    """
    upload = find(context, public_id, is_locked=True)
    if upload.received < upload.size or list(pieces) != upload.pieces:
        raise DomainError(NOT_WHOLE, field=FIELD)
    if not is_there:
        raise DomainError(PIECE_GONE, field=FIELD)
    _remove(context, files, upload)


def throw_away(context: Context, files: FileStore, public_id: str) -> None:
    """End an upload with all that arrived. Raises NotFound as ``find``."""
    _remove(context, files, find(context, public_id, is_locked=True))


def _remove(context: Context, files: FileStore, upload: Upload) -> None:
    for name in upload.pieces:
        stored_files.delete_after_commit(context.session, files, name)
    context.session.delete(upload)
    context.session.flush()
