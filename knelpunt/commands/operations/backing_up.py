"""Makes a backup of one moment, while people go on filing."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import psycopg

from config import Config, kept_secret_key
from knelpunt.adapters import anchors
from knelpunt.adapters.backup import dump
from knelpunt.adapters.backup.dump import FileRow, TableSum
from knelpunt.adapters.backup.folder import DRAFT, BackupFolder, Manifest, Part
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.queries.core.health import BACKUP

DATABASE, CONTENTS, KEYS, ANCHORS = "database.dump", "contents.json", "keys.json", "event-anchors.log"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup must give back; sealed with it."""

    tables: dict[str, TableSum]
    sequences: dict[str, int]
    files: list[FileRow]
    gone: list[str] = field(default_factory=list)
    """Files that somebody removed between the moment of the snapshot and their copying; their rows are in the dump."""

    def as_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Contents":
        read = json.loads(text)
        return cls(
            tables={name: TableSum(**each) for name, each in read["tables"].items()},
            sequences=read["sequences"],
            files=[FileRow(**each) for each in read["files"]],
            gone=read["gone"],
        )


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: how much of it is new, and what was not found."""

    name: str
    rows: int
    files: int
    new_files: int
    new_bytes: int
    gone: list[str]
    removed_backups: int


def keys_of(config: Config) -> dict[str, str]:
    """The keys without which what comes back cannot be used, by the name of their setting."""
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": ",".join(config.old_secret_keys),
        "KNELPUNT_LINK_KEY": config.link_key or kept_secret_key(config.data_dir / "link-key"),
        "KNELPUNT_FACTOR_KEY": config.factor_key or kept_secret_key(config.data_dir / "factor-key"),
        "providers": config.oidc_file.read_text(encoding="utf-8") if config.oidc_file else "",
    }


def back_up(
    config: Config,
    url: str,
    store: FileStore,
    folder: BackupFolder,
    now: datetime,
    *,
    version: str,
    keep: int | None,
    say: Say,
) -> Made:
    """Make one backup and verify it.

    A file is written before the row that vouches for it is committed, so that files copied after the snapshot hold all
    that its rows name. Most are copied before it, so that little time is left in which somebody could remove one.
    The anchors are read before it as well: one of a later event would call the backup cut short.

    Raises:
        BackupRefused, DumpError, StoreError: nothing that looks like a backup is left.
    """
    name = now.strftime("%Y-%m-%dT%H%M%SZ")
    with folder.alone():
        copying = _Files(store, folder)
        say("files that are not in an earlier backup")
        with dump.connected(url) as connection:
            copying.copy(dump.files(connection))
        parts = {ANCHORS: _write(folder, name, ANCHORS, _anchors(config))}
        say("the database")
        with dump.snapshot(url) as snapshot:
            contents = Contents(snapshot.sums(), snapshot.sequences(), snapshot.files())
            revision = snapshot.revision()
            with dump.dumped(url, snapshot.name) as stream:
                parts[DATABASE] = folder.write(f"{name}{DRAFT}/{DATABASE}", stream)
        say("files that came in meanwhile")
        contents.gone.extend(copying.copy(contents.files))
        parts[CONTENTS] = _write(folder, name, CONTENTS, contents.as_json())
        parts[KEYS] = _write(folder, name, KEYS, json.dumps(keys_of(config)).encode())
        wanted = {each.name for each in contents.files} - {*contents.gone}
        held = {each: copying.parts[each] for each in sorted(wanted)}
        folder.finish(name, Manifest(now.isoformat(), version, revision, folder.recipients, parts, held))
        removed = 0 if keep is None else folder.prune(keep)
    _note(url, name, now)
    rows = sum(each.rows for each in contents.tables.values())
    return Made(name, rows, len(held), len(copying.new), copying.new_bytes, contents.gone, removed)


class _Files:
    """Copies attachments that no earlier backup holds."""

    def __init__(self, store: FileStore, folder: BackupFolder) -> None:
        self._store, self._folder = store, folder
        self.parts: dict[str, Part] = folder.known_files()
        self.new: list[str] = []

    @property
    def new_bytes(self) -> int:
        return sum(self.parts[name].size for name in self.new)

    def copy(self, rows: list[FileRow]) -> list[str]:
        """Copy what is not there yet; the names of those that the store does not have."""
        missing = []
        for row in rows:
            if row.name in self.parts:
                continue
            try:
                with self._store.open(row.name) as file:
                    self.parts[row.name] = self._folder.write(self._folder.file_name(row.name), file)
            except FileNotFoundError:
                missing.append(row.name)
            else:
                self.new.append(row.name)
        return missing


def _anchors(config: Config) -> bytes:
    try:
        return (config.data_dir / anchors.FILE_NAME).read_bytes()
    except FileNotFoundError:
        return b""


def _write(folder: BackupFolder, name: str, part: str, text: bytes) -> Part:
    return folder.write(f"{name}{DRAFT}/{part}", io.BytesIO(text))


def _note(url: str, name: str, started_at: datetime) -> None:
    """Let the site know that there is a backup: its page for administrators and its metrics say how old the last is."""
    with psycopg.connect(libpq_url(url), connect_timeout=5) as connection:
        connection.execute(
            "INSERT INTO job_runs (name, period, started_at, finished_at) VALUES (%s, %s, %s, %s)",
            [BACKUP, name, started_at, datetime.now(UTC)],
        )
