"""Brings a backup back into an empty place, and compares everything that came back with what was written down of it."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from config import MIGRATIONS_DIR, Config, Environment
from knelpunt.adapters import anchors
from knelpunt.adapters.backup import dump
from knelpunt.adapters.backup.dump import FileRow
from knelpunt.adapters.backup.folder import BackupFolder, BackupRefused, Manifest
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.uploads.store import SPOOL_BYTES, FileStore, FolderStore, sha256_of
from knelpunt.commands.environment import application
from knelpunt.commands.operations.backing_up import (
    ANCHORS,
    CLIENT_KEY,
    CONTENTS,
    DATABASE,
    KEYS,
    PROVIDERS,
    Contents,
    Say,
    settings_of,
)
from knelpunt.commands.operations.prepared import Prepared, prepared
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.extensions import db
from knelpunt.queries.accounts import identity
from knelpunt.queries.figures import ledger
from knelpunt.queries.figures.quarter import all_differences
from knelpunt.services.core import events

DRILL, SITE = "knelpunt-drill-", "site"
RESTORED_KEYS, RESTORED_PROVIDERS = "restored-keys.env", "restored-providers.yaml"


@dataclass
class Restored:
    """What came back, how long each part took, and every difference with what had been written down."""

    name: str
    made_at: str
    revision: str
    tables: int = 0
    rows: int = 0
    files: int = 0
    bytes: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, what: str, say: Say) -> Iterator[None]:
        say(what)
        begun = time.monotonic()
        yield
        self.seconds[what] = time.monotonic() - begun


def restore(ready: Prepared, store: FileStore, folder: BackupFolder, name: str | None, say: Say) -> Restored:
    """Bring one backup back with its keys, the newest by default.

    Raises:
        BackupRefused: it is damaged or of a newer version, or the place is not empty; nothing was changed.
        DumpError: the database did not take it; nothing of it is in there.
    """
    reader = _reader(folder, name)
    keys = json.loads(reader.whole(KEYS))
    report = _bring_back(ready, store, reader, say)
    _bring_keys(ready.config, keys, report)
    return report


def _bring_back(ready: Prepared, store: FileStore, reader: "_Reader", say: Say) -> Restored:
    """Everything but the keys, compared with what was written down of it."""
    _require_empty(ready, store)
    contents, noted = Contents.from_json(reader.whole(CONTENTS)), reader.whole(ANCHORS)
    report = Restored(reader.name, reader.manifest.made_at, reader.manifest.revision)
    with report.timed("the database", say):
        dump.load(ready.owner_url, lambda target: reader.copy(DATABASE, target))
    with report.timed("comparing every row", say):
        _compare_rows(ready.owner_url, contents, report)
    with report.timed("the schema of this version, and the rights of the application", say):
        schema.upgrade(MIGRATIONS_DIR, ready.owner_url)
    with report.timed("the attachments, each compared with its hash", say):
        _bring_files(reader, store, contents, report)
    _forget_open_data(ready.owner_url)
    ready.config.data_dir.mkdir(parents=True, exist_ok=True)
    (ready.config.data_dir / anchors.FILE_NAME).write_bytes(noted)
    return report


def drill(folder: BackupFolder, name: str | None, say: Say) -> Restored:
    """Bring a backup back in a place that is thrown away, and let the site's own checks look at it."""
    _clear_left_drills()
    reader = _reader(folder, name)
    keys = json.loads(reader.whole(KEYS))  # a wrong key is told before anything is started
    with tempfile.TemporaryDirectory(prefix=DRILL) as place:
        config = Config(
            environment=Environment.TEST,
            secret_key="only for the drill, on no site at all",  # noqa: S106 - nobody logs in here
            base_url="http://localhost",
            data_dir=Path(place) / SITE,
        )
        with prepared(config) as ready:
            report = _bring_back(ready, FolderStore(config.attachments_dir), reader, say)
            with application(ready):
                with report.timed("the chain of events", say):
                    _verify_events(config, report)
                with report.timed("the figures of every quarter", say):
                    _verify_figures(report)
                _verify_keys(keys, report)
    return report


def _clear_left_drills() -> None:
    """Remove what drills that were killed left behind: it is a whole site in the open."""
    for path in Path(tempfile.gettempdir()).glob(f"{DRILL}*"):
        server = path / SITE / "database"
        if path.is_symlink() or path.stat().st_uid != os.getuid() or not server.is_dir():
            continue
        if embedded_database.end_unused(server):
            shutil.rmtree(path)


@dataclass(frozen=True, slots=True)
class _Reader:
    folder: BackupFolder
    name: str
    manifest: Manifest

    def copy(self, part: str, target: IO[bytes]) -> None:
        found = self.manifest.parts.get(part)
        if found is None:
            raise BackupRefused(f"{part} is missing from the backup.")
        self.folder.read(f"{self.name}/{part}", found, target, is_sealed=self.manifest.is_sealed)

    def whole(self, part: str) -> bytes:
        target = BytesIO()
        self.copy(part, target)
        return target.getvalue()

    def copy_file(self, name: str, target: IO[bytes]) -> None:
        path = self.folder.file_name(name, self.manifest.recipients)
        self.folder.read(path, self.manifest.files[name], target, is_sealed=self.manifest.is_sealed)


def _reader(folder: BackupFolder, name: str | None) -> _Reader:
    """The backup of this name, or the newest; refused when there is none or it is of a newer version."""
    names = folder.names()
    if not names:
        raise BackupRefused(f"There is no backup in {folder.root}.")
    chosen = name or names[-1]
    manifest = folder.manifest(chosen)
    if manifest.revision not in schema.revisions(MIGRATIONS_DIR):
        raise BackupRefused(
            f"The backup was made by version {manifest.version}, of which the schema ({manifest.revision}) is unknown "
            "here. Install that version, or a newer one."
        )
    return _Reader(folder, chosen, manifest)


def _require_empty(ready: Prepared, store: FileStore) -> None:
    """A backup never goes over what is there: what people did since then would be gone."""
    with dump.connected(ready.owner_url) as connection:
        if dump.tables(connection):
            raise BackupRefused("The database is not empty. Make a new one, and name it in DATABASE_OWNER_URL.")
    if next(iter(store.list_all()), None) is not None:
        raise BackupRefused("There are attachments already where those of the backup would go.")
    if (ready.config.data_dir / anchors.FILE_NAME).exists():
        raise BackupRefused(f"{ready.config.data_dir} has anchors of another site: choose an empty KNELPUNT_DATA_DIR.")


def _compare_rows(url: str, contents: Contents, report: Restored) -> None:
    with dump.connected(url) as connection:
        found = dump.sums(connection)
        sequences = dict(connection.execute(dump.SEQUENCES).fetchall())
    report.tables, report.rows = len(found), sum(each.rows for each in found.values())
    report.faults.extend(dump.different(contents.tables, found))
    for name, value in contents.sequences.items():
        if sequences.get(name, -1) < value:
            report.faults.append(f"sequence {name} stands at {sequences.get(name)}; it stood at {value}")


def _forget_open_data(url: str) -> None:
    """No backup holds files of open data: the worker makes them again, and until then the site names none."""
    with dump.connected(url) as connection:
        connection.execute("DELETE FROM open_data_files")


def _bring_files(reader: _Reader, store: FileStore, contents: Contents, report: Restored) -> None:
    for row in contents.files:
        if row.name in reader.manifest.files:
            try:
                _bring_file(reader, store, row)
            except BackupRefused as error:
                report.faults.append(str(error))
                continue
            report.files += 1
            report.bytes += row.size
        elif row.name in contents.gone:
            report.notes.append(f"file {row.name} was removed or missing while the backup was made")
        else:
            report.faults.append(f"file {row.name} is missing from the backup")


def _bring_file(reader: _Reader, store: FileStore, row: FileRow) -> None:
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as file:
        reader.copy_file(row.name, file)
        file.seek(0)
        if sha256_of(file) != row.sha256:
            raise BackupRefused(f"file {row.name} is another one than its row says")
        file.seek(0)
        store.put(file, row.size, row.name)
    with store.open(row.name) as kept:
        if sha256_of(kept) != row.sha256:
            raise BackupRefused(f"file {row.name} was not kept as it was written")


def _bring_keys(config: Config, keys: dict[str, str], report: Restored) -> None:
    """Put back the keys that lie in the data folder; the others into a file for who keeps the settings.

    A key that the settings name already is left alone, and told when it is another one.
    """
    path = config.data_dir / RESTORED_KEYS
    for file, name in (("link-key", "KNELPUNT_LINK_KEY"), ("factor-key", "KNELPUNT_FACTOR_KEY")):
        if not (config.data_dir / file).exists():
            _write_for_owner(config.data_dir / file, keys[name])
    if keys[PROVIDERS]:
        _write_for_owner(config.data_dir / RESTORED_PROVIDERS, keys[PROVIDERS])
        report.notes.append(f"KNELPUNT_OIDC_FILE of the backup lies in {config.data_dir / RESTORED_PROVIDERS}")
    for name, value in keys.items():
        if name.startswith(CLIENT_KEY):
            file = Path(f"restored-{name}.pem").name
            _write_for_owner(config.data_dir / file, value)
            report.notes.append(
                f"the private key of a provider lies in {config.data_dir / file}; its client_key says where it belongs"
            )
    here = settings_of(config)
    settings = {name: keys[name] for name in here if keys.get(name)}
    _write_for_owner(path, "".join(f"{name}={value}\n" for name, value in settings.items()))
    for name, value in settings.items():
        if here[name] != value:
            report.notes.append(f"{name} is another one than in the backup; that one stands in {path}")


def _write_for_owner(path: Path, text: str) -> None:
    """Write a file that nobody else may read, not even for a moment."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _verify_events(config: Config, report: Restored) -> None:
    try:
        log = anchors.read((), config.data_dir / anchors.FILE_NAME)
    except anchors.BadAnchor as error:
        report.faults.append(str(error))
        return
    found = events.verify(db.session, log.anchors)
    if found.count and not log.anchors:
        report.notes.append("LET OP: this backup holds no anchors, so it does not show whether events were cut off")
    if found.fault is not None:
        report.faults.append(found.fault)
    report.notes.append(f"{found.count} events are chained; anchors vouch up to event {max(log.anchors, default=0)}")


def _verify_figures(report: Restored) -> None:
    if not ledger.is_built(db.session):
        report.notes.append("the ledger of the figures was not made yet when the backup was")
        return
    report.faults.extend(f"figure {line}" for line in all_differences(db.session, nl_day(datetime.now(UTC))))


def _verify_keys(keys: dict[str, str], report: Restored) -> None:
    """Whether the keys of the backup open what its database sealed with them."""
    older = keys.get("KNELPUNT_FACTOR_KEY_FALLBACKS", "")
    sealer = Sealer(keys["KNELPUNT_FACTOR_KEY"], *(key for key in older.split(",") if key))
    opened = [sealer.open(sealed) is not None for sealed in identity.sealed_secrets(db.session)]
    if opened and not any(opened):
        report.faults.append("no second factor opens with the keys of this backup")
    elif opened:
        report.notes.append(f"the keys of this backup open {sum(opened)} of {len(opened)} second factors")
