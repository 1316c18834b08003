"""Makes a backup of one moment, while people go on filing."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import psycopg

from config import Config
from knelpunt.adapters import anchors
from knelpunt.adapters.backup import dump
from knelpunt.adapters.backup.dump import FileRow, TableSum
from knelpunt.adapters.backup.folder import DRAFT, BackupFolder, BackupRefused, Manifest, Part
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.adapters.identity.providers import ProviderError, read_providers
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.queries.core.health import BACKUP

DATABASE, CONTENTS, KEYS, ANCHORS = "database.dump", "contents.json", "keys.json", "event-anchors.log"
PROVIDERS, CLIENT_KEY = "providers", "client-key-"
SHARES = 14
"""In so many backups all attachments that were copied earlier are read once more, a share each time."""
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
    """What was made: how much of it is new, what was not found, and what an operator must know of it."""

    name: str
    rows: int
    files: int
    new_files: int
    new_bytes: int
    gone: list[str]
    removed_backups: int
    warnings: list[str]


def settings_of(config: Config) -> dict[str, str]:
    """The keys of the site by the name of their setting, as they are now: none is made here.

    The key of second factors that lies in the folder counts as an older one when a setting names another, as it does
    for the site.

    Raises:
        BackupRefused: a key is in no setting and in no file, so this is not the place where the site runs.
    """
    in_folder = _key_in(config.data_dir / "factor-key")
    factor_key = config.factor_key or in_folder
    link_key = config.link_key or _key_in(config.data_dir / "link-key")
    for setting, file, key in (
        ("KNELPUNT_LINK_KEY", "link-key", link_key),
        ("KNELPUNT_FACTOR_KEY", "factor-key", factor_key),
    ):
        if not key:
            raise BackupRefused(
                f"{setting} is not set and {config.data_dir / file} holds no key. Run this where the site runs, with "
                "its settings: a backup without its keys is of little use."
            )
    older = [*config.old_factor_keys]
    if in_folder and in_folder not in (factor_key, *older):
        older.append(in_folder)
    return {
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": ",".join(config.old_secret_keys),
        "KNELPUNT_LINK_KEY": link_key,
        "KNELPUNT_FACTOR_KEY": factor_key,
        "KNELPUNT_FACTOR_KEY_FALLBACKS": ",".join(older),
    }


def keys_of(config: Config) -> dict[str, str]:
    """All keys without which what comes back cannot be used: those of settings, the file of providers, and the private
    keys that it names, each as ``client-key-`` and the slug.

    Raises:
        BackupRefused: one of them is missing or cannot be read.
    """
    keys = {**settings_of(config), PROVIDERS: ""}
    if config.oidc_file is not None:
        try:
            providers = read_providers(config.oidc_file)
        except ProviderError as error:
            raise BackupRefused(f"KNELPUNT_OIDC_FILE: {error}") from error
        keys[PROVIDERS] = config.oidc_file.read_text(encoding="utf-8")
        keys |= {f"{CLIENT_KEY}{slug}": each.client_key for slug, each in providers.items() if each.client_key}
    return keys


def _key_in(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


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
    keys = keys_of(config)
    with folder.alone():
        copying = _Files(store, folder, now.toordinal() % SHARES)
        say("files that are not in an earlier backup")
        with dump.connected(url) as connection:
            copying.copy(dump.files(connection))
        noted = _anchors(config)
        parts = {ANCHORS: _write(folder, name, ANCHORS, noted)}
        say("the database")
        with dump.snapshot(url) as snapshot:
            contents = Contents(snapshot.sums(), snapshot.sequences(), snapshot.files())
            revision = snapshot.revision()
            with dump.dumped(url, snapshot.name) as stream:
                parts[DATABASE] = folder.write(f"{name}{DRAFT}/{DATABASE}", stream)
        say("files that came in meanwhile")
        contents.gone.extend(copying.copy(contents.files))
        parts[CONTENTS] = _write(folder, name, CONTENTS, contents.as_json())
        parts[KEYS] = _write(folder, name, KEYS, json.dumps(keys).encode())
        wanted = {each.name for each in contents.files} - {*contents.gone}
        held = {each: copying.parts[each] for each in sorted(wanted)}
        folder.finish(name, Manifest(now.isoformat(), version, revision, folder.recipients, parts, held))
        removed, unreadable = folder.prune(keep)
    warnings = [] if noted else [f"No anchors in {config.data_dir}: this backup cannot show that events were cut off."]
    warnings += [f"File {each} in the backups was damaged, and was copied again." for each in copying.damaged]
    warnings += [
        f"The manifest of {each} cannot be read, so no old attachments are removed: look at {folder.root / each}."
        for each in unreadable
    ]
    try:
        _note(url, name, now)
    except psycopg.Error as error:
        told = type(error).__name__
        warnings.append(f"This backup is whole, but the site was not told ({told}): it shows an older one as the last.")
    rows = sum(each.rows for each in contents.tables.values())
    return Made(name, rows, len(held), len(copying.new), copying.new_bytes, contents.gone, removed, warnings)


class _Files:
    """Copies attachments that no earlier backup holds whole. Of those that one holds, a share is read once more."""

    def __init__(self, store: FileStore, folder: BackupFolder, turn: int) -> None:
        self._store, self._folder = store, folder
        self.parts: dict[str, Part] = folder.known_files()
        self.damaged = [name for name in self.parts if crc32(name.encode()) % SHARES == turn and self._is_damaged(name)]
        for name in self.damaged:
            del self.parts[name]
        self.new: list[str] = []

    def _is_damaged(self, name: str) -> bool:
        try:
            self._folder.check(self._folder.file_name(name), self.parts[name])
        except (BackupRefused, OSError):
            return True
        return False

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
