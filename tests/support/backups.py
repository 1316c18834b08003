"""A site of its own in which cases are filed for real, to be backed up while that goes on."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from config import Config
from knelpunt.adapters import anchors
from knelpunt.adapters.backup.folder import BackupFolder
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.commands.operations.backing_up import Made, Say, back_up
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Attachment, Event
from knelpunt.services.core import events
from tests.support.factories import Factory

MARKER = "Gemeente Merkteken wil hier een buurttuin"
LIMIT = 10_000_000
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def silent(_text: str) -> None:
    return


@dataclass
class Place:
    """A site on a database of its own, in which cases are filed for real."""

    config: Config
    files: FileStore

    def file_case(self, content: bytes) -> str:
        """A case with an attachment, an event and its anchor; the stored name of the file."""
        engine = create_engine(self.config.database_url or "", poolclass=NullPool)
        stored = self.files.put(io.BytesIO(content), LIMIT)
        with Session(engine) as session:
            make = Factory(session)
            case = make.case(title=MARKER, email="vertrouwelijk@proef.example")
            make.add(
                Attachment(
                    case_id=case.id, stored_name=stored.name, shown_name="plan.pdf", media_type="application/pdf",
                    size=stored.size, sha256=stored.sha256, created_at=make.now,
                )
            )  # fmt: skip
            row = events.event_row(EventKind.ATTACHMENT_ADDED, recorded_at=make.now, happened_on=make.today, case=case)
            events.append(session, [row])
            last = session.query(Event).order_by(Event.number.desc()).first()
            assert last is not None
            number, end = last.number, last.hash
            session.commit()
        anchors.note(self.config.data_dir, make.now, number, end)
        return stored.name

    def remove_file(self, name: str) -> None:
        """As a handler removes it: the row says so, and the file goes after the commit."""
        engine = create_engine(self.config.database_owner_url or "", poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE attachments SET removed_at = now(), removed_reason = 'x' WHERE stored_name = :name"),
                {"name": name},
            )
        self.files.delete(name)

    def back_up(self, folder: BackupFolder, say: Say = silent, keep: int | None = None, now: datetime = NOW) -> Made:
        url = self.config.database_owner_url or ""
        return back_up(self.config, url, self.files, folder, now, version="9.9", keep=keep, say=say)
